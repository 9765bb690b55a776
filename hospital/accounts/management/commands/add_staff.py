"""Open the first accounts of a new hospital, each with its second factor."""

import getpass
import secrets
from typing import Any

import pyotp
from django.core.management.base import BaseCommand, CommandParser

from hospital.accounts import factors, services
from hospital.accounts.roles import STAFF
from hospital.kernel.clock import database_now


class Command(BaseCommand):
    help = "Open an account for a member of staff; prints the password and the second factor once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", required=True, choices=sorted(STAFF))
        parser.add_argument("--ask-password", action="store_true", help="type it instead")

    def handle(self, *_args: Any, **options: Any) -> None:
        chosen = getpass.getpass("密码 password: ") if options["ask_password"] else ""
        password = chosen or secrets.token_urlsafe(15)
        user = services.add_staff(
            options["username"],
            name=options["name"],
            password=password,
            roles=options["role"],
            by=None,
            at=database_now(),
        )
        app = pyotp.TOTP(factors.enrol(user).secret)
        address = app.provisioning_uri(name=user.username or "", issuer_name="互联网医院")
        self.stdout.write(
            f"username  {user.username}\npassword  {password}\nauthenticator  {address}"
        )

"""Open the first accounts of a new hospital; each person then sets their own sign-in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hospital.accounts import services
from hospital.accounts.models import User
from hospital.accounts.roles import STAFF
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


class Command(BaseCommand):
    help = (
        "Open an account for a member of staff, or --again for one; prints the link that sets it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", action="append", default=[], choices=sorted(STAFF))
        parser.add_argument(
            "--again", action="store_true", help="a fresh link for an account that exists"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Nobody types a password here: the link is good once and for a day."""
        at = database_now()
        try:
            user = self._known(options) if options["again"] else self._new(options, at)
            token = services.invite(user, by=None, at=at)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"username  {user.username}\nlink  {services.address_of(token)}")

    def _known(self, options: dict[str, Any]) -> User:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("没有这个账号。There is no such account.")
        return user

    def _new(self, options: dict[str, Any], at: Any) -> User:
        if not (options["name"] and options["role"]):
            raise CommandError("新账号要写 --name 和 --role。A new account needs both.")
        return services.add_staff(
            options["username"], name=options["name"], roles=options["role"], by=None, at=at
        )

"""Turns the id in a session into its user. Secrets are checked in `services`, nowhere else."""

from django.contrib.auth.backends import BaseBackend

from hospital.accounts.models import User


class Accounts(BaseBackend):
    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()

"""Keeps a sitting awake while its owner works, at the price of one small write a half minute."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponseBase

from hospital.accounts.models import Sitting as SittingRow

_EVERY = timedelta(seconds=30)


class Sitting:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._touch(request)
        return self.get_response(request)

    def _touch(self, request: HttpRequest) -> None:
        row = request.session.row  # type: ignore[attr-defined]
        SittingRow.objects.filter(pk=row.pk, seen_at__lt=Now() - _EVERY).update(
            seen_at=Now(), idle_at=Now() + timedelta(seconds=row.idle_seconds)
        )

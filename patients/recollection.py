"""What somebody knows who is the patient that an account calls oneself (accounts.recollection)."""

import hmac
from collections.abc import Mapping
from datetime import date
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hospital.accounts import recollection
from hospital.accounts.models import User
from hospital.kernel import normalise
from patients.models import Link
from patients.standing import standing

_NOBODY: Final = ("", "")  # an answer that is never right


class RecordForm(forms.Form):
    last_four = forms.CharField(
        label=_("您的身份证号后四位"),
        max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    born = forms.CharField(
        label=_("您的出生日期"),
        max_length=16,
        help_text=_("年月日连着写，例如 19580617。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


def is_asked(user: User) -> bool:
    """An account that acts for somebody has a record to protect."""
    return Link.objects.filter(standing(), account=user).exists()


def check(user: User, answers: Mapping[str, str]) -> bool:
    """Both right, of the person whom the account calls oneself; false where there is none."""
    link = Link.objects.filter(standing(), account=user, relation="self")
    own = link.select_related("patient").first()
    known = _known(own.patient.id_number, own.patient.birth_date) if own else _NOBODY
    given = (_tidy(answers.get("last_four", "")).upper(), _digits(answers.get("born", "")))
    right = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(known, given, strict=True)]
    return own is not None and all(right)


def fill() -> None:
    recollection.register(form=RecordForm, is_asked=is_asked, check=check)


def _known(id_number: str, born: date) -> tuple[str, str]:
    return id_number[-4:].upper(), f"{born:%Y%m%d}"


def _tidy(text: str) -> str:
    return normalise.folded(text).replace(" ", "")


def _digits(text: str) -> str:
    return "".join(char for char in _tidy(text) if char.isdigit())

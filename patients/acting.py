"""代办: for whom one acts. It stands on every page, and another is one tap away.

A page that is about somebody says so itself; on all others stands whom the person chose last, who
is remembered by the sitting and forgotten with the link.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from hospital.accounts.roles import Role
from patients import selectors
from patients.models import Link, Patient

KEY: Final = "acting-for"  # in the session: the patient's public id
_SUBJECTS: Final = ("patient", "consultation", "prescription", "delivery", "share", "charge")


@dataclass(frozen=True)
class Bar:
    """Somebody else's business: whose, and who else there is to act for."""

    link: Link
    others: Sequence[Link]
    template: str = "patients/_acting.html"

    @property
    def patient(self) -> Patient:
        return self.link.patient


def choose(request: HttpRequest, link: Link) -> None:
    """From now on this one; oneself is what a sitting begins with."""
    if link.relation == "self":
        request.session.pop(KEY, None)
    else:
        request.session[KEY] = str(link.patient.public_id)


def chosen(request: HttpRequest) -> str:
    """The public id of whom one acts for; empty for oneself."""
    return str(request.session.get(KEY, ""))


def find(context: Mapping[str, Any]) -> Bar | None:
    """The bar of this page; none for oneself, for a stranger and for who works here."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated:
        return None
    subject, wish = _subject(context), chosen(request)
    if (subject is None and not wish) or not user.holds(Role.PATIENT):
        return None
    links = list(selectors.links_of(user))
    link = _of(subject, links) if subject else _named(wish, links)
    if link is None or link.relation == "self":
        return None
    return Bar(link, [each for each in links if each.pk != link.pk])


def _subject(context: Mapping[str, Any]) -> Any:
    """Whom the page is about: a patient, or what is a patient's."""
    for name in _SUBJECTS:
        thing = context.get(name)
        if isinstance(thing, Patient):
            return thing.public_id
        if (about := getattr(thing, "about", None)) is not None:
            return about
        if isinstance(whose := getattr(thing, "patient", None), Patient):
            return whose.public_id
    return None


def _of(public_id: Any, links: Iterable[Link]) -> Link | None:
    return next((each for each in links if each.patient.public_id == public_id), None)


def _named(wish: str, links: Iterable[Link]) -> Link | None:
    return next((each for each in links if str(each.patient.public_id) == wish), None)

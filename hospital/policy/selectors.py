"""The policy in force, and the decisions taken under one."""

from dataclasses import dataclass

from django.db.models import IntegerField, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.policy.models import Decision, Version
from hospital.policy.values import Policy


@dataclass(frozen=True)
class Current:
    number: int
    version: Version
    values: Policy


def current() -> Current:
    """The version in force: the highest number. There is always one."""
    version = Version.objects.order_by("-number")[0]
    return Current(version.number, version, Policy.of(version.values))


def setting_in_force(name: str) -> Subquery:
    """A whole number of the version in force, as an expression; NULL where it is younger."""
    newest = Version.objects.order_by("-number").annotate(
        found=Cast(KeyTextTransform(name, "values"), IntegerField())
    )
    return Subquery(newest.values("found")[:1])


def versions() -> QuerySet[Version]:
    return Version.objects.select_related("published_by").order_by("-number")


def visible_to(user: User) -> QuerySet[Decision]:
    """Decisions, for medical affairs alone. Other rooms show theirs beside what they decided."""
    if not user.holds(Role.MEDICAL_AFFAIRS):
        return Decision.objects.none()
    return Decision.objects.select_related("policy").order_by("-at", "-id")

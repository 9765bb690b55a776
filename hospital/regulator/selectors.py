"""What may go out next, what is in trouble, and the rows that a message is made of."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from audit import selectors as trail
from audit.models import Head
from hospital.accounts.models import User, Verification
from hospital.accounts.roles import Role
from hospital.consultations.models import Consultation, Rating
from hospital.regulator.lifecycle import State
from hospital.regulator.models import Stream, Upload
from prescriptions.models import Delivery, Drug, Prescription

PAUSE: Final = timedelta(seconds=10)  # for everybody, after somebody was not answered


def visible_to(user: Any) -> QuerySet[Upload]:
    """All of them, to those who watch over them."""
    watches = user.holds(Role.IT) or user.holds(Role.MEDICAL_AFFAIRS)
    return Upload.objects.all() if watches else Upload.objects.none()


def quarantined() -> QuerySet[Upload]:
    return Upload.objects.filter(state=State.QUARANTINED)


def overdue(at: datetime) -> QuerySet[Upload]:
    """What has been waiting for an hour or longer."""
    return Upload.objects.filter(state=State.PENDING, made_at__lte=at - timedelta(hours=1))


def locked_stream(visit: UUID) -> Stream:
    """The stream of a visit, begun where there is none, held until the transaction ends."""
    assert connection.in_atomic_block, "a lock outside a transaction holds nothing"
    Stream.objects.bulk_create([Stream(visit=visit)], ignore_conflicts=True)
    return Stream.objects.select_for_update().get(pk=visit)


def locked(upload: Upload) -> Upload:
    return Upload.objects.select_for_update().get(pk=upload.pk)


def next_due(at: datetime) -> Upload | None:
    """The message that may go now, locked: the first of its visit that is not acknowledged.

    One that waits or lies in quarantine holds back the later ones of its visit and no others.
    """
    earlier = Upload.objects.filter(stream=OuterRef("stream"), seq__lt=OuterRef("seq"))
    return (
        Upload.objects.select_for_update(skip_locked=True)
        .filter(
            ~Exists(earlier.exclude(state=State.ACKNOWLEDGED)),
            state=State.PENDING,
            due_at__lte=at,
        )
        .order_by("due_at", "pk")
        .first()
    )


def line_is_silent(at: datetime) -> bool:
    """Whether somebody asked just now and was not answered: then the rest need not ask too."""
    return Upload.objects.filter(
        state=State.PENDING, code=None, tries__gt=0, tried_at__gt=at - PAUSE
    ).exists()


def digest_before(upload: Upload) -> str:
    """The digest of the message before this one in its visit; zeros for the first."""
    earlier = Upload.objects.filter(stream=upload.stream, seq=upload.seq - 1)
    return earlier.values_list("digest", flat=True).first() or "0" * 64


def it_staff() -> QuerySet[User]:
    return User.objects.filter(roles__contains=[Role.IT], is_active=True)


# The rows of other rooms, by the public id that an event names --------------------------------


def consultation(public_id: UUID) -> Consultation:
    return Consultation.objects.select_related("patient", "doctor__department", "eligibility").get(
        public_id=public_id
    )


def verification(public_id: UUID) -> Verification:
    return Verification.objects.get(public_id=public_id)


def rating(public_id: UUID) -> Rating:
    return Rating.objects.select_related("consultation").get(public_id=public_id)


def prescription(public_id: UUID) -> Prescription:
    return Prescription.objects.select_related(
        "patient",
        "consultation",
        "decision",
        "doctor__department",
        "reviewer__department",
        "dispensing__by__department",
    ).get(public_id=public_id)


def delivery(public_id: UUID) -> Delivery:
    return Delivery.objects.select_related("prescription__consultation").get(public_id=public_id)


def head(public_id: UUID) -> Head:
    return trail.head(public_id)


def drugs_of(prescription: Prescription) -> dict[str, Drug]:
    """The drugs on its lines, by key."""
    lines = prescription.lines.select_related("drug")
    return {line.drug.key: line.drug for line in lines}

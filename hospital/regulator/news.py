"""Which events of the trail the supervision platform must hear of, and under which schema."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from audit.models import Event
    from hospital.regulator.models import Upload

FEED: Final = "regulator"
KINDS: Final = {  # kind of event -> schema
    "consultation.close": "VISIT",
    "consultation.refer": "VISIT",
    "consultation.rate": "EVAL",
    "prescription.sign": "RX_ISSUE",
    "prescription.void": "RX_ISSUE",  # takes back what was issued
    "prescription.approve": "RX_REVIEW",
    "prescription.return": "RX_REVIEW",
    "prescription.reject": "RX_REVIEW",
    "prescription.dispense": "DISPENSE",
    "delivery.ship": "DELIVERY",
    "delivery.deliver": "DELIVERY",
    "audit.anchor": "AUDIT_ANCHOR",  # ours to propose: the interface has no such message
}


@dataclass(frozen=True)
class News:
    """One event, as far as a message is made from it. The subject names the version meant."""

    event: int
    kind: str
    at: datetime
    subject: str  # app.model:uuid

    @classmethod
    def of_event(cls, event: "Event") -> "News":
        return cls(event.pk, event.kind, event.at, event.subject)

    @classmethod
    def of_upload(cls, upload: "Upload") -> "News":
        return cls(upload.event, upload.kind, upload.biz_time, upload.subject)

    @property
    def step(self) -> str:
        return self.kind.partition(".")[2]

    @property
    def thing(self) -> UUID:
        return UUID(self.subject.partition(":")[2])

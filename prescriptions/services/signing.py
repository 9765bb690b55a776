"""The doctor signs: the rules are asked again under the lock, and what was checked is signed."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hospital.accounts import identity
from hospital.accounts import services as accounts
from hospital.accounts.models import Verification
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused, RuleBroken, require
from hospital.kernel.rules import Severity, enforce
from hospital.policy import services as policies
from hospital.policy.models import Decision
from prescriptions import replays, selectors, signing
from prescriptions.lifecycle import LIFECYCLE
from prescriptions.models import Line, Prescription
from prescriptions.permissions import may_write
from prescriptions.rules import Outcome
from prescriptions.services.steps import step
from prescriptions.services.telling import post
from prescriptions.services.writing import must_prescribe
from prescriptions.texts import digest_of, text_of


def sign(prescription: Prescription, *, by: Any, at: datetime, otp: str = "") -> Prescription:
    """Sign and hand over to the pharmacist.

    Where a rule wants a reason, the doctor confirms it with the second factor, `otp`, within this
    very signing: that is the second signature. Not atomic: a guess at the factor is counted and
    committed before anything else. Refused with every finding that stands against it.
    """
    require(may_write(by, prescription), _("只有开方的医生本人可以签名。"))
    again = accounts.verify(by, otp, at=at) if otp else None
    return _sign(prescription, by=by, at=at, again=again)


@transaction.atomic
def _sign(
    prescription: Prescription, *, by: Any, at: datetime, again: Verification | None
) -> Prescription:
    prescription = selectors.locked(prescription)
    require(may_write(by, prescription), _("只有开方的医生本人可以签名。"))
    LIFECYCLE.after(prescription.state, "sign")
    must_prescribe(prescription.consultation)
    lines = list(prescription.lines.select_related("drug").order_by("position"))
    prescription.second_signature = again is not None
    ruling = selectors.judged(prescription, lines, at)
    _law(prescription, lines, ruling, by=by, at=at)
    prescription.decision = keep(ruling, prescription, by=by, at=at)
    prescription.doctor_verification = _proof(again, by, at)
    _fix(prescription, lines, at=at)
    step(
        "sign",
        prescription,
        by=by,
        at=at,
        changed=_SIGNED,
        digest=prescription.digest,
        decision=str(prescription.decision.public_id),
        second_signature=prescription.second_signature,
    )
    post(prescription, gettext_noop("处方已开具，药师审核中"), at=at)
    return prescription


_SIGNED = (
    "second_signature", "decision", "doctor_verification", "amount_fen", "valid_until",
    "signed_at", "text", "digest", "doctor_key", "doctor_signature",
)  # fmt: skip


def _proof(again: Verification | None, by: Any, at: datetime) -> Any:
    proof = again or identity.check().latest(by, at=at)
    return proof.public_id if proof else None


def _law(
    prescription: Prescription,
    lines: list[Line],
    ruling: selectors.Ruling,
    *,
    by: Any,
    at: datetime,
) -> None:
    """Refuse what may not be signed, and keep why."""
    witness = _keeping(ruling, prescription, by=by, at=at)
    enforce(ruling.decision.findings, keep=witness)
    if not lines:
        raise Refused(_("处方里还没有药。"), code="no-lines")
    if (missing := next((line.drug for line in lines if not line.drug.is_sold), None)) is not None:
        raise Refused(_("药房没有这种药：%(drug)s。") % {"drug": missing.name}, code="not-sold")
    if ruling.decision.outcome is Outcome.REASON:
        open_ones = [f for f in ruling.decision.findings if f.severity is Severity.REASON]
        raise RuleBroken(
            _("还有 %(count)s 项须写明理由，并用动态码再次签名确认。") % {"count": len(open_ones)},
            code="second-signature",
            keep=witness,
            rules=list(dict.fromkeys(f.rule for f in open_ones)),
            findings=[f.as_dict() for f in open_ones],
        )


def _keeping(
    ruling: selectors.Ruling, prescription: Prescription, *, by: Any, at: datetime
) -> Callable[[], None]:
    """Stores the decision of a refusal, once the refusal has undone the rest."""

    def kept() -> None:
        keep(ruling, prescription, by=by, at=at)

    return kept


def keep(
    ruling: selectors.Ruling, prescription: Prescription, *, by: Any, at: datetime
) -> Decision:
    decision = ruling.decision
    return policies.keep(
        "prescription.sign",
        on=prescription,
        by=by,
        at=at,
        about=prescription.patient.public_id,
        stream=prescription.consultation.public_id,
        outcome=decision.outcome.value,
        facts=replays.plain(ruling.proposal),
        findings=replays.findings_of(decision),
        data_version=decision.data_version,
        engine_version=decision.engine_version,
        policy=ruling.policy.version,
        rules=sorted({finding.rule for finding in decision.findings}),
    )


def _fix(prescription: Prescription, lines: list[Line], *, at: datetime) -> None:
    """Bring it into its one form and put the doctor's signature under that."""
    prescription.amount_fen = sum(line.packs * line.price_fen for line in lines)
    prescription.signed_at = at
    prescription.valid_until = last_day(prescription, at)
    text = text_of(prescription, lines, signed_at=at, valid_until=prescription.valid_until)
    prescription.text, prescription.digest = text, digest_of(text)
    signature = signing.adapter().sign(prescription.doctor, prescription.digest, at=at)
    prescription.doctor_key, prescription.doctor_signature = signature.key, signature.value


def last_day(prescription: Prescription, at: datetime) -> date:
    """The day of issue counts as the first (处方管理办法 第十八条)."""
    return local_date(at) + timedelta(days=max(prescription.extension_days, 1) - 1)

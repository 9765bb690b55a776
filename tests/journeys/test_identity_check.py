"""R-13: a doctor is known to be themselves before each acceptance, by whatever serves here."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from hospital.accounts import identity
from hospital.accounts import services as accounts
from hospital.accounts.models import Verification
from hospital.consultations import services
from hospital.consultations.models import Consultation, Message
from hospital.kernel.refusals import Detour, RuleBroken
from hospital.policy import services as policies
from prescriptions import services as prescriptions
from tests import consulting, make, prescribing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
MINUTES = 30


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def waiting(doctor):
    user, patient = consulting.wang()
    return consulting.in_state("waiting", user, patient, doctor)


def later(minutes):
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(("minutes", "good"), [(0, True), (MINUTES, True), (MINUTES + 1, False)])
def test_an_acceptance_rests_on_a_verification_of_half_an_hour(doctor, waiting, minutes, good):
    proof = accounts.verified(doctor.user, method="totp", at=NOON)
    accept = lambda: services.accept(waiting, by=doctor.user, at=later(minutes))  # noqa: E731
    if good:
        assert accept().verification == proof.public_id
    else:
        with pytest.raises(Detour) as refused:
            accept()
        assert (refused.value.code, refused.value.page) == ("identity-stale", "/me/verify/")


def test_the_hospital_may_shorten_it(doctor, waiting):
    policies.publish({"identity_valid_minutes": 5}, by=make.medical_affairs(), at=NOON, note="更严")
    accounts.verified(doctor.user, method="totp", at=NOON)
    with pytest.raises(Detour):
        services.accept(waiting, by=doctor.user, at=later(6))
    assert services.accept(waiting, by=doctor.user, at=later(5)).state == "open"


@pytest.mark.parametrize(("method", "good"), [("totp", True), ("passkey", True), ("sms", False)])
def test_a_texted_code_is_no_second_factor(doctor, waiting, method, good):
    accounts.verified(doctor.user, method=method, at=NOON)
    if good:
        assert services.accept(waiting, by=doctor.user, at=NOON)
    else:
        with pytest.raises(Detour):
            services.accept(waiting, by=doctor.user, at=NOON)


def test_anothers_verification_is_none(doctor, waiting):
    accounts.verified(make.pharmacist().user, method="totp", at=NOON)
    with pytest.raises(Detour):
        services.accept(waiting, by=doctor.user, at=NOON)


def test_it_may_run_out_in_mid_chat_and_the_next_acceptance_and_signature_ask_again():
    """The chat goes on: the doctor was who they are when they began."""
    cast = prescribing.cast()
    doctor, gone = cast.doctor.user, later(MINUTES + 1)
    said = services.say(cast.visit, by=doctor, at=gone, client_id=uuid.uuid4(), text="继续服药")
    assert Message.objects.filter(pk=said.pk).exists()
    other = consulting.account("13800006621", "赵建民")
    who = consulting.person(
        "赵建民", "13800006621", cast.patient.birth_date, ("I10", "原发性高血压", 40)
    )
    patient = consulting.known(other, who)
    next_one = consulting.in_state("waiting", other, patient, cast.doctor)
    with pytest.raises(Detour) as refused:
        services.accept(next_one, by=doctor, at=gone)
    assert refused.value.code == "identity-stale"
    draft = prescribing.draft(cast, at=gone)
    with pytest.raises(RuleBroken) as broken:
        prescriptions.sign(draft, by=doctor, at=gone)
    assert any("DOCTOR" in rule or "IDENTITY" in rule for rule in broken.value.facts["rules"])
    accounts.verified(doctor, method="totp", at=gone)
    assert services.accept(next_one, by=doctor, at=gone).state == "open"
    assert prescriptions.sign(draft, by=doctor, at=gone).state == "signed"


def test_the_database_knows_the_verification_of_every_acceptance_and_signature():
    cast = prescribing.cast()
    signed = prescribing.signed(cast)
    assert Verification.objects.filter(public_id=cast.visit.verification).exists()
    assert Verification.objects.filter(public_id=signed.doctor_verification).exists()
    visit = Consultation.objects.filter(pk=cast.visit.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.update(verification=uuid.uuid4())


class AtTheDesk:
    """A hospital's own check: somebody looks at the doctor's face."""

    page = "/desk/"

    def latest(self, user, *, at):
        rows = Verification.objects.filter(user=user, at__lte=at, method="face")
        return rows.order_by("-at").first()


def test_a_hospital_may_bring_its_own_check(doctor, waiting, settings):
    settings.IDENTITY_CHECK = f"{__name__}.AtTheDesk"
    identity.check.cache_clear()
    try:
        accounts.verified(doctor.user, method="totp", at=NOON)
        with pytest.raises(Detour) as refused:
            services.accept(waiting, by=doctor.user, at=NOON)
        assert refused.value.page == "/desk/"
        proof = accounts.verified(doctor.user, method="face", at=NOON)
        accepted = services.accept(waiting, by=doctor.user, at=NOON)
        assert accepted.verification == proof.public_id
    finally:
        identity.check.cache_clear()

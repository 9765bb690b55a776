"""From the draft to the patient's door, and every way in which it must not go."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from doctors import services as doctors
from hospital.accounts import services as accounts
from hospital.consultations import services as consultations
from hospital.kernel.canonical import canonical
from hospital.kernel.refusals import NotAllowed, Refused, RuleBroken, WrongState
from hospital.payments.models import Charge, Refund
from hospital.policy import services as policies
from hospital.policy.models import Decision
from patients import selectors as records
from patients import services as patients
from patients.models import Medicine
from prescriptions import selectors, services, texts
from prescriptions.models import Delivery, Drug, Line, Prescription, Track
from tests import make, paying, prescribing
from tests.conftest import NOON
from tests.prescribing import ALPRAZOLAM, VALSARTAN, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return prescribing.cast()


def test_the_way_of_one_prescription(cast, trail, monkeypatch):
    """Signed, approved, paid, dispensed, shipped, delivered: each once, each in the trail."""
    before = prescribing.drug().packs
    delivery = prescribing.shipped(cast, monkeypatch)
    services.hear_courier(prescribing.news(delivery, "in_transit"), at=NOON)
    services.hear_courier(prescribing.news(delivery, "delivered"), at=NOON)
    services.hear_courier(prescribing.news(delivery, "delivered"), at=NOON)
    prescription = Prescription.objects.get()
    delivery.refresh_from_db()
    assert (prescription.state, delivery.state) == ("dispensed", "delivered")
    assert prescription.amount_fen + delivery.fee_fen == prescription.charge.amount_fen
    assert prescribing.drug().packs == before - 1
    assert Track.objects.count() == 2
    assert [kind for kind in trail() if kind.startswith(("prescription.", "delivery."))] == [
        "prescription.begin",
        "prescription.change",
        "prescription.sign",
        "prescription.approve",
        "prescription.order",
        "delivery.pack",
        "prescription.dispense",
        "delivery.ship",
        "delivery.deliver",
    ]
    taken = Medicine.objects.get(origin=prescription.public_id)
    assert (taken.name, taken.atc) == ("苯磺酸氨氯地平片", "C08CA01")


def test_what_was_checked_is_what_is_signed(cast):
    prescription = prescribing.signed(cast)
    told = texts.says(Prescription.objects.get(pk=prescription.pk))
    assert told["number"] == prescription.number
    assert told["lines"][0] | {"price_fen": 0} == {
        "drug": "苯磺酸氨氯地平片 5mg",
        "pack": "5mg×28片",
        "dose": "5",
        "dose_unit": "mg",
        "frequency": "qd",
        "route": "oral",
        "days": 7,
        "packs": 1,
        "price_fen": 0,
    }
    assert canonical(told) == prescription.text
    assert (prescription.decision.kind, prescription.decision.outcome) == (
        "prescription.sign",
        "pass",
    )
    assert prescription.doctor_verification is not None
    assert str(prescription.valid_until) == "2026-03-12"  # the day of issue is the first of three


def test_the_same_facts_give_the_same_decision_again(cast):
    prescription = prescribing.signed(cast)
    assert policies.replay(Decision.objects.get(pk=prescription.decision_id))


def refused_at_signing(cast, *lines, **terms):
    written = prescribing.draft(cast, *lines, **terms)
    with pytest.raises(RuleBroken) as refused:
        services.sign(written, by=cast.doctor.user, at=NOON)
    written.refresh_from_db()
    assert (written.state, written.text) == ("draft", None)
    return refused.value


def test_without_a_record_of_a_physical_hospital_nothing_is_signed(cast):
    """互联网诊疗管理办法(试行) 第十六条: no first visits."""
    cast.patient.person.diagnoses.all().delete()
    refusal = refused_at_signing(cast)
    assert refusal.facts["rules"] == ["VISIT-FOLLOW-UP"]
    refusal.keep()  # as the door's handler does, after the rollback
    kept = Decision.objects.get(kind="prescription.sign")
    assert (kept.outcome, kept.rules) == ("block", ["VISIT-FOLLOW-UP"])
    assert policies.replay(kept)


def test_a_psychotropic_can_be_found_but_not_signed(cast):
    """互联网诊疗管理办法(试行) 第十九条."""
    found = selectors.formulary_matching("apzl")
    assert [(drug.key, drug.is_sold) for drug in found] == [
        ("阿普唑仑", False),
        (ALPRAZOLAM, False),
    ]
    refusal = refused_at_signing(cast, line(ALPRAZOLAM, "0.4"), reason="失眠")
    assert "RX-CONTROLLED" in refusal.facts["rules"]


def test_a_child_under_six_whose_guardian_is_gone_gets_nothing_signed(cast):
    """互联网诊疗管理办法(试行) 第十九条: the guardian is asked about again at signing."""
    policies.publish({"minimum_age_online": 0}, by=make.medical_affairs("yiwu2"), at=NOON, note="")
    cast.patient.birth_date = date(2021, 5, 20)
    cast.patient.save()
    refusal = refused_at_signing(cast)
    assert "RX-YOUNG-CHILD" in refusal.facts["rules"]


def test_each_blocking_rule_is_named_at_once(cast):
    refusal = refused_at_signing(cast, line(days=30), line(VALSARTAN, "9999"))
    assert {"RX-LONG-TERM"} < set(refusal.facts["rules"])


def test_what_needs_a_reason_needs_the_second_factor_in_this_very_signing(cast):
    """药品管理法 第七十三条: a dose above the label only after the doctor signs again."""
    written = prescribing.draft(cast, line(dose="15"), reason="顽固性高血压，已向患者说明")
    with pytest.raises(RuleBroken) as refused:
        services.sign(written, by=cast.doctor.user, at=NOON)
    assert refused.value.code == "second-signature"
    with pytest.raises(Refused) as wrong:
        services.sign(written, by=cast.doctor.user, at=NOON, otp="000000")
    assert wrong.value.code == "otp-wrong"
    otp = prescribing.otp_of(cast.doctor)
    signed = services.sign(written, by=cast.doctor.user, at=NOON, otp=otp)
    assert signed.second_signature
    assert texts.says(signed)["second_signature"] is True


def test_a_stale_identity_blocks(cast):
    """互联网诊疗监管细则(试行) 第十三条."""
    written = prescribing.draft(cast)
    later = NOON + timedelta(minutes=31)
    with pytest.raises(RuleBroken) as refused:
        services.sign(written, by=cast.doctor.user, at=later)
    assert refused.value.facts["rules"] == ["RX-DOCTOR-IDENTITY"]


def test_a_suspended_doctor_signs_nothing(cast):
    written = prescribing.draft(cast)
    credential = cast.doctor.credentials.get()
    doctors.suspend(credential, by=make.medical_affairs("yiwu2"), at=NOON, why="投诉调查")
    with pytest.raises(RuleBroken) as refused:
        services.sign(written, by=cast.doctor.user, at=NOON)
    assert "RX-DOCTOR-LICENCE" in refused.value.facts["rules"]


@pytest.mark.parametrize("who", ["another doctor", "the pharmacist", "the patient"])
def test_nobody_else_writes_or_signs(cast, who):
    written = prescribing.draft(cast)
    by = {
        "another doctor": lambda: make.doctor("zhouruolan", "周若兰").user,
        "the pharmacist": lambda: cast.pharmacist.user,
        "the patient": lambda: cast.user,
    }[who]()
    for act in (
        lambda: services.begin(cast.visit, by=by, at=NOON),
        lambda: services.change(written, lines=[line()], by=by, at=NOON),
        lambda: services.sign(written, by=by, at=NOON),
        lambda: services.void(written, by=by, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_nothing_is_written_in_a_visit_that_is_over(cast):
    consultations.close(cast.visit, by=cast.doctor.user, at=NOON)
    with pytest.raises(WrongState) as refused:
        services.begin(cast.visit, by=cast.doctor.user, at=NOON)
    assert refused.value.code == "visit-not-open"


def test_the_author_cannot_review_even_as_a_pharmacist(cast):
    signed = prescribing.signed(cast)
    author = cast.doctor.user
    one, other = (make.staff(name, "security_admin") for name in ("anquan", "anquan2"))
    asked = accounts.ask_role(author, "pharmacist", by=one, at=NOON, why="兼任药师")
    accounts.grant(asked, by=other, at=NOON)
    author.refresh_from_db()
    type(cast.doctor).objects.filter(pk=cast.doctor.pk).update(kind="pharmacist")
    with pytest.raises(NotAllowed):
        services.approve(signed, by=author, at=NOON)


def test_a_return_needs_a_reason_and_leads_to_a_new_version(cast):
    signed = prescribing.signed(cast)
    with pytest.raises(Refused) as refused:
        services.send_back(signed, note=" ", by=cast.pharmacist.user, at=NOON)
    assert refused.value.code == "note-missing"
    returned = services.send_back(signed, note="请核对剂量", by=cast.pharmacist.user, at=NOON)
    second = services.revise(returned, by=cast.doctor.user, at=NOON)
    returned.refresh_from_db()
    assert (returned.state, second.state) == ("void", "draft")
    assert (second.number, second.version, second.supersedes) == (returned.number, 2, returned)
    assert second.lines.count() == 1
    assert services.sign(second, by=cast.doctor.user, at=NOON).state == "signed"


def test_an_earlier_prescription_is_copied_only_by_an_act_of_the_doctor(cast, trail):
    """互联网诊疗监管细则(试行) 第二十一条: nothing is filled in by itself."""
    earlier = prescribing.dispensed(cast)
    later = services.begin(cast.visit, by=cast.doctor.user, at=NOON)
    assert later.lines.count() == 0
    services.copy(earlier, later, by=cast.doctor.user, at=NOON)
    assert [each.drug.key for each in later.lines.all()] == [prescribing.AMLODIPINE]
    assert trail("prescription.change")[-1].facts["copied_from"] == str(earlier.public_id)


def test_another_prescription_on_its_way_counts_as_taken(cast):
    prescribing.signed(cast)
    again = prescribing.draft(cast)
    found = services.check(again, at=NOON).decision.findings
    assert "RX-REFILL" in {finding.rule for finding in found}


# --- what PostgreSQL refuses, whoever asks ----------------------------------------------------


@pytest.mark.parametrize(
    "column",
    [
        {"digest": "0" * 64},
        {"doctor_signature": "x"},
        {"diagnoses": []},
        {"amount_fen": 1},
        {"valid_until": "2030-01-01"},
        {"second_signature": True},
        {"kind": "patent"},
        {"number": "RX1"},
        {"version": 7},
    ],
    ids=lambda column: next(iter(column)),
)
def test_the_database_refuses_an_edit_after_the_signature(cast, column):
    signed = prescribing.signed(cast)
    with pytest.raises(DatabaseError), transaction.atomic():
        Prescription.objects.filter(pk=signed.pk).update(**column)


def test_the_database_refuses_another_text_other_lines_and_a_removal(cast):
    signed = prescribing.signed(cast)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE prescriptions_prescription SET text = 'x' WHERE id = %s", [signed.pk]
        )
    kept = signed.lines.get()
    for act in (
        lambda: Line.objects.filter(pk=kept.pk).delete(),
        lambda: Line.objects.filter(pk=kept.pk).update(days=90),
        lambda: Line.objects.create(
            prescription=signed,
            position=9,
            drug=kept.drug,
            days=1,
            packs=1,
            price_fen=1,
            frequency="qd",
            route="oral",
        ),
        lambda: signed.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_database_wants_both_signatures_under_one_digest(cast):
    signed = prescribing.signed(cast)
    approval = {
        "state": "approved",
        "reviewer": cast.pharmacist,
        "reviewed_at": NOON,
        "pharmacist_key": signed.doctor_key,
        "pharmacist_signature": "x",
    }
    for wrong in (
        {"reviewed_digest": ""},
        {"reviewed_digest": "0" * 64},
        {"reviewer": cast.doctor},
    ):
        changes = approval | {"reviewed_digest": signed.digest} | wrong
        with pytest.raises(DatabaseError), transaction.atomic():
            Prescription.objects.filter(pk=signed.pk).update(**changes)


def test_tracks_and_dispensings_are_never_changed(cast, monkeypatch):
    delivery = prescribing.shipped(cast, monkeypatch)
    services.hear_courier(prescribing.news(delivery, "in_transit"), at=NOON)
    for act in (
        lambda: Track.objects.update(status="lost"),
        lambda: Track.objects.all().delete(),
        lambda: type(delivery.prescription.dispensing).objects.update(batches=[{}]),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_forged_text_is_neither_approved_nor_dispensed(cast, monkeypatch):
    """Somebody above the triggers changed the row; the signatures tell."""
    paid = prescribing.paid(cast)
    monkeypatch.setattr("prescriptions.selectors.rows.digest_of", lambda text: "0" * 64)
    with pytest.raises(Refused) as refused:
        services.dispense(paid, by=cast.pharmacist.user, at=NOON)
    assert refused.value.code == "signature-broken"


# --- money, expiry, termination -------------------------------------------------------------


def test_a_terminated_visit_voids_its_prescriptions_and_gives_the_money_back(cast):
    paid = prescribing.paid(cast)
    consultations.refer(cast.visit, reason="condition-changed", by=cast.doctor.user, at=NOON)
    paid.refresh_from_db()
    assert (paid.state, Delivery.objects.get(prescription=paid).state) == ("void", "cancelled")
    refund = Refund.objects.get(charge=paid.charge)
    assert refund.amount_fen == paid.charge.amount_fen


def test_a_dispensed_one_stays_when_the_visit_is_terminated(cast):
    made = prescribing.dispensed(cast)
    consultations.refer(cast.visit, reason="condition-changed", by=cast.doctor.user, at=NOON)
    made.refresh_from_db()
    assert made.state == "dispensed"


def test_money_that_comes_after_the_prescription_is_void_goes_back(cast):
    made = prescribing.ordered(cast, prescribing.approved(cast))
    services.void(made, by=cast.doctor.user, at=NOON)
    charge = Charge.objects.get(pk=made.charge_id)
    assert charge.state == "closed"
    paying.settle(charge)
    assert Refund.objects.get(charge=charge).amount_fen == charge.amount_fen


def test_the_last_valid_day_is_the_third_and_then_it_expires(cast):
    made = prescribing.ordered(cast, prescribing.approved(cast))
    third = NOON + timedelta(days=2, hours=11)
    assert services.sweep(at=third) == 0
    assert services.sweep(at=third + timedelta(hours=2)) == 1
    made.refresh_from_db()
    assert (made.state, made.charge.state) == ("expired", "closed")


def test_paying_needs_an_approved_prescription_and_sending_its_own_consent(cast):
    signed = prescribing.signed(cast)
    with pytest.raises(WrongState):
        services.order_medicines(signed, mode="window", by=cast.user, at=NOON)
    services.approve(signed, by=cast.pharmacist.user, at=NOON)
    where = prescribing.address(cast.user)
    with pytest.raises(Refused) as refused:
        services.order_medicines(signed, mode="courier", address=where, by=cast.user, at=NOON)
    assert refused.value.code == "courier-consent"
    prescribing.agree_to_courier(cast)
    charge = services.order_medicines(signed, mode="courier", address=where, by=cast.user, at=NOON)
    again = services.order_medicines(signed, mode="courier", address=where, by=cast.user, at=NOON)
    assert charge == again


def test_nothing_leaves_before_it_is_paid_and_the_shelf_is_not_overdrawn(cast):
    made = prescribing.ordered(cast, prescribing.approved(cast))
    with pytest.raises(WrongState) as refused:
        services.dispense(made, by=cast.pharmacist.user, at=NOON)
    assert refused.value.code == "not-paid"
    paying.settle(made.charge)
    Drug.objects.filter(key=prescribing.AMLODIPINE).update(packs=0)
    with pytest.raises(Refused) as empty:
        services.dispense(made, by=cast.pharmacist.user, at=NOON)
    assert empty.value.code == "out-of-stock"
    made.refresh_from_db()
    assert made.state == "approved"


def test_a_silent_courier_changes_nothing_and_a_lost_answer_costs_nothing(cast, monkeypatch):
    courier = prescribing.Courier().open(monkeypatch)
    made = prescribing.dispensed(cast, mode="courier")
    courier.silent = 1
    with pytest.raises(Refused):
        services.ship(made.delivery, by=cast.pharmacist.user, at=NOON)
    made.delivery.refresh_from_db()
    assert made.delivery.state == "packed"
    shipped = services.ship(made.delivery, by=cast.pharmacist.user, at=NOON)
    assert (shipped.state, len(courier.orders)) == ("shipped", 1)


def test_at_the_window_the_pharmacist_hands_over(cast):
    made = prescribing.dispensed(cast)
    assert services.receive(made, by=cast.pharmacist.user, at=NOON).state == "delivered"


def test_a_pharmacist_reads_the_record_only_while_it_is_in_their_hands(cast):
    reader = cast.pharmacist.user
    assert not records.visible_to(reader).exists()
    signed = prescribing.signed(cast)
    assert records.visible_to(reader).get() == cast.patient
    services.reject(signed, note="与诊断不符", by=reader, at=NOON)
    assert not records.visible_to(reader).exists()


def test_allergies_are_asked_again_at_signing(cast):
    """医疗机构处方审核规范: an allergy told a minute ago counts."""
    written = prescribing.draft(cast)
    patients.set_health(
        cast.patient,
        by=cast.user,
        at=NOON,
        allergies=[{"to": "氨氯地平", "reaction": "anaphylaxis"}],
    )
    with pytest.raises(RuleBroken) as refused:
        services.sign(written, by=cast.doctor.user, at=NOON)
    assert any("ALLERGY" in rule for rule in refused.value.facts["rules"])

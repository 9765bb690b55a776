"""Consents by version and purpose, copies, corrections, closing an account, sealing a record."""

import hashlib
import io
import json
import tracemalloc
import uuid
import zipfile
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from fontTools.ttLib import TTCollection

from hospital.accounts import services as accounts
from hospital.accounts.models import Device, Sitting, User
from hospital.consultations import selectors as visits
from hospital.consultations import services as consultations
from hospital.files import parcels
from hospital.kernel.canonical import canonical
from hospital.kernel.ciphers import Undecipherable
from hospital.kernel.refusals import NotAllowed, Refused, RuleBroken, WrongState
from patients import booklet, exporting, selectors, services
from patients.models import Address, Consent, ConsentText, Export, Link, Sealed
from patients.services import exports, linking
from patients.services.corrections import due_after
from prescriptions import selectors as rx
from prescriptions import services as prescriptions
from prescriptions.models import Prescription
from tests import consulting, make, prescribing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(databases=["default", "trail"])
DAY = timedelta(days=1)
PHONE = "13800006620"


@pytest.fixture(autouse=True)
def _own_vault(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def wang():
    return consulting.wang()


@pytest.fixture
def affairs():
    return make.medical_affairs()


def child_of(guardian="郭立", phone="13800006625", *, birth=date(2013, 3, 10), at=NOON):
    """A guardian's account and the child, registered and agreed to."""
    father = consulting.person(guardian, phone, date(1985, 1, 1), at=at)
    user = consulting.account(phone, guardian)
    consulting.known(user, father, at=at)
    little = consulting.person(
        "郭小满", phone, birth, ("I10", "原发性高血压", 20), guardian=(guardian, phone), at=at
    )
    return user, consulting.known(user, little, "child", at=at)


# --- consents -----------------------------------------------------------------------------------


def draft(by, kind="service", **more):
    told = {"title": "新版", "body": "一、二、三。", "body_en": "New\n\nOne, two, three."} | more
    return services.write_draft(kind, by=by, at=NOON, **told)


def test_a_published_text_never_changes():
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentText.objects.filter(kind="service").update(body="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsentText.objects.all()._raw_delete("default")


def test_a_new_version_is_asked_before_the_next_service(wang, affairs, trail):
    user, patient = wang
    doctor = make.doctor()
    assert selectors.consents_current(patient, on=NOON.date())
    text = services.publish_text(draft(affairs), by=affairs, at=NOON)
    assert text.version == 2
    assert [each.kind for each in selectors.texts_needed(patient, on=NOON.date())] == ["service"]
    with pytest.raises(RuleBroken) as refused:
        consulting.ordered(user, patient, doctor)
    assert refused.value.facts["rules"] == ["VISIT-CONSENT"]
    services.consent(patient, text, by=user, at=NOON)
    assert consulting.ordered(user, patient, doctor)
    assert "consent-text.publish" in trail()


def test_a_draft_is_published_once_and_only_by_medical_affairs(wang, affairs):
    made = draft(affairs)
    with pytest.raises(NotAllowed):
        services.publish_text(made, by=wang[0], at=NOON)
    services.publish_text(made, by=affairs, at=NOON)
    with pytest.raises(WrongState):
        services.publish_text(made, by=affairs, at=NOON)
    with pytest.raises(NotAllowed):
        draft(wang[0])


def test_the_couriers_text_names_the_courier(affairs):
    newest = selectors.newest_texts().get(kind="courier")
    assert newest.recipient in newest.body
    assert newest.contact in newest.body
    with pytest.raises(Refused) as refused:
        draft(affairs, "courier")
    assert refused.value.code == "courier-unnamed"
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentText.objects.create(
            kind="courier", version=9, title="x", body="x", body_en="x", published_at=NOON
        )


def test_another_courier_is_another_consent(wang, settings):
    user, patient = wang
    text = selectors.newest_texts().get(kind="courier")
    services.consent(patient, text, by=user, at=NOON)
    assert selectors.has_consent(patient, "courier")
    settings.COURIER_NAME = "另一家快递"
    assert not selectors.has_consent(patient, "courier")


def test_without_the_optional_consent_care_goes_on(wang):
    user, patient = wang
    assert not selectors.has_consent(patient, "courier")
    assert consulting.ordered(user, patient, make.doctor())


def test_a_consent_taken_back_stops_what_is_new_and_nothing_else(wang):
    user, patient = wang
    doctor, other = make.doctor(), make.doctor("zhouruolan", "周若兰")
    visit = consulting.in_state("open", user, patient, doctor)
    given = Consent.objects.get(patient=patient, text__kind="service")
    services.withdraw(given, by=user, at=NOON)
    assert consulting.said(visit, user, "还能说话吗")
    with pytest.raises(RuleBroken):
        consulting.ordered(user, patient, other)


def test_no_parcel_leaves_after_the_consent_was_taken_back(monkeypatch):
    cast = prescribing.cast()
    courier = prescribing.Courier().open(monkeypatch)
    made = prescribing.dispensed(cast, mode="courier")
    given = Consent.objects.get(patient=cast.patient, text__kind="courier")
    services.withdraw(given, by=cast.user, at=NOON)
    with pytest.raises(Refused) as refused:
        prescriptions.ship(made.delivery, by=cast.pharmacist.user, at=NOON)
    assert refused.value.code == "courier-consent"
    assert courier.orders == {}
    prescribing.agree_to_courier(cast)
    assert prescriptions.ship(made.delivery, by=cast.pharmacist.user, at=NOON).waybill


def test_who_takes_it_back_may_fetch_the_medicines_and_gets_the_fee_back():
    cast = prescribing.cast()
    made = prescribing.dispensed(cast, mode="courier")
    fee = made.delivery.fee_fen
    delivery = prescriptions.collect_instead(made, by=cast.user, at=NOON)
    assert (delivery.mode, delivery.to, delivery.fee_fen) == ("window", None, 0)
    assert [each.amount_fen for each in made.charge.refunds.all()] == [fee]
    prescriptions.collect_instead(made, by=cast.user, at=NOON)
    assert made.charge.refunds.count() == 1
    assert prescriptions.receive(made, by=cast.pharmacist.user, at=NOON).state == "delivered"


def test_a_child_is_seen_when_a_guardian_has_agreed_and_not_before():
    user, child = child_of()
    doctor = make.doctor()
    assert consulting.ordered(user, child, doctor, guardian_present=True)
    given = Consent.objects.get(patient=child, text__kind="guardian")
    assert selectors.guardian_consent(child) == given
    services.withdraw(given, by=user, at=NOON)
    with pytest.raises(RuleBroken) as refused:
        consulting.ordered(user, child, make.doctor("zhouruolan", "周若兰"), guardian_present=True)
    assert "VISIT-GUARDIAN-CONSENT" in refused.value.facts["rules"]


@pytest.mark.parametrize(
    ("birth", "asked"), [(date(2012, 3, 11), True), (date(2012, 3, 10), False)]
)
def test_on_the_fourteenth_birthday_it_is_ones_own_to_agree(birth, asked):
    """NOON is on 2026-03-10 in Beijing: one is thirteen until tomorrow, one fourteen today."""
    user, child = child_of(birth=birth)
    Consent.objects.filter(patient=child, text__kind="guardian").update(withdrawn_at=NOON)
    with pytest.raises(RuleBroken) as refused:
        consulting.ordered(user, child, make.doctor(), guardian_present=True)
    assert ("VISIT-GUARDIAN-CONSENT" in refused.value.facts["rules"]) is asked


def test_who_is_no_guardian_any_more_consents_no_more(trail):
    user, child = child_of()
    services.end_link(Link.objects.get(account=user, patient=child), by=user, at=NOON)
    assert selectors.guardian_consent(child) is None
    assert not Consent.objects.filter(
        patient=child, text__kind="guardian", withdrawn_at=None
    ).exists()
    assert trail("patient.withdraw")[0].facts["why"] == "link-ended"


# --- copies -------------------------------------------------------------------------------------


def copy_of(user, patient, *, at=NOON):
    export = services.ask_export(patient, by=user, at=at)
    assert services.make_export(export.pk, at=at)
    export.refresh_from_db()
    raw = b"".join(services.open_export(export, by=user, at=at))
    return export, raw, zipfile.ZipFile(io.BytesIO(raw))


def rows_of(archive, section):
    return json.loads(archive.read(f"data/{section}.json"))


@pytest.fixture
def seeded():
    """A whole way of 王秀兰, and one of 赵建民 beside it."""
    cast = prescribing.cast()
    consulting.said(cast.visit, cast.user, "早上有点头晕")
    made = prescribing.dispensed(cast)
    other = prescribing.another_patient(cast)
    consulting.said(other.visit, other.user, "赵建民的话")
    consultations.close(cast.visit, by=cast.doctor.user, at=NOON)
    consultations.rate(cast.visit, stars=4, text="细心", by=cast.user, at=NOON)
    prescribing.address(cast.user)
    return cast, made, other


def test_the_copy_is_everything_and_of_nobody_else(seeded):
    cast, made, other = seeded
    export, raw, archive = copy_of(cast.user, cast.patient)
    assert hashlib.sha256(raw).hexdigest() == export.digest
    assert rows_of(archive, "patient")[0]["name"] == "王秀兰"
    said = [row["text"] for row in rows_of(archive, "messages")]
    assert "早上有点头晕" in said
    assert rows_of(archive, "consultations")[0]["complaint"].startswith("血压药")
    (one,) = rows_of(archive, "prescriptions")
    assert (one["number"], one["digest"]) == (made.number, made.digest)
    assert rows_of(archive, "ratings")[0]["text"] == "细心"
    assert {row["kind"] for row in rows_of(archive, "charges")} == {"consultation", "medicines"}
    assert {row["kind"] for row in rows_of(archive, "consents")} == {"service", "sensitive"}
    assert any(row.get("address") for row in rows_of(archive, "account"))
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["form"] == exporting.FORM
    assert set(manifest["sections"]) == {section.name for section in exporting.sections()}
    assert sum(each["rows"] for each in manifest["sections"].values()) == export.rows
    everything = b"".join(archive.read(name) for name in archive.namelist() if "pdf" not in name)
    for foreign in ("赵建民", str(other.patient.public_id), str(other.visit.public_id)):
        assert foreign.encode() not in everything
        assert foreign not in archive.namelist()


def test_each_row_is_canonical_on_a_line_of_its_own(seeded):
    cast, _made, _other = seeded
    _export, _raw, archive = copy_of(cast.user, cast.patient)
    lines = archive.read("data/messages.json").decode().splitlines()
    for line in lines[1:-1]:
        assert canonical(json.loads(line.rstrip(","))) == line.rstrip(",")


def test_the_book_has_the_rare_characters():
    pages = {}
    book = booklet.Booklet("医院", at=NOON, full=pages.__setitem__)
    book.row({"name": "姓名"}, {"name": "𠮷田 · 阿卜杜拉·买买提"})
    book.finish()
    assert pages[1].startswith(b"%PDF-")
    face = TTCollection(str(booklet.FONT_PATH)).fonts[booklet._SIMPLIFIED].getBestCmap()
    assert all(ord(letter) in face for letter in "𠮷㛃䶮𬭎喆〇·阿卜杜拉买提")


def test_a_long_book_comes_in_volumes(monkeypatch):
    monkeypatch.setattr(booklet, "PAGES", 2)
    pages = {}
    book = booklet.Booklet("医院", at=NOON, full=pages.__setitem__)
    for _each in range(120):
        book.row({"text": "内容"}, {"text": "一句话"})
    book.finish()
    assert len(pages) >= 2


def test_ten_times_the_history_needs_no_more_memory():
    def peak(rows):
        section = exporting.Section(
            "long", "", {}, lambda _asking: ({"id": n, "text": "血压" * 200} for n in range(rows))
        )
        packing = parcels.Packing(uuid.uuid4(), "x")
        tracemalloc.start()
        with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as archive:
            told = exports._write_rows(archive, section, None)
        packing.finish()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert told["rows"] == rows
        return most

    peak(100)
    assert peak(10_000) < 1.5 * peak(1_000)


def test_it_is_had_for_a_day_by_who_asked_and_then_by_nobody(seeded):
    cast, _made, other = seeded
    export, _raw, _archive = copy_of(cast.user, cast.patient)
    with pytest.raises(NotAllowed):
        services.open_export(export, by=other.user, at=NOON)
    assert parcels.exists(export.public_id)
    assert services.open_export(export, by=cast.user, at=NOON + DAY - timedelta(seconds=1))
    with pytest.raises(WrongState):
        services.open_export(export, by=cast.user, at=NOON + DAY)
    services.sweep_exports(at=NOON + DAY)
    export.refresh_from_db()
    assert export.state == "ended"
    assert not selectors.downloadable_by(cast.user).exists()


def test_every_download_stands_in_the_trail_with_its_size(seeded, trail):
    cast, _made, _other = seeded
    export, _raw, _archive = copy_of(cast.user, cast.patient)
    (event,) = trail("patient.export")
    assert event.about == cast.patient.public_id
    assert (event.facts["why"], event.facts["rows"]) == ("own", export.rows)


def test_a_stranger_gets_none_a_guardian_gets_the_childs(seeded):
    cast, _made, other = seeded
    with pytest.raises(NotAllowed):
        services.ask_export(cast.patient, by=other.user, at=NOON)
    user, child = child_of()
    _export, _raw, archive = copy_of(user, child)
    assert rows_of(archive, "patient")[0]["name"] == "郭小满"
    assert rows_of(archive, "account") == []  # the account is not the child's


def test_a_guardians_copy_ends_with_the_link():
    user, child = child_of()
    export, _raw, _archive = copy_of(user, child)
    services.end_link(Link.objects.get(account=user, patient=child), by=user, at=NOON)
    assert not selectors.downloadable_by(user).exists()
    with pytest.raises(NotAllowed):
        services.open_export(export, by=user, at=NOON)


def test_asked_twice_it_is_one_and_made_twice_it_is_one(wang, trail):
    user, patient = wang
    first = services.ask_export(patient, by=user, at=NOON)
    assert services.ask_export(patient, by=user, at=NOON) == first
    assert services.make_export(first.pk, at=NOON)
    assert not services.make_export(first.pk, at=NOON)
    assert trail().count("patient.export-ready") == 1


def test_a_worker_that_died_is_followed_by_another(wang, monkeypatch):
    user, patient = wang
    export = services.ask_export(patient, by=user, at=NOON)
    monkeypatch.setattr(exports, "_write", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.make_export(export.pk, at=NOON)
    monkeypatch.undo()
    assert not services.make_export(export.pk, at=NOON)  # the lease still runs
    assert services.make_export(export.pk, at=NOON + exports.LEASE)


def test_who_always_fails_is_given_up(wang, monkeypatch):
    user, patient = wang
    export = services.ask_export(patient, by=user, at=NOON)
    Export.objects.filter(pk=export.pk).update(tries=exports.TRIES, began_at=NOON)
    services.sweep_exports(at=NOON + exports.LEASE)
    export.refresh_from_db()
    assert export.state == "failed"
    assert services.ask_export(patient, by=user, at=NOON) != export


def test_a_parcel_that_was_cut_or_turned_around_is_not_opened(settings):
    packing = parcels.Packing(number := uuid.uuid4(), "x")
    packing.write(b"a" * parcels.PIECE)
    packing.write(b"b" * 10)
    packing.finish()
    assert b"".join(parcels.unpacked(number)) == b"a" * parcels.PIECE + b"b" * 10
    place = parcels._place(number)
    raw = place.read_bytes()
    first = 4 + int.from_bytes(raw[:4], "big")
    for broken in (raw[:first], raw[first:] + raw[:first], raw[:-1] + bytes([raw[-1] ^ 1])):
        place.write_bytes(broken)
        with pytest.raises(Undecipherable):
            list(parcels.unpacked(number))


@pytest.mark.django_db(transaction=True, databases=["default", "trail"])
def test_who_read_the_record_is_part_of_the_copy():
    user, patient = consulting.wang()
    services.open_record(patient, by=make.staff("boss", "medical_affairs"), at=NOON, why="care")
    _export, _raw, archive = copy_of(user, patient)
    assert [row["kind"] for row in rows_of(archive, "reads")] == ["record.read"]


def test_its_bytes_on_the_disk_say_nothing(wang):
    user, patient = wang
    export, _raw, _archive = copy_of(user, patient)
    assert "王秀兰".encode() not in parcels._place(export.public_id).read_bytes()


# --- corrections --------------------------------------------------------------------------------


def test_a_correction_is_answered_and_overwrites_nothing(wang, affairs):
    user, patient = wang
    asked = services.ask_correction(patient, what="既往史里“糖尿病”写错了", by=user, at=NOON)
    assert asked.due_on == date(2026, 3, 31)
    with pytest.raises(NotAllowed):
        services.make_correction(asked, by=user, at=NOON, why="我自己改")
    made = services.make_correction(asked, by=affairs, at=NOON, why="已核对，没有糖尿病")
    assert (made.state, made.answer) == ("made", "已核对，没有糖尿病")
    with pytest.raises(WrongState):
        services.refuse_correction(asked, by=affairs, at=NOON, why="不")


def test_fifteen_working_days_know_weekends():
    assert due_after(date(2026, 3, 13)) == date(2026, 4, 3)
    assert due_after(date(2026, 3, 14)) == date(2026, 4, 3)


# --- closing an account -------------------------------------------------------------------------


def test_everything_that_is_open_is_named_at_once(wang, affairs):
    user, patient = wang
    consulting.ordered(user, patient, make.doctor())
    services.place_hold(patient, stream=None, reason="纠纷", by=affairs, at=NOON)
    with pytest.raises(WrongState) as refused:
        services.close_account(user, at=NOON)
    assert {kind for kind, _says in refused.value.facts["open"]} == {
        "consultation",
        "charge",
        "hold",
    }
    assert User.objects.get(pk=user.pk).is_active


def test_a_parcel_under_way_stands_in_the_way():
    cast = prescribing.cast()
    prescribing.dispensed(cast, mode="courier")
    consultations.close(cast.visit, by=cast.doctor.user, at=NOON)
    with pytest.raises(WrongState) as refused:
        services.close_account(cast.user, at=NOON)
    assert [kind for kind, _says in refused.value.facts["open"]] == ["delivery"]


@pytest.fixture
def gone(seeded):
    """王秀兰 has closed her account after a visit that is over."""
    cast, made, _other = seeded
    prescriptions.receive(made, by=cast.pharmacist.user, at=NOON)
    make.sitting_of(cast.user)
    Device.objects.create(user=cast.user, digest="d", seen_at=NOON)
    services.close_account(cast.user, at=NOON)
    cast.user.refresh_from_db()
    cast.patient.refresh_from_db()
    return cast


def test_who_leaves_is_erased_and_the_record_is_locked_away(gone, trail):
    user, patient = gone.user, gone.patient
    assert (user.phone, user.phone_index, user.name, user.is_active) == (None, None, "", False)
    assert not Sitting.objects.filter(user=user).exists()
    assert not Device.objects.filter(user=user).exists()
    assert not Address.objects.filter(account=user).exists()
    assert not Link.objects.filter(account=user, ended_at=None).exists()
    assert not Consent.objects.filter(patient=patient, withdrawn_at=None).exists()
    assert patient.restricted_at == NOON
    assert patient.retain_until == date(2041, 3, 10)
    assert (patient.name, patient.phone) == ("王秀兰", None)
    assert Prescription.objects.filter(patient=patient).exists()
    assert {"account.close", "patient.restrict", "patient.link-end"} <= set(trail())


def test_nobody_reads_what_is_locked_away(gone):
    for clinician in (gone.doctor.user, gone.pharmacist.user):
        assert not selectors.visible_to(clinician).filter(pk=gone.patient.pk).exists()
        assert not rx.visible_to(clinician).filter(patient=gone.patient).exists()
    assert not visits.visible_to(gone.doctor.user).filter(patient=gone.patient).exists()


def test_the_phone_opens_a_new_account_that_knows_nothing(gone):
    fresh = accounts.register_patient(PHONE, at=NOON)
    assert fresh.pk != gone.user.pk
    assert not selectors.linked_to(fresh).exists()


def test_who_comes_back_and_is_borne_out_finds_the_old_record(gone, trail):
    fresh = accounts.register_patient(PHONE, at=NOON)
    patient = consulting.known(fresh, gone.patient.person)
    assert patient == gone.patient
    patient.refresh_from_db()
    assert (patient.restricted_at, patient.retain_until) == (None, None)
    assert "patient.unrestrict" in trail()


def test_who_is_not_borne_out_does_not(gone):
    stranger = consulting.account("13900009999", "")
    with pytest.raises(NotAllowed) as refused:
        linking.link(stranger, gone.patient, relation="self", is_proven=False, at=NOON)
    assert refused.value.code == "cannot-link"
    with pytest.raises(NotAllowed):
        linking.link(stranger, gone.patient, relation="parent", is_proven=True, at=NOON)


def test_staff_accounts_are_the_administrators_business(affairs):
    with pytest.raises(NotAllowed):
        services.close_account(affairs, at=NOON)


def test_a_child_with_another_guardian_stays_open():
    user, child = child_of()
    mother = consulting.account("13800006626", "李梅")
    Link.objects.create(
        account=mother,
        patient=child,
        relation="child",
        is_guardian=True,
        until=NOON + timedelta(days=365),
        is_proven=True,
        since=NOON,
    )
    services.close_account(user, at=NOON)
    child.refresh_from_db()
    assert child.restricted_at is None
    assert selectors.linked_to(mother).get() == child


# --- holds --------------------------------------------------------------------------------------


def test_a_seal_lists_what_was_there_and_notices_what_changed(seeded, affairs):
    cast, made, other = seeded
    hold = services.place_hold(cast.patient, stream=None, reason="纠纷", by=affairs, at=NOON)
    assert hold.items == Sealed.objects.filter(hold=hold).count() > 5
    assert Sealed.objects.filter(hold=hold, section="prescriptions", item=made.public_id).exists()
    assert not Sealed.objects.filter(item=other.visit.public_id).exists()
    assert services.differences(hold) == []
    cast.patient.refresh_from_db()
    services.set_health(cast.patient, by=cast.user, at=NOON, allergies=[], history="改了")
    assert services.differences(hold) == [("patient", str(cast.patient.public_id))]
    with pytest.raises(DatabaseError), transaction.atomic():
        Sealed.objects.filter(hold=hold).update(digest="0")


def test_who_sealed_it_cannot_unseal_it(seeded, affairs):
    cast, _made, _other = seeded
    hold = services.place_hold(
        cast.patient, stream=cast.visit.public_id, reason="纠纷", by=affairs, at=NOON
    )
    with pytest.raises(NotAllowed) as refused:
        services.lift_hold(hold, by=affairs, at=NOON, why="算了")
    assert refused.value.code == "second-person"
    lifted = services.lift_hold(hold, by=make.medical_affairs("yiwuchu2"), at=NOON, why="调解了")
    assert lifted.state == "lifted"
    with pytest.raises(NotAllowed):
        services.place_hold(cast.patient, stream=None, reason="我要", by=cast.user, at=NOON)


def test_the_database_too_wants_a_second_person(seeded, affairs):
    cast, _made, _other = seeded
    hold = services.place_hold(cast.patient, stream=None, reason="纠纷", by=affairs, at=NOON)
    hold.state, hold.lifted_at, hold.lifted_by = "lifted", NOON, affairs
    with pytest.raises(IntegrityError), transaction.atomic():
        hold.save()


def test_a_seal_of_nothing_is_refused(wang, affairs):
    with pytest.raises(Refused) as refused:
        services.place_hold(wang[1], stream=uuid.uuid4(), reason="纠纷", by=affairs, at=NOON)
    assert refused.value.code == "nothing-to-seal"

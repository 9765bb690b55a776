"""One house for everybody who tries its doors: people, and things that are theirs.

Built once, really committed (sockets and the auditor look from other connections), and kept as a
template: each module gets a copy, and every try inside it is rolled back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from PIL import Image

from audit import sealing
from audit import services as audit
from audit.models import Alarm as Warned
from audit.models import Event
from doctors import services as doctors
from doctors.models import Credential, Price
from hospital.accounts import services as accounts
from hospital.accounts.models import Passkey, Sitting, User
from hospital.accounts.roles import SIGNED_IN
from hospital.accounts.sessions import digest_of
from hospital.consultations import services as consultations
from hospital.files import services as files
from hospital.his import gateways as cashiers
from hospital.his.models import Cursor, Observation, Quarantined, Report, Stock
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.notifications import services as notifications
from hospital.notifications.models import Notice
from hospital.payments import gateways as tills
from hospital.payments.models import Alarm, Entry, Refund
from hospital.policy.models import Decision, Version
from hospital.regulator import selectors as uploads
from hospital.regulator.models import Upload
from hospital.regulator.news import News
from hospital.regulator.services.queueing import queue
from hospital.regulator.services.steps import take_step
from patients import selectors as records
from patients import services as patients
from patients.models import BillPayment, Link
from prescriptions import gateways as couriers
from prescriptions import services as prescriptions
from prescriptions.models import Drug, Set
from tests import billing, consulting, databases, imports, make, papers, paying, prescribing
from tests.conftest import as_auditor
from tests.uploads import an_upload

HYPERTENSION = ("I10", "原发性高血压", 40)


@dataclass
class World:
    """People and things by name; `keys` holds everybody's session cookie."""

    at: datetime

    def __post_init__(self) -> None:
        self.keys: dict[Any, str] = {}
        self.stale: dict[Any, str] = {}

    def of(self, path: str) -> Any:
        """`waiting.doctor.user`: a thing, or whose it is."""
        return attrgetter(path)(self)


def build() -> World:
    world = World(at=database_now())
    for part in _PARTS:
        part(world)
    sealing.seal(database_now())
    return world


def _people(w: Any) -> None:
    at = w.at
    for role in sorted(SIGNED_IN):
        setattr(w, f"some_{role}", _somebody(role, at))  # with nothing of their own
    w.second_security = make.staff("second-security", "security_admin", at=at)
    w.wang, w.hers = consulting.wang(at)
    w.lina = consulting.account("13800006630", "李娜")  # acts for 王秀兰; the tests end that
    w.family = Link.objects.create(
        patient=w.hers,
        account=w.lina,
        relation="parent",
        is_guardian=False,
        is_proven=True,
        since=at,
    )
    who = consulting.person("赵建民", "13800006621", date(1972, 3, 9), HYPERTENSION, at=at)
    w.zhao = consulting.account("13800006621", "赵建民")
    w.his = consulting.known(w.zhao, who, at=at)
    w.foreign_family = Link.objects.create(
        account=consulting.account("13800006631", "周远"),
        patient=w.his,
        relation="spouse",
        is_proven=True,
        since=at,
    )
    w.zhou = make.doctor("zhouruolan", "周若兰", at=at)  # attends him, and never her
    who = consulting.person("孙静", "13800006622", date(1980, 1, 2), HYPERTENSION, at=at)
    w.quiet = consulting.known(
        consulting.account("13800006622", "孙静"), who, at=at
    )  # asked nobody
    w.luo = make.pharmacist(at=at)


def _somebody(role: str, at: datetime) -> User:
    if role == "patient":
        return consulting.account("13900009999", "路人")
    return make.staff(f"some-{role}", role, at=at)


def _visits(w: Any) -> None:
    """Hers, each with a doctor of its own; his, all with the same other one."""
    at = w.at
    for number, state in enumerate(("unpaid", "waiting", "open", "closed")):
        doctor = make.doctor(f"doctor-{state}", f"陈{'一二三四'[number]}", at=at)
        setattr(w, state, consulting.in_state(state, w.wang, w.hers, doctor, at=at))
    declined = make.doctor("doctor-declined", "陈五", at=at)
    w.declined = consulting.in_state("declined", w.wang, w.hers, declined, at=at)
    consulting.verified(w.waiting.doctor, at=at)
    w.foreign = consulting.in_state("open", w.zhao, w.his, w.zhou, at=at)
    w.foreign_unpaid = consulting.in_state("unpaid", w.zhao, w.his, w.waiting.doctor, at=at)
    w.rated_doctor = make.doctor("doctor-asked", "陈七", at=at)
    w.new_doctor = make.doctor("doctor-new", "陈六", at=at)  # whom nobody has asked yet


def _prescriptions(w: Any) -> None:
    for number, name in enumerate(
        ("draft", "signed", "approved", "paid", "dispensed", "packed", "sent", "returned")
    ):
        doctor = make.doctor(f"writer-{name}", f"许{'一二三四五六七八'[number]}", at=w.at)
        visit = consulting.in_state("open", w.wang, w.hers, doctor, at=w.at)
        cast = prescribing.Cast(w.wang, w.hers, doctor, w.luo, visit)
        setattr(w, name, _prescription(name, cast, w.at))
    other = prescribing.Cast(w.zhao, w.his, w.zhou, w.luo, w.foreign)
    w.foreign_signed = prescribing.signed(other, at=w.at)


def _prescription(name: str, cast: prescribing.Cast, at: datetime) -> Any:
    by = cast.pharmacist.user
    if name == "draft":
        return prescribing.draft(cast, at=at)
    made = prescribing.signed(cast, at=at)
    if name == "signed":
        return made
    if name == "returned":
        return prescriptions.send_back(made, note="剂量偏大", by=by, at=at)
    made = prescriptions.approve(made, by=by, at=at)
    if name == "approved":
        return made
    made = prescribing.ordered(
        cast, made, "courier" if name in ("packed", "sent") else "window", at=at
    )
    paying.settle(made.charge, at=at)
    made.refresh_from_db()
    if name in ("dispensed", "packed", "sent"):
        prescriptions.dispense(made, by=by, at=at)
    if name == "sent":
        prescriptions.ship(made.delivery, by=by, at=at)
    made.refresh_from_db()
    return made


def _of_patients(w: Any) -> None:
    """What else is hers, and the same of his."""
    at = w.at
    for user, patient, visit, mark in (
        (w.wang, w.hers, w.open, ""),
        (w.zhao, w.his, w.foreign, "foreign_"),
    ):
        setattr(w, f"{mark}address", prescribing.address(user))
        report = _report(patient.person, at)
        setattr(w, f"{mark}report", report)
        setattr(w, f"{mark}value", report.observations.get())
        setattr(w, f"{mark}bill", _CASHIER.raises(patient.person, at=at))
        setattr(w, f"{mark}file", _picture(user, patient, visit, at))
        setattr(w, f"{mark}consent", records.consents_of(patient).first())
        notifications.notify(user, kind="tests", title="问诊", body="医生回复了", at=at)
        setattr(w, f"{mark}notice", Notice.objects.filter(to=user).latest("pk"))
        key = {"credential": f"{mark}c", "key": "k", "name": "我的手机", "made_at": at}
        told = {"medicines": [{"name": "鱼油", "dosage": "每天一粒"}]}
        patients.answer(patient, "medicines", said=told, by=user, at=at)
        setattr(w, f"{mark}declared", patient.medicines.get(source="self"))
        setattr(w, f"{mark}passkey", Passkey.objects.create(user=user, **key))
    _let_in(w)
    other = _CASHIER.raises(w.hers.person, at=at)
    patients.order_bill(other, w.hers, by=w.wang, at=at)
    w.bill_payment = BillPayment.objects.get(bill=other)
    w.charge = w.unpaid.charge
    w.foreign_charge = w.foreign_unpaid.charge
    text = records.newest_texts().get(kind="courier")
    patients.consent(w.hers, text, by=w.wang, at=at)
    w.courier_text = text


def _rights(w: Any) -> None:
    """Copies, seals, a correction that waits, a draft of a text."""
    at, sealer = w.at, make.staff("fengcun", "medical_affairs", at=w.at)
    for user, patient, mark in ((w.wang, w.hers, ""), (w.zhao, w.his, "foreign_")):
        copy = patients.ask_export(patient, by=user, at=at)
        patients.make_export(copy.pk, at=at)
        setattr(w, f"{mark}copy", copy)
        stream = w.foreign.public_id if mark else None
        hold = patients.place_hold(patient, stream=stream, reason="纠纷", by=sealer, at=at)
        setattr(w, f"{mark}hold", hold)
    w.correction = patients.ask_correction(w.hers, what="既往史写错了", by=w.wang, at=at)
    words = {"title": "新版", "body": "一", "body_en": "New"}
    w.draft_text = patients.write_draft("service", by=sealer, at=at, **words)


def _let_in(w: Any) -> None:
    """Who read her record, whom she let in or is asked to; who looked through break-glass."""
    at, doctor = w.at, w.open.doctor.user
    patients.open_record(w.hers, by=doctor, at=at, why="care", stream=w.open.public_id)
    patients.open_record(w.his, by=w.zhou.user, at=at, why="care", stream=w.foreign.public_id)
    w.read, w.foreign_read = _last_read(w.hers), _last_read(w.his)
    w.friend = make.doctor("doctor-friend", "陈友", at=at)
    friend = w.friend.user.public_id
    w.share = patients.share(w.hers, doctor=friend, days=30, by=w.wang, at=at)
    w.asked_share = consultations.invite(
        w.open, doctor=w.rated_doctor.user.public_id, why="请一起看看", by=doctor, at=at
    )
    other = w.new_doctor.user.public_id
    w.foreign_share = patients.share(w.his, doctor=other, days=30, by=w.zhao, at=at)
    looked = {"reason": "resuscitation", "note": "急诊科抢救，意识不清，家属不在", "at": at}
    w.glass = patients.break_glass(w.quiet.id_number, by=w.zhou.user, **looked)
    asked = w.rated_doctor.user
    w.ended_glass = patients.break_glass(w.quiet.id_number, by=asked, **looked)
    patients.end_glass(w.ended_glass, by=asked, at=at)
    w.foreign_glass = patients.break_glass(w.quiet.id_number, by=w.new_doctor.user, **looked)


def _last_read(patient: Any) -> Any:
    """Known to the patient's page by its number."""
    with as_auditor():
        read = Event.objects.filter(kind="record.read", about=patient.public_id).latest("id")
    return SimpleNamespace(public_id=read.pk)


def _report(person: Any, at: datetime) -> Report:
    known = {"updated_at": at, "pulled_at": at, "person": person, "at": at - timedelta(days=3)}
    report = Report.objects.create(
        fhir_id=f"report-{person.pk}", kind="laboratory", title="肾功能", **known
    )
    Observation.objects.create(
        fhir_id=f"value-{person.pk}", report=report, code="14682-9", name="肌酐", value=77, **known
    )
    return report


def picture() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (6, 4), "white").save(drawn, "PNG")
    return SimpleUploadedFile("a.png", drawn.getvalue(), content_type="image/png")


def _picture(user: User, patient: Any, visit: Any, at: datetime) -> Any:
    about, stream = patient.public_id, visit.public_id
    kept = {"kind": "consultation", "about": about, "stream": stream}
    return files.keep_image(picture(), by=user, at=at, **kept)


def _privileges(w: Any) -> None:
    """Of 周若兰: one asked for, one in force, one suspended; and one that an office asked for."""
    at = w.at
    until = local_date(at) + timedelta(days=300)
    asked = {"starts_on": local_date(at), "ends_on": until, "at": at}
    w.asked_privilege = doctors.ask_privilege(w.zhou, "emergency", by=w.zhou.user, **asked)
    w.privilege = w.zhou.privileges.get(kind="prescribe")
    held = w.zhou.privileges.get(kind="antimicrobial")
    w.suspended_privilege = doctors.suspend_privilege(
        held, by=w.some_medical_affairs, at=at, why="处方点评"
    )
    w.own_privilege = doctors.ask_privilege(
        w.new_doctor, "paediatrics", by=w.some_medical_affairs, **asked
    )


def _trouble(w: Any) -> None:
    """One row in every table that the back office looks at."""
    at = w.at
    waiting = make.clinician(
        "wutong", "吴桐", kind="doctor", department="内分泌科", title="attending", at=at
    )
    w.submitted = doctors.submit_credential(
        waiting,
        **make.certificates(waiting),
        institution="示范大学第三医院",
        scope="内科专业",
        independent_since=local_date(at) - timedelta(days=2000),
        valid_until=local_date(at) + timedelta(days=1000),
        by=waiting.user,
        at=at,
    )
    w.suspended = _suspended(at)
    _privileges(w)
    w.credential = Credential.objects.get(clinician=w.zhou, state="approved")
    w.training = doctors.record_training(
        w.zhou,
        kind="assessment",
        topic="互联网诊疗规范",
        on=local_date(at) - timedelta(days=30),
        score=92,
        is_passed=True,
        by=w.some_medical_affairs,
        at=at,
    )
    w.handover = _handed(w, "stopped", "孙歇", "心血管内科", w.wang, w.hers)
    w.foreign_handover = _handed(w, "stopped-too", "孙息", "皮肤科", w.zhao, w.his)
    w.running_duty = w.luo.duties.get()
    later = {"starts_at": at + timedelta(days=1), "ends_at": at + timedelta(days=1, hours=4)}
    by = w.some_medical_affairs
    w.duty = doctors.roster(w.luo, by=by, at=at, **later)
    w.foreign_duty = doctors.roster(w.zhou, by=by, at=at, **later)
    w.upload, w.quarantined_upload = an_upload(at=at), _quarantined_upload(w.signed, at)
    w.alarm = Alarm.objects.create(kind="amount", trade_no="x", at=at)
    w.warned = _warned(w.wang.public_id, at)
    w.looked_into = _warned(w.zhao.public_id, at)
    audit.acknowledge(w.looked_into, by=w.some_audit_admin, at=at)
    w.guarded = patients.protect(w.quiet, by=w.some_medical_affairs, at=at, why="本院职工")
    w.cursor = Cursor.objects.create(resource="Patient", error="unreachable")
    w.quarantined = Quarantined.objects.create(
        resource="Invoice", fhir_id=w.bill.fhir_id, why="no price", body="{}", at=at
    )  # which has been put right meanwhile
    w.stock = Stock.objects.create(
        fhir_id="m-1", drug="阿司匹林 100mg", packs=3, updated_at=at, pulled_at=at
    )
    by, why = w.second_security, "兼任，已与科室核实"
    w.asked_role = accounts.ask_role(w.zhou.user, "pharmacy", by=by, at=at, why=why)
    by = w.some_security_admin
    w.own_asked_role = accounts.ask_role(w.friend.user, "pharmacy", by=by, at=at, why=why)
    _offered(w)
    w.refund, w.entry = Refund.objects.latest("pk"), Entry.objects.latest("pk")
    w.version, w.decision = Version.objects.latest("pk"), Decision.objects.latest("pk")
    w.drug, w.dispensing = Drug.objects.latest("pk"), w.sent.dispensing
    w.disabled = make.staff("gone", "doctor", at=at)
    User.objects.filter(pk=w.disabled.pk).update(is_active=False)
    with as_auditor():
        w.event = Event.objects.latest("id")


def _papers(w: Any) -> None:
    """Of her for one department, of him for another; one that was confirmed; a doctor's words."""
    at = w.at
    w.other_place = make.doctor("doctor-endo", "陈内", department="内分泌科", at=at)
    w.paper = papers.handed_in(w.wang, w.hers, at=at)
    w.confirmed_paper = papers.confirmed(papers.handed_in(w.wang, w.hers, at=at), w.zhou, at=at)
    w.foreign_paper = papers.handed_in(w.zhao, w.his, department="内分泌科", at=at)
    said = {"first": "I10", "second": "I25.1", "why": "同一次住院，编码不同", "at": at}
    w.one_disease = patients.name_one_disease(w.hers, by=w.open.doctor.user, **said)
    w.foreign_one_disease = patients.name_one_disease(w.his, by=w.zhou.user, **said)


def _lists(w: Any) -> None:
    """A list that a colleague has handed in, and one's own."""
    w.second_affairs = make.staff("second-affairs", "medical_affairs", at=w.at)
    by = {"sheet": w.second_affairs, "own_sheet": w.some_medical_affairs}
    for place, (name, who) in enumerate(by.items()):
        data = imports.csv_of(imports.person(f"d800{place}", "沈八"))
        setattr(w, name, imports.kept(data, by=who, at=w.at))


def _offered(w: Any) -> None:
    """What doctors set up of their work, and a line of the price list that waits."""
    at, month = w.at, local_date(w.at) + timedelta(days=30)
    w.proposed = doctors.propose_price(
        code="FU-WORLD",
        kind="followup",
        name="在线复诊",
        name_en="Online follow-up",
        price_fen=5000,
        starts_on=month,
        by=w.some_finance,
        at=at,
    )
    w.published = Price.objects.filter(state="published").earliest("pk")
    for prefix, who in (("", w.zhou), ("foreign_", w.new_doctor)):
        by = who.user
        leave = doctors.take_leave(who, starts_on=month, ends_on=month, by=by, at=at)
        setattr(w, f"{prefix}leave", leave)
        setattr(w, f"{prefix}reply", doctors.add_reply(who, "请按时吃药。", by=by, at=at))
        setattr(w, f"{prefix}set", Set.objects.create(doctor=who, name="高血压常用", kept_at=at))


def _handed(w: Any, username: str, name: str, department: str, user: User, patient: Any) -> Any:
    """An open visit whose doctor has been suspended meanwhile."""
    doctor = make.doctor(username, name, department=department, at=w.at)
    visit = consulting.in_state("open", user, patient, doctor, at=w.at)
    credential = Credential.objects.get(clinician=doctor)
    doctors.suspend(credential, why="投诉待查", by=make.medical_affairs(), at=w.at)
    consultations.relieve(visit, at=w.at)
    return visit.handovers.get()


def _warned(actor: Any, at: datetime) -> Warned:
    audit.alarm("many-refused", actor=actor, at=at, count=20)
    return Warned.objects.latest("pk")


def _suspended(at: datetime) -> Any:
    who = make.doctor("suspended", "孙停", at=at)
    credential = Credential.objects.get(clinician=who)
    return doctors.suspend(credential, why="投诉待查", by=make.medical_affairs(), at=at)


def _quarantined_upload(signed: Any, at: datetime) -> Any:
    news = News(
        1_000_000, "prescription.sign", at, f"prescriptions.prescription:{signed.public_id}"
    )
    with transaction.atomic():
        queue(uploads.locked_stream(signed.consultation.public_id), news, at=at)
    upload = Upload.objects.get(event=news.event)
    with transaction.atomic():
        take_step("quarantine", upload, by=None, at=at)
    return upload


def _sittings(w: Any) -> None:
    """Everybody has signed in; `stale` are sessions without a fresh proof."""
    for user in User.objects.filter(is_active=True):
        w.stale[user.pk] = _key(make.sitting_of(user, fresh=False))
        w.keys[user.pk] = _key(make.sitting_of(user))
    by = w.some_system_admin
    w.invited = accounts.add_staff("invited", name="新人", roles=[], by=by, at=w.at)  # never yet in
    w.sitting = Sitting.objects.filter(user=w.wang).latest("signed_in_at")
    w.foreign_sitting = Sitting.objects.filter(user=w.zhao).latest("signed_in_at")


def _key(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _prove_again(w: World) -> None:
    """The window of a proof may have closed since the house was built."""
    for user in User.objects.filter(pk__in=w.keys):
        method = "totp" if user.has_password else "sms"
        session = digest_of(w.keys[user.pk])
        accounts.verified(user, method=method, at=database_now(), session=session)


_CASHIER = billing.Cashier()
_PARTS = (
    _people,
    _visits,
    _prescriptions,
    _of_patients,
    _rights,
    _trouble,
    _papers,
    _lists,
    _sittings,
)
_kept: list[World] = []
_FRESH = timedelta(minutes=5)  # a house grows old: bills lapse, sessions and looks end


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """The house in a database of its own, with a till and a courier that answer."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        folder = tmp_path_factory.getbasetemp() / "world"
        patch.setattr(settings, "MEDIA_ROOT", folder / "media")
        patch.setattr(settings, "AUDIT_ANCHOR_DIR", str(folder / "anchors"))
        patch.setattr(tills, "channel", lambda _name: paying.Gateway())
        patch.setattr(cashiers, "read", _CASHIER.read)
        courier = prescribing.Courier()
        patch.setattr(couriers, "order", courier.order)
        patch.setattr(couriers, "track", courier.track)
        name = connection.settings_dict["NAME"]
        template = f"world_{name}"
        if not _kept or database_now() - _kept[0].at > _FRESH:
            databases.make(name)
            _kept[:] = [build()]
            databases.copy(name, template)
        databases.copy(template, name)
        _prove_again(_kept[0])
        yield _kept[0]
        databases.make(name)

"""The way of one follow-up through the pages of all three roles, and what these pages refuse."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from hospital.demo.journey.way import drawing
from tests import databases, stack
from tests.browser.way.auditor import Auditor
from tests.browser.way.doctor import Doctor
from tests.browser.way.outside import Outside
from tests.browser.way.patient import Patient
from tests.browser.way.pharmacist import Pharmacist
from tests.browser.way.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEART, SKIN = "心血管内科", "皮肤科"
AMLODIPINE, COTRIMOXAZOLE, ZOLPIDEM = "苯磺酸氨氯地平片", "复方磺胺甲噁唑片", "酒石酸唑吡坦片"
STEPS: Final = (  # what the trail tells of a visit that went well, in this order
    *("consultation.order", "consultation.pay", "consultation.accept", "message.say", "file.keep"),
    *("prescription.begin", "prescription.sign", "prescription.approve", "prescription.order"),
    *("prescription.dispense", "delivery.ship", "delivery.deliver"),
    *("consultation.close", "consultation.rate"),
)
UPLOADS: Final = ("诊疗", "处方", "审方", "调剂", "配送", "评价")
LONG: Final = 600  # seconds, on the busiest machine


@pytest.fixture(scope="module")
def whole(chromium, django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[stack.Whole]:
    """A hospital of this file's own: web, worker, beat, and the world outside."""
    name = f"whole_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    before = settings.DATABASES["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.make(name)
        databases.point_at(before)
    with stack.whole_platform(name, tmp_path_factory.mktemp("whole")) as running:
        yield running
    with django_db_blocker.unblock():
        databases.drop(name)


@pytest.fixture
def played(whole, chromium) -> Callable[..., Any]:
    """`played(story)`: what the story returns, played in browsers; its console stays quiet."""

    def perform(browser: Browser, story: Callable[[Stage, Outside], Any]) -> Any:
        stage = Stage(browser, whole.base, story.__name__.replace("_", "-"))
        shutil.rmtree(stage.folder, ignore_errors=True)
        try:
            told = story(stage, Outside(whole.outside, stage.desk()))
            assert stage.complaints == []
        except BaseException:
            stage.close(failed=True)
            raise
        stage.close()
        return told

    return lambda story: chromium.do(perform, story, seconds=LONG)


def newcomer(stage: Stage, outside: Outside, **wish: Any) -> Patient:
    """A patient of the heart clinic, forty days ago; signed in by telephone."""
    seen = {"diagnosis": "I10", "department": HEART, "days_ago": 40, "birth_date": "1961-04-12"}
    known = outside.newcomer(**{"sex": "female"} | seen | wish)
    patient = Patient(stage, outside, stage.phone(), known)
    patient.sign_in()
    return patient


# --- the whole way ------------------------------------------------------------------------------


def test_one_follow_up_from_the_texted_code_to_the_inspectors(played):
    told, uploads = played(follow_up)
    places = [told.index(kind) for kind in STEPS]
    assert places == sorted(places)
    assert told.count("regulator.acknowledge") >= len(UPLOADS)
    assert [name for name in UPLOADS if name not in uploads] == []


def follow_up(stage: Stage, outside: Outside) -> tuple[list[str], str]:
    patient = newcomer(stage, outside)
    patient.make_record(allergies="磺胺类")
    patient.read_reports()
    doctor = Doctor(stage, outside, stage.desk(), "陈思远")
    visit = ask(patient, doctor)
    talk(patient, doctor)
    prescribe(doctor)
    pharmacist = Pharmacist(stage, outside, stage.desk(), "罗敏")
    bring_medicines(patient, pharmacist)
    doctor.close()
    patient.open_visit(visit)
    patient.rate()
    return oversee(stage, outside, visit)


def ask(patient: Patient, doctor: Doctor) -> str:
    """Order, pay, be accepted; the id of the visit."""
    patient.choose(HEART, doctor.name)
    patient.order("血压药快吃完了，最近早上起来有点头晕。")
    patient.pay()
    visit = patient.await_doctor()
    doctor.sign_in(home="工作台")
    doctor.keep("医生首页")
    doctor.accept(patient.known["name"])
    patient.enter_chat()
    return visit


def talk(patient: Patient, doctor: Doctor) -> None:
    patient.say("医生您好，这是这几天的血压。")
    doctor.hears("这是这几天的血压")
    patient.show(drawing())
    doctor.sees_a_picture()
    doctor.say("看到了，我给您续上药。")
    patient.hears("我给您续上药")
    patient.keep("聊天")
    doctor.keep("医生-聊天")


def prescribe(doctor: Doctor) -> None:
    """What she is allergic to is blocked; the other medicine is signed."""
    doctor.open_drawer()
    doctor.add("磺胺", COTRIMOXAZOLE)
    expect(doctor.finding(COTRIMOXAZOLE, "RX-ALLERGY")).to_be_visible()
    expect(doctor.drawer.get_by_text("才能签名")).to_be_visible()
    doctor.keep("过敏禁忌")
    doctor.remove(COTRIMOXAZOLE)
    doctor.add("aldp", AMLODIPINE)
    doctor.dose(AMLODIPINE, "5", "每日 1 次 qd", "7")
    expect(doctor.drawer.get_by_text("规则检查通过")).to_be_visible()
    doctor.keep("规则通过")
    doctor.sign()


def bring_medicines(patient: Patient, pharmacist: Pharmacist) -> None:
    name = patient.known["name"]
    pharmacist.sign_in(home="工作台")
    pharmacist.keep("药师首页")
    pharmacist.review(name)
    pharmacist.approve()
    patient.open_prescription(says="审核通过")
    patient.order_medicines()
    pharmacist.dispense(name)
    patient.outside.deliver(patient.track())
    patient.receive()
    patient.read_sheet()


def oversee(stage: Stage, outside: Outside, visit: str) -> tuple[list[str], str]:
    """What the inspectors' page and the trail tell."""
    inspected = outside.inspect(visit)
    stage.keep(inspected, "监管平台")
    uploads = inspected.locator("main").inner_text()
    auditor = Auditor(stage, outside, stage.desk(), "史鉴")
    auditor.sign_in(home="工作台")
    auditor.keep("管理后台")
    return auditor.read_case(visit), uploads


# --- what the pages refuse ----------------------------------------------------------------------


def test_a_first_visit_is_led_to_the_clinic(played):
    played(first_visit)


def first_visit(stage: Stage, outside: Outside) -> None:
    stage.keeps = False
    patient = newcomer(stage, outside, history=False)
    patient.make_record()
    patient.choose(HEART, "周若兰")
    stage.keeps = True
    patient.reads_refusal("VISIT-FOLLOW-UP", "首次就诊", "互联网诊疗管理办法")
    expect(patient.page.get_by_role("button", name="暂时不能下单")).to_be_disabled()
    patient.keep("首诊不能在线")


def test_a_child_under_six_is_seen_with_a_guardian_only(played):
    played(young_child)


def young_child(stage: Stage, outside: Outside) -> None:
    stage.keeps = False
    patient = newcomer(stage, outside, history=False)
    patient.make_record()
    parent = patient.known
    guardian = {"name": parent["name"], "phone": parent["phone"], "relationship": "母亲"}
    wish = {"birth_date": "2022-05-20", "diagnosis": "L20.9", "department": SKIN, "days_ago": 40}
    child = outside.newcomer(name="郭小雨", **wish, phone=parent["phone"], guardian=guardian)
    stage.keeps = True
    patient.add_child(child)
    patient.choose("儿科", "沈一鸣")
    patient.order_for(child["name"])
    patient.keep("儿童-核验")
    patient.ask_for_child("湿疹又犯了。")
    patient.reads_refusal("VISIT-YOUNG-CHILD", "监护人", "第十九条")
    patient.keep("六岁以下须监护人陪伴")


def test_a_doctor_may_end_it_and_the_money_comes_back(played):
    played(referred)


def referred(stage: Stage, outside: Outside) -> None:
    """A psychotropic drug is refused at signing; the doctor refers to the clinic instead."""
    stage.keeps = False
    patient = newcomer(stage, outside)
    patient.make_record()
    doctor = Doctor(stage, outside, stage.desk(), "林静")
    visit = ask(patient, doctor)
    stage.keeps = True
    doctor.open_drawer()
    doctor.add("唑吡坦", ZOLPIDEM)
    doctor.dose(ZOLPIDEM, "10", "每晚 1 次 qn", "7")
    expect(doctor.finding(ZOLPIDEM, "RX-CONTROLLED")).to_be_visible()
    doctor.may_not_sign("RX-CONTROLLED")
    expect(doctor.finding(ZOLPIDEM, "互联网诊疗管理办法")).to_be_visible()
    doctor.keep("精神药品不能在线开具")
    doctor.close_drawer()
    doctor.refer("病情有变化", "胸闷加重，请今天就到心血管内科门诊。")
    patient.open_visit(visit)
    expect(patient.page.get_by_text("请到线下就诊")).to_be_visible()
    patient.keep("已转线下")
    patient.page.goto("/")
    patient.sees_money_back("80.00")

"""Exhibits of the component gallery: one of each thing a page can be made of. All invented."""

from collections.abc import Iterator
from typing import Any

from django import forms

from hospital.kernel.lifecycle import Face
from hospital.kernel.rules import Verdict, block, check, info, reason, rule

FACES = (
    Face("待支付", "To pay", "warn", "wallet"),
    Face("待接诊", "Waiting", "info", "clock"),
    Face("问诊中", "Open", "brand", "message-circle"),
    Face("已结束", "Closed", "mute", "circle-check"),
    Face("药师审核中", "In review", "violet", "shield-check"),
    Face("审核通过", "Approved", "ok", "badge-check"),
    Face("审核未通过", "Rejected", "danger", "circle-x"),
)
LAB = [
    ("1 月", 71.0),
    ("3 月", 74.0),
    ("5 月", 79.0),
    ("7 月", 86.0),
    ("9 月", 91.0),
    ("11 月", 98.0),
]
CASES = [("周一", 12), ("周二", 9), ("周三", 15), ("周四", 11), ("周五", 18)]


class Specimen(forms.Form):
    name = forms.CharField(label="姓名")
    id_number = forms.CharField(label="身份证号", help_text="和身份证上的一致。", min_length=18)
    word = forms.CharField(label="补充说明", required=False, widget=forms.Textarea({"rows": 2}))
    been = forms.ChoiceField(
        label="14 天内是否去过外地？",
        choices=[("no", "没有"), ("yes", "有")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="我已阅读并同意")


@rule(
    id="EXAMPLE",
    register="E00",
    source="示例",
    says="含磺胺甲噁唑，患者磺胺类过敏。",
    says_en="Contains sulfamethoxazole; the patient is allergic to sulfonamides.",
    todo="请换一种药。",
)
def _example(_facts: None) -> Iterator[Verdict]:
    yield block()
    yield reason(
        says="与螺内酯合用，有高钾风险。", says_en="With spironolactone potassium may rise."
    )
    yield info(says="哺乳期妇女请核对说明书。", says_en="Check the leaflet while breastfeeding.")


def everything() -> dict[str, Any]:
    return {
        "faces": FACES,
        "lab": LAB,
        "cases": CASES,
        "spark": [4.2, 4.4, 4.5, 4.9, 5.1, 5.4],
        "form": Specimen({"name": "王秀兰", "id_number": "11010819580617", "been": "no"}),
        "findings": check((_example,), None),
    }

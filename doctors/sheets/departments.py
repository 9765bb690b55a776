"""科室表: the hospital's departments with their 诊疗科目, known by their code."""

import re
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doctors.sheets.columns import Column, Sheet, word
from hospital.kernel.normalise import folded
from hospital.kernel.refusals import Refused

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9_.-]{0,15}")
_SUBJECT: Final = re.compile(r"[0-9]{2}(\.[0-9]{2}){0,2}")


def _code(text: str) -> str:
    code = folded(text).upper()
    if not _CODE.fullmatch(code):
        raise Refused(_("科室编码用字母和数字，最多 16 个。"), code="department-code")
    return code


def _subject(text: str) -> str:
    code = folded(text)
    if not _SUBJECT.fullmatch(code):
        raise Refused(
            _("诊疗科目编码应像 03 或 03.04。请把这一列设成“文本”格式；不看病的科室留空。"),
            code="subject-malformed",
        )
    return code


SHEET: Final = Sheet(
    kind="departments",
    label=gettext_lazy("科室"),
    key="code",
    columns=(
        Column("code", "科室编码", must=True, read=_code, example="CARD"),
        Column("name", "科室名称", also=("名称",), must=True, read=word(64), example="心血管内科"),
        Column("name_en", "英文名称", must=True, read=word(64), example="Cardiology"),
        Column("subject_code", "诊疗科目编码", also=("诊疗科目",), read=_subject, example="03.04"),
        Column("parent", "上级科室编码", also=("上级科室",), read=_code),
    ),
    twice=(("code",), ("name",)),
)

"""One report as a sheet to print or hand on: PDF, with the font of the booklets."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from fpdf import FontFace
from fpdf.enums import WrapMode, XPos, YPos

from hospital.his.models import Report
from hospital.web.times import moment
from patients.booklet import FAMILY, Paper, in_words
from patients.models import Patient
from patients.reports.items import Item

_WIDTHS = (40, 30, 20, 30, 20)
_MARKS = {"high": "↑", "low": "↓", "abnormal": "!"}


def sheet(
    report: Report, items: Sequence[Item], *, patient: Patient, hospital: str, at: datetime
) -> bytes:
    """What is out of the ordinary is marked by a sign and a word; no trend, no explanation."""
    paper = Paper(f"{hospital} · {report.title}", at)
    paper.add_page()
    _write(paper, report.title, size=18, height=11)
    about = (patient.name, {"male": _("男"), "female": _("女")}[patient.sex], in_words(report.at))
    _write(paper, "   ".join(about))
    if report.conclusion:
        _write(paper, _("结论：%(says)s") % {"says": report.conclusion})
    if items:
        paper.ln(2)
        _table(paper, items)
    paper.ln(3)
    _write(
        paper,
        _("由互联网医院按院内系统的资料生成于 %(at)s，不是盖章的正式报告。") % {"at": moment(at)},
        size=8,
    )
    return bytes(paper.output())


def _table(paper: Paper, items: Sequence[Item]) -> None:
    words = {"high": _("偏高"), "low": _("偏低"), "abnormal": _("异常")}
    paper.set_font(FAMILY, size=9)
    heads = (_("项目"), _("结果"), _("单位"), _("参考"), _("提示"))
    plain = FontFace(emphasis="")
    with paper.table(
        col_widths=_WIDTHS, wrapmode=WrapMode.CHAR, line_height=6, headings_style=plain
    ) as table:
        table.row(heads)
        for item in items:
            mark = f"{_MARKS[item.flag]} {words[item.flag]}" if item.flag else ""
            table.row((item.row.name, item.said, item.row.unit, item.reference, mark))


def _write(paper: Paper, words: str, *, size: int = 10, height: int = 6) -> None:
    paper.set_font(FAMILY, size=size)
    paper.multi_cell(
        0, height, words, wrapmode=WrapMode.CHAR, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
    )

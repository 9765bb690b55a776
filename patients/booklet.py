"""The copy of a record as people read it: PDF, with an embedded font that has the rare characters.

Noto Sans CJK (SIL Open Font License) comes as a wheel; only the glyphs that are used go into a
file. What the font lacks (emoji, the youngest extensions of Unicode) is drawn as an empty box
here and stands whole in the JSON beside it. A long record comes in several volumes, so that no
more than one is held in memory.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from noto_cjk_sans_otc import FONT_PATH

PAGES: Final = 200  # of one volume
_SIMPLIFIED: Final = 2  # which face of the collection: Noto Sans CJK SC
FAMILY: Final = "han"
_MARGIN: Final = 18  # millimetres
logging.getLogger("fpdf").setLevel(logging.ERROR)  # a missing glyph is no news
logging.getLogger("fontTools").setLevel(logging.ERROR)


class Paper(FPDF):
    """A4 with a line at the head and the number of the page at the foot."""

    def __init__(self, head: str, at: datetime) -> None:
        super().__init__(format="A4")
        self.head = head
        self.set_margin(_MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 4)
        self.add_font(FAMILY, "", str(FONT_PATH), collection_font_number=_SIMPLIFIED)
        self.set_creation_date(at)
        self.set_title(head)
        self.set_lang("zh-CN")

    def header(self) -> None:
        self.set_font(FAMILY, size=8)
        self.set_text_color(110)
        self.cell(0, 6, self.head, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(0)

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FAMILY, size=8)
        self.set_text_color(110)
        self.cell(0, 6, str(self.page_no()), align="C")


class Booklet:
    """Sections and rows, one after the other; `full` takes each volume as it is finished."""

    def __init__(self, head: str, *, at: datetime, full: Callable[[int, bytes], None]) -> None:
        self._head, self._at, self._full, self._volume = head, at, full, 0
        self._paper = self._fresh()

    def preface(self, title: str, lines: list[str]) -> None:
        self._write(title, size=20, height=12)
        for line in lines:
            self._write(line)

    def section(self, title: str) -> None:
        self._paper.ln(4)
        self._write(title, size=14, height=9)

    def row(self, labels: Mapping[str, Any], row: Mapping[str, Any]) -> None:
        """Each label that has something to say on a line; the rest of the row is in the JSON."""
        if self._paper.page_no() >= PAGES:
            self._close()
            self._paper = self._fresh()
        said = [(str(label), in_words(row.get(key))) for key, label in labels.items()]
        for label, words in said:
            if words:
                self._write(f"{label}：{words}")
        self._paper.ln(2)

    def finish(self) -> None:
        self._close()

    def _fresh(self) -> Paper:
        paper = Paper(self._head, self._at)
        paper.add_page()
        return paper

    def _close(self) -> None:
        self._volume += 1
        self._full(self._volume, bytes(self._paper.output()))

    def _write(self, text: str, *, size: int = 10, height: int = 6) -> None:
        self._paper.set_font(FAMILY, size=size)
        self._paper.multi_cell(
            0, height, text, wrapmode=WrapMode.CHAR, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )


def in_words(value: Any) -> str:
    """A value of a row as a line of text."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return _("是") if value else _("否")
        case datetime():
            return f"{localtime(value):%Y-%m-%d %H:%M}"
        case date():
            return f"{value:%Y-%m-%d}"
        case {"name": str(name), "code": str(code)}:
            return f"{name}（{code}）"
        case dict():
            return " ".join(filter(None, (in_words(each) for each in value.values())))
        case list() | tuple():
            return "；".join(filter(None, (in_words(each) for each in value)))
    return str(value)

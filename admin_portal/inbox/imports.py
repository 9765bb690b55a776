"""Lists that a colleague has handed in; the second person stands for the roles that they give."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _

from admin_portal.inbox.frame import Decided, Fact, Kind, Words, register
from admin_portal.inbox.telling import steps_of
from doctors import selectors
from doctors.lifecycle import ImportState
from doctors.models import Import
from hospital.accounts.models import User


def _theirs(user: User) -> QuerySet[Import]:
    """The second person's; from the command line there is none."""
    return selectors.imports_visible_to(user).exclude(checked_by=user).filter(by_command=False)


def _rows(user: User, _at: datetime) -> QuerySet[Import]:
    return _theirs(user).filter(state=ImportState.CHECKED)


def _title(row: Import) -> Words:
    return said("%(kind)s，%(rows)s 行") % {"kind": row.get_kind_display(), "rows": row.rows}


def _link(row: Import) -> SafeString:
    """Every row stands on its own page, a page of them at a time."""
    where = reverse("admin:doctors_import_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', where, said("看每一行"))


def _facts(row: Import) -> list[Fact]:
    return [
        Fact(_("名单"), row.get_kind_display()),
        Fact(_("行数"), row.rows),
        Fact(_("文件"), row.name),
        Fact(_("上传的人"), str(row.checked_by)),
        Fact(_("名单内容"), _link(row)),
    ]


def _decided(row: Import) -> Decided:
    return Decided(row.face, str(row.confirmed_by or ""), row.confirmed_at or row.ended_at)


register(
    Kind(
        name="import",
        label=_("名单导入"),
        access="admin.imports",
        asked_at="checked_at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=_facts,
        decided=_decided,
        steps=steps_of(Import, "confirm", "stop"),
    )
)

"""A copy of everything that a patient has here, for the patient (个人信息保护法 第四十五条)."""

import hashlib
import secrets
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.accounts.models import User
from hospital.files import parcels, vault
from hospital.kernel import jobs
from hospital.kernel.canonical import canonical, digest
from hospital.kernel.refusals import WrongState, require
from hospital.notifications import services as notifications
from patients import exporting, selectors
from patients.booklet import Booklet
from patients.exporting import Asking
from patients.lifecycle import EXPORT, ExportState
from patients.models import Export, Patient
from patients.permissions import may_export

KEPT: Final = timedelta(hours=24)
LEASE: Final = timedelta(minutes=10)  # of a worker; longer ones have died
TRIES: Final = 3


@transaction.atomic
def ask_export(patient: Patient, *, by: User, at: datetime) -> Export:
    """Have a copy made in the background. While one is alive, asking again gives the same."""
    patient = selectors.locked(patient)
    require(may_export(by, patient), _("只有本人或监护人可以下载全部资料。"))
    alive = selectors.exports_of(by).filter(patient=patient, state__in=["asked", "ready"]).first()
    if alive is not None:
        return alive
    export = Export.objects.create(patient=patient, account=by, asked_at=at)
    audit.record("patient.export-ask", by=by, on=export, about=patient.public_id, at=at)
    jobs.after_commit("patients.make_export", export.pk)
    return export


def make_export(export_id: int, *, at: datetime) -> bool:
    """Make the copy. Not atomic: claim, write the sealed parcel, settle. Twice is once.

    False where there is nothing to make, or another worker is making it.
    """
    export = _claim(export_id, at=at)
    if export is None:
        return False
    packing = parcels.Packing(export.public_id, secrets.token_hex(4))
    try:
        with translation.override(settings.LANGUAGE_CODE):
            rows = _write(export, packing, at=at)
        sum_of = packing.finish()
    except BaseException:
        packing.give_up()
        raise
    return _settle(export, rows=rows, size=packing.size, digest=sum_of, at=at)


@transaction.atomic
def open_export(export: Export, *, by: User, at: datetime) -> Iterator[bytes]:
    """The bytes, to the account that asked and still may; a line in the trail."""
    export = selectors.locked_export(export)
    require(export.account_id == by.pk and may_export(by, export.patient), _("没有找到。"))
    if export.state != ExportState.READY or export.ends_at is None or export.ends_at <= at:
        raise WrongState(_("这份副本已经过期，请重新申请。"), code="export-over")
    audit.record(
        "patient.export",
        by=by,
        on=export,
        about=export.patient.public_id,
        at=at,
        why="own",
        rows=export.rows,
        size=export.size,
    )
    return parcels.unpacked(export.public_id)


def sweep_exports(*, at: datetime) -> int:
    """End copies whose day is over, wake forgotten ones, give up on those that always fail."""
    alive = _alive()
    lost = Q(state=ExportState.ASKED) & (Q(began_at=None) | Q(began_at__lte=at - LEASE))
    done = 0
    for export in alive.filter(Q(ends_at__lte=at) | lost).order_by("pk")[:50]:
        if export.state == ExportState.READY:
            done += _end(export, at=at)
        elif export.tries >= TRIES:
            done += _fail(export, at=at)
        else:
            jobs.after_commit("patients.make_export", export.pk)
    known = set(alive.values_list("public_id", flat=True))
    return done + parcels.sweep(known, at=at)


def end_exports_of(patient: Patient, *, at: datetime) -> None:
    """The copies of this patient are no longer to be had; in the caller's transaction."""
    for export in _alive().filter(patient=patient):
        _end(export, at=at)


def end_exports_by(account: User, *, at: datetime) -> None:
    """Nor are those that this account asked for."""
    for export in _alive().filter(account=account):
        _end(export, at=at)


def _alive() -> QuerySet[Export]:
    return Export.objects.filter(state__in=[ExportState.ASKED, ExportState.READY])


@transaction.atomic
def _claim(export_id: int, *, at: datetime) -> Export | None:
    free = Q(began_at=None) | Q(began_at__lte=at - LEASE)
    claimed = Export.objects.filter(free, pk=export_id, state=ExportState.ASKED, tries__lt=TRIES)
    if not claimed.update(began_at=at, tries=F("tries") + 1):
        return None
    return Export.objects.select_related("patient__person", "account").get(pk=export_id)


@transaction.atomic
def _settle(export: Export, *, rows: int, size: int, digest: str, at: datetime) -> bool:
    fresh = selectors.locked_export(export)
    if fresh.state != ExportState.ASKED or fresh.began_at != export.began_at:
        return False
    fresh.state = EXPORT.after(fresh.state, "finish")
    fresh.rows, fresh.size, fresh.digest = rows, size, digest
    fresh.ready_at, fresh.ends_at = at, at + KEPT
    fresh.save()
    audit.record(
        "patient.export-ready",
        by=None,
        on=fresh,
        about=fresh.patient.public_id,
        at=at,
        rows=rows,
        size=size,
        digest=digest,
    )
    notifications.notify(
        fresh.account,
        kind="patient.export-ready",
        title=gettext_noop("您的资料副本准备好了"),
        body=gettext_noop("24 小时内可以下载，过期后文件会删除。"),
        at=at,
        link="/me/data/",
    )
    return True


@transaction.atomic
def _end(export: Export, *, at: datetime) -> bool:
    fresh = selectors.locked_export(export)
    if fresh.state not in (ExportState.READY, ExportState.ASKED):
        return False
    fresh.state = EXPORT.after(fresh.state, "end")
    fresh.save(update_fields=["state"])
    audit.record("patient.export-end", by=None, on=fresh, about=fresh.patient.public_id, at=at)
    transaction.on_commit(lambda: parcels.drop(fresh.public_id), robust=True)
    return True


@transaction.atomic
def _fail(export: Export, *, at: datetime) -> bool:
    fresh = selectors.locked_export(export)
    if fresh.state != ExportState.ASKED:
        return False
    fresh.state = EXPORT.after(fresh.state, "fail")
    fresh.save(update_fields=["state"])
    audit.record("patient.export-give-up", by=None, on=fresh, about=fresh.patient.public_id, at=at)
    return True


def _write(export: Export, packing: parcels.Packing, *, at: datetime) -> int:
    """The archive, front to back. Returns how many rows it has."""
    asking = Asking(
        export.patient,
        export.account,
        is_own=selectors.is_own(export.account, export.patient),
    )
    with zipfile.ZipFile(packing, "w", zipfile.ZIP_DEFLATED) as archive:
        counted = {
            section.name: _write_rows(archive, section, asking) for section in exporting.sections()
        }
        _write_files(archive, asking)
        _write_booklet(archive, asking, at=at)
        manifest = {
            "form": exporting.FORM,
            "hospital": settings.HOSPITAL_NAME,
            "patient": export.patient.public_id,
            "made_at": at,
            "sections": counted,
        }
        archive.writestr("manifest.json", canonical(manifest))
    return sum(each["rows"] for each in counted.values())


def _write_rows(
    archive: zipfile.ZipFile, section: exporting.Section, asking: Asking
) -> dict[str, Any]:
    """One JSON array, a canonical row on each line; its count, and SHA-256 of its rows' digests."""
    count, sum_of = 0, hashlib.sha256()
    with archive.open(f"data/{section.name}.json", "w", force_zip64=True) as out:
        out.write(b"[")
        for row in section.collect(asking):
            out.write((",\n" if count else "\n").encode() + canonical(row).encode())
            count += 1
            sum_of.update(digest(row).encode())
        out.write(b"\n]\n")
    return {"rows": count, "digest": sum_of.hexdigest()}


def _write_files(archive: zipfile.ZipFile, asking: Asking) -> None:
    """The pictures, each by its id; one at a time in memory."""
    for section in exporting.sections():
        if section.name != "files":
            continue
        for row in section.collect(asking):
            ending = "pdf" if row["media_type"] == "application/pdf" else "jpg"
            archive.writestr(f"files/{row['file']}.{ending}", vault.get(row["file"]))


def _write_booklet(archive: zipfile.ZipFile, asking: Asking, *, at: datetime) -> None:
    def full(volume: int, pages: bytes) -> None:
        archive.writestr(f"record-{volume}.pdf", pages)

    who = asking.patient.name
    booklet = Booklet(f"{settings.HOSPITAL_NAME} · {who}", at=at, full=full)
    booklet.preface(
        _("个人资料和病历副本"),
        [
            f"{_('姓名')}：{who}",
            f"{_('制作时间')}：{localtime(at):%Y-%m-%d %H:%M}",
            _("本副本依法提供给本人或监护人，含敏感个人信息，请妥善保管。完整数据见 data 文件夹。"),
        ],
    )
    for section in exporting.sections():
        rows = iter(section.collect(asking))
        first = next(rows, None)
        if first is None:
            continue
        booklet.section(str(section.title))
        booklet.row(section.labels, first)
        for row in rows:
            booklet.row(section.labels, row)
    booklet.finish()

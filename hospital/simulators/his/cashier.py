"""The cashiers' side of the HIS: a bill is paid once, at the window or online."""

from typing import Any

from starlette.requests import Request

from hospital.simulators import clock
from hospital.simulators.his.archive import Archive
from hospital.simulators.his.bills import BALANCED, ISSUED
from hospital.simulators.shelf import Item
from hospital.simulators.wishes import BadRequest

CONFLICT = 409


def hear(archive: Archive, notice: Item, request: Request, notice_id: str) -> tuple[Item, bool]:
    """Take a PaymentNotice; the notice, and whether it is new.

    `If-None-Exist: identifier=system|value` names the payment: told again, the first notice
    answers. A bill that is paid already, withdrawn, or of another sum is a conflict.
    """
    known = _told_before(archive, request.headers.get("if-none-exist", ""))
    if known is not None:
        return known, False
    invoice = archive.find("Invoice", _invoice_id(notice))
    if invoice is None:
        raise BadRequest("no such invoice", 404)
    if invoice["status"] != ISSUED:
        raise BadRequest(f"the invoice is {invoice['status']}", CONFLICT)
    if notice.get("amount") != invoice["totalGross"]:
        raise BadRequest("the amount is not that of the invoice", CONFLICT)
    at = clock.now()
    kept = archive.put({**notice, "id": notice_id}, at)
    archive.put({**invoice, "status": BALANCED, "note": [{"text": "线上支付"}]}, at)
    return kept, True


def window_pays(archive: Archive, invoice_id: str) -> Item:
    """Somebody pays at the window."""
    invoice = archive.find("Invoice", invoice_id)
    if invoice is None or invoice["status"] != ISSUED:
        raise BadRequest("invoice: the id of one that is still to be paid", CONFLICT)
    paid = {**invoice, "status": BALANCED, "note": [{"text": "窗口支付"}]}
    return archive.put(paid, clock.now())


def _told_before(archive: Archive, criteria: str) -> Item | None:
    system, _bar, value = criteria.removeprefix("identifier=").partition("|")
    wanted: Any = {"system": system, "value": value}
    notices = archive.all("PaymentNotice")
    return next((each for each in notices if value and wanted in each["identifier"]), None)


def _invoice_id(notice: Item) -> str:
    told = str(notice.get("request", {}).get("reference", ""))
    return told.removeprefix("Invoice/")

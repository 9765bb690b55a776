"""How a message and a consultation look to programs: on the socket and in the API alike."""

from typing import Any

from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from hospital.consultations.models import Consultation, Message
from hospital.consultations.selectors.messages import Shown


def message_frame(consultation: Consultation, shown: Shown) -> dict[str, Any]:
    """One message, with the fragment that a page shows for it."""
    message = shown.message
    frame = {
        "type": "message",
        "seq": message.seq,
        "client_id": message.client_id,
        "kind": message.kind,
        "side": message.side,
        "at": message.at,
    }
    match message.kind:
        case "text":
            frame["text"] = message.text
        case "image":
            frame["file"] = _file(message)
        case _:
            frame["card"] = message.card
    context = {"shown": shown, "consultation": consultation}
    return frame | {"html": render_to_string("consultations/_message.html", context)}


def _file(message: Message) -> dict[str, Any]:
    file = message.file
    assert file is not None, "an image without a file"
    return {
        "public_id": file.public_id,
        "url": file_url(message),
        "width": file.width,
        "height": file.height,
    }


def file_url(message: Message) -> str:
    return reverse("files:read", args=[message.file.public_id]) if message.file else ""


def charge_of(consultation: Consultation) -> dict[str, Any] | None:
    charge = consultation.charge
    if charge is None:
        return None
    return {
        "public_id": charge.public_id,
        "amount_fen": charge.amount_fen,
        "state": charge.state,
        "pay_by": consultation.pay_by,
    }


def pay_address(consultation: Consultation) -> str:
    """Where the patient pays for it; empty while there is no such page."""
    if consultation.charge is None:
        return ""
    try:
        return reverse("payments:pay", args=[consultation.charge.public_id])
    except NoReverseMatch:
        return ""

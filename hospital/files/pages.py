"""The one view that hands out private files."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from hospital.files import selectors, services
from hospital.files.models import File
from hospital.kernel.access import door
from hospital.kernel.clock import database_now

_HEADERS: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@door("file.read")
@require_GET
def read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A file, to whom its room lets read it; to others there is none. Never to foreign pages."""
    file = selectors.readable(request.user, public_id)
    if file is None or request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Http404
    data = services.read(file, by=request.user, at=database_now())
    return HttpResponse(data, content_type=file.media_type, headers=_HEADERS | _called(file))


def _called(file: File) -> dict[str, str]:
    if file.media_type == "application/pdf":
        name = content_disposition_header(as_attachment=True, filename=file.name or "document.pdf")
    else:
        name = f'inline; filename="{file.public_id}.jpg"'
    return {"Content-Disposition": name or "attachment"}

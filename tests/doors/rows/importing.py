"""Lists that are brought in: one of medical affairs hands in, another one confirms."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.matrix import Try
from tests.doors.world import World
from tests.imports import csv_of, person

AFFAIRS = "some_medical_affairs"
WHY = {"why": "名单有误"}


def _sheet(_world: World) -> dict[str, Any]:
    sheet = SimpleUploadedFile("list.csv", csv_of(person("d9001", "沈九")), "text/csv")
    return {"kind": "staff", "sheet": sheet}


IMPORTING = {
    "POST /admin/doctors/import/new/": (Try(AFFAIRS, body=_sheet),),
    "GET /admin/doctors/import/template/<slug:kind>/": (Try(AFFAIRS, "=staff"),),
    "GET /admin/doctors/import/<path:object_id>/change/": (Try(AFFAIRS, "sheet"),),
    "GET /admin/doctors/import/<path:object_id>/progress/": (Try(AFFAIRS, "sheet"),),
    "GET /admin/doctors/import/<path:object_id>/confirm/": (Try(AFFAIRS, "sheet"),),
    "POST /admin/doctors/import/<path:object_id>/confirm/": (Try(AFFAIRS, "sheet"),),
    "GET /admin/doctors/import/<path:object_id>/stop/": (Try(AFFAIRS, "sheet"),),
    "POST /admin/doctors/import/<path:object_id>/stop/": (Try(AFFAIRS, "sheet", body=WHY),),
}

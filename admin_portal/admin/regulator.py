"""Uploads to the supervision platform, and sending one again."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from admin_portal import shown
from admin_portal.deciding import Deciding, Step
from admin_portal.listing import by_state, by_words
from admin_portal.site import site
from hospital.regulator import services
from hospital.regulator.lifecycle import LIFECYCLE
from hospital.regulator.models import Upload

SCHEMAS = {
    "VISIT": _("诊疗"),
    "RX_ISSUE": _("处方"),
    "RX_REVIEW": _("审方"),
    "DISPENSE": _("调剂"),
    "DELIVERY": _("配送"),
    "EVAL": _("评价"),
}


@admin.register(Upload, site=site)
class Uploads(Deciding):
    """How each message fares. What it says is the patient's and stays sealed."""

    access = "admin.uploads"
    list_display = (
        "public_id",
        "shown_schema",
        shown.state,
        "seq",
        "code",
        "tries",
        "made_at",
        "acknowledged_at",
    )
    list_filter = (by_state(LIFECYCLE), by_words("schema", _("类型"), SCHEMAS))
    search_fields = ("public_id", "biz_id", "stream", "receipt")
    shows = (
        "public_id",
        "shown_schema",
        "op",
        shown.case,
        "seq",
        shown.state,
        "biz_id",
        "biz_time",
        "code",
        shown.opened("error"),
        "tries",
        "due_at",
        "tried_at",
        "acknowledged_at",
        "receipt",
        "digest",
        shown.opened("note"),
    )
    steps = (
        Step(
            "mend",
            _("重新上报"),
            _("请先改正被退回的数据。内容会按原来的事件重新生成，编号和次序不变。"),
            "admin.uploads.mend",
            services.mend,
            lambda upload: "mend" in LIFECYCLE.steps_from(upload.state),
        ),
    )

    @admin.display(description=_("类型"))
    def shown_schema(self, upload: Upload) -> str:
        return str(SCHEMAS.get(upload.schema, upload.schema))

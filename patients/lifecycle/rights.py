"""What patients ask of us: copies, corrections, seals; and the texts they agree to."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class DraftState(TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"


DRAFT = Lifecycle(
    {
        (DraftState.DRAFT, "publish"): DraftState.PUBLISHED,
        (DraftState.DRAFT, "discard"): DraftState.DISCARDED,
    },
    faces={
        DraftState.DRAFT: Face("草稿", "Draft", "mute", "pencil"),
        DraftState.PUBLISHED: Face("已发布", "Published", "ok", "circle-check"),
        DraftState.DISCARDED: Face("已放弃", "Discarded", "mute", "x"),
    },
)


class ExportState(TextChoices):
    ASKED = "asked"
    READY = "ready"
    ENDED = "ended"
    FAILED = "failed"


EXPORT = Lifecycle(
    {
        (ExportState.ASKED, "finish"): ExportState.READY,
        (ExportState.ASKED, "fail"): ExportState.FAILED,
        (ExportState.ASKED, "end"): ExportState.ENDED,  # the right to it ended meanwhile
        (ExportState.READY, "end"): ExportState.ENDED,
    },
    faces={
        ExportState.ASKED: Face("正在准备", "Being prepared", "info", "clock"),
        ExportState.READY: Face("可以下载", "Ready", "ok", "circle-check"),
        ExportState.ENDED: Face(
            "已过期，文件已删除", "Over, the file is deleted", "mute", "history"
        ),
        ExportState.FAILED: Face(
            "没有成功，请重试", "Failed, please try again", "danger", "circle-x"
        ),
    },
)


class CorrectionState(TextChoices):
    ASKED = "asked"
    MADE = "made"
    REFUSED = "refused"


CORRECTION = Lifecycle(
    {
        (CorrectionState.ASKED, "make"): CorrectionState.MADE,
        (CorrectionState.ASKED, "refuse"): CorrectionState.REFUSED,
    },
    faces={
        CorrectionState.ASKED: Face("等待医务处答复", "Waiting for an answer", "warn", "clock"),
        CorrectionState.MADE: Face("已补充更正", "Addendum made", "ok", "circle-check"),
        CorrectionState.REFUSED: Face("未更正，已说明理由", "Not corrected", "mute", "info"),
    },
)


class HoldState(TextChoices):
    STANDING = "standing"
    LIFTED = "lifted"


HOLD = Lifecycle(
    {(HoldState.STANDING, "lift"): HoldState.LIFTED},
    faces={
        HoldState.STANDING: Face("封存中", "Sealed", "danger", "lock"),
        HoldState.LIFTED: Face("已解除", "Lifted", "mute", "circle-check"),
    },
)

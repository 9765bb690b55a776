"""How a credential lives, a privilege, an import, and a line of the price list."""

from django.db.models import TextChoices

from hospital.kernel.lifecycle import Face, Lifecycle


class State(TextChoices):
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # a renewal took its place, or its last day has passed


LIFECYCLE = Lifecycle(
    {
        (State.SUBMITTED, "approve"): State.APPROVED,
        (State.SUBMITTED, "refuse"): State.REFUSED,
        (State.SUBMITTED, "withdraw"): State.WITHDRAWN,
        (State.APPROVED, "suspend"): State.SUSPENDED,
        (State.APPROVED, "lapse"): State.LAPSED,
        (State.SUSPENDED, "restore"): State.APPROVED,
    },
    faces={
        State.SUBMITTED: Face("待审核", "Submitted", "warn", "clock"),
        State.APPROVED: Face("已通过", "Approved", "ok", "badge-check"),
        State.REFUSED: Face("未通过", "Refused", "danger", "circle-x"),
        State.SUSPENDED: Face("已暂停", "Suspended", "danger", "ban"),
        State.WITHDRAWN: Face("已撤回", "Withdrawn", "mute", "undo-2"),
        State.LAPSED: Face("已失效", "Lapsed", "mute", "history"),
    },
)


class ImportState(TextChoices):
    CHECKED = "checked"  # nothing wrong with it; waits for a second person
    CONFIRMED = "confirmed"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class RowState(TextChoices):
    WAITING = "waiting"
    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    FAILED = "failed"
    DROPPED = "dropped"  # the import was stopped before its turn


IMPORT = Lifecycle(
    {
        (ImportState.CHECKED, "confirm"): ImportState.CONFIRMED,
        (ImportState.CONFIRMED, "start"): ImportState.RUNNING,
        (ImportState.RUNNING, "finish"): ImportState.DONE,
        (ImportState.CHECKED, "stop"): ImportState.STOPPED,
        (ImportState.CONFIRMED, "stop"): ImportState.STOPPED,
        (ImportState.RUNNING, "stop"): ImportState.STOPPED,
    },
    faces={
        ImportState.CHECKED: Face("等另一个人确认", "Waits for a second person", "warn", "clock"),
        ImportState.CONFIRMED: Face("即将开始", "About to begin", "info", "clock"),
        ImportState.RUNNING: Face("正在导入", "Running", "info", "refresh-cw"),
        ImportState.DONE: Face("已完成", "Done", "ok", "badge-check"),
        ImportState.STOPPED: Face("已停止", "Stopped", "mute", "ban"),
    },
)

ROW = Lifecycle(
    {
        (RowState.WAITING, "add"): RowState.ADDED,
        (RowState.WAITING, "change"): RowState.CHANGED,
        (RowState.WAITING, "keep"): RowState.SAME,
        (RowState.WAITING, "fail"): RowState.FAILED,
        (RowState.WAITING, "drop"): RowState.DROPPED,
    },
    faces={
        RowState.WAITING: Face("等待", "Waiting", "mute", "clock"),
        RowState.ADDED: Face("新增", "Added", "ok", "badge-check"),
        RowState.CHANGED: Face("更新", "Changed", "info", "refresh-cw"),
        RowState.SAME: Face("没有变化", "Unchanged", "mute", "history"),
        RowState.FAILED: Face("没有导入", "Not imported", "danger", "circle-x"),
        RowState.DROPPED: Face("已停止", "Stopped", "mute", "ban"),
    },
)


class PrivilegeState(TextChoices):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    ENDED = "ended"  # its last day has passed, a renewal took its place, or it was taken away


PRIVILEGE = Lifecycle(
    {
        (PrivilegeState.ASKED, "grant"): PrivilegeState.GRANTED,
        (PrivilegeState.ASKED, "refuse"): PrivilegeState.REFUSED,
        (PrivilegeState.ASKED, "withdraw"): PrivilegeState.WITHDRAWN,
        (PrivilegeState.GRANTED, "suspend"): PrivilegeState.SUSPENDED,
        (PrivilegeState.GRANTED, "end"): PrivilegeState.ENDED,
        (PrivilegeState.SUSPENDED, "restore"): PrivilegeState.GRANTED,
        (PrivilegeState.SUSPENDED, "end"): PrivilegeState.ENDED,
    },
    faces={
        PrivilegeState.ASKED: Face("待决定", "Asked", "warn", "clock"),
        PrivilegeState.GRANTED: Face("已授予", "Granted", "ok", "badge-check"),
        PrivilegeState.REFUSED: Face("未授予", "Refused", "danger", "circle-x"),
        PrivilegeState.WITHDRAWN: Face("已撤回", "Withdrawn", "mute", "undo-2"),
        PrivilegeState.SUSPENDED: Face("已暂停", "Suspended", "danger", "ban"),
        PrivilegeState.ENDED: Face("已结束", "Ended", "mute", "history"),
    },
)


class PriceState(TextChoices):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"  # asked until its last day, which was set after it was published


PRICE = Lifecycle(
    {
        (PriceState.PROPOSED, "publish"): PriceState.PUBLISHED,
        (PriceState.PROPOSED, "refuse"): PriceState.REFUSED,
        (PriceState.PROPOSED, "withdraw"): PriceState.WITHDRAWN,
        (PriceState.PUBLISHED, "end"): PriceState.ENDED,
    },
    faces={
        PriceState.PROPOSED: Face("等第二个人公布", "Waits for a second person", "warn", "clock"),
        PriceState.PUBLISHED: Face("已公布", "Published", "ok", "badge-check"),
        PriceState.REFUSED: Face("未同意", "Refused", "danger", "circle-x"),
        PriceState.WITHDRAWN: Face("已撤回", "Withdrawn", "mute", "history"),
        PriceState.ENDED: Face("停用", "Ended", "mute", "ban"),
    },
)

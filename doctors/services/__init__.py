"""What clinicians and medical affairs do here."""

from doctors.services.clinicians import add_clinician, move_clinician
from doctors.services.credentials import (
    approve,
    lapse_past,
    refuse,
    restore,
    submit_credential,
    suspend,
    withdraw,
)
from doctors.services.departments import put_department
from doctors.services.duty import cancel_duty, roster, shorten
from doctors.services.handing_in import Filing, Insurance
from doctors.services.hours import cancel_leave, set_hours, take_leave
from doctors.services.importing import (
    Look,
    confirm_import,
    keep_import,
    look,
    run_import,
    stop_import,
    sweep_imports,
)
from doctors.services.offering import (
    set_promises,
    set_receiving,
    set_service,
    turn_off_unpriced,
)
from doctors.services.papers import add_paper
from doctors.services.prices import (
    end_price,
    propose_price,
    publish_price,
    refuse_price,
    withdraw_price,
)
from doctors.services.privileges import (
    ask_privilege,
    end_past_privileges,
    end_privilege,
    grant_privilege,
    refuse_privilege,
    restore_privilege,
    suspend_privilege,
    withdraw_privilege,
)
from doctors.services.reminding import remind
from doctors.services.replies import add_reply, change_reply, move_reply, remove_reply
from doctors.services.training import record_training
from doctors.services.weeks import copy_week

__all__ = [
    "Filing",
    "Insurance",
    "Look",
    "add_clinician",
    "add_paper",
    "add_reply",
    "approve",
    "ask_privilege",
    "cancel_duty",
    "cancel_leave",
    "change_reply",
    "confirm_import",
    "copy_week",
    "end_past_privileges",
    "end_price",
    "end_privilege",
    "grant_privilege",
    "keep_import",
    "lapse_past",
    "look",
    "move_clinician",
    "move_reply",
    "propose_price",
    "publish_price",
    "put_department",
    "record_training",
    "refuse",
    "refuse_price",
    "refuse_privilege",
    "remind",
    "remove_reply",
    "restore",
    "restore_privilege",
    "roster",
    "run_import",
    "set_hours",
    "set_promises",
    "set_receiving",
    "set_service",
    "shorten",
    "stop_import",
    "submit_credential",
    "suspend",
    "suspend_privilege",
    "sweep_imports",
    "take_leave",
    "turn_off_unpriced",
    "withdraw",
    "withdraw_price",
    "withdraw_privilege",
]

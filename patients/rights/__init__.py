"""What this room, and those below it, have of a patient: for copies and sealed lists."""

from patients import closing, exporting, retention
from patients.rights import account, ending, mirror, papers, record


def answer() -> None:
    """Fill our own registries, also for the rooms below, which do not know them."""
    for each in (*record.SECTIONS, *mirror.SECTIONS, *papers.SECTIONS, *account.SECTIONS):
        exporting.add(each)
    closing.register("money", blocks=ending.open_money)
    closing.register("hold", blocks=ending.held)
    retention.register("patients.record", purge=retention.by_function("patients_purge_records"))
    retention.register("notifications.inbox", purge=ending.old_notices)

"""Who may read the papers beside a licence: its holder and medical affairs."""

from typing import Any

from doctors.models import Paper
from hospital.accounts.roles import Role
from hospital.files.models import File


def may_read_paper(user: Any, file: File) -> bool:
    papers = Paper.objects.filter(file=file)
    if user.holds(Role.MEDICAL_AFFAIRS):
        return papers.exists()
    return papers.filter(credential__clinician__user=user).exists()

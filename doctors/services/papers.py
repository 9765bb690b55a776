"""Papers beside a licence that waits: pictures and PDFs, sealed at rest."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import selectors
from doctors.lifecycle import State
from doctors.models import Credential, Paper
from doctors.permissions import may_add_paper
from hospital.accounts.models import User
from hospital.files import services as files
from hospital.files.models import File
from hospital.kernel.refusals import Refused, WrongState, require

KIND: Final = "credential"
MOST: Final = 12  # papers beside one licence


def add_paper(credential: Credential, kind: str, upload: Any, *, by: User, at: datetime) -> Paper:
    """Put a picture or a PDF beside a licence that waits: `upload` is Django's `UploadedFile`.

    Not atomic: the file is made safe before any row is locked.
    Refuses a file that is neither (`image-malformed`), and after the decision (`not-waiting`).
    """
    if kind not in Paper.Kind.values:
        raise Refused(_("没有这类材料。"), code="paper-unknown")
    _require_waiting(credential, by)
    with files.stowed([upload], kind=KIND, by=by, at=at) as pages:
        return _put(credential, kind, pages, by=by, at=at)


@transaction.atomic
def _put(credential: Credential, kind: str, pages: list[File], *, by: User, at: datetime) -> Paper:
    credential = selectors.locked_credential(credential)
    _require_waiting(credential, by)
    files.enter(pages, by=by, at=at)
    (file,) = pages
    paper = Paper.objects.create(credential=credential, kind=kind, file=file, at=at)
    audit.record(
        "paper.add",
        by=by,
        on=paper,
        at=at,
        clinician=credential.clinician.public_id.hex,
        credential=credential.public_id.hex,
        kind_of_paper=kind,
    )
    return paper


def _require_waiting(credential: Credential, by: User) -> None:
    require(may_add_paper(by, credential), _("只能给自己的资质添加材料。"))
    if credential.state != State.SUBMITTED:
        raise WrongState(_("审核已经结束，不能再添加材料。"), code="not-waiting")
    if credential.papers.count() >= MOST:
        raise WrongState(_("材料最多 %(most)s 份。") % {"most": MOST}, code="papers-full")

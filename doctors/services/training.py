"""Somebody was trained or assessed; another person records it."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from doctors.models import Clinician, Training
from doctors.permissions import may_assess
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import prose, whole
from hospital.kernel.refusals import Refused, require
from hospital.notifications.services import notify


@transaction.atomic
def record_training(
    clinician: Clinician,
    *,
    kind: str,
    topic: str,
    on: date,
    score: int | None,
    is_passed: bool,
    by: User,
    at: datetime,
) -> Training:
    """Write down a training or an assessment; the person reads it. It is never changed.

    Whether somebody who failed goes on practising is not decided here: medical affairs suspend
    the licence, with a reason.
    """
    require(may_assess(by, clinician), _("培训和考核由医务处的另一个人记录，不能记自己的。"))
    if kind not in Training.Kind.values:
        raise Refused(_("没有这一类记录。"), code="training-unknown")
    topic = prose(topic, limit=80)
    if not topic:
        raise Refused(_("请写明培训或考核的内容。"), code="topic-missing")
    if on > local_date(at):
        raise Refused(_("日期还没有到，结束以后再记。"), code="training-ahead")
    if kind == Training.Kind.ASSESSMENT and score is None:
        raise Refused(_("考核要有分数。"), code="score-missing")
    if score is not None:
        whole(score, low=0, high=Training.HIGHEST_SCORE)
    training = Training.objects.create(
        clinician=clinician,
        kind=kind,
        topic=topic,
        on=on,
        score=score,
        is_passed=is_passed,
        by=by,
        at=at,
    )
    event = audit.record(
        "training.record",
        by=by,
        on=training,
        at=at,
        clinician=clinician.public_id.hex,
        kind_of_training=kind,
        is_passed=is_passed,
    )
    notify(
        clinician.user,
        kind="training.record",
        title=gettext_noop("培训和考核有新记录"),
        body=gettext_noop("医务处记录了：%(topic)s。有误时请联系医务处。"),
        names={"topic": topic},
        at=at,
        link="/doctor/training/",
        cause=event.pk,
    )
    return training

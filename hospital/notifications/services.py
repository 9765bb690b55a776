"""Tell somebody something: in the inbox, by text message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_noop

from audit import patterns
from audit.models import Alarm, Event
from hospital.kernel import hints
from hospital.notifications import gateways, selectors
from hospital.notifications.models import Notice


def group_of(user_id: UUID) -> str:
    """The group of a person's open sockets."""
    return f"user.{user_id.hex}"


@transaction.atomic
def notify(
    user: Any,
    *,
    kind: str,
    title: str,
    body: str,
    at: datetime,
    link: str = "",
    cause: int | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Put a notice into the inbox of `user`; once for the same `cause`.

    `title` and `body` are kept sentences (`hospital.kernel.sentences`) with `names` in them.
    """
    if cause is not None and Notice.objects.filter(to=user, cause=cause).exists():
        return
    told: Any = dict(names) if names else None
    Notice.objects.create(
        to=user, kind=kind, title=title, body=body, names=told, at=at, link=link, cause=cause
    )
    hints.after_commit(group_of(user.public_id), {"type": "badge"})


@transaction.atomic
def read(notice: Notice, *, at: datetime) -> None:
    """Mark a notice as read; again is no harm."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
        hints.after_commit(group_of(notice.to.public_id), {"type": "badge"})


def text(phone: str, *, template: str, params: dict[str, str], words: str, once: str) -> None:
    """Send a text message now. Outside any transaction; raises `Unavailable`.

    `once` is the sender's own id of the message: the provider delivers it at most once.
    """
    gateways.send_sms(phone, template=template, params=params, words=words, once=once)


def on_event(event: Event, at: datetime) -> None:
    """The feed `notifications`: what the platform itself tells a person."""
    match event.kind:
        case "alarm.raise":
            _tell_auditors(event)
        case "account.new-device":
            assert event.actor is not None, "a sign-in of nobody"
            user = get_user_model().objects.get(public_id=event.actor)
            notify(
                user,
                kind=event.kind,
                title=gettext_noop("新设备登录"),
                body=gettext_noop(
                    "您的账号刚刚在一台新设备上登录。如果不是您本人，请马上退出其他设备并联系医院。"
                ),
                at=event.at,
                link="/me/sittings/",
                cause=event.pk,
            )


def _tell_auditors(event: Event) -> None:
    """An alarm over the trail is the audit administrators' to see through, but nobody's own."""
    alarm = Alarm.objects.get(event=event.pk)
    for user in selectors.audit_admins().exclude(public_id=alarm.actor):
        notify(
            user,
            kind=event.kind,
            title=gettext_noop("审计告警"),
            body=gettext_noop("%(what)s。请到管理后台查看并处理。"),
            names={"what": patterns.says(alarm.kind)},
            at=event.at,
            link=f"/admin/audit/alarm/{alarm.pk}/change/",
            cause=event.pk,
        )

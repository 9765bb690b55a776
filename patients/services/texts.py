"""The texts that are agreed to: written as drafts by medical affairs, published once, for good."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.roles import Role
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require
from patients import selectors
from patients.lifecycle import DRAFT
from patients.models import ConsentDraft, ConsentText
from patients.purposes import BY_KIND
from patients.services.consents import digest_of

LONGEST = 8000  # characters of one text


@transaction.atomic
def write_draft(
    kind: str,
    *,
    title: str,
    body: str,
    body_en: str,
    recipient: str = "",
    contact: str = "",
    by: Any,
    at: datetime,
) -> ConsentDraft:
    """Keep the next version of a text as a draft. One at a time for a kind; in both languages."""
    _must_be_affairs(by)
    if kind not in BY_KIND:
        raise Refused(_("没有这一类同意书。"), code="consent-kind")
    if ConsentDraft.objects.filter(kind=kind, state="draft").exists():
        raise WrongState(_("这一类同意书还有一份草稿，请先发布或放弃它。"), code="draft-open")
    told = {
        "title": prose(title, limit=80),
        "body": prose(body, limit=LONGEST),
        "body_en": prose(body_en, limit=LONGEST),
        "recipient": prose(recipient, limit=80),
        "contact": prose(contact, limit=80),
    }
    if not (told["title"] and told["body"] and told["body_en"]):
        raise Refused(_("中文标题、中文全文和英文全文都要填写。"), code="text-incomplete")
    if kind == "courier" and not (told["recipient"] and told["contact"]):
        raise Refused(_("请写明快递公司的名称和联系方式。"), code="courier-unnamed")
    draft = ConsentDraft.objects.create(kind=kind, written_by=by, written_at=at, **told)
    audit.record("consent-text.draft", by=by, on=draft, at=at, text=kind)
    return draft


@transaction.atomic
def publish_text(draft: ConsentDraft, *, by: Any, at: datetime) -> ConsentText:
    """Make the draft the version in force. Everybody is asked anew before their next service."""
    _must_be_affairs(by)
    draft = selectors.locked_draft(draft)
    state = DRAFT.after(draft.state, "publish")
    newest = selectors.newest_texts().filter(kind=draft.kind).first()
    text = ConsentText.objects.create(
        kind=draft.kind,
        version=newest.version + 1 if newest else 1,
        title=draft.title,
        body=draft.body,
        body_en=draft.body_en,
        recipient=draft.recipient,
        contact=draft.contact,
        published_at=at,
    )
    draft.state, draft.text, draft.decided_at, draft.decided_by = state, text, at, by
    draft.save(update_fields=["state", "text", "decided_at", "decided_by"])
    audit.record(
        "consent-text.publish",
        by=by,
        on=draft,
        at=at,
        text=text.kind,
        version=text.version,
        digest=digest_of(text),
    )
    return text


@transaction.atomic
def discard_draft(draft: ConsentDraft, *, by: Any, at: datetime, why: str) -> ConsentDraft:
    """Give up a draft; it stays as it was written."""
    _must_be_affairs(by)
    draft = selectors.locked_draft(draft)
    draft.state = DRAFT.after(draft.state, "discard")
    draft.decided_at, draft.decided_by = at, by
    draft.save(update_fields=["state", "decided_at", "decided_by"])
    audit.record("consent-text.discard", by=by, on=draft, at=at, text=draft.kind, why=why[:60])
    return draft


def _must_be_affairs(by: Any) -> None:
    require(by.holds(Role.MEDICAL_AFFAIRS), _("只有医务处可以拟定和发布知情同意书。"))

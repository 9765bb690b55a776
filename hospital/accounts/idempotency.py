"""Where begun and answered POSTs are kept. `settings.IDEMPOTENCY_STORE`."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction

from hospital.accounts.models import IdempotencyKey
from hospital.kernel.clock import database_now
from hospital.kernel.idempotency import Answer, in_progress, used_otherwise

_ABANDONED = timedelta(seconds=60)  # a request that died; by then it has ended one way or another


class Keys:
    def claim(self, user: Any, key: str, door: str, body: str) -> Answer | None:
        now = database_now()
        with transaction.atomic():
            row, made = IdempotencyKey.objects.get_or_create(
                user=user, key=key, defaults={"door": door, "asked": body, "begun_at": now}
            )
            row = IdempotencyKey.objects.select_for_update().get(pk=row.pk)
            if (row.door, row.asked) != (door, body):
                raise used_otherwise()
            if made:
                return None
            if row.answer is not None:
                return Answer(**json.loads(row.answer))
            if row.begun_at > now - _ABANDONED:
                raise in_progress()
            row.begun_at = now
            row.save(update_fields=["begun_at"])
            return None

    def settle(self, user: Any, key: str, answer: Answer) -> None:
        row = IdempotencyKey.objects.filter(user_id=user.pk, key=key).first()
        if row is not None:
            row.answer = json.dumps(asdict(answer))
            row.save(update_fields=["answer"])

    def release(self, user: Any, key: str) -> None:
        IdempotencyKey.objects.filter(user_id=user.pk, key=key, answer__isnull=True).delete()

"""Uploads for tests that care how they travel, not what they say."""

import json
import uuid
from itertools import count

from hospital.regulator.models import Stream, Upload
from hospital.regulator.sm3 import sm3
from tests.conftest import NOON

_events = count(1)


def an_upload(*, stream=None, seq=None, schema="DRUG", payload=None, at=NOON, **more) -> Upload:
    """A pending upload, the next of its visit; DRUG is a schema that the platform lets pass."""
    line, _ = Stream.objects.get_or_create(visit=stream or uuid.uuid4())
    line.last_seq = seq or line.last_seq + 1
    line.save()
    text = json.dumps(
        payload or {"visit_no": str(line.visit)}, sort_keys=True, separators=(",", ":")
    )
    return Upload.objects.create(
        event=next(_events),
        kind="prescription.sign",
        biz_time=at,
        subject=f"prescriptions.prescription:{uuid.uuid4()}",
        schema=schema,
        biz_id=uuid.uuid4().hex,
        stream=line.visit,
        seq=line.last_seq,
        payload=text,
        digest=sm3(text.encode()),
        made_at=at,
        due_at=at,
        **more,
    )

"""AUDIT_ANCHOR, once a day: the root of the audit trail, kept where the hospital cannot change it.

Our proposal: the interface has no message for it. An inspector who keeps these checks any later
bundle or receipt of the trail against them.
"""

from hospital.regulator import selectors
from hospital.regulator.messages.message import Message, written
from hospital.regulator.news import News


def anchor(news: News) -> Message:
    head = selectors.head(news.thing)
    return Message(
        biz_id=str(head.public_id),
        payload={
            "size": head.size,
            "root": bytes(head.root).hex(),
            "algorithm": head.algorithm,
            "time": written(head.at),
            "key": head.key,
            "sign": head.signature,
        },
    )

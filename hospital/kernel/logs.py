"""How a line of the log looks: one event, one line, with the request it belongs to.

JSON for machines (production), a plain line for a person at a terminal. What comes from outside
cannot begin a line of its own nor move the reader's cursor (ASVS 16.4.1). The trail is elsewhere:
a full disk or a lost log takes nothing from it.
"""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

from hospital.kernel import context

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def json_lines() -> logging.Formatter:
    """`{"at": UTC, "level", "logger", "event", "request", "door", "exception"?}`."""
    return structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(ensure_ascii=False),
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.ExceptionRenderer(),
            _place,
        ],
        keep_exc_info=False,
    )


class PlainLines(logging.Formatter):
    """A line for people; line breaks inside a message are indented, never flush left."""

    def format(self, record: logging.LogRecord) -> str:
        return _CONTROL.sub(_shown, super().format(record)).replace("\n", "\n    ")


def _place(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    here = context.current()
    return {**event, "request": here.request_id, "door": here.door}


def _shown(match: re.Match[str]) -> str:
    return f"\\x{ord(match.group()):02x}"

"""Reads JSON bodies strictly: small, shallow, without duplicate keys.

Python keeps the last of two equal keys and DRF lets a deeply nested body crash; on doors that
sign and pay both would be weapons.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 12


class TooLarge(APIException):
    status_code = 413


class StrictJSONParser(JSONParser):
    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise TooLarge
        return loads(raw)


def loads(raw: bytes | str, *, max_depth: int = MAX_DEPTH) -> Any:
    """Parse or raise `ParseError` with a sentence; also used by sockets."""
    try:
        value = json.loads(raw, object_pairs_hook=_without_duplicates, parse_constant=_no_constants)
        json.dumps(value, ensure_ascii=False).encode()  # half a character can be told to nobody
    except RecursionError:
        raise ParseError(_("内容嵌套太深。")) from None
    except ValueError as error:
        raise ParseError(_("不是合格的 JSON。")) from error
    if _depth(value) > max_depth:
        raise ParseError(_("内容嵌套太深。"))
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate key")
    return value


def _no_constants(text: str) -> None:
    raise ValueError(text)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0

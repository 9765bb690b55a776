"""The one way out of the house: HTTP to named hosts, with time limits, never inside a transaction.

A row lock held while somebody else's server thinks is how a hospital stands still; so an open
transaction here is a bug and asserts.
"""

import time
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _

from hospital.kernel.refusals import Unavailable

TIMEOUT = httpx.Timeout(8.0, connect=3.0)  # seconds
_OF_THE_WIRE: Final = {"content-encoding", "content-length", "transfer-encoding"}
_client = httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False)


def assert_no_transaction() -> None:
    """Outside calls never inside a transaction (the test runner's own wrapping does not count)."""
    for connection in connections.all(initialized_only=True):
        blocks = [b for b in connection.atomic_blocks if not getattr(b, "_from_testcase", False)]
        assert not blocks, f"an outside call inside a transaction of {connection.alias}"


def assert_known_host(url: str) -> None:
    host = urlsplit(url).netloc
    assert host in settings.OUTWARD_HOSTS, f"{host} is not in OUTWARD_HOSTS"


def request(
    method: str, url: str, *, partner: str, within: float | None = None, **how: Any
) -> httpx.Response:
    """Call `partner` (its name, marked by `gettext_noop`). Raises `Unavailable`, on 5xx too.

    `within` is how many seconds the whole answer may take: time limits count from one byte to
    the next, and a server that sends a byte now and then would keep us for ever.
    """
    assert_no_transaction()
    assert_known_host(url)
    try:
        if within is None:
            response = _client.request(method, url, **how)
        else:
            response = _in_time(method, url, within=within, **how)
    except httpx.HTTPError as error:
        raise unavailable(partner) from error
    if response.status_code >= 500:
        raise unavailable(partner)
    return response


def _in_time(method: str, url: str, *, within: float, **how: Any) -> httpx.Response:
    until = time.monotonic() + within
    body = bytearray()
    with _client.stream(method, url, **how) as response:
        for chunk in response.iter_bytes():
            body += chunk
            if time.monotonic() > until:
                raise httpx.ReadTimeout("the answer takes too long", request=response.request)
    return httpx.Response(
        response.status_code,
        headers=[(k, v) for k, v in response.headers.items() if k not in _OF_THE_WIRE],
        content=bytes(body),
        request=response.request,
    )


def unavailable(partner: str) -> Unavailable:
    return Unavailable(
        _("%(partner)s暂时没有回应，请稍后再试。") % {"partner": _(partner)}, partner=partner
    )

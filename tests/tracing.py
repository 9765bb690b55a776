"""A pytest plugin: of every request of every test, whether it left an event in the trail.

`pytest -p tests.tracing` with TRACES naming the file that gets one line of JSON for each request.
"""

import json
import os
from typing import Any

from django.db import connection
from django.test import Client

ELSEWHERE = ("/sign-in/", "/me/verify/", "/me/enrol/", "/me/password/")  # led away: nothing done
_ask = Client.request


def _asked(self: Client, **request: Any) -> Any:
    response = _ask(self, **request)
    usable = connection.connection is not None and not connection.needs_rollback
    if usable and response.has_header("X-Request-Id"):
        with open(os.environ["TRACES"], "a", encoding="utf-8") as file:
            file.write(json.dumps(_told(response)) + "\n")
    return response


def _told(response: Any) -> dict[str, Any]:
    with connection.connection.cursor() as cursor:  # beside Django's, which tests count
        cursor.execute("SET ROLE hospital_auditor")
        cursor.execute(
            "SELECT kind, role FROM audit_event WHERE request_id = %s", [response["X-Request-Id"]]
        )
        rows = cursor.fetchall()
        cursor.execute("RESET ROLE")
    match = response.resolver_match
    led = (
        ""
        if match and match.route.startswith(("sign-in", "me/verify"))
        else response.get("Location", "")
    )
    return {
        "method": response.request["REQUEST_METHOD"],
        "route": f"/{match.route}" if match else "",
        "object": bool(match and match.kwargs),
        "status": response.status_code,
        "done": response.status_code < 400 and not led.startswith(ELSEWHERE),
        "kinds": [kind for kind, _role in rows],
        "roles": list(getattr(getattr(response.wsgi_request, "user", None), "roles", ())),
        "test": os.environ.get("PYTEST_CURRENT_TEST", ""),
    }


Client.request = _asked  # type: ignore[method-assign]

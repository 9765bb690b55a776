"""One port, two kinds of traffic: HTTP through persistent WSGI threads, sockets through Channels.

Under ASGI a synchronous Django view takes a new thread and a new database connection for each
request; behind `a2wsgi` the threads, and so the connections, stay. docs/decisions/0002 has the
figures.
"""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")
django.setup()

from a2wsgi import WSGIMiddleware  # noqa: E402 - Django must be set up first
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from hospital.accounts.sockets import SignedIn  # noqa: E402
from hospital.routing import sockets  # noqa: E402
from hospital.wsgi import application as pages  # noqa: E402

THREADS = int(os.environ.get("WEB_THREADS", "8"))
wsgi: Any = pages
http: Any = WSGIMiddleware(wsgi, workers=THREADS)
application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(SignedIn(URLRouter(sockets))),
    }
)

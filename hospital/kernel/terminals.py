"""The back office opens on the hospital's management network only (GB/T 22239 8.1.4.4c)."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

from hospital.kernel.gate import client_address

_PREFIX = "/admin/"


class Terminals:
    """Middleware. Elsewhere there is no such page; a forged forwarded header is no help."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.path.startswith(_PREFIX) and not _is_inside(client_address(request)):
            raise Http404


def _is_inside(address: str) -> bool:
    networks = settings.ADMIN_NETWORKS
    try:
        return not networks or any(ip_address(address) in network for network in networks)
    except ValueError:
        return False

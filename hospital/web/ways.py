"""Where people want to go once something is done."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_on(request: HttpRequest) -> str:
    """The path of ours that `next` names; empty where it names none."""
    wish = request.POST.get("next") or request.GET.get("next", "")
    ours = wish.startswith("/") and url_has_allowed_host_and_scheme(wish, allowed_hosts=None)
    return wish if ours else ""

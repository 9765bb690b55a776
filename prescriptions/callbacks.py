"""Where the courier tells its news: no session, no token, only its signature."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hospital.kernel.access import door
from hospital.kernel.answers import body_of, keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from prescriptions import gateways, services


@csrf_exempt
@door("courier.callback")
@require_POST
def courier(request: HttpRequest) -> HttpResponse:
    """204 once it is kept, however often it is told; anything else and the courier tells again."""
    at = database_now()
    try:
        news = gateways.heard(
            request.body,
            timestamp=request.headers.get("X-Courier-Timestamp", ""),
            nonce=request.headers.get("X-Courier-Nonce", ""),
            signature=request.headers.get("X-Courier-Signature", ""),
            at=at,
        )
        services.hear_courier(news, at=at)
    except Refused as refusal:
        keep_evidence(refusal)
        return JsonResponse(body_of(refusal), status=refusal.status)
    return HttpResponse(status=204)

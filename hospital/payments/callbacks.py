"""Where the payment platform tells its news: no session, no token, only its signature."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from hospital.kernel.access import door
from hospital.kernel.answers import keep_evidence
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused
from hospital.payments import services
from hospital.payments.gateways import notifications


@csrf_exempt
@door("payment.callback")
@require_POST
def wechat(request: HttpRequest) -> HttpResponse:
    """204 once it is done, however often it is told; anything else and the platform tells again."""
    at = database_now()
    try:
        services.hear(notifications.read(request.headers, request.body, at=at), at=at)
    except Refused as refusal:
        keep_evidence(refusal)
        return JsonResponse({"code": "FAIL", "message": refusal.message}, status=refusal.status)
    return HttpResponse(status=204)

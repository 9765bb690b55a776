"""An empty signed-in page and an empty signed-in JSON door, through the whole stack."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from hospital import urls
from hospital.kernel.access import door
from hospital.kernel.http import Door


@door("inbox.read")
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html><title>empty</title>")


class Empty(Door):
    access = "inbox.read"

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("empty/", page), path("api/v1/empty", Empty.as_view()), *urls.urlpatterns]

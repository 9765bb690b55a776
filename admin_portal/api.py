"""The description of all JSON doors, for staff who write programs against them."""

from drf_spectacular.views import SpectacularJSONAPIView


class Schema(SpectacularJSONAPIView):
    """OpenAPI 3, made of the doors themselves."""

    access = "api.schema"
    http_method_names = ["get", "head"]

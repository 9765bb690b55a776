from django.urls import path

from audit import api

app_name = "audit"
urlpatterns = [path("api/v1/trail", api.TrailOfVisit.as_view(), name="api-trail")]

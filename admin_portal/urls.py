from django.urls import path

from admin_portal import api

app_name = "portal"
urlpatterns = [path("api/v1/schema/", api.Schema.as_view(), name="schema")]

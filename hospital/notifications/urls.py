from django.urls import path

from hospital.notifications import api, pages

app_name = "notifications"
urlpatterns = [
    path("inbox/", pages.inbox, name="inbox"),
    path("inbox/<uuid:public_id>/read/", pages.read, name="read"),
    path("api/v1/notices", api.ListNotices.as_view(), name="api-notices"),
]

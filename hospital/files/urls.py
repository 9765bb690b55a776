from django.urls import path

from hospital.files import api, pages

app_name = "files"
urlpatterns = [
    path("files/<uuid:public_id>/", pages.read, name="read"),
    path("api/v1/files", api.KeepFile.as_view(), name="api-keep"),
]

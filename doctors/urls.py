from django.urls import path

from doctors import api, pages

app_name = "doctors"
urlpatterns = [
    path("staff/", pages.staff, name="staff"),
    path("doctor/settings/", pages.settings, name="settings"),
    path("doctor/settings/receiving/", pages.receiving, name="receiving"),
    path("doctor/settings/services/<slug:kind>/", pages.service, name="service"),
    path("doctor/account/", pages.account, name="account"),
    path("doctor/account/credential/", pages.credential, name="credential"),
    path("api/v1/departments", api.ListDepartments.as_view(), name="api-departments"),
]

from django.urls import path

from doctors import api, pages

app_name = "doctors"
urlpatterns = [
    path("staff/", pages.staff, name="staff"),
    path("doctor/settings/", pages.settings, name="settings"),
    path("doctor/settings/receiving/", pages.receiving, name="receiving"),
    path("doctor/settings/services/<slug:kind>/", pages.service, name="service"),
    path("doctor/settings/hours/", pages.hours, name="hours"),
    path("doctor/settings/leave/", pages.leave, name="leave"),
    path("doctor/settings/leave/<uuid:public_id>/cancel/", pages.cancel_leave, name="cancel-leave"),
    path("doctor/settings/promises/", pages.promises, name="promises"),
    path("doctor/settings/replies/", pages.replies, name="replies"),
    path("doctor/settings/replies/<uuid:public_id>/", pages.reply, name="reply"),
    path("doctor/duty/", pages.duty, name="duty"),
    path("prices/", pages.prices, name="prices"),
    path("doctor/account/", pages.account, name="account"),
    path("doctor/account/credential/", pages.credential, name="credential"),
    path("doctor/training/", pages.training, name="training"),
    path(
        "doctor/account/<uuid:public_id>/credential/", pages.credential, name="credential-of-post"
    ),
    path("doctor/account/<uuid:public_id>/privilege/", pages.privilege, name="privilege"),
    path("doctor/account/credentials/<uuid:public_id>/papers/", pages.paper, name="paper"),
    path(
        "doctor/account/credentials/<uuid:public_id>/withdraw/",
        pages.withdraw,
        name="withdraw-credential",
    ),
    path(
        "doctor/account/privileges/<uuid:public_id>/withdraw/",
        pages.withdraw_privilege,
        name="withdraw-privilege",
    ),
    path("api/v1/departments", api.ListDepartments.as_view(), name="api-departments"),
]

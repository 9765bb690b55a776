from django.urls import path

from hospital.accounts import api, pages

app_name = "accounts"
urlpatterns = [
    path("sign-in/", pages.sign_in, name="sign-in"),
    path("sign-in/code/", pages.code, name="code"),
    path("sign-in/code/again/", pages.code_again, name="code-again"),
    path("sign-in/recall/", pages.recall, name="recall"),
    path("sign-in/afresh/", pages.afresh, name="afresh"),
    path("sign-in/staff/", pages.staff_sign_in, name="staff-sign-in"),
    path("sign-out/", pages.sign_out, name="sign-out"),
    path("me/phone/", pages.phone, name="phone"),
    path("me/phone/codes/", pages.phone_codes, name="phone-codes"),
    path("me/sittings/", pages.sittings, name="sittings"),
    path("me/sittings/<uuid:public_id>/end/", pages.sitting_end, name="sitting-end"),
    path("me/verify/", pages.verify, name="verify"),
    path("api/v1/session", api.Session.as_view(), name="api-session"),
    path("api/v1/sign-in/code", api.AskCode.as_view(), name="api-code"),
    path("api/v1/sign-in", api.SignInByCode.as_view(), name="api-sign-in"),
    path("api/v1/sign-in/recall", api.SignInByRecall.as_view(), name="api-recall"),
    path("api/v1/sign-in/afresh", api.SignInAfresh.as_view(), name="api-afresh"),
    path("api/v1/me/phone", api.ChangePhone.as_view(), name="api-phone"),
    path("api/v1/sign-in/staff", api.SignInStaff.as_view(), name="api-sign-in-staff"),
    path("api/v1/verify", api.Verify.as_view(), name="api-verify"),
]

"""Every page a browser test looks at: one line each, `(who, path)`. A new page adds its line."""

from typing import Final

VISITOR: Final = None
PAGES: Final = [
    (VISITOR, "/"),
    (VISITOR, "/sign-in/"),
    (VISITOR, "/sign-in/?ended=1"),
    (VISITOR, "/sign-in/staff/"),
    (VISITOR, "/no-such-page/"),
    (VISITOR, "/departments/"),
    (VISITOR, "/doctors/"),
    (VISITOR, "/doctors/?department=INTE&q=lzy"),
    ("english", "/doctors/?only=receiving&most=100"),
    (VISITOR, "/staff/"),
    (VISITOR, "/prices/"),
    ("english", "/prices/"),
    ("english", "/staff/?q=nobody"),
    ("halfway", "/sign-in/code/"),
    ("patient", "/"),
    ("english", "/"),
    ("english", "/me/"),
    ("english", "/inbox/"),
    ("elder", "/"),
    ("nameless", "/"),
    ("patient", "/me/"),
    ("elder", "/me/"),
    ("patient", "/inbox/"),
    ("nameless", "/inbox/"),
    ("patient", "/me/sittings/"),
    ("patient", "/me/sign-in-methods/"),
    ("elder", "/me/verify/"),
    (VISITOR, "/activate/"),
    ("nameless", "/me/patients/"),
    ("elder", "/me/patients/new/"),
    ("nameless", "/reports/"),
    ("nameless", "/me/consents/"),
    ("elder", "/me/addresses/"),
    ("patient", "/doctor/"),  # refused
    ("doctor", "/doctor/"),
    ("doctor", "/inbox/"),
    ("doctor", "/me/sittings/"),
    ("doctor", "/me/verify/"),
    ("doctor", "/me/sign-in-methods/"),
    ("doctor", "/me/password/"),
    ("doctor", "/me/enrol/"),
    ("doctor", "/doctor/settings/"),
    ("doctor", "/doctor/account/"),
    ("doctor", "/doctor/account/credential/"),
    ("doctor", "/doctor/settings/replies/"),
    ("doctor", "/doctor/duty/"),
    ("doctor", "/doctor/training/"),
    ("doctor", "/doctor/handovers/"),
    ("pharmacist", "/doctor/account/"),
    ("doctor", "/gallery/"),
    ("doctor", "/gallery/?shell=staff"),
    ("pharmacist", "/pharmacist/"),
    ("manager", "/admin/"),
    ("manager", "/admin/accounts/user/"),
    ("affairs", "/admin/"),
    ("affairs", "/admin/doctors/credential/"),
    ("affairs", "/admin/doctors/credential/1/change/"),
    ("affairs", "/admin/doctors/credential/1/suspend/"),
    ("affairs", "/admin/doctors/privilege/"),
    ("affairs", "/admin/doctors/price/"),
    ("affairs", "/admin/doctors/price/propose/"),
    ("affairs", "/admin/doctors/import/"),
    ("affairs", "/admin/doctors/import/new/"),
    ("affairs", "/admin/duty/"),
    ("affairs", "/admin/policy/version/publish/"),
    ("affairs", "/admin/prescriptions/drug/"),
    ("auditor", "/admin/"),
    ("auditor", "/admin/audit/event/"),
    ("auditor", "/admin/audit/event/1/change/"),
]
REFUSED: Final = {("patient", "/doctor/"): 403, (VISITOR, "/no-such-page/"): 404}
# Pages under fingers: targets of 44 pixels, 60 for elders.
TOUCHED: Final = {VISITOR, "halfway", "patient", "elder", "nameless", "english"}


def name_of(who: str | None, path: str) -> str:
    place = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "home"
    return f"{who or 'visitor'}-{place}"

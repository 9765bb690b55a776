"""Every address of the platform, room by room."""

from django.urls import include, path

from admin_portal import admin  # noqa: F401 - fills the site
from admin_portal.inbox import registered  # noqa: F401 - fills the inbox
from admin_portal.site import site
from hospital.web import errors

urlpatterns = [
    path("", include("hospital.home.urls")),
    path("", include("hospital.accounts.urls")),
    path("", include("audit.urls")),
    path("", include("hospital.notifications.urls")),
    path("", include("hospital.files.urls")),
    path("", include("doctors.urls")),
    path("", include("hospital.payments.urls")),
    path("", include("patients.urls")),
    path("", include("hospital.consultations.urls")),
    path("", include("prescriptions.urls")),
    path("", include("admin_portal.urls")),
    path("", include("hospital.web.urls")),
    path("admin/", site.urls),
]

handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    errors.broken,
)

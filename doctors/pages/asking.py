"""Who is asking, as these pages need it."""

from django.http import Http404, HttpRequest

from doctors import selectors
from doctors.models import Clinician
from hospital.accounts.asking import user_of


def clinician_or_404(request: HttpRequest) -> Clinician:
    clinician = selectors.posts_of(user_of(request)).first()
    if clinician is None:
        raise Http404
    return clinician

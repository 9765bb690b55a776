"""核验凭证: the page on which anybody checks a receipt, signed in or not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hospital.kernel.access import door
from patients.forms import ReceiptForm
from patients.receipts import verdict


@door("receipt.verify")
@require_http_methods(["GET", "POST"])
def verify_receipt(request: HttpRequest) -> HttpResponse:
    """Is this receipt true? Asks no database, only the public keys, and keeps nothing."""
    form = ReceiptForm(request.POST or None, request.FILES or None)
    found = verdict(form.cleaned_data["text"]) if form.is_valid() else None
    seen = {"form": form, "verdict": found}
    return render(request, "patients/receipts.html", seen, status=422 if form.errors else 200)

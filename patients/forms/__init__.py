"""Forms of the e-record. They check shape; `services` decides."""

from patients.forms.evidence import ConfirmForm, PaperForm, SameDiseaseForm, WhyForm, diseases
from patients.forms.letting_in import GlassForm, ShareForm
from patients.forms.people import AddressForm, PersonForm
from patients.forms.receipts import ReceiptForm

__all__ = [
    "AddressForm",
    "ConfirmForm",
    "GlassForm",
    "PaperForm",
    "PersonForm",
    "ReceiptForm",
    "SameDiseaseForm",
    "ShareForm",
    "WhyForm",
    "diseases",
]

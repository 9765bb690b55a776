from django.urls import path

from prescriptions import api, callbacks, pages

app_name = "prescriptions"
_ONE = "prescriptions/<uuid:public_id>"
urlpatterns = [
    # the doctor
    path("prescribe/<uuid:public_id>/", pages.drawer, name="drawer"),
    path("prescribe/<uuid:public_id>/formulary/", pages.formulary, name="formulary"),
    path("doctor/prescriptions/", pages.written, name="written"),
    path("doctor/prescriptions/sets/", pages.sets, name="sets"),
    path(f"doctor/{_ONE}/revise/", pages.revise, name="revise"),
    path(f"doctor/{_ONE}/void/", pages.void, name="void"),
    # the pharmacist
    path("review/", pages.reviews, name="reviews"),
    path("review/<uuid:public_id>/", pages.review, name="review"),
    path("dispense/", pages.dispensary, name="dispensary"),
    path("dispense/<uuid:public_id>/", pages.dispense, name="dispense"),
    # the patient, and whoever may read it
    path("prescriptions/", pages.prescriptions, name="prescriptions"),
    path(f"{_ONE}/", pages.prescription, name="prescription"),
    path(f"{_ONE}/order/", pages.order, name="order"),
    path(f"{_ONE}/collect/", pages.collect, name="collect"),
    path(f"{_ONE}/receive/", pages.receive, name="receive"),
    path(f"{_ONE}/print/", pages.sheet, name="print"),
    # the courier
    path("callbacks/courier", callbacks.courier, name="courier"),
    # programs
    path("api/v1/formulary", api.SearchFormulary.as_view(), name="api-formulary"),
    path("api/v1/prescriptions", api.Prescriptions.as_view(), name="api-prescriptions"),
    path(f"api/v1/{_ONE}", api.SinglePrescription.as_view(), name="api-prescription"),
    path(f"api/v1/{_ONE}/sign", api.SignPrescription.as_view(), name="api-sign"),
    path(f"api/v1/{_ONE}/void", api.VoidPrescription.as_view(), name="api-void"),
    path(f"api/v1/{_ONE}/revise", api.RevisePrescription.as_view(), name="api-revise"),
    path("api/v1/reviews", api.ListReviews.as_view(), name="api-reviews"),
    path(f"api/v1/{_ONE}/approve", api.ApprovePrescription.as_view(), name="api-approve"),
    path(f"api/v1/{_ONE}/return", api.ReturnPrescription.as_view(), name="api-return"),
    path(f"api/v1/{_ONE}/reject", api.RejectPrescription.as_view(), name="api-reject"),
    path(f"api/v1/{_ONE}/order", api.OrderMedicines.as_view(), name="api-order"),
    path(f"api/v1/{_ONE}/dispense", api.Dispense.as_view(), name="api-dispense"),
    path(f"api/v1/{_ONE}/ship", api.ShipMedicines.as_view(), name="api-ship"),
    path(f"api/v1/{_ONE}/receive", api.ReceiveMedicines.as_view(), name="api-receive"),
]

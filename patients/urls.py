from django.urls import path

from patients.api import agreeing as agreeing_api
from patients.api import bills as bills_api
from patients.api import letting_in as letting_in_api
from patients.api import people as people_api
from patients.api import records as records_api
from patients.api import unmasking as unmasking_api
from patients.pages import (
    acting,
    agreeing,
    bills,
    clinic,
    data,
    glasses,
    people,
    reads,
    receipts,
    reports,
    sharing,
    steps,
)

app_name = "patients"
_ONE = "api/v1/patients/<uuid:public_id>"
urlpatterns = [
    path("me/patients/", people.members, name="members"),
    path("me/patients/new/", people.new, name="new"),
    path("me/patients/<uuid:public_id>/", people.record, name="record"),
    path("me/patients/<uuid:public_id>/consent/", agreeing.agree, name="agree"),
    path("me/patients/<uuid:public_id>/consent/give/", agreeing.give, name="give-consent"),
    path("me/patients/<uuid:public_id>/health/", steps.health, name="health"),
    path("me/patients/<uuid:public_id>/health/<slug:code>/", steps.step, name="step"),
    path("me/medicines/<uuid:public_id>/stop/", steps.stop_medicine, name="stop-medicine"),
    path("me/patients/<uuid:public_id>/refresh/", people.refresh, name="refresh"),
    path("me/patients/<uuid:public_id>/remove/", people.remove, name="remove"),
    path("me/patients/<uuid:public_id>/consent/code/", agreeing.ask_code, name="consent-code"),
    path("me/acting/", acting.act_for, name="act-for"),
    path("me/links/<uuid:public_id>/end/", acting.end_link, name="end-link"),
    path("me/consents/", agreeing.consents, name="consents"),
    path("me/consents/<uuid:public_id>/withdraw/", agreeing.withdraw, name="withdraw"),
    path("me/addresses/", agreeing.addresses, name="addresses"),
    path("me/addresses/<uuid:public_id>/remove/", agreeing.forget_address, name="forget-address"),
    # one's own data: a copy, corrections, what is sealed, leaving
    path("me/data/", data.data, name="data"),
    path("me/data/corrections/", data.correct, name="correct"),
    path("me/data/copies/<uuid:public_id>/", data.download, name="download"),
    path("me/data/seals/<uuid:public_id>/", data.seal, name="seal"),
    path("me/data/seals/<uuid:public_id>/list.json", data.seal_file, name="seal-file"),
    path("me/data/close/", data.close, name="close"),
    path("me/patients/<uuid:public_id>/copy/", data.ask_export, name="ask-export"),
    path("me/bills/", bills.bills, name="bills"),
    path("me/bills/<uuid:public_id>/", bills.bill, name="bill"),
    path("me/bills/<uuid:public_id>/pay/", bills.pay, name="pay-bill"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<uuid:public_id>/", reports.report, name="report"),
    # whom the patient lets in, and who has read
    path("me/sharing/", sharing.my_sharing, name="my-sharing"),
    path("me/patients/<uuid:public_id>/sharing/", sharing.sharing, name="sharing"),
    path("me/patients/<uuid:public_id>/sharing/new/", sharing.share_new, name="share-new"),
    path("me/shares/<uuid:public_id>/agree/", sharing.agree_to_share, name="agree-share"),
    path("me/shares/<uuid:public_id>/decline/", sharing.decline_share, name="decline-share"),
    path("me/shares/<uuid:public_id>/end/", sharing.end_share, name="end-share"),
    path("me/reads/", reads.my_reads, name="my-reads"),
    path("me/patients/<uuid:public_id>/reads/", reads.reads, name="reads"),
    path("me/patients/<uuid:public_id>/reads/<int:number>/", reads.receipt, name="receipt"),
    path(
        "me/patients/<uuid:public_id>/reads/<int:number>/receipt.json",
        reads.receipt_file,
        name="receipt-file",
    ),
    path("receipts/", receipts.verify_receipt, name="verify-receipt"),
    # for doctors: what is shared with them, and break-glass
    path("doctor/records/", sharing.shared_with_me, name="shared-with-me"),
    path("doctor/break-glass/", glasses.glasses, name="glasses"),
    path("doctor/break-glass/<uuid:public_id>/", glasses.glass, name="glass"),
    path("doctor/break-glass/<uuid:public_id>/watch/", glasses.watch, name="watch"),
    path("doctor/break-glass/<uuid:public_id>/end/", glasses.end, name="end-glass"),
    path("record/<uuid:public_id>/", clinic.record_pane, name="record-pane"),
    path("api/v1/patients", people_api.ListOrRegisterPatients.as_view(), name="api-patients"),
    path("api/v1/patients/codes", people_api.AskFamilyCode.as_view(), name="api-codes"),
    path(_ONE, people_api.ReadPatient.as_view(), name="api-patient"),
    path(f"{_ONE}/health", people_api.SetHealth.as_view(), name="api-health"),
    path(f"{_ONE}/history", records_api.ReadHistory.as_view(), name="api-history"),
    path(f"{_ONE}/reports", records_api.ListReports.as_view(), name="api-reports"),
    path(f"{_ONE}/reports/<uuid:report_id>", records_api.ReadReport.as_view(), name="api-report"),
    path(f"{_ONE}/bills", bills_api.ListBills.as_view(), name="api-bills"),
    path("api/v1/bills/<uuid:public_id>", bills_api.ReadBill.as_view(), name="api-bill"),
    path("api/v1/bills/<uuid:public_id>/pay", bills_api.PayBill.as_view(), name="api-pay-bill"),
    path(f"{_ONE}/record", records_api.ReadRecord.as_view(), name="api-record"),
    path(f"{_ONE}/consents", agreeing_api.GiveConsent.as_view(), name="api-consents"),
    path(f"{_ONE}/unmask", unmasking_api.UnmaskPatient.as_view(), name="api-unmask"),
    path(f"{_ONE}/reads", letting_in_api.ListReads.as_view(), name="api-reads"),
    path(f"{_ONE}/shares", letting_in_api.ListOrGiveShares.as_view(), name="api-shares"),
    path(
        "api/v1/shares/<uuid:public_id>/end",
        letting_in_api.EndShare.as_view(),
        name="api-end-share",
    ),
    path("api/v1/consent-texts", agreeing_api.ListConsentTexts.as_view(), name="api-texts"),
    path("api/v1/addresses", agreeing_api.ListOrAddAddresses.as_view(), name="api-addresses"),
]

from django.urls import path

from hospital.consultations import api
from hospital.consultations.pages import attending, finding, handing, inviting, ordering, visiting

app_name = "consultations"
_ONE = "api/v1/consultations/<uuid:public_id>"
urlpatterns = [
    # finding a doctor
    path("departments/", finding.departments, name="departments"),
    path("doctors/", finding.doctors, name="doctors"),
    path("doctors/<uuid:public_id>/", finding.doctor, name="doctor"),
    # the patient's side
    path("consult/check/", ordering.check, name="check"),
    path("consult/new/", ordering.new, name="new"),
    path("consultations/", visiting.mine, name="mine"),
    path("consultations/<uuid:public_id>/", visiting.consultation, name="consultation"),
    path("consultations/<uuid:public_id>/state/", visiting.state, name="state"),
    path("consultations/<uuid:public_id>/say/", visiting.say, name="say"),
    path("consultations/<uuid:public_id>/cancel/", visiting.cancel, name="cancel"),
    path("consultations/<uuid:public_id>/rate/", visiting.rate, name="rate"),
    # the doctor's side
    path("doctor/work/", attending.work, name="work"),
    path("doctor/work/list/", attending.worklist, name="worklist"),
    path("doctor/work/<uuid:public_id>/", attending.work_one, name="work-one"),
    path("doctor/work/<uuid:public_id>/accept/", attending.accept, name="accept"),
    path("doctor/work/<uuid:public_id>/decline/", attending.decline, name="decline"),
    path("doctor/work/<uuid:public_id>/close/", attending.close, name="close"),
    path("doctor/work/<uuid:public_id>/refer/", attending.refer, name="refer"),
    path("doctor/work/<uuid:public_id>/consult/", inviting.consult, name="consult"),
    path("doctor/handovers/", handing.handovers, name="handovers"),
    path("doctor/handovers/<uuid:public_id>/take/", handing.take, name="take-over"),
    # for programs
    path("api/v1/doctors", api.ListDoctors.as_view(), name="api-doctors"),
    path("api/v1/doctors/<uuid:public_id>", api.ReadDoctor.as_view(), name="api-doctor"),
    path("api/v1/consultations", api.Consultations.as_view(), name="api-consultations"),
    path("api/v1/consultations/eligibility", api.Eligibility.as_view(), name="api-eligibility"),
    path(_ONE, api.ReadConsultation.as_view(), name="api-consultation"),
    path(f"{_ONE}/accept", api.Accept.as_view(), name="api-accept"),
    path(f"{_ONE}/decline", api.Decline.as_view(), name="api-decline"),
    path(f"{_ONE}/close", api.Close.as_view(), name="api-close"),
    path(f"{_ONE}/refer", api.Refer.as_view(), name="api-refer"),
    path(f"{_ONE}/cancel", api.Cancel.as_view(), name="api-cancel"),
    path("api/v1/handovers/<uuid:public_id>/take", api.TakeOver.as_view(), name="api-take-over"),
    path(f"{_ONE}/rate", api.Rate.as_view(), name="api-rate"),
    path(f"{_ONE}/messages", api.Messages.as_view(), name="api-messages"),
]

"""How what is known of a patient looks to a program."""

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[Any]


class DiagnosisOutput(Shape):
    code = serializers.CharField()
    name = serializers.CharField()


class VisitOutput(Shape):
    at = serializers.DateTimeField()
    department = serializers.CharField()
    doctor = serializers.CharField()
    diagnoses = DiagnosisOutput(many=True)


class VisitOfRecordOutput(VisitOutput):
    is_online = serializers.BooleanField()


class HistoryOutput(Shape):
    as_of = serializers.DateTimeField(allow_null=True)
    visits = VisitOutput(many=True)


class FreshOutput(Shape):
    is_fresh = serializers.BooleanField()
    as_of = serializers.DateTimeField(allow_null=True)


class ReportOutput(Shape):
    public_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    title = serializers.CharField()
    conclusion = serializers.CharField()


class ReportRowOutput(ReportOutput):
    abnormal = serializers.IntegerField()  # how many of its items are out of the ordinary


class ReportsOutput(Shape):
    as_of = serializers.DateTimeField(allow_null=True)
    rows = ReportRowOutput(many=True)
    next = serializers.CharField(allow_null=True)


class ItemOutput(Shape):
    """A number in `value`, or words in `text`."""

    public_id = serializers.UUIDField()
    code = serializers.CharField()
    name = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    unit = serializers.CharField()
    reference = serializers.CharField()
    flag = serializers.CharField()


class WholeReportOutput(ReportOutput):
    items = ItemOutput(many=True)


class PatientOfRecordOutput(Shape):
    public_id = serializers.UUIDField()
    name = serializers.CharField()
    sex = serializers.CharField()
    age = serializers.IntegerField()
    weight_kg = serializers.CharField(allow_null=True)
    weighed_on = serializers.DateField(allow_null=True)
    is_weight_old = serializers.BooleanField()  # of a child who has outgrown it
    pregnancy = serializers.CharField()  # unknown also where the answer is too old
    due_on = serializers.DateField(allow_null=True)
    is_lactating = serializers.BooleanField()
    liver = serializers.CharField()
    history = serializers.CharField()
    allergies_known_at = serializers.DateTimeField(allow_null=True)


class AllergyOutput(Shape):
    to = serializers.CharField()
    reaction = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class ProblemOutput(DiagnosisOutput):
    at = serializers.DateTimeField()


class PointOutput(Shape):
    at = serializers.DateTimeField()
    value = serializers.CharField()


class SeriesOutput(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    reference = serializers.CharField()
    flag = serializers.CharField()
    points = PointOutput(many=True)


class CurrentMedicineOutput(Shape):
    name = serializers.CharField()
    atc = serializers.CharField()
    days_left = serializers.IntegerField(allow_null=True)
    dosage = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class PersonToCallOutput(Shape):
    name = serializers.CharField()
    phone = serializers.CharField()
    relation = serializers.CharField()


class ContactOutput(Shape):
    contact = PersonToCallOutput(allow_null=True)


class PaperOutput(Shape):
    """Of another hospital. What it proves is empty until somebody has read it there."""

    public_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    state = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    issued_by = serializers.CharField(allow_null=True)
    visited_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    files = serializers.ListField(child=serializers.UUIDField())  # its pages, at /files/<id>/


class RecordOutput(Shape):
    patient = PatientOfRecordOutput()
    as_of = serializers.DateTimeField(allow_null=True)
    allergies = AllergyOutput(many=True)
    medicines = CurrentMedicineOutput(many=True)
    problems = ProblemOutput(many=True)
    labs = SeriesOutput(many=True)
    visits = VisitOfRecordOutput(many=True)
    reports = ReportOutput(many=True)
    papers = PaperOutput(many=True)

"""A town of made-up people: sealed as services seal, found as services find, gone on with."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hospital.accounts.models import User
from hospital.demo import scale
from hospital.demo.scale.people import someone
from hospital.his import selectors as his
from hospital.his.models import Diagnosis, Observation, Report, Visit
from hospital.kernel import identity
from hospital.kernel.calendar import local_date
from hospital.kernel.encrypted import index_of, sealed_columns
from patients import history, selectors
from patients.models import Patient
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TOWN = scale.Town(120, 1000, NOON)


def grown(town=TOWN):
    return scale.copy_in(town, tell=lambda _done: None, using="default")


def test_everybody_is_there_with_as_much_past_as_was_asked_for():
    done = grown()
    assert (Patient.objects.count(), Observation.objects.count()) == (120, 1000)
    assert Report.objects.count() == 125
    assert Visit.objects.count() == Diagnosis.objects.count() == 125 + 120
    assert done.rows == {table.name: table.model.objects.count() for table in scale.TABLES}


def test_every_sealed_column_opens_and_is_sealed_in_the_database():
    grown()
    for table in scale.TABLES:
        for row in table.model.objects.all()[:50]:
            for field in sealed_columns(table.model):
                getattr(row, field.attname)  # raises where another row's seal was copied
        for field in sealed_columns(table.model):
            with connection.cursor() as cursor:
                cursor.execute(
                    f'SELECT count(*) FROM "{table.name}" WHERE "{field.column}" NOT LIKE %s',
                    ["v1.aes.%"],
                )
                assert cursor.fetchone() == (0,), (table.name, field.name)


def test_they_are_found_by_number_and_by_phone():
    grown()
    who = someone(7)
    patient = selectors.by_number(who.id_number)
    assert patient is not None
    assert (patient.name, patient.birth_date) == (who.name, who.birth_date)
    assert his.person_of(who.id_number) == patient.person
    account = User.objects.get(phone_index=index_of(User, "phone_index", who.phone))
    assert selectors.linked_to(account).get() == patient


def test_their_numbers_are_lawful_and_nobody_elses():
    people = [someone(n) for n in range(0, 60_000, 7)]
    for who in people:
        told = identity.citizen_id(who.id_number, today=local_date(NOON))
        assert (told.birth_date, told.sex) == (who.birth_date, who.sex)
    assert (
        len({who.id_number for who in people}) == len({who.phone for who in people}) == len(people)
    )


def test_a_long_past_is_a_record_like_any_other():
    grown()
    patient = Patient.objects.get(pk=scale.BASE)
    past = history.of(patient)
    assert len(past.visits) == history.FEW
    assert all(len(each.points) == history.POINTS for each in history.series(patient))


def test_who_is_there_stays_and_the_rest_comes():
    town = scale.Town(600, 1000, NOON)  # two batches, of which the second is lost
    whole = grown(town)
    kept = dict(Patient.objects.filter(pk__lt=scale.BASE + 500).values_list("pk", "public_id"))
    for table in reversed(scale.TABLES):
        made_later = {
            "accounts_user": {"pk__gte": scale.BASE + 500},
            "his_person": {"pk__gte": scale.BASE + 500},
            "patients_patient": {"pk__gte": scale.BASE + 500},
        }.get(table.name, _of_people_from(table.model, scale.BASE + 500))
        rows = table.model.objects.filter(**made_later)
        rows._raw_delete(rows.db)
    assert scale.already() == 500
    rest = grown(town)
    assert 0 < rest.total < whole.total
    assert Patient.objects.count() == 600
    assert Observation.objects.count() == 1000
    assert kept.items() <= dict(Patient.objects.values_list("pk", "public_id")).items()
    assert grown(town).total == 0


def _of_people_from(model, number):
    names = {field.name for field in model._meta.fields}
    return {f"{'person' if 'person' in names else 'patient'}__gte": number}


def test_a_town_begun_with_other_numbers_is_not_gone_on_with():
    grown()
    with pytest.raises(scale.AnotherTown):
        grown(scale.Town(600, 90_000, NOON))
    with pytest.raises(scale.AnotherTown):
        grown(scale.Town(100, 1000, NOON))


def test_never_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("generate_scale", "--patients=1")
    assert not Patient.objects.exists()


@pytest.mark.parametrize("wrong", ["--patients=0", "--patients=-1", "--observations=-8"])
def test_nobody_is_no_town(wrong):
    with pytest.raises(CommandError):
        call_command("generate_scale", wrong)

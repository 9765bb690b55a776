"""The encrypted fields on a real table."""

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from hospital.accounts.models import User
from hospital.kernel.ciphers import Undecipherable
from hospital.kernel.encrypted import index_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang():
    return User.objects.create(phone="13800006620", name="王秀兰", password="!", roles=["patient"])


def stored(user, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM accounts_user WHERE id = %s", [user.pk])
        return cursor.fetchone()[0]


def test_what_is_saved_reads_back_and_is_not_readable_in_between(wang):
    assert User.objects.get(pk=wang.pk).name == "王秀兰"
    assert stored(wang, "name").startswith("v1.")
    assert "王秀兰" not in stored(wang, "name")


def test_saving_without_reading_changes_no_byte(wang):
    before = stored(wang, "name")
    User.objects.get(pk=wang.pk).save()
    assert stored(wang, "name") == before


def test_a_phone_is_found_by_its_index_in_any_spelling(wang):
    index = index_of(User, "phone_index", "+86 138 0000 6620")
    assert User.objects.get(phone_index=index).pk == wang.pk


def test_the_same_phone_twice_is_refused_by_the_database(wang):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(phone="１３８００００６６２０", password="!", roles=["patient"])


@pytest.mark.parametrize(
    "leak",
    [
        lambda: list(User.objects.values("name")),
        lambda: list(User.objects.values()),
        lambda: list(User.objects.values_list("name", flat=True)),
        lambda: User.objects.update(name="李四"),
        lambda: list(User.objects.filter(name="王秀兰")),
        lambda: list(User.objects.filter(name__contains="王")),
    ],
)
def test_what_would_leak_or_corrupt_raises(wang, leak):
    with pytest.raises(FieldError):
        leak()


def test_bulk_update_cannot_write_plain_text(wang):
    wang.name = "李四"
    with pytest.raises((FieldError, TypeError)):
        User.objects.bulk_update([wang], ["name"])


def test_a_ciphertext_moved_to_another_row_raises(wang):
    zhao = User.objects.create(phone="13800006621", name="赵建民", password="!", roles=["patient"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_user SET name = %s WHERE id = %s", [stored(wang, "name"), zhao.pk]
        )
    with pytest.raises(Undecipherable):
        _ = User.objects.get(pk=zhao.pk).name


def test_deferred_and_missing_values_work(wang):
    assert User.objects.defer("name").get(pk=wang.pk).name == "王秀兰"
    assert User.objects.filter(phone__isnull=False).count() == 1

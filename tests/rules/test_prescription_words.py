"""How a dose is said, how many packs last, what is printed on the box."""

from decimal import Decimal

import pytest

from prescriptions import pharmacy, reference, wording
from prescriptions.formulary import formulary
from prescriptions.models import Drug


def medicine(name):
    found = formulary().find(name)
    assert found is not None
    return found


def said(name, dose, unit, every, route="oral"):
    amount = None if dose is None else Decimal(dose)
    return wording.for_patient(medicine(name), amount, unit, every, route)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (("苯磺酸氨氯地平片", "5", "mg", "qd"), "每天 1 次，每次吃 1 片"),
        (("苯磺酸氨氯地平片", "2.5", "mg", "qd"), "每天 1 次，每次吃 半片"),
        (("苯磺酸氨氯地平片", "7.5", "mg", "qd"), "每天 1 次，每次吃 1 片半"),
        (("苯磺酸氨氯地平片", "3", "mg", "qd"), "每天 1 次，每次吃 3 mg"),
        (("缬沙坦胶囊", "160", "mg", "qn"), "每天晚上 1 次，每次吃 2 粒"),
        (("卤米松乳膏", None, "", "bid", "topical"), "每天 2 次，早晚各 1 次，涂在患处"),
        (
            ("甘精胰岛素注射液", "10", "IU", "qn", "subcutaneous"),
            "每天晚上 1 次，每次打在皮下 10 IU",
        ),
    ],
)
def test_a_patient_reads_plain_words(how, words):
    assert said(*how) == words


def test_no_abbreviation_reaches_a_patient():
    for _clinician, patient in wording.FREQUENCIES.values():
        assert not any(letter.isascii() and letter.isalpha() for letter in str(patient))


def test_the_clinician_reads_the_usual_one():
    assert wording.sig(Decimal("5.000"), "mg", "qd", "oral") == "每次 5 mg，每日 1 次 qd，口服"


def test_every_frequency_and_route_of_the_formulary_can_be_said():
    for drug in formulary().drugs:
        assert drug.usual_frequency in wording.FREQUENCIES
        assert drug.route in wording.ROUTES


@pytest.mark.parametrize(
    ("name", "dose", "unit", "every", "days", "packs"),
    [
        ("苯磺酸氨氯地平片", "5", "mg", "qd", 28, 1),
        ("苯磺酸氨氯地平片", "5", "mg", "qd", 29, 2),
        ("苯磺酸氨氯地平片", "10", "mg", "qd", 28, 2),
        ("苯磺酸氨氯地平片", "2.5", "mg", "qd", 56, 1),
        ("硝苯地平片", "10", "mg", "tid", 28, 3),
        ("甲氨蝶呤片", "10", "mg", "qw", 28, 1),
        ("卤米松乳膏", None, "", "bid", 14, 1),
    ],
)
def test_as_many_packs_as_the_days_need(name, dose, unit, every, days, packs):
    drug = reference._row(pharmacy.key_of(medicine(name)), medicine(name))
    amount = None if dose is None else Decimal(dose)
    assert pharmacy.packs_for(drug, amount, unit, every, days) == packs


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("苯磺酸氨氯地平片", ("5mg×28片", 28)),
        ("卤米松乳膏", ("15g/支", 1)),
        ("乳果糖口服溶液", ("100ml/瓶", 100)),
        ("氨酚曲马多片(37.5mg/325mg)", ("28片", 28)),
    ],
)
def test_what_is_printed_on_the_box(name, pack):
    assert reference.pack_of(medicine(name)) == pack


def test_a_name_is_found_by_its_initials():
    assert reference.initials_of("缬沙坦胶囊") == "xstjn"
    assert reference.initials_of("维A酸乳膏") == "wasrg"


@pytest.mark.django_db
def test_loading_again_keeps_prices_and_stock():
    drug = Drug.objects.get(key="苯磺酸氨氯地平片 5mg")
    Drug.objects.filter(pk=drug.pk).update(packs=3, price_fen=1)
    reference.load(None)
    drug.refresh_from_db()
    assert (drug.packs, drug.price_fen) == (3, 1)


@pytest.mark.django_db
def test_nothing_controlled_is_sold_and_everything_else_has_a_price():
    controlled = formulary().find("阿普唑仑片")
    assert controlled is not None
    assert not Drug.objects.get(key=pharmacy.key_of(controlled)).is_sold
    assert not Drug.objects.filter(is_sold=True, price_fen=0).exists()
    for drug in Drug.objects.filter(is_sold=True):
        assert pharmacy.medicine_of(drug).control_class not in {
            "narcotic", "psychotropic_1", "psychotropic_2", "precursor", "radioactive",
        }  # fmt: skip

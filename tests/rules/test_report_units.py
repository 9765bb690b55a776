"""Units, series, comparisons and words of reports: pure functions, no database."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from hospital.his.models import Observation
from patients.reports import explaining
from patients.reports.comparing import differences
from patients.reports.items import item_of
from patients.reports.searching import is_called
from patients.reports.trend import trends_of
from patients.reports.units import converter

START = datetime(2020, 3, 1, tzinfo=UTC)


def measured(value, unit="mmol/L", *, code="14771-0", name="空腹血糖", year=0, **more):
    at = START + timedelta(days=365 * year)
    return Observation(code=code, name=name, value=Decimal(str(value)), unit=unit, at=at, **more)


def said(text, *, code="20454-5", year=0, **more):
    at = START + timedelta(days=365 * year)
    return Observation(code=code, name="尿蛋白", text=text, unit="", at=at, **more)


def ranged(value, low, high, unit="mmol/L", **more):
    return measured(value, unit, low=Decimal(str(low)), high=Decimal(str(high)), **more)


@pytest.mark.parametrize(
    ("code", "unit", "to_code", "to_unit", "value", "becomes"),
    [
        ("1558-6", "mg/dL", "14771-0", "mmol/L", "126", "6.994"),
        ("14771-0", "mmol/L", "1558-6", "mg/dL", "7", "126.1"),
        ("2160-0", "mg/dL", "14682-9", "μmol/L", "1.0", "88.4"),
        ("2089-1", "mg/dL", "22748-8", "mmol/L", "130", "3.362"),
        ("2571-8", "mg/dL", "14927-8", "mmol/L", "150", "1.694"),
        ("3084-1", "mg/dL", "14933-6", "umol/L", "7", "416.4"),
        ("3091-6", "mg/dL", "22664-7", "mmol/L", "30", "4.995"),
        ("3094-0", "mg/dL", "22664-7", "mmol/L", "14", "4.998"),  # its nitrogen alone
        ("3094-0", "mg/dL", "3091-6", "mg/dL", "14", "30.01"),  # one unit, two meanings
        ("1975-2", "mg/dL", "14631-6", "μmol/L", "1", "17.1"),
        ("17861-6", "mg/dL", "2000-8", "mmol/L", "10", "2.495"),
        ("718-7", "g/dL", "718-7", "g/L", "13.5", "135"),
        ("718-7", "g/L", "59260-0", "mmol/L", "145", "8.998"),
        ("59261-8", "mmol/mol", "4548-4", "%", "53", "7"),
        ("4548-4", "%", "59261-8", "mmol/mol", "7", "53"),
        ("2823-3", "mEq/L", "2823-3", "mmol/L", "4.2", "4.2"),
        ("2000-8", "mEq/L", "2000-8", "mmol/L", "5", "2.5"),
        ("6690-2", "10*3/uL", "6690-2", "×10⁹/L", "5.6", "5.6"),
        ("777-3", "10^12/L", "777-3", "10^9/L", "0.2", "200"),
        ("8480-6", "kPa", "8480-6", "mm[Hg]", "16", "120"),
        ("1742-6", "ukat/L", "1742-6", "U/L", "0.5", "30"),
        ("1742-6", "IU/L", "1742-6", "U/L", "40", "40"),
        ("BYXM-7", "mg/L", "BYXM-7", "mg/dL", "3", "0.3"),  # the hospital's own item
        ("62238-1", "mL/min/1.73m²", "62238-1", "mL/min/{1.73_m2}", "52", "52"),
    ],
)
def test_a_value_is_converted(code, unit, to_code, to_unit, value, becomes):
    convert = converter(code, unit, to_code=to_code, to_unit=to_unit)
    assert convert is not None
    assert convert(Decimal(value)) == Decimal(becomes)


@pytest.mark.parametrize(
    ("code", "unit", "to_code", "to_unit"),
    [
        ("BYXM-7", "mg/dL", "BYXM-7", "mmol/L"),  # molar mass not known
        ("4548-4", "%", "4548-4", "g/L"),
        ("2160-0", "mg/dL", "2160-0", "furlong"),
        ("2160-0", "", "2160-0", "mg/dL"),
        ("3016-3", "mIU/L", "3016-3", "mU/L"),  # of a hormone: no enzyme
        ("6690-2", "/HP", "6690-2", "10^9/L"),
        ("1558-6", "mg/dL", "2160-0", "mg/dL"),  # another thing altogether
        ("2345-7", "mg/dL", "1558-6", "mg/dL"),  # at any time is not fasting
    ],
)
def test_what_cannot_be_converted_is_never_guessed(code, unit, to_code, to_unit):
    assert converter(code, unit, to_code=to_code, to_unit=to_unit) is None


@pytest.mark.parametrize("unit", ["μmol/L", "µmol/l", "umol/L", "UMOL/L", " μmol / L "])
def test_one_unit_is_written_in_many_ways(unit):
    assert converter("14682-9", unit, to_code="14682-9", to_unit="umol/L") is not None


def test_a_series_is_told_in_the_newest_unit_with_the_ranges_of_then():
    rows = [
        ranged(104, 70, 110, "mg/dL", code="1558-6"),
        ranged(131, 70, 110, "mg/dL", code="1558-6", year=1),
        ranged(7.6, 3.9, 6.1, year=5),
    ]
    (trend,) = trends_of(rows)
    assert (trend.unit, trend.code) == ("mmol/L", "14771-0")
    assert [point.value for point in trend.points] == [
        Decimal("5.773"),
        Decimal("7.271"),
        Decimal("7.6"),
    ]
    assert [point.flag for point in trend.points] == ["", "high", "high"]
    assert trend.points[0].told == "104 mg/dL"
    assert trend.points[0].high == Decimal("6.106")
    assert trend.was_converted
    assert trend.has_other_ranges
    assert "3 次中 2 次" in trend.says


def test_units_that_do_not_convert_never_share_a_series():
    rows = [measured(3, "个/HP", code="X1"), measured(5, "10^9/L", code="X1", year=1)]
    newest, other = trends_of([*rows, measured(6, "10*9/L", code="X1", year=2)])
    assert (newest.unit, len(newest.points)) == ("10*9/L", 2)
    assert (other.unit, len(other.points)) == ("个/HP", 1)


def test_results_in_words_are_no_points():
    assert trends_of([said("阴性"), said("1+", year=1)]) == []


def test_the_laboratory_says_so_where_there_is_no_range():
    assert item_of(measured(9, flag="high")).flag == "high"
    assert item_of(measured(9)).flag == ""
    assert item_of(ranged(9, 3.9, 6.1)).flag == "high", "a range counts by itself"
    assert item_of(ranged(5, 3.9, 6.1)).flag == ""
    assert item_of(said("1+", flag="abnormal", expected="阴性")).reference == "阴性"


def by_name(older, newer):
    return {each.name: each for each in differences(older, newer)}


def test_two_reports_are_compared_item_by_item():
    older = [
        ranged(131, 70, 110, "mg/dL", code="1558-6"),
        measured(5, code="A", name="甲"),
        said("阴性"),
        measured(1, "个", code="C", name="丙"),
    ]
    newer = [
        ranged(5.6, 3.9, 6.1, year=1),
        measured(5, code="B", name="乙", year=1),
        said("1+", year=1, flag="abnormal"),
        measured(1, "g/L", code="C", name="丙", year=1),
    ]
    rows = by_name(older, newer)
    glucose = rows["空腹血糖"]
    assert (glucose.before, glucose.direction, glucose.band) == ("7.271", "down", "back")
    assert (glucose.changed_by, glucose.changed_by_percent) == ("−1.671", "−23%")
    assert (rows["甲"].direction, rows["乙"].direction) == ("only-older", "only-newer")
    assert (rows["尿蛋白"].direction, rows["尿蛋白"].band) == ("changed", "out")
    assert (rows["丙"].direction, rows["丙"].change) == ("incomparable", None)


def test_nothing_changed_is_said_so():
    assert by_name([measured(5)], [measured(5, year=1)])["空腹血糖"].direction == "same"
    assert by_name([said("阴性")], [said("阴性", year=1)])["尿蛋白"].direction == "same"
    number_and_word = by_name([measured(5)], [said("1+", code="14771-0", year=1)])
    assert next(iter(number_and_word.values())).direction == "incomparable"


@pytest.mark.parametrize(
    ("older", "newer", "pairs"),
    [
        ((5, 9), (6, 8), [(5, 6), (9, 8)]),
        ((5, 9), (6,), [(5, 6), (9, None)]),
        ((5,), (6, 8), [(5, 6), (None, 8)]),
        ((5, 9, 7), (), [(5, None), (9, None), (7, None)]),
    ],
)
def test_an_item_that_stands_twice_is_compared_in_its_order_and_none_is_lost(older, newer, pairs):
    """Glucose before a meal and after it, under one code."""
    rows = differences(map(measured, older), [measured(each, year=1) for each in newer])
    found = [tuple(each and each.row.value for each in (row.older, row.newer)) for row in rows]
    assert found == pairs


@pytest.mark.parametrize(
    "typed", ["空腹血糖", "血糖", "kfxt", "kongfuxuetang", "xt", "GLU", "ＸＴ"]
)
def test_an_item_is_found_by_characters_pinyin_and_abbreviation(typed):
    assert is_called(typed, name="空腹血糖", code="14771-0")


@pytest.mark.parametrize("typed", ["", "肌酐", "jg", "kxt", "血糖仪", "(.*)", "%"])
def test_nothing_else_finds_it(typed):
    assert not is_called(typed, name="空腹血糖", code="14771-0")


def test_a_sentence_stands_only_with_its_source():
    explanation = explaining.of("59261-8", "high")
    assert explanation is not None
    assert "2～3 个月" in explanation.says
    assert explanation.source
    assert explaining.of("4548-4", "low") is None
    assert explaining.of("BYXM-7", "high") is None

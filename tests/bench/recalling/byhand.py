"""The one-page record by hand: SQL for a cursor, dictionaries, json. Nobody is asked who they are.

It says the same as the door, byte for byte once both are read; it opens what is sealed, because
the answer holds it. Sessions, access, the trail and the shape of errors are what it has not.
"""

import json
from datetime import date, datetime
from typing import Any

from django.db import connection

from hospital.kernel import ciphers
from hospital.kernel.calendar import full_years, local_date
from patients import steps
from patients.history import FEW, KEY, POINTS, flag, reference

_PATIENT = """
    SELECT p.id, p.person_id, p.public_id, p.name, p.birth_date, p.sex, p.weight_kg, p.weighed_at,
        p.pregnancy, p.due_on, p.pregnancy_at, p.is_lactating, p.liver, p.history,
        p.allergies_known_at, p.recorded_at, q.pulled_at, clock_timestamp()
    FROM patients_patient p LEFT JOIN his_person q ON q.id = p.person_id WHERE p.public_id = %s
"""
_PULLED = "SELECT min(pulled_at), count(pulled_at) FROM his_cursor"
_ALLERGIES = """
    SELECT public_id, "to", reaction, 'his', 0, id FROM his_allergy WHERE person_id = %s
    UNION ALL
    SELECT public_id, "to", reaction, source, 1, id FROM patients_allergy WHERE patient_id = %s
    ORDER BY 5, 6
"""
_TAKEN = """
    SELECT public_id, name, atc, until, dosage, source FROM patients_medicine
    WHERE patient_id = %s AND withdrawn_at IS NULL AND since <= %s
        AND (until IS NULL OR until >= %s) ORDER BY since DESC, id
"""
_PRESCRIBED = """
    SELECT public_id, name, atc, until, dosage FROM his_medicine
    WHERE person_id = %s AND (until IS NULL OR until >= %s) ORDER BY at DESC, id
"""
_ONLINE = """
    SELECT at, department, doctor, diagnoses FROM patients_onlinevisit WHERE patient_id = %s
    ORDER BY at DESC, id DESC LIMIT %s
"""
_VISITS = """
    SELECT id, at, department, doctor FROM his_visit WHERE person_id = %s
    ORDER BY at DESC, id DESC LIMIT %s
"""
_DIAGNOSES = """
    SELECT visit_id, code, name, at FROM his_diagnosis WHERE person_id = %s AND (
        visit_id = ANY(%s) OR id IN (
            SELECT DISTINCT ON (code) id FROM his_diagnosis WHERE person_id = %s
            ORDER BY code, at DESC))
    ORDER BY at DESC, id
"""
_VALUES = """
    SELECT v.code, v.name, v.at, v.value, v.unit, v.low, v.high
    FROM unnest(%s::varchar[]) AS item (code) CROSS JOIN LATERAL (
        SELECT * FROM his_observation o WHERE o.person_id = %s AND o.code = item.code
        ORDER BY at DESC LIMIT %s) v
    ORDER BY v.at, v.id
"""
_REPORTS = """
    SELECT public_id, at, kind, title, conclusion FROM his_report WHERE person_id = %s
    ORDER BY at DESC, id DESC LIMIT %s
"""
_PAPERS = """
    SELECT public_id, at, kind, state, diagnosis, diagnosis_name, issued_by, visited_on,
        expires_on, ARRAY(SELECT f.public_id FROM patients_evidencepage p
            JOIN files_file f ON f.id = p.file_id WHERE p.evidence_id = e.id ORDER BY p.id)
    FROM patients_evidence e
    WHERE patient_id = %s AND state IN ('submitted', 'confirmed', 'expired')
    ORDER BY at DESC, id DESC LIMIT %s
"""
QUERIES = {
    "patient": _PATIENT,
    "pulled": _PULLED,
    "allergies": _ALLERGIES,
    "taken": _TAKEN,
    "prescribed": _PRESCRIBED,
    "online": _ONLINE,
    "visits": _VISITS,
    "diagnoses": _DIAGNOSES,
    "values": _VALUES,
    "reports": _REPORTS,
    "papers": _PAPERS,
}


def record(public_id: str) -> str:
    with connection.cursor() as cursor:
        (row,) = _rows(cursor, _PATIENT, public_id)
        patient, person, at = row[0], row[1], row[-1]
        today = local_date(at)
        taken = [
            *(
                (name, atc, until, _open("patients.medicine.dosage", pid, dosage), source)
                for pid, name, atc, until, dosage, source in _rows(
                    cursor, _TAKEN, patient, today, today
                )
            ),
            *(
                (
                    _open("his.medicine.name", pid, name),
                    atc,
                    until,
                    _open("his.medicine.dosage", pid, dosage),
                    "his",
                )
                for pid, name, atc, until, dosage in _rows(cursor, _PRESCRIBED, person, today)
            ),
        ]
        problems, visits = _visits(cursor, patient, person)
        ((oldest, kinds),) = _rows(cursor, _PULLED)
        told = {
            "patient": _who(row, today),
            "as_of": max(row[-2], oldest) if kinds == 10 else row[-2],
            "allergies": [
                {
                    "to": _open(f"{'patients' if here else 'his'}.allergy.to", pid, to),
                    "reaction": reaction,
                    "source": source,
                }
                for pid, to, reaction, source, here, _id in _rows(
                    cursor, _ALLERGIES, person, patient
                )
            ],
            "medicines": _medicines(taken, today),
            "problems": problems,
            "labs": _labs(_rows(cursor, _VALUES, list(KEY), person, POINTS)),
            "visits": visits,
            "reports": [
                {
                    "public_id": pid,
                    "at": when,
                    "kind": kind,
                    "title": _open("his.report.title", pid, title),
                    "conclusion": _open("his.report.conclusion", pid, conclusion),
                }
                for pid, when, kind, title, conclusion in _rows(cursor, _REPORTS, person, FEW)
            ],
            "papers": [_paper(row) for row in _rows(cursor, _PAPERS, patient, FEW)],
        }
    return json.dumps(told, default=_plain, ensure_ascii=False)


def _rows(cursor: Any, sql: str, *params: Any) -> list[Any]:
    cursor.execute(sql, params)
    return list(cursor.fetchall())


def _open(column: str, public_id: Any, envelope: str) -> str:
    return ciphers.unseal(envelope, bound_to=f"{column}|{public_id}")


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _who(row: Any, today: date) -> dict[str, Any]:
    pid, name, born, sex, weight, weighed_at, pregnancy, due, asked_at, lactating = row[2:12]
    liver, history, known_at, recorded_at = row[12:16]
    born = date.fromisoformat(_open("patients.patient.birth_date", pid, born))
    due_on = date.fromisoformat(_open("patients.patient.due_on", pid, due)) if due else None
    some = known_at or recorded_at
    told_on = local_date(asked_at or some)
    weighed_on = local_date(weighed_at or some) if weight else None
    is_old = weighed_on is not None and steps.is_old_weight(weighed_on, birth_date=born, on=today)
    return {
        "public_id": pid,
        "name": _open("patients.patient.name", pid, name),
        "sex": sex,
        "age": full_years(born, today),
        "weight_kg": weight,
        "weighed_on": weighed_on,
        "is_weight_old": is_old,
        "pregnancy": steps.still_pregnant(pregnancy, told_on=told_on, due_on=due_on, on=today),
        "due_on": due_on,
        "is_lactating": steps.still_lactating(is_told=lactating, told_on=told_on, on=today),
        "liver": liver,
        "history": _open("patients.patient.history", pid, history),
        "allergies_known_at": known_at,
    }


def _visits(cursor: Any, patient: int, person: int) -> tuple[list[Any], list[Any]]:
    online = _rows(cursor, _ONLINE, patient, FEW)
    offline = _rows(cursor, _VISITS, person, FEW)
    found = _rows(cursor, _DIAGNOSES, person, [row[0] for row in offline], person)
    made: dict[int, list[Any]] = {}
    problems: dict[str, Any] = {}
    for visit, code, name, at in found:
        made.setdefault(visit, []).append({"code": code, "name": name})
        problems.setdefault(code, {"code": code, "name": name, "at": at})
    rows = [_visit(*row[:3], json.loads(row[3]), is_online=True) for row in online]
    rows += [_visit(*row[1:], made.get(row[0], []), is_online=False) for row in offline]
    rows.sort(key=lambda row: row["at"], reverse=True)
    return list(problems.values()), rows[:FEW]


def _visit(at: Any, department: str, doctor: str, made: Any, *, is_online: bool) -> dict[str, Any]:
    return {
        "at": at,
        "department": department,
        "doctor": doctor,
        "diagnoses": made,
        "is_online": is_online,
    }


def _paper(row: Any) -> dict[str, Any]:
    pid, at, kind, state, *sealed, expires_on, files = row
    names = ("diagnosis", "diagnosis_name", "issued_by", "visited_on")
    code, name, issued_by, visited_on = (
        value and _open(f"patients.evidence.{column}", pid, value)
        for column, value in zip(names, sealed, strict=True)
    )
    return {
        "public_id": pid,
        "at": at,
        "kind": kind,
        "state": state,
        "code": code,
        "name": name,
        "issued_by": issued_by,
        "visited_on": visited_on,
        "expires_on": expires_on,
        "files": files,
    }


def _medicines(rows: list[Any], today: date) -> list[dict[str, Any]]:
    newest: dict[str, dict[str, Any]] = {}
    for name, atc, until, dosage, source in rows:
        left = (until - today).days if until else None
        seen = newest.get(name)
        held = seen and seen["days_left"]
        if seen is None or (held is not None and (left is None or left > held)):
            newest[name] = {
                "name": name,
                "atc": atc,
                "days_left": left,
                "dosage": dosage,
                "source": source,
            }
    return list(newest.values())


def _labs(rows: list[Any]) -> list[dict[str, Any]]:
    series: dict[str, dict[str, Any]] = {}
    for code, name, at, value, unit, low, high in rows:
        one = series.setdefault(code, {"code": code, "points": []})
        one |= {
            "name": KEY.get(code, name),
            "unit": unit,
            "reference": reference(low, high),
            "flag": flag(value, low, high),
        }
        one["points"].append({"at": at, "value": f"{value.normalize():f}"})
    found = [series[code] for code in KEY if code in series]
    return sorted(found, key=lambda each: not each["flag"])


def same(door: bytes, byhand: str) -> bool:
    """Whether both say the same; moments may be written in two ways."""
    return _read(door.decode()) == _read(byhand)


def _read(text: str) -> Any:
    return json.loads(text, object_hook=lambda d: {k: _moment(v) for k, v in d.items()})


def _moment(value: Any) -> Any:
    """Moments to the millisecond, as Django REST framework writes them; all else as it is."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return at.replace(microsecond=at.microsecond // 1000 * 1000) if at.tzinfo else value

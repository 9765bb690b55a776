"""A past visit with its diagnoses, medicines and bill, written as FHIR R4 resources."""

from datetime import datetime, timedelta
from typing import NamedTuple

from hospital.simulators import clock
from hospital.simulators.his import systems
from hospital.simulators.his.coding import coding, reference
from hospital.simulators.his.reference import Department, Diagnosis, Medicine
from hospital.simulators.his.stock import medicine_code
from hospital.simulators.shelf import Item

SUPPLY_DAYS = 28


class Visit(NamedTuple):
    """Its id begins with the patient's, so that two never meet."""

    id: str
    patient_id: str
    at: datetime
    department: Department
    doctor: str


def encounter(visit: Visit, reasons: list[Diagnosis]) -> Item:
    department = coding(systems.DEPARTMENT, visit.department.subject_code, visit.department.name)
    return {
        "resourceType": "Encounter",
        "id": visit.id,
        "identifier": [{"system": systems.VISIT_NUMBER, "value": f"MZ-{visit.id}"}],
        "status": "finished",
        "class": coding(f"{systems.TERMINOLOGY}/v3-ActCode", "AMB", "门诊"),
        "serviceType": {"coding": [department], "text": visit.department.name},
        "subject": reference("Patient", visit.patient_id),
        "participant": [{"individual": {"display": visit.doctor}}],
        "period": {
            "start": clock.written(visit.at),
            "end": clock.written(visit.at + timedelta(minutes=20)),
        },
        "diagnosis": [
            {
                "condition": {"reference": f"Condition/{visit.id}-c{n}", "display": each.name},
                "rank": n,
            }
            for n, each in enumerate(reasons, 1)
        ],
    }


def condition(visit: Visit, number: int, diagnosis: Diagnosis) -> Item:
    system = f"{systems.TERMINOLOGY}/condition"
    return {
        "resourceType": "Condition",
        "id": f"{visit.id}-c{number}",
        "clinicalStatus": {"coding": [coding(f"{system}-clinical", "active", "Active")]},
        "verificationStatus": {"coding": [coding(f"{system}-ver-status", "confirmed", "确诊")]},
        "category": [{"coding": [coding(f"{system}-category", "encounter-diagnosis", "门诊诊断")]}],
        "code": {
            "coding": [coding(systems.ICD10, diagnosis.icd10, diagnosis.name)],
            "text": diagnosis.name,
        },
        "subject": reference("Patient", visit.patient_id),
        "encounter": reference("Encounter", visit.id),
        "recordedDate": clock.written(visit.at),
        "recorder": {"display": visit.doctor},
    }


def medication_request(visit: Visit, number: int, medicine: Medicine) -> Item:
    dosage: Item = {
        "text": f"每次 {medicine.dose or '适量'}{medicine.dose_unit} {medicine.frequency}"
    }
    dosage["timing"] = {"code": {"text": medicine.frequency}}
    if medicine.dose:
        quantity = {"value": float(medicine.dose), "unit": medicine.dose_unit}
        dosage["doseAndRate"] = [{"doseQuantity": quantity}]
    return {
        "resourceType": "MedicationRequest",
        "id": f"{visit.id}-m{number}",
        "status": "completed",
        "intent": "order",
        "medicationCodeableConcept": medicine_code(medicine),
        "subject": reference("Patient", visit.patient_id),
        "encounter": reference("Encounter", visit.id),
        "authoredOn": clock.written(visit.at),
        "requester": {"display": visit.doctor},
        "dosageInstruction": [dosage],
        "dispenseRequest": {"expectedSupplyDuration": {"value": SUPPLY_DAYS, "unit": "d"}},
    }

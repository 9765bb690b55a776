"""The HIS as a FHIR client meets it."""

from datetime import UTC, date, datetime, timedelta

from hospital.simulators.his.identity import id_number

from .conftest import faults

RESIDENT = "urn:oid:2.16.156.10011.1.3"


def found(world, query):
    bundle = world.client.get(f"/fhir/{query}").raise_for_status().json()
    return [entry["resource"] for entry in bundle["entry"]]


def test_known_identity_numbers_check():
    assert id_number("110105", date(1949, 12, 31), 2) == "11010519491231002X"
    assert id_number("440524", date(1880, 1, 1), 1) == "440524188001010014"


def test_a_patient_is_found_by_identity_number(world):
    [patient] = found(world, f"Patient?identifier={RESIDENT}|110108195806170020")
    assert patient["name"][0]["text"] == "王秀兰"
    assert patient["meta"]["versionId"] == "1"


def test_a_search_by_form_keeps_the_number_out_of_the_address(world):
    form = {"identifier": f"{RESIDENT}|110108202105200015"}
    [entry] = world.client.post("/fhir/Patient/_search", data=form).json()["entry"]
    assert entry["resource"]["contact"][0]["name"]["text"] == "郭立"


def test_the_cast_was_seen_when_the_story_says(world):
    latest = {
        name: found(world, f"Encounter?patient={name}&_sort=-date&_count=1")
        for name in ("wang-xiulan", "liu-guoqiang", "qian-duoduo")
    }
    ago = [
        (datetime.now(UTC) - datetime.fromisoformat(visit[0]["period"]["start"])).days
        for visit in (latest["wang-xiulan"], latest["liu-guoqiang"])
    ]
    assert ago[0] in (39, 40, 41)
    assert ago[1] > 180
    assert latest["qian-duoduo"] == []


def test_the_latest_results_are_the_ones_of_the_story(world):
    for loinc, value in (("62238-1", 52), ("2823-3", 5.4)):
        series = found(world, f"Observation?patient=wang-xiulan&code={loinc}&_sort=-date")
        assert series[0]["valueQuantity"]["value"] == value
        assert len(series) >= 8
        assert series[0]["referenceRange"]
    [allergy] = found(world, "AllergyIntolerance?patient=wang-xiulan")
    assert allergy["code"]["text"] == "磺胺类"


def test_pages_follow_each_other_without_gap_or_overlap(world):
    address, seen = "/fhir/Patient?_count=60&_sort=_lastUpdated", []
    while address:
        bundle = world.client.get(address).json()
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        address = links.get("next")
    assert len(seen) == len(set(seen)) == bundle["total"] >= 200


def test_a_new_patient_is_news_since_a_moment_before(world):
    before = (datetime.now().astimezone() - timedelta(seconds=1)).isoformat()
    wish = {"diagnosis": "I10", "days_ago": 12, "labs": {"potassium": 6.1}, "sex": "female"}
    told = world.client.post("/control/his/patients", json=wish).raise_for_status().json()

    news = world.client.get("/fhir/Patient", params={"_lastUpdated": f"gt{before}"}).json()
    assert told["id"] in [entry["resource"]["id"] for entry in news["entry"]]
    [condition] = found(world, f"Condition?patient={told['id']}")
    assert condition["code"]["coding"][0]["code"] == "I10"
    [potassium] = found(world, f"Observation?patient={told['id']}&code=2823-3&_sort=-date&_count=1")
    assert potassium["valueQuantity"]["value"] == 6.1


def test_stock_changes_make_a_new_version(world):
    wish = {"medicine": "YP0001", "on_hand": 0}
    world.client.post("/control/his/stock", json=wish).raise_for_status()
    medicine = world.client.get("/fhir/Medication/YP0001").json()
    assert medicine["extension"][0]["valueQuantity"]["value"] == 0
    assert int(medicine["meta"]["versionId"]) > 1


def test_what_is_unknown_is_an_outcome(world):
    for address, status in (("Patient/nobody", 404), ("Patient?colour=red", 400), ("Cat", 404)):
        answer = world.client.get(f"/fhir/{address}")
        assert answer.status_code == status
        assert answer.json()["resourceType"] == "OperationOutcome"
        assert answer.headers["content-type"].startswith("application/fhir+json")


def test_the_server_can_answer_with_another_patient(world):
    faults(world, "his", wrong_patient=1)
    assert world.client.get("/fhir/Patient/sun-yue").json()["id"] != "sun-yue"
    assert world.client.get("/fhir/Patient/sun-yue").json()["id"] == "sun-yue"


def test_a_result_can_be_written_back(world):
    wish = {"resourceType": "Encounter", "subject": {"reference": "Patient/sun-yue"}}
    made = world.client.post("/fhir/Encounter", json=wish)
    assert made.status_code == 201
    assert world.client.get(made.headers["location"]).json()["meta"]["versionId"] == "1"

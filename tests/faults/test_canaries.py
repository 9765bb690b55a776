"""No personal data stands in plain outside the platform's own memory (8.1.4.8b, I9).

A patient with unmistakable words goes the whole way of a follow-up. Then the dump of the database,
the write-ahead log, everything that was ever said to Redis, the logs and the media folder are
searched for every one of these words, in every spelling they could have taken.
"""

import base64
import codecs
import json
import os
import re
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis
from django.conf import settings

from hospital.demo.journey.cast import new_patient, pairs
from hospital.demo.journey.outside import Outside
from hospital.demo.journey.person import Person
from hospital.demo.journey.telling import Tale
from hospital.demo.journey.way import Way
from tests import databases, stack

pytestmark = pytest.mark.slow
NAME, RECEIVER = "欧阳金丝雀", "欧阳收货"
REGION, DETAIL = "内蒙古自治区阿拉善盟", "金丝雀胡同 4711 号院 9 单元"
COMPLAINT, CHAT = "金丝雀主诉：夜里胸口发闷", "金丝雀聊天：昨晚量了三次都高"
HISTORY, RATING = "金丝雀既往史：十年前做过胆囊手术", "金丝雀评价：非常细心"
CONTROL = "金丝雀对照：故意写在明处"
END = b"the last word to Redis"


class Canary(Way):
    """The way of one follow-up, in words that occur nowhere else."""

    def sign_in(self) -> None:
        """sign in"""
        self.known = new_patient(self.outside, name=NAME)
        self.patient = Person(self.base, "patient")
        self.patient.sign_in_by_phone(self.known["phone"], self.outside)

    def make_record(self) -> None:
        """e-record with a history"""
        super().make_record()
        health = {"allergies": [], "pregnancy": "no", "is_lactating": False, "weight_kg": "70.0"}
        told = health | {"liver": "normal", "history": HISTORY}
        self.patient.put(f"/api/v1/patients/{self.patient_id}/health", told)

    def order(self) -> None:
        """order"""
        wish = self._wish() | {"complaint": COMPLAINT}
        made = self.patient.post("/api/v1/consultations", wish)
        self.visit, self.charge = made["public_id"], made["charge"]["public_id"]

    def chat(self) -> None:
        """chat"""
        super().chat()
        said = {"client_id": str(os.urandom(16).hex()), "text": CHAT}
        self.patient.post(f"/api/v1/consultations/{self.visit}/messages", said)

    def pay_for_medicines(self) -> None:
        """an address"""
        told = {"name": RECEIVER, "phone": self.known["phone"], "region": REGION, "detail": DETAIL}
        mine = self.patient.post
        self.patient.post = lambda path, body=None: mine(  # type: ignore[method-assign]
            path, told if path == "/api/v1/addresses" else body
        )
        super().pay_for_medicines()

    def close_and_rate(self) -> None:
        """rate"""
        self.pair.doctor.post(f"/api/v1/consultations/{self.visit}/close")
        said = {"stars": 5, "text": RATING}
        self.patient.post(f"/api/v1/consultations/{self.visit}/rate", said)

    def words(self) -> dict[str, str]:
        """What must not be found, by what it is."""
        return {
            **{name: str(self.known[name]) for name in ("name", "phone", "id_number")},
            "birth date": f"{(n := str(self.known['id_number']))[6:10]}-{n[10:12]}-{n[12:14]}",
            "receiver": RECEIVER,
            "region": REGION,
            "detail": DETAIL,
            "complaint": COMPLAINT,
            "chat": CHAT,
            "history": HISTORY,
            "rating": RATING,
        }


def spellings(word: str) -> set[bytes]:
    """Every form in which a word could have been stored."""
    plain = {word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")}
    plain |= {word.encode("gb18030"), json.dumps(word)[1:-1].encode()}
    plain |= {urllib.parse.quote(word).encode(), word.encode().hex().encode()}
    plain.add(word.encode("unicode-escape"))
    for raw in (word.encode(), word.encode("utf-16-le")):
        for shift in range(3):  # where in a longer text it begins
            coded = base64.b64encode(b"\0" * shift + raw)
            inner = coded[4 if shift else 0 : len(coded) - 4]
            plain |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return {each for each in plain if len(each) >= 6}


def found(words: dict[str, str], data: bytes) -> set[str]:
    return {name for name, word in words.items() if any(s in data for s in spellings(word))}


class Overheard(threading.Thread):
    """Everything that any process says to Redis, from now on: channel layer, queues, all of it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=None)
        self.said = bytearray()
        self.monitor = self.client.monitor()
        self.monitor.__enter__()
        self.start()

    def run(self) -> None:
        while END not in self.said[-200:]:
            line = self.monitor.connection.read_response()
            text = line if isinstance(line, bytes) else str(line).encode()
            self.said += codecs.escape_decode(text)[0] + b"\n"

    def stop(self) -> bytes:
        self.client.echo(END)
        self.join(timeout=30)
        self.monitor.connection.disconnect()
        self.client.close()
        assert END in self.said
        return bytes(self.said)


@pytest.fixture(scope="module")
def flown(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, Any]]:
    """The whole way was gone; what was left behind, by where."""
    name = f"canary_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    before, folder = settings.DATABASES["default"]["NAME"], tmp_path_factory.mktemp("canary")
    with django_db_blocker.unblock():
        databases.make(name)
        databases.point_at(before)
    heard, urls = Overheard(), []
    real = httpx.Client.send

    def noted(client: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
        urls.append(str(request.url))
        return real(client, request, **how)

    with pytest.MonkeyPatch.context() as patch, stack.whole_platform(name, folder) as running:
        patch.setattr(httpx.Client, "send", noted)
        logins = json.loads((folder / "demo.json").read_text())["logins"]
        outside, pair = Outside(running.outside), pairs(running.base, logins, 1)[0]
        way = Canary(running.base, outside, pair, Tale("", quiet=True))
        way.walk()
        for each in (outside, way.patient, pair.doctor, pair.pharmacist, pair.auditor):
            each.http.close()
        _plant(name, folder, heard.client)
        yield {
            "way": way,
            "dump": _dump(name),
            "wal": _wal(),
            "redis": heard.stop(),
            "logs": b"".join(p.read_bytes() for p in folder.glob("*.log") if _ours(p)),
            "media": b"".join(p.read_bytes() for p in (folder / "media").rglob("*") if p.is_file()),
            "urls": "\n".join(url for url in urls if url.startswith(running.base)).encode(),
            "sent": [url for url in urls if url.startswith(running.base)],
        }
    with django_db_blocker.unblock():
        databases.drop(name)


def _ours(log: Path) -> bool:
    """The simulated outside world is told names and texts messages: it is no part of us."""
    return log.name != "simulators.log"


def _plant(name: str, folder: Path, client: redis.Redis) -> None:
    """The same search must find what stands in plain, in each place."""
    with databases._superuser(name) as cursor:
        cursor.execute("UPDATE doctors_department SET name_en = %s WHERE id = 1", [CONTROL])
        assert cursor.rowcount == 1
        cursor.execute("SELECT pg_switch_wal()")
    client.set(f"{name}:control", CONTROL, ex=60)
    client.set(f"{name}:coded", base64.b64encode(f"..{CONTROL}".encode()), ex=60)
    with (folder / "uvicorn.log").open("a") as log:
        log.write(json.dumps({"said": CONTROL}) + "\n")
    (folder / "media" / "control").write_bytes(CONTROL.encode("utf-16-le"))


def _dump(name: str) -> bytes:
    address = os.environ["DATABASE_SUPERUSER_URL"].rpartition("/")[0] + f"/{name}"
    programs = Path(_asked("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
    dump = [programs / "pg_dump", "--inserts", address]
    return subprocess.run(dump, capture_output=True, check=True).stdout


def _wal() -> bytes:
    folder = Path(_asked("SHOW data_directory")) / "pg_wal"
    return b"".join(path.read_bytes() for path in sorted(folder.glob("0*")))


def _asked(question: str) -> str:
    with databases._superuser() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


PLACES = ["dump", "wal", "redis", "logs", "media"]


@pytest.mark.parametrize("place", PLACES)
def test_no_word_of_the_patient_stands_in_plain(flown, place):
    assert found(flown["way"].words(), flown[place]) == set()


@pytest.mark.parametrize("place", PLACES)
def test_the_same_search_finds_what_was_planted_in_plain(flown, place):
    assert found({"control": CONTROL}, flown[place]) == {"control"}


def test_what_was_said_to_redis_was_all_of_it(flown):
    """Tasks and hints passed by: what was searched is not an empty room."""
    for word in (b"regulator.", b"audit.", b"zadd"):
        assert word in flown["redis"].lower(), word


def test_no_file_lies_as_a_picture(flown):
    assert len(flown["media"]) > 10_000
    assert b"\xff\xd8\xff" not in flown["media"]


def test_no_address_names_a_person_or_holds_a_secret(flown):
    """ASVS 14.2.1: neither phone nor number nor name nor token stands in a URL."""
    way = flown["way"]
    assert len(flown["sent"]) > 40
    assert found(way.words(), flown["urls"]) == set()
    cookies = {c.name: c.value for c in way.patient.http.cookies.jar}
    assert found({n: v for n, v in cookies.items() if len(v) > 8}, flown["urls"]) == set()
    assert not re.search(rb"[?&](token|code|otp|phone|id_number|password)=", flown["urls"])

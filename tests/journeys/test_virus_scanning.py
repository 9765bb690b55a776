"""Uploads are shown to the hospital's scanner first. The scanner here speaks clamd's protocol."""

import socketserver
import struct
import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hospital.files import services
from hospital.files.models import File
from hospital.kernel.refusals import Refused, Unavailable
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
HEAD = b"%PDF-1.7\n"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd(socketserver.StreamRequestHandler):
    """Reads one INSTREAM and says what clamd says."""

    says = None  # instead of looking

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        self.wfile.write(found if self.says is None else self.says)


@pytest.fixture
def scanner(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(Clamd, "says", None)
    settings.MEDIA_ROOT = tmp_path
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.VIRUS_SCANNER = server.server_address
        yield server
        server.shutdown()


def keep(data: bytes) -> File:
    upload = SimpleUploadedFile("old.pdf", data)
    return services.keep_pdf(upload, kind="consultation", by=make.staff("chen", "doctor"), at=NOON)


def test_a_clean_file_is_kept(scanner):
    assert keep(HEAD + b"nothing").size == len(HEAD) + 7


def test_an_infected_one_is_not_even_across_the_seam_of_two_chunks(scanner):
    padding = b"0" * (64 * 1024 - len(HEAD) - 20)  # the mark lies across the first seam
    with pytest.raises(Refused) as refused:
        keep(HEAD + padding + EICAR)
    assert refused.value.code == "file-infected"
    assert not File.objects.exists()


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0"])
def test_what_the_scanner_could_not_look_at_is_not_kept(scanner, monkeypatch, answer):
    monkeypatch.setattr(Clamd, "says", answer)
    with pytest.raises(Unavailable) as refused:
        keep(HEAD)
    assert refused.value.code == "scanner-unavailable"
    assert not File.objects.exists()


def test_a_scanner_that_is_away_lets_nothing_in(scanner, settings):
    with socketserver.TCPServer(("127.0.0.1", 0), Clamd) as nobody:
        settings.VIRUS_SCANNER = nobody.server_address
    with pytest.raises(Unavailable):
        keep(HEAD)

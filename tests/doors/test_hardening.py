"""What the edge refuses whoever asks: other terminals, forged headers, other hosts, odd lines."""

import json
import logging
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.test import Client
from django.urls import get_resolver

from hospital.kernel import context, logs, outward
from hospital.kernel.refusals import Unavailable
from tests import make
from tests.make import sitting_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(settings):
    settings.ADMIN_NETWORKS = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    return sitting_of(make.staff("shenji", "audit_admin"))


@pytest.mark.parametrize("inside", ["10.1.2.3", "fd00::7"])
def test_the_back_office_opens_on_the_management_network(auditor, inside):
    assert auditor.get("/admin/", REMOTE_ADDR=inside).status_code == 200


@pytest.mark.parametrize("outside", ["10.2.0.1", "203.0.113.9", "::1", ""])
def test_elsewhere_there_is_no_back_office(auditor, outside):
    assert auditor.get("/admin/", REMOTE_ADDR=outside).status_code == 404


def test_a_forwarded_address_of_the_callers_own_opens_nothing(auditor, settings):
    forged = {"HTTP_X_FORWARDED_FOR": "10.1.2.3", "HTTP_X_REAL_IP": "10.1.2.3"}
    assert auditor.get("/admin/", REMOTE_ADDR="203.0.113.9", **forged).status_code == 404
    settings.TRUSTED_PROXIES = 1  # nginx appends the true address; what stood before is hearsay
    chain = {"HTTP_X_FORWARDED_FOR": "10.1.2.3, 203.0.113.9"}
    assert auditor.get("/admin/", REMOTE_ADDR="10.1.0.1", **chain).status_code == 404
    chain = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 10.1.2.3"}
    assert auditor.get("/admin/", REMOTE_ADDR="10.1.0.1", **chain).status_code == 200


def test_a_forwarded_host_or_scheme_changes_no_address():
    forged = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https"}
    answer = Client().get("/me/", **forged)
    assert "evil.example" not in answer["Location"]
    assert Client().get("/", HTTP_HOST="evil.example").status_code == 400


def test_the_way_out_leads_to_known_hosts_only(settings):
    settings.OUTWARD_HOSTS = ["partner.example:443"]
    for url in (
        "https://other.example/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]:8000/",
        "https://partner.example:443@evil.example/",
    ):
        with pytest.raises(AssertionError, match="OUTWARD_HOSTS"):
            outward.request("GET", url, partner="某合作方")


def test_the_way_out_follows_no_redirect_and_wants_a_true_certificate(monkeypatch, settings):
    assert outward._client.follow_redirects is False
    settings.OUTWARD_HOSTS = ["partner.example"]
    moved = httpx.MockTransport(
        lambda request: httpx.Response(302, headers={"Location": "http://127.0.0.1/"})
    )
    monkeypatch.setattr(outward, "_client", httpx.Client(transport=moved, follow_redirects=False))
    answer = outward.request("GET", "https://partner.example/", partner="某合作方")
    assert answer.status_code == 302


@pytest.fixture
def self_signed(tmp_path):
    """A server on loopback whose certificate nobody vouches for; `.port`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (tmp_path / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    with ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        server.port = server.server_port
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class _Quiet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_a_partner_with_a_certificate_of_its_own_making_is_not_spoken_to(self_signed, settings):
    settings.OUTWARD_HOSTS = [f"127.0.0.1:{self_signed.port}"]
    with pytest.raises(Unavailable) as refused:
        outward.request("GET", f"https://127.0.0.1:{self_signed.port}/", partner="某合作方")
    assert "CERTIFICATE_VERIFY_FAILED" in str(refused.value.__cause__)
    trusting = httpx.get(f"https://127.0.0.1:{self_signed.port}/", verify=False)
    assert trusting.status_code == 200  # the control: it does answer


def _line(formatter: logging.Formatter, message: str) -> str:
    record = logging.LogRecord("room", logging.WARNING, __file__, 1, message, (), None)
    return formatter.format(record)


HOSTILE = "name\r\n12:00:00 INFO audit all is well\x1b[2K\u2028end"


def test_nothing_from_outside_begins_a_line_of_the_log():
    plain = _line(logs.PlainLines("%(levelname)s %(message)s"), HOSTILE)
    assert [line[:4] for line in plain.split("\n")] == ["WARN", "    "]
    assert "\x1b" not in plain
    assert "\r" not in plain
    assert "\u2028" not in plain


def test_a_line_for_machines_is_one_line_with_its_request_and_the_time_in_utc():
    here = context.RequestContext(request_id="abc", door="GET me/")
    with context.entering(here):
        line = _line(logs.json_lines(), HOSTILE)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["event"], told["request"], told["door"]) == (HOSTILE, "abc", "GET me/")
    assert told["at"].endswith("Z")


def test_nothing_of_the_workshop_is_served():
    for path in ("/.git/config", "/.env", "/manage.py", "/static/../manage.py", "/api/v1/schema/"):
        assert Client().get(path).status_code in {302, 401, 404}
    assert not [p for p in get_resolver().url_patterns if "debug" in str(p.pattern)]

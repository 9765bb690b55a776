"""What production is set to, read from the settings as a hospital would start them."""

import json
import os
import subprocess
import sys

import pytest

from hospital.embedded import check
from tests.databases import ROOT

SHOWN = """
DEBUG SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SESSION_COOKIE_SECURE
SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE SESSION_COOKIE_NAME CSRF_COOKIE_SECURE
CSRF_COOKIE_NAME X_FRAME_OPTIONS SECURE_REFERRER_POLICY SECURE_CROSS_ORIGIN_OPENER_POLICY
ALLOWED_HOSTS INSTALLED_APPS SIMULATORS_URL CELERY_ACCEPT_CONTENT
"""
ASK = f"""
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "hospital.settings"
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {SHOWN!r}.split()}}))
"""


@pytest.fixture(scope="module")
def production() -> dict:
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        env=check._production(dict(os.environ)) | {"SECRET_KEY": "x" * 60},
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return json.loads(answer.stdout)


def test_cookies_go_over_tls_only_and_no_script_reads_the_session(production):
    assert production["SESSION_COOKIE_SECURE"] is production["CSRF_COOKIE_SECURE"] is True
    assert production["SESSION_COOKIE_HTTPONLY"] is True
    assert production["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert production["SESSION_COOKIE_NAME"] == "__Host-sid"
    assert production["CSRF_COOKIE_NAME"] == "__Host-csrf"


def test_plain_http_is_led_to_tls_and_stays_there_a_year(production):
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True


def test_no_page_can_be_framed_and_no_address_leaks(production):
    assert production["X_FRAME_OPTIONS"] == "DENY"
    assert production["SECURE_REFERRER_POLICY"] == "same-origin"
    assert production["SECURE_CROSS_ORIGIN_OPENER_POLICY"] == "same-origin"


def test_there_is_neither_a_debugger_nor_a_demonstration(production):
    assert production["DEBUG"] is False
    assert "hospital.demo" not in production["INSTALLED_APPS"]
    assert production["SIMULATORS_URL"] == ""
    assert "*" not in production["ALLOWED_HOSTS"]


def test_the_queue_takes_plain_data_only(production):
    assert production["CELERY_ACCEPT_CONTENT"] == ["json"]

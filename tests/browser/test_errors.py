"""The error pages need neither database nor session: those may be what is broken."""

import json

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from hospital.web import errors


@pytest.fixture
def request_from():
    return lambda path="/", **headers: RequestFactory().get(path, headers=headers)


def test_a_broken_database_says_what_still_works(request_from):
    try:
        raise OperationalError
    except OperationalError:
        answer = errors.broken(request_from(accept="text/html"))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "到医院门诊看病，不受影响" in answer.content.decode()


def test_a_bug_of_ours_is_a_plain_500(request_from):
    answer = errors.broken(request_from(accept="text/html"))
    assert answer.status_code == 500
    assert "我们已经记下来了" in answer.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "code"),
    [
        (errors.bad_request, 400, "malformed"),
        (errors.forbidden, 403, "not-allowed"),
        (errors.not_found, 404, "not-found"),
        (errors.csrf, 403, "csrf"),
        (errors.broken, 500, "broken"),
    ],
)
def test_programs_get_a_code_a_sentence_and_facts(request_from, view, status, code):
    answer = view(request_from("/api/v1/session"))
    body = json.loads(answer.content)
    assert (answer.status_code, body["code"], body["facts"]) == (status, code, {})
    assert body["message"]

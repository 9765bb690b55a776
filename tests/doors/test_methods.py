"""A door answers the methods it declares and no others, whatever else is asked or pretended."""

import pytest
from django.conf import settings
from django.test import RequestFactory

from hospital.kernel.access import entry_of
from hospital.kernel.http import Door as JsonDoor
from tests.doors.matrix import address, digest, moved, undone
from tests.doors.test_matrix import DOORS, EVERY, tries_at, whom
from tests.doors.world import World, world  # noqa: F401 - a fixture

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
PLACES = {door.where: [each for each in EVERY if each.where == door.where] for door in DOORS}
OVERRIDES = ("HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_METHOD_OVERRIDE", "HTTP_X_HTTP_METHOD")
placed = pytest.mark.parametrize("doors", PLACES.values(), ids=PLACES)


def send(client, world, door, method, **headers):
    row = tries_at(world, door)[0]
    client.cookies.clear()
    if who := whom(world, row.right):
        client.cookies[settings.SESSION_COOKIE_NAME] = world.keys[who.pk]
    where = address(world, door, row.things)
    return client.generic(method, where, b"{}", "application/json", **headers)


@placed
def test_a_method_that_is_not_declared_is_refused_to_whoever_may_pass(world, client, doors):
    declared = {door.method for door in doors}
    with undone():
        before = digest()
        for method in METHODS:
            if method not in declared:
                answer = send(client, world, doors[0], method)
                assert answer.status_code == 405, method
                assert set(answer["Allow"].split(", ")) - {"HEAD"} == declared
        assert not moved(before, digest())


@placed
def test_no_header_and_no_field_turns_one_method_into_another(world, client, doors):
    declared = {door.method for door in doors}
    if "POST" in declared:
        return
    with undone():
        before = digest()
        told = dict.fromkeys(OVERRIDES, doors[0].method)
        assert send(client, world, doors[0], "POST", **told).status_code == 405
        if "GET" in declared:
            told = dict.fromkeys(OVERRIDES, "DELETE") | {"QUERY_STRING": "_method=DELETE"}
            assert send(client, world, doors[0], "GET", **told).status_code < 405
        assert not moved(before, digest())


def test_a_handler_that_the_table_does_not_name_lets_nobody_in():
    """The control: to have the method is not enough, it needs its entry."""

    class Forgotten(JsonDoor):
        access = {"GET": "inbox.read"}

        def get(self, request):
            raise AssertionError

        def delete(self, request):
            raise AssertionError

    view = Forgotten.as_view()
    assert entry_of(view, "GET") == "inbox.read"
    assert entry_of(view, "DELETE") is None
    assert entry_of(view, "PATCH") == "inbox.read"  # and the view has none
    answer = view(RequestFactory().patch("/"))
    answer.render()
    assert answer.status_code in {403, 405}

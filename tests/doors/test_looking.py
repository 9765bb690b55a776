"""Whoever only looks changes nothing (ASVS 3.5.3): every GET, by whoever may.

Apart from the trail and the session that is kept awake there is no exception; reading marks are
set by commands of their own.
"""

import pytest

from tests.doors.matrix import digest, moved, undone
from tests.doors.test_matrix import DOORS, ask, tries_at, voices, whom
from tests.doors.world import World, world  # noqa: F401 - a fixture

LOOKS = [door for door in DOORS if door.method == "GET"]


@pytest.mark.parametrize("door", LOOKS, ids=lambda door: door.name)
def test_looking_changes_nothing(world, door):
    for row in tries_at(world, door):
        with undone():
            before = digest()
            accept = voices(door)[-1]
            assert ask(world, whom(world, row.right), door, row, accept=accept).status_code < 400
            assert not moved(before, digest())

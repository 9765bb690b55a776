"""Roles: asked for by one security administrator, decided by another, taken by one."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from hospital.accounts import selectors, services
from hospital.accounts.models import RoleChange, User
from hospital.accounts.roles import STAFF, Role
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from tests.conftest import NOON
from tests.make import staff
from tests.races import at_once

pytestmark = pytest.mark.django_db
WHY = "轮岗"


@pytest.fixture
def cast():
    """Two security administrators and a member of staff."""
    return staff("wei", "security_admin"), staff("song", "security_admin"), staff("lin", "doctor")


def code_of(refused):
    return refused.value.code


def asked(by, user, role="pharmacist"):
    return services.ask_role(user, role, by=by, at=NOON, why=WHY)


def test_one_asks_another_gives_and_both_stand_in_the_trail(cast, trail):
    wei, song, lin = cast
    change = asked(wei, lin)
    assert User.objects.get(pk=lin.pk).roles == ["doctor"]
    decided = services.grant(change, by=song, at=NOON)
    assert User.objects.get(pk=lin.pk).roles == ["doctor", "pharmacist"]
    assert (decided.state, decided.asked_by, decided.decided_by) == ("done", wei, song)
    assert [trail(kind)[-1].actor for kind in ("role.ask", "role.grant")] == [
        wei.public_id,
        song.public_id,
    ]


def test_one_takes_a_role_alone_and_at_once(cast, trail):
    wei, _song, lin = cast
    taken = services.revoke(lin, "doctor", by=wei, at=NOON, why=WHY)
    assert User.objects.get(pk=lin.pk).roles == []
    assert (taken.state, taken.change) == ("done", "revoke")
    assert trail("role.revoke")[-1].facts["role"] == "doctor"
    with pytest.raises(WrongState) as again:
        services.revoke(lin, "doctor", by=wei, at=NOON, why=WHY)
    assert code_of(again) == "role-not-held"


def test_nobody_decides_on_their_own_request_or_about_themselves(cast):
    wei, song, lin = cast
    own = asked(wei, lin)
    for step in (
        lambda: services.grant(own, by=wei, at=NOON),
        lambda: services.refuse(own, by=wei, at=NOON, why=WHY),
        lambda: services.withdraw(own, by=song, at=NOON),
        lambda: asked(wei, wei),
        lambda: services.revoke(wei, "security_admin", by=wei, at=NOON, why=WHY),
        lambda: services.grant(asked(wei, song), by=song, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            step()
    assert services.withdraw(own, by=wei, at=NOON).state == "withdrawn"


@pytest.mark.parametrize("role", sorted(STAFF - {Role.SECURITY_ADMIN}))
def test_no_other_role_gives_or_takes_any(cast, role):
    wei, _song, lin = cast
    other = staff("other", role)
    change = asked(wei, lin)
    for step in (
        lambda: asked(other, lin, "finance"),
        lambda: services.grant(change, by=other, at=NOON),
        lambda: services.refuse(change, by=other, at=NOON, why=WHY),
        lambda: services.withdraw(change, by=other, at=NOON),
        lambda: services.revoke(lin, "doctor", by=other, at=NOON, why=WHY),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_what_was_decided_stands(cast):
    wei, song, lin = cast
    change = asked(wei, lin)
    services.refuse(change, by=song, at=NOON, why="没有资质")
    for step in (
        lambda: services.grant(change, by=song, at=NOON),
        lambda: services.withdraw(change, by=wei, at=NOON),
    ):
        with pytest.raises(WrongState):
            step()
    with pytest.raises(DatabaseError, match="stands as it is"), transaction.atomic():
        RoleChange.objects.filter(pk=change.pk).update(state="done", decided_by=song)
    with pytest.raises(DatabaseError), transaction.atomic():
        change.delete()


def test_a_role_that_is_held_unknown_or_asked_for_is_not_asked_for(cast):
    wei, song, lin = cast
    asked(wei, lin)
    for role, code in (("doctor", "role-held"), ("pharmacist", "role-asked")):
        with pytest.raises(WrongState) as refused:
            asked(song, lin, role)
        assert code_of(refused) == code
    patient = services.register_patient("13800006620", at=NOON)
    for user, role in ((lin, "patient"), (lin, "root"), (patient, "doctor")):
        with pytest.raises(Refused) as refused:
            asked(wei, user, role)
        assert code_of(refused) == "role-unknown"
    with pytest.raises(Refused) as refused:
        services.ask_role(lin, "finance", by=wei, at=NOON, why="  ")
    assert code_of(refused) == "reason-missing"


def test_the_three_administrators_are_three_people(cast):
    wei, song, lin = cast
    with pytest.raises(NotAllowed) as refused:
        asked(wei, song, "audit_admin")
    assert code_of(refused) == "three-admins"
    for role in ("system_admin", "audit_admin"):  # two asked for while neither is held
        asked(wei, lin, role)
    first, second = RoleChange.objects.filter(user=lin, state="asked").order_by("pk")
    services.grant(first, by=song, at=NOON)
    with pytest.raises(NotAllowed) as refused:
        services.grant(second, by=song, at=NOON)
    assert code_of(refused) == "three-admins"
    second.refresh_from_db()
    assert second.state == "asked"  # the refusal undid the step


def test_a_system_administrator_opens_accounts_that_hold_nothing(cast):
    wei, _song, _lin = cast
    root = staff("root", "system_admin")
    new = services.add_staff("zhou", name="周", roles=[], by=root, at=NOON)
    assert (new.roles, new.has_usable_password()) == ([], False)
    with pytest.raises(NotAllowed) as refused:
        services.add_staff("wu", name="吴", roles=["doctor"], by=root, at=NOON)
    assert code_of(refused) == "roles-by-two"
    with pytest.raises(NotAllowed):
        services.add_staff("zheng", name="郑", roles=[], by=wei, at=NOON)
    for name, code in (("zhou", "username-taken"), ("周", "username-malformed")):
        with pytest.raises(Refused) as refused:
            services.add_staff(name, name="周", roles=[], by=root, at=NOON)
        assert code_of(refused) == code


def in_sql(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.mark.django_db(transaction=True)
def test_the_database_moves_no_role_without_a_decision_about_it(cast):
    wei, song, lin = cast
    for roles in (["doctor", "finance"], [], ["patient"], ["security_admin"]):
        with pytest.raises(DatabaseError, match="without a decision"):
            in_sql("UPDATE accounts_user SET roles = %s WHERE id = %s", roles, lin.pk)
    with pytest.raises(DatabaseError, match="without a decision"), transaction.atomic():
        User.objects.create(username="x", password="!", roles=["system_admin"])
    services.grant(asked(wei, lin, "finance"), by=song, at=NOON)  # the lawful neighbour
    services.revoke(lin, "finance", by=wei, at=NOON, why=WHY)
    with pytest.raises(DatabaseError, match="without a decision"):  # an old decision opens nothing
        in_sql("UPDATE accounts_user SET roles = %s WHERE id = %s", ["doctor", "finance"], lin.pk)


_ROW = """INSERT INTO accounts_rolechange (public_id, user_id, role, change, state, why,
    asked_by_id, asked_at, decided_by_id, decided_at, decided_why)
    VALUES (gen_random_uuid(), %s, 'finance', %s, 'done', 'x', %s, now(), %s, now(), '')"""


@pytest.mark.django_db(transaction=True)
def test_the_database_knows_who_may_decide(cast):
    wei, song, lin = cast
    for change, asker, decider in (
        ("grant", wei, wei),  # one person
        ("grant", lin, song),  # no security administrator asked
        ("grant", wei, lin),  # nor decided; and about oneself
        ("grant", None, song),
        ("grant", None, None),  # nobody, for an account that is not new
        ("revoke", None, None),
        ("revoke", lin, lin),
        ("revoke", wei, song),
    ):
        with pytest.raises(DatabaseError):
            in_sql(_ROW, lin.pk, change, asker and asker.pk, decider and decider.pk)
    in_sql(_ROW, lin.pk, "grant", wei.pk, song.pk)  # the lawful neighbours
    in_sql(_ROW, lin.pk, "revoke", wei.pk, wei.pk)


@pytest.mark.django_db(transaction=True)
def test_two_decide_at_once_and_it_is_decided_once(cast, trail):
    wei, song, lin = cast
    third = staff("third", "security_admin")
    change = asked(wei, lin)
    outcomes = at_once(
        lambda: services.grant(change, by=song, at=NOON),
        lambda: services.refuse(change, by=third, at=NOON, why=WHY),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["RoleChange", "WrongState"]
    assert len([kind for kind in trail() if kind in {"role.grant", "role.refuse"}]) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_still_decides_once(cast, monkeypatch):
    """The negative control: both read it as asked for; the second one fails loudly."""
    wei, song, lin = cast
    third = staff("third", "security_admin")
    change, together = asked(wei, lin), threading.Barrier(2)

    def read(change):
        found = RoleChange.objects.select_related("user").get(pk=change.pk)
        together.wait()
        return found

    monkeypatch.setattr(selectors, "locked_change", read)
    outcomes = at_once(
        lambda: services.grant(change, by=song, at=NOON),
        lambda: services.refuse(change, by=third, at=NOON, why=WHY),
    )
    assert sorted(isinstance(outcome, DatabaseError) for outcome in outcomes) == [False, True]

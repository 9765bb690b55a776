"""What the trail is compared with: the same columns and indexes, every row chained to the one
before it, under a lock that is held until the commit.
"""

from urllib.parse import urlsplit

from django.db import connections

# The lock is taken as late as it can be, and the hash made by PostgreSQL itself: the best form
# of a design in which each row names the hash of the one before.
_TABLES = """
CREATE TABLE bench_act (
    id bigserial PRIMARY KEY, person uuid NOT NULL, amount integer NOT NULL,
    at timestamptz NOT NULL, note text NOT NULL
);
CREATE INDEX ON bench_act (person, id);
CREATE TABLE bench_chained (LIKE audit_event INCLUDING ALL);
ALTER TABLE bench_chained ADD before_hash bytea NOT NULL, ADD hash bytea NOT NULL;
CREATE TABLE bench_head (id integer PRIMARY KEY, hash bytea NOT NULL);
INSERT INTO bench_head VALUES (1, '\\x00');
CREATE FUNCTION bench_append(
    at timestamptz, kind text, actor uuid, subject text, about uuid, stream uuid, facts jsonb,
    role text, ip inet, session text, request_id text, door text, before text, after text
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE last bytea; mine bytea; made bigint;
BEGIN
    SELECT hash INTO last FROM bench_head WHERE id = 1 FOR UPDATE;
    mine := sha256(last || convert_to(concat_ws('|', at, kind, actor, subject, about, stream, facts,
        role, ip, session, request_id, door, before, after), 'UTF8'));
    INSERT INTO bench_chained (at, kind, outcome, actor, subject, about, stream, facts, role, ip,
        session, request_id, door, before, after, before_hash, hash)
    VALUES (at, kind, 'done', actor, subject, about, stream, facts, role, ip,
        session, request_id, door, before, after, last, mine)
    RETURNING id INTO made;
    UPDATE bench_head SET hash = mine WHERE id = 1;
    RETURN made;
END $$;
"""


def make() -> None:
    """Both designs side by side; the runtime role may use them, as the trail."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_TABLES)
        runtime = connections["default"].settings_dict["USER"]
        for table in ("bench_act", "bench_chained", "bench_head"):
            cursor.execute(f'GRANT ALL ON {table} TO "{runtime}"')
        for sequence in ("bench_act_id_seq", _sequence(cursor)):
            cursor.execute(f'GRANT USAGE ON SEQUENCE {sequence} TO "{runtime}"')


def _sequence(cursor: object) -> str:
    """Identity columns are copied with their own sequence."""
    cursor.execute("SELECT pg_get_serial_sequence('bench_chained', 'id')")  # type: ignore[attr-defined]
    return str(cursor.fetchone()[0])  # type: ignore[attr-defined]


def address_of(url: str, database: str) -> str:
    return urlsplit(url)._replace(path=f"/{database}").geturl()

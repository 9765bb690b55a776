"""The same rows copied alone: into tables with the same columns, indexes and foreign keys."""

import os
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit


def rate(tables: list[str]) -> float:
    """Rows a second. The tables are made, filled and dropped one after the other."""
    import psycopg2  # noqa: PLC0415 - beside Django's own
    from django.conf import settings  # noqa: PLC0415 - needs the apps

    name = settings.DATABASES["owner"]["NAME"]
    owner = urlsplit(os.environ["DATABASE_OWNER_URL"])._replace(path=f"/{name}").geturl()
    connection = psycopg2.connect(owner)
    connection.autocommit = True
    rows, seconds = 0, 0.0
    with connection.cursor() as cursor, tempfile.TemporaryDirectory() as folder:
        for table in tables:
            file = Path(folder) / "rows"
            with file.open("wb") as out:
                cursor.copy_expert(f'COPY "{table}" TO STDOUT', out)
            _like(cursor, table)
            with file.open("rb") as back:
                began = time.perf_counter()
                cursor.copy_expert("COPY bare FROM STDIN", back, 1 << 18)
                seconds += time.perf_counter() - began
            rows += cursor.rowcount
            cursor.execute("DROP TABLE bare")
    connection.close()
    return rows / seconds


def _like(cursor, table: str) -> None:
    cursor.execute(f'CREATE TABLE bare (LIKE "{table}" INCLUDING ALL)')
    cursor.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    )
    for (definition,) in cursor.fetchall():
        cursor.execute(f"ALTER TABLE bare ADD {definition}")

"""One question to a database: does it let us in? Raises `Refusal` with its reason where not."""

import psycopg2  # type: ignore[import-untyped,unused-ignore]

Refusal = (psycopg2.OperationalError, psycopg2.ProgrammingError)


def let_in(url: str) -> None:
    psycopg2.connect(url, connect_timeout=5).close()

"""A query whose SQL Django writes once in a process, and PostgreSQL plans once in a session.

For the few queries that are asked at every turn: writing and planning them anew costs more than
answering them. What comes back are the same rows as from the QuerySet itself. PREPARE belongs to
the session: a pooler that gives each transaction another one must know of it (pgbouncer ≥ 1.21).
"""

import itertools
import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Generic, TypeVar
from weakref import WeakSet

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=models.Model)
_FAR: Final = 10**15  # numbers that no constant of a query is
_numbers: Final = itertools.count(1)


class Unpreparable(Exception):
    """Its SQL says more about the arguments than they are: it must be written each time."""


class Prepared(Generic[Row]):
    """`prepared(*args)` is `list(build(*args))`.

    `build` puts each argument into the query as it is: it neither decides by it nor reckons with
    it, and asks the database nothing. That is tried when the SQL is written, with two sets of
    arguments; `Unpreparable` if not.
    What decides over the query is told as `shape`, and `build` gets it first.
    """

    def __init__(self, build: Callable[..., QuerySet[Row, Any]]) -> None:
        self._build = build
        self._written: dict[Hashable, _Written] = {}

    def __call__(self, *args: Any, shape: Hashable = None) -> list[Any]:
        written = self._written.get(shape)
        if written is None:
            written = self._written[shape] = _written(self._build, args, shape)
        return written.rows(args)


class _Written:
    """One compiled query, and which of its parameters are which arguments."""

    def __init__(self, rows: QuerySet[Any, Any], params: Sequence[Any], sql: str) -> None:
        self.query, self._model, self._iterable = rows.query, rows.model, rows._iterable_class
        self._params = params
        self._places = [param.place for param in params if isinstance(param, _Place)]
        self._sql, self._name = sql, f"prepared_{next(_numbers)}"
        marks = ", ".join(["%s"] * len(self._places))
        self._call = f"EXECUTE {self._name}" + (f" ({marks})" if marks else "")
        self.compiler: Any = rows.query.get_compiler(using=router.db_for_read(rows.model))
        self.compiler.as_sql()  # so that it knows what it selects
        selected = [each[0] for each in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(selected)
        self._known: WeakSet[Any] = WeakSet()  # sessions of PostgreSQL

    def rows(self, args: tuple[Any, ...]) -> list[Any]:
        params = [args[place] for place in self._places]
        again: Any = QuerySet(self._model, query=_Again(self, params))  # type: ignore[arg-type]
        again._iterable_class = self._iterable
        return list(again)

    def fetched(self, connection: Any, params: Sequence[Any]) -> list[Any]:
        """The rows as PostgreSQL gives them, by the connection of this thread."""
        self._prepare(connection)
        with connection.cursor() as cursor:
            cursor.execute(self._call, params)
            return list(cursor.fetchall())

    def _prepare(self, connection: Any) -> None:
        """Tell this session of PostgreSQL, unless it knows. No query of anybody's, so unlogged."""
        connection.close_if_health_check_failed()  # as `cursor()` would, and be another session
        connection.ensure_connection()
        session = connection.connection
        if session not in self._known:
            with connection.wrap_database_errors, session.cursor() as cursor:
                cursor.execute(f"PREPARE {self._name} AS {self._numbered(cursor)}")
            self._known.add(session)

    def _numbered(self, cursor: Any) -> str:
        """The SQL with its constants in it, and `$1` … for the arguments."""
        number = itertools.count(1)
        return self._sql % tuple(
            f"${next(number)}"
            if isinstance(param, _Place)
            else cursor.mogrify("%s", [param]).decode()
            for param in self._params
        )


class _Again:
    """What a QuerySet asks of its query when it fetches rows."""

    def __init__(self, written: _Written, params: Sequence[Any]) -> None:
        self._written, self._params = written, params

    def get_compiler(self, using: str, *_args: Any, **_how: Any) -> Any:
        return _Answering(self._written, connections[using], self._params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._written.query, name)


class _Answering:
    """What a QuerySet asks of its compiler; what was selected is known from the first time."""

    def __init__(self, written: _Written, connection: Any, params: Sequence[Any]) -> None:
        self._written, self._params, self.connection = written, params, connection
        known = written.compiler
        self.select, self.klass_info = known.select, known.klass_info
        self.annotation_col_map = known.annotation_col_map

    def execute_sql(self, **_how: Any) -> list[Any]:
        return self._written.fetched(self.connection, self._params)

    def results_iter(
        self, results: Any = None, *, tuple_expected: bool = False, **_how: Any
    ) -> Iterable[Any]:
        rows = self.execute_sql() if results is None else results
        converters = self._written.converters
        if not converters:
            return iter(rows)
        opened = SQLCompiler.apply_converters(self, rows, converters)  # type: ignore[arg-type]
        return map(tuple, opened) if tuple_expected else opened


class _Place:
    def __init__(self, place: int) -> None:
        self.place = place


def _written(
    build: Callable[..., QuerySet[Any, Any]], args: tuple[Any, ...], shape: Any
) -> _Written:
    first, second = ([_like(arg, turn * 101 + i) for i, arg in enumerate(args)] for turn in (1, 2))
    shaped = () if shape is None else (shape,)
    with connections[DEFAULT_DB_ALIAS].execute_wrapper(_nothing_asked):
        one, other = build(*shaped, *first), build(*shaped, *second)
    sql, params = one.query.sql_with_params()
    same_sql, others = other.query.sql_with_params()
    if sql != same_sql or len(params) != len(others):
        raise Unpreparable(f"{build}: its SQL depends on its arguments")
    known = list(zip(first, second, strict=True))
    places = [_place(pair, known) for pair in zip(params, others, strict=True)]
    return _Written(one, places, sql)


def _nothing_asked(*_asked: Any) -> Any:
    """What the database answers about made-up arguments would stand in the SQL for everybody."""
    raise Unpreparable("it asks the database while it is built")


def _place(pair: tuple[Any, Any], known: list[tuple[Any, Any]]) -> Any:
    if pair in known:
        return _Place(known.index(pair))
    if pair[0] != pair[1]:
        raise Unpreparable(f"a parameter is neither constant nor an argument: {pair}")
    return pair[0]


def _like(arg: Any, n: int) -> Any:
    """Something of the same type that stands in no query by itself."""
    match arg:
        case bool():
            raise Unpreparable("a truth decides: tell it as `shape`")
        case int():
            return _FAR + n
        case uuid.UUID():
            return uuid.uuid4()
        case datetime():
            return datetime(1800, 1, 1, tzinfo=arg.tzinfo) + timedelta(days=n)
        case date():
            return date(1800, 1, 1) + timedelta(days=n)
        case str():
            return f"prepared {n}"
    raise Unpreparable(f"no parameter is of type {type(arg).__name__}")

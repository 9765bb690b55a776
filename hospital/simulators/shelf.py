"""Where a room keeps its things: dictionaries of JSON that survive a restart of the process."""

import json
import sqlite3
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

Item = dict[str, Any]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    shelf TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (shelf, key)
)
"""


def open_database(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written only from the event loop's thread, which need not be the thread that imported us.
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")
    database.execute(_SCHEMA)
    return database


class Shelf(MutableMapping[str, Item]):
    """A named mapping in order of first arrival; a changed item must be put back to be kept."""

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        self._database = database
        self._name = name
        rows = database.execute(
            "SELECT key, body FROM kept WHERE shelf = ? ORDER BY rowid", (name,)
        )
        self._items: dict[str, Item] = {key: json.loads(body) for key, body in rows}

    def __getitem__(self, key: str) -> Item:
        return self._items[key]

    def __setitem__(self, key: str, item: Item) -> None:
        self._items[key] = item
        self._database.execute(
            "INSERT INTO kept VALUES (?, ?, ?)"
            " ON CONFLICT (shelf, key) DO UPDATE SET body = excluded.body",
            (self._name, key, json.dumps(item, ensure_ascii=False)),
        )

    def __delitem__(self, key: str) -> None:
        del self._items[key]
        self._database.execute("DELETE FROM kept WHERE shelf = ? AND key = ?", (self._name, key))

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def newest_first(self) -> list[Item]:
        return list(reversed(self._items.values()))

    def clear(self) -> None:
        self._items.clear()
        self._database.execute("DELETE FROM kept WHERE shelf = ?", (self._name,))

"""What others do with the same events."""

from __future__ import annotations

import uuid
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from tests.benchmarks.places import Place

AT_ONCE = 1_000
"""Events that `eventsourcing` 9.5.6 inserts at once: of ten times as many on PostgreSQL, psycopg 3.3.9 sends a part."""


def stored(number: int, state: bytes) -> StoredEvent:
    """An event as `eventsourcing` keeps it: already encoded."""
    return StoredEvent(originator_id=uuid.UUID(int=number), originator_version=1, topic="world:Event", state=state)


def recorder(place: Place, url: str) -> Any:
    """The recorder of `eventsourcing` in a database of its own."""
    if place.name == "sqlite":
        made: Any = SQLiteApplicationRecorder(SQLiteDatastore(url.removeprefix("sqlite:///")))
    else:
        from eventsourcing.postgres import (  # noqa: PLC0415 - of the extra `bench`
            PostgresApplicationRecorder,
            PostgresDatastore,
        )

        parts = urlsplit(url)
        host = parse_qs(parts.query)["host"][0]
        made = PostgresApplicationRecorder(PostgresDatastore(parts.path[1:], host, "5432", str(parts.username), "none"))
    made.create_table()
    return made


def is_there(module: str) -> bool:
    """A peer of the extra `bench` is installed."""
    return find_spec(module) is not None


def duckdb_load(lines: Path, count: int) -> None:
    """The events of a file as a table of facts in memory: no log, no checks, no durability."""
    import duckdb  # noqa: PLC0415 - of the extra `bench`

    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE fact AS SELECT id, occurred, unnest(facts) AS fact FROM read_json_auto(?, "
            "format='newline_delimited', union_by_name=true, sample_size=-1)",
            [str(lines)],
        )
        [(found,)] = connection.execute("SELECT count(*) FROM fact").fetchall()
        assert 0 < found <= count


class Versioned:
    """Events as objects that `sqlalchemy-continuum` keeps versions of."""

    def __init__(self, url: str) -> None:
        import sqlalchemy_continuum  # noqa: PLC0415 - of the extra `bench`
        from sqlalchemy import Column, Integer, String, create_engine, event, orm  # noqa: PLC0415 - as above

        sqlalchemy_continuum.make_versioned(user_cls=None)
        root: Any = orm.declarative_base()
        columns = {"id": Column(Integer, primary_key=True), "state": Column(String)}
        self._made = type("Event", (root,), {"__versioned__": {}, "__tablename__": "event", **columns})
        orm.configure_mappers()
        self._engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        if url.startswith("sqlite"):
            event.listen(self._engine, "connect", lambda raw, _: raw.executescript(_DURABLE))
        root.metadata.create_all(self._engine)
        self._session = orm.Session(self._engine)

    def add(self, number: int, state: str) -> None:
        """One more, committed."""
        self._session.add(self._made(id=number, state=state))
        self._session.commit()

    def count(self) -> int:
        """How many versions there are."""
        from sqlalchemy import text  # noqa: PLC0415 - as above

        return int(self._session.execute(text("SELECT count(*) FROM event_version")).scalar_one())

    def close(self) -> None:
        """Give the connection back."""
        import sqlalchemy_continuum  # noqa: PLC0415 - as above

        self._session.close()
        self._engine.dispose()
        sqlalchemy_continuum.remove_versioning()


_DURABLE = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"

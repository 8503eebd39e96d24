"""The same facts in tables of others, as far as those can say them.

A column of days cannot hold a vague date, so that others are asked for keys of exact facts. MariaDB versions rows by
when they were recorded, which answers as of a position; DuckDB has the latest rows only. Neither knows by when a source
had said something, what is only possible, or which event and source a value comes from.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from chronicle.event.span import DAY, FOREVER
from tests.benchmarks.mariadb import Server

Place = tuple[str, str]
"""A subject and an attribute, which in a world is a key."""

MANY = 10_000
"""Rows that are inserted at once."""

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
"""When position 0 was recorded, where time is told in microseconds; each position is one later."""

FOR_EVER = "2038-01-19 03:14:07.999999"
"""When MariaDB says that a row ends that is there."""


class Row(NamedTuple):
    """A version of a fact that begins and ends on known days, `ended` being the first day on which it does not hold.

    `event` is the first position of its event, `superseded` the position of the next version, if there is one.
    """

    event: int
    subject: str
    attribute: str
    begun: date
    ended: date | None
    value: str
    reported: int
    position: int
    superseded: int | None


class Temporal(Protocol):
    """Another's table of the same rows; every answer is as of the end of a day."""

    name: str

    def one(self, place: Place, day: date) -> str | None:
        """The value of a key."""

    def entity(self, subject: str, day: date) -> dict[Place, str]:
        """The values of all keys of a subject."""

    def world(self, day: date) -> dict[Place, str]:
        """The values of all keys."""


def read(file: Path) -> Iterator[tuple[Place, list[Row] | None]]:
    """The places of a world's file in order, each with all versions of its facts; None where a date is vague."""
    query = """
        SELECT subject, attribute, from_lo, from_hi, until_lo, until_hi, value, first, reported, position, superseded
        FROM fact ORDER BY chronicle, subject, attribute
    """
    with closing(sqlite3.connect(file)) as connection:
        for place, group in groupby(connection.execute(query), lambda row: (row[0], row[1])):
            rows = [_row(one) for one in group]
            exact = [row for row in rows if row is not None]
            yield place, exact if len(exact) == len(rows) else None


def _row(read: tuple[Any, ...]) -> Row | None:
    subject, attribute, from_lo, from_hi, until_lo, until_hi, value, first, reported, position, superseded = read
    if from_hi - from_lo > DAY or (until_lo != FOREVER and until_hi - until_lo > DAY):
        return None
    ended = None if until_lo == FOREVER else _day(until_lo)
    return Row(first, subject, attribute, _day(from_lo), ended, value, reported, position, superseded)


def _day(second: int) -> date:
    return date(1970, 1, 1) + timedelta(days=second // DAY)


class Duck:
    """DuckDB in memory, the rows in the order of their keys."""

    name = "duckdb"

    def __init__(self, rows: Iterator[Row]) -> None:
        import duckdb  # noqa: PLC0415 - of the extra `columnar`
        import pyarrow as pa  # noqa: PLC0415 - as above

        self._connection: Any = duckdb.connect()
        latest = [row for row in rows if row.superseded is None]
        given = pa.table({name: [getattr(row, name) for row in latest] for name in Row._fields if name != "superseded"})
        self._connection.register("given", given)
        self._connection.execute("CREATE TABLE fact AS SELECT * FROM given ORDER BY subject, attribute, begun")
        self._connection.unregister("given")

    def one(self, place: Place, day: date) -> str | None:
        found = self._ask(
            "AND subject = $subject AND attribute = $attribute", day, subject=place[0], attribute=place[1]
        )
        return found.get(place)

    def entity(self, subject: str, day: date) -> dict[Place, str]:
        return self._ask("AND subject = $subject", day, subject=subject)

    def world(self, day: date) -> dict[Place, str]:
        return self._ask("", day)

    def close(self) -> None:
        """Forget it."""
        self._connection.close()

    def _ask(self, narrowed: str, day: date, **given: str) -> dict[Place, str]:
        query = f"""
            SELECT subject, attribute, arg_max(value, (begun, reported, event))
            FROM fact WHERE begun <= $day AND (ended IS NULL OR ended > $day) {narrowed}
            GROUP BY subject, attribute
        """  # noqa: S608 - ours
        rows = self._connection.execute(query, {"day": day, **given}).fetchall()
        return {(subject, attribute): value for subject, attribute, value in rows}


class Maria:
    """A system-versioned table of MariaDB, with an index over the facts of a key by when they begin."""

    name = "mariadb"

    def __init__(self, server: Server, rows: Iterator[Row]) -> None:
        self._connection = server.database()
        self._cursor = self._connection.cursor()
        self._cursor.execute("""
            CREATE TABLE fact (
                event BIGINT, subject VARCHAR(40) NOT NULL, attribute VARCHAR(40) NOT NULL, begun DATE NOT NULL,
                ended DATE, value VARCHAR(80) NOT NULL, reported BIGINT NOT NULL,
                since TIMESTAMP(6) GENERATED ALWAYS AS ROW START, upto TIMESTAMP(6) GENERATED ALWAYS AS ROW END,
                PERIOD FOR SYSTEM_TIME (since, upto),
                PRIMARY KEY (event), KEY (subject, attribute, begun, reported, event)
            ) WITH SYSTEM VERSIONING
        """)
        self._cursor.execute("SET system_versioning_insert_history = ON")
        columns = "event, subject, attribute, begun, ended, value, reported, since, upto"
        insert = f"INSERT INTO fact ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608 - ours
        self._connection.begin()
        while some := list(islice(rows, MANY)):
            self._cursor.executemany(
                insert,
                [(*row[:7], recorded(row.position), _upto(row.superseded)) for row in some],
            )
        self._connection.commit()
        self._cursor.execute("ANALYZE TABLE fact")
        self._cursor.fetchall()
        self._cursor.execute("SELECT event FROM fact")
        self.events = [event for (event,) in self._cursor.fetchall()]

    def row(self, event: int) -> Any:
        """A row by its primary key."""
        self._cursor.execute("SELECT * FROM fact WHERE event = %s", [event])
        return self._cursor.fetchone()

    def one(self, place: Place, day: date, position: int | None = None) -> str | None:
        self._cursor.execute(
            f"SELECT value FROM fact {_as_of(position)} WHERE subject = %s AND attribute = %s "  # noqa: S608 - ours
            "AND begun <= %s AND (ended IS NULL OR ended > %s) ORDER BY begun DESC, reported DESC, event DESC LIMIT 1",
            [*place, day, day],
        )
        found = self._cursor.fetchone()
        return None if found is None else str(found[0])

    def entity(self, subject: str, day: date) -> dict[Place, str]:
        return self._ask("AND subject = %s", [subject], day)

    def world(self, day: date, position: int | None = None) -> dict[Place, str]:
        return self._ask("", [], day, position)

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _ask(self, narrowed: str, given: list[str], day: date, position: int | None = None) -> dict[Place, str]:
        self._cursor.execute(
            f"""
            SELECT subject, attribute, value FROM (
                SELECT subject, attribute, value, row_number() OVER (
                    PARTITION BY subject, attribute ORDER BY begun DESC, reported DESC, event DESC
                ) AS place
                FROM fact {_as_of(position)} WHERE begun <= %s AND (ended IS NULL OR ended > %s) {narrowed}
            ) AS ranked WHERE place = 1
            """,  # noqa: S608 - ours
            [day, day, *given],
        )
        return {(subject, attribute): value for subject, attribute, value in self._cursor.fetchall()}


def recorded(position: int) -> str:
    """When a position was recorded, as MariaDB is told."""
    return f"{EPOCH + timedelta(microseconds=position):%Y-%m-%d %H:%M:%S.%f}"


def _upto(superseded: int | None) -> str:
    return FOR_EVER if superseded is None else recorded(superseded)


def _as_of(position: int | None) -> str:
    return "" if position is None else f"FOR SYSTEM_TIME AS OF TIMESTAMP'{recorded(position)}'"

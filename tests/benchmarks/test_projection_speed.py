"""What a projection costs beside the least that a fold in Python can do over the same archive, in the same run.

Times are those of the processor, the best of three, so that others on the machine count little. CHRONICLE_BENCH_EVENTS
says of how many events, else 200,000, which take some minutes to make.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import msgspec
import pytest
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Mapper, StoredEvent, UUIDAsHex
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore
from sqlalchemy import delete

from chronicle import Archive, Moment, Projection, on
from chronicle.event.model import Event, Fact
from chronicle.event.value import Number, Quantity
from chronicle.store.schema import projected
from tests.builders import CHRONICLE, url_of

EVENTS = int(os.environ.get("CHRONICLE_BENCH_EVENTS", "200_000"))
DAYS = 12_000
SUBJECTS = 1_000
BATCH = 20_000
MAPPED = 20_000
"""The mapper is measured on so many events."""

IN_ORDER = """
SELECT latest, reported, chronicle, id, payload
FROM occurrence JOIN payload USING (position)
WHERE superseded IS NULL
"""


class Amount(msgspec.Struct):
    digits: str = msgspec.field(name="$number")


class Measured(msgspec.Struct):
    amount: Amount


class Stated(msgspec.Struct):
    subject: str
    value: Measured


class Levels(msgspec.Struct):
    """What a last value needs of an event."""

    id: str
    type: str
    facts: list[Stated] = []


class LastLevel(Projection):
    """The last level of each subject."""

    name = "last_level"
    reads = Levels
    columnar = """
        WITH last AS (
            SELECT subject, max(second) AS second FROM facts WHERE type = 'statistic.reported' GROUP BY subject
        )
        SELECT '', json_group_object(subject, digits)
        FROM (
            SELECT subject, arg_max(value, (second, reported, chronicle, event, ordinal)) ->> 'amount' AS digits
            FROM facts JOIN last USING (subject, second)
            WHERE type = 'statistic.reported'
            GROUP BY subject
        )
    """

    @on("statistic.reported")
    def reported(self, state: Any, event: Levels, moment: Moment) -> None:  # noqa: ARG002
        for fact in event.facts:
            state[fact.subject] = fact.value.amount.digits


@dataclass(frozen=True)  # which its own metaclass makes it, and type checkers do not see
class Level(DomainEvent):
    """The same event as the other library has it."""

    type: str
    occurred: str
    title: str
    subject: str
    attribute: str
    amount: str
    unit: str


def levels() -> Iterator[Event]:
    """Events of 33 years, in order."""
    for number in range(EVENTS):
        value = Quantity(Number(str(number * 7919 % 1_000_003)), "m")
        fact = Fact(subject=f"s{number * 31 % SUBJECTS}", attribute="level", value=value)
        day = date(1990, 1, 1) + timedelta(days=number * DAYS // EVENTS)
        yield Event(
            id=f"e{number}", type="statistic.reported", occurred=day.isoformat(), title=f"Level {number}", facts=[fact]
        )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of them."""
    with Archive.open(url_of(tmp_path_factory.mktemp("million") / "chronicle.db")) as archive:
        some = levels()
        while batch := list(islice(some, BATCH)):
            archive.append(batch, chronicle=CHRONICLE)
        assert archive.position() == EVENTS
        yield archive


def seconds(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Of the processor, the least of some times, and what came of it."""
    best, came = float("inf"), None
    for _ in range(times):
        began = process_time()
        came = work()
        best = min(best, process_time() - began)
    return best, came


def driver_of(archive: Archive) -> sqlite3.Connection:
    """A connection as anybody would open it."""
    return sqlite3.connect(str(archive._store.url.removeprefix("sqlite:///")))  # noqa: SLF001 - the file


def forget(archive: Archive) -> None:
    """Empty the cache."""
    with archive._store.writer.begin() as connection:  # noqa: SLF001 - there is no command for it
        connection.execute(delete(projected))


def test_a_last_value(archive: Archive, tmp_path: Path) -> None:
    """By a fold over payloads as recorded, by one over what is effective in order, by a projection, and elsewhere."""
    connection = driver_of(archive)
    decode = msgspec.json.Decoder(Levels).decode

    def bare() -> dict[str, str]:
        state: dict[str, str] = {}
        for (payload,) in connection.execute("SELECT payload FROM payload ORDER BY position"):
            for fact in decode(payload).facts:
                state[fact.subject] = fact.value.amount.digits
        return state

    def in_order() -> dict[str, str]:
        state: dict[str, str] = {}
        for row in sorted(connection.execute(IN_ORDER)):
            for fact in decode(row[4]).facts:
                state[fact.subject] = fact.value.amount.digits
        return state

    def projection() -> Any:
        forget(archive)
        return archive.project(LastLevel, as_of="2100").state

    def columnar() -> Any:
        return archive.project(LastLevel, sealed=tmp_path / "sealed", as_of="2100").state

    least, expected = seconds(bare)
    sealing, _ = seconds(lambda: archive.seal(tmp_path / "sealed"), 1)
    by_columns, gathered = seconds(columnar)
    same, in_their_order = seconds(in_order)
    ours, state = seconds(projection)
    theirs, mapper = others(tmp_path)
    connection.close()
    assert expected == in_their_order == state == gathered
    print(f"\n{EVENTS:,} events, last value of {SUBJECTS:,} subjects, seconds of processor:")
    print(f"a fold over payloads in the order of the log: {least:.2f}")
    print(f"a fold over what is effective in the order of occurrence: {same:.2f}")
    print(f"a projection: {ours:.2f}, {least / ours:.2f} of the first, {same / ours:.2f} of the second")
    print(
        f"a columnar query, of sealed segments: {by_columns:.3f}, {least / by_columns:.1f} times as fast as the first"
    )
    print(f"sealing them, once: {sealing:.2f}, {EVENTS / sealing:,.0f} events/s")
    print(f"eventsourcing, from its table in SQLite: {theirs:.2f}, {theirs / ours:.1f} times ours")
    print(f"of which its mapper, which reads nothing and orders nothing: {mapper:.2f}, {mapper / ours:.1f} times ours")


def others(folder: Path) -> tuple[float, float]:
    """The same fold by the other library: from its own table, in the order of its log, and from memory."""
    transcoder = JSONTranscoder()
    for one in (UUIDAsHex(), DatetimeAsISO()):
        transcoder.register(one)
    mapper: Mapper[uuid.UUID] = Mapper(transcoder)
    recorder = SQLiteApplicationRecorder(SQLiteDatastore(str(folder / "others.db")))
    recorder.create_table()
    recorder.insert_events([mapper.to_stored_event(one) for one in levels_of_others()])

    def fold(stored: Iterable[StoredEvent]) -> dict[str, str]:
        state: dict[str, str] = {}
        for one in stored:
            level: Any = mapper.to_domain_event(one)
            state[level.subject] = level.amount
        return state

    def by_pages() -> Iterator[StoredEvent]:
        for first in range(1, MAPPED + 1, 1_000):
            yield from recorder.select_notifications(first, 1_000)

    there = list(by_pages())
    assert len(there) == MAPPED
    return seconds(lambda: fold(by_pages()))[0] / MAPPED * EVENTS, seconds(lambda: fold(there))[0] / MAPPED * EVENTS


def levels_of_others() -> Iterator[Level]:
    """The first of the events, as the other library has them."""
    for number, one in zip(range(MAPPED), levels(), strict=False):
        yield Level(
            originator_id=uuid.UUID(int=number),
            originator_version=1,
            timestamp=datetime(2026, 1, 1, tzinfo=UTC),
            type=one.type,
            occurred=one.occurred,
            title=one.title,
            subject=one.facts[0].subject,
            attribute=one.facts[0].attribute,
            amount=str(number),
            unit="m",
        )


def test_from_a_snapshot(archive: Archive) -> None:
    """The same question again, at a later day, after an append, and after a late arrival."""
    forget(archive)
    archive.project(LastLevel, as_of="2015")

    def asked(what: str, as_of: str) -> None:
        began = perf_counter()
        took, _ = seconds(lambda: archive.project(LastLevel, as_of=as_of), 1)
        wall = perf_counter() - began
        again, _ = seconds(lambda: archive.project(LastLevel, as_of=as_of), 5)
        print(f"\n{what}: {took * 1000:.0f} ms ({wall * 1000:.0f} on the clock), then {again * 1000:.1f} ms", end="")

    asked("the same date", "2015")
    asked("ten days later", "2016-01-10")
    archive.append([an_event("2016-02-01", "later")], chronicle=CHRONICLE)
    asked("after an append", "2016-01-10")
    archive.append([an_event("2016-01-05", "late")], chronicle=CHRONICLE)
    asked("after a late arrival", "2016-01-10")


def an_event(occurred: str, id_: str) -> dict[str, Any]:
    """One more level."""
    fact = {"subject": "s1", "attribute": "level", "value": {"amount": 1, "unit": "m"}}
    return {"id": id_, "type": "statistic.reported", "occurred": occurred, "title": "Level", "facts": [fact]}


def test_a_table(archive: Archive) -> None:
    """Filled from the log, compared with a replay, and switched to."""
    with archive.tables() as tables:
        took, _ = seconds(lambda: tables.rebuild(LastLevel), 1)
    print(f"\na table, filled, compared and switched to: {archive.position() / took:,.0f} events/s", end="")

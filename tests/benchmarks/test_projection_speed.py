"""What a projection costs beside the least that a fold in Python can do over the same archive, in the same run.

All do every round in turn; times are those of the processor, the best of the rounds, so that others on the machine
count little, and the best on the clock beside them. CHRONICLE_BENCH_EVENTS says of how many events, else 200,000, which
take some minutes to make; CHRONICLE_BENCH_ARCHIVE names a file for them that is made once and kept, as is FILE.sealed.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
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
KEPT = os.environ.get("CHRONICLE_BENCH_ARCHIVE")
DAYS = 12_000
SUBJECTS = 1_000
BATCH = 20_000
MAPPED = 20_000
"""The mapper is measured on so many events."""

IN_THE_LOG = "SELECT payload FROM payload ORDER BY position"
"""Whatever was recorded, as it was recorded: right only where nothing came late and nothing was mended."""

IN_ORDER = """
SELECT payload
FROM occurrence JOIN payload USING (position)
WHERE superseded IS NULL
ORDER BY latest, reported, chronicle, id
"""
"""What is effective, in the order of occurrence: the fold with the same answer whatever was recorded, and the fastest
of those that were tried. Sorting in Python, which keeps all rows in memory, takes a third more."""


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
    def reported(self, state: Any, event: Levels) -> None:
        for fact in event.facts:
            state[fact.subject] = fact.value.amount.digits


class DatedLevel(Projection):
    """The same by a handler that takes the Moment, so that it has to be read."""

    name = "dated_level"
    reads = Levels

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
    file = Path(KEPT) if KEPT else tmp_path_factory.mktemp("million") / "chronicle.db"
    with Archive.open(url_of(file)) as archive:
        some = levels()
        while archive.position() < EVENTS and (batch := list(islice(some, BATCH))):
            archive.append(batch, chronicle=CHRONICLE)
        assert archive.position() >= EVENTS
        yield archive


@pytest.fixture(scope="module")
def sealed(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where they are sealed."""
    folder = Path(f"{KEPT}.sealed") if KEPT else tmp_path_factory.mktemp("million") / "sealed"
    took, done = seconds(lambda: archive.seal(folder), 1)
    print(f"\nsealing: {took:.1f} s of the processor, {done.written} segments of {done.segments} written")
    return folder


def seconds(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Of the processor, the least of some times, and what came of it."""
    [(took, _, came)] = in_turns({"": work}, times).values()
    return took, came


def in_turns(contestants: Mapping[str, Callable[[], Any]], rounds: int = 3) -> dict[str, tuple[float, float, Any]]:
    """The least seconds of the processor and on the clock that each needed, and what came of it."""
    best = {name: (float("inf"), float("inf"), None) for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            cpu, clock = process_time(), perf_counter()
            came = work()
            cpu, clock = process_time() - cpu, perf_counter() - clock
            best[name] = (min(best[name][0], cpu), min(best[name][1], clock), came)
    return best


def driver_of(archive: Archive) -> sqlite3.Connection:
    """A connection as anybody would open it."""
    return sqlite3.connect(str(archive._store.url.removeprefix("sqlite:///")))  # noqa: SLF001 - the file


def forget(archive: Archive) -> None:
    """Empty the cache."""
    with archive._store.writer.begin() as connection:  # noqa: SLF001 - there is no command for it
        connection.execute(delete(projected))


def test_a_last_value(archive: Archive, sealed: Path, tmp_path: Path) -> None:
    """By folds in plain Python, by a projection, by a columnar query, and by another library from its own table."""
    connection = driver_of(archive)
    decode = msgspec.json.Decoder(Levels).decode

    def fold(query: str) -> dict[str, str]:
        state: dict[str, str] = {}
        for (payload,) in connection.execute(query):
            for fact in decode(payload).facts:
                state[fact.subject] = fact.value.amount.digits
        return state

    def projection(which: type[Projection]) -> Any:
        forget(archive)
        return archive.project(which, as_of="2100").state

    def columnar() -> Any:
        return archive.project(LastLevel, sealed=sealed, as_of="2100").state

    stored, mapped = others(tmp_path)
    found = in_turns(
        {
            "fold in the order of the log": lambda: fold(IN_THE_LOG),
            "fold with the same answer": lambda: fold(IN_ORDER),
            "projection": lambda: projection(LastLevel),
            "projection with moments": lambda: projection(DatedLevel),
            "columnar query of sealed segments": columnar,
            f"eventsourcing, of {MAPPED:,}": stored,
            f"its mapper alone, of {MAPPED:,}": mapped,
        }
    )
    connection.close()
    answers = [came for name, (_, _, came) in found.items() if MAPPED == EVENTS or f"of {MAPPED:,}" not in name]
    assert all(answers[0] == one for one in answers)
    same = found["fold with the same answer"][0] / EVENTS
    print(f"\n{EVENTS:,} events, last value of {SUBJECTS:,} subjects; speed beside the fold with the same answer:")
    for name, (cpu, clock, _) in found.items():
        count = MAPPED if f"of {MAPPED:,}" in name else EVENTS
        each = f"{cpu / count * 1e6:.2f} us of the processor an event ({clock / count * 1e6:.2f} on the clock)"
        print(f"{name:36} {each}, {same * count / cpu:.2f}")


def others(folder: Path) -> tuple[Callable[[], Any], Callable[[], Any]]:
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
    return lambda: fold(by_pages()), lambda: fold(there)


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
    fact = {"subject": "late", "attribute": "level", "value": {"amount": 1, "unit": "m"}}
    return {"id": id_, "type": "statistic.reported", "occurred": occurred, "title": "Level", "facts": [fact]}


def test_a_table(archive: Archive, sealed: Path) -> None:
    """Filled from the log, compared with a replay, and switched to; and the same from sealed segments, not compared."""
    connection = driver_of(archive)
    decode = msgspec.json.Decoder(Levels).decode

    def fold() -> dict[str, str]:
        state: dict[str, str] = {}
        for (payload,) in connection.execute(IN_ORDER):
            for fact in decode(payload).facts:
                state[fact.subject] = fact.value.amount.digits
        return state

    archive.seal(sealed)
    with archive.tables() as tables:
        took, _ = seconds(lambda: tables.rebuild(LastLevel), 1)
        expected = tables.check(LastLevel)
        contestants = {"fold": fold, "sealed": lambda: tables.rebuild(LastLevel, sealed=sealed)}
        found = in_turns(contestants, 4)
        assert expected == tables.check(LastLevel)
        assert archive.position() == found["sealed"][2].gathered
    connection.close()
    print(f"\na table, filled, compared and switched to: {archive.position() / took:,.0f} events/s")
    for name, (cpu, clock, _) in found.items():
        print(f"{name}: {cpu:.3f} s of the processor, {clock:.3f} on the clock", end="; ")
    print(
        f"a table filled from sealed segments is {found['fold'][0] / found['sealed'][0]:.1f} times as fast as the fold"
    )

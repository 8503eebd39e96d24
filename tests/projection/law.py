# ruff: noqa: SLF001 - stores are put together by hand
"""The law of projections: whatever the order of recording, the same bytes; whatever was kept, the same answer.

A history says, of some events and a source, what each one's versions are; two logs tell it in two orders. After each
append the table may follow, and the projection is asked as of some basis, from snapshots, which a plain fold over all
that is effective there must confirm. In the end both logs have the same states at every date, and the same table.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Literal
from unittest import mock

from hypothesis import strategies as st

from chronicle import Archive, Moment, Projection, on
from chronicle.asking import Asked, Question
from chronicle.event.model import Event
from chronicle.projection.plain import to_bytes
from chronicle.projection.projection import moment_of
from chronicle.running import Tables
from chronicle.store import build, read
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, IN_MEMORY, Clock, a_retraction, a_source, an_event, url_of

DATES = ["2001", "2001-02", "2001-02-03", "[2001, 2002]", "2001/2002", "2002~", "[..2002]", "2003-05-06", "2001/.."]
RETRACTED = "retracted"
REDACTED = "redacted"
ASKED = ["2001-02-02", "2001-02-03", "2001", "2002", "2003-05", "2004"]
KNOWN = [None, None, "2010-06", "2011"]


class Titles(Projection):
    """The titles of all events of a year, in their order; one title of a kind fails unless another came before it."""

    name = "titles"
    columns: ClassVar = {"year": str, "at": int, "title": str}

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return (moment.year,)

    @on("*")
    def hear(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        told = state.setdefault("told", [])
        told.append(event.title)
        if event.title.startswith("e1") and len(told) == 1:
            raise ValueError("e1 cannot come first")

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Sequence[Any]]:  # noqa: ARG002
        return [(part, at, title) for at, title in enumerate(state.get("told", ()))]


class Early(Titles):
    """The same by the earliest dates, in one part, of what never fails."""

    name = "early"
    dating: ClassVar[Literal["earliest"]] = "earliest"

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return ("",)

    @on("none")
    def hear(self, state: Any, event: Event, moment: Moment) -> None:
        """Hears nothing."""

    @on("*")
    def hear_all(self, state: Any, event: Event, moment: Moment) -> None:
        state.setdefault("told", []).append([event.title, moment.reported])


class Brief(Projection):
    """The same of those who ask for no Moment, which are read in another way."""

    name = "brief"

    @on("any")
    def hear(self, state: Any, event: Event) -> None:
        state.setdefault("told", []).append(event.title)


@dataclass(frozen=True)
class History:
    """The versions of each event, in order: a date, retracted or redacted; and the dates of the source they cite."""

    events: tuple[tuple[str, ...], ...]
    published: tuple[str | None, ...]


def histories() -> st.SearchStrategy[History]:
    """Up to four events of up to three versions, and a redaction."""
    versions = st.lists(st.sampled_from([*DATES, *DATES, RETRACTED]), min_size=1, max_size=3).map(tuple)
    redacted = versions.map(lambda some: (*some, REDACTED))
    published = st.lists(st.sampled_from([None, "2010-01-01", "2010-12-31"]), max_size=2).map(tuple)
    events = st.lists(st.one_of(versions, versions, versions, redacted), min_size=1, max_size=4).map(tuple)
    return st.builds(History, events, published)


def breach(history: History, seed: int) -> str | None:
    """What the two logs of a history, told in orders drawn from the seed, differ in; None if in nothing."""
    random = Random(seed)  # noqa: S311 - not for secrets
    with (
        mock.patch("chronicle.replaying.WORTH", 1),
        mock.patch("chronicle.replaying.STEPS", 10**9),
        mock.patch("chronicle.replaying.APART", 1),
        mock.patch("chronicle.store.occurrences.SLICE", 2),
        mock.patch("chronicle.store.projected.KEPT", 5),
        mock.patch("chronicle.building.PAGE", random.randint(1, 7)),
        mock.patch("chronicle.retelling.STRIDE", 2),
        mock.patch("chronicle.filling.STRIDE", 2),
    ):
        one, other = _told(history, random), _told(history, random)
    if isinstance(one, str) or isinstance(other, str):
        return str(one if isinstance(one, str) else other)
    return None if one == other else f"two orders: {one} and {other}"


def _told(history: History, random: Random) -> list[bytes] | str:
    """The bytes that a log ends with; or what was not as a plain fold has it."""
    clock = Clock()
    with an_empty_archive(clock) as archive, _a_target() as target:
        tables = Tables(archive._store, target, clock)
        for step in steps(history, random):
            clock.now += random.choice([1, 86_400_000_000])
            if step.get("redacted"):
                archive.redact(step["id"], reason="a person asked")
            else:
                archive.append([step], chronicle=CHRONICLE)
            if random.random() < 0.25:
                tables.run(Titles)
            if random.random() < 0.5:
                bounds: dict[str, Any] = {
                    "as_of": random.choice(ASKED),
                    "known": random.choice(KNOWN),
                    "position": random.randint(max(0, archive.position() - 4), archive.position()),
                }
                for asked in (Early, Brief):
                    if (found := archive.project(asked, **bounds).states) != (
                        plain := folded(archive, asked, **bounds)
                    ):
                        return f"{asked.name}, {bounds}: {found}, and a plain fold has {plain}"
        tables.run(Titles)
        made = [tables.check(Titles).encode()]
        if random.random() < 0.2:
            tables.rebuild(Titles)
            made = [tables.check(Titles).encode()]
        return made + [to_bytes(archive.project(Early, as_of=date).states) for date in ASKED[1::2]]


def folded(archive: Archive, projection: type[Projection], **bounds: Any) -> dict[str, Any]:
    """The definition: the effective events up to the last second, sorted by their moments, told one by one."""
    told = projection()
    dating: Literal["earliest", "latest"] = "earliest" if told.dating == "earliest" else "latest"
    with archive._store.reading() as connection:
        asked = Asked(connection, Question(**bounds), archive._now())
        events = [
            (moment_of(one, one.document, dating), one.document)
            for one in read.effective_events(connection, asked.horizon)
            if isinstance(one.document, Event)
        ]
    states: dict[str, Any] = {}
    for moment, event in sorted(events, key=lambda one: one[0]):
        if moment.second <= asked.last_second:
            for part in told.parts_of(event, moment):
                states[part] = told.fold(states.get(part, told.initial()), event, moment)
    return states


def steps(history: History, random: Random) -> Iterator[dict[str, Any]]:
    """All versions in an order of recording, those of each id in theirs; every other event cites the source."""
    yield a_source("s", None)
    left = {f"e{number}": list(enumerate(versions)) for number, versions in enumerate(history.events)}
    left["s"] = list(enumerate(history.published))  # type: ignore[arg-type] # no date is one, too
    left = {id_: versions for id_, versions in left.items() if versions}
    stated: set[str] = set()
    while left:
        id_ = random.choice(sorted(left))
        number, what = left[id_].pop(0)
        if not left[id_]:
            del left[id_]
        if id_ == "s":
            yield a_source("s", what, author=f"v{number}")
        elif what == REDACTED:
            if number > 0 and any(one != RETRACTED for one in history.events[int(id_[1:])][:number]):
                yield {"id": id_, "redacted": True}
        elif what == RETRACTED:
            if id_ in stated:
                stated.remove(id_)
                yield a_retraction(id_)
        else:
            stated.add(id_)
            cites = ["s"] if int(id_[1:]) % 2 else []
            yield an_event(id_, occurred=what, title=f"{id_} v{number}", sources=cites)


@cache
def _template() -> bytes:
    """An empty archive, as SQLite has it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.db"
        Archive.open(url_of(file)).close()
        with sqlite3.connect(file) as connection:
            made = bytearray(connection.serialize())
        connection.close()
        made[18:20] = b"\x01\x01"  # without the write-ahead log, which a database in memory cannot have
        return bytes(made)


def an_empty_archive(clock: Clock) -> Archive:
    """One in memory, made faster than by migrations."""
    store = Store.open(IN_MEMORY, create=True, check=False)
    with store.writer.connect() as connection:
        driver: Any = connection.connection.driver_connection
        connection.rollback()
        driver.deserialize(_template())
    return Archive(store, recorded_by="law", now=clock)


class _a_target:  # noqa: N801 - read as a function
    def __enter__(self) -> Store:
        self.store = Store.open(IN_MEMORY, create=True, check=False)
        build.prepare(self.store.writer)
        return self.store

    def __exit__(self, *_: object) -> None:
        self.store.close()

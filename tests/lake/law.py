"""The law of columnar queries: whatever was recorded, in whatever order, they answer what the handlers do.

A history is told to a log in a random order; now and then it is sealed, and questions within random bounds are asked of
the segments and of the log. Tables that are filled from segments follow the log as those that are filled from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Literal
from unittest import mock

from chronicle import Moment, Projection, on
from chronicle.errors import ChronicleError, QuestionError
from chronicle.event.model import Event
from chronicle.projection.counts import EventCounts
from chronicle.projection.coverage import SourceCoverage
from chronicle.projection.participants import Participations
from chronicle.running import Tables
from chronicle.store import build
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, IN_MEMORY, Clock
from tests.projection.law import ASKED, KNOWN, History, an_empty_archive, steps


class LastTitles(Projection):
    """The last title, and how many there were, by the type; which range of a date counts is for both to say."""

    name = "last_titles"
    dating: ClassVar[Literal["both"]] = "both"
    columnar: ClassVar[str] = """
        SELECT type, json_object(
            'count', count(*),
            'title', arg_max(title, (second, reported, chronicle, event)),
            'reported', arg_max(reported, (second, reported, chronicle, event))
        )
        FROM events
        GROUP BY type
    """

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return (event.type,)

    @on("*")
    def hear(self, state: Any, event: Event, moment: Moment) -> None:
        state["count"] = state.get("count", 0) + 1
        state["title"], state["reported"] = event.title, moment.reported


class LastValues(Projection):
    """The last value of each subject and attribute, with all that two facts of an event can say."""

    name = "last_values"
    columnar: ClassVar[str] = """
        SELECT subject || '/' || attribute, arg_max(value, (second, reported, chronicle, event, ordinal))
        FROM facts
        GROUP BY subject, attribute
    """

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return {f"{fact.subject}/{fact.attribute}" for fact in event.facts}

    def initial(self) -> Any:
        return None

    @on("*")
    def hear(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
        return event.facts[-1].value.plain() if event.facts[-1].value else state


ASKED_OF = (EventCounts, LastTitles, LastValues, Participations, SourceCoverage)


def breach(history: History, seed: int, folder: Path) -> str | None:
    """What a history, told in an order drawn from the seed, makes columnar queries answer otherwise; None if nothing.

    The segments are small, so that several are asked, and the tail is often written again.
    """
    random = Random(seed)  # noqa: S311 - not for secrets
    with (
        mock.patch("chronicle.lake.manifest.SPAN", random.randint(2, 5)),
        mock.patch("chronicle.lake.manifest.SMALL", random.randint(1, 3)),
        mock.patch("chronicle.lake.folder.GROUP", 2),
        mock.patch("chronicle.sealing.PAGE", random.randint(1, 3)),
        an_empty_archive(clock := Clock()) as archive,
    ):
        for step in steps(history, random):
            clock.now += random.choice([1, 86_400_000_000])
            if step.get("redacted"):
                archive.redact(step["id"], reason="a person asked")
            else:
                archive.append([_with_facts(step, random)], chronicle=CHRONICLE)
            if random.random() < 0.3:
                archive.seal(folder)
        archive.seal(folder)
        for projection in ASKED_OF:
            bounds: dict[str, Any] = {
                "as_of": random.choice(ASKED),
                "known": random.choice(KNOWN),
                "position": random.randint(1, archive.position()),
            }
            try:
                archive.project(projection, sealed=folder, check=True, **bounds)
            except ChronicleError as error:
                return f"{bounds}: {error}"
    return None


TABLED = (EventCounts, LastValues, Participations, SourceCoverage)


def breach_of_tables(history: History, seed: int, folder: Path) -> str | None:
    """What the tables of a history, filled from segments sealed at some time, come to differ in; None if in nothing.

    Each is held against a replay at once and after whatever follows, and in the end against one filled from the log.
    """
    random = Random(seed)  # noqa: S311 - not for secrets
    with (
        mock.patch("chronicle.lake.manifest.SPAN", random.randint(2, 5)),
        mock.patch("chronicle.gathering.AT_ONCE", random.randint(1, 3)),
        mock.patch("chronicle.building.PAGE", random.randint(1, 4)),
        mock.patch("chronicle.retelling.STRIDE", 2),
        mock.patch("chronicle.filling.STRIDE", 2),
        an_empty_archive(clock := Clock()) as archive,
        closing(Store.open(IN_MEMORY, create=True, check=False)) as target,
    ):
        build.prepare(target.writer)
        tables = Tables(archive._store, target, clock)  # noqa: SLF001 - put together by hand
        is_sealed = False
        for step in steps(history, random):
            clock.now += random.choice([1, 86_400_000_000])
            if step.get("redacted"):
                archive.redact(step["id"], reason="a person asked")
            else:
                archive.append([_with_facts(step, random)], chronicle=CHRONICLE)
            if random.random() < 0.4:
                archive.seal(folder)
                is_sealed = True
            projection = random.choice(TABLED)
            try:
                if is_sealed and random.random() < 0.4:
                    tables.rebuild(projection, sealed=folder, check=random.random() < 0.5)
                elif random.random() < 0.5:
                    tables.run(projection)
                else:
                    continue
                tables.check(projection)
            except QuestionError as error:
                if "may hold what was redacted since" not in str(error):
                    return f"{projection.name}: {error}"
            except ChronicleError as error:
                return f"{projection.name}: {error}"
        for projection in TABLED:
            tables.run(projection)
            found = tables.check(projection)
            tables.rebuild(projection)
            if found != (expected := tables.check(projection)):
                return f"{projection.name}: {found}, and from the log {expected}"
    return None


def _with_facts(step: dict[str, Any], random: Random) -> dict[str, Any]:
    """A step with some facts and participants, where it is of an event."""
    if "kind" in step or "retracted" in step:
        return step
    facts = [
        {
            "subject": f"s{random.randint(0, 1)}",
            "attribute": "a",
            "value": random.choice(["one", "two", {"amount": "3e0", "unit": "m"}]),
        }
        for _ in range(random.choice([0, 1, 1]))
    ]
    return {**step, "facts": facts}

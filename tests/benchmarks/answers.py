"""What answers about one thing cost, with the events that state them, beside bare queries for the rows they need."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date
from typing import Any

from chronicle.service import Archive
from chronicle.state.answer import StateFact
from chronicle.state.page import Turn
from tests.benchmarks import world
from tests.benchmarks.filled import AS_OF, COVERING, KNOWN, Filled, X
from tests.benchmarks.race import Figure, Work, race_questions
from tests.benchmarks.temporal import Place

PAGE = 100
"""Rows of a page of one attribute."""

BEHIND = 1_000
"""More rows than a subject has of one attribute: a page after so many of them begins with the next subject."""

CHECKED = 50
"""Questions whose answers are compared before any is timed."""


def entity(at: Filled, archive: Archive, raw: Any, questions: int) -> list[Figure]:
    """All that holds for one subject."""
    drawn = random.Random(4)  # noqa: S311 - no secrets
    subjects = [world.subject(drawn.randrange(1, max(2, world.subjects(at.scale)))) for _ in range(questions)]
    query = at.place.query(f"SELECT * FROM fact WHERE chronicle = ? AND subject = ? AND {COVERING}")  # noqa: S608 - ours
    day, half, exact = date.fromisoformat(AS_OF), archive.position() // 2, at.exact if at.others else set()

    def bare(number: int) -> list[Any]:
        found: list[Any] = raw.execute(query, (world.CHRONICLE, subjects[number])).fetchall()
        return found

    def ours(number: int, **bounds: Any) -> tuple[StateFact, ...]:
        return archive.state(as_of=AS_OF, chronicle=world.CHRONICLE, subject=subjects[number], **bounds).facts

    contestants: dict[str, Work] = {
        "bare covering query": bare,
        "chronicle": ours,
        "chronicle, three bounds": lambda number: ours(number, known=KNOWN, position=half),
        **{one.name: lambda number, one=one: one.entity(subjects[number], day) for one in at.others},  # type: ignore[misc]
    }
    for number in range(min(CHECKED, questions)):
        told = ours(number)
        assert len(bare(number)) >= len(certain(told))
        for attribute in world.ATTRIBUTES:
            place = (subjects[number], attribute)
            assert swept(archive, place) == {str(one.value.written()) for one in told if place_of(one) == place}
        for other in at.others:
            assert {place: value for place, value in certain(told).items() if place in exact} == {
                place: value for place, value in other.entity(subjects[number], day).items() if place in exact
            }
    return race_questions("state of an entity", at.place.name, at.scale, contestants, questions=questions)


def page(at: Filled, archive: Archive, raw: Any, questions: int) -> list[Figure]:
    """A hundred rows of one attribute, from some subject on."""
    drawn = random.Random(5)  # noqa: S311 - no secrets
    asked = [(_subject(at, drawn), drawn.choice(world.ATTRIBUTES)) for _ in range(questions)]
    query = at.place.query(
        "SELECT * FROM fact WHERE chronicle = ? AND attribute = ? AND attribute <> '' AND subject > ? "  # noqa: S608 - ours
        f"AND {COVERING} ORDER BY subject LIMIT {PAGE}"
    )

    def bare(number: int) -> list[Any]:
        subject, attribute = asked[number]
        found: list[Any] = raw.execute(query, (world.CHRONICLE, attribute, subject)).fetchall()
        return found

    def ours(number: int) -> tuple[StateFact, ...]:
        subject, attribute = asked[number]
        after = Turn(world.CHRONICLE, subject, attribute, BEHIND).text
        return archive.state(as_of=AS_OF, chronicle=world.CHRONICLE, attribute=attribute, after=after, limit=PAGE).facts

    for number in range(min(CHECKED, questions)):
        places = [place_of(one) for one in ours(number)]
        assert places == sorted(places)
        assert all(place[0] > asked[number][0] and place[1] == asked[number][1] for place in places)
        for place in set(places[:1]):
            assert swept(archive, place) == {str(o.value.written()) for o in ours(number) if place_of(o) == place}
    contestants: dict[str, Work] = {"bare covering query": bare, "chronicle": ours}
    return race_questions("page of an attribute", at.place.name, at.scale, contestants, questions=questions)


def history(at: Filled, archive: Archive, raw: Any, questions: int) -> list[Figure]:
    """All that ever held for one key."""
    drawn = random.Random(6)  # noqa: S311 - no secrets
    last = max(2, world.subjects(at.scale))
    asked = [(world.subject(drawn.randrange(1, last)), drawn.choice(world.ATTRIBUTES)) for _ in range(questions)]
    query = at.place.query("SELECT * FROM fact WHERE chronicle = ? AND subject = ? AND attribute = ?")

    def bare(number: int) -> list[Any]:
        found: list[Any] = raw.execute(query, (world.CHRONICLE, *asked[number])).fetchall()
        return found

    def ours(number: int) -> Any:
        subject, attribute = asked[number]
        return archive.history(subject, attribute, chronicle=world.CHRONICLE)

    for place in asked[:CHECKED]:
        facts = archive.state(as_of=AS_OF, chronicle=world.CHRONICLE, subject=place[0], attribute=place[1]).facts
        assert swept(archive, place) == {str(one.value.written()) for one in facts}
    contestants: dict[str, Work] = {"bare query of its facts": bare, "chronicle": ours}
    return race_questions("history of a key", at.place.name, at.scale, contestants, questions=questions)


def swept(archive: Archive, place: Place) -> set[str]:
    """What may hold for a key at the second, as its history has it, which is swept from all its facts."""
    found = archive.history(*place, chronicle=world.CHRONICLE).segments
    return {
        str(value.written())
        for one in found
        if (one.start is None or one.start <= X) and (one.end is None or one.end > X)
        for value in one.held.values
    }


def certain(facts: Iterable[StateFact]) -> dict[Place, str]:
    """What certainly holds, as its fact's row has it."""
    return {place_of(one): one.candidate.value or "" for one in facts if one.row.certain}


def place_of(one: StateFact) -> Place:
    """The subject and the attribute of a row."""
    return one.row.key.subject, one.row.key.attribute


def _subject(at: Filled, drawn: random.Random) -> str:
    return world.subject(drawn.randrange(world.subjects(at.scale)))

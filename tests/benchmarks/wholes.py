"""What answers about the whole world cost for each row, beside one query that reads as much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from chronicle.service import Archive
from chronicle.state.answer import StateFact
from chronicle.when import resolve_bound
from tests.benchmarks.answers import certain, place_of
from tests.benchmarks.filled import AS_OF, COVERING, EARLIER, KNOWN, Filled
from tests.benchmarks.race import Figure, Work, race
from tests.benchmarks.replay import Told

PAGE = 2_000
"""Rows that are asked for at once."""

LEARNED = 10_000
"""Records between two knowledge points, or half of what there is."""

LATE = "2030-01-01"
"""A day on which all that a world tells of has happened."""

Compared = dict[tuple[str, str], tuple[bool, frozenset[str]]]
"""By key: whether it is certain, and what holds or may hold."""


def everything(at: Filled, archive: Archive, raw: Any, rounds: int) -> list[Figure]:
    """The state of the whole world, in pages."""
    query = f"SELECT subject, attribute, value, from_lo, until_lo, position FROM fact WHERE {COVERING}"  # noqa: S608 - ours
    day, half = date.fromisoformat(AS_OF), archive.position() // 2
    count = sum(1 for _ in rows(archive))
    if at.others:
        exact = {place: value for place, value in certain(rows(archive)).items() if place in at.exact}
        for other in at.others:
            assert exact == other.world(day)
        if at.maria is not None:
            then = certain(rows(archive, position=half))
            assert {p: v for p, v in then.items() if p in at.exact} == at.maria.world(day, half)
    contestants: dict[str, Work] = {
        "bare covering query": lambda _: sum(1 for _ in raw.execute(query)),
        "chronicle": lambda _: sum(1 for _ in rows(archive)),
        "chronicle, three bounds": lambda _: sum(1 for _ in rows(archive, known=KNOWN, position=half)),
        **{one.name: lambda _, one=one: one.world(day) for one in at.others},  # type: ignore[misc]
    }
    return race("state of the whole world", at.place.name, at.scale, contestants, units=count, rounds=rounds)


def learned(at: Filled, archive: Archive, raw: Any, rounds: int) -> list[Figure]:
    """What records at the end of the log changed in what is known of a day."""
    last = archive.position()
    count = min(LEARNED, last // 2)
    day, first = date.fromisoformat(AS_OF), last - count
    query = at.place.query("SELECT * FROM fact WHERE position > ? AND position <= ?")

    def ours(_: int) -> Any:
        return archive.diff({"position": first}, {"position": last}, as_of=AS_OF).changes

    if at.others:
        before, after = (_compared(rows(archive, position=one)) for one in (first, last))
        changed = {place for place in {*before, *after} if before.get(place) != after.get(place)}
        assert changed == {(str(one.key["subject"]), str(one.key["attribute"])) for one in ours(0)}
    contestants: dict[str, Work] = {
        "bare query of the facts": lambda _: raw.execute(query, (first, last)).fetchall(),
        "chronicle": ours,
    }
    if (maria := at.maria) is not None:

        def theirs(_: int) -> int:
            before, after = maria.world(day, first), maria.world(day, last)
            return sum(before.get(place) != after.get(place) for place in {*before, *after})

        assert sum(place in at.exact for place in changed) == theirs(0)
        contestants["mariadb, two states"] = theirs
    return race("what was learned", at.place.name, at.scale, contestants, units=count, rounds=rounds)


def changed(at: Filled, archive: Archive, raw: Any, rounds: int) -> list[Figure]:
    """What changed in a week, also beside what was known before the end of the log.

    The raw limit goes through the facts once, for those with a bound in that time.
    """
    first, last = (resolve_bound(day, zone="UTC", now=0).last for day in (EARLIER, AS_OF))
    bounds = ("from_lo", "from_hi", "until_lo", "until_hi")
    within = " OR ".join(f"{bound} > ? AND {bound} <= ?" for bound in bounds)
    query = at.place.query(f"SELECT count(*) FROM fact WHERE {within}")  # noqa: S608 - ours
    head = archive.position()
    known_before = {"as_of": EARLIER, "position": head - min(LEARNED, head // 2)}
    figures = []
    for name, before in (("what changed", {"as_of": EARLIER}), ("changed and learned", known_before)):

        def ours(_: int, before: dict[str, Any] = before) -> Any:
            return archive.diff(before, AS_OF).changes

        if at.others:
            was, now = _compared(rows(archive, **before)), _compared(rows(archive))
            differ = {place for place in {*was, *now} if was.get(place) != now.get(place)}
            assert differ == {(str(one.key["subject"]), str(one.key["attribute"])) for one in ours(0)}
        contestants: dict[str, Work] = {
            "bare scan of the facts": lambda _: raw.execute(query, (first, last) * len(bounds)).fetchall(),
            "chronicle": ours,
        }
        units = max(1, len(ours(0)))
        figures += race(name, at.place.name, at.scale, contestants, units=units, rounds=rounds)
    return figures


def events(at: Filled, archive: Archive, raw: Any, rounds: int) -> list[Figure]:
    """How all events stand as of a day."""
    query = "SELECT payload FROM occurrence JOIN payload USING (position) WHERE superseded IS NULL ORDER BY latest"
    decode = msgspec.json.Decoder(Told).decode

    def by_hand(_: int) -> int:
        return sum(1 for (content,) in raw.execute(query) if decode(content).id)

    def ours(_: int) -> int:
        return len(archive.events(as_of=LATE).events)

    count = by_hand(0)
    assert count == ours(0)
    contestants: dict[str, Work] = {"payloads by hand": by_hand, "chronicle": ours}
    return race("events as of a day", at.place.name, at.scale, contestants, units=count, rounds=rounds)


def rows(archive: Archive, **bounds: Any) -> Iterator[StateFact]:
    """All rows of the state, page by page."""
    turn, asked = None, {"as_of": AS_OF, **bounds}
    while True:
        page = archive.state(after=turn, limit=PAGE, **asked)
        yield from page.facts
        if (turn := page.next) is None:
            return


def _compared(facts: Iterator[StateFact]) -> Compared:
    found: dict[tuple[str, str], tuple[bool, frozenset[str]]] = {}
    for one in facts:
        _, values = found.get(place_of(one), (False, frozenset()))
        found[place_of(one)] = one.row.certain, values | {one.candidate.value or ""}
    return found

"""What the state of a whole world costs beside a bare query of intervals that gives the same rows.

The bare query knows beforehand who holds what when, in an R*Tree of days or a GiST index of ranges; it is asked for the
same columns and payloads. How the cost grows is measured where so many keys hold as long that a thousand hold at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from chronicle.asking import Asked, Bounds, Question, Scope
from chronicle.event.span import DAY
from chronicle.service import Archive
from chronicle.state.history import history
from chronicle.store import schema
from chronicle.store.archive import Store
from tests.benchmarks import world
from tests.benchmarks.filled import AS_OF, KNOWN, Filled, X
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure, Work, race

HOLDING = 1_000
TERMS = 10
GROWTH = (1, 10, 50)

COLUMNS = "subject text, attribute text, value text, began bigint, reported bigint, version integer, payload {bytes}"
Held = tuple[int | None, int | None, tuple[Any, ...]]
"""The first second at which a fact is or may be the value and the one after the last, None for any, and its row."""


def snapshot(at: Filled, archive: Archive, rounds: int) -> list[Figure]:
    """All that held on a day: by the bare query, as latest known, and as recorded and known long ago."""
    with closing(Store.open(at.url, create=False)) as store:
        rows = [*_held(store)]
    place = at.place
    with closing(place.connect(place.url())) as connection:
        bare = _bare(place, connection, rows)
        past: Bounds = {"as_of": AS_OF, "position": archive.position() // 2, "known": KNOWN}
        told = archive.state(as_of=AS_OF).facts
        assert sorted(row[:2] for row in bare(0)) == sorted(
            (one.row.key.subject, one.row.key.attribute) for one in told
        )
        assert 0 < len(archive.state(**past).facts) <= len(told)
        contestants: dict[str, Work] = {
            "the bare query": bare,
            "chronicle": lambda _: archive.state(as_of=AS_OF),
            "chronicle, the past": lambda _: archive.state(**past),
        }
        return race("whole state", place.name, at.scale, contestants, units=len(told), rounds=rounds)


def growth(place: Place, scale: int, rounds: int) -> list[Figure]:
    """A thousand rows of ever more facts: the first contestant has `scale` of them."""
    contestants: dict[str, Work] = {}
    archives: list[Archive] = []
    holding = min(HOLDING, scale // TERMS)
    for times in GROWTH:
        url = place.url()
        store = Store.open(url, create=True)
        world.write(store, terms(scale * times, holding))
        store.close()
        archive = Archive.open(url, create=False)
        archives.append(archive)
        found = len(archive.state(as_of=AS_OF).facts)
        assert holding * 0.8 <= found <= holding * 1.2, found
        contestants[f"of {scale * times:,} facts"] = lambda _, archive=archive: archive.state(as_of=AS_OF)  # type: ignore[misc]
    figures = race("a thousand rows", place.name, scale, contestants, units=holding, rounds=rounds)
    for archive in archives:
        archive.close()
    return figures


def terms(scale: int, holding: int) -> Iterator[tuple[world.Plain, int]]:
    """So many facts of offices whose holders follow one another, of which so many hold at once."""
    offices = scale // TERMS
    length = world.DAYS * holding // scale
    for number in range(scale):
        office, term = number % offices, number // offices
        begun = (office * world.DAYS // offices // TERMS + term * world.DAYS // TERMS) % (world.DAYS - length)
        day = world.START + timedelta(days=begun)
        fact = {"subject": world.subject(office), "attribute": "holder", "value": f"holder {number}"}
        fact["until"] = (day + timedelta(days=length)).isoformat()
        event = {"type": "any.thing", "occurred": day.isoformat(), "title": f"Event {number}", "facts": [fact]}
        yield {"id": f"event-{number}", **event}, 1


def _held(store: Store) -> Iterator[Held]:
    """Every fact of a world with when it is the value in some world, as latest known."""
    with store.reading() as connection:
        asked = Asked(connection, Question(as_of=AS_OF), 0)
        versions: Any = select(schema.record.c.position, schema.record.c.version, schema.payload.c.payload).join(
            schema.payload, schema.payload.c.position == schema.record.c.position
        )
        content = {row.position: row[1:] for row in connection.execute(versions)}
        for place, keys in asked.places(Scope()):
            for facts in keys.values():
                for segment in history(facts):
                    for fact in segment.winners:
                        told = (*place[1:], fact.value, fact.from_lo, fact.rank[0], *content[fact.position])
                        yield segment.start, segment.end, told


def _bare(place: Place, connection: Any, rows: list[Held]) -> Callable[[int], list[Any]]:
    """The raw limit: asks for what holds at X, by an index of intervals."""
    is_sqlite = place.name == "sqlite"
    connection.execute(
        f"CREATE TABLE told (id integer PRIMARY KEY, {COLUMNS.format(bytes='blob' if is_sqlite else 'bytea')})"
    )
    numbered = [(number, *row) for number, (_, _, row) in enumerate(rows)]
    connection.execute("BEGIN")
    place.insert(connection, "told", len(numbered[0]), numbered)
    if is_sqlite:
        connection.execute("CREATE VIRTUAL TABLE held USING rtree_i32(id, begins, ends)")
        days = [(number, *_days(begins, ends)) for number, (begins, ends, _) in enumerate(rows)]
        place.insert(connection, "held", 3, [one for one in days if one[1] <= one[2]])
        query = "SELECT told.* FROM held JOIN told USING (id) WHERE begins <= ? AND ends >= ?"
        asked = [X // DAY, X // DAY]
    else:
        connection.execute("CREATE TABLE held (id integer, during int8range)")
        ranges = [(number, f"[{_open(begins)},{_open(ends)})") for number, (begins, ends, _) in enumerate(rows)]
        place.insert(connection, "held", 2, ranges)
        connection.execute("CREATE INDEX held_during ON held USING gist (during)")
        query, asked = "SELECT told.* FROM held JOIN told USING (id) WHERE during @> %s::bigint", [X]
    connection.execute("COMMIT")
    connection.execute("ANALYZE")

    def ask(_: int) -> list[Any]:
        return [row[1:] for row in connection.execute(query, asked).fetchall()]

    return ask


def _days(begins: int | None, ends: int | None) -> tuple[int, int]:
    """The first and the last day whose last second lies between, as an R*Tree of 32 bits can hold them."""
    return -(2**31) if begins is None else begins // DAY, 2**31 - 1 if ends is None else ends // DAY - 1


def _open(second: int | None) -> str:
    """The bound of a range."""
    return "" if second is None else str(second)

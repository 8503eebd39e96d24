"""What the state of a key costs that is told of ever more often, on known days: it is to cost what one of 20 does."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from chronicle.store.archive import Store
from chronicle.store.head import read_head
from chronicle.store.read import Horizon
from chronicle.when import resolve_bound
from tests.benchmarks import world
from tests.benchmarks.filled import KNOWN
from tests.benchmarks.keys import ROW, ask
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure, Work, race_questions

SELDOM = 20
OFTEN = 100_000


def much_told(place: Place, often: int, questions: int) -> list[Figure]:
    """Two keys of one archive, one told of 20 times, one `often`; as latest known and with all three bounds."""
    url = place.url()
    store = Store.open(url, create=True)
    world.write(store, told(often))
    drawn = random.Random(7)  # noqa: S311 - no secrets
    with closing(store), store.reading() as connection:
        head = read_head(connection).position
        positions = [1 + drawn.randrange(head) for _ in range(questions)]
        known = resolve_bound(KNOWN, zone="UTC", now=0).last
        contestants: dict[str, Work] = {
            "a row by its key": lambda number: ROW.rows(connection, position=positions[number])
        }
        for number, times in enumerate((SELDOM, often)):
            key = (world.subject(number), world.ATTRIBUTES[0])
            for name, horizon in (("", Horizon(head)), (", three bounds", Horizon(head // 2, known))):
                assert ask(connection, horizon, key, whole=True) == ask(connection, horizon, key)
                contestants[f"told {times:,} times{name}"] = lambda _, horizon=horizon, key=key: ask(  # type: ignore[misc]
                    connection, horizon, key
                )
        return race_questions("a key told of often", place.name, often, contestants, questions=questions)


def told(often: int) -> Iterator[tuple[world.Plain, int]]:
    """So many events of one subject, and twenty of another; of ten one mends an earlier one."""
    yield from of_subject(0, SELDOM)
    yield from of_subject(1, often)


def of_subject(subject: int, times: int) -> Iterator[tuple[world.Plain, int]]:
    """Events of one fact each, from one end of the time to the other."""
    for number in range(times):
        is_mended = number % 10 == 9
        named = number - 5 if is_mended else number
        day = world.START + timedelta(days=world.DAYS * named // times)
        fact = {"subject": world.subject(subject), "attribute": world.ATTRIBUTES[0], "value": f"value {number}"}
        event = {"type": "any.thing", "occurred": day.isoformat(), "title": f"Event {named}", "facts": [fact]}
        yield {"id": f"event-{subject}-{named}", **event}, 2 if is_mended else 1

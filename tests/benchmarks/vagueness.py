"""What vague dates cost: the same questions of a world of exact dates and of one a tenth of whose dates are vague."""

from __future__ import annotations

import random
from contextlib import ExitStack

from chronicle.service import Archive
from chronicle.store.archive import Store
from chronicle.store.head import read_head
from chronicle.store.read import Horizon
from tests.benchmarks import world
from tests.benchmarks.filled import AS_OF
from tests.benchmarks.keys import ask
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure, Work, race, race_questions

SHARES = {"exact dates": 0.0, "a tenth is vague": world.VAGUE}


def vagueness(place: Place, scale: int, rounds: int, questions: int) -> list[Figure]:
    """The state of a key, and of the whole world for each of its keys; the first contestant's dates are exact."""
    drawn = random.Random(8)  # noqa: S311 - no secrets
    last = max(2, world.subjects(scale))
    asked = [(world.subject(drawn.randrange(1, last)), drawn.choice(world.ATTRIBUTES)) for _ in range(questions)]
    keys: dict[str, Work] = {}
    wholes: dict[str, Work] = {}
    with ExitStack() as stack:
        for name, share in SHARES.items():
            url = place.url()
            store = Store.open(url, create=True)
            stack.callback(store.close)
            world.write(store, world.documents(scale, vague=share))
            archive = stack.enter_context(Archive.open(url, create=False))
            connection = stack.enter_context(store.reading())
            horizon = Horizon(read_head(connection).position)
            for one in asked:
                assert ask(connection, horizon, one, whole=True) == ask(connection, horizon, one)
            keys[name] = lambda number, c=connection, h=horizon: ask(c, h, asked[number])  # type: ignore[misc]
            wholes[name] = lambda _, archive=archive: archive.state(as_of=AS_OF)  # type: ignore[misc]
        units = last * len(world.ATTRIBUTES)
        return [
            *race_questions("vague dates, a key", place.name, scale, keys, questions=questions),
            *race("vague dates, all keys", place.name, scale, wholes, units=units, rounds=rounds),
        ]

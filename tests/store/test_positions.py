"""Positions have no gaps, recorded times rise, and an append is all or nothing."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from chronicle.errors import RefusedError
from chronicle.store import schema
from chronicle.store.archive import Store
from tests.builders import (
    NOW,
    a_fact,
    a_source,
    an_attribute,
    an_entity,
    an_event,
    column,
    contents,
    instant,
    load,
    outcomes,
)

UNSOUND = [
    an_event("bad", sources=["nobody"]),
    an_event("bad", participants=["nobody"]),
    an_event("bad", stated_by="nobody"),
    an_event("bad", a_fact({"entity": "nobody"})),
    an_event("bad", a_fact("x", attribute="many", period="2025")),
    {"kind": "source", "id": "nobody", "retracted": True},
    {"kind": "source", "id": "s", "retracted": True},
    an_attribute("many", cardinality="one"),
]


def test_positions_count_from_one(store: Store) -> None:
    """Over any number of appends the positions are 1, 2, 3 … in the order of the documents."""
    load(store, an_entity("a"), an_entity("b"))
    load(store, an_entity("c"))
    load(store, an_entity("d"), an_entity("e"))

    assert [1, 2, 3, 4, 5] == column(store, "position")
    assert ["a", "b", "c", "d", "e"] == column(store, "id")


def test_the_head_is_the_last_record(store: Store) -> None:
    """The head says the last position and the instant of the last append."""
    load(store, an_entity("a"), an_entity("b"))

    with store.reading() as connection:
        head = connection.execute(select(schema.head.c.position, schema.head.c.recorded)).one()
    assert (2, NOW) == tuple(head)


def test_one_instant_for_an_append(store: Store) -> None:
    """All records of an append are recorded at the same instant, which is the clock's."""
    load(store, an_entity("a"), an_entity("b"))

    assert [NOW, NOW] == column(store, "recorded")


@pytest.mark.parametrize(
    ("clock", "recorded"),
    [
        ("stands still", [NOW, NOW + 1, NOW + 2]),
        ("steps back", [NOW, NOW + 1, NOW + 2]),
        ("jumps ahead and back", [NOW, instant("2036-01-01"), instant("2036-01-01") + 1]),
    ],
)
def test_recorded_rises(store: Store, clock: str, recorded: list[int]) -> None:
    """Recorded times rise strictly from append to append, whatever the clock does."""
    times = {
        "stands still": [NOW, NOW, NOW],
        "steps back": [NOW, NOW - 5_000_000, NOW - 1],
        "jumps ahead and back": [NOW, instant("2036-01-01"), NOW],
    }
    for name, now in zip("abc", times[clock], strict=True):
        load(store, an_entity(name), now=now)

    assert recorded == column(store, "recorded")


def test_unchanged_takes_no_position(store: Store) -> None:
    """Documents that are there already are not appended, and the head does not move."""
    load(store, an_entity("a"))
    before = contents(store)

    again = load(store, an_entity("a"), now=NOW + 10)

    assert (["unchanged"], 1) == (outcomes(again), again.position)
    assert before == contents(store)


def test_nothing_to_load(store: Store) -> None:
    """Loading no documents is no error and changes nothing."""
    assert (0, ()) == (load(store).position, load(store).receipts)


@pytest.mark.parametrize("bad", UNSOUND, ids=lambda bad: f"{bad.get('kind', 'event')}-{len(bad)}")
def test_all_or_nothing(store: Store, bad: dict[str, object]) -> None:
    """One unsound document among good ones leaves every row of every table as it was."""
    load(store, a_source("s"), an_attribute("many", cardinality="many"))
    load(store, an_event("cites", a_fact("x", attribute="many"), a_fact("y", attribute="many", holds=False)))
    load(store, an_event("cites-too", sources=["s"]))
    before = contents(store)

    with pytest.raises(RefusedError):
        load(store, an_entity("good"), a_source("s", published="2020"), bad, an_event("good-too"))

    assert before == contents(store)


def test_dry_run_writes_nothing(store: Store) -> None:
    """A dry run answers with the outcomes and leaves every row as it was."""
    load(store, a_source("s", published="2025"), an_event("a", sources=["s"]))
    before = contents(store)

    would = load(store, a_source("s", published="2024"), an_event("a", title="Mended"), an_entity("b"), dry_run=True)

    assert (["corrected", "corrected", "new"], 2) == (outcomes(would), would.position)
    assert before == contents(store)


def test_dry_run_says_what_the_load_then_does(store: Store) -> None:
    """The receipts and warnings of a dry run are those of the load that follows it."""
    load(store, a_source("old", published="2020"), a_source("new", published="2025"), an_event("a", sources=["new"]))
    documents = an_event("a", sources=["old"]), an_entity("b"), an_entity("b")

    would = load(store, *documents, dry_run=True)
    done = load(store, *documents)

    assert (would.receipts, would.warnings) == (done.receipts, done.warnings)


def test_digest_is_of_salt_and_payload(store: Store) -> None:
    """Every header's digest is SHA-256 of the salt followed by the payload, read back from the rows."""
    load(store, a_source("s"), an_entity("e"), an_event("a", sources=["s"]))

    with store.reading() as connection:
        rows = connection.execute(
            select(schema.record.c.digest, schema.payload.c.salt, schema.payload.c.payload).join(
                schema.payload, schema.payload.c.position == schema.record.c.position
            )
        ).all()
    assert [row.digest for row in rows] == [hashlib.sha256(row.salt + row.payload).digest() for row in rows]


def test_salts_differ(store: Store) -> None:
    """Equal documents have digests of their own, for each salt is 32 fresh random bytes."""
    load(store, an_entity("e", chronicle="one"), an_entity("e", chronicle="two"))

    with store.reading() as connection:
        salts = list(connection.execute(select(schema.payload.c.salt)).scalars())
    assert (2, {32}) == (len(set(salts)), set(map(len, salts)))


def test_type_stands_in_the_header_of_events_only(store: Store) -> None:
    """Only events have a type."""
    load(store, an_entity("e", type="person"), an_event("a", type="any.thing"))

    assert [None, "any.thing"] == column(store, "type")

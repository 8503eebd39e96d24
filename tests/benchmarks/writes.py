"""What recording costs beside the raw limit and beside others: one durable append, many writers, bulk."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from chronicle.service import Archive
from chronicle.store import schema
from chronicle.store.archive import Store
from tests.benchmarks import mariadb, peers, world
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure, Work, race

ROUNDS = 5
EACH = 100
WRITERS = 8
TABLES = ("record", "payload", "version", "report", "citation", "fact", "extent", "bound", "occurrence", "node")
SOURCE = {"kind": "source", "id": "source-0", "title": "Source", "published": "2020"}


def declared(scale: int) -> Iterator[world.Plain]:
    """What a world's facts are about, which it does not declare itself: so nothing is to be warned of."""
    for name in world.ATTRIBUTES:
        yield {"kind": "attribute", "id": name, "label": name}
    for number in range(world.subjects(scale)):
        yield {"kind": "entity", "id": world.subject(number), "label": f"Subject {number}"}


def write_lines(path: Path, scale: int) -> int:
    """A world as JSON Lines; the number of its documents."""
    count = 0
    with path.open("wb") as file:
        for plain in (*declared(scale), *(plain for plain, _ in world.documents(scale))):
            file.write(msgspec.json.encode(plain) + b"\n")
            count += 1
    return count


def an_event(number: int, name: str) -> world.Plain:
    """An event of one fact."""
    fact = {"subject": "subject", "attribute": "level", "value": number, "from": "2024-01-02"}
    event = {"type": "any.thing", "occurred": "2024-01-02", "title": f"Event {number}", "facts": [fact]}
    return {"id": f"{name}-{number}", **event, "sources": [{"source": "source-0"}]}


def single(place: Place, rounds: int = ROUNDS, each: int = EACH, server: mariadb.Server | None = None) -> list[Figure]:
    """Durable appends, one after the other: of a row by hand, of an event, and of an event by others."""
    raw_url, url = place.url(), place.url()
    raw = place.connect(raw_url)
    raw.execute("CREATE TABLE log (position integer PRIMARY KEY, payload text)")
    statement = f"INSERT INTO log VALUES ({place.mark}, {place.mark})"  # noqa: S608 - marks
    recorder = peers.recorder(place, place.url())
    is_measured = place.name == "sqlite" and peers.is_there(
        "sqlalchemy_continuum"
    )  # which knows one database a process
    versioned = peers.Versioned(place.url()) if is_measured else None
    with Archive.open(url) as archive:
        archive.append([SOURCE], chronicle=world.CHRONICLE)

        def by_hand(round_: int) -> None:
            for number in range(round_ * each, (round_ + 1) * each):
                raw.execute(statement, (number, "x" * 300))

        def ours(round_: int) -> None:
            for number in range(round_ * each, (round_ + 1) * each):
                archive.append([an_event(number, "one")], chronicle=world.CHRONICLE)

        def theirs(round_: int) -> None:
            for number in range(round_ * each, (round_ + 1) * each):
                recorder.insert_events([peers.stored(number, b"x" * 300)])

        contestants: dict[str, Work] = {"a row by hand": by_hand, "chronicle": ours, "eventsourcing": theirs}
        if versioned is not None:
            add = versioned.add

            def continuum(round_: int) -> None:
                for number in range(round_ * each, (round_ + 1) * each):
                    add(number, "x" * 300)

            contestants["sqlalchemy-continuum"] = continuum
        maria = mariadb.Events(server) if server is not None and place.name == "postgresql" else None
        if maria is not None:
            put = maria.put

            def system_versioned(round_: int) -> None:
                for number in range(round_ * each, (round_ + 1) * each):
                    put([(f"event-{number}", "x" * 300)])

            contestants["mariadb"] = system_versioned
        found = race("one durable append", place.name, 1, contestants, units=each, rounds=rounds)
        assert archive.position() == 1 + rounds * each
        assert () == archive.verify().findings
    if versioned is not None:
        assert rounds * each == versioned.count()
        versioned.close()
    if maria is not None:
        assert rounds * each == maria.count()
        maria.close()
    raw.close()
    return found


def crowd(place: Place, rounds: int = 3, each: int = EACH) -> list[Figure]:
    """Eight writers who wait for each answer, through the appender, beside one writer without it."""
    with Archive.open(place.url()) as archive, archive.appender() as appender, ThreadPoolExecutor(WRITERS) as pool:
        archive.append([SOURCE], chronicle=world.CHRONICLE)

        def one(round_: int) -> None:
            for number in range(each):
                archive.append([an_event(number, f"alone-{round_}")], chronicle=world.CHRONICLE)

        def eight(round_: int) -> None:
            def write(writer: int) -> None:
                for number in range(each // WRITERS):
                    name = f"crowd-{round_}-{writer}"
                    appender.append([an_event(number, name)], chronicle=world.CHRONICLE).result()

            list(pool.map(write, range(WRITERS)))

        def ahead(round_: int) -> None:
            def write(writer: int) -> None:
                name = f"ahead-{round_}-{writer}"
                events = [an_event(number, name) for number in range(each // WRITERS)]
                answers = [appender.append([event], chronicle=world.CHRONICLE) for event in events]
                for answer in answers:
                    answer.result()

            list(pool.map(write, range(WRITERS)))

        contestants = {"one writer": one, "eight, each waiting": eight, "eight, not waiting": ahead}
        units = each // WRITERS * WRITERS
        found = race("many writers", place.name, 1, contestants, units=units, rounds=rounds)
        assert () == archive.verify().findings
    return found


def bulk(
    place: Place, url: str, lines: Path, scale: int, *, rounds: int = 1, server: mariadb.Server | None = None
) -> list[Figure]:
    """A world of facts into the same tables and indexes: rows by hand, documents by `load`, and events by others.

    At `url` the lines are loaded already; the rows that are written by hand come from there.
    """
    if scale <= 10_000:
        with Archive.open(url, create=False) as archive:
            assert () == archive.verify().findings
    rows = _rows_of(url)

    def by_hand(_: int) -> None:
        target = place.url()
        Store.open(target, create=True).close()
        connection = place.connect(target)
        connection.execute("BEGIN")
        for table, own in rows.items():
            if own:
                place.insert(connection, table, len(own[0]), own)
        connection.execute("COMMIT")
        connection.close()

    def ours(_: int) -> None:
        with Archive.open(place.url()) as archive:
            archive.load(lines, chronicle=world.CHRONICLE, batch=10_000)

    count = len(rows["record"])
    events = [peers.stored(number, bytes(row[1])) for number, row in enumerate(rows["payload"])]

    def theirs(_: int) -> None:
        recorder = peers.recorder(place, place.url())
        for first in range(0, len(events), peers.AT_ONCE):
            recorder.insert_events(events[first : first + peers.AT_ONCE])

    contestants: dict[str, Work] = {
        "rows by hand": by_hand,
        "chronicle load": ours,
        "eventsourcing": theirs,
    }
    if place.name == "sqlite" and peers.is_there("duckdb"):
        contestants["duckdb, the same file"] = lambda _: peers.duckdb_load(lines, count)
    if server is not None and place.name == "postgresql":
        named = [
            (f"{kind} {id_}", bytes(content).decode())
            for (_, _, kind, id_, *_), (_, content, *_) in zip(rows["record"], rows["payload"], strict=True)
        ]

        def system_versioned(_: int) -> None:
            maria = mariadb.Events(server)
            for first in range(0, len(named), 10_000):
                maria.put(named[first : first + 10_000])
            assert len(dict(named)) == maria.count()
            maria.close()

        contestants["mariadb"] = system_versioned
    return race("bulk", place.name, scale, contestants, units=count, rounds=rounds)


def _rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of an archive, by table, in the order in which they were written."""
    store = Store.open(url, create=False)
    with store.reading() as connection:
        found = {}
        for name in TABLES:
            table = schema.metadata.tables[name]
            order = [table.c.position] if "position" in table.c else [table.c.level, table.c.number]
            found[name] = [tuple(row) for row in connection.execute(select(table).order_by(*order))]
    store.close()
    return found

"""What each of five sinks ended with, held against the log: ordered digests, and what was sent again."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nats
from nats.js.api import AckPolicy, ConsumerConfig
from sqlalchemy import Connection, inspect, text

from chronicle import Archive
from chronicle.errors import NoArchiveError
from chronicle.event.canonical import Header
from chronicle.feed.webhook import Webhook
from chronicle.projection.participants import Signatures
from chronicle.store.archive import Store
from tests.faults import ledger
from tests.faults.receivers import Delivery, delivery

HEADER = "SELECT position, chronicle, kind, id, version, type, recorded, recorded_by, digest FROM record"


def position_of(url: str) -> int:
    """Where a replica ends; 0 before it is one."""
    try:
        store = Store.open(url, create=False, check=False)
    except NoArchiveError:
        return 0
    try:
        with store.reading() as connection:
            if not inspect(connection).has_table("head"):
                return 0
            return int(connection.execute(text("SELECT position FROM head")).scalar_one())
    finally:
        store.close()


def table_position(url: str) -> int:
    """The position that the table of a replica has taken; 0 before there is one."""
    with Archive.open(url, create=False) as archive, archive.tables() as tables:
        return max((one.position for one in tables.standings() if one.status == "live"), default=0)


def compare(url: str, files: dict[str, Path], broker: str, replica: str, sender_kills: int) -> str:
    """Hold all against the log, and say what was found."""
    log = ledger.digest(_headers(url))
    for name in ("events", "stream"):
        assert log == ledger.digest(one[:2] for one in ledger.lines(files[name])), f"{name} is not the log"
    assert log == ledger.digest(_published(broker)), "the stream of the broker is not the log"
    assert log == ledger.digest(_headers(replica)), "the replica is not the log"
    again = Again()
    assert log == ledger.digest(again.firsts(files["hook"])), "the webhook was not sent the log"
    # Deliveries are noted by the batch; and what was on its way from a sender that is no more may come after the next.
    assert again.far <= 2 * sender_kills, "more was sent again than the record on its way, and no sender was killed"
    with Archive.open(url, create=False) as archive, archive.tables() as tables:
        tables.run(Signatures)
    rows, table = _table(url)
    assert (rows, table) == _table(replica), "the table of the replica is another"
    told = f"{again.near + again.far} times a webhook was sent again, {again.records} records in all"
    return f"all five have {log[1][:16]}; {rows} rows of the table are {table[:16]}; {told}"


class Again:
    """What a webhook was sent again: how often the record that was on its way, how often more than that, how many."""

    def __init__(self) -> None:
        self.near = self.far = self.records = 0

    def firsts(self, file: Path) -> Iterator[tuple[int, str]]:
        """The deliveries that were the first of their records."""
        reached, before = 0, 0
        known: deque[str] = deque(maxlen=Webhook.batch)
        for position, leaf, _ in ledger.lines(file):
            if position > reached:
                reached = position
                known.append(leaf)
                yield position, leaf
            else:
                back = reached - position
                assert back < Webhook.batch, f"{position} was sent again after {reached}"
                assert leaf == known[-1 - back], f"{position} was another when it was sent again"
                self.records += 1
                self.near += position == before
                self.far += position < before  # the rest of what is sent again follows
            before = position


def _headers(url: str) -> Iterator[tuple[int, str]]:
    """Positions and leaves, made from the headers that a database has."""
    store = Store.open(url, create=False)
    try:
        with store.reading() as connection:
            archive = connection.execute(text("SELECT archive FROM head")).scalar_one()
            for position, *columns in _streamed(connection, f"{HEADER} ORDER BY position"):
                yield position, Header(archive, *columns).leaf().hex()
    finally:
        store.close()


def _table(url: str) -> tuple[int, str]:
    """How many rows the table of agreements has, and a hash of them in an order of their own."""
    told, number = hashlib.sha256(), 0
    store = Store.open(url, create=False)
    try:
        with store.reading() as connection:
            order = ", ".join(Signatures.columns)
            for row in _streamed(connection, f"SELECT {order} FROM signatures ORDER BY {order}"):  # noqa: S608 - our own names
                told.update(f"{tuple(row)}\n".encode())
                number += 1
    finally:
        store.close()
    return number, told.hexdigest()


def _streamed(connection: Connection, query: str) -> Iterator[Any]:
    yield from connection.execution_options(yield_per=1_000).execute(text(query))


def _published(url: str) -> Iterator[tuple[int, str]]:
    """Positions and leaves of all that a broker's stream has, in its order."""
    with asyncio.Runner() as runner:
        client = runner.run(nats.connect(url))
        js = client.jetstream()
        left = runner.run(js.stream_info("CHRONICLE")).state.messages
        found = runner.run(js.pull_subscribe("", stream="CHRONICLE", config=ConsumerConfig(ack_policy=AckPolicy.NONE)))
        while left:
            some = runner.run(found.fetch(min(left, 1_000), timeout=60))
            left -= len(some)
            for one in some:
                told: Delivery = delivery.decode(one.data)
                yield told.data.position, told.data.leaf
        runner.run(client.close())

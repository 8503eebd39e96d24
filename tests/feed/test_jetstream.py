"""The log in a stream of a real NATS server, which is killed, emptied and taken over."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import nats
import pytest

from chronicle.errors import ConflictError, QuestionError
from chronicle.feed.filter import Filter
from chronicle.feed.jetstream import JetStream
from chronicle.feeding import Sinks
from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, an_event
from tests.feed.broker import Broker


def positions(broker: Broker) -> list[int]:
    """Of the records in the stream, in its order."""
    return [int(body["sequence"]) for _, _, body in broker.messages()]


def added(sinks: Sinks, broker: Broker, name: str = "bus", filter: Filter | None = None) -> None:  # noqa: A002
    """A sink that leads to the server."""
    sinks.add(name, broker.url, filter=filter)


def test_every_record_is_in_the_stream_once(archive: Archive, sinks: Sinks, broker: Broker) -> None:
    """In the order of the log, below a subject of chronicle, kind and type, each naming its cursor."""
    added(sinks, broker)
    sinks.run("bus")
    archive.append([an_event("e6")], chronicle=CHRONICLE)
    assert 0 == sinks.run("bus").behind

    assert [1, 2, 3, 4, 5, 6] == positions(broker)
    [record] = archive.follow(after=5, wait=False)
    subject, headers, _ = broker.messages()[-1]
    assert f"chronicle.{CHRONICLE}.event.{record.header.type}" == subject
    assert record.cursor.text == headers["Nats-Msg-Id"]


def test_what_was_sent_and_not_noted_is_not_sent_again(sinks: Sinks, broker: Broker) -> None:
    """A runner that ended before it noted its place finds it in the stream, however long ago that was."""
    added(sinks, broker)
    sinks.run("bus")
    sinks.remove("bus")
    added(sinks, broker)
    standing = sinks.run("bus")

    assert (5, 0) == (standing.position, standing.delivered)
    assert [1, 2, 3, 4, 5] == positions(broker)


def test_a_connection_that_is_reset_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The library leaves the error of its reader to nobody, whose traceback would be printed; any other error is."""
    channel = JetStream("nats://127.0.0.1:4222", "CHRONICLE", "chronicle")

    async def fail(error: Exception) -> None:
        raise error

    async def leave(error: Exception) -> None:
        left = asyncio.create_task(fail(error))
        await asyncio.wait([left])

    told = []
    for error in (ConnectionResetError(), ValueError()):
        channel._runner.run(leave(error))  # noqa: SLF001 - the loop in which the library leaves its tasks
        gc.collect()
        told.append("never retrieved" in caplog.text)
    channel.close()

    assert [False, True] == told


def test_a_server_that_is_killed(archive: Archive, sinks: Sinks, broker: Broker, clock: Clock) -> None:
    """The log waits for it and goes on where the stream ends; a failure to ask is tried for ever."""
    added(sinks, broker)
    sinks.run("bus")
    broker.kill()
    archive.append([an_event("e6")], chronicle=CHRONICLE)
    for attempt in range(1, 13):
        standing = sinks.run("bus")
        assert (min(attempt, 9), 5, ()) == (standing.attempts, standing.position, standing.dead)
        clock.now = standing.next
    broker.start()

    assert (6, 0) == (sinks.run("bus").position, sinks.standings("bus")[0].attempts)
    assert [1, 2, 3, 4, 5, 6] == positions(broker)


def test_a_server_that_lost_all(sinks: Sinks, broker: Broker, clock: Clock) -> None:
    """A stream that is made anew is filled from where the sink began."""
    added(sinks, broker)
    sinks.run("bus")
    broker.kill()
    broker.wipe()
    broker.start()
    clock.now += 1
    sinks.run("bus")

    assert [1, 2, 3, 4, 5] == positions(broker)


def test_what_is_not_wanted_is_passed_over(archive: Archive, sinks: Sinks, broker: Broker) -> None:
    """Only what a filter keeps is in the stream, and the next run begins after all that was looked at."""
    added(sinks, broker, filter=Filter(tags=("energy",)))
    archive.append([an_event("e6", tags=["energy"]), an_event("e7")], chronicle=CHRONICLE)
    assert 7 == sinks.run("bus").position

    assert [6] == positions(broker)


def test_a_stream_of_somebody_else(sinks: Sinks, broker: Broker) -> None:
    """Messages that are none of ours are left alone, and the sink says so."""

    async def publish() -> None:
        client = await nats.connect(broker.url)
        js = client.jetstream()
        await js.add_stream(name="CHRONICLE", subjects=["chronicle.>"])
        await js.publish("chronicle.x", b"{}")
        await client.close()

    asyncio.run(publish())
    added(sinks, broker)

    assert "none of ours" in str(sinks.run("bus").error)


def test_two_programs_do_not_send_the_same(archive: Archive, sinks: Sinks, broker: Broker, clock: Clock) -> None:
    """The second is refused while the first has the lease; once it has taken over, the first can note nothing."""
    added(sinks, broker)
    runner, other = sinks._sender, archive.sinks()  # noqa: SLF001 - a runner that is busy
    one = sinks._sink("bus")  # noqa: SLF001 - as above
    with runner._leased(one) as fence:  # noqa: SLF001 - as above
        with pytest.raises(ConflictError, match="another runner"):
            other.run("bus")
        clock.now += 61_000_000
        other.run("bus")
        with pytest.raises(ConflictError, match="taken over"):
            runner._note("bus", fence, archive_cursor(archive), 1)  # noqa: SLF001 - it wakes

    assert [1, 2, 3, 4, 5] == positions(broker)


def archive_cursor(archive: Archive) -> Any:
    """Where the log ends."""
    *_, last = archive.follow(wait=False)
    return last.cursor


@pytest.mark.parametrize(("stream", "prefix"), [("A.B", "chronicle"), ("A", "chronicle.>"), ("A", ""), ("A", "a b")])
def test_names_that_nats_would_not_take(sinks: Sinks, stream: str, prefix: str) -> None:
    """They are refused when the sink is put down."""
    with pytest.raises(QuestionError, match="are named with"):
        sinks.add("bus", "nats://127.0.0.1", stream=stream, prefix=prefix)

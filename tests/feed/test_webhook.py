"""Webhooks against a real server: what is sent, what is tried again, and when it is given up."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from chronicle.errors import QuestionError
from chronicle.feed import webhook
from chronicle.feed.filter import Filter
from chronicle.feed.schedule import DELAYS
from chronicle.feeding import Sinks
from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_retraction, an_event
from tests.feed.conftest import LOOPBACK
from tests.feed.receiver import OK, Answer, Receiver, receiving
from tests.web.issuing import a_certificate

FAILS: Answer = (500, {}, b"no")


def added(sinks: Sinks, receiver: Receiver, **more: Any) -> str:
    """A sink `desk` that leads to the receiver; its secret."""
    secret = sinks.add("desk", receiver.url, allow=LOOPBACK, **more)
    assert secret is not None
    return secret


def seconds_on(clock: Clock, seconds: float) -> None:
    """Time goes by."""
    clock.now += int(seconds * 1_000_000)


def test_every_record_comes_in_the_order_of_the_log(archive: Archive, sinks: Sinks, receiver: Receiver) -> None:
    """What is there and what comes later is sent once each, and the sink has no lag afterwards."""
    added(sinks, receiver)

    assert 0 == sinks.run("desk").behind
    archive.append([an_event("e6")], chronicle=CHRONICLE)
    standing = sinks.run("desk")

    assert [1, 2, 3, 4, 5, 6] == receiver.positions
    assert (6, 6, 0, 0) == (standing.position, standing.delivered, standing.seconds, standing.attempts)


def test_a_delivery_is_a_cloud_event(archive: Archive, sinks: Sinks, receiver: Receiver) -> None:
    """The record as CloudEvents 1.0, with a sequence that sorts as text, and an id that is its cursor."""
    added(sinks, receiver, after=4)
    sinks.run("desk")

    [(headers, body)] = receiver.requests
    told = msgspec.json.decode(body)
    [record] = archive.follow(after=4, wait=False)
    assert ("application/cloudevents+json", record.cursor.text) == (headers["content-type"], headers["webhook-id"])
    assert ("1.0", record.cursor.text, "00000000000000000005") == (told["specversion"], told["id"], told["sequence"])
    assert f"{CHRONICLE}/event/e5" == told["subject"]
    assert "e5" == told["data"]["document"]["id"]


def test_a_delivery_is_signed(sinks: Sinks, receiver: Receiver) -> None:
    """The library of Standard Webhooks accepts the signature, and no other body with it."""
    secret = added(sinks, receiver, after=4)
    sinks.run("desk")

    [(headers, body)] = receiver.requests
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    expected = Verifier(secret).sign(headers["webhook-id"], moment, body.decode())
    assert expected == headers["webhook-signature"]


def test_a_rotated_secret_signs_beside_the_old_one(
    archive: Archive, sinks: Sinks, receiver: Receiver, clock: Clock
) -> None:
    """For as long as they overlap a receiver may have either; then the old one is of no use."""
    added(sinks, receiver, after=4)
    sinks.run("desk")
    sinks.rotate("desk", overlap=3600)
    archive.append([an_event("e6")], chronicle=CHRONICLE)
    sinks.run("desk")
    seconds_on(clock, 3601)
    archive.append([an_event("e7")], chronicle=CHRONICLE)
    sinks.run("desk")

    assert [1, 2, 1] == [len(headers["webhook-signature"].split()) for headers, _ in receiver.requests]


def test_what_fails_is_tried_again_in_its_time(sinks: Sinks, receiver: Receiver, clock: Clock) -> None:
    """A record that fails holds up those after it; not before five seconds have gone it is sent again, then all."""
    added(sinks, receiver)
    receiver.answers = [OK, FAILS]

    failed = sinks.run("desk")
    assert (1, 1, "answered 500 Internal Server Error") == (failed.position, failed.attempts, failed.error)
    seconds_on(clock, 4.9)
    sinks.run("desk")
    assert [1, 2] == receiver.positions
    seconds_on(clock, 0.1)
    well = sinks.run("desk")

    assert [1, 2, 2, 3, 4, 5] == receiver.positions
    assert (5, 0, None) == (well.position, well.attempts, well.error)


def test_the_schedule_to_its_end(sinks: Sinks, receiver: Receiver, clock: Clock) -> None:
    """Ten attempts over some 75 hours; then the record is a dead letter, and those after it are sent."""
    added(sinks, receiver, after=3)
    receiver.answers = [*[FAILS] * len(DELAYS)]
    for delay in DELAYS:
        seconds_on(clock, delay)
        sinks.run("desk")
    assert [4] * 10 == receiver.positions

    standing = sinks.run("desk")
    assert [4] * 10 + [5] == receiver.positions
    assert [{"position": 4, "attempts": 10, "error": "answered 500 Internal Server Error"}] == list(standing.dead)
    assert 75 * 3600 < sum(DELAYS) < 76 * 3600


def test_dead_letters_are_replayed(sinks: Sinks, receiver: Receiver, clock: Clock) -> None:
    """Once the other side is well, what was given up is sent, in order, and is dead no more."""
    added(sinks, receiver, after=3)
    receiver.answers = [*[FAILS] * 2 * len(DELAYS)]
    for delay in DELAYS * 2:
        seconds_on(clock, delay)
        sinks.run("desk")
    receiver.answers, receiver.requests = [OK, FAILS], []

    assert (1, 1) == (sinks.replay("desk"), len(sinks.standings("desk")[0].dead))
    assert (1, 0) == (sinks.replay("desk"), len(sinks.standings("desk")[0].dead))
    assert [4, 5, 5] == receiver.positions


def test_an_endpoint_that_is_gone(sinks: Sinks, receiver: Receiver, clock: Clock) -> None:
    """410 stops the sink; resumed, it goes on with the same record."""
    added(sinks, receiver, after=4)
    receiver.answers = [(410, {}, b"")]

    assert "disabled" == sinks.run("desk").status
    seconds_on(clock, 10_000_000)
    sinks.run("desk")
    assert [5] == receiver.positions
    sinks.resume("desk")
    sinks.run("desk")
    assert [5, 5] == receiver.positions


@pytest.mark.parametrize("header", ["3600", "Sun, 01 Mar 2026 01:00:00 GMT"])
def test_an_endpoint_that_asks_for_time(sinks: Sinks, receiver: Receiver, clock: Clock, header: str) -> None:
    """Retry-After, in seconds or as a date, puts the next attempt off."""
    clock.set("2026-03-01")
    added(sinks, receiver, after=4)
    receiver.answers = [(429, {"retry-after": header}, b"")]
    standing = sinks.run("desk")

    assert 3600 == (standing.next - clock.now) // 1_000_000


def test_a_redirect_is_not_followed(sinks: Sinks, receiver: Receiver) -> None:
    """Where an endpoint points to is not where the operator pointed to."""
    added(sinks, receiver, after=4)
    receiver.answers = [(301, {"location": receiver.url}, b"")]

    assert "answered 301 Moved Permanently" == sinks.run("desk").error
    assert 1 == len(receiver.requests)


def test_a_long_answer_is_not_read_to_its_end(sinks: Sinks, receiver: Receiver) -> None:
    """The delivery counts by its status, and the connection is not used again."""
    added(sinks, receiver, after=3)
    receiver.answers = [(200, {}, b"x" * 1_000_000)]

    assert 0 == sinks.run("desk").behind
    assert [4, 5] == receiver.positions


def drip(handler: Any) -> None:
    """Answer a byte now and then, without end."""
    handler.close_connection = True
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        while True:
            threading.Event().wait(0.02)
            handler.wfile.write(b"x")


def test_an_endpoint_that_never_answers(sinks: Sinks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is hung up on, also if it sends a byte now and then."""
    monkeypatch.setattr(webhook, "PATIENCE", 0.2)
    added(sinks, receiver, after=4)

    receiver.answers = [drip]
    assert "no answer within 0.2 s" == sinks.run("desk").error


def test_an_endpoint_that_falls_silent(sinks: Sinks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a connection that was used before, too, patience is for the delivery as a whole: it is not tried anew."""
    monkeypatch.setattr(webhook, "PATIENCE", 0.2)
    added(sinks, receiver, after=3)

    def hush(handler: Any) -> None:
        handler.close_connection = True
        with suppress(OSError):
            handler.rfile.read(1)

    receiver.answers = [OK, hush, drip]
    standing = sinks.run("desk")

    assert (4, "no answer within 0.2 s") == (standing.position, standing.error)
    assert [4, 5] == receiver.positions


@pytest.mark.parametrize(("trusted", "position"), [(True, 5), (False, 3)])
def test_an_endpoint_over_tls(
    sinks: Sinks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, trusted: bool, position: int
) -> None:
    """It is sent to if the system trusts its certificate; else nothing is said to it, and the failure says why."""
    certificate = a_certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with receiving(certificate) as receiver:
        added(sinks, receiver, after=3)
        standing = sinks.run("desk")

    assert (position, [4, 5][: position - 3]) == (standing.position, receiver.positions)
    assert trusted or "certificate verify failed" in str(standing.error)


def test_an_endpoint_that_is_not_there(sinks: Sinks) -> None:
    """A port where nobody listens is a failure like any other."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sinks.add("desk", f"http://127.0.0.1:{taken.getsockname()[1]}/", allow=LOOPBACK)
    standing = sinks.run("desk")

    assert (1, 0) == (standing.attempts, standing.position)
    assert "refused" in str(standing.error)


def test_what_is_not_wanted_is_passed_over(archive: Archive, sinks: Sinks, receiver: Receiver) -> None:
    """A filter keeps what it names, and the place in the log goes on past the rest; ends of documents always come."""
    added(sinks, receiver, filter=Filter(tags=("energy",)))
    archive.append([an_event("e6", tags=["energy"]), a_retraction("e1")], chronicle=CHRONICLE)
    standing = sinks.run("desk")

    assert [6, 7] == receiver.positions
    assert (7, 2) == (standing.position, standing.delivered)


def test_a_paused_sink_keeps_its_place(archive: Archive, sinks: Sinks, receiver: Receiver) -> None:
    """Nothing is sent while it is paused, and all of it afterwards."""
    added(sinks, receiver, after=5)
    sinks.pause("desk")
    archive.append([an_event("e6")], chronicle=CHRONICLE)
    assert (1, []) == (sinks.run("desk").behind, receiver.positions)

    sinks.resume("desk")
    assert (0, [6]) == (sinks.run("desk").behind, receiver.positions)


def test_a_sink_is_sent_the_log_again(sinks: Sinks, receiver: Receiver) -> None:
    """From a position on, whatever it has."""
    added(sinks, receiver)
    sinks.run("desk")
    sinks.rewind("desk", 3)
    sinks.run("desk")

    assert [1, 2, 3, 4, 5, 4, 5] == receiver.positions


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "https://", "https://user:word@example.org/", "https://example.org:x/", "https://é.org/"],
)
def test_a_url_that_is_none(sinks: Sinks, url: str) -> None:
    """It is refused when the sink is put down."""
    with pytest.raises(QuestionError, match="URL of a webhook"):
        sinks.add("desk", url)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "AAAA" * 10, "whsec_" + "AAAA" * 40, "whsec_é"])
def test_a_secret_that_is_none(sinks: Sinks, secret: str) -> None:
    """One that is too short, too long or no secret is refused, and not repeated."""
    with pytest.raises(QuestionError, match="a secret is whsec_") as refused:
        sinks.add("desk", "https://example.org/", secret=secret)
    assert len(secret) < 8 or secret not in str(refused.value)


def test_a_name_that_is_taken(sinks: Sinks) -> None:
    """Another sink does not take the place of one."""
    sinks.add("desk", "https://example.org/")
    with pytest.raises(QuestionError, match="already"):
        sinks.add("desk", "https://example.org/other")


def test_a_sink_that_lacks_nothing_is_left_alone(archive: Archive, sinks: Sinks, receiver: Receiver) -> None:
    """Whoever follows the log takes the lease once for what is there, and not again while there is nothing new."""

    class After(threading.Event):
        """Set once it was waited for so often."""

        left = 50

        def wait(self, timeout: float | None = None) -> bool:  # noqa: ARG002 - nobody waits here
            self.left -= 1
            if self.left <= 0:
                self.set()
            return super().wait(0.001)

    added(sinks, receiver)
    sinks.follow(stop=After())

    assert [1, 2, 3, 4, 5] == receiver.positions
    assert 1 == sinks._sink("desk").fence  # noqa: SLF001 - how often it was leased
    archive.append([an_event("e6")], chronicle=CHRONICLE)
    sinks.follow(stop=After())
    assert [1, 2, 3, 4, 5, 6] == receiver.positions

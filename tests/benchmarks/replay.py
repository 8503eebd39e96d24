"""What it costs to read the log again, as typed events and in its order."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from eventsourcing.domain import DomainEvent
from eventsourcing.persistence import DatetimeAsISO, JSONTranscoder, Mapper, UUIDAsHex

from chronicle.event.canonical import decode_document
from chronicle.event.model import Event
from chronicle.service import Archive
from tests.benchmarks import peers
from tests.benchmarks.places import Place
from tests.benchmarks.race import Figure, race


class Stated(msgspec.Struct):
    """A fact, as far as anybody reads it who does not care how values are made."""

    subject: str
    attribute: str
    value: Any = None


class Told(msgspec.Struct):
    """An event with the fields that a world's events have, and none of ours."""

    id: str
    type: str = ""
    occurred: str = ""
    title: str = ""
    facts: list[Stated] = []


@dataclass(frozen=True)  # which its own metaclass makes it, and type checkers do not see
class Happened(DomainEvent):
    """The same as the other library has it."""

    id: str
    occurred: str
    title: str
    subject: str
    attribute: str
    value: str


def replay(place: Place, url: str, scale: int, rounds: int = 3) -> list[Figure]:
    """All events of a world that is loaded at `url`: by hand, by `follow`, and by the notification log of others.

    By hand they become the same types as they are ours, retractions among them, or the five fields that a world's have.
    """
    decode = msgspec.json.Decoder(Told).decode
    mapper, recorder = _mapper(), peers.recorder(place, place.url())
    with Archive.open(url, create=False) as archive:
        raw = place.connect(url)
        query = "SELECT payload FROM payload JOIN record USING (position) WHERE kind = 'event' ORDER BY position"
        events = raw.execute(query).fetchall()
        written = [_happened(number, decode(bytes(content))) for number, (content,) in enumerate(events)]
        for first in range(0, len(written), peers.AT_ONCE):
            recorder.insert_events([mapper.to_stored_event(one) for one in written[first : first + peers.AT_ONCE]])

        def by_hand(_: int) -> int:
            return sum(1 for (content,) in raw.execute(query) if decode_document("event", content).id)

        def some_by_hand(_: int) -> int:
            return sum(1 for (content,) in raw.execute(query) if decode(content).id)

        def ours(_: int) -> int:
            found = archive.follow(after=0, wait=False)
            return sum(1 for one in found if one.header.kind == "event" and one.document.id)

        def theirs(_: int) -> int:
            count, first = 0, 1
            while page := recorder.select_notifications(first, 1_000):
                count += sum(1 for one in page if mapper.to_domain_event(one).id)
                first = page[-1].id + 1
            return count

        assert len(events) == by_hand(0) == some_by_hand(0) == ours(0) == theirs(0)
        assert any(isinstance(one.document, Event) for one in archive.follow(after=0, wait=False))
        contestants = {
            "payloads by hand": by_hand,
            "payloads by hand, five fields": some_by_hand,
            "chronicle follow": ours,
            "eventsourcing": theirs,
        }
        found = race("replay", place.name, scale, contestants, units=len(events), rounds=rounds)
        raw.close()
    return found


def _mapper() -> Any:
    transcoder = JSONTranscoder()
    for one in (UUIDAsHex(), DatetimeAsISO()):
        transcoder.register(one)
    return Mapper(transcoder)


def _happened(number: int, told: Told) -> Any:
    fact = told.facts[0] if told.facts else Stated("", "")
    return Happened(
        originator_id=uuid.UUID(int=number),
        originator_version=1,
        timestamp=datetime(2026, 1, 1, tzinfo=UTC),
        id=told.id,
        occurred=told.occurred,
        title=told.title,
        subject=fact.subject,
        attribute=fact.attribute,
        value=str(fact.value),
    )

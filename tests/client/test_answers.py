from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from chronicle.client import AsyncClient, Client
from chronicle.errors import ConflictError, QuestionError, RefusedError, UnknownError
from chronicle.event.model import Event
from chronicle.event.value import Number, Quantity
from chronicle.proof.key import Verifier
from chronicle.service import Archive
from tests.builders import a_fact, an_event
from tests.client.between import Between

BASIS: Any = {"as_of": "2026-03-01", "position": 69}


def told(answer: Any) -> Any:
    """An answer as plain values, with its numbers as written."""
    return msgspec.json.decode(msgspec.json.encode(answer))


def test_a_state_is_that_of_the_archive(client: Client, archive: Archive) -> None:
    """Every row, value, time and source comes back as the archive has it."""
    ours, theirs = archive.state(**BASIS), client.state(**BASIS)

    assert ours.basis.as_json().items() <= told(theirs.basis).items()
    assert [(one.fact.subject, one.fact.attribute, one.value, one.event.id) for one in ours.facts] == [
        (one.subject, one.attribute, one.value, one.event) for one in theirs.facts
    ]
    for row, fact in zip(told([one.as_json() for one in ours.facts]), told(theirs.facts), strict=True):
        assert row.items() <= fact.items()


def test_dimensions_and_bounds_are_sent(client: Client, archive: Archive) -> None:
    """A question that narrows is the same question at the other end."""
    asked: Any = {"subject": "azerbaijan", "attribute": "trade-turnover", "dimensions": {"partner": "usa"}, **BASIS}

    assert [one.value for one in archive.state(**asked).facts] == [one.value for one in client.state(**asked).facts]
    assert 1 == len(client.state(**asked).facts)


def test_histories_changes_and_conflicts_are_those_of_the_archive(client: Client, archive: Archive) -> None:
    """The other questions about facts are answered alike."""
    history = client.history("president", "holder", chronicle="us-executive")
    diff = client.diff("2021-01-19", "2021-01-20", chronicle="us-executive")
    conflicts = client.conflicts(as_of="1973-05-01")

    ours = archive.history("president", "holder", chronicle="us-executive")
    assert [one.held.values for one in ours.segments] == [one.values for one in history.histories[0].segments]
    assert told([one.as_json()["caused_by"] for one in archive.diff("2021-01-19", "2021-01-20").changes]) == [
        list(one.caused_by) for one in diff.changes
    ]
    assert [one.winner.event.id for one in archive.conflicts(as_of="1973-05-01").conflicts] == [
        one.winner.event for one in conflicts.conflicts
    ]


def test_a_history_comes_in_parts(client: Client) -> None:
    """Each says where the next begins; together they have every segment once."""
    [whole] = client.history("president", "holder", chronicle="us-executive").histories
    told, after = [], None
    while True:
        part = client.history("president", "holder", chronicle="us-executive", limit=4, after=after)
        told += [segment for one in part.histories for segment in one.segments]
        if (after := part.next) is None:
            break
    assert list(whole.segments) == told
    assert len(told) > 4


def test_events_hits_and_documents_are_those_of_the_archive(client: Client, archive: Archive) -> None:
    """What is listed is listed alike."""
    events = client.events(chronicle="azerbaijan-us", type="agreement", as_of="2026-03-01")
    hits = client.search("corridor gas")
    entities = client.documents("entity", chronicle="azerbaijan-us", limit=3)

    ours = archive.events(chronicle="azerbaijan-us", type="agreement", as_of="2026-03-01")
    assert [(one.event.id, str(one.status)) for one in ours.events] == [(one.id, one.status) for one in events.events]
    assert [one.record.header.id for one in archive.search("corridor gas").results] == [one.id for one in hits.results]
    assert [one.header.id for one in archive.documents("entity", chronicle="azerbaijan-us", limit=3)] == [
        one.id for one in entities.documents
    ]
    assert entities.next is not None


def test_records_have_the_documents_of_the_log(client: Client, archive: Archive) -> None:
    """A record's document is the model that the archive has, with the digits of its numbers."""
    ours, theirs = list(archive.follow(wait=False)), list(client.log())

    assert [(one.position, one.document, one.cursor.text) for one in ours] == [
        (one.position, one.document, one.cursor) for one in theirs
    ]
    assert [one.document for one in archive.show("trade-2025")] == [
        one.document for one in client.show("trade-2025").versions
    ]


def test_a_report_is_text_or_bytes(client: Client, archive: Archive) -> None:
    """Text comes as text, a file as bytes."""
    order: Any = {"as_of": "2026-03-01", "position": 69}

    assert archive.report("azerbaijan-us", format="md", **order) == client.report("azerbaijan-us", format="md", **order)
    assert isinstance(client.report("azerbaijan-us", format="docx", **order), bytes)


def test_proofs_hold_against_a_key_from_elsewhere(client: Client, archive: Archive) -> None:
    """Inclusion, consistency and a checkpoint are checked with the key that the archive names."""
    verifier: Verifier = archive.verifier()

    assert archive.position() == client.prove("trade-2025").check([verifier]).size
    assert archive.position() == client.prove_since(5).check([verifier]).size
    assert archive.position() == client.checkpoint(verifier)[0].size


def test_problems_are_the_errors_of_the_archive(client: Client) -> None:
    """What the server refuses is raised as the archive raises it, with what belongs to it."""
    with pytest.raises(QuestionError, match="1994-13"):
        client.state(as_of="1994-13")
    with pytest.raises(UnknownError, match="nowhere"):
        client.show("nowhere")
    with pytest.raises(RefusedError) as refused:
        client.append([an_event("e", occurred="2025-13")], chronicle="c")
    with pytest.raises(ConflictError) as conflict:
        client.append([an_event("e")], chronicle="c", expected=3)

    assert ["date"] == [one.code for one in refused.value.problems if one.is_error]
    assert "position" == conflict.value.code


def test_numbers_are_appended_with_their_digits(client: Client) -> None:
    """A Decimal is sent as the number it is; a model as its document."""
    amount = {"amount": Decimal("1.50"), "unit": "USD"}
    event = msgspec.convert({"id": "model", "type": "a.b", "occurred": "2025", "title": "A model"}, type=Event)
    appended = client.append([an_event("digits", a_fact(amount)), event], chronicle="digits")

    assert ["new", "new"] == [one.outcome for one in appended.receipts]
    values = [one.value for one in client.state(as_of="2026", chronicle="digits").facts]
    assert [Quantity(Number("1.50", quoted=False), "USD")] == values


def test_both_clients_ask_alike(line: Between) -> None:
    """The client for asyncio answers as the one that blocks does."""

    async def asked() -> list[Any]:
        async with AsyncClient(line.base) as client:
            found = [record.cursor async for record in client.log(after=60)]
            return [await client.state(**BASIS), await client.search("gas"), found]

    with Client(line.base) as client:
        blocking = [client.state(**BASIS), client.search("gas"), [record.cursor for record in client.log(after=60)]]

    assert told(blocking) == told(asyncio.run(asked()))


def test_a_long_state_comes_in_parts(client: Client) -> None:
    """With the same basis they are the whole."""
    whole = client.state(**BASIS)
    first = client.state(**BASIS, limit=3)
    rest = client.state(**BASIS, after=first.next)

    assert (3, None) == (len(first.facts), whole.next)
    assert whole.facts == first.facts + rest.facts


def test_many_events_come_in_parts(client: Client) -> None:
    """Likewise."""
    whole = client.events(**BASIS)
    first = client.events(**BASIS, limit=3)
    rest = client.events(**BASIS, after=first.next)

    assert (3, None) == (len(first.events), whole.next)
    assert whole.events == first.events + rest.events

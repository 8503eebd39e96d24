"""The curated chronicle says what its source says: every figure, with its place, and no more certainty than it has."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from chronicle.event.model import Event
from chronicle.service import Archive
from tests.builders import Clock
from tests.project.checkout import ROOT

PARAGRAPHS = range(2, 15)
"""Those of the source that say something dated, or something that can be dated by the day it was published."""


@pytest.fixture(scope="module")
def curated() -> Iterator[Archive]:
    """The chronicle in an archive."""
    with Archive.open("sqlite://", recorded_by="tester", now=Clock("2026-03-01")) as archive:
        archive.load(str(ROOT / "events" / "azerbaijan-us"))
        yield archive


def events(archive: Archive) -> list[Event]:
    """All events."""
    return [one.event for one in archive.events(as_of="2026-03-01").events]


def test_every_fact_says_where_it_is_written(curated: Archive) -> None:
    """Each cites a source with a locator, and so does each event."""
    for event in events(curated):
        assert event.sources
        for citation in [*event.sources, *(one for fact in event.facts for one in fact.sources or event.sources)]:
            assert citation.locator


def test_every_paragraph_is_used(curated: Archive) -> None:
    """Each paragraph of the source that states something stands behind some event."""
    located = " ".join(citation.locator or "" for event in events(curated) for citation in event.sources)
    assert set(PARAGRAPHS) <= set(map(int, re.findall(r"\d+", located)))


@pytest.mark.parametrize(
    ("attribute", "as_of", "value"),
    [
        ("trade-turnover", "2025-12-31", {"amount": "1.55e9", "unit": "USD"}),
        ("imports", "2025-12-31", {"amount": "1.49e9", "unit": "USD"}),
        ("exports", "2025-12-31", {"amount": "61.8e6", "unit": "USD"}),
        ("trade-share", "2025-12-31", {"amount": "3.15", "unit": "%"}),
        ("foreign-trade-turnover", "2025-12-31", {"amount": "49.4e9", "unit": "USD"}),
        ("fdi-inflow", "2025-09-30", {"amount": "133e6", "unit": "USD", "qualifier": "more-than"}),
        ("fdi-inflow-growth", "2025-09-30", {"amount": "30", "unit": "%"}),
        ("fdi-outflow", "2025-09-30", {"amount": "117e6", "unit": "USD"}),
        ("fdi-outflow-growth-factor", "2025-09-30", {"amount": "2.5", "unit": "times"}),
        ("gas-export-destinations", "2026-02-24", 16),
        ("us-companies-operating", "2026-02-24", {"amount": "200", "unit": "companies", "qualifier": "more-than"}),
        ("renewable-capacity-target", "2026-02-24", {"low": 7, "high": 8, "unit": "GW"}),
    ],
)
def test_figures(curated: Archive, attribute: str, as_of: str, value: object) -> None:
    """Every figure of the source holds from the day it is of, certainly, and is not known before it was published."""
    [fact] = curated.state(as_of=as_of, attribute=attribute).facts
    assert value == fact.value.written()
    assert fact.row.certain
    assert () == curated.state(as_of=as_of, attribute=attribute, known="2026-02-23").facts


def test_plans_have_no_invented_dates(curated: Archive) -> None:
    """The source gives no year for the plan, so it is never overdue."""
    assert {"happened"} == {str(one.status) for one in curated.events(as_of="2100", type="plan").events}


@pytest.mark.parametrize(
    ("event", "relation", "other"),
    [
        ("contract-of-the-century", "led-to", "cooperation-fields-2026"),
        ("charter-2026", "builds-on", "contract-of-the-century"),
        ("digital-hub-2026", "part-of", "orr-statement-2026"),
        ("cashless-payments-2026", "part-of", "digital-economy-2026"),
    ],
)
def test_relations(curated: Archive, event: str, relation: str, other: str) -> None:
    """What the source relates is related, and every related event is there."""
    by_id = {one.id: one for one in events(curated)}
    assert (relation, other) in [(one.relation, one.event) for one in by_id[event].related]
    assert {one.event for each in by_id.values() for one in each.related} <= by_id.keys()

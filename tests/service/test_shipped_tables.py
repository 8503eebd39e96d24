"""The tables of the projections that come with Chronicle, as SQL sees them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from chronicle import Archive, Projection
from chronicle.event.canonical import to_plain
from chronicle.event.value import with_numbers
from chronicle.projection.shipped import SHIPPED
from tests.builders import IN_MEMORY
from tests.project.checkout import ROOT

CURATED = "azerbaijan-us"


@pytest.fixture
def archive(url_on_disk: str) -> Iterator[Archive]:
    """An empty archive that others can reach."""
    with Archive.open(url_on_disk) as archive:
        yield archive


def rows(archive: Archive, query: str) -> list[tuple[Any, ...]]:
    """What somebody sees who knows only the database; amounts as their digits, which is how SQLite has them."""
    with archive._store.reader.connect() as connection:  # noqa: SLF001 - as somebody else would
        return [tuple(map(_plain, row)) for row in connection.execute(text(query))]


def _plain(cell: Any) -> Any:
    return f"{cell.normalize():f}" if isinstance(cell, Decimal) else cell


def batches() -> Iterator[list[dict[str, Any]]]:
    """The curated chronicle a few documents at a time, the events last and in the reverse of their order."""
    with Archive.open(IN_MEMORY) as archive:
        archive.load(ROOT / "events" / CURATED)
        plain = [
            with_numbers({"kind": one.header.kind, **to_plain(one.document)}, Decimal)
            for one in archive.follow(wait=False)
        ]
    events = [one for one in plain if one["kind"] == "event"]
    yield [one for one in plain if one["kind"] != "event"]
    for end in range(len(events), 0, -5):
        yield events[max(0, end - 5) : end][::-1]


@pytest.mark.parametrize("projection", SHIPPED.values(), ids=SHIPPED)
def test_a_table_says_what_the_state_as_of_the_end_says(archive: Archive, projection: type[Projection]) -> None:
    """Row for row, though every event came later than those that occurred after it; only `open` is the table's own."""
    with archive.tables() as tables:
        for some in batches():
            archive.append(some, chronicle=CURATED)
            tables.run(projection)
        tables.check(projection)

    expected = [
        tuple("open" if name == "status" else _plain(cell) for name, cell in row.items())
        for row in archive.project(projection, as_of="9999").rows()
    ]
    assert sorted(expected, key=repr) == sorted(
        rows(archive, f"SELECT * FROM {projection.name}"),  # noqa: S608 - a name of ours
        key=repr,
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT partner, period, balance, share_percent, stated_share_percent FROM trade_balance",
            [("usa", "2025", Decimal(-1_428_200_000), Decimal("3.14"), Decimal("3.15"))],
        ),
        (
            "SELECT inflow, inflow_qualifier, outflow, inflow_stated_growth_percent FROM investment_flows",
            [(Decimal(133_000_000), "more-than", Decimal(117_000_000), Decimal(30))],
        ),
        ("SELECT count(*) FROM investment_stocks", [(0,)]),
        (
            "SELECT event, value, due, status FROM commitments WHERE attribute = 'renewable-capacity-target'",
            [("renewables-plan-2026", "7 to 8 GW", "unknown", "open")],
        ),
        (
            "SELECT entity, role FROM signatures WHERE role = 'signatory' ORDER BY 1",
            [
                ("ilham-aliyev", "signatory"),
                ("jd-vance", "signatory"),
            ],
        ),
        ("SELECT events, signed FROM participants WHERE entity = 'azerbaijan'", [(15, 2)]),
        ("SELECT event FROM participations WHERE entity = 'visa'", [("cashless-payments-2026",)]),
        ("SELECT events FROM event_counts WHERE year = '2026' AND type = 'situation.reported'", [(9,)]),
        ("SELECT source, events, facts, facts_alone FROM source_coverage", [("trend-2026-02-24", 16, 57, 57)]),
    ],
    ids=lambda one: one.split(" FROM ")[1].split(maxsplit=1)[0] if isinstance(one, str) else "",
)
def test_tables_of_the_curated_chronicle(archive: Archive, query: str, expected: list[tuple[Any, ...]]) -> None:
    """What is in them can be read in its files."""
    archive.load(ROOT / "events" / CURATED)
    with archive.tables() as tables:
        tables.run(SHIPPED[query.split(" FROM ")[1].split(maxsplit=1)[0]])

    expected = [tuple(map(_plain, row)) for row in expected]
    assert expected == rows(archive, query)

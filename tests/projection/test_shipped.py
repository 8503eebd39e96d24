"""What the projections that come with Chronicle say of the curated chronicle, and of cases it does not have."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from chronicle import Archive
from chronicle.projection.shipped import SHIPPED
from tests.builders import IN_MEMORY, a_fact, a_source, an_archive, an_event
from tests.project.checkout import ROOT


@pytest.fixture(scope="module")
def curated() -> Iterator[Archive]:
    """The first chronicle."""
    with Archive.open(IN_MEMORY) as archive:
        archive.load(ROOT / "events" / "azerbaijan-us")
        yield archive


def rows(archive: Archive, name: str, *columns: str, **bounds: Any) -> list[tuple[Any, ...]]:
    """Some columns of a projection's rows."""
    return [tuple(row[column] for column in columns) for row in archive.project(SHIPPED[name], **bounds).rows()]


def test_trade_of_the_curated_chronicle(curated: Archive) -> None:
    """The balance and the share are computed, and name the facts they come from."""
    [row] = curated.project(SHIPPED["trade_balance"], as_of="2026-03-01").rows()

    assert {
        "chronicle": "azerbaijan-us",
        "subject": "azerbaijan",
        "partner": "usa",
        "period": "2025",
        "unit": "USD",
        "exports": Decimal(61_800_000),
        "imports": Decimal(1_490_000_000),
        "turnover": Decimal(1_550_000_000),
        "balance": Decimal(-1_428_200_000),
        "share_percent": Decimal("3.14"),
        "exports_growth_percent": None,
        "imports_growth_percent": None,
        "turnover_growth_percent": None,
        "facts": "trade-2025#3 trade-2025#2 trade-2025#1 trade-2025#5",
    } == row


def test_a_year_that_is_not_over_has_no_figures(curated: Archive) -> None:
    """A statistic is in the state when its period ends."""
    assert [] == rows(curated, "trade_balance", "period", as_of="2025-06")


def test_nothing_is_computed_from_a_qualified_amount(curated: Archive) -> None:
    """More than 133 million less 117 million is no number."""
    columns = ("inflow", "inflow_qualifier", "outflow", "net", "facts")

    assert [
        (Decimal(133_000_000), "more-than", Decimal(117_000_000), None, "investment-2025#1 investment-2025#3")
    ] == rows(curated, "investment_flows", *columns, as_of="2026")


def test_plans_of_the_curated_chronicle(curated: Archive) -> None:
    """Without a date a plan is never overdue."""
    assert [("7 to 8 GW", "unknown", "planned")] == rows(
        curated, "commitments", "value", "due", "status", as_of="2040"
    )[:1]
    assert [] == rows(curated, "commitments", "event", as_of="2026-02-23")


def test_who_signed_the_charter(curated: Archive) -> None:
    """Parties and signatories, each with its role."""
    found = rows(curated, "participants", "event", "entity", "role", as_of="2026-03")

    assert [
        ("charter-2026", "azerbaijan", "party"),
        ("charter-2026", "ilham-aliyev", "signatory"),
        ("charter-2026", "jd-vance", "signatory"),
        ("charter-2026", "usa", "party"),
    ] == sorted(row for row in found if row[0] == "charter-2026")


def test_counts_of_the_curated_chronicle(curated: Archive) -> None:
    """By type and year, as far as had come by the date."""
    counted = ("type", "year", "events")

    assert [("agreement.signed", "1994", 1)] == rows(curated, "event_counts", *counted, as_of="2000")
    assert ("agreement.signed", "2026", 1) in rows(curated, "event_counts", *counted, as_of="2026-03")


def test_all_of_the_curated_chronicle_rests_on_its_source(curated: Archive) -> None:
    """Every event and every fact."""
    assert [("trend-2026-02-24", 16, 57)] == rows(
        curated, "source_coverage", "source", "events", "facts", as_of="2026-03"
    )


def a_trade(year: str, exports: str, imports: str, unit: str = "USD", **more: Any) -> dict[str, Any]:
    """Exports to and imports from a partner in a period."""
    facts = [
        a_fact({"amount": amount, "unit": unit}, attribute=attribute, dimensions={"partner": "p"}, period=year)
        for attribute, amount in (("exports", exports), ("imports", imports))
    ]
    return an_event(f"trade-{unit}-{year.replace('/', '-')}", *facts, occurred=year, type="statistic.reported", **more)


def test_growth_is_on_the_same_period_of_the_year_before() -> None:
    """Not on a period of another shape, nor on another unit."""
    documents = (
        a_trade("2023", "100", "0"),
        a_trade("2024", "110", "300"),
        a_trade("2024-01/2024-09", "70", "90"),
        a_trade("2025-01/2025-09", "105.5", "91"),
        a_trade("2025", "55", "30", unit="EUR"),
    )
    with an_archive(*documents) as archive:
        found = rows(archive, "trade_balance", "period", "unit", "exports_growth_percent", "imports_growth_percent")

    assert [
        ("2025", "EUR", None, None),
        ("2023", "USD", None, None),
        ("2024-01/2024-09", "USD", None, None),
        ("2024", "USD", Decimal("10.00"), None),
        ("2025-01/2025-09", "USD", Decimal("50.71"), Decimal("1.11")),
    ] == found


def test_a_revised_figure_takes_the_place_of_the_first_one() -> None:
    """By the report, whichever was recorded first."""
    first = a_trade("2024", "100", "50", sources=["early"])
    revised = a_trade("2024", "101", "50", sources=["late"]) | {"id": "a-revision"}
    with an_archive(a_source("early", "2025-01"), a_source("late", "2025-06"), revised, first) as archive:
        assert [(Decimal(101), Decimal(51))] == rows(archive, "trade_balance", "exports", "balance")


def a_plan(**fact: Any) -> dict[str, Any]:
    """A plan to reach something."""
    return an_event("plan", a_fact("x", at="2020", **fact), occurred="2020", type="plan.announced")


def an_act(act: str, occurred: str, *facts: dict[str, Any]) -> dict[str, Any]:
    """What was done about the plan."""
    related = [{"event": "plan", "relation": act}]
    return an_event(act, *facts, occurred=occurred, type="any.thing", related=related)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2020", ("2022", "planned", None)),
        ("2022-06", ("2022", "due", None)),
        ("2023-06", ("2024", "planned", "postpones")),
        ("2024-12-31", ("2024", "overdue", "postpones")),
        ("2026", ("2024", "fulfilled", "fulfils")),
    ],
)
def test_the_life_of_a_commitment(as_of: str, expected: tuple[Any, ...]) -> None:
    """Planned, due, put off, overdue, fulfilled."""
    documents = (
        a_plan(due="2022"),
        an_act("postpones", "2023-01", a_fact("x", at="2023-01", due="2024")),
        an_act("fulfils", "2025"),
    )
    with an_archive(*documents) as archive:
        assert [expected] == rows(archive, "commitments", "due", "status", "by", as_of=as_of)


def test_a_cancelled_plan_is_not_overdue() -> None:
    """Whatever its date."""
    with an_archive(a_plan(due="2022"), an_act("cancels", "2021")) as archive:
        assert [("cancelled", "cancels")] == rows(archive, "commitments", "status", "by", as_of="2025")


def test_what_cites_nothing_is_counted_too() -> None:
    """Under no source."""
    with an_archive(
        a_source("s"), an_event("a", a_fact("x"), a_fact("y")), an_event("b", a_fact("z"), sources=["s"])
    ) as archive:
        assert [(None, 1, 2), ("s", 1, 1)] == rows(archive, "source_coverage", "source", "events", "facts")

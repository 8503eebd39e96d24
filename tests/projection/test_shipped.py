"""What the projections that come with Chronicle say of the curated chronicle, and of cases it does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from chronicle import Archive, ProjectionError, When
from chronicle.projection.figures import Derived, Stated, difference, growth, percent
from chronicle.projection.shipped import SHIPPED
from tests.builders import IN_MEMORY, a_fact, a_source, an_archive, an_entity, an_event, values
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
    """The balance and the share are computed, name the facts they come from, and stand beside the share as stated."""
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
        "exports_qualifier": None,
        "imports_qualifier": None,
        "turnover_qualifier": None,
        "balance": Decimal(-1_428_200_000),
        "share_percent": Decimal("3.14"),
        "stated_share_percent": Decimal("3.15"),
        "exports_growth_percent": None,
        "imports_growth_percent": None,
        "turnover_growth_percent": None,
        "facts": "trade-2025#3 trade-2025#2 trade-2025#1 trade-2025#5 trade-2025#4",
    } == row


def test_a_year_that_is_not_over_has_no_figures(curated: Archive) -> None:
    """A statistic is in the state when its period ends."""
    assert [] == rows(curated, "trade_balance", "period", as_of="2025-12-30")
    assert [("2025",)] == rows(curated, "trade_balance", "period", as_of="2025-12-31")


def test_nothing_is_computed_from_a_qualified_amount(curated: Archive) -> None:
    """More than 133 million less 117 million is no number; the growth that the source gives is told as its own."""
    [row] = curated.project(SHIPPED["investment_flows"], as_of="2026").rows()

    assert {
        "chronicle": "azerbaijan-us",
        "subject": "azerbaijan",
        "partner": "usa",
        "period": "2025-01/2025-09",
        "unit": "USD",
        "inflow": Decimal(133_000_000),
        "outflow": Decimal(117_000_000),
        "inflow_qualifier": "more-than",
        "outflow_qualifier": None,
        "net": None,
        "inflow_growth_percent": None,
        "outflow_growth_percent": None,
        "inflow_stated_growth_percent": Decimal(30),
        "outflow_stated_growth_percent": None,
        "facts": "investment-2025#1 investment-2025#3 investment-2025#2",
    } == row


def test_no_stock_is_made_up_from_flows(curated: Archive) -> None:
    """The curated chronicle states none."""
    assert [] == rows(curated, "investment_stocks", "at")


def test_plans_of_the_curated_chronicle(curated: Archive) -> None:
    """Without a date a plan is never overdue; before it was announced there is none."""
    plan = ("azerbaijan-us", "renewables-plan-2026", "plan.announced", "azerbaijan")
    columns = ("chronicle", "event", "type", "subject", "attribute", "value", "due", "status", "by_event", "fact")

    assert [
        (*plan, *target, "unknown", "planned", None, f"renewables-plan-2026#{number}")
        for number, target in enumerate(
            (
                ("renewable-capacity-target", "7 to 8 GW"),
                ("energy-transition-aim", "better domestic energy balance"),
                ("energy-transition-aim", "more gas for export"),
            ),
            1,
        )
    ] == rows(curated, "commitments", *columns, as_of="2040")
    assert [] == rows(curated, "commitments", "event", as_of="2026-02-23")


def test_who_signed_what_in_the_curated_chronicle(curated: Archive) -> None:
    """Parties and signatories, each with its role; the partners in the contract of 1994 signed nothing here."""
    contract = ("contract-of-the-century", "1994", "Contract of the Century signed")
    charter = ("charter-2026", "2026-02", "Strategic Partnership Charter signed")

    assert [
        (*charter, "azerbaijan", "party"),
        (*charter, "usa", "party"),
        (*charter, "ilham-aliyev", "signatory"),
        (*charter, "jd-vance", "signatory"),
        (*contract, "azerbaijan", "party"),
        (*contract, "contract-consortium", "party"),
    ] == rows(curated, "signatures", "agreement", "occurred", "title", "entity", "role", as_of="2026-03")
    assert 2 == len(rows(curated, "signatures", "entity", as_of="2026-02-27"))


def test_who_took_part_in_what_in_the_curated_chronicle(curated: Archive) -> None:
    """And as what."""
    found = rows(curated, "participations", "entity", "role", "event", as_of="2026-03")

    assert [
        ("caleb-orr", "speaker", "digital-hub-2026"),
        ("caleb-orr", "speaker", "orr-statement-2026"),
    ] == [row for row in found if row[0] == "caleb-orr"]
    assert [("exxonmobil", "partner", "contract-of-the-century")] == [row for row in found if row[0] == "exxonmobil"]


def test_profiles_of_the_curated_chronicle(curated: Archive) -> None:
    """How often, from when to when, as what; what was signed and stated."""
    columns = ("entity", "events", "first", "last", "roles", "signed", "stated")
    found = {row[0]: row for row in rows(curated, "participants", *columns, as_of="2026-03")}

    assert ("azerbaijan", 15, "1994", "2026-02", "party", 2, 0) == found["azerbaijan"]
    assert ("usa", 10, "2025-01/2025-09", "2026-02", "party", 1, 0) == found["usa"]
    assert ("caleb-orr", 2, "[..2026-02-24]", "[..2026-02-24]", "speaker", 0, 2) == found["caleb-orr"]
    assert ("jd-vance", 1, "2026-02", "2026-02", "signatory", 1, 0) == found["jd-vance"]
    assert ("bp", 1, "1994", "1994", "partner", 0, 0) == found["bp"]


def test_counts_of_the_curated_chronicle(curated: Archive) -> None:
    """By type and year, as far as had come by the date."""
    counted = ("type", "year", "events")

    assert [("agreement.signed", "1994", 1)] == rows(curated, "event_counts", *counted, as_of="2000")
    assert [
        ("agreement.signed", "1994", 1),
        ("agreement.signed", "2026", 1),
        ("plan.announced", "2026", 1),
        ("situation.reported", "2026", 9),
        ("statement.made", "2026", 2),
        ("statistic.reported", "2025", 2),
    ] == rows(curated, "event_counts", *counted, as_of="2026-03")


def test_all_of_the_curated_chronicle_rests_on_its_source(curated: Archive) -> None:
    """Every event and every fact, and each of them on it alone."""
    columns = ("source", "events", "facts", "facts_alone", "first", "last")

    assert [("trend-2026-02-24", 16, 57, 57, "1994", "2026")] == rows(
        curated, "source_coverage", *columns, as_of="2026-03"
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
    """By the report, as in the state, whichever was recorded first and whenever the publication is said to occur."""
    first = a_trade("2024", "100", "50", sources=["early"]) | {"occurred": "[..2025-01]"}
    revised = a_trade("2024", "101", "50", sources=["late"]) | {"id": "a-revision"}
    with an_archive(a_source("early", "2025-01"), a_source("late", "2025-06"), revised, first) as archive:
        assert [(Decimal(101), Decimal(51))] == rows(archive, "trade_balance", "exports", "balance")
        assert ["101", "50"] == [one["amount"] for one in values(archive)]


def test_a_denied_figure_is_none() -> None:
    """What a later report takes back is not told, and nothing is computed from it."""
    denied = {**a_trade("2024", "100", "50")["facts"][0], "holds": False}
    del denied["value"]
    denial = an_event("denial", denied, occurred="2024", sources=["late"])
    with an_archive(a_source("late", "2025-06"), a_trade("2024", "100", "50"), denial) as archive:
        assert [(None, Decimal(50), None)] == rows(archive, "trade_balance", "exports", "imports", "balance")


def test_a_qualifier_is_told_beside_its_amount() -> None:
    """Less than 100 is not 100: it has no balance, no share and no growth."""
    trade = a_trade("2024", "100", "50")
    trade["facts"][0]["value"]["qualifier"] = "less-than"
    with an_archive(trade, a_trade("2025", "110", "55")) as archive:
        found = rows(archive, "trade_balance", "period", "exports_qualifier", "balance", "exports_growth_percent")

    assert [("2024", "less-than", None, None), ("2025", None, Decimal(55), None)] == found


def test_a_forecast_is_no_figure_before_its_period_ends() -> None:
    """Though it was made before."""
    forecast = a_trade("2027", "100", "50") | {"occurred": "2025-03-01"}
    with an_archive(forecast) as archive:
        assert [] == rows(archive, "trade_balance", "period", as_of="2027-06")
        assert [("2027",)] == rows(archive, "trade_balance", "period", as_of="2027")


def test_a_figure_of_a_good_is_not_that_of_all_trade() -> None:
    """A dimension more makes it another thing."""
    trade = a_trade("2024", "100", "50")
    trade["facts"][0]["dimensions"]["good"] = "gas"
    with an_archive(trade) as archive:
        assert [(None, Decimal(50))] == rows(archive, "trade_balance", "exports", "imports")


def test_each_subject_has_its_own_figures() -> None:
    """Though one event states those of several."""
    other = [{**fact, "subject": "another"} for fact in a_trade("2024", "7", "8")["facts"]]
    both = a_trade("2024", "100", "50") | {"facts": [*a_trade("2024", "100", "50")["facts"], *other]}
    with an_archive(both, a_trade("2025", "110", "55")) as archive:
        found = rows(archive, "trade_balance", "subject", "period", "balance")

    assert [
        ("another", "2024", Decimal(-1)),
        ("subject", "2024", Decimal(50)),
        ("subject", "2025", Decimal(55)),
    ] == found


def a_stated(amount: int, period: str, unit: str = "USD", qualifier: str | None = None) -> Stated:
    """An amount of a period."""
    when = When.parse(period)
    assert when.strict_lo is not None
    assert when.strict_hi is not None
    return Stated(Decimal(amount), unit, (when.strict_lo, when.strict_hi), qualifier, f"e#{amount}")


@pytest.mark.parametrize("compute", [difference, percent, growth])
def test_unlike_units_are_not_compared(compute: Callable[[Stated, Stated], Derived | None]) -> None:
    """Dollars less euros is a mistake of whoever asks."""
    with pytest.raises(ProjectionError, match="e#2 is in 'USD', e#1 in 'EUR': not compared"):
        compute(a_stated(2, "2025"), a_stated(1, "2024", "EUR"))


@pytest.mark.parametrize(
    ("compute", "other"),
    [(difference, "2024"), (percent, "2025-01/2025-09"), (growth, "2023"), (growth, "2024-01/2024-09")],
)
def test_unlike_periods_are_not_compared(compute: Callable[[Stated, Stated], Derived | None], other: str) -> None:
    """Nine months and a year, or two years that do not follow each other."""
    with pytest.raises(ProjectionError, match="e#2 and e#1 are of unlike periods"):
        compute(a_stated(2, "2025"), a_stated(1, other))


def test_what_is_derived_names_its_facts() -> None:
    """And nothing is derived from what is only bounded."""
    assert Derived(Decimal("100.00"), ("e#2", "e#1")) == growth(a_stated(2, "2025"), a_stated(1, "2024"))
    assert growth(a_stated(2, "2025"), a_stated(1, "2024", qualifier="about")) is None
    assert percent(a_stated(2, "2025"), a_stated(0, "2025")) is None


def a_stock(at: str, amount: str, attribute: str = "fdi-inward-stock", **more: Any) -> dict[str, Any]:
    """What stood at a date."""
    fact = a_fact({"amount": amount, "unit": "USD"}, attribute=attribute, **{"at": at, **more})
    return an_event(f"{attribute}-{at}", fact, occurred=at, type="statistic.reported")


def test_stocks_grow_on_the_same_date_of_the_year_before() -> None:
    """And are told once their date has come."""
    documents = (
        a_stock("2023-12-31", "200"),
        a_stock("2024-12-31", "250"),
        a_stock("2024-12-31", "100", "fdi-outward-stock"),
        a_stock("2025-06-30", "260"),
    )
    columns = ("at", "inward", "outward", "net", "inward_growth_percent")
    with an_archive(*documents) as archive:
        assert [
            ("2023-12-31", Decimal(200), None, None, None),
            ("2024-12-31", Decimal(250), Decimal(100), Decimal(150), Decimal("25.00")),
        ] == rows(archive, "investment_stocks", *columns, as_of="2025-06-29")


def a_plan(**fact: Any) -> dict[str, Any]:
    """A plan to reach something."""
    return an_event("plan", a_fact("x", at="2020", **fact), occurred="2020", type="plan.announced")


def an_act(act: str, occurred: str, *facts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What was done about the plan."""
    related = [{"event": "plan", "relation": act}]
    return an_event(act, *facts, occurred=occurred, type="any.thing", related=related, **more)


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
        assert [expected] == rows(archive, "commitments", "due", "status", "by_event", as_of=as_of)


def test_a_cancelled_plan_is_not_overdue() -> None:
    """Whatever its date."""
    with an_archive(a_plan(due="2022"), an_act("cancels", "2021")) as archive:
        assert [("cancelled", "cancels")] == rows(archive, "commitments", "status", "by_event", as_of="2025")


def test_a_fulfilment_counts_from_its_report() -> None:
    """As in `chronicle events`: until then the plan is overdue."""
    documents = (a_source("s", "2024-06-01"), a_plan(due="2022"), an_act("fulfils", "2021-05", sources=["s"]))
    with an_archive(*documents) as archive:
        assert [("overdue", None)] == rows(archive, "commitments", "status", "by_event", as_of="2024-05")
        assert [("fulfilled", "fulfils")] == rows(archive, "commitments", "status", "by_event", as_of="2024-06")
        for day, expected in (("2024-05", ["overdue"]), ("2024-06", ["happened"])):
            assert expected == [one.status for one in archive.events(as_of=day).events if one.event.id == "plan"]


def test_one_target_of_several_is_postponed() -> None:
    """The one that the postponement names; the other stays as it was."""
    plan = an_event(
        "plan",
        a_fact("x", attribute="one", at="2020", due="2022"),
        a_fact("y", attribute="other", at="2020", due="2022"),
        occurred="2020",
        type="plan.announced",
    )
    moved = an_act("postpones", "2021", a_fact("y", attribute="other", at="2021", due="2026"))
    with an_archive(plan, moved) as archive:
        assert [("one", "2022", "overdue"), ("other", "2026", "planned")] == rows(
            archive, "commitments", "attribute", "due", "status", as_of="2024"
        )


def test_a_plan_may_fulfil_another() -> None:
    """Then it is both: an act, and a commitment of its own."""
    second = an_event(
        "second",
        a_fact("z", at="2021", due="2030"),
        occurred="2021",
        type="plan.announced",
        related=[{"event": "plan", "relation": "fulfils"}],
    )
    with an_archive(a_plan(due="2022"), second) as archive:
        assert [("plan", "fulfilled"), ("second", "planned")] == rows(
            archive, "commitments", "event", "status", as_of="2025"
        )


def test_a_participant_is_found_among_many() -> None:
    """Whoever else was there, a profile is of one; who has two roles in an event was in it once."""
    several = [{"entity": "x", "role": "host"}, {"entity": "x", "role": "chair"}, "y"]
    documents = (
        *map(an_entity, "xyz"),
        an_event("a", occurred="2001", participants=several),
        an_event("b", occurred="2002", participants=["x", "z"]),
        an_event("c", occurred="2003", participants=["z", "y"]),
    )
    with an_archive(*documents) as archive:
        assert [
            ("x", 2, "2001", "2002", "chair, host"),
            ("y", 2, "2001", "2003", None),
            ("z", 2, "2002", "2003", None),
        ] == (rows(archive, "participants", "entity", "events", "first", "last", "roles"))


def test_what_cites_nothing_is_counted_too() -> None:
    """Under no source; and a fact of two sources rests on neither alone."""
    documents = (
        a_source("s"),
        a_source("t"),
        an_event("a", a_fact("x"), a_fact("y")),
        an_event("b", a_fact("z"), a_fact("w", sources=[{"source": "s"}]), sources=["s", "t"]),
    )
    with an_archive(*documents) as archive:
        assert [(None, 1, 2, 0), ("s", 1, 2, 1), ("t", 1, 1, 0)] == rows(
            archive, "source_coverage", "source", "events", "facts", "facts_alone"
        )

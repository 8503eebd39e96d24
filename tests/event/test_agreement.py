"""Figures that must agree: when a sum, share, balance or growth cannot be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.event.agreement import disagreements
from chronicle.event.model import Attribute
from chronicle.files.mapping import read_mappings
from tests.builders import CHRONICLE, a_fact, an_attribute, an_event

TRADE = (
    an_attribute("turnover", sum_of=["imports", "exports"]),
    an_attribute("balance", balance_of={"exports": "exports", "imports": "imports"}),
    an_attribute("share", share_of={"part": "turnover", "whole": "world"}, unit="%"),
    an_attribute("growth", growth_of="turnover", unit="%"),
)


def found(*documents: dict[str, Any]) -> list[tuple[str, str]]:
    """The code and message of every disagreement."""
    reading = read_mappings(documents, CHRONICLE)
    assert [] == [problem for problem in reading.problems if problem.is_error]
    attributes = {one.id: one.document for one in reading.drafts if isinstance(one.document, Attribute)}
    return [(one.fault.code, one.fault.message) for one in disagreements(reading.drafts, attributes)]


def codes(*facts: dict[str, Any]) -> list[str]:
    """Those of facts of one event of 2025."""
    return [code for code, _ in found(*TRADE, an_event("x", *facts))]


def usd(attribute: str, amount: str, **more: Any) -> dict[str, Any]:
    """A figure of 2025 in dollars."""
    qualifier = {"qualifier": more.pop("qualifier")} if "qualifier" in more else {}
    return a_fact({"amount": amount, "unit": "USD", **qualifier}, attribute=attribute, **{"period": "2025", **more})


def percent(attribute: str, amount: str, **more: Any) -> dict[str, Any]:
    """A figure of 2025 in per cent."""
    return a_fact({"amount": amount, "unit": "%"}, attribute=attribute, **{"period": "2025", **more})


@pytest.mark.parametrize(
    ("share", "code"),
    [
        ("3.15", []),
        ("3.16", ["share"]),
        ("3.12", []),
        ("3.11", ["share"]),
        ("3", []),
        ("3.3", ["share"]),
        ("3.1508", []),
    ],
)
def test_a_share(share: str, code: list[str]) -> None:
    """1.55 of 49.4 billion can be 3.1244 to 3.1510 %."""
    assert code == codes(usd("turnover", "1.55e9"), usd("world", "49.4e9"), percent("share", share))


def test_a_share_says_where_its_figures_stand() -> None:
    """The message has the figure, what it means, what it is computed from and where, and what that gives."""
    [(_, message)] = found(
        *TRADE, an_event("x", usd("turnover", "1.55e9"), usd("world", "49.4e9"), percent("share", "3.3"))
    )
    assert message.startswith(
        "share 3.3 % (document 5:0) means 3.25 to 3.35; but turnover 1.55e9 USD (document 5:0) means 1545000000 to "
        "1555000000; world 49.4e9 USD (document 5:0) means 49350000000 to 49450000000; so as their share it is "
        "3.12437 to 3.15096: correct a figure or"
    )


@pytest.mark.parametrize(
    ("exports", "code"), [("61.8e6", []), ("0.06e9", []), ("64.9e6", []), ("75.1e6", ["sum"]), ("53e6", ["sum"])]
)
def test_a_sum(exports: str, code: list[str]) -> None:
    """1.49 billion and exports make 1.55 billion if the margins of all three meet."""
    assert code == codes(usd("turnover", "1.55e9"), usd("imports", "1.490e9"), usd("exports", exports))


@pytest.mark.parametrize(("balance", "code"), [("-1.43e9", []), ("1.43e9", ["balance"]), ("-1.45e9", ["balance"])])
def test_a_balance(balance: str, code: list[str]) -> None:
    """Exports less imports may be negative."""
    assert code == codes(usd("balance", balance), usd("imports", "1.49e9"), usd("exports", "61.8e6"))


@pytest.mark.parametrize(("growth", "code"), [("50", []), ("48", ["growth"]), ("0.5e2", []), ("-33", ["growth"])])
@pytest.mark.parametrize("periods", [("2024", "2025"), ("2024-01/2024-09", "2025-01/2025-09"), ("2024-12", "2025-01")])
def test_growth(growth: str, code: list[str], periods: tuple[str, str]) -> None:
    """From the same months a year before, else from the period just before."""
    before, now = periods
    assert code == codes(
        usd("turnover", "100", period=before), usd("turnover", "150", period=now), percent("growth", growth, period=now)
    )


def test_growth_as_a_factor() -> None:
    """In another unit than per cent growth is how many times the base it is."""
    stated = an_attribute("factor", growth_of="turnover", unit="times")
    figures = usd("turnover", "100", period="2024"), usd("turnover", "250", period="2025")
    said = [[code for code, _ in found(stated, an_event("x", *figures, factor(times)))] for times in ("2.5", "1.5")]
    assert [[], ["growth"]] == said


def factor(amount: str) -> dict[str, Any]:
    """So many times."""
    return a_fact({"amount": amount, "unit": "times"}, attribute="factor", period="2025")


def test_growth_without_a_base() -> None:
    """Where no base is stated there is nothing to compare with."""
    assert [] == codes(usd("turnover", "150"), percent("growth", "50"))


@pytest.mark.parametrize("qualifier", ["more-than", "at-least"])
def test_a_qualifier_leaves_one_side_open(qualifier: str) -> None:
    """More than 1.55 billion may well be a sum of 1.65, and cannot be one of 1.45."""
    stated = usd("turnover", "1.55e9", qualifier=qualifier)
    assert [] == codes(stated, usd("imports", "1.49e9"), usd("exports", "161.8e6"))
    assert ["sum"] == codes(stated, usd("imports", "1.40e9"), usd("exports", "50.0e6"))


@pytest.mark.parametrize(
    "other",
    [
        usd("exports", "161.8e6", period="2024"),
        usd("exports", "161.8e6", subject="else"),
        usd("exports", "161.8e6", dimensions={"partner": "usa"}),
        usd("exports", "161.8e6", period="2025-01/2025-09"),
        a_fact({"amount": "161.8e6", "unit": "EUR"}, attribute="exports", period="2025"),
        a_fact("plenty", attribute="exports", period="2025"),
    ],
    ids=["year", "subject", "dimensions", "months", "unit", "no figure"],
)
def test_what_is_not_compared(other: dict[str, Any]) -> None:
    """Figures of another time, subject, dimension or unit, and what is no figure, say nothing about a sum."""
    assert [] == codes(usd("turnover", "1.55e9"), usd("imports", "1.49e9"), other)


def test_a_whole_of_fewer_dimensions() -> None:
    """The share of a partner is of the whole without partners, unless the whole is stated for that partner too."""
    partner = {"dimensions": {"partner": "usa"}}
    part, share = usd("turnover", "1.55e9", **partner), percent("share", "3.3", **partner)
    assert ["share"] == codes(part, share, usd("world", "49.4e9"))
    assert [] == codes(part, share, usd("world", "49.4e9"), usd("world", "47.0e9", **partner))
    assert [] == codes(part, share, usd("world", "49.4e9", dimensions={"partner": "china"}))


def test_figures_from_several_events() -> None:
    """They need not stand in one event, and of several for one thing one that fits is enough."""
    events = [
        an_event("a", usd("turnover", "1.55e9")),
        an_event("b", usd("imports", "1.49e9")),
        an_event("c", usd("exports", "161.8e6")),
    ]
    assert ["sum"] == [code for code, _ in found(*TRADE, *events)]
    assert [] == found(*TRADE, *events, an_event("d", usd("exports", "61.8e6")))


def test_a_revised_figure_counts_no_more() -> None:
    """What an event that revises another states anew takes the place of the old figure."""
    events = [
        an_event("old", usd("turnover", "1.55e9"), usd("imports", "1.49e9"), usd("exports", "61.8e6")),
        an_event(
            "new",
            usd("exports", "161.8e6"),
            related=[{"event": "old", "relation": "revises"}],
            type="statistic.revised",
        ),
    ]
    assert ["sum"] == [code for code, _ in found(*TRADE, *events)]


def test_figures_that_are_said_to_contradict() -> None:
    """An event that contradicts another is known not to agree with it."""
    events = [
        an_event("one", usd("imports", "1.49e9"), usd("exports", "61.8e6")),
        an_event("other", usd("turnover", "2.55e9"), related=[{"event": "one", "relation": "contradicts"}]),
    ]
    assert [] == found(*TRADE, *events)


@given(
    st.lists(st.decimals(-(10**6), 10**6, places=4), min_size=2, max_size=2),
    st.lists(st.integers(-3, 4), min_size=4, max_size=4),
)
def test_rounding_never_makes_figures_disagree(exact: list[Decimal], digits: list[int]) -> None:
    """Figures that agree still do when each is rounded to any number of digits."""
    imports, exports = exact
    figures = {
        "imports": imports,
        "exports": exports,
        "turnover": imports + exports,
        "balance": exports - imports,
    }
    stated = [usd(name, written(value, places)) for (name, value), places in zip(figures.items(), digits, strict=True)]
    assert [] == codes(*stated)


@given(
    st.decimals(1, 10**6, places=4),
    st.decimals(1, 10**6, places=4),
    st.lists(st.integers(-2, 6), min_size=3, max_size=3),
)
def test_rounding_never_makes_a_share_disagree(part: Decimal, whole: Decimal, digits: list[int]) -> None:
    """Shares too, also where the whole is rounded to nothing."""
    stated = [
        usd("turnover", written(part, digits[0])),
        usd("world", written(whole, digits[1])),
        percent("share", written(part * 100 / whole, digits[2])),
    ]
    assert [] == codes(*stated)


def written(value: Decimal, places: int) -> str:
    """The value rounded to so many places after the point, or before it."""
    rounded = round(value, places)
    if places > 0:
        return f"{rounded:.{places}f}"
    return f"{int(rounded.scaleb(places))}e{-places}"


def month(attribute: str, amount: str, when: str) -> dict[str, Any]:
    """A figure of a month."""
    unit = "%" if attribute == "growth" else "USD"
    return a_fact({"amount": amount, "unit": unit}, attribute=attribute, period=when)


@pytest.mark.parametrize(
    ("figures", "growth", "code"),
    [
        ({"2024-03": "100", "2025-02": "140", "2025-03": "150"}, "7", []),
        ({"2024-03": "100", "2025-02": "140", "2025-03": "150"}, "50", []),
        ({"2024-03": "100", "2025-02": "140", "2025-03": "150"}, "20", ["growth"]),
        ({"2025-02": "140", "2025-03": "150"}, "7", []),
        ({"2025-02": "140", "2025-03": "150"}, "20", ["growth"]),
        ({"2025-02": "-140", "2025-03": "150"}, "20", []),
    ],
)
def test_growth_on_either_base(figures: dict[str, str], growth: str, code: list[str]) -> None:
    """It may be on the year before or on the month before, of whatever length, and not on a negative base."""
    stated = [month("turnover", amount, when) for when, amount in figures.items()]
    assert code == codes(*stated, month("growth", growth, "2025-03"))


@pytest.mark.parametrize(
    ("part", "whole", "share", "code"),
    [("-5", "-10", "50", []), ("-5", "-10", "90", ["share"]), ("100", "0", "3", ["share"]), ("0", "0", "3", [])],
)
def test_shares_of_wholes_that_are_not_positive(part: str, whole: str, share: str, code: list[str]) -> None:
    """Two debts have a share too; of what may be nothing a share may be large, and not small."""
    assert code == codes(usd("turnover", part), usd("world", whole), percent("share", share))


def test_a_share_that_is_none() -> None:
    """An amount of money is no share of another."""
    assert [] == codes(usd("turnover", "5"), usd("world", "10"), usd("share", "7"))


def test_one_of_two_stated_sums_is_enough() -> None:
    """Two events differ about a sum, and one of them agrees with the parts."""
    parts = usd("imports", "1.49e9"), usd("exports", "61.8e6")
    events = [an_event("a", *parts), an_event("b", usd("turnover", "1.55e9")), an_event("c", usd("turnover", "1.99e9"))]
    assert [] == found(*TRADE, *events)


def test_targets_of_different_dates() -> None:
    """What is to be reached by one year is no sum of what is to be reached by another."""
    dues = {"turnover": ("10", "2035"), "imports": ("3", "2030"), "exports": ("3", "2030")}
    facts = [
        a_fact({"amount": amount, "unit": "GW"}, attribute=name, at="2025", due=due)
        for name, (amount, due) in dues.items()
    ]
    assert [] == codes(*facts)


def test_an_open_bound_is_left_out() -> None:
    """More than an amount is not that amount less half a unit itself."""
    assert ["sum"] == codes(
        usd("turnover", "100", qualifier="more-than"), usd("imports", "59.25"), usd("exports", "40.24")
    )

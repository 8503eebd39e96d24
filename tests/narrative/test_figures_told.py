"""Figures told: sums, shares, revisions and what is computed from them."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.narrative.document import Chart, Sentence
from chronicle.narrative.order import Order
from chronicle.narrative.report import compose
from tests.narrative.reading import sections, sentences, story
from tests.narrative.telling import event, matter, number

ATTRIBUTES: list[dict[str, Any]] = [
    {"id": "turnover", "label": "turnover", "measures": "period", "sum_of": ["imports", "exports"]},
    {"id": "imports", "label": "imports", "measures": "period"},
    {"id": "exports", "label": "exports", "measures": "period"},
    {"id": "all", "label": "all trade", "measures": "period"},
    {"id": "share", "label": "share", "measures": "period", "share_of": {"part": "turnover", "whole": "all"}},
    {"id": "growth", "label": "growth of output on the year before", "measures": "period", "growth_of": "output"},
    {"id": "output", "label": "output", "measures": "period"},
]


def figure(attribute: str, amount: str, period: str = "2025", unit: str = "USD", **rest: Any) -> dict[str, Any]:
    """A figure of Azerbaijan."""
    value = {
        "amount": number(amount),
        "unit": unit,
        **({"qualifier": rest.pop("qualifier")} if "qualifier" in rest else {}),
    }
    return {"subject": "az", "attribute": attribute, "value": value, "period": period, **rest}


def statistic(*facts: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A statistic with these figures, in which another takes part as well."""
    period = facts[0]["period"]
    given = {"type": "statistic.reported", "occurred": period, "title": "Trade", "participants": ["az", "us"]}
    return event(**{**given, "facts": list(facts), **rest})


def told(*events: dict[str, Any]) -> str:
    """The story of some statistics."""
    return story(compose(matter(*events, attributes=ATTRIBUTES), Order(pictures=False)))


def computed(*events: dict[str, Any]) -> list[Sentence]:
    """The sentences that are computed."""
    document = compose(matter(*events, attributes=ATTRIBUTES), Order(pictures=False))
    return [sentence for sentence in sentences(document) if sentence.working is not None]


def test_a_sum_is_told_with_its_parts_and_a_share_with_its_whole() -> None:
    """A sum is told with the parts that its attribute declares, a share with part and whole."""
    text = told(
        statistic(
            figure("turnover", "1.55e9"),
            figure("imports", "1.49e9"),
            figure("exports", "61.8e6"),
            figure("share", "3.15", unit="%"),
            figure("all", "49.4e9"),
        )
    )
    assert "Over the year, Azerbaijan's turnover came to $1.55 billion: imports of $1.49 billion" in text
    assert "Turnover made up 3.15% of all trade, which came to $49.4 billion." in text


def test_the_sides_of_a_sum_are_compared() -> None:
    """The larger side is told as so many times the smaller, with no more digits than the figures warrant."""
    [sentence] = computed(
        statistic(figure("turnover", "1.55e9"), figure("imports", "1.49e9"), figure("exports", "61.8e6"))
    )
    assert sentence.text == "By these figures, imports came to 24 times exports, a difference of about $1.43 billion."
    assert sentence.facts == ("one#2", "one#3")
    assert sentence.working == "$1.49 billion / $61.8 million = 24.11; $1.49 billion - $61.8 million = $1,428,200,000"


@pytest.mark.parametrize(
    "facts",
    [
        [figure("imports", "2e9", qualifier="about"), figure("exports", "1e9")],
        [figure("imports", "2e9"), figure("exports", "1e9", unit="EUR")],
        [figure("imports", "2e9"), figure("exports", "1e9", dimensions={"partner": "us"})],
        [figure("imports", "2e9"), figure("exports", "1e9", period="2025-01/2025-09")],
        [figure("imports", "2e9"), figure("exports", "0")],
        [figure("imports", "2e9"), figure("imports", "3e9"), figure("exports", "1e9")],
    ],
)
def test_unlike_figures_are_not_compared(facts: list[dict[str, Any]]) -> None:
    """Qualified figures, other units, partners or periods, zero, and figures that contradict are not compared."""
    assert computed(statistic(*facts)) == []


def test_growth_on_the_same_period_of_the_year_before_is_computed() -> None:
    """Growth is computed on the same months of the year before, and never on another length of time."""
    months = figure("imports", "1.20e9", period="2024-01/2024-09")
    year = figure("imports", "1.00e9", period="2023")
    now = statistic(figure("imports", "1.38e9", period="2024"), id="now")
    assert computed(statistic(months, id="before"), now) == []
    [sentence] = computed(statistic(year, id="before"), now)
    assert sentence.text == "Imports rose by about 38%, from $1.00 billion in 2023."
    assert sentence.facts == ("now#1", "before#1")
    assert sentence.working == "$1.38 billion / $1.00 billion = 1.38"


def test_no_growth_is_computed_where_sources_state_one() -> None:
    """Of what has a declared growth none is computed."""
    before = statistic(figure("output", "10", period="2024", unit="t"), id="before")
    assert computed(before, statistic(figure("output", "12", unit="t"), figure("growth", "20", unit="%"))) == []


def test_a_revised_figure_names_the_earlier_one_and_takes_its_place() -> None:
    """A later vintage names the earlier one, and growth is computed on it alone."""
    base = statistic(figure("imports", "1.00e9", period="2023"), id="base")
    first = statistic(figure("imports", "1.30e9", period="2024"), id="first")
    later = statistic(
        figure("imports", "1.40e9", period="2024"),
        id="later",
        type="statistic.revised",
        occurred="2025-05-01",
        related=[{"event": "first", "relation": "revises"}],
    )
    assert "Imports had been given as $1.30 billion." in told(base, first, later)
    assert [sentence.facts for sentence in computed(base, first, later)] == [("later#1", "base#1")]


def test_a_rate_stands_apart_from_amounts() -> None:
    """A growth that a source states is told by its own label, which says on what."""
    text = told(statistic(figure("output", "12", unit="t"), figure("growth", "20", unit="%")))
    assert "Azerbaijan's output came to 12\u00a0t. Growth of output on the year before came to 20%." in text


def test_figures_of_one_statement_are_attributed() -> None:
    """Figures that someone states are said to be theirs."""
    text = told(statistic(figure("imports", "5e6"), type="statement.made", stated_by="ann"))
    assert "The figures are those given by Ann Lee." in text


def test_a_chart_holds_like_figures_with_a_table_of_the_same() -> None:
    """A chart needs rows of the state, so that without a state there is none."""
    document = compose(
        matter(statistic(figure("imports", "5e6"), figure("exports", "4e6")), attributes=ATTRIBUTES), Order()
    )
    assert not [block for one in sections(document) for block in one.blocks if isinstance(block, Chart)]

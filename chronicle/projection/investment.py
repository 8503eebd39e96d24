"""Direct investment by partner: what flowed in a period, and what stood at a date."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from chronicle.event.model import Fact
from chronicle.projection.figures import Figures, Sheet, amounts, difference, facts, growth

FLOWS = ("fdi-inflow", "fdi-outflow")
STOCKS = ("fdi-inward-stock", "fdi-outward-stock")
PERCENT = "%"


class InvestmentFlows(Figures):
    """Direct investment by partner and period, received and made, with what follows from it.

    `net` is received less made. A qualifier such as `more-than` stands beside its amount, and nothing is computed from
    it. What a source itself gives as growth (`fdi-inflow-growth`, in per cent) stands beside what is computed. `facts`
    names all that a row rests on.
    """

    name = "investment_flows"
    attributes = (*FLOWS, *(f"{one}-growth" for one in FLOWS))
    columns = {
        "chronicle": str,
        "subject": str,
        "partner": str,
        "period": str,
        "unit": str,
        "inflow": Decimal,
        "outflow": Decimal,
        "inflow_qualifier": str,
        "outflow_qualifier": str,
        "net": Decimal,
        "inflow_growth_percent": Decimal,
        "outflow_growth_percent": Decimal,
        "inflow_stated_growth_percent": Decimal,
        "outflow_stated_growth_percent": Decimal,
        "facts": str,
    }

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:
        chronicle, subject = part.split("/")
        sheet = Sheet(state[subject], last_second)
        for place in sheet.places(FLOWS):
            stated = [sheet.at(one, place) for one in FLOWS]
            net = difference(*stated)
            grown = [growth(now, sheet.year_before(one, place)) for one, now in zip(FLOWS, stated, strict=True)]
            said = [sheet.at(f"{one}-growth", place, unit=PERCENT) for one in FLOWS]
            yield (
                chronicle,
                subject,
                place.partner or None,
                place.written,
                place.unit,
                *amounts(*stated),
                *(None if one is None else one.qualifier for one in stated),
                *amounts(net, *grown, *said),
                facts(*stated, net, *grown, *said),
            )


class InvestmentStocks(Figures):
    """Direct investment by partner as it stood at a date: in the country, and of the country abroad.

    A stock is what a source states as one (`fdi-inward-stock`, `fdi-outward-stock`, with `at` or a period at whose end
    it stood). It is never summed up from flows, which leave out what became of its worth. Growth is on the same date
    of the year before.
    """

    name = "investment_stocks"
    attributes = STOCKS
    columns = {
        "chronicle": str,
        "subject": str,
        "partner": str,
        "at": str,
        "unit": str,
        "inward": Decimal,
        "outward": Decimal,
        "inward_qualifier": str,
        "outward_qualifier": str,
        "net": Decimal,
        "inward_growth_percent": Decimal,
        "outward_growth_percent": Decimal,
        "facts": str,
    }

    def time_of(self, fact: Fact) -> str | None:
        return fact.at or fact.period

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:
        chronicle, subject = part.split("/")
        sheet = Sheet(state[subject], last_second)
        for place in sheet.places(STOCKS):
            stated = [sheet.at(one, place) for one in STOCKS]
            net = difference(*stated)
            grown = [growth(now, sheet.year_before(one, place)) for one, now in zip(STOCKS, stated, strict=True)]
            yield (
                chronicle,
                subject,
                place.partner or None,
                place.written,
                place.unit,
                *amounts(*stated),
                *(None if one is None else one.qualifier for one in stated),
                *amounts(net, *grown),
                facts(*stated, net, *grown),
            )

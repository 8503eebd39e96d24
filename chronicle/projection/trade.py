"""Trade by partner and period."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from chronicle.projection.figures import Figures, Sheet, amounts, difference, facts, growth, percent

FLOWS = ("exports", "imports", "trade-turnover")
ALL_TRADE = ("foreign-trade-turnover", "trade-turnover")
SHARE = "trade-share"
PERCENT = "%"


class TradeBalance(Figures):
    """Trade by partner and period: what is stated, and the balance, shares and growth that follow from it.

    The share of a partner is that of its turnover in all foreign trade (`foreign-trade-turnover`, or the turnover
    stated without a partner); what a source itself gives as share stands beside it. `facts` names all that a row rests
    on. A table, which knows no today, has forecasts too.
    """

    name = "trade_balance"
    attributes = (*FLOWS, ALL_TRADE[0], SHARE)
    columns = {
        "chronicle": str,
        "subject": str,
        "partner": str,
        "period": str,
        "unit": str,
        "exports": Decimal,
        "imports": Decimal,
        "turnover": Decimal,
        "exports_qualifier": str,
        "imports_qualifier": str,
        "turnover_qualifier": str,
        "balance": Decimal,
        "share_percent": Decimal,
        "stated_share_percent": Decimal,
        "exports_growth_percent": Decimal,
        "imports_growth_percent": Decimal,
        "turnover_growth_percent": Decimal,
        "facts": str,
    }

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:
        chronicle, subject = part.split("/")
        sheet = Sheet(state[subject], last_second)
        for place in sheet.places(FLOWS):
            stated = [sheet.at(one, place) for one in FLOWS]
            whole = next(filter(None, (sheet.at(one, place, partner="") for one in ALL_TRADE)), None)
            balance = difference(*stated[:2])
            share = percent(stated[2], whole) if place.partner else None
            stated_share = sheet.at(SHARE, place, unit=PERCENT)
            grown = [growth(now, sheet.year_before(flow, place)) for flow, now in zip(FLOWS, stated, strict=True)]
            yield (
                chronicle,
                subject,
                place.partner or None,
                place.written,
                place.unit,
                *amounts(*stated),
                *(None if one is None else one.qualifier for one in stated),
                *amounts(balance, share, stated_share, *grown),
                facts(*stated, balance, share, stated_share, *grown),
            )

"""The projections that come with Chronicle, by name."""

from __future__ import annotations

from chronicle.projection.commitments import Commitments
from chronicle.projection.counts import EventCounts
from chronicle.projection.coverage import SourceCoverage
from chronicle.projection.investment import InvestmentFlows, InvestmentStocks
from chronicle.projection.participants import Participants, Participations, Signatures
from chronicle.projection.projection import Projection
from chronicle.projection.trade import TradeBalance

SHIPPED: dict[str, type[Projection]] = {
    one.name: one
    for one in (
        Commitments,
        EventCounts,
        InvestmentFlows,
        InvestmentStocks,
        Participants,
        Participations,
        Signatures,
        SourceCoverage,
        TradeBalance,
    )
}

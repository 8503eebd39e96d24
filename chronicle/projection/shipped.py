"""The projections that come with Chronicle, by name."""

from __future__ import annotations

from chronicle.projection.commitments import Commitments
from chronicle.projection.counts import EventCounts
from chronicle.projection.coverage import SourceCoverage
from chronicle.projection.figures import InvestmentFlows, TradeBalance
from chronicle.projection.participants import Participants
from chronicle.projection.projection import Projection

SHIPPED: dict[str, type[Projection]] = {
    one.name: one for one in (Commitments, EventCounts, InvestmentFlows, Participants, SourceCoverage, TradeBalance)
}

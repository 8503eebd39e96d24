"""Figures of periods side by side: what can be computed from them, and which facts it was computed from.

Only amounts of one unit and one shape of period are compared, and nothing is computed from a qualified amount: `more
than` has no difference. Growth is on the same period of the year before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, ClassVar

from chronicle.event.model import Event
from chronicle.event.span import periods_before
from chronicle.event.value import Quantity
from chronicle.projection.projection import Moment, Projection, on
from chronicle.when import When

PARTNER = "partner"
_EXACT = Context(prec=800, rounding=ROUND_HALF_EVEN)
_CENT = Decimal("0.01")
_HUNDRED = Decimal(100)

Period = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stated:
    """An amount as some fact states it; `fact` is EVENT#N, the N-th fact of its event, counted from 1."""

    amount: Decimal
    qualifier: str | None
    fact: str

    @property
    def exact(self) -> bool:
        """It says how much, not more or less than what."""
        return self.qualifier is None


class Sheet:
    """The stated amounts of a subject, by attribute, partner, unit and period."""

    def __init__(self, claims: Mapping[str, Sequence[Any]]) -> None:
        self._cells: dict[tuple[str, str, str, Period], Stated] = {}
        self._written: dict[Period, str] = {}
        for attribute, partner, period, amount, unit, qualifier, fact in claims.values():
            bounds = bounds_of(period)
            self._written.setdefault(bounds, period)
            self._cells[attribute, partner, unit, bounds] = Stated(Decimal(amount), qualifier, fact)

    def places(self, attributes: Iterable[str]) -> Iterator[tuple[str, str, Period, str]]:
        """(partner, unit, period, period as written) where one of the attributes is stated; sorted."""
        wanted = set(attributes)
        found = {key[1:] for key in self._cells if key[0] in wanted}
        for partner, unit, period in sorted(found):
            yield partner, unit, period, self._written[period]

    def at(self, attribute: str, partner: str, unit: str, period: Period) -> Stated | None:
        """What is stated there."""
        return self._cells.get((attribute, partner, unit, period))

    def year_before(self, attribute: str, partner: str, unit: str, period: Period) -> Stated | None:
        """What is stated of the same period of the year before."""
        return self.at(attribute, partner, unit, periods_before(*period)[0])


def bounds_of(period: str) -> Period:
    """The Unix seconds of a definite period, half-open."""
    when = When.parse(period)
    assert when.strict_lo is not None, "validated: a period is definite"
    assert when.strict_hi is not None, "validated: a period is definite"
    return when.strict_lo, when.strict_hi


class Derived:
    """Figures computed from stated ones, which remembers the facts it used, each once, in the order of their use."""

    def __init__(self) -> None:
        self._facts: dict[str, None] = {}

    def stated(self, one: Stated | None) -> Decimal | None:
        """The amount itself."""
        return None if one is None else self._used(one)

    def difference(self, one: Stated | None, other: Stated | None) -> Decimal | None:
        """One less the other."""
        if one is None or other is None or not (one.exact and other.exact):
            return None
        return _EXACT.subtract(self._used(one), self._used(other))

    def percent(self, part: Stated | None, whole: Stated | None) -> Decimal | None:
        """The part in per cent of the whole, to two decimals, halves to even."""
        if part is None or whole is None or not (part.exact and whole.exact) or not whole.amount:
            return None
        return _rounded(_EXACT.multiply(self._used(part), _HUNDRED), self._used(whole))

    def growth(self, now: Stated | None, before: Stated | None) -> Decimal | None:
        """By how many per cent it grew, to two decimals, halves to even; None on what was not positive."""
        if now is None or before is None or not (now.exact and before.exact) or before.amount <= 0:
            return None
        return _rounded(_EXACT.multiply(_EXACT.subtract(self._used(now), self._used(before)), _HUNDRED), before.amount)

    @property
    def facts(self) -> str:
        """All that was used, EVENT#N separated by spaces."""
        return " ".join(self._facts)

    def _used(self, one: Stated) -> Decimal:
        self._facts.setdefault(one.fact)
        return one.amount


def _rounded(number: Decimal, by: Decimal) -> Decimal:
    return _EXACT.quantize(_EXACT.divide(number, by), _CENT)


class Figures(Projection):
    """What the projections of periods share: they keep the amounts of some attributes, by subject."""

    attributes: ClassVar[Sequence[str]] = ()

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return {f"{moment.chronicle}/{fact.subject}" for fact in event.facts if fact.attribute in self.attributes}

    @on("*")
    def _state_figures(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        """The later of two claims of one thing replaces the earlier; a denial removes it.

        The state has the facts of all subjects of an event; a part's rows tell only its own.
        """
        for number, fact in enumerate(event.facts, 1):
            if fact.attribute not in self.attributes or fact.period is None or fact.dimensions.keys() - {PARTNER}:
                continue
            partner, (lo, hi) = fact.dimensions.get(PARTNER, ""), bounds_of(fact.period)
            claims = state.setdefault(fact.subject, {})
            key = f"{fact.attribute} {partner} {lo} {hi}"
            claims.pop(key, None)
            if isinstance(fact.value, Quantity) and fact.holds:
                amount = str(fact.value.amount.decimal)
                told = [fact.attribute, partner, fact.period, amount, fact.value.unit, fact.value.qualifier]
                claims[key] = [*told, f"{event.id}#{number}"]


class TradeBalance(Figures):
    """Trade by partner and period: what is stated, and the balance, shares and growth that follow from it.

    The share of a partner is that of its turnover in all foreign trade (`foreign-trade-turnover`, or the turnover
    stated without a partner). `facts` names all that a row rests on.
    """

    name = "trade_balance"
    attributes = ("exports", "imports", "trade-turnover", "foreign-trade-turnover")
    columns = {
        "chronicle": str,
        "subject": str,
        "partner": str,
        "period": str,
        "unit": str,
        "exports": Decimal,
        "imports": Decimal,
        "turnover": Decimal,
        "balance": Decimal,
        "share_percent": Decimal,
        "exports_growth_percent": Decimal,
        "imports_growth_percent": Decimal,
        "turnover_growth_percent": Decimal,
        "facts": str,
    }

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        chronicle, subject = part.split("/")
        sheet = Sheet(state.get(subject, {}))
        flows = self.attributes[:3]
        for partner, unit, period, written in sheet.places(flows):
            derived, place = Derived(), (partner, unit, period)
            exports, imports, turnover = (sheet.at(one, *place) for one in flows)
            whole = sheet.at("foreign-trade-turnover", "", unit, period) or sheet.at("trade-turnover", "", unit, period)
            yield (
                chronicle,
                subject,
                partner or None,
                written,
                unit,
                derived.stated(exports),
                derived.stated(imports),
                derived.stated(turnover),
                derived.difference(exports, imports),
                derived.percent(turnover, whole) if partner else None,
                *(derived.growth(sheet.at(one, *place), sheet.year_before(one, *place)) for one in flows),
                derived.facts,
            )


class InvestmentFlows(Figures):
    """Direct investment by partner and period, received and made, with what follows from it.

    `net` is received less made. A qualifier such as `more-than` stands beside its amount, and nothing is computed from
    it.
    """

    name = "investment_flows"
    attributes = ("fdi-inflow", "fdi-outflow")
    columns = {
        "chronicle": str,
        "subject": str,
        "partner": str,
        "period": str,
        "unit": str,
        "inflow": Decimal,
        "inflow_qualifier": str,
        "outflow": Decimal,
        "outflow_qualifier": str,
        "net": Decimal,
        "inflow_growth_percent": Decimal,
        "outflow_growth_percent": Decimal,
        "facts": str,
    }

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        chronicle, subject = part.split("/")
        sheet = Sheet(state.get(subject, {}))
        for partner, unit, period, written in sheet.places(self.attributes):
            derived, place = Derived(), (partner, unit, period)
            inflow, outflow = (sheet.at(one, *place) for one in self.attributes)
            yield (
                chronicle,
                subject,
                partner or None,
                written,
                unit,
                derived.stated(inflow),
                inflow.qualifier if inflow else None,
                derived.stated(outflow),
                outflow.qualifier if outflow else None,
                derived.difference(inflow, outflow),
                *(derived.growth(sheet.at(one, *place), sheet.year_before(one, *place)) for one in self.attributes),
                derived.facts,
            )

"""Units that are formatted by locale: ISO 4217 currencies and common SI/UCUM codes."""

from __future__ import annotations

from functools import cache

UCUM = frozenset(
    "% 1 m km cm mm m2 km2 ha m3 l L hl g kg t s min h d wk mo a K Cel Pa bar J kJ MJ GJ kWh MWh GWh TWh W kW MW GW TW "
    "V A Hz N mol cd bit By kBy MBy GBy TBy {bbl} [bbl] bbl bbl/d m3/a t/a".split()
)


@cache
def currencies() -> frozenset[str]:
    """All ISO 4217 codes that CLDR knows."""
    from babel.numbers import list_currencies  # noqa: PLC0415 - Babel loads slowly, and most commands need no units

    return frozenset(list_currencies())


def is_currency(unit: str) -> bool:
    """The unit is an ISO 4217 code."""
    return unit in currencies()


def is_known_unit(unit: str) -> bool:
    """The unit has a locale's way of writing it."""
    return unit in UCUM or is_currency(unit)

"""A printed figure held against the value of the fact that it names."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name

from chronicle.event.units import is_currency
from chronicle.event.value import QUALIFIERS, Figure, Number, Quantity, Range, Text, Value
from chronicle.narrative.audit.hedges import is_hedged
from chronicle.narrative.audit.numerals import DIGITS, Numeral, NumeralReader
from chronicle.narrative.inert import plain

Fault = tuple[str, str]
"""A code and what is wrong."""

_POWERS = (3, 6, 9, 12)
_MONEY = re.compile(r"[^\W\d_]*[^\w\s.,;:()%°-]+[^\W\d_]*|[^\W\d_]+")
_CLDR_UNITS = {
    "GW": "power-gigawatt", "MW": "power-megawatt", "kW": "power-kilowatt", "W": "power-watt",
    "kWh": "energy-kilowatt-hour", "km": "length-kilometer", "m": "length-meter", "cm": "length-centimeter",
    "mm": "length-millimeter", "km2": "area-square-kilometer", "ha": "area-hectare", "m3": "volume-cubic-meter",
    "kg": "mass-kilogram", "g": "mass-gram", "t": "mass-tonne", "d": "duration-day", "wk": "duration-week",
    "mo": "duration-month", "a": "duration-year", "h": "duration-hour", "s": "duration-second",
}  # fmt: skip


class FigureReader:
    """Reads the figures of one language."""

    def __init__(self, language: str, numerals: NumeralReader) -> None:
        self._language = language
        self._numerals = numerals

    def fault(self, text: str, before: str, value: Value | None) -> Fault | None:
        """Why a text is not the value, None if it is. `before` are the words before it, where a qualifier may stand."""
        if isinstance(value, Text):
            said = plain(value.text)
            return None if text.strip() and text.strip() in said else ("figure", f"the fact says {said!r}")
        if not isinstance(value, Figure | Quantity | Range):
            return "figure", "the fact has no figure"
        unit = "" if isinstance(value, Figure) else value.unit
        bare = text.replace(unit, " " * len(unit)) if any(char.isdigit() for char in unit) else text
        found = self._numerals.read(bare, unit)
        exact = _numbers(value)
        if not _same(found, exact):
            stated = " to ".join(number.digits for number in exact)
            return "figure", f"it reads {_told(found)}, and the fact says {stated}{f' {unit}' if unit else ''}"
        for one, number in zip(found, exact, strict=True):
            if _is_too_fine(one, number):
                return "figure", f"it is printed to more digits than the {number.digits} of the fact"
        return self._unit_fault(text, before, unit) or self._qualifier_fault(text, before, value)

    def _unit_fault(self, text: str, before: str, unit: str) -> Fault | None:
        said = unit or "none"
        if ("%" in text) != (unit == "%"):
            return "unit", f"the unit of the fact is {said}"
        if is_currency(unit) and not any(name in before + text for name in currency_names(unit, self._language)):
            return "unit", f"the unit of the fact is {unit}, and the text does not say so"
        allowed = currency_names(unit, self._language) if is_currency(unit) else frozenset((unit,))
        for shown in _MONEY.findall(text):
            if shown not in allowed and (
                any(unicodedata.category(char) == "Sc" for char in shown) or is_currency(shown)
            ):
                return "unit", f"the unit of the fact is {said}, and the text says {shown}"
        names = unit_names(self._language)
        if unit in names:
            words = set(re.split("[ \u00a0\u202f]", text))
            strange = words & {name for code in names for name in names[code]} - names[unit]
            if strange and not words & names[unit]:
                return "unit", f"the unit of the fact is {unit}, and the text says {min(strange)}"
        return None

    def _qualifier_fault(self, text: str, before: str, value: Value) -> Fault | None:
        qualifier = value.qualifier if isinstance(value, Quantity) else None
        if qualifier is not None:
            if not is_hedged(before + text, qualifier, self._language):
                return "hedge", f"the fact says {qualifier}, and the text does not"
            return None
        for other in QUALIFIERS:
            if self._language == "en" and is_hedged(text, other, self._language):
                return "hedge", f"the text says {other}, and the fact does not"
        return None


def _numbers(value: Figure | Quantity | Range) -> list[Number]:
    if isinstance(value, Figure):
        return [value.number]
    if isinstance(value, Quantity):
        return [value.amount]
    return [value.low] if value.low.normal == value.high.normal else [value.low, value.high]


def _same(found: list[Numeral], exact: list[Number]) -> bool:
    if [one.value for one in found] == [number.decimal for number in exact]:
        return True
    if len(found) != 2 or len(exact) != 2 or found[1].value != exact[1].decimal:
        return False
    # `7–8 million`: one magnitude for both ends.
    return any(found[0].times(Decimal(10) ** power).value == exact[0].decimal for power in _POWERS)


def _told(found: list[Numeral]) -> str:
    return " and ".join(format(one.value, "f") for one in found) or "as no number"


def _is_too_fine(found: Numeral, exact: Number) -> bool:
    """Zeros after the point that the author did not write."""
    exponent = exact.decimal.as_tuple().exponent
    assert isinstance(exponent, int)
    _, point, places = found.digits.replace(",", ".").rpartition(".")
    with localcontext(prec=DIGITS):
        return bool(point) and places.endswith("0") and found.worth < Decimal(1).scaleb(exponent)


@cache
def currency_names(code: str, language: str) -> frozenset[str]:
    """The signs and names by which a currency goes in a language, its code among them."""
    locale = Locale.parse(language, sep="-")
    found = {code, locale.currencies.get(code, code)}
    for known in (locale, Locale("en")):
        found.add(known.currency_symbols.get(code, code))
    found |= {get_currency_name(code, count=count, locale=locale) for count in (1, 2, 5, Decimal("1.5"))}
    return frozenset(found)


@cache
def unit_names(language: str) -> dict[str, frozenset[str]]:
    """UCUM code -> the words of a unit in a language, its code among them."""
    patterns = Locale.parse(language, sep="-")._data["unit_patterns"]  # noqa: SLF001 - Babel shows them no other way
    found = {}
    for code, name in _CLDR_UNITS.items():
        widths = (dict(plurals).values() for plurals in dict(patterns.get(name, {})).values())
        texts = [text for forms in widths for text in forms if isinstance(text, str)]
        found[code] = frozenset({code, *(text.replace("{0}", "").strip(" \u00a0\u202f") for text in texts)} - {""})
    return found

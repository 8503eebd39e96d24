"""Figures as a reader meets them: the source's significant digits and never more, through CLDR, in exact decimals.

`1.55e9 USD` is $1.55 billion, `3.15 %` is 3.15%; ranges have their unit once, after a space that does not break.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

from babel import Locale
from babel.numbers import format_currency, format_decimal

from chronicle.event.units import is_currency
from chronicle.event.value import Figure, Number, Quantity, Range

LOCALE = Locale("en")
NBSP = "\u00a0"
EN_DASH = "\u2013"

# CLDR sets a currency of letters off from its figure; Babel leaves that to us.
_LETTERS_THEN_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")

_MILLION = 6
_TRILLION = 12
_SCIENTIFIC_FROM = 18
_SCIENTIFIC_BELOW = -6
_MOST_DECIMALS = 3
_DIGITS = 800  # more than any number a document may hold, so that nothing is ever rounded
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_QUALIFIERS = {
    "about": "about",
    "more-than": "more than",
    "less-than": "less than",
    "at-least": "at least",
    "at-most": "at most",
}
_SYMBOLS = {
    "m2": "m²",
    "km2": "km²",
    "m3": "m³",
    "m3/a": "m³ per year",
    "t/a": "t per year",
    "l": "L",
    "Cel": "°C",
    "[bbl]": "bbl",
    "{bbl}": "bbl",
    "bbl/d": "bbl per day",
    "By": "B",
    "kBy": "kB",
    "MBy": "MB",
    "GBy": "GB",
    "TBy": "TB",
}
_TIMES = {"d": "day", "wk": "week", "mo": "month", "a": "year"}


def figure(value: Figure | Quantity | Range, *, unit_known: bool = False) -> str:
    """A numeric value as text. `unit_known`: a unit that is only a word is left out, for the words around name it."""
    if isinstance(value, Figure):
        return _digits(value.number, grouped=_is_wide(value.number))
    unit = "" if unit_known and not _is_symbol(value.unit) else value.unit
    if isinstance(value, Range):
        return _range(value.low, value.high, unit)
    qualifier = "" if value.qualifier is None else _QUALIFIERS[value.qualifier] + " "
    return qualifier + _with_unit(value.amount, unit)


def _range(low: Number, high: Number, unit: str) -> str:
    """One unit and one magnitude where both ends share them; `to` where a dash could be misread."""
    if low.normal == high.normal:
        return _with_unit(low, unit)
    word, other = _magnitude(low), _magnitude(high)
    if low.decimal < 0 or word != other:
        return f"{_with_unit(low, unit)} to {_with_unit(high, unit)}"
    if is_currency(unit):
        short = _with_unit(low, unit)
        first = short.removesuffix(word)
        return f"{first}{EN_DASH}{_digits(high)}"
    first = _digits(low).removesuffix(word)
    return f"{first}{EN_DASH}{_joined(_digits(high), unit, one=False)}"


def _with_unit(number: Number, unit: str) -> str:
    if is_currency(unit):
        coefficient, word = _scaled(number)
        return _currency(coefficient, unit) + word
    return _joined(_digits(number), unit, one=number.decimal == 1)


def _joined(digits: str, unit: str, *, one: bool) -> str:
    if unit in ("", "1"):
        return digits
    if unit == "%":
        return f"{digits}%"
    if unit in _TIMES:
        return f"{digits}{NBSP}{_TIMES[unit]}{'' if one else 's'}"
    return f"{digits}{NBSP}{_SYMBOLS.get(unit, unit)}"


def _is_symbol(unit: str) -> bool:
    return is_currency(unit) or not unit.isalpha() or len(unit) <= len("kWh")


def _is_wide(number: Number) -> bool:
    """Plain whole numbers of four digits are years as often as counts, and read well without a comma."""
    return abs(number.decimal) >= 10_000 or number.decimal != number.decimal.to_integral_value()


def _digits(number: Number, *, grouped: bool = True) -> str:
    """The number without its unit; large and small ones by magnitude, as far as that takes no more digits."""
    coefficient, word = _scaled(number)
    return _decimal(coefficient, grouped=grouped) + word


def _magnitude(number: Number) -> str:
    return _scaled(number)[1]


def _scaled(number: Number) -> tuple[Decimal, str]:
    """The number as a coefficient and a word: 1.55 and ` billion`. Zeros written after the point are kept."""
    decimal = number.decimal
    adjusted = decimal.adjusted() if decimal else 0
    with localcontext(prec=_DIGITS):
        if adjusted >= _SCIENTIFIC_FROM or adjusted < _SCIENTIFIC_BELOW:
            exponent = str(adjusted).translate(_SUPERSCRIPTS)
            return _shortened(decimal.scaleb(-adjusted), number), f" \u00d7 10{exponent}"
        if adjusted >= _MILLION:
            power = min(adjusted - adjusted % 3, _TRILLION)
            coefficient = _shortened(decimal.scaleb(-power), number)
            if _decimals(coefficient) <= _MOST_DECIMALS:
                return coefficient, _word(power)
        return (decimal if _decimals(decimal) else decimal.quantize(Decimal(1))), ""


def _shortened(coefficient: Decimal, number: Number) -> Decimal:
    """Zeros at the end go, unless the author wrote them after the point and so meant them."""
    mantissa = number.digits.lower().partition("e")[0]
    if "." in mantissa or not coefficient:
        return coefficient
    whole = coefficient.normalize()
    return whole if _decimals(whole) else whole.quantize(Decimal(1))


def _decimals(decimal: Decimal) -> int:
    exponent = decimal.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _word(power: int) -> str:
    pattern = LOCALE.compact_decimal_formats["long"]["other"][str(10**power)]
    return str(pattern.suffix[0])


def _pattern(decimal: Decimal, *, grouped: bool) -> str:
    places = _decimals(decimal)
    return ("#,##0" if grouped else "0") + ("." + "0" * places if places else "")


def _decimal(decimal: Decimal, *, grouped: bool) -> str:
    with localcontext(prec=_DIGITS):
        return format_decimal(decimal, format=_pattern(decimal, grouped=grouped), locale=LOCALE)


def _currency(decimal: Decimal, code: str) -> str:
    with localcontext(prec=_DIGITS):
        pattern = "¤" + _pattern(decimal, grouped=True)
        text = format_currency(decimal, code, format=pattern, currency_digits=False, locale=LOCALE)
    return _LETTERS_THEN_DIGIT.sub(NBSP, text)

"""Figures as a reader meets them: the source's significant digits and never more, in exact decimals.

`1.55e9 USD` is $1.55 billion or 1,55 Milliarden US-Dollar; ranges have their unit once, after a space that does not
break. Words of magnitude, currencies and separators are those of CLDR, units and their order those of the catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from functools import lru_cache

from babel.numbers import get_currency_name, get_currency_symbol

from chronicle.event.units import is_currency
from chronicle.event.value import Figure, Number, Quantity, Range
from chronicle.narrative.inert import plain
from chronicle.narrative.language.numerals import digits_ending, name_in, word_in
from chronicle.narrative.language.spoken import Phrase, Spoken
from chronicle.narrative.language.units import COUNTED, SYMBOLS
from chronicle.narrative.language.wording import Wording, noted

NBSP = "\u00a0"
EN_DASH = "\u2013"

_MILLION = 6
_TRILLION = 12
_SCIENTIFIC_FROM = 18
_SCIENTIFIC_BELOW = -6
_MOST_DECIMALS = 3
_DIGITS = 800  # more than any number a document may hold, so that nothing is ever rounded
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_QUALIFIERS = {
    "about": noted("figure", "about {figure}"),
    "more-than": noted("figure", "more than {figure}"),
    "less-than": noted("figure", "less than {figure}"),
    "at-least": noted("figure", "at least {figure}"),
    "at-most": noted("figure", "at most {figure}"),
}
_CURRENCY = noted("figure", "{currency:symbol}{number:abs}")
_CURRENCIES = noted("figure", "{currency:symbol}{number:abs} {magnitude}")
_UNIT = noted("figure", "{number}\u00a0{unit}")
_UNITS = noted("figure", "{number} {magnitude}\u00a0{unit}")
_PERCENT = noted("figure", "{number}%")
_NUMBER = noted("figure", "{number}")
_NUMBERS = noted("figure", "{number} {magnitude}")
_APART = noted("figure", "{low} to {high}")
_LENGTH = noted("figure", "long")


class Figures:
    """The figures of one language."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._words = wording.locale.compact_decimal_formats[wording.message(_LENGTH, "figure")]
        self.said = lru_cache(maxsize=4096)(self._said)

    def _said(self, value: Figure | Quantity | Range, *, unit_known: bool = False) -> str:
        """A numeric value as text. `unit_known`: a unit that is only a word is left out, for the words around name it.

        A unit that the language has no word for stays as it is written.
        """
        if isinstance(value, Figure):
            wide = (
                abs(value.number.decimal) >= 10_000 or value.number.decimal != value.number.decimal.to_integral_value()
            )
            return self._amount(value.number, value.number, "", grouped=wide).said()
        unit = "" if unit_known and is_word(value.unit) else value.unit
        if isinstance(value, Range):
            return self._range(value.low, value.high, unit)
        said = self._amount(value.amount, value.amount, unit)
        if value.qualifier is None:
            return said.said()
        return self._phrase(_QUALIFIERS[value.qualifier], {"figure": said}).said()

    def _range(self, low: Number, high: Number, unit: str) -> str:
        """One unit and one magnitude where both ends share them; `to` where a dash could be misread."""
        if low.normal == high.normal:
            return self._amount(low, low, unit).said()
        if low.decimal < 0 or _scaled(low)[1] != _scaled(high)[1]:
            ends: dict[str, Spoken] = {"low": self._amount(low, low, unit), "high": self._amount(high, high, unit)}
            return self._phrase(_APART, ends).said()
        return self._amount(low, high, unit).said()

    def _amount(self, low: Number, high: Number, unit: str, *, grouped: bool = True) -> Phrase:
        """A number, or two of one magnitude, with its unit. Plain numbers of four digits read well without a comma."""
        coefficient, power = _scaled(high)
        numbers = [_scaled(low)[0], coefficient] if low is not high else [coefficient]
        tag = self._wording.tag
        slots: dict[str, Spoken] = {"number": Digits(self._wording, numbers, power, grouped=grouped)}
        word = _MILLION <= power <= _TRILLION
        if word:
            slots["magnitude"] = Word(tag, self._magnitude(coefficient, power))
        if unit == "%":
            return self._phrase(_PERCENT if not word else _UNITS, slots | {"unit": Word(tag, "%")})
        if is_currency(unit):
            slots["currency"] = Currency(self._wording, unit, high.decimal)
            return self._phrase(_CURRENCIES if word else _CURRENCY, slots)
        if unit in ("", "1"):
            return self._phrase(_NUMBERS if word else _NUMBER, slots)
        slots["unit"] = self._unit(unit, high.decimal)
        return self._phrase(_UNITS if word else _UNIT, slots)

    def _unit(self, unit: str, amount: Decimal) -> Spoken:
        if unit in COUNTED:
            return Phrase(self._wording, self._counted_unit(unit, amount), {})
        if unit in SYMBOLS:
            return Phrase(self._wording, self._wording.variants(SYMBOLS[unit], "unit"), {})
        return Word(self._wording.tag, plain(unit))

    def _counted_unit(self, unit: str, amount: Decimal) -> dict[str, str]:
        """The word by its cases; those of a fraction are marked by a plus where they differ: `года | gen+: года`."""
        variants = self._wording.counted_variants(*COUNTED[unit], self._wording.counting(amount), "unit")
        if amount == amount.to_integral_value():
            return variants
        return variants | {case[:-1]: text for case, text in variants.items() if case.endswith("+")}

    def _magnitude(self, coefficient: Decimal, power: int) -> str:
        patterns = self._words.get(self._wording.locale.plural_form(coefficient), self._words["other"])
        return str(patterns[str(10**power)].pattern).replace("0", "").strip(f" {NBSP}")

    def _phrase(self, message: str, slots: Mapping[str, Spoken]) -> Phrase:
        return Phrase(self._wording, self._wording.variants(message, "figure"), slots)


class Digits:
    """A number, or two with a dash, in the separators of the language; `abs` is without its sign.

    A power of ten that has no word is written out.
    """

    on_day = False

    def __init__(self, wording: Wording, numbers: list[Decimal], power: int, *, grouped: bool) -> None:
        self._wording = wording
        self._numbers = numbers
        self._power = power
        self._grouped = grouped

    def said(self, form: str = "") -> str:
        numbers = [abs(number) for number in self._numbers] if form == "abs" else self._numbers
        with localcontext(prec=_DIGITS):
            said = EN_DASH.join(self._digits(number) for number in numbers)
        if self._power and not _MILLION <= self._power <= _TRILLION:
            return f"{said} \u00d7 10{str(self._power).translate(_SUPERSCRIPTS)}"
        return said + digits_ending(self._wording.tag, said, self._wording.point, form)

    def __format__(self, form: str) -> str:
        return self.said(form)

    def _digits(self, number: Decimal) -> str:
        text = f"{number:,f}" if self._grouped else f"{number:f}"
        return text.translate({ord(","): self._wording.group, ord("."): self._wording.point})


class Word:
    """A word of magnitude or a unit without forms of its own in the catalogue."""

    on_day = False

    def __init__(self, tag: str, word: str) -> None:
        self._tag = tag
        self._word = word

    def said(self, form: str = "") -> str:
        return word_in(self._tag, self._word, form)

    def __format__(self, form: str) -> str:
        return self.said(form)


class Currency:
    """A currency by its name for the amount; `symbol` is its sign, behind that of a negative amount."""

    on_day = False

    def __init__(self, wording: Wording, code: str, amount: Decimal) -> None:
        self._wording = wording
        self._code = code
        self._amount = amount

    def said(self, form: str = "") -> str:
        if form == "symbol":
            symbol = get_currency_symbol(self._code, self._wording.locale)
            # CLDR sets a currency of letters off from its figure.
            return f"{'-' if self._amount < 0 else ''}{symbol}{NBSP if symbol[-1].isalpha() else ''}"
        with localcontext(prec=_DIGITS):
            name = get_currency_name(self._code, self._amount, self._wording.locale)
        if self._wording.tag == "az" and " " not in name:
            name = name.lower()  # CLDR gives the names of currencies that stand alone in Azerbaijani
        return name_in(self._wording.tag, name, form)

    def __format__(self, form: str) -> str:
        return self.said(form)


def is_word(unit: str) -> bool:
    """The unit is a word rather than a symbol or a currency: `companies`."""
    return not is_currency(unit) and unit.isalpha() and len(unit) > len("kWh")


def is_known(unit: str) -> bool:
    """Catalogues have a text for the unit."""
    return unit in ("", "1", "%") or unit in SYMBOLS or unit in COUNTED or is_currency(unit)


def _scaled(number: Number) -> tuple[Decimal, int]:
    """The number as a coefficient and a power of ten: 1.55 and 9. Zeros written after the point are kept."""
    decimal = number.decimal
    adjusted = decimal.adjusted() if decimal else 0
    with localcontext(prec=_DIGITS):
        if adjusted >= _SCIENTIFIC_FROM or adjusted < _SCIENTIFIC_BELOW:
            return _shortened(decimal.scaleb(-adjusted), number), adjusted
        if adjusted >= _MILLION:
            power = min(adjusted - adjusted % 3, _TRILLION)
            coefficient = _shortened(decimal.scaleb(-power), number)
            if _decimals(coefficient) <= _MOST_DECIMALS:
                return coefficient, power
        return (decimal if _decimals(decimal) else decimal.quantize(Decimal(1))), 0


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

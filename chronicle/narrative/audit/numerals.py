"""Numbers read back from text as a reader of its language does: separators, magnitudes and signs by CLDR.

The value is exact. `worth` is that of the last printed digit: a figure that was rounded is within half of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache

from babel import Locale

DIGITS = 800
"""More than any number that a document may hold, so that reading is exact."""

INFLECTED = ("az", "ru", "tr")
"""Languages whose magnitudes and months take endings."""

_SPACES = "\u00a0\u202f"
_ENDING = 4
_SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SCIENTIFIC = re.compile(r"[ \u00a0\u202f]?×[ \u00a0\u202f]?10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_WORD_AFTER = re.compile(r"[ \u00a0\u202f]?([^\W\d_]+\.?)")
_SIGN = re.compile(r"(?:^|[^\w)])[-\u2212](?:[A-Z]{0,3}[^\w\s.,;:()\"'«»„“”–-]{0,2}[A-Z]{0,3})[ \u00a0\u202f]?$")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text, at `[start, end)`; `digits` is as printed, without sign and magnitude."""

    start: int
    end: int
    digits: str
    value: Decimal
    worth: Decimal

    def rounds(self, exact: Decimal) -> bool:
        """It is what the exact number is at the printed digits (either neighbour of a half)."""
        with localcontext(prec=DIGITS):
            return abs(self.value - exact) * 2 <= self.worth

    def times(self, power: Decimal) -> Numeral:
        """The same digits of another magnitude: the 7 of `7–8 million`."""
        with localcontext(prec=DIGITS):
            return Numeral(self.start, self.end, self.digits, self.value * power, self.worth * power)


class NumeralReader:
    """Reads the numbers of one language."""

    def __init__(self, language: str) -> None:
        locale = Locale.parse(language, sep="-")
        symbols = locale.number_symbols["latn"]
        group, self._decimal = symbols["group"], symbols["decimal"]
        self._group = _SPACES if group in _SPACES else group
        grouped, point = f"[{re.escape(self._group)}]", re.escape(self._decimal)
        self._digits = re.compile(rf"(?<!\w)(?:\d{{1,3}}(?:{grouped}\d{{3}})+(?!\d)|\d+)(?:{point}\d+)?")
        self._magnitudes = magnitudes(language)
        self._inflected = locale.language in INFLECTED

    def read(self, text: str, unit: str = "") -> list[Numeral]:
        """The numbers of a text in order. A word that is the `unit` is no magnitude."""
        return list(self._read(text, unit))

    def _read(self, text: str, unit: str) -> Iterator[Numeral]:
        end = 0
        for found in self._digits.finditer(text):
            if found.start() < end:
                continue  # the 10 of a power of ten
            digits = found[0]
            power, end = self._magnitude(text, found.end(), unit)
            plain = "".join("." if char == self._decimal else char for char in digits if char not in self._group)
            places = len(plain.partition(".")[2])
            sign = "-" if _SIGN.search(text, max(found.start() - 8, 0), found.start()) else ""
            with localcontext(prec=DIGITS):
                value = Decimal(sign + plain).scaleb(power)
            yield Numeral(found.start(), end, digits, value, Decimal(1).scaleb(power - places))

    def _magnitude(self, text: str, at: int, unit: str) -> tuple[int, int]:
        scientific = _SCIENTIFIC.match(text, at)
        if scientific:
            return int(scientific[1].translate(_SUPERSCRIPTS)), scientific.end()
        word = _WORD_AFTER.match(text, at)
        if word is None or word[1] == unit:
            return 0, at
        for said in (word[1], word[1].removesuffix(".")):
            if said in self._magnitudes:
                return self._magnitudes[said], word.start(1) + len(said)
        if self._inflected:
            for known, power in self._magnitudes.items():
                if len(known) > 3 and word[1].startswith(known) and len(word[1]) - len(known) <= _ENDING:
                    return power, word.end()
        return 0, at


@cache
def magnitudes(language: str) -> dict[str, int]:
    """Word -> power of ten, of two letters or more: `million`, `Mio.`, `млрд`."""
    locale = Locale.parse(language, sep="-")
    found: dict[str, int] = {}
    for width in ("long", "short"):
        for patterns in locale.compact_decimal_formats[width].values():
            for bound, pattern in patterns.items():
                text = str(pattern.pattern).replace("'", "")
                word = text.strip("0 \u00a0\u202f")
                if len(word) > 1 and "0" in text:
                    found[word] = len(bound) - text.count("0")
    return found

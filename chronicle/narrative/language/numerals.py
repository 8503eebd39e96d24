"""Numbers that are bent in writing: `1994-cü` and `20-dən` in Azerbaijani, `2025'in` in Turkish, `1er` in French.

An ending follows the vowels of the numeral as it is read. Everything else that a language needs is in its catalogue.
"""

from __future__ import annotations

from functools import cache

_READ = {
    "az": (
        ("sıfır", "bir", "iki", "üç", "dörd", "beş", "altı", "yeddi", "səkkiz", "doqquz"),
        ("on", "iyirmi", "otuz", "qırx", "əlli", "altmış", "yetmiş", "səksən", "doxsan"),
        ("yüz", "min", "milyon", "milyard", "trilyon"),
    ),
    "tr": (
        ("sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"),
        ("on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"),
        ("yüz", "bin", "milyon", "milyar", "trilyon"),
    ),
}
_VOWELS = "aıoueəiöü"
_BACK = "aıou"
_ROUND = "ouöü"
_HARD = "çfhkpsşt"


class Numeral:
    """A whole number as a slot; `{year:ord}` is its ordinal, other cases are those of its language."""

    on_day = False

    __slots__ = ("_number", "_shown", "_tag")

    def __init__(self, tag: str, number: int, shown: str | None = None) -> None:
        self._tag = tag
        self._number = number
        self._shown = str(number) if shown is None else shown

    def said(self, form: str = "") -> str:
        return self._shown + number_ending(self._tag, self._number, form)

    def __format__(self, form: str) -> str:
        return self.said(form)


@cache
def number_ending(tag: str, number: int, case: str) -> str:
    """What a case puts to the digits; blank where the language puts nothing."""
    if case == "":
        return ""
    if tag in _READ:
        word, ending = _last_word(tag, number), ""
        for one in case.split("+"):  # `plural+loc`
            ending += word_ending(tag, word + ending, one)
        mark = "-" if tag == "az" else "'"
        return mark + ending if ending else ""
    if case == "ord":
        return {"de": ".", "fr": "er" if number == 1 else ""}.get(tag, "")
    return ""


def _last_word(tag: str, number: int) -> str:
    """The last word of the number as it is read."""
    ones, tens, powers = _READ[tag]
    digits = str(abs(number))
    zeros = len(digits) - len(digits.rstrip("0"))
    if number == 0 or zeros == 0:
        return ones[int(digits[-1])]
    if zeros == 1:
        return tens[int(digits[-2]) - 1]
    return powers[0] if zeros == 2 else powers[min(zeros // 3, len(powers) - 1)]


def word_ending(tag: str, word: str, case: str) -> str:
    """The ending that a case gives a word by its vowels; blank for a case that the language does not build so.

    Azerbaijani `ord loc abl dat` (the dative of a day, `24-nə`), Turkish `loc abl dat gen plural`.
    """
    vowel = next((char for char in reversed(word.lower()) if char in _VOWELS), "i")
    low = "a" if vowel in _BACK else "ə" if tag == "az" else "e"
    high = {(True, True): "u", (True, False): "ı", (False, True): "ü", (False, False): "i"}[
        vowel in _BACK, vowel in _ROUND
    ]
    open_end = word[-1:] in _VOWELS
    stop = "t" if tag == "tr" and word[-1:] in _HARD else "d"
    endings = {
        "loc": stop + low,
        "abl": f"{stop}{low}n",
        "dat": f"n{low}" if tag == "az" else ("y" if open_end else "") + low,
    }
    if tag == "az":
        endings["ord"] = f"c{high}"
    else:
        endings |= {"gen": f"{'n' if open_end else ''}{high}n", "plural": f"l{low}r"}
    return endings.get(case, "")


def digits_ending(tag: str, digits: str, point: str, case: str) -> str:
    """As `number_ending`, of a figure in digits: decimals are read as a number of their own."""
    if case == "" or tag not in _READ:
        return ""
    last = digits.rpartition(point)[2] if point in digits else digits.rpartition("\u2013")[2]
    return number_ending(tag, int("".join(filter(str.isdecimal, last))), case)


def word_in(tag: str, word: str, case: str) -> str:
    """A word in a case: `milyondan`, `d'euros`; as it is where the language builds no such case from endings."""
    if tag == "fr" and case == "de":
        return f"d\u2019{word}" if word[:1].lower() in "aeiouyéèêh" else f"de {word}"
    return word + word_ending(tag, word, case) if tag in _READ and case else word


def name_in(tag: str, name: str, case: str) -> str:
    """A name in a case; one of several words that ends in its owner's ending takes an n first: `dolarından`."""
    if tag in _READ and case and " " in name and name[-1:] in "ıiuü":
        return f"{name}n{word_ending(tag, f'{name}n', case)}"
    return word_in(tag, name, case)

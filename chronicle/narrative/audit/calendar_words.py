"""Words of the calendar found in text: months, weekdays and seasons, and numbers that are spelled out.

Months and weekdays are CLDR's; the rest is a table, and a language that is not in it is read without them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.localedata import load

from chronicle.narrative.audit.numerals import INFLECTED

WORD = re.compile(r"[^\W\d_]+")
_LONGEST_ENDING = 5

# CLDR names no seasons, and Babel spells no numbers out. Seasons and ordinals are stems.
_SEASONS = {
    "en": ("spring", "summer", "autumn", "winter"),
    "az": ("yaz", "yay", "payız", "qış"),
    "tr": ("ilkbahar", "yaz", "sonbahar", "kış"),
    "ru": ("весн", "лет", "осен", "зим"),
    "de": ("frühling", "sommer", "herbst", "winter"),
    "fr": ("printemps", "été", "automne", "hiver"),
}
_CARDINALS = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "az": "iki üç dörd beş altı yeddi səkkiz doqquz on on_bir on_iki",
    "tr": "iki üç dört beş altı yedi sekiz dokuz on on_bir on_iki",
    "ru": "два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
}
_ONES = {
    "en": "one",
    "az": "bir",
    "tr": "bir",
    "ru": "один одна одно одну одного одной одним",
    "de": "ein eine einen einem einer eines eins",
    "fr": "un une",
}
_ORDINALS = {
    "en": ("first", "second", "third", "fourth"),
    "az": ("birinci", "ikinci", "üçüncü", "dördüncü"),
    "tr": ("birinci", "ikinci", "üçüncü", "dördüncü"),
    "ru": ("перв", "втор", "трет", "четверт"),
    "de": ("erste", "zweite", "dritte", "vierte"),
    "fr": ("premi", "deuxième", "troisième", "quatrième"),
}
_GENITIVES = {
    2: "двух", 3: "трёх", 4: "четырёх", 5: "пяти", 6: "шести", 7: "семи", 8: "восьми", 9: "девяти", 10: "десяти",
    11: "одиннадцати", 12: "двенадцати",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CalendarWord:
    """A word at `[start, end)`.

    `kind` is month (1 to 12), weekday (0 is Monday), season (1 is spring), ordinal, count, or one (often an article).
    """

    start: int
    end: int
    text: str
    kind: str
    number: int


class CalendarReader:
    """Finds the words of one language."""

    def __init__(self, language: str) -> None:
        locale = Locale.parse(language, sep="-")
        self._language = locale.language
        self._exact: dict[str, tuple[str, int]] = {}
        self._stems: list[tuple[str, str, int]] = []
        for number, name in _names(locale, "days"):
            self._exact.setdefault(name, ("weekday", number))
        self._months(locale)
        for number, stem in enumerate(_SEASONS.get(self._language, ()), 1):
            self._stems.append((stem, "season", number))
        for number, stem in enumerate(_ORDINALS.get(self._language, ()), 1):
            self._stems.append((stem, "ordinal", number))
        for word in _ONES.get(self._language, "").split():
            self._exact.setdefault(word, ("one", 1))
        for number, word in enumerate(_CARDINALS.get(self._language, "").split(), 2):
            self._exact.setdefault(word, ("count", number))
        if self._language == "ru":
            self._exact |= {word: ("count", number) for number, word in _GENITIVES.items()}

    def months(self, text: str) -> list[CalendarWord]:
        """The months that a text names, in order."""
        return [word for word in self.words(text) if word.kind == "month"]

    def words(self, text: str) -> list[CalendarWord]:
        """All words of the calendar in a text, in order."""
        found = []
        for word in WORD.finditer(text):
            known = self._word(word[0])
            if known is not None:
                found.append(CalendarWord(word.start(), word.end(), word[0], *known))
        return found

    @cache  # noqa: B019 - readers are few and kept by `reader`
    def _word(self, word: str) -> tuple[str, int] | None:
        for form in dict.fromkeys((word, lowered(word, self._language))):
            if form in self._exact:
                return self._exact[form]
            for stem, kind, number in self._stems:
                if form.startswith(stem) and len(form) - len(stem) <= _LONGEST_ENDING:
                    return kind, number
        return None

    def _months(self, locale: Locale) -> None:
        """Names as they are; where months take endings, also what begins like one."""
        forms: dict[int, list[str]] = {}
        for number, name in _names(locale, "months"):
            self._exact.setdefault(name, ("month", number))
            forms.setdefault(number, []).append(name)
        for number, names in forms.items() if self._language in INFLECTED else ():
            stem = _common(names)
            if len(stem) > 2:
                self._stems.append((stem, "month", number))
            else:
                self._exact[stem + "е"] = ("month", number)  # в мае


@cache
def reader(language: str) -> CalendarReader:
    """The reader of a language."""
    return CalendarReader(language)


def lowered(text: str, language: str) -> str:
    """In small letters, where İ and I of Turkish and Azerbaijani are two letters."""
    if language in ("az", "tr"):
        text = text.replace("İ", "i").replace("I", "ı")
    return text.lower()


def _names(locale: Locale, what: str) -> list[tuple[int, str]]:
    """Full names and those after `LLLL`.

    Babel may give the stand-alone names of another locale that was read before, where a locale has none of its own.
    """
    found = list(getattr(locale, what)["format"]["wide"].items())
    own = load(str(locale), merge_inherited=False).get(what, {})
    if "wide" in own.get("stand-alone", {}):
        found += own["stand-alone"]["wide"].items()
    return found


def _common(names: list[str]) -> str:
    first = names[0]
    length = next((at for at, char in enumerate(first) if any(name[at : at + 1] != char for name in names)), len(first))
    return first[:length]

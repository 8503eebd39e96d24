"""What stands outside of runs: numbers, dates and names there must come from the texts of events, or from the basis.

Words with a capital are held against the catalogue of the language, CLDR, and what the events say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.messages.pofile import read_po

from chronicle.narrative.audit.calendar_words import WORD, lowered, reader
from chronicle.narrative.audit.figure_runs import Fault, currency_names, unit_names
from chronicle.narrative.audit.ground import Ground
from chronicle.narrative.audit.lines import Line
from chronicle.narrative.audit.material import Material, numbers
from chronicle.narrative.audit.numerals import NumeralReader, magnitudes
from chronicle.narrative.audit.typed_runs import events_of
from chronicle.narrative.audit.written_dates import named

_GAP = "\ue000"
_SLOT = re.compile(r"\{[^{}]*\}")
_TRIMMED = ".,:-"


class WordReader:
    """Reads what is outside of runs, in one document."""

    def __init__(self, ground: Ground, numerals: NumeralReader) -> None:
        self._ground = ground
        self._numerals = numerals
        self._vocabulary = vocabulary(ground.language)

    def faults(self, line: Line, computed: frozenset[int]) -> Iterator[tuple[str, Fault]]:
        """Each number, month and word with a capital that nothing stands behind.

        `computed` are whole numbers that the working of the line comes to.
        """
        text = _untyped(line)
        if line.section == "[title]" and self._ground.is_label(text):
            return
        events = sorted(events_of(line))
        for found in numbers(text):
            number = found[0].strip(_TRIMMED)
            if number.isdecimal() and int(number) in computed:
                continue
            if not self._is_said(number, events) and not self._is_shown(found, text, line, events):
                yield found[0], ("orphan", f"nothing stands behind the number {found[0]}")
        known = {word.start: word for word in reader(self._ground.language).words(text)}
        for word in WORD.finditer(text):
            dated = known.get(word.start())
            if dated is not None and dated.kind in ("month", "count"):
                if dated.number in computed or self._is_worded(word[0], events):
                    continue
                if dated.number not in self._allowed(dated.kind, line, events):
                    yield word[0], ("orphan", f"nothing stands behind the {dated.kind} {word[0]}")
            elif dated is not None and dated.kind == "one" and dated.number in computed:
                continue
            elif word[0][0].isupper() and not self._is_ours(word[0]) and not self._is_worded(word[0], events):
                yield word[0], ("orphan", f"nothing stands behind the name {word[0]}")

    def _is_said(self, number: str, events: list[str]) -> bool:
        """The number stands so in the texts of the events; in those of the chronicle if the line rests on no event."""
        return any(number in found.numbers for found in self._materials(events))

    def _is_worded(self, word: str, events: list[str]) -> bool:
        low = lowered(word, self._ground.language)
        return any(low in found.words for found in self._materials(events)) or low in self._ground.basis.words

    def _materials(self, events: list[str]) -> Iterator[Material]:
        if not events:
            yield self._ground.basis
            yield self._ground.described
        yield from (self._ground.material(event) for event in events)

    def _is_ours(self, word: str) -> bool:
        return lowered(word, self._ground.language) in self._vocabulary

    def _allowed(self, kind: str, line: Line, events: list[str]) -> frozenset[int]:
        """A line without runs may name the months of its events, and of the basis, and how many things are shown."""
        if line.runs:
            return frozenset()
        if kind == "count":
            return line.counts
        return frozenset(month for edtf in self._dates(events) for month in named(edtf).months)

    def _is_shown(self, found: re.Match[str], text: str, line: Line, events: list[str]) -> bool:
        """A line without runs may say the figures, dates and decades of its facts, and how many things are shown."""
        if line.runs:
            return False
        if ":" in found[0] and any(found[0] in edtf for edtf in self._dates(events)):
            return True  # a time of day
        numerals = [one for one in self._numerals.read(text) if one.start < found.end() and found.start() < one.end]
        allowed = {Decimal(count) for count in line.counts}
        allowed |= {number for ref in line.refs for number in self._ground.numbers(ref)}
        for edtf in self._dates(events):
            said = named(edtf)
            allowed |= {
                Decimal(number) for number in said.numbers | said.counts | {year - year % 10 for year in said.years}
            }
        return bool(numerals) and all(abs(one.value) in allowed or one.value in allowed for one in numerals)

    def _dates(self, events: list[str]) -> set[str]:
        return {time for event in events for time in self._ground.times(event)} | self._ground.bounds


def _untyped(line: Line) -> str:
    """The text with its runs blanked out, but for plain ones; all of it where it has no runs."""
    if not line.runs:
        return line.sentence.text
    return "".join(run.text if run.kind == "text" else _GAP * len(run.text) for run in line.sentence.runs)


@cache
def vocabulary(language: str) -> frozenset[str]:
    """The words of the catalogue, in small letters, with those by which CLDR names languages, money, units and days."""
    locale = Locale.parse(language, sep="-")
    texts = [*locale.languages.values(), *locale.currencies.values(), *locale.days["format"]["wide"].values()]
    texts += magnitudes(language)
    texts += (name for names in unit_names(language).values() for name in names)
    texts += (str(name) for width in ("wide", "abbreviated") for name in locale.eras[width].values())
    texts += ("UTC", *currency_names("USD", language))
    for item in sorted((files("chronicle.narrative.language") / "locales").iterdir(), key=lambda one: one.name):
        if not item.name.endswith(".po"):
            continue
        with item.open("rb") as file:
            for message in read_po(file):
                said = [message.id, message.string if item.name == f"{locale.language}.po" else ""]
                for part in said:
                    texts += part if isinstance(part, list | tuple) else (part,)
    return frozenset(lowered(word, language) for text in texts for word in WORD.findall(_SLOT.sub(" ", text)))

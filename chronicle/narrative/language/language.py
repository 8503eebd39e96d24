"""Everything that depends on a language, behind one face: sentences, dates, figures, names and lists."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from chronicle.event.model import Attribute, Entity, Fact
from chronicle.event.value import EntityValue, Figure, Flag, Number, Quantity, Range, Text, Value
from chronicle.narrative.document import FactRef, Run
from chronicle.narrative.inert import plain
from chronicle.narrative.language.figures import NBSP, Figures, is_known, is_word
from chronicle.narrative.language.names import Name, Names, begun, opened
from chronicle.narrative.language.spans import Spans
from chronicle.narrative.language.spoken import FORMS, Spoken
from chronicle.narrative.language.wording import SOURCE, Slot, Wording, joined, noted, runs_of
from chronicle.when import When

_DIMENSIONS = (
    noted("dimension", "partner"),
    noted("dimension", "country"),
    noted("dimension", "region"),
    noted("dimension", "market"),
    noted("dimension", "sector"),
    noted("dimension", "product"),
)
_CONJUNCTIONS = {"and": noted("list", "and"), "or": noted("list", "or")}
_KEPT = 4096  # dates of one report are said again and again: in a heading, a sentence, a table, a picture
_SPELLED = "no one two three four five six seven eight nine ten eleven twelve".split()


class Dated:
    """A date in a sentence, in the forms of `spoken.FORMS`, the cases of its language and, blank, as in a table."""

    __slots__ = ("_alone", "_fact", "_names", "_on", "_when")

    def __init__(
        self, alone: Spoken | None, on: Spoken | None, when: str, fact: FactRef | None, names: Container[str]
    ) -> None:
        self._alone = alone
        self._on = on
        self._when = when
        self._fact = fact
        self._names = names

    def form(self, name: str) -> tuple[Run, ...]:
        if name not in self._names:
            raise KeyError(name)
        said = self._on if name else self._alone
        return (Run(said.said(name), kind="date", when=self._when, fact=self._fact),) if said is not None else ()


class Language:
    """One language with the names of one chronicle. What has no label in it is called as in the chronicle.

    `written` is the language of the labels, values and units as their author wrote them.
    """

    def __init__(
        self, tag: str, entities: Mapping[str, Entity], attributes: Mapping[str, Attribute], written: str = SOURCE
    ) -> None:
        self.tag = tag
        self._foreign = None if tag == written else written
        self._wording = Wording(tag)
        self._forms = frozenset(FORMS) | self._wording.cases | {""}
        self._spans = Spans(self._wording)
        self._when = lru_cache(maxsize=_KEPT)(self._spans.when)
        self._period = lru_cache(maxsize=_KEPT)(self._spans.period)
        self._figures = Figures(self._wording)
        self._names = Names(tag, entities, attributes, written)

    def say(self, message: str, context: str | None = None, /, **slots: Slot) -> tuple[Run, ...]:
        """A message with its slots filled; a whole sentence begins with a capital."""
        runs = self._wording.fill(self._wording.message(message, context), slots)
        return begun(runs, self.tag) if _is_sentence(message) else runs

    def counted(self, one: str, many: str, count: int, context: str | None = None, /, **slots: Slot) -> tuple[Run, ...]:
        """A message by the plural rules of the language; `{count}` is the number, in English a word up to twelve."""
        runs = self._wording.fill(
            self._wording.counted(one, many, count, context), {"count": self._count(count), **slots}
        )
        return begun(runs, self.tag) if _is_sentence(many) else runs

    def text(self, message: str, context: str | None = None, /) -> str:
        """A word or heading without slots."""
        return self._wording.message(message, context)

    def begun(self, text: str, lang: str | None = None) -> str:
        """A text that is no sentence, as a heading or at the beginning of a line: with a capital.

        `lang` is the language of the text, where it is another.
        """
        return "".join(run.text for run in begun((Run(text, lang=lang),), self.tag))

    def when(self, when: When, *, year: int | None = None, fact: FactRef | None = None) -> Dated:
        """A date; `year` is that of the heading and goes unsaid, a date that is no more than it is blank."""
        alone = self._when(when, year)
        on = self._period(when, year) if when.kind == "interval" else alone
        return Dated(alone, on, when.edtf, fact, self._forms)

    def period(self, edtf: str, *, year: int | None = None, fact: FactRef | None = None) -> Dated:
        """The period of a figure: `in the first nine months of 2025`; blank January to September with a dash."""
        when = When.parse(edtf)
        return Dated(self._spans.brief(when), self._period(when, year), edtf, fact, self._forms)

    def held(self, fact: Fact, occurred: When, ref: FactRef | None = None) -> tuple[Run, ...]:
        """When a fact without a period holds: `from 2017 until 20 January 2021`."""
        return (
            Run(self._spans.held(fact, occurred), kind="date", when=fact.at or fact.from_ or occurred.edtf, fact=ref),
        )

    def due(self, edtf: str, ref: FactRef | None = None) -> tuple[Run, ...]:
        """`by 2030`, of the time at which a target is to be reached."""
        return (Run(self._spans.due(When.parse(edtf)), kind="date", when=edtf, fact=ref),)

    def end_of(self, date: str) -> Dated:
        """A query date as the end of its unit: `1 March 2026`, `the end of 2025`."""
        said = self._spans.end_of(date)
        return Dated(said, said, date, None, self._forms)

    def value(
        self, value: Value, *, fact: FactRef | None = None, attribute: str | None = None, bare: bool = False
    ) -> tuple[Run, ...]:
        """A value in words. A unit that the label of `attribute` names is left out; `bare` leaves articles out."""
        match value:
            case Text():
                return (Run(plain(value.text), fact=fact, lang=self._foreign),)
            case Flag():
                return (Run(self.text("yes") if value.flag else self.text("no"), fact=fact),)
            case EntityValue():
                run = self.label(value.entity) if bare else self.name(value.entity).run
                return (Run(run.text, kind="name", entity=run.entity, lang=run.lang, fact=fact),)
            case Figure() | Quantity() | Range():
                return self._figure(value, attribute, fact)
        raise AssertionError(value)

    def computed(self, amount: Decimal, unit: str = "", *, fact: FactRef | None = None) -> Run:
        """A computed figure, with all digits of the decimal."""
        number = Number(format(amount, "f"))
        said = self._figures.said(Quantity(number, unit) if unit else Figure(number))
        return Run(said, kind="figure", fact=fact)

    def name(self, entity: str) -> Name:
        """What an entity is called in a sentence, with the article where English has one: `the United States`."""
        return self._names.name(entity)

    def label(self, entity: str) -> Run:
        """The bare label, as in a table; of what is not declared, the id with its hyphens opened."""
        return self._names.label(entity)

    def attribute(self, attribute: str) -> Run:
        """The attribute's label, or its id with its hyphens opened."""
        return self._names.attribute(attribute)

    def dimensions(self, dimensions: Mapping[str, str]) -> tuple[Run, ...]:
        """` (partner: United States)` after an attribute's label; blank if there are none."""
        runs: list[Run] = []
        for key, value in sorted(dimensions.items()):
            runs += [Run(self.text("; ") if runs else " ("), *self._role(key), Run(self.text(": ")), self.label(value)]
        return joined([*runs, Run(")")]) if runs else ()

    def listed(self, items: Sequence[Slot], conjunction: Literal["and", "or"] = "and") -> tuple[Run, ...]:
        """`A, B and C`; with semicolons where an item has a comma or a conjunction of its own."""
        parts = [runs_of(item) for item in items]
        if len(parts) < 2:
            return joined(run for part in parts for run in part)
        texts = ["".join(run.text for run in part) for part in parts]
        between = f" {self.text(_CONJUNCTIONS[conjunction], 'list')} "
        comma = any(text.endswith(",") or ", " in text for text in texts)
        heavy = len(parts) > 2 and (comma or any(between in text for text in texts))
        semicolon = self.text("; ")
        runs = list(parts[0])
        for part in parts[1:-1]:
            runs += [Run(semicolon if heavy else ", "), *part]
        tail = f"{semicolon.rstrip()}{between}" if heavy else f",{between}" if comma and len(parts) == 2 else between
        return joined([*runs, Run(tail), *parts[-1]])

    def _figure(self, value: Figure | Quantity | Range, attribute: str | None, fact: FactRef | None) -> tuple[Run, ...]:
        """A unit that is a word of the chronicle stays in its language, and says so."""
        unit = "" if isinstance(value, Figure) else value.unit
        named = attribute is not None and self._names.names_unit(attribute, unit)
        if isinstance(value, Figure) or self._foreign is None or is_known(unit) or (named and is_word(unit)):
            return (Run(self._figures.said(value, unit_known=named), kind="figure", fact=fact),)
        said = self._figures.said(replace(value, unit=""))
        return (Run(said, kind="figure", fact=fact), Run(NBSP), Run(plain(unit), fact=fact, lang=self._foreign))

    def _count(self, count: int) -> str:
        if self.tag == SOURCE and count < len(_SPELLED):
            return _SPELLED[count]
        return self._figures.said(Figure(Number(str(count))))

    def _role(self, name: str) -> tuple[Run, ...]:
        """The key of a dimension: a word that catalogues know, or one of the chronicle."""
        word = opened(name)
        if word in _DIMENSIONS:
            return (Run(self.text(word, "dimension")),)
        return (Run(word, lang=self._foreign),)


def _is_sentence(message: str) -> bool:
    return message[:1].isupper() or message.endswith((".", ":", "!", "?"))

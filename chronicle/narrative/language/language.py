"""Everything that depends on a language, behind one face: sentences, dates, figures, names and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chronicle.event.model import Attribute, Entity, Fact
from chronicle.event.value import EntityValue, Figure, Flag, Number, Quantity, Range, Text, Value
from chronicle.narrative.document import FactRef, Run
from chronicle.narrative.figures import figure
from chronicle.narrative.language.spans import Spans
from chronicle.narrative.language.spoken import Spoken
from chronicle.narrative.language.wording import Slot, Wording, joined, runs_of
from chronicle.narrative.markdown import plain
from chronicle.narrative.naming import capital, possessive, with_article
from chronicle.when import When

_UNNAMED_TYPES = ("person", "company", "city")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence; the form `owner` says whose (`Azerbaijan's`)."""

    run: Run

    @property
    def runs(self) -> tuple[Run, ...]:
        return (self.run,)

    def form(self, name: str) -> tuple[Run, ...]:
        if name == "":
            return (self.run,)
        if name == "owner":
            ending = possessive(self.run.text)[len(self.run.text) :]
            return (self.run, Run(ending)) if ending else (self.run,)
        raise KeyError(name)


class Dated:
    """A date in a sentence, in the forms of `spoken.FORMS`, the cases of its language and, blank, as in a table."""

    __slots__ = ("_alone", "_fact", "_on", "_when")

    def __init__(self, alone: Spoken | None, on: Spoken | None, when: str, fact: FactRef | None) -> None:
        self._alone = alone
        self._on = on
        self._when = when
        self._fact = fact

    def form(self, name: str) -> tuple[Run, ...]:
        said = self._on if name else self._alone
        return (Run(said.said(name), kind="date", when=self._when, fact=self._fact),) if said is not None else ()


class Language:
    """One language with the names of one chronicle. What has no label in it is called as in the chronicle."""

    def __init__(self, tag: str, entities: Mapping[str, Entity], attributes: Mapping[str, Attribute]) -> None:
        self.tag = tag
        self._wording = Wording(tag)
        self._spans = Spans(self._wording)
        self._entities = entities
        self._attributes = attributes

    def say(self, message: str, *, context: str | None = None, **slots: Slot) -> tuple[Run, ...]:
        """A message with its slots filled; a whole sentence begins with a capital."""
        runs = self._wording.fill(self._wording.message(message, context), slots)
        return self._begun(runs) if _is_sentence(message) else runs

    def counted(self, one: str, many: str, count: int, *, context: str | None = None, **slots: Slot) -> tuple[Run, ...]:
        """A message by the plural rules of the language; `{count}` is the number, unless given."""
        runs = self._wording.fill(self._wording.counted(one, many, count, context), {"count": count, **slots})
        return self._begun(runs) if _is_sentence(many) else runs

    def text(self, message: str, *, context: str | None = None) -> str:
        """A word or heading without slots."""
        return self._wording.message(message, context)

    def when(self, when: When, *, year: int | None = None, fact: FactRef | None = None) -> Dated:
        """A date; `year` is that of the heading and goes unsaid, a date that is no more than it is blank."""
        alone = self._spans.when(when, year)
        on = self._spans.period(when, year) if when.kind == "interval" else alone
        return Dated(alone, on, when.edtf, fact)

    def period(self, edtf: str, *, year: int | None = None, fact: FactRef | None = None) -> Dated:
        """The period of a figure: `in the first nine months of 2025`; blank January to September with a dash."""
        when = When.parse(edtf)
        return Dated(self._spans.brief(when), self._spans.period(when, year), edtf, fact)

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
        return Dated(said, said, date, None)

    def value(
        self, value: Value, *, fact: FactRef | None = None, attribute: str | None = None, bare: bool = False
    ) -> tuple[Run, ...]:
        """A value in words. A unit that the label of `attribute` names is left out; `bare` leaves articles out."""
        match value:
            case Text():
                return (Run(plain(value.text), fact=fact),)
            case Flag():
                return (Run(self.text("yes") if value.flag else self.text("no"), fact=fact),)
            case EntityValue():
                run = self.label(value.entity) if bare else self.name(value.entity).run
                return (Run(run.text, kind="name", entity=run.entity, lang=run.lang, fact=fact),)
            case Figure() | Quantity() | Range():
                unit = "" if isinstance(value, Figure) else value.unit
                said = attribute is not None and unit in self.attribute(attribute).text.split()
                return (Run(figure(value, unit_known=said), kind="figure", fact=fact),)
        raise AssertionError(value)

    def computed(self, amount: Decimal, unit: str = "", *, fact: FactRef | None = None) -> Run:
        """A computed figure, with all digits of the decimal."""
        number = Number(format(amount, "f"))
        return Run(figure(Quantity(number, unit) if unit else Figure(number)), kind="figure", fact=fact)

    def name(self, entity: str) -> Name:
        """What an entity is called in a sentence, with the article where English has one: `the United States`."""
        label = self.label(entity)
        known = self._entities.get(entity)
        bare = known is not None and known.type in _UNNAMED_TYPES
        text = label.text if bare or self.tag != "en" else with_article(label.text)
        return Name(Run(text, kind="name", entity=entity, lang=label.lang))

    def label(self, entity: str) -> Run:
        """The bare label, as in a table; of what is not declared, the id with its hyphens opened."""
        known = self._entities.get(entity)
        if known is None:
            return Run(_opened(entity), kind="name", entity=entity)
        text, lang = self._labelled(known.label, known.labels)
        return Run(text, kind="name", entity=entity, lang=lang)

    def attribute(self, attribute: str) -> Run:
        """The attribute's label, or its id with its hyphens opened."""
        known = self._attributes.get(attribute)
        if known is None or not known.label:
            return Run(_opened(attribute))
        text, lang = self._labelled(known.label, known.labels)
        return Run(text, lang=lang)

    def dimensions(self, dimensions: Mapping[str, str]) -> tuple[Run, ...]:
        """` (partner: United States)` after an attribute's label; blank if there are none."""
        runs: list[Run] = []
        for key, value in sorted(dimensions.items()):
            runs += [Run("; " if runs else " ("), Run(f"{_opened(key)}: "), self.label(value)]
        return joined([*runs, Run(")")]) if runs else ()

    def circumstance(self, dimensions: Mapping[str, str]) -> tuple[Run, ...]:
        """`with the United States as partner`, the dimensions inside a sentence."""
        return self.listed(
            [
                self.say("with {entity} as {role}", entity=self.name(value), role=_opened(key))
                for key, value in sorted(dimensions.items())
            ]
        )

    def listed(self, items: Sequence[Slot], conjunction: str = "and") -> tuple[Run, ...]:
        """`A, B and C`; with semicolons where an item has a comma or a conjunction of its own."""
        parts = [runs_of(item) for item in items]
        texts = ["".join(run.text for run in part) for part in parts]
        comma, last = ", ", f" {conjunction} "
        if len(parts) > 2 and any("," in text or last in text for text in texts):
            comma, last = "; ", f"; {conjunction} "
        elif len(parts) == 2 and any("," in text for text in texts):
            last = f", {conjunction} "
        runs: list[Run] = []
        for index, part in enumerate(parts):
            if index:
                runs.append(Run(last if index == len(parts) - 1 else comma))
            runs += part
        return joined(runs)

    def _labelled(self, label: str, labels: Mapping[str, str]) -> tuple[str, str | None]:
        if self.tag in labels:
            return plain(labels[self.tag]), None
        return plain(label), None if self.tag == "en" else "en"

    def _begun(self, runs: tuple[Run, ...]) -> tuple[Run, ...]:
        if not runs:
            return runs
        first = runs[0]
        if first.kind != "name" or first.text.startswith(("the ", "a ", "an ")):
            text = capital(first.text)
            first = Run(text, first.kind, first.style, first.fact, first.when, first.entity, first.href, first.lang)
        return (first, *runs[1:])


def _is_sentence(message: str) -> bool:
    return message[:1].isupper() or message.endswith((".", ":", "!", "?"))


def _opened(name: str) -> str:
    return plain(name.replace("-", " ").replace("_", " "))

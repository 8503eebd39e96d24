"""What things are called in a sentence: labels by language, and the article where English names take one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from chronicle.event.model import Attribute, Entity
from chronicle.narrative.document import Run
from chronicle.narrative.inert import plain
from chronicle.narrative.language.wording import SOURCE, joined

_UNNAMED_TYPES = ("person", "company", "city")
_HEADS = frozenset(
    "accord agency agreement alliance assembly authority bank bloc bureau charter commission committee congress "
    "consortium contract convention corridor council court declaration department emirates federation fund government "
    "initiative institute islands kingdom line memorandum ministry netherlands office organization organisation pact "
    "parliament partnership philippines pipeline programme program project protocol railway republic road route senate "
    "states statute treaty union university caucasus balkans".split()
)
_HEAD_END = re.compile(r" (?:of|on|for|between|with|in) ", re.IGNORECASE)
_ARTICLES = ("the", "a", "an")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence; the form `owner` says whose: `Azerbaijan's`, `the United States'`."""

    run: Run
    ending: str = ""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The plain form."""
        return (self.run,)

    def form(self, name: str) -> tuple[Run, ...]:
        """The runs of a form; languages without a possessive leave the name as it is."""
        if name not in ("", "owner"):
            raise KeyError(name)
        return joined((self.run, Run(self.ending))) if name else (self.run,)


class Names:
    """Labels of one chronicle's entities and attributes in one language. What has none is called by its id.

    A label that is not given in the language is that of the chronicle, marked as being in `written`; so is an id.
    """

    def __init__(
        self, tag: str, entities: Mapping[str, Entity], attributes: Mapping[str, Attribute], written: str
    ) -> None:
        self._tag = tag
        self._foreign = None if tag == written else written
        self._entities = entities
        self._attributes = attributes
        self._labels: dict[str, Run] = {}

    def label(self, entity: str) -> Run:
        """The bare label, as in a table."""
        found = self._labels.get(entity)
        if found is None:
            known = self._entities.get(entity)
            text, lang = (opened(entity), self._foreign) if known is None else self._labelled(known.label, known.labels)
            found = self._labels[entity] = Run(text, kind="name", entity=entity, lang=lang)
        return found

    def name(self, entity: str) -> Name:
        """The label as in a sentence: in English with its article, `the United States`."""
        label = self.label(entity)
        if self._tag != SOURCE:
            return Name(label)
        known = self._entities.get(entity)
        unnamed = known is not None and known.type in _UNNAMED_TYPES
        text = label.text if unnamed or label.lang is not None else with_article(label.text)
        return Name(Run(text, kind="name", entity=entity, lang=label.lang), "'" if text.endswith("s") else "'s")

    def attribute(self, attribute: str) -> Run:
        """The attribute's label."""
        known = self._attributes.get(attribute)
        if known is None or not known.label:
            return Run(opened(attribute), lang=self._foreign)
        text, lang = self._labelled(known.label, known.labels)
        return Run(text, lang=lang)

    def names_unit(self, attribute: str, unit: str) -> bool:
        """The label of the attribute has the unit among its words, as the author wrote both."""
        known = self._attributes.get(attribute)
        return unit in (known.label if known is not None and known.label else opened(attribute)).split()

    def _labelled(self, label: str, labels: Mapping[str, str]) -> tuple[str, str | None]:
        if self._tag in labels:
            return plain(labels[self._tag]), None
        return plain(label), self._foreign


def opened(name: str) -> str:
    """An id as words: its hyphens are opened."""
    return plain(name.replace("-", " ").replace("_", " "))


def with_article(label: str) -> str:
    """`the` before names whose head is a common noun (the Strategic Partnership Charter) and plural countries."""
    if label.split(" ", 1)[0].lower() in _ARTICLES:
        return label
    head = _HEAD_END.split(label, maxsplit=1)[0].split(" ")[-1]
    return f"the {label}" if head.lower().strip(",.") in _HEADS else label


def begun(runs: tuple[Run, ...], tag: str) -> tuple[Run, ...]:
    """Runs as the beginning of a sentence. Names and words that are spelled their own way (bp, pH) stay so.

    The capital is that of the language of the first run, `tag` where it does not say one.
    """
    if not runs:
        return runs
    first, *rest = runs
    word = first.text.split(" ", 1)[0]
    kept = first.kind in ("name", "title", "quote") and word not in _ARTICLES
    if kept or not word.islower():
        return runs
    dotted = (first.lang or tag).replace("_", "-").split("-")[0].lower() in ("az", "tr")
    letter = "\u0130" if dotted and word[0] == "i" else word[0].upper()
    return (replace(first, text=letter + first.text[1:]), *rest)

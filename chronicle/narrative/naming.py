"""What things are called in a sentence: labels for ids, with the English article where a name takes one, and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from chronicle.event.model import Attribute, Entity
from chronicle.event.value import EntityValue, Figure, Flag, Quantity, Range, Text, Value
from chronicle.narrative.figures import figure
from chronicle.narrative.markdown import plain

_UNNAMED_TYPES = ("person", "company", "city")
_HEADS = frozenset(
    "accord agency agreement alliance assembly authority bank bloc bureau charter commission committee congress "
    "consortium contract convention corridor council court declaration department emirates federation fund government "
    "initiative institute islands kingdom line memorandum ministry netherlands office organization organisation pact "
    "parliament partnership philippines pipeline programme program project protocol railway republic road route senate "
    "states statute treaty union university caucasus balkans".split()
)
_HEAD_END = re.compile(r" (?:of|on|for|between|with|in) ", re.IGNORECASE)
_OWN_WORDS = ("the", "it", "this", "supply", "for")
_NUMERIC = (Figure, Quantity, Range)


class Names:
    """Labels of one chronicle's entities and attributes; what has none is called by its id."""

    def __init__(self, entities: Mapping[str, Entity], attributes: Mapping[str, Attribute]) -> None:
        self._entities = entities
        self._attributes = attributes

    def label(self, entity: str) -> str:
        """The bare label, as in a table."""
        known = self._entities.get(entity)
        return plain(known.label) if known is not None else entity

    def name(self, entity: str) -> str:
        """The label with its article, as in a sentence: `the United States`."""
        label = self.label(entity)
        return label if self.type(entity) in _UNNAMED_TYPES else with_article(label)

    def type(self, entity: str) -> str | None:
        """The declared type, if any."""
        known = self._entities.get(entity)
        return known.type if known is not None else None

    def attribute(self, attribute: str) -> str:
        """The attribute's label, or its id with its hyphens opened."""
        known = self._attributes.get(attribute)
        return plain(known.label) if known is not None and known.label else attribute.replace("-", " ")

    def is_target(self, attribute: str) -> bool:
        """Values of the attribute are to be reached."""
        known = self._attributes.get(attribute)
        return known is not None and known.measures == "target"

    def is_entity(self, name: str) -> bool:
        """The name is that of a declared entity."""
        return name in self._entities

    def dimensions(self, dimensions: Mapping[str, str]) -> str:
        """` (partner: United States)` after an attribute's label; blank if there are none."""
        said = "; ".join(f"{_words(key)}: {self.label(value)}" for key, value in sorted(dimensions.items()))
        return f" ({said})" if said else ""

    def circumstance(self, dimensions: Mapping[str, str]) -> str:
        """`with the United States as partner`, the dimensions inside a sentence."""
        return listed([f"with {self.name(value)} as {_words(key)}" for key, value in sorted(dimensions.items())])

    def value(self, value: Value, *, attribute: str | None = None, bare: bool = False) -> str:
        """A value in words. A unit that the label of `attribute` names is left out; `bare` leaves articles out."""
        match value:
            case Text():
                return plain(value.text)
            case Flag():
                return "yes" if value.flag else "no"
            case EntityValue():
                return self.label(value.entity) if bare else self.name(value.entity)
            case Figure() | Quantity() | Range():
                unit = "" if isinstance(value, Figure) else value.unit
                said = attribute is not None and unit in self.attribute(attribute).split()
                return figure(value, unit_known=said)
        raise AssertionError(value)


def is_numeric(value: Value | None) -> bool:
    """The value is a figure rather than words."""
    return isinstance(value, _NUMERIC)


def with_article(label: str) -> str:
    """`the` before names whose head is a common noun (the Strategic Partnership Charter) and plural countries."""
    first = label.split(" ", 1)[0].lower()
    if first in ("the", "a", "an"):
        return label
    head = _HEAD_END.split(label, maxsplit=1)[0].split(" ")[-1]
    return f"the {label}" if head.lower().strip(",.") in _HEADS else label


def listed(items: Sequence[str], conjunction: str = "and") -> str:
    """`A, B and C`; with semicolons where an item has a comma or a conjunction of its own."""
    if len(items) < 2:
        return "".join(items)
    if any("," in item or f" {conjunction} " in item for item in items) and len(items) > 2:
        return f"{'; '.join(items[:-1])}; {conjunction} {items[-1]}"
    if len(items) == 2 and any("," in item for item in items):
        return f"{items[0]}, {conjunction} {items[1]}"
    return f"{', '.join(items[:-1])} {conjunction} {items[-1]}"


def possessive(name: str) -> str:
    """`Azerbaijan's`, `the United States'`."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def plural(noun: str) -> str:
    """`signatories` of signatory."""
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def capital(text: str) -> str:
    """A capital at the beginning, but for words that are spelled their own way (pH)."""
    return text[:1].upper() + text[1:] if text.split(" ", 1)[0].islower() else text


def begun(clause: str) -> str:
    """A clause as the beginning of a sentence: a name that is spelled small (bp) stays so, our own words do not."""
    return capital(clause) if clause.split(" ", 1)[0] in _OWN_WORDS else clause


def distinct(items: Iterable[str]) -> list[str]:
    """Each item once, in order."""
    return list(dict.fromkeys(items))


def _words(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")

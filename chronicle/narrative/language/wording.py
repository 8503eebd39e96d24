"""Messages of a catalogue filled with runs of text, so that a figure in a translated sentence still knows its fact.

A message is a whole sentence in English with named slots, `{when}, {parties} signed {object}.`; its translation may put
the slots in any order and ask a slot for a form of it, `{when:locative}`. Catalogues are GNU gettext PO files, read by
Babel; they are part of the program and trusted, what fills the slots is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from string import Formatter
from typing import NamedTuple, Protocol

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from chronicle.narrative.document import Run

SOURCE = "en"


class Form(Protocol):
    """What fills a slot and has several forms: a date is `on`, `from` or `until`. A blank form is the plain one."""

    def form(self, name: str) -> tuple[Run, ...]:
        """The runs of a form. Raises KeyError for a form that it does not have."""
        ...


Slot = str | int | Run | tuple[Run, ...] | Form


class Wording:
    """The messages of one language. What a catalogue lacks is said in English."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self._messages, self.cases = catalogue(tag)
        self.locale = Locale.parse(tag)
        symbols = self.locale.number_symbols["latn"]
        self.point = symbols["decimal"]
        self.group = symbols["group"].replace("\u202f", "\u00a0")
        self._variants: dict[tuple[str, str], dict[str, str]] = {}

    def message(self, message: str, context: str | None = None) -> str:
        """The translation of a message, the message itself if there is none."""
        if context is None:
            return self._messages.gettext(message)
        return self._messages.pgettext(context, message)

    def counted(self, one: str, many: str, count: int, context: str | None = None) -> str:
        """The translation of a message that depends on a number, by the plural rules of the language.

        One that is the same for all numbers in English may have one translation for all of them.
        """
        if context is None:
            said = self._messages.ngettext(one, many, count)
        else:
            said = self._messages.npgettext(context, one, many, count)
        return self.message(one, context) if said == one == many else said

    def variants(self, message: str, context: str) -> dict[str, str]:
        """The translation by its cases, blank the plain one: `сентябрь | gen: сентября`."""
        found = self._variants.get((message, context))
        if found is None:
            found = self._variants[message, context] = cases(self.message(message, context))
        return found

    def counted_variants(self, one: str, many: str, count: int, context: str) -> dict[str, str]:
        """As `variants`, by the plural rules of the language."""
        return cases(self.counted(one, many, count, context))

    def counting(self, amount: Decimal) -> int:
        """A whole number that takes the same plural as the amount: 2 for 1.5 in English, 1 in French."""
        if amount == amount.to_integral_value():
            return int(abs(amount))
        plural = self.locale.plural_form
        form = plural(amount)
        return next((number for number in (1, 2, 5, 0) if plural(number) == form), 2)

    def fill(self, message: str, slots: dict[str, Slot]) -> tuple[Run, ...]:
        """A translated message with its slots filled; adjacent plain text is one run."""
        runs: list[Run] = []
        for literal, name, form in _pieces(message):
            if literal:
                runs.append(Run(literal))
            if name is not None:
                runs += runs_of(slots[name], form)
        return joined(runs)


def noted(context: str, message: str) -> str:  # noqa: ARG001 - the context is for who collects the messages
    """The message itself, marked for the catalogues; it is translated where it is used."""
    return message


def noted_plural(context: str, one: str, many: str) -> tuple[str, str]:  # noqa: ARG001 - as of `noted`
    """Both messages themselves, marked as `noted` does."""
    return one, many


def cases(text: str) -> dict[str, str]:
    """A translation taken apart: its plain text under a blank name, then its cases by name."""
    plain, *others = text.split(" | ")
    return {"": plain} | {name: said for name, _, said in (other.partition(": ") for other in others)}


def runs_of(slot: Slot, name: str = "") -> tuple[Run, ...]:
    """The runs of what fills a slot, in a form of it."""
    match slot:
        case str() | int():
            return (Run(str(slot)),)
        case Run():
            return (slot,)
        case tuple():
            return slot
    return slot.form(name)


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs without empty ones, adjacent plain text as one."""
    found: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if found and run.kind == found[-1].kind == "text" and _is_plain(run) and _is_plain(found[-1]):
            found[-1] = Run(found[-1].text + run.text)
        else:
            found.append(run)
    return tuple(found)


def _is_plain(run: Run) -> bool:
    return run == Run(run.text)


@cache
def _pieces(message: str) -> tuple[tuple[str, str | None, str], ...]:
    """A message taken apart: text, and the slot that follows it with the form asked of it."""
    return tuple((literal, name, form or "") for literal, name, form, _ in Formatter().parse(message))


class Translations(NamedTuple):
    """A catalogue: its messages, and the names of all cases that its translations have."""

    messages: NullTranslations
    cases: frozenset[str]


@cache
def catalogue(tag: str) -> Translations:
    """The catalogue of a language that `languages` names; that of `SOURCE` is empty."""
    if tag == SOURCE:
        return Translations(NullTranslations(), frozenset())
    with (files(__package__) / "locales" / f"{tag}.po").open("rb") as file:
        messages = read_po(file, locale=tag)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    texts = (text for one in messages for text in ([one.string] if isinstance(one.string, str) else one.string or ()))
    return Translations(GNUTranslations(compiled), frozenset(name for text in texts for name in cases(text)) - {""})


@cache
def languages() -> tuple[str, ...]:
    """The tags of the languages there are, sorted."""
    found = (item.name.removesuffix(".po") for item in (files(__package__) / "locales").iterdir())
    return tuple(sorted({SOURCE, *found}))

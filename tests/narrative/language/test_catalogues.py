"""Every catalogue has every message of the source, with its slots, and nothing else."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from chronicle.narrative import frames
from chronicle.narrative.language import Language
from chronicle.narrative.language.spoken import FORMS
from chronicle.narrative.language.wording import SOURCE, cases, languages
from tests.narrative.language.messages import PACKAGE, Found, messages
from tests.narrative.language.samples import MESSAGES

LOCALES = PACKAGE / "language" / "locales"
OTHERS = [tag for tag in languages() if tag != SOURCE]


def test_the_languages() -> None:
    """The languages there are."""
    assert ("az", "de", "en", "fr", "ru", "tr") == languages()


@pytest.mark.parametrize("tag", OTHERS)
def test_nothing_is_missing(tag: str) -> None:
    """Every message of the source is translated, in all plural forms."""
    catalog = catalogue(tag)
    lacking = [found for found in messages() if not all(translations(catalog, found) or [""])]
    assert [] == lacking


@pytest.mark.parametrize("tag", OTHERS)
def test_nothing_is_left_over(tag: str) -> None:
    """A translation of what is no longer said goes."""
    known = {(found.context, found.one) for found in messages()}
    assert [] == [key for key, _ in entries(catalogue(tag)) if key not in known]


def test_no_message_is_kept_that_nothing_says() -> None:
    """Every table of messages, every way of an event to be told, and all that a language can say, is asked for."""
    code = "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.parent.rglob("*.py")))
    kept = [f"frames.{name}" for name in vars(frames) if name.isupper()]
    kept += [f"frame.{name}" for name in frames.Frame._fields]
    kept += [f".{name}(" for name in vars(Language) if not name.startswith("_")]
    assert [] == [name for name in kept if name not in code]


@pytest.mark.parametrize("tag", OTHERS)
def test_nothing_is_doubtful(tag: str) -> None:
    """Fuzzy entries are guesses, and guesses are not told."""
    assert [] == [one.id for one in catalogue(tag) if one.id and one.fuzzy]


@pytest.mark.parametrize("tag", OTHERS)
def test_the_slots_are_those_of_the_message(tag: str) -> None:
    """A translation fills the slots of its message, whatever their order and forms; `count` may be said in words."""
    catalog = catalogue(tag)
    wrong = []
    for found in messages():
        own = slots(found.one) | slots(found.many)
        for text in translations(catalog, found):
            wrong += [
                (found.one, variant) for variant in cases(text).values() if not is_fit(own, slots(variant), found)
            ]
    assert [] == wrong


@pytest.mark.parametrize("tag", OTHERS)
def test_the_cases_asked_for_are_there(tag: str) -> None:
    """A slot asks for a form, for a case that some translation has, or for one that numerals are bent into."""
    catalog = catalogue(tag)
    texts = [text for found in messages() for text in translations(catalog, found)]
    there = {name for text in texts for name in cases(text)} - {""}
    assert set() == there & set(FORMS)
    asked = {spec for text in texts for variant in cases(text).values() for spec in specs(variant)}
    built = {"ord", "loc", "abl", "dat", "gen", "plural", "plural+loc", "plural+abl", "plural+dat", "plural+gen"}
    assert set() == asked - there - set(FORMS) - {"", "=", "*", "owner", "symbol", "abs"} - built


def test_the_samples_are_messages_of_the_source() -> None:
    """What the snapshots say is what reports say."""
    assert set() == set(MESSAGES) - {found.one for found in messages()}


def test_what_is_collected() -> None:
    """The collection sees the messages of all rooms: sentences, tables of messages, dates, formats and templates."""
    known = {(found.context, found.one, found.many) for found in messages()}
    assert {
        ("", "Told {as_of:as-of}.", ""),
        ("", "The signatory was {who}.", "The signatories were {who}."),
        ("date", "{day} {month} {year}", ""),
        ("date", "the first month", "the first {count} months"),
        ("month", "May", ""),
        ("unit", "year", "years"),
        ("", "computed", ""),
        ("", "Skip to the text", ""),
        ("", "exact day", ""),
    } <= known


def catalogue(tag: str) -> Catalog:
    """The catalogue as its file has it."""
    with (LOCALES / f"{tag}.po").open("rb") as file:
        return read_po(file)


def entries(catalog: Catalog) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Context and message of each entry, with its translations by plural form."""
    for one in catalog:
        if one.id:
            text = one.string or ""
            key = one.id if isinstance(one.id, str) else one.id[0]
            yield (one.context or "", key), [text] if isinstance(text, str) else list(text)


def translations(catalog: Catalog, found: Found) -> list[str]:
    """The translations of a message; as many as the language has plural forms, where it has a plural."""
    entry = catalog.get(found.one, found.context or None)
    if entry is None:
        return []
    text = entry.string or ""
    texts = [text] if isinstance(text, str) else list(text)
    expected = catalog.num_plurals if found.many else 1
    return texts if len(texts) == expected else []


def slots(text: str) -> set[str]:
    """The names of the slots."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def specs(text: str) -> set[str]:
    """What is asked of the slots."""
    return {spec for _, name, spec, _ in string.Formatter().parse(text) if name and spec is not None}


def is_fit(own: set[str], used: set[str], found: Found) -> bool:
    """Nothing is used that is not given, and nothing goes unsaid."""
    return used <= own and (own - used <= {"count"} if found.many else own == used)

"""The audit reads every language as well as English: what is tampered with is found in each."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pytest
from babel.dates import get_month_names

from chronicle.narrative.audit.calendar_words import reader
from chronicle.narrative.audit.examine import audit
from chronicle.narrative.audit.numerals import magnitudes
from chronicle.narrative.document import Document, Run
from tests.narrative.audit.composed import Report, of_kind
from tests.narrative.audit.test_gates import AS_OF, AZERBAIJAN, EXECUTIVE, LANGUAGES, loaded

Tamper = Callable[[Run], str | None]


@cache
def narrative(name: str, lang: str) -> Report:
    """The narrative of a curated chronicle in a language."""
    return of_kind(loaded(name), name, "narrative", lang, as_of=AS_OF[name])[0]


def missed(name: str, lang: str, kind: str, tamper: Tamper, codes: set[str]) -> tuple[int, set[str]]:
    """How many runs of a kind could be tampered with, all at once, and those texts of which the audit finds nothing."""
    report = narrative(name, lang)
    changed: list[str] = []

    def walk(plain: Any) -> Any:
        if isinstance(plain, list | tuple):
            return [walk(one) for one in plain]
        if not isinstance(plain, dict):
            return plain
        if plain.get("kind") == kind and "text" in plain:
            text = tamper(msgspec.convert(plain, Run))
            if text is not None and text != plain["text"]:
                changed.append(text)
                return {**plain, "text": text}
        return {field: walk(one) for field, one in plain.items()}

    document = msgspec.convert(walk(msgspec.to_builtins(report.document)), Document)
    found = {one.token for one in audit(document, report.matter) if one.code in codes}
    return len(changed), set(changed) - found


def a_digit(run: Run) -> str | None:
    """Another last digit."""
    found = re.search(r"\d(?=\D*$)", run.text)
    if found is None:
        return None
    return run.text[: found.start()] + str((int(found[0]) + 1) % 10) + run.text[found.end() :]


def a_magnitude(lang: str) -> Tamper:
    """A million for a billion and the other way round, in the words of the language."""
    words = {word: power for word, power in magnitudes(lang).items() if power in (6, 9)}
    longest = sorted(words, key=len, reverse=True)

    def tamper(run: Run) -> str | None:
        said = next((word for word in longest if word in run.text), None)
        if said is None:
            return None
        return run.text.replace(said, next(word for word in longest if words[word] != words[said]))

    return tamper


def a_month(lang: str) -> Tamper:
    """Another month, as CLDR calls it."""
    known = reader(lang)
    march, august = get_month_names("wide", locale=lang)[3], get_month_names("wide", locale=lang)[8]

    def tamper(run: Run) -> str | None:
        said = known.months(run.text)
        if not said:
            return None
        other = str(march if said[0].number != 3 and "-03" not in (run.when or "") else august)
        return run.text[: said[0].start] + other + run.text[said[0].end :]

    return tamper


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_changed_digit_is_found_in_every_figure(lang: str) -> None:
    """A changed digit is found in every figure."""
    tried, found = missed(AZERBAIJAN, lang, "figure", a_digit, {"figure", "working"})
    assert (True, set()) == (tried > 10, found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_magnitude_is_found_in_every_figure(lang: str) -> None:
    """Another magnitude is found in every figure, by the words of the language."""
    tried, found = missed(AZERBAIJAN, lang, "figure", a_magnitude(lang), {"figure", "working"})
    assert (True, set()) == (tried > 5, found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_changed_digit_is_found_in_every_date(lang: str) -> None:
    """A changed digit is found in every date."""
    tried, found = missed(EXECUTIVE, lang, "date", a_digit, {"date"})
    assert (True, set()) == (tried > 20, found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_month_is_found_in_every_date(lang: str) -> None:
    """Another month is found in every date."""
    tried, found = missed(EXECUTIVE, lang, "date", a_month(lang), {"date"})
    assert (True, set()) == (tried > 20, found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_name_is_found_everywhere(lang: str) -> None:
    """A name that is not that of its entity is found everywhere."""
    tried, found = missed(EXECUTIVE, lang, "name", lambda run: run.text[::-1], {"name", "note"})
    assert (True, set()) == (tried > 20, found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_qualifier_that_is_lost_is_found(lang: str) -> None:
    """A figure that is more than a number may not be told as that number, in any language."""
    report = narrative(AZERBAIJAN, lang)
    plain = next(run.text for one in report.sentences for run in one.runs if run.fact == "investment-2025#3")
    tried, found = missed(AZERBAIJAN, lang, "figure", lambda run: _exact(run, plain), {"hedge"})
    assert (True, set()) == (tried > 0, found)


def _exact(run: Run, plain: str) -> str | None:
    """The 133 million of a fact that says more than that, as its neighbour's 117 million are told."""
    return plain.replace("117", "133") if run.fact == "investment-2025#1" else None

"""Text of others that reaches SQL stays text, wherever it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chronicle.errors import ChronicleError
from chronicle.service import Archive
from tests.builders import contents
from tests.forgery import a_history

TEXTS = [
    "'; DROP TABLE record; --",
    "x' OR '1'='1",
    'x" OR "1"="1',
    "%",
    "_",
    "x%",
    "\\",
    "x\\'; --",
    "$1",
    ":id",
    "%s",
    "{0}",
    "é\u202e",
    "(((((((((((((((((((((((a+)+)+)+)+",
    "x" * 10_000,
]

ASK: list[Callable[[Archive, str], Any]] = [
    lambda archive, text: archive.state(subject=text),
    lambda archive, text: archive.state(attribute=text, dimensions={text: text}),
    lambda archive, text: archive.state(chronicle=text),
    lambda archive, text: archive.history(text, text),
    lambda archive, text: archive.events(type=text),
    lambda archive, text: archive.conflicts(subject=text),
    lambda archive, text: archive.search(text),
    lambda archive, text: archive.show(text),
    lambda archive, text: archive.names("id", text),
    lambda archive, text: archive.names("subject", text),
    lambda archive, text: archive.report(text),
    lambda archive, text: archive.export(to="jsonl", chronicle=text),
    lambda archive, text: archive.prove(text),
    lambda archive, text: archive.redact(text, reason="asked for"),
    lambda archive, text: archive.append([], key=text[:200]),
    lambda archive, text: archive.append([], chronicle="c", expected={text: 0}),
    lambda archive, text: list(archive.follow(after=text, wait=False)),
    lambda archive, text: archive.state(zone=text),
    lambda archive, text: archive.state(as_of=text),
]


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    """An archive with a history."""
    with a_history("sqlite://") as made:
        yield made


@pytest.mark.parametrize("ask", ASK)
@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_text(archive: Archive, ask: Callable[[Archive, str], Any], text: str) -> None:
    """It finds nothing of others, or is refused in our words; the records are what they were."""
    before = contents(archive._store)["record"]  # noqa: SLF001 - every row
    said = ""
    try:
        ask(archive, text)
    except ChronicleError as error:
        said = str(error)
    assert "syntax" not in said
    assert "database failed" not in said
    assert before == contents(archive._store)["record"]  # noqa: SLF001 - every row


def test_a_pattern_is_no_pattern(archive: Archive) -> None:
    """Signs that SQL gives a meaning match themselves alone."""
    for text in ("%", "_", "x%"):
        assert [] == archive.names("id", text)
        assert () == archive.state(subject=text).facts

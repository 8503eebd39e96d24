"""A kit for tests of projections: given events, at a date, expect a state. It runs in memory, and leaves no files.

from chronicle.testing import given

given(Signings, {"type": "agreement.signed", "occurred": "1994"}).at("1994").expect({"1994": 1})
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pprint import pformat
from typing import Any, Self

from chronicle.asking import Bounds
from chronicle.errors import ProjectionError
from chronicle.projection.projection import Projection
from chronicle.projection.replay import Projected
from chronicle.service import Archive

CHRONICLE = "test"
RECORDED = 1_735_689_600_000_000
"""The instant of all records: 2025-01-01 in microseconds since 1970."""


class Given:
    """A projection and the events that it is told; the date is that of the last `at`, else the end of time."""

    def __init__(self, projection: type[Projection], documents: Sequence[Mapping[str, Any]]) -> None:
        self._projection = projection
        self._documents = [_complete(document, number) for number, document in enumerate(documents, 1)]
        self._bounds: Bounds = {"as_of": "9999"}

    def at(self, as_of: str, *, known: str | None = None) -> Self:
        """Ask as of a date from now on, and of what had been reported by another.

        What has no dated source is known from its record on, which is of 2025.
        """
        self._bounds = {"as_of": as_of, "known": known}
        return self

    def expect(self, state: Any) -> Self:
        """The state is this one; that of each part by its name, where the projection has parts.

        Raises AssertionError, which shows the difference.
        """
        answer = self._answer()
        has_parts = set(answer.states) - {""}
        self._compare(state, dict(answer.states) if has_parts else answer.state, "state")
        return self

    def expect_rows(self, *rows: Sequence[Any]) -> Self:
        """The rows are these, in the order of the parts and within each as told. Raises AssertionError."""
        found = [tuple(row.values()) for row in self._answer().rows()]
        self._compare([tuple(row) for row in rows], found, f"rows ({', '.join(self._projection.columns)})")
        return self

    def expect_failure(self, saying: str) -> Self:
        """A handler fails on an event, and the error says this. Raises AssertionError."""
        try:
            self._answer()
        except ProjectionError as error:
            if saying in str(error):
                return self
            raise AssertionError(
                f"{self._asked()}: expected a failure that says {saying!r}, and it says: {error}"
            ) from error
        raise AssertionError(f"{self._asked()}: expected a failure that says {saying!r}, and there was none")

    def _answer(self) -> Projected:
        with Archive.open("sqlite://", recorded_by="test", now=lambda: RECORDED) as archive:
            declared = [*_undeclared(self._documents), *self._documents]
            if declared:
                archive.append(declared, chronicle=CHRONICLE)
            return archive.project(self._projection, **self._bounds)

    def _compare(self, expected: Any, actual: Any, what: str) -> None:
        if expected == actual:
            return
        lines = difflib.ndiff(pformat(expected).splitlines(), pformat(actual).splitlines())
        told = "\n".join(line for line in lines if not line.startswith("?"))
        raise AssertionError(f"{self._asked()}: {what} expected (-) and told (+)\n{told}")

    def _asked(self) -> str:
        known = f", as reported by {self._bounds['known']}" if self._bounds.get("known") else ""
        return f"{self._projection.name}, given {len(self._documents)}, at {self._bounds['as_of']}{known}"


def given(projection: type[Projection], *documents: Mapping[str, Any]) -> Given:
    """A projection and the events it is told, recorded in the order given; a date follows with `at`.

    Documents are as in files. Of an event the id, type, date and title may be left out where they do not count, and
    entities and sources need no declaration. The same id again is a correction.
    """
    return Given(projection, documents)


def _complete(document: Mapping[str, Any], number: int) -> dict[str, Any]:
    """An event with what a test has no need to say; other documents as they are."""
    if document.get("kind", "event") != "event" or document.get("retracted"):
        return dict(document)
    id_ = document.get("id", f"event-{number}")
    return {"id": id_, "type": "any.thing", "occurred": "2000", "title": f"Event {id_}", **document}


def _undeclared(documents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Declarations of the entities and sources that are named and that no document declares."""
    declared = {(one.get("kind"), one.get("id")) for one in documents}
    named = dict.fromkeys(name for document in documents for name in _named(document))
    return [{"kind": kind, "id": id_, _TITLES[kind]: id_} for kind, id_ in named if (kind, id_) not in declared]


_TITLES = {"entity": "label", "source": "title"}


def _named(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for one in (*document.get("participants", ()), document.get("stated_by")):
        if isinstance(one, str):
            yield "entity", one
    facts = document.get("facts", ())
    for one in (*document.get("participants", ()), *(fact.get("value") for fact in facts)):
        if isinstance(one, Mapping) and "entity" in one:
            yield "entity", one["entity"]
    for citing in (document, *facts):
        for citation in citing.get("sources", ()):
            if isinstance(citation, Mapping) and "source" in citation:
                yield "source", citation["source"]

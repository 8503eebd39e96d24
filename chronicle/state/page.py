"""Answers in pages: rows in the order of DESIGN section 7, from a place on, and where the next page begins. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby, islice
from typing import Annotated, Any, NamedTuple, Self, TypeVar

import msgspec

from chronicle.event.candidate import Candidate, Key
from chronicle.state.mark import mark_text, read_mark
from chronicle.state.sweep import DAWN, DUSK

Row = TypeVar("Row")
Facts = dict[Key, list[Candidate]]
Placed = TypeVar("Placed", bound=tuple[Any, ...])
Place = tuple[str, str, str]
"""Chronicle, subject and attribute."""


class Turn(NamedTuple):
    """Where a page ended: an attribute of a subject, and how many of its rows have been told. Good for one basis.

    Of a history `told` counts keys; from `second` on the next one, some of which has been told, goes on.
    """

    chronicle: str
    subject: str
    attribute: str
    told: Annotated[int, msgspec.Meta(ge=0)]
    second: Annotated[int, msgspec.Meta(ge=DAWN, le=DUSK)] | None = None

    @property
    def text(self) -> str:
        """It as one line."""
        return mark_text(self)

    @property
    def behind(self) -> Self:
        """The turn behind the key that goes on."""
        return self._replace(told=self.told + 1, second=None)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The turn that a text says. Raises QuestionError for any other text."""
        return read_mark(text, cls)


class Allowance:
    """How many places may be looked at for one page, so that one of few rows is found no later than one of many."""

    def __init__(self, most: int) -> None:
        self._left = most
        self.turn: Turn | None = None
        """Where to go on, once no more are allowed and there are more."""

    def of(self, places: Iterable[Placed]) -> Iterator[Placed]:
        """The places that are allowed; each begins with its place."""
        for one in places:
            if self._left == 0:
                self.turn = Turn(one[0][0], one[0][1], one[0][2], 0)
                return
            self._left -= 1
            yield one


def page(
    places: Iterable[tuple[Place, Iterable[Row]]], after: Turn | None, limit: int | None
) -> tuple[list[Row], Turn | None]:
    """The rows after a turn, at most so many (one or more), and the turn they end at if there are more.

    `places` have their rows in order, and begin with that of `after` or with a later one.
    """
    told: list[Row] = []
    last: tuple[Place, int] | None = None
    for place, rows in places:
        before = after.told if after is not None and place == after[:3] else 0
        for number, row in enumerate(islice(rows, before, None), before + 1):
            if last is not None and len(told) == limit:
                return told, Turn(*last[0], last[1])
            told.append(row)
            last = place, number
    return told, None


def paired(
    one: Iterable[tuple[Place, Facts]], other: Iterable[tuple[Place, Facts]]
) -> Iterator[tuple[Place, Facts, Facts]]:
    """Two sequences in the order of places as one; where one of them has nothing its facts are none."""

    def numbered(side: int, places: Iterable[tuple[Place, Facts]]) -> Iterator[tuple[Place, int, Facts]]:
        return ((place, side, facts) for place, facts in places)

    rows = merge(numbered(0, one), numbered(1, other), key=lambda row: row[:2])
    for place, found in groupby(rows, key=lambda row: row[0]):
        facts = {side: those for _, side, those in found}
        yield place, facts.get(0, {}), facts.get(1, {})

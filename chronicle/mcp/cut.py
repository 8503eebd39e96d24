"""Long answers, cut: their first rows, and how many more there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from chronicle.paging import Page

Row = TypeVar("Row")
COUNTED = 10_000
"""Of the rows that are left out so many are counted: an assistant is to ask for less, not to wait."""


class Cut(NamedTuple, Generic[Page, Row]):
    """The first page of an answer, the rows that are told, and how many are left out: all of them, or `COUNTED`."""

    first: Page
    rows: list[Row]
    omitted: int


def cut(pages: Iterator[Page], rows_of: Callable[[Page], Iterable[Row]], limit: int) -> Cut[Page, Row]:
    """The first rows of an answer that comes in pages. Memory is that of a page, and of what is told."""
    first = next(pages)
    rows = (row for some in ((first,), pages) for page in some for row in rows_of(page))
    told = list(islice(rows, limit))
    return Cut(first, told, sum(1 for _ in islice(rows, COUNTED)))

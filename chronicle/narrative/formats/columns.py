"""A table laid out in columns of characters, for text that is read as it stands."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator, Sequence

_GAP = 2
"""Spaces between two columns."""


def wrapped(text: str, width: int, indent: str = "", hanging: str = "") -> str:
    """A paragraph as lines of at most `width` characters; a word that is longer has a line to itself.

    `indent` stands before each line, `hanging` before each but the first.
    """
    return textwrap.fill(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def columns(
    titles: Sequence[str], rows: Sequence[Sequence[str]], width: int, numeric: Collection[int] = (), *, colon: str
) -> list[str]:
    """The lines of a table under a rule; where words do not fit side by side, each row as lines of title and cell.

    `colon` stands between these, as the language sets it.
    """
    widths = _widths([titles, *rows], width)
    if widths is None:
        return list(_below_each_other(titles, rows, width, colon))
    head = _lines(titles, widths, numeric)
    return [
        *head,
        "  ".join("-" * one for one in widths),
        *(one for row in rows for one in _lines(row, widths, numeric)),
    ]


def _widths(rows: Sequence[Sequence[str]], available: int) -> list[int] | None:
    """As wide as the cells need, or down to the longest word of each; what is missing is taken where most is spare."""
    cells = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in cells]
    least = [max((len(word) for cell in column for word in cell.split(" ")), default=0) for column in cells]
    missing = sum(widths) + _GAP * (len(widths) - 1) - available
    for _ in range(missing):
        spare = [width - word for width, word in zip(widths, least, strict=True)]
        if max(spare) <= 0:
            return None
        widths[spare.index(max(spare))] -= 1
    return widths


def _lines(row: Sequence[str], widths: Sequence[int], numeric: Collection[int]) -> Iterator[str]:
    parts = [_folded(cell, width) for cell, width in zip(row, widths, strict=True)]
    for index in range(max(map(len, parts))):
        shown = []
        for column, (part, width) in enumerate(zip(parts, widths, strict=True)):
            text = part[index] if index < len(part) else ""
            shown.append(text.rjust(width) if column in numeric else text.ljust(width))
        yield "  ".join(shown).rstrip()


def _folded(cell: str, width: int) -> list[str]:
    if len(cell) <= width:
        return [cell]
    return textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False)


def _below_each_other(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int, colon: str) -> Iterator[str]:
    for index, row in enumerate(rows):
        if index:
            yield ""
        for title, cell in zip(titles, row, strict=True):
            if cell:
                yield from wrapped(f"{title}{colon}{cell}", width, hanging="  ").split("\n")

"""Cells of CSV: what no spreadsheet takes for a formula, and lists within a cell. Both ways, without loss.

A cell that a spreadsheet would compute, one that begins with `= + - @`, a tab or a line end (or the full-width forms of
these), gets an apostrophe in front; so does one where apostrophes stand before such a sign, that it can be told again.
A cell that is a number as a whole stays a number, its sign too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chronicle.event.value import is_number

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def defused(text: str) -> str:
    """Text as a cell that nothing computes."""
    return f"'{text}" if _FORMULA.match(text) and not is_number(text) else text


def undefused(cell: str) -> str:
    """The text of such a cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(items: Iterable[str]) -> str:
    """Several texts in one cell, with `|` between them; within them, `|` and the backslash stand behind a backslash."""
    return "|".join(re.sub(r"[|\\]", r"\\\g<0>", item) for item in items)


def split(cell: str) -> list[str]:
    """The texts of such a cell; none of an empty one."""
    parts = [""] if cell else []
    is_escaped = False
    for char in cell:
        if is_escaped or char not in "|\\":
            parts[-1] += char
            is_escaped = False
        elif char == "|":
            parts.append("")
        else:
            is_escaped = True
    return parts

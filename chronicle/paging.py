"""All pages of an answer, for answers that are larger than memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from chronicle.state.answer import Basis, State
from chronicle.state.conflicts import Conflicts
from chronicle.state.diff import Diff
from chronicle.state.held import Histories
from chronicle.state.occurrence import Occurrences

Page = TypeVar("Page", State, Conflicts, Histories, Occurrences, Diff)

ROWS = 1_000
"""How many rows a page has if nobody says."""


def pages(ask: Callable[..., Page], *given: Any, limit: int = ROWS, **asked: Any) -> Iterator[Page]:
    """The answers of an archive's `state`, `history`, `events`, `conflicts` or `diff`, at most `limit` rows in each.

    At least one page, in order; all have the basis of the first, whatever is recorded in the meantime, and nothing is
    told twice or left out. Memory is that of a page. Raises as `ask` does, at the first page.
    """
    page = ask(*given, limit=limit, **asked)
    yield page
    while page.next is not None:
        if isinstance(page, Diff):
            page = ask(page.before, page.after, **asked, turn=page.next, limit=limit)
        else:
            page = ask(*given, **{**asked, **fixed(page.basis)}, after=page.next, limit=limit)
        yield page


def fixed(basis: Basis) -> dict[str, Any]:
    """The bounds that give an answer this basis again; a history without end has no date."""
    dated = {} if basis.as_of is None else {"as_of": basis.as_of}
    return {**dated, "known": basis.known, "recorded": None, "position": basis.position}

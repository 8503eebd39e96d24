"""A long document set in parts, two at a time, so that memory holds what is being set and not all of it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import msgspec

from chronicle.narrative.formats.joined import Joined
from chronicle.narrative.formats.laid_out import Piece

SIZE = 40_000
"""How much of the flow, in bytes of JSON, goes to a part: some eight pages. Typst keeps what it worked out for its
last ten documents, so ten parts are in memory at any time."""

_AT_ONCE = 2
_ROWS = 100
"""A table is cut, where it has to be, after as many rows as this or a few times more; all parts repeat its head."""


def in_parts(head: Piece, flow: Iterable[Piece], typeset: Callable[[Piece], bytes]) -> bytes:
    """One PDF of a title page with contents, the parts of the flow, and running heads and page numbers over all.

    Raises MissingExtraError where qpdf is not installed.
    """
    pieces = list(flow)
    inner = {**head, "title-page": False, "furniture": False}
    joined = Joined()

    def front(numbers: Mapping[str, int]) -> bytes:
        contents = [
            {"url": f"#{one['label']}", "text": one["text"], "page": numbers.get(one["label"], 0)}
            for one in pieces
            if one["block"] == "heading" and one["level"] == 1
        ]
        return typeset({**inner, "title-page": True, "contents": contents, "flow": []})

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for made in pool.map(lambda flow: typeset({**inner, "flow": flow}), _parts(pieces)):
            joined.append(made)
    ahead = joined.pages_in(front({}))
    joined.put_before(front({label: number + ahead for label, number in joined.numbers.items()}))
    joined.lay_over(typeset({**inner, "furniture": True, "flow": [], "blank": joined.count}))
    return joined.finished(_outline(pieces))


def _parts(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The flow cut before headings, or before other pieces where there is no heading for long; never after one."""
    part: list[Piece] = []
    size = 0
    for piece in _cut(pieces):
        wanted = SIZE if piece["block"] == "heading" else 2 * SIZE
        if part and part[-1]["block"] != "heading" and (size >= wanted or piece.get("continued")):
            yield part
            part, size = [], 0
        part.append(piece)
        size += len(msgspec.json.encode({**piece, "svg": None}))
    if part:
        yield part


def _cut(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, with tables of many rows in several."""
    for piece in pieces:
        table = piece["table"] if piece["block"] == "picture" else piece
        rows = table["rows"] if table is not None and "rows" in table else ()
        if len(rows) <= _ROWS:
            yield piece
            continue
        each = max(_ROWS, SIZE * len(rows) // len(msgspec.json.encode(rows)))
        first = {**table, "rows": rows[:each]}
        yield {**piece, "table": first} if piece["block"] == "picture" else first
        for start in range(each, len(rows), each):
            rest = {**table, "block": "table", "level": piece["level"], "caption": None, "continued": True}
            yield {**rest, "rows": rows[start : start + each]}


def _outline(pieces: Iterable[Piece]) -> list[tuple[int, str, str]]:
    """Level, text and label of every heading and entry, in order."""
    found = []
    for piece in pieces:
        if piece["block"] == "heading":
            found.append((piece["level"], piece["text"], piece["label"]))
        elif piece["block"] == "entry":
            found.append((piece["level"], "".join(run["text"] for run in piece["title"]["runs"]), piece["label"]))
    return found

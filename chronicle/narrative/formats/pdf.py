"""A document as PDF, set by Typst: outline, links, footnotes, page numbers, and its own fonts.

The layout is `templates/report.typ`; what it lays out goes to it as JSON, so that no text is ever read as markup.
"""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import Any

import msgspec

from chronicle.errors import MissingExtraError
from chronicle.narrative.document import Document
from chronicle.narrative.formats.laid_out import Layout, Piece, sentences_in

LONG = 1_500
"""A document of more sentences, items and cells is set in parts, which are joined: at once it would need too much.

It has a page of its own for the title and the contents, its marks stand in brackets, and it is not tagged for readers
that speak: joining the tags would take as much time and memory again. The HTML is the accessible form of such a report.
"""

MEASURES = ((0.82, 0.5), (0.8, 0.4), (0.78, 0.3), (0.76, 0.2))
"""How large the letters of a brief are, and the room between its parts, beside those of other reports.

The first with which it fits on its page is taken, and the last if none does. Languages need more room than others.
"""


def write(document: Document) -> bytes:
    """The document as PDF. Raises MissingExtraError where Typst is not installed, or qpdf for a long one."""
    long = sentences_in(document) > LONG
    layout = Layout(document, long=long)
    head, flow = layout.head(), layout.flow()
    if long:
        from chronicle.narrative.formats.parts import in_parts  # noqa: PLC0415 - few documents are long

        return in_parts(head, flow, partial(typeset, tags=False))
    whole = {**head, "title-page": True, "furniture": True, "flow": list(flow)}
    return typeset(_fitted(whole) if document.kind == "brief" else whole)


def typeset(data: Piece, *, tags: bool = True) -> bytes:
    """What `templates/report.typ` makes of it: one PDF. Raises MissingExtraError."""
    made: Any = _compiler(data).compile(format="pdf", timestamp=0, pdf_tags=tags)
    assert isinstance(made, bytes), "a PDF is one file"
    return made


def _fitted(data: Piece) -> Piece:
    """The same with a measure by which it is one page, if there is one."""
    for measure in MEASURES:
        fitted = {**data, "measure": measure}
        if _compiler(fitted).query("<pages>", field="value", one=True) == "1":
            break
    return fitted


def _compiler(data: Piece) -> Any:
    try:
        import typst  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise MissingExtraError("Reports as PDF", "pdf", "typst") from error
    inputs = {"document": msgspec.json.encode(data).decode()}
    return typst.Compiler(_source(), ignore_system_fonts=True, sys_inputs=inputs)


@cache
def _source() -> bytes:
    return (files("chronicle.narrative") / "templates" / "report.typ").read_bytes()

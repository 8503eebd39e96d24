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


def write(document: Document) -> bytes:
    """The document as PDF. Raises MissingExtraError where Typst is not installed, or qpdf for a long one."""
    long = sentences_in(document) > LONG
    layout = Layout(document, long=long)
    head, flow = layout.head(), layout.flow()
    if long:
        from chronicle.narrative.formats.parts import in_parts  # noqa: PLC0415 - few documents are long

        return in_parts(head, flow, partial(typeset, tags=False))
    return typeset({**head, "title-page": True, "furniture": True, "flow": list(flow)})


def typeset(data: Piece, *, tags: bool = True) -> bytes:
    """What `templates/report.typ` makes of it: one PDF. Raises MissingExtraError."""
    try:
        import typst  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise MissingExtraError("Reports as PDF", "pdf", "typst") from error
    inputs = {"document": msgspec.json.encode(data).decode()}
    made: Any = typst.Compiler(_source(), ignore_system_fonts=True, sys_inputs=inputs).compile(
        format="pdf", timestamp=0, pdf_tags=tags
    )
    assert isinstance(made, bytes), "a PDF is one file"
    return made


@cache
def _source() -> bytes:
    return (files("chronicle.narrative") / "templates" / "report.typ").read_bytes()

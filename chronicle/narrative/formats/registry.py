"""The formats of a report by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from chronicle.errors import QuestionError, near, shown
from chronicle.narrative.csl import csl
from chronicle.narrative.document import Document
from chronicle.narrative.formats import docx, html_page, json_text, markdown, pdf, plain_text
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.prov import prov
from chronicle.narrative.templating import NO_TEMPLATES, Templates


class Format(NamedTuple):
    """A format: its name, which is its suffix as well, and what writes it. Text is UTF-8 in a file."""

    name: str
    kind: Literal["text", "bytes"]
    writer: Callable[[Document, Templates], str | bytes]


FORMATS = {
    one.name: one
    for one in (
        Format("md", "text", markdown.write),
        Format("html", "text", html_page.write),
        Format("txt", "text", plain_text.write),
        Format("json", "text", lambda document, _: json_text.write(document)),
        Format("pdf", "bytes", lambda document, _: pdf.write(document)),
        Format("docx", "bytes", lambda document, _: docx.write(document)),
    )
}


COMPANIONS: dict[str, Callable[[Document, ReportMatter, ReportMatter | None], str]] = {
    "csl": lambda document, matter, _: csl(document, matter.sources).decode(),
    "prov": lambda document, matter, since: prov(document, matter, since).decode(),
}
"""What goes beside a report, written from its matter as well: the bibliography, and where everything comes from."""


def write(document: Document, name: str, templates: Templates = NO_TEMPLATES) -> str | bytes:
    """The document in a format. Raises QuestionError for an unknown one, MissingExtraError where a part is missing."""
    return format_of(name).writer(document, templates)


def format_of(name: str) -> Format:
    """A format by its name. Raises QuestionError."""
    if name not in FORMATS:
        known = (*FORMATS, *COMPANIONS)
        raise QuestionError(f"there is no format {shown(name)}: there are {', '.join(known)}{near(name, known)}")
    return FORMATS[name]

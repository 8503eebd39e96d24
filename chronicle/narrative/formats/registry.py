"""The formats of a report by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from chronicle.errors import QuestionError, near, shown
from chronicle.narrative.document import Document
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.templating import NO_TEMPLATES, Templates

# ruff: noqa: PLC0415 - each format is loaded when it is asked for: most commands write none, and no report more than one


class Format(NamedTuple):
    """A format: its name, which is its suffix as well, and what writes it. Text is UTF-8 in a file."""

    name: str
    kind: Literal["text", "bytes"]
    writer: Callable[[Document, Templates], str | bytes]


def _md(document: Document, templates: Templates) -> str:
    from chronicle.narrative.formats import markdown

    return markdown.write(document, templates)


def _html(document: Document, templates: Templates) -> str:
    from chronicle.narrative.formats import html_page

    return html_page.write(document, templates)


def _txt(document: Document, templates: Templates) -> str:
    from chronicle.narrative.formats import plain_text

    return plain_text.write(document, templates)


def _json(document: Document, _: Templates) -> str:
    from chronicle.narrative.formats import json_text

    return json_text.write(document)


def _pdf(document: Document, _: Templates) -> bytes:
    from chronicle.narrative.formats import pdf

    return pdf.write(document)


def _docx(document: Document, _: Templates) -> bytes:
    from chronicle.narrative.formats import docx

    return docx.write(document)


FORMATS = {
    one.name: one
    for one in (
        Format("md", "text", _md),
        Format("html", "text", _html),
        Format("txt", "text", _txt),
        Format("json", "text", _json),
        Format("pdf", "bytes", _pdf),
        Format("docx", "bytes", _docx),
    )
}


def _csl(document: Document, matter: ReportMatter, _: ReportMatter | None) -> str:
    from chronicle.narrative.csl import csl

    return csl(document, matter.sources).decode()


def _prov(document: Document, matter: ReportMatter, since: ReportMatter | None) -> str:
    from chronicle.narrative.prov import prov

    return prov(document, matter, since).decode()


COMPANIONS: dict[str, Callable[[Document, ReportMatter, ReportMatter | None], str]] = {"csl": _csl, "prov": _prov}
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

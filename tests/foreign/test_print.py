"""Reports on paper: printed by a browser, and written as PDF."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from chronicle.narrative.language.wording import languages
from tests.foreign.conftest import Opened
from tests.foreign.reports import ALL, TOLD, Press, Report


def squeezed(text: str) -> str:
    """Text without white space, ligatures, hyphens and the joints that lines are broken at."""
    letters = unicodedata.normalize("NFKC", text)
    return "".join(char for char in letters if not char.isspace() and char not in "-\u2010\u00ad\u200b")


@pytest.mark.parametrize("report", TOLD, ids=str)
def test_a_browser_prints_all_of_it(opened: Opened, report: Report) -> None:
    """Every heading and every source is on paper; what only serves a screen is not."""
    page = opened(report)
    headings = page.locator("h1, h2, h3").all_inner_texts()
    sources = page.locator("#notes > ol > li > .sentence").all_inner_texts()
    skip = page.locator(".skip").inner_text()
    printed = PdfReader(BytesIO(page.pdf(format="A4")))
    said = squeezed("".join(sheet.extract_text() for sheet in printed.pages))
    assert [] == [text for text in [*headings, *sources] if squeezed(text) not in said]
    assert squeezed(skip) not in said


def outline(reader: PdfReader) -> Iterator[str]:
    """The titles of the outline, depth first."""
    waiting: list[object] = list(reader.outline)
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item
        elif isinstance(item, Destination):
            yield str(item.title)


def sections(page: str) -> list[str]:
    """The headings of the sections of a page of HTML."""
    return [unescape(heading) for heading in re.findall("<h2>([^<]+)</h2>", page)]


@pytest.mark.parametrize("report", ALL, ids=str)
def test_a_pdf_opens_with_outline_links_and_language(press: Press, report: Report) -> None:
    """It has a title and a language, its outline names the sections, and what is a link on the page is one here."""
    reader = PdfReader(press.written(report, "pdf"))
    assert report.lang == str(reader.root_object["/Lang"])
    assert reader.metadata is not None
    assert reader.metadata.title
    titles = list(outline(reader))
    page = press.written(report).read_text(encoding="utf-8")
    assert [] == [title for title in sections(page) if title not in titles]
    links = [
        link.get_object()
        for page in reader.pages
        for link in page.get("/Annots", [])
        if link.get_object()["/Subtype"] == "/Link"
    ]
    addresses = {str(link["/A"]["/URI"]) for link in links if "/URI" in link.get("/A", {})}
    assert {unescape(address) for address in re.findall(r'href="(https?:[^"]+)"', page)} == addresses
    assert any("/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo" for link in links)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("chronicle", sorted({report.chronicle for report in ALL}))
def test_a_brief_is_one_page(press: Press, chronicle: str, lang: str) -> None:
    """It fits on its page in every language that reports are written in, with its sources and its basis."""
    reader = PdfReader(press.written(Report(chronicle, "brief", lang), "pdf"))
    assert 1 == len(reader.pages)
    assert {"notes", "colophon"} <= {str(name).strip("/") for name in reader.named_destinations}

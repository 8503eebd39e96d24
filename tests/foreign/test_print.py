"""Reports on paper: printed by a browser, and written as PDF."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from tests.foreign.conftest import Opened
from tests.foreign.reports import ALL, TOLD, Press, Report


def squeezed(text: str) -> str:
    """Text without white space, hyphens and the joints that lines are broken at."""
    return "".join(char for char in text if not char.isspace() and char not in "-\u00ad\u200b")


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


@pytest.mark.parametrize("report", ALL, ids=str)
def test_a_pdf_opens_with_outline_links_and_language(press: Press, report: Report) -> None:
    """It has a title and says its language, its outline names the sections, and its marks and addresses are links."""
    reader = PdfReader(press.written(report, "pdf"))
    assert report.lang == str(reader.root_object["/Lang"])
    assert reader.metadata is not None
    assert reader.metadata.title
    titles = list(outline(reader))
    assert len(titles) >= 2
    links = [
        link.get_object()
        for page in reader.pages
        for link in page.get("/Annots", [])
        if link.get_object()["/Subtype"] == "/Link"
    ]
    addresses = {str(link["/A"]["/URI"]) for link in links if "/URI" in link.get("/A", {})}
    assert all(address.startswith(("https://", "http://")) for address in addresses)
    assert addresses
    assert any("/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo" for link in links)

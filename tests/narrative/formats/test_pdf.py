from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from chronicle.errors import MissingExtraError
from chronicle.narrative.document import Document, Mark, Note, Paragraph, Run, Sentence, Table
from chronicle.narrative.formats import parts, pdf
from chronicle.narrative.formats.pdf import write
from chronicle.narrative.inert import clean
from tests.narrative.documents import CHARTER, PLAN, TRADE, document, sentence
from tests.narrative.formats.test_html_page import HOSTILE

TYPST = [
    '#panic("no")',
    '#include "/etc/passwd"',
    "*strong* _emphasis_",
    "$x^2$",
    "<label> @reference",
    "#{sys.inputs}",
    "// comment",
]


def read(content: bytes) -> PdfReader:
    """The file as pypdf reads it."""
    return PdfReader(io.BytesIO(content), strict=True)


def words(content: bytes) -> str:
    """The text of all pages, without its spaces, which depend on the lines."""
    return "".join("".join(page.extract_text().split()) for page in read(content).pages)


def outline(found: list[Any], depth: int = 0) -> Iterator[tuple[int, str]]:
    """The titles of the outline with their depths."""
    for one in found:
        if isinstance(one, list):
            yield from outline(one, depth + 1)
        else:
            yield depth, str(one.title)


def test_the_file_opens_with_outline_and_title() -> None:
    """The file opens with its title, its language and an outline of sections and entries."""
    reader = read(write(document(TRADE, CHARTER)))
    assert reader.metadata is not None
    assert "Azerbaijan and the United States" == reader.metadata.title
    assert "en" == str(reader.root_object["/Lang"])
    assert [
        (0, "2026"),
        (1, "Trade in 2025"),
        (1, "Strategic Partnership Charter signed"),
        (0, "Sources"),
        (0, "Colophon"),
    ] == list(outline(reader.outline))


def test_links_lead_to_the_web_and_within() -> None:
    """There are links to addresses of the web, and to notes and events within the file."""
    reader = read(write(document(TRADE, CHARTER)))
    links = [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]
    addresses = [one["/A"]["/URI"] for one in links if "/A" in one and "/URI" in one["/A"]]
    assert ["https://example.org/a?b=1&c=2"] == addresses
    assert 2 < len(links) - len(addresses)


def test_marks_are_footnotes_with_locators() -> None:
    """Marks are footnotes that name the source and the place in it; how a figure was computed stands there as well."""
    said = words(write(document(TRADE)))
    assert "Trend,“Oil&beyond”,24February2026,paragraph5" in said
    assert "computed:$1.49billion÷$61.8million=24.1" in said


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> Document:
    """A document that is set in several parts: three entries, and a table that two parts share."""
    monkeypatch.setattr(pdf, "LONG", 3)
    monkeypatch.setattr(parts, "SIZE", 500)
    table = Table(("Number",), tuple((sentence(f"{number} rows"),) for number in range(150)))
    return document(TRADE, CHARTER, PLAN, table)


def test_a_footnote_names_its_source_up_to_the_address() -> None:
    """The bibliography has the address, and what follows it: the language of the source."""
    address = "https://example.org/list"
    runs = (Run("Author, 2013."), Run(" "), Run(address, href=address), Run("."), Run(" In English."))
    notes = (Note(1, "s", Sentence(runs)),)
    said = words(write(document(Paragraph((sentence("Told.", marks=(Mark(1, ("p. 2",)),)),)), notes=notes)))

    assert "Author,2013,p.2" in said
    assert "InEnglish" in said
    assert "Author,2013." not in said.replace("Author,2013.https", "")


def test_a_long_document_is_one_with_outline_title_and_numbers(long: Document) -> None:
    """A document set in parts has one title, one outline, and pages that are numbered throughout."""
    reader = read(write(long))
    assert reader.metadata is not None
    assert "Azerbaijan and the United States" == reader.metadata.title
    assert "en" == str(reader.root_object["/Lang"])
    assert ["2026", "Sources", "Colophon"] == [title for depth, title in outline(reader.outline) if depth == 0]
    assert ["Trade in 2025", "Strategic Partnership Charter signed"] == [
        title for depth, title in outline(reader.outline) if depth == 1
    ][:2]
    count = len(reader.pages)
    assert count > 4
    assert [f"{number} / {count}" for number in range(1, count + 1)] == [
        page.extract_text().strip().splitlines()[-1].strip() for page in reader.pages
    ]


def test_a_long_document_has_all_rows_once(long: Document) -> None:
    """Every row of a table that goes over parts is there once."""
    said = "\n".join(page.extract_text() for page in read(write(long)).pages)
    assert [str(number) for number in range(150)] == re.findall(r"(\d+) rows", said)


def test_links_of_a_long_document_lead_across_its_parts(long: Document) -> None:
    """Marks lead to their notes, mentions to their events and contents to chapters, in whatever part these are."""
    reader = read(write(long))
    links = [one.get_object() for page in reader.pages for one in page.get("/Annots", [])]
    within = {str(one["/Dest"]) for one in links if "/Dest" in one}
    assert {"event-trade-2025", "note-1", "notes", "colophon"} <= within <= set(reader.named_destinations)
    assert {"https://example.org/a?b=1&c=2"} == {one["/A"]["/URI"] for one in links if "/A" in one}


def test_contents_of_a_long_document_name_the_pages(long: Document) -> None:
    """The contents name for each chapter the page it begins on."""
    reader = read(write(long))
    front = reader.pages[0].extract_text()
    for label, title in (("notes", "Sources"), ("colophon", "Colophon")):
        number = reader.get_destination_page_number(reader.named_destinations[label])
        assert number is not None
        assert re.search(rf"{title}[ .]*\s{number + 1}\n", front), front


def test_marks_of_a_long_document_stand_in_brackets(long: Document) -> None:
    """Footnotes would take long to set, so that marks stand in brackets."""
    assert "TradeinTurnovercameto$1.55billion.Importswere24timesexports.[1:paragraph5;" in words(write(long)).replace(
        "2025", ""
    )


def test_a_brief_keeps_its_marks_in_brackets() -> None:
    """A brief, which is to fit a page, has its marks in brackets, linked to the notes, and no contents."""
    made = write(msgspec.structs.replace(document(TRADE, CHARTER), kind="brief"))
    assert "[1:paragraph5;computed:" in words(made)
    assert 1 == len(read(made).pages)
    links = [one.get_object() for page in read(made).pages for one in page.get("/Annots", [])]
    assert any("/Dest" in one for one in links)


def test_what_a_long_document_lacks_is_named(long: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the parts cannot be joined, the extra that does it is named."""
    monkeypatch.setitem(sys.modules, "pikepdf", None)
    with pytest.raises(MissingExtraError, match="pikepdf"):
        write(long)


def test_a_long_document_gives_the_same_bytes(long: Document) -> None:
    """Parts are set at the same time and yet joined to the same bytes."""
    assert write(long) == write(long)


@pytest.mark.parametrize("text", [*HOSTILE, *TYPST])
def test_hostile_text_is_only_text(text: str) -> None:
    """Hostile text, wherever it stands, is printed as written and adds no address."""
    said = Sentence((Run(text, "name"), Run(text, href=text)), ("x#1",), (Mark(1, (text,)),), text)
    blocks = (Paragraph((said,)), Table((text, "B"), ((said, said),), text))
    made = write(document(*blocks, title=f"A {text}", notes=(Note(1, text, said, (said,)),)))
    assert "".join(clean(text).split()) in words(made).replace("\u00ad", "")
    links = [one.get_object() for page in read(made).pages for one in page.get("/Annots", [])]
    assert not [one for one in links if "/URI" in one.get("/A", {})]


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40))
def test_any_text_can_be_set(text: str) -> None:
    """Any text can be set."""
    assert write(
        document(
            Paragraph((sentence(Run(text, "name"), Run(text, style="strong"), marks=(Mark(1, (text,)),)),)), title=text
        )
    )


@pytest.mark.parametrize(
    "text", ["Gülüş, şəhər, ığırlıq, Ərəb", "Çağdaş İstanbul ğüşıöç", "Съешь же ещё этих мягких булок"]
)
def test_azerbaijani_turkish_and_russian_have_their_letters(text: str) -> None:
    """The letters of Azerbaijani, Turkish and Russian come out as they went in."""
    assert "".join(text.split()) in words(write(document(Paragraph((sentence(text),)))))


def test_the_same_document_gives_the_same_bytes() -> None:
    """The same document gives the same bytes, dated as what it tells of."""
    first = write(document())
    metadata = read(first).metadata
    assert metadata is not None
    assert "2026-03-01" == str(metadata.creation_date)[:10]
    assert first == write(document())


def test_a_document_without_sections_sources_or_a_date() -> None:
    """There is a file of a document without sections and sources."""
    assert "Nosourceiscited." in words(write(document(PLAN, notes=())))

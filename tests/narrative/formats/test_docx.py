from __future__ import annotations

import io
import zipfile

import docx as python_docx
import pytest
from docx.document import Document as WordDocument
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.narrative.document import Mark, Note, Paragraph, Run, Table
from chronicle.narrative.formats.docx import write
from chronicle.narrative.inert import clean
from tests.narrative.documents import CHARTER, TRADE, document, sentence
from tests.narrative.formats.test_html_page import HOSTILE

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(content: bytes) -> WordDocument:
    """The file as python-docx reads it."""
    return python_docx.Document(io.BytesIO(content))


def test_the_file_opens_with_its_headings() -> None:
    """The file opens again with title, headings in their levels, and text with its marks."""
    word = opened(write(document(TRADE)))
    styled = [(one.style.name if one.style else "", one.text) for one in word.paragraphs]
    assert ("Title", "Azerbaijan and the United States") == styled[0]
    assert [("Heading 1", "2026"), ("Heading 2", "Trade in 2025")] == [
        one for one in styled if one[0].startswith("Heading")
    ][:2]
    assert any(text.startswith("Turnover came to $1.55\u00a0billion. Imports") for _, text in styled)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    """Hostile text reads as written, wherever it stands, and adds no field and no link."""
    said = sentence(Run(text, "name"), Run(text, href=text), marks=(Mark(1, (text,)),))
    made = write(
        document(Paragraph((said,)), Table((text,), ((said,),), text), title=text, notes=(Note(1, text, said),))
    )
    word = opened(made)
    assert clean(text).strip() == word.paragraphs[0].text.strip()
    assert not list(word.element.iter(f"{WORD}fldChar", f"{WORD}instrText"))
    assert [] == [one.target_ref for one in word.part.rels.values() if one.is_external]


@settings(max_examples=20)
@given(st.text(max_size=60))
def test_any_text_reads_as_written(text: str) -> None:
    """Any text reads as written."""
    word = opened(write(document(Paragraph((sentence("<", Run(text, "name"), ">"),)))))
    assert f"<{clean(text)}>" in [one.text for one in word.paragraphs]


def test_links_lead_to_the_web_and_to_notes_and_events() -> None:
    """Links lead to addresses of the web, marks to their notes, titles to their events."""
    word = opened(write(document(TRADE, CHARTER)))
    assert ["https://example.org/a?b=1&c=2"] == [one.target_ref for one in word.part.rels.values() if one.is_external]
    anchors = {str(one.get(f"{WORD}anchor")) for one in word.element.iter(f"{WORD}hyperlink")} - {"None"}
    names = [str(one.get(f"{WORD}name")) for one in word.element.iter(f"{WORD}bookmarkStart")]
    assert {"note_1", "note_2", "event_1"} == anchors
    assert anchors <= set(names)
    assert len(names) == len(set(names))


def test_tables_repeat_their_head_and_pictures_say_what_they_show() -> None:
    """Tables repeat their head on each page; pictures have a text in their place."""
    word = opened(write(document()))
    assert len(word.tables) == len(list(word.element.iter(f"{WORD}tblHeader")))
    described = [one.get("descr") for one in word.element.iter() if str(one.tag).endswith("}docPr")]
    assert [
        "Exports rose from $55.1 million in 2024 to $61.8 million in 2025.",
        "Two events, in 2025 and in 2026.",
    ] == described


def test_the_same_document_gives_the_same_bytes() -> None:
    """The same document gives the same bytes: the file and its members bear the date that is told of, or none."""
    first = write(document())
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {(1980, 1, 1, 0, 0, 0)} == {member.date_time for member in file.infolist()}
    assert "2026-03-01T00:00:00+00:00" == opened(first).core_properties.created.isoformat()
    assert first == write(document())


def test_the_language_is_that_of_the_document() -> None:
    """The language is that of the document, and foreign text says its own."""
    word = opened(write(document(TRADE, lang="de")))
    assert {"de"} == {str(one.get(f"{WORD}val")) for one in word.styles.element.iter(f"{WORD}lang")}
    assert ["az"] == [str(one.get(f"{WORD}val")) for one in word.element.iter(f"{WORD}lang")]

from __future__ import annotations

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chronicle.narrative.document import Document, Paragraph, Run
from chronicle.narrative.formats.json_text import write
from tests.narrative.documents import document, sentence


def test_the_document_comes_back() -> None:
    """What is written gives the same document back."""
    assert document() == msgspec.json.decode(write(document()), type=Document)


@given(st.text(max_size=50))
def test_any_text_comes_back(text: str) -> None:
    """Any text comes back as it was."""
    given_document = document(Paragraph((sentence(Run(text, "quote")),)))
    assert given_document == msgspec.json.decode(write(given_document), type=Document)


def test_fields_have_the_names_of_the_model() -> None:
    """Fields have the names of the model; a block says what it is."""
    found = json.loads(write(document()))
    assert {"kind", "lang", "title", "told", "sections", "notes", "facts", "colophon", "basis"} <= found.keys()
    assert ["entry", "chart"] == [block["block"] for block in found["sections"][0]["blocks"]]

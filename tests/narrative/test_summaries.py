"""Summaries: emphasis and links of light CommonMark become runs, everything else stays the text that it is."""

from __future__ import annotations

import pytest

from chronicle.narrative.document import Run
from chronicle.narrative.summaries import paragraphs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain.", [(Run("Plain."),)]),
        ("One.\n\nTwo\nlines.", [(Run("One."),), (Run("Two lines."),)]),
        ("Very *much* so.", [(Run("Very "), Run("much", style="emphasis"), Run(" so."))]),
        ("**All** of it", [(Run("All", style="strong"), Run(" of it"))]),
        ("[Here](https://a.example/b)", [(Run("Here", href="https://a.example/b"),)]),
        ("[x](javascript:alert(1))", [(Run("[x](javascript:alert(1))"),)]),
        ("<b>bold</b> & a_b_c", [(Run("<b>bold</b> & a_b_c"),)]),
        ("# No heading\n- no list", [(Run("# No heading - no list"),)]),
        ("\u202eturned \x07", [(Run("turned"),)]),
        (" \n\n ", []),
    ],
)
def test_what_a_summary_becomes(text: str, expected: list[tuple[Run, ...]]) -> None:
    """What a summary becomes."""
    assert paragraphs(text) == expected


def test_a_summary_in_another_language_says_so() -> None:
    """Every run of a summary in another language than the report is marked with it."""
    assert paragraphs("Çox *yaxşı*", "az") == [(Run("Çox ", lang="az"), Run("yaxşı", style="emphasis", lang="az"))]

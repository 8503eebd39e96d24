from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.narrative.document import Paragraph, Run, Table
from chronicle.narrative.formats.columns import columns
from chronicle.narrative.formats.plain_text import WIDTH, write
from chronicle.narrative.inert import plain
from tests.narrative.documents import PLAN, TRADE, document, sentence


def body(text: str) -> str:
    """What lies between the line that says of when it is told, and the sources."""
    return text.partition("1 March 2026.\n\n\n")[2].partition("\n\n\nSources\n")[0]


def test_the_page_reads_as_it_stands() -> None:
    """Headings are underlined, lines wrapped, entries indented, lists have hyphens."""
    assert body(write(document(TRADE))) == (
        "2026\n----\n\nTrade in 2025\n\n"
        "    Turnover came to $1.55\u00a0billion. Imports were 24 times exports. [1:\n"
        "    paragraph 5; computed: $1.49\u00a0billion ÷ $61.8\u00a0million = 24.1]"
    )


def test_a_timeline_has_its_dates_first() -> None:
    """A timeline has its dates first, and says what has not happened."""
    said = body(write(document(TRADE, PLAN, kind="timeline")))
    assert said.startswith("2026\n----\n\n2025\n    Trade in 2025\n\n    Turnover came to")
    assert said.endswith("\n\nby 2030 (planned)\n    A plan for 2030")


@given(st.text(max_size=200))
def test_no_text_commands_a_terminal_or_breaks_a_line(text: str) -> None:
    """No text commands a terminal, turns the direction of a line or begins one of its own; its words stay."""
    said = write(document(Paragraph((sentence("It says: ", Run(text, "quote"), "."),))))
    kinds = {unicodedata.category(char) for char in said if char not in "\n\u200c\u200d"}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
    assert plain(f"It says: {text}.").split() == body(said).partition("\n----\n\n")[2].split()


def test_lines_are_short() -> None:
    """No line is longer than 72 characters, unless it is one word."""
    assert [] == [line for line in write(document()).split("\n") if len(line) > WIDTH and " " in line.strip()]


def test_an_address_stands_behind_its_words() -> None:
    """An address stands behind its words, once; only addresses of the web are shown."""
    said = body(write(document(Paragraph((sentence("See ", Run("it", href="https://example.org/a")),)))))
    assert said.endswith("See it (https://example.org/a)")
    said = body(write(document(Paragraph((sentence("See ", Run("it", href="javascript:alert(1)")),)))))
    assert said.endswith("See it")


def test_columns_wrap_and_figures_stand_right() -> None:
    """Cells wrap within their columns, and figures stand right."""
    rows = (("2025", "1.5"), ("a long name", "61.25"))
    assert [
        "Year    Figure",
        "------  ------",
        "2025       1.5",
        "a long   61.25",
        "name",
    ] == columns(("Year", "Figure"), rows, 14, (1,), colon=": ")


def test_a_table_that_is_too_wide_is_told_row_by_row() -> None:
    """A table whose words do not fit side by side is told row by row."""
    rows = (("Incomprehensibilities", "counterrevolutionary", "1"), ("b", "", "2"))
    assert [
        "A: Incomprehensibilities",
        "B: counterrevolutionary",
        "C: 1",
        "",
        "A: b",
        "C: 2",
    ] == columns(("A", "B", "C"), rows, 30, colon=": ")


def test_a_cell_cannot_leave_its_table() -> None:
    """A cell stays one row."""
    said = body(write(document(Table(("A", "B"), ((sentence("x\ny"), sentence("1")),)))))
    assert said.endswith("A    B\n---  -\nx y  1")


@pytest.mark.parametrize("template", ["{{ document.title }}", "{{ told(document.told) }}"])
def test_a_template_takes_the_place_of_the_shipped_one(template: str) -> None:
    """A template takes the place of the shipped one, and what it prints is inert."""
    said = write(document(title="A\x1b[31m\ntitle"), {"report.txt.j2": template})
    assert said in ("A[31m title", "Told as of 1 March 2026.")

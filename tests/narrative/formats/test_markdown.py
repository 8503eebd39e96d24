from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chronicle.narrative.document import Listing, Mark, Note, Paragraph, Run, Section, Sentence, Table
from chronicle.narrative.formats.markdown import Markdown, escaped, write
from chronicle.narrative.inert import plain
from tests.narrative.documents import CHARTER, PLAN, TRADE, document, sentence

COMMONMARK = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = [
    "# heading",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1994. A year",
    "> quote",
    "=== rule",
    "--- rule",
    "```fence```",
    "~~~fence",
    "~~struck~~",
    "*emphasis* and __strong__",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "[text](javascript:alert(1))",
    "![image](https://evil.example/x.png)",
    "[1]: https://evil.example",
    "&lt;b&gt; &copy; &#65;",
    "AT&T, R&D; and a < b",
    "a | b || c \\| d",
    "back\\slash \\* \\\\",
    "trailing #",
    "`code`",
    "line\nbreak\r\nand\u2028more",
    "{{ 7 * 7 }} {% raw %}",
    "    indented",
    "\ttab",
    "C# and [x] task",
]


def rendered(markdown: str) -> str:
    """The HTML of a text."""
    return str(COMMONMARK.render(markdown)).strip()


def body(text: str) -> str:
    """What lies between the line that says of when it is told, and the sources."""
    return text.partition("1 March 2026.\n\n")[2].partition("\n\n## Sources")[0]


def one_sentence(*runs: Run | str, marks: tuple[Mark, ...] = ()) -> str:
    """The Markdown of one sentence alone."""
    told = Paragraph((sentence(*runs, marks=marks),))
    return body(write(document(told))).partition("## 2026\n\n")[2]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(("before", "tag"), [("", "p"), ("### ", "h3")])
def test_hostile_text_is_only_text(text: str, before: str, tag: str) -> None:
    """Hostile text is only text."""
    shown = rendered(before + escaped(text))
    assert shown.startswith(f"<{tag}>")
    assert shown.endswith(f"</{tag}>")
    inner = shown[len(tag) + 2 : -len(tag) - 3]
    assert "<" not in inner
    assert html.unescape(inner) == plain(text)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("&#;*_[]()<>|`~\\!:1. "), max_size=20)))
def test_text_is_the_same_however_it_is_cut_into_runs(texts: list[str]) -> None:
    """Text reads as written, however it is cut into runs."""
    shown = rendered(one_sentence(*(Run(text, "name") for text in texts)))
    said = plain("".join(texts))
    assert (f"<p>{said}</p>" if said else "") == html.unescape(shown)


@given(st.text(max_size=60), st.sampled_from(["emphasis", "strong"]))
def test_styled_text_holds_nothing_but_its_text(text: str, style: str) -> None:
    """Styled text holds nothing but its text and its style."""
    shown = rendered(one_sentence("Before ", Run(text, style=style), " after."))  # type: ignore[arg-type] # one of two
    assert re.sub(r"</?(?:em|strong)>", "", shown).count("<") == 2
    assert html.unescape(
        re.sub(r"</?(?:em|strong)>|\*", "", shown)
    ) == f"<p>{plain(f'Before {text} after.')}</p>".replace("*", "")


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/a?b=1&c=2", '<p>See <a href="https://example.org/a?b=1&amp;c=2">it</a>.</p>'),
        ("javascript:alert(1)", "<p>See it.</p>"),
        ("https://evil.example/> [x](y", "<p>See it.</p>"),
        ("//evil.example", "<p>See it.</p>"),
        ("https://[", "<p>See it.</p>"),
        ("#event-one", "<p>See it.</p>"),
    ],
)
def test_only_addresses_of_the_web_are_links(href: str, expected: str) -> None:
    """Only addresses of the web are links."""
    assert rendered(one_sentence("See ", Run("it", href=href), ".")) == expected


def test_an_address_that_is_its_own_text_stands_alone() -> None:
    """An address that is its own text stands alone."""
    assert one_sentence(Run("https://example.org/", href="https://example.org/"), ".") == "<https://example.org/>."


def test_marks_name_sources_and_places() -> None:
    """Marks name sources and the places in them, and a locator is inert."""
    said = one_sentence("It is so.", marks=(Mark(1, ("paragraphs 5 and 6", "table [2]")), Mark(3)))
    assert said == "It is so. [1: paragraphs 5 and 6, table \\[2\\]; 3]"


def test_a_computed_sentence_says_how() -> None:
    """A computed sentence says how its figure came about."""
    computed = Sentence((Run("Imports were 24 times exports."),), ("a#1", "a#2"), (Mark(1),), "1.49e9 / 61.8e6 = 24.1")
    said = body(write(document(Paragraph((computed,)))))
    assert said.endswith("Imports were 24 times exports. [1; computed: 1.49e9 / 61.8e6 = 24.1]")


def test_a_cell_cannot_leave_its_table() -> None:
    """A cell cannot leave its table."""
    cells = (sentence("a | b\n| c"), sentence("1", marks=(Mark(1, ("x|y",)),)))
    said = body(write(document(Table(("A | B", "C"), (cells,), numeric=(1,)))))
    assert said.endswith("| A &#124; B | C |\n| --- | ---: |\n| a &#124; b &#124; c | 1 [1: x&#124;y] |")


def test_an_entry_is_a_heading_and_its_blocks() -> None:
    """An entry is a heading below that of its section, and its blocks."""
    said = body(write(document(TRADE)))
    assert said.startswith("## 2026\n\n### Trade in 2025\n\nTurnover came to $1.55\u00a0billion. Imports")


def test_a_timeline_is_a_list_with_dates() -> None:
    """A timeline is a list with dates; what has not happened says so."""
    said = body(write(document(TRADE, PLAN, kind="timeline")))
    assert "- **2025** Trade in 2025\n\n  Turnover came to" in said
    assert said.endswith("\n\n- **by 2030 (planned)** A plan for 2030")
    assert rendered(said).count("<ul>") == 1


def test_sections_within_sections_lie_a_level_lower() -> None:
    """Sections within sections lie a level lower, and there are six levels."""
    deep = Section("s7", "Seven", (CHARTER,))
    for level in (6, 5, 4, 3, 2):
        deep = Section(f"s{level}", f"Level {level}", (), (deep,))
    said = body(write(document(sections=(deep,))))
    assert re.findall("^(#+) (?:Level|Seven)", said, re.MULTILINE) == ["##", "###", "####", "#####", "######", "######"]


def test_quotes_stand_below_their_source() -> None:
    """Quotes stand below their source, and nothing cited is said to be so."""
    note = Note(1, "a", sentence("A source."), (sentence("page 1: “So”"), sentence("“And *so*”")))
    said = write(document(TRADE, notes=(note,)))
    assert "\n\n1. A source.\n   - page 1: “So”\n   - “And \\*so\\*”\n\n## Colophon" in said
    assert "## Sources\n\nNo source is cited.\n\n## Colophon" in write(document(TRADE, notes=()))


def test_no_line_is_blank_twice() -> None:
    """No line is blank twice, and the last one ends."""
    said = write(document())
    assert "\n\n\n" not in said
    assert said.endswith("chronicle-service 0.1.0\n")


def test_the_same_document_gives_the_same_text() -> None:
    """The same document gives the same text."""
    assert write(document()) == write(document())


def test_a_template_replaces_the_shipped_one_and_prints_nothing_unescaped() -> None:
    """A template replaces the shipped one, and prints nothing unescaped."""
    own = "{% for section, level in sections %}{{ section.heading }}: {{ told(section.blocks[0]) }}{% endfor %}"
    hostile = Section("x", "*Not* <b>", (Listing(sentence("Lead:"), (sentence("<i>"),)),))
    assert write(document(sections=(hostile,)), {"report.md.j2": own}) == "\\*Not\\* &lt;b>: Lead:\n\n- &lt;i>"


def test_what_is_markdown_already_is_not_escaped_again() -> None:
    """What is Markdown already is not escaped again."""
    assert write(document(TRADE), {"report.md.j2": "{{ heading(3) }}"}) == Markdown("###")

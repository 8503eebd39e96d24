from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from chronicle.narrative.markdown import Markdown, address, escaped, finished, light, plain, table

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


@given(st.text(max_size=80))
def test_whatever_is_written_reads_as_written(text: str) -> None:
    """Whatever is written reads as written."""
    line = plain(text)
    cells = re.findall(r"<td>(.*?)</td>", rendered(table(("a",), [(text,)])), re.DOTALL)
    assert [html.unescape(cell) for cell in cells] == [line.strip()]
    if line:
        assert html.unescape(rendered(escaped(text))) == f"<p>{line}</p>"


def test_control_and_bidirectional_characters_go_and_letters_stay() -> None:
    """Control and bidirectional characters go and letters stay."""
    assert plain("a\u202eb\u2066c\u200fd\x07e\u200bf\ufeff") == "abcdef"
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert plain(f"Azərbaycan {persian}") == f"Azərbaycan {persian}"


def test_a_summary_keeps_emphasis_links_and_paragraphs() -> None:
    """A summary keeps emphasis links and paragraphs."""
    first, second = light("Some *words* and **more**.\n\nA [link](https://example.org/a_b?c=1), [not](javascript:x).")
    assert rendered(first) == "<p>Some <em>words</em> and <strong>more</strong>.</p>"
    assert rendered(second) == '<p>A <a href="https://example.org/a_b?c=1">link</a>, [not](javascript:x).</p>'


@given(st.text(alphabet="*_[]()<>\\`#-+1.|~ &;ahtps:/\n", max_size=60))
def test_a_summary_makes_nothing_but_emphasis_and_links(text: str) -> None:
    """A summary makes nothing but emphasis and links."""
    for paragraph in light(text):
        tags = set(re.findall(r"</?(\w+)", rendered(paragraph)))
        assert tags <= {"p", "em", "strong", "a"}
        assert all(link.startswith("http") for link in re.findall(r'href="([^"]*)"', rendered(paragraph)))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c", "<https://example.org/a?b=c>"),
        ("HTTP://example.org", "<HTTP://example.org>"),
        ("javascript:alert(1)", None),
        ("urn:isbn:123", None),
        ("https://a b", None),
        ("https://a>b", None),
        ("https://[", None),
        ("https:", None),
    ],
)
def test_only_http_and_https_are_links(url: str, expected: str | None) -> None:
    """Only http and https are links."""
    assert address(url) == expected


def test_what_is_markdown_is_not_escaped_twice() -> None:
    """What is Markdown is not escaped twice."""
    assert finished(Markdown("*a*")) == "*a*"
    assert finished("*a*") == "\\*a\\*"

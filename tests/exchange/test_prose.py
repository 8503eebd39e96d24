"""HTML to text, and text to what documents hold."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chronicle.event.model import Event
from chronicle.event.validate import faults, is_name
from chronicle.exchange.identity import Ids, slug
from chronicle.exchange.prose import one_line, plain_text, tidy
from chronicle.exchange.web import web_address

PIECES = (
    *("<", ">", "</", "<!--", "-->", "<script>", "</script>", "&lt;", "&#0;", "&#x1b;", "<p>", "<br/>", "<a href='"),
    *(
        "'",
        "x",
        " ",
        "\n",
        "\x00",
        "\x1b[31m",
        "\ud800",
        "\u202e",
        "<![CDATA[",
        "<?",
        "&amp;lt;b&amp;gt;",
        "<img src=x>",
    ),
)
pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(pieces | st.text())
@example("&lt;script&gt;alert(1)&lt;/script&gt;")
def test_whatever_comes_is_fit_for_a_document(html: str) -> None:
    """No markup, no control characters, no half of a pair; a summary has no fault, nor has a title."""
    summary, title = plain_text(html), one_line(html)
    event = Event(id="e", type="x", occurred="1994", title=title or "t", summary=summary or None)
    wrong = [fault.code for fault in faults(event) if fault.severity == "error" and fault.code != "placeholder"]
    assert [] == wrong


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("a &amp; b", "a & b"),
        ("<p>One</p>\n<p>two<br>three</p>", "One\n\ntwo\nthree"),
        ("one\n two", "one two"),
        ("x<script>alert(1)</script><style>p{}</style>y", "xy"),
        ("a <!-- not this --> b", "a b"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("a <b", "a < b"),
        ("&lt;b&gt;", "< b>"),
        ("<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_what_a_reader_would_read(html: str, text: str) -> None:
    """Paragraphs apart, scripts and comments gone, and no tag left even where it was only spelled out."""
    assert text == plain_text(html)


@given(st.text())
def test_tidy_is_done_once(text: str) -> None:
    """What is tidy stays as it is."""
    assert tidy(text) == tidy(tidy(text))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("A Headline, and more", "a-headline-and-more"),
        ("Əli və Nino", "eli-ve-nino"),
        ("Işıq Şəhəri", "isiq-seheri"),
        ("https://www.example.org/a/b", "example-org-a-b"),
        ("word " * 40, "-".join(["word"] * 16)),
    ],
)
def test_titles_become_ids(title: str, expected: str) -> None:
    """Letters of Azerbaijani too; not longer than can be read."""
    assert expected == slug(title)


@given(st.lists(st.text(max_size=3), max_size=8))
def test_ids_are_names_and_unique(titles: list[str]) -> None:
    """Whatever the titles are, and the same for the same titles."""
    first, again = Ids(), Ids()
    found = [first.take(title, "1994") for title in titles]
    assert len(found) == len(set(found))
    assert found == [again.take(title, "1994") for title in titles]
    assert all(map(is_name, found))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("//example.org/a", "https://example.org/a"),
        (" http://example.org/a\n", "http://example.org/a"),
        ("javascript:alert(1)", ""),
        ("/static/a", ""),
        ("https://", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_addresses(text: str, address: str) -> None:
    """Only http and https, with a host."""
    assert address == web_address(text)

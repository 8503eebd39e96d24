from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.narrative.document import Entry, Mark, Note, Paragraph, Run, Section, Sentence, Table
from chronicle.narrative.formats.html_page import policy, write
from chronicle.narrative.inert import clean
from tests.narrative.documents import CHARTER, PLAN, TRADE, document, sentence

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "]]><!--",
    "-->",
    "&lt;b&gt;&copy;&#65;",
    "{{ 7 * 7 }}{% raw %}",
    "\x00\x1b[31m\u202e\u2066\ufeff\U000e0001\ue000\ufffe",
    "javascript:alert(1)",
]


def parsed(text: str) -> Element:
    """The page as browsers read it; an error of its markup raises."""
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    assert isinstance(page, Element)
    return page


def named(page: Element, *tags: str) -> Iterator[Element]:
    """All elements of these names, in order."""
    return (one for one in page.iter() if one.tag in tags)


def text_of(element: Element) -> str:
    """The text within an element."""
    return "".join(element.itertext())


def everywhere(text: str) -> str:
    """A page with one text in every place that takes any."""
    said = sentence(Run(text), Run(text, "name", entity=text, fact=text), facts=(text,), marks=(Mark(1, (text,)),))
    computed = Sentence((Run(text, "quote", lang="az"), Run(text, href=text)), (text,), (), text)
    entry = Entry(
        "one",
        said,
        Run(text, "date", when=text),
        "planned",
        (Paragraph((said, computed)), Table((text,), ((said,),), text)),
    )
    return write(
        document(
            title=text, sections=(Section("one-section", text, (entry,)),), notes=(Note(1, text, said, (computed,)),)
        )
    )


def test_the_page_is_well_formed() -> None:
    """The page has no error that a strict reader of HTML finds, whatever its kind."""
    for kind in ("narrative", "timeline", "brief", "changes", "profile"):
        parsed(write(document(kind=kind)))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    """Hostile text adds no element and no attribute that acts, and reads as written."""
    page, harmless = parsed(everywhere(text)), parsed(everywhere(re.sub(r"\S", "x", clean(text))))
    assert Counter(str(one.tag) for one in harmless.iter()) == Counter(str(one.tag) for one in page.iter())
    assert {name for one in harmless.iter() for name in one.attrib} == {
        name for one in page.iter() for name in one.attrib
    }
    [heading] = named(page, "h1")
    assert clean(text) == text_of(heading)


@given(st.text(max_size=60))
def test_any_text_is_only_text(text: str) -> None:
    """Any text is only text, and the page stays well-formed."""
    page = parsed(write(document(Paragraph((sentence(Run(text, "name"), "."),)), title=text)))
    assert 1 == sum(1 for _ in named(page, "script"))
    [heading] = named(page, "h1")
    assert clean(text) == text_of(heading)


def test_nothing_runs_and_nothing_is_fetched() -> None:
    """The policy allows the style of the page by its hash and nothing else; there is no script but the data."""
    page = parsed(write(document()))
    [style] = named(page, "style")
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    [given_policy] = [one.attrib["content"] for one in named(page, "meta") if "http-equiv" in one.attrib]
    assert f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'" == given_policy
    assert ["application/ld+json"] == [one.attrib["type"] for one in named(page, "script")]
    assert not [name for one in page.iter() for name in one.attrib if name.startswith("on") or name in ("style", "src")]
    assert not list(named(page, "link", "img", "iframe", "object", "form", "base"))


def test_landmarks_and_headings() -> None:
    """One banner, main part and foot, a named contents and one first heading; no level of headings is left out."""
    page = parsed(write(document()))
    assert {"header": 1, "nav": 1, "main": 1, "footer": 1, "h1": 1} == {
        tag: len(list(named(page, tag))) for tag in ("header", "nav", "main", "footer", "h1")
    }
    levels = [int(str(one.tag)[1]) for one in named(page, "h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    [body] = named(page, "body")
    [skip] = [one for one in named(body, "a") if one.attrib.get("class") == "skip"]
    [main] = named(page, "main")
    assert f"#{main.attrib['id']}" == skip.attrib["href"]
    assert "en" == page.attrib["lang"]


def test_every_link_leads_somewhere_and_ids_are_unique() -> None:
    """Every link within the page, and every button, leads to what is there; no id is given twice."""
    page = parsed(write(document()))
    ids = Counter(one.attrib["id"] for one in page.iter() if "id" in one.attrib)
    assert {1} == set(ids.values())
    targets = {one.attrib["href"][1:] for one in named(page, "a") if one.attrib["href"].startswith("#")}
    targets |= {one.attrib["popovertarget"] for one in named(page, "button")}
    assert set() == targets - ids.keys()


def test_sentences_and_figures_name_their_facts() -> None:
    """Sentences, and figures within them, name the facts they rest on."""
    page = parsed(write(document(TRADE)))
    sentences = [
        one for one in named(page, "span") if one.attrib.get("class") == "sentence" and "data-fact" in one.attrib
    ]
    assert ["trade-2025", "trade-2025#1", "trade-2025#2 trade-2025#3"] == [one.attrib["data-fact"] for one in sentences]
    [figure, computed] = [one for one in named(page, "span") if one.attrib.get("class") == "figure"]
    assert ("trade-2025#1", "$1.55\u00a0billion") == (figure.attrib["data-fact"], text_of(figure))
    assert "data-fact" not in computed.attrib


def test_a_mark_opens_its_source_and_facts() -> None:
    """A mark opens the source, the place in it, the facts of all it stands for, and how a figure was computed."""
    page = parsed(write(document(TRADE)))
    (button,) = named(page, "button")
    opened = {one.attrib["id"]: one for one in page.iter() if "popover" in one.attrib}
    assert text_of(button).strip().startswith("[1: paragraph 5, =")
    rows = [text_of(row) for row in opened[button.attrib["popovertarget"]]]
    assert [
        "1 Trend, “Oil & beyond”, 24 February 2026. paragraph 5",
        "Azerbaijan, trade turnover: $1.55 billion in 2025",
    ] == rows[:2]
    assert rows[-1] == "computed: $1.49\u00a0billion ÷ $61.8\u00a0million = 24.1"


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2025", "2025"),
        ("2026-02", "2026-02"),
        ("2026-02-24", "2026-02-24"),
        ("2026-02-24T10:00:00Z", "2026-02-24T10:00:00Z"),
        ("0000", None),
        ("2025-35", None),
        ("1994~", None),
        ("2025-01/2025-09", None),
        ("[..2026-02-24]", None),
        ("-0044-03-15", None),
        ("202X", None),
    ],
)
def test_only_exact_dates_are_for_machines(edtf: str, expected: str | None) -> None:
    """Only dates that HTML can say are given to machines: nothing is made more exact than it is."""
    page = parsed(write(document(Paragraph((sentence(Run("A date", "date", when=edtf), "."),)))))
    dates = [one.attrib["datetime"] for one in named(page, "time") if text_of(one) == "A date"]
    assert ([expected] if expected else []) == dates


def test_tables_have_scopes_and_captions() -> None:
    """Tables have a caption and headings of columns and rows."""
    page = parsed(write(document()))
    table = list(named(page, "table"))[-1]
    [caption] = named(table, "caption")
    assert "Exports by year" == text_of(caption)
    assert ["col", "col", "row", "row"] == [one.attrib["scope"] for one in named(table, "th")]


def test_pictures_come_wide_and_narrow_with_their_table() -> None:
    """A picture comes for wide and narrow pages, named, with its table to unfold."""
    page = parsed(write(document()))
    for figure in named(page, "figure"):
        assert 2 == len([one for one in figure.iter() if str(one.tag).endswith("svg")])
        [details] = named(figure, "details")
        assert 1 == len(list(named(details, "table")))


def test_foreign_text_says_its_language() -> None:
    """Text in another language says so."""
    page = parsed(write(document()))
    [quote] = list(named(page, "q"))
    assert ("az", "Ticarət dövriyyəsi") == (quote.attrib["lang"], text_of(quote))


def test_a_timeline_is_an_ordered_list() -> None:
    """A timeline is an ordered list of its entries, and what has not happened says so."""
    page = parsed(write(document(TRADE, CHARTER, PLAN, kind="timeline")))
    [main] = named(page, "main")
    entries = list(named(main, "article"))
    assert ["event-trade-2025", "event-charter-2026", "event-plan-2030"] == [one.attrib["id"] for one in entries]
    assert 3 == len(
        [
            item
            for listed in named(main, "ol")
            for item in listed
            if item.tag == "li" and item.find("article") is not None
        ]
    )
    assert "by 2030 planned" == " ".join(
        text_of(one) for one in named(entries[2], "p") if one.attrib["class"] == "when"
    )


def test_what_machines_read() -> None:
    """The data of schema.org name the report, its events with dates as far as they are exact, and its sources."""
    page = parsed(write(document(TRADE, CHARTER, PLAN)))
    [script] = named(page, "script")
    found = json.loads(script.text or "")
    assert ("Report", "Azerbaijan and the United States", "en") == (
        found["@type"],
        found["headline"],
        found["inLanguage"],
    )
    assert [
        ("2025", "Trade in 2025"),
        ("2026-02", "Strategic Partnership Charter signed"),
        (None, "A plan for 2030"),
    ] == [(one.get("startDate"), one["name"]) for one in found["mentions"]]
    assert ["https://example.org/a?b=1&c=2", None] == [one.get("url") for one in found["citation"]]


def test_the_same_document_gives_the_same_page() -> None:
    """The same document gives the same page."""
    assert write(document()) == write(document())


def test_a_template_takes_the_place_of_the_shipped_one_or_goes_on_from_it() -> None:
    """A template replaces the shipped one; a style replaces the shipped style, and its hash goes with it."""
    own = {"report.css.j2": "h1 { color: teal }"}
    [given_policy] = [one for one in named(parsed(write(document(TRADE), own)), "meta") if "http-equiv" in one.attrib]
    assert policy("h1 { color: teal }") == given_policy.attrib["content"]
    hostile = document(title="<b>")
    assert "&lt;b&gt; 2" == write(hostile, {"report.html.j2": "{{ document.title }} {{ 1 + 1 }}"})


def test_colours_have_contrast() -> None:
    """Text has a contrast of at least 4.5 to 1 with what it stands on, in light and dark."""
    page = write(document())
    for scheme in re.findall(r":root \{(.*?)\}", page.partition("@page")[0], re.DOTALL):
        colours = dict(re.findall(r"--(paper|raised|wash|ink|soft|accent): (#[0-9a-f]{6})", scheme))
        for ink in ("ink", "soft", "accent"):
            for ground in ("paper", "raised", "wash"):
                assert 4.5 <= contrast(colours[ink], colours[ground]), (ink, ground)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours by WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb` by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

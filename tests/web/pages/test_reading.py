"""What pages show, and that they show it in every language, without markup of strangers."""

from __future__ import annotations

import re
from html import unescape

import html5lib
import pytest

from chronicle import leafing, leaves
from chronicle.narrative.language.wording import languages
from chronicle.service import Archive
from tests.builders import a_fact, an_event
from tests.web.pages.conftest import Browser

PAGES = [
    "/",
    "/search?q=office",
    "/chronicles/c",
    "/chronicles/c?as_of=2021&known=2022",
    "/chronicles/c/events/second",
    "/chronicles/c/entities/ann",
    "/chronicles/c/entities/office",
    "/chronicles/c/attributes/holder",
    "/chronicles/c/sources/early",
    "/chronicles/c/compare?before_as_of=2021&after_as_of=2025",
    "/chronicles/c/report?kind=brief&tag=x",
    "/chronicles/c/add",
    "/chronicles/c/events/second/correct",
    "/chronicles/nowhere",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", languages())
def test_a_page_is_sound_html_in_every_language(browser: Browser, path: str, lang: str) -> None:
    """Nothing in it is wrong by the rules of HTML, and it says its language."""
    answer = browser.get(path, params={**dict(browser.build_request("GET", path).url.params), "lang": lang})
    assert (404 if "nowhere" in path else 200) == answer.status_code
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
    assert lang == page.get("lang")


@pytest.mark.parametrize("path", PAGES)
def test_what_strangers_wrote_stays_text(browser: Browser, path: str) -> None:
    """No script but the shipped one, no style, no handler, no address that runs something, in whatever is shown."""
    page = html5lib.parse(browser.get(path).text, namespaceHTMLElements=False)
    assert [True] == [one.get("src", "").startswith("/static/page-") for one in page.iter("script")]
    assert [] == [*page.iter("style"), *page.iter("img")]
    names = {name for one in page.iter() if isinstance(one.tag, str) for name in one.attrib}
    assert set() == {name for name in names if name.startswith("on") or name == "style"}
    schemes = {re.match(r"[a-z]+:", one.get("href", "")) for one in page.iter("a")} - {None}
    assert {"https:"} >= {found[0] for found in schemes if found}


@pytest.mark.parametrize("path", PAGES)
def test_nothing_may_run_or_be_fetched_from_elsewhere(browser: Browser, path: str) -> None:
    """The policy lets the page's own script and style in, and nothing else."""
    policy = browser.get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_the_state_is_that_of_the_date(browser: Browser) -> None:
    """Ann held the office by the end of 2021, and no longer by 2025."""
    assert "Ann</" in state(browser, "as_of=2021")
    assert "Ann</" not in state(browser, "as_of=2025")


def test_the_state_is_what_was_known(browser: Browser) -> None:
    """Before the late source, Ann still seemed to hold the office in 2025."""
    assert "Ann</" in state(browser, "as_of=2025&known=2022")


def test_a_position_shows_the_log_as_it_was(browser: Browser) -> None:
    """Before the second event was recorded, there was none."""
    assert "Ann</" in state(browser, "as_of=2025&position=7")


def test_links_keep_the_view(browser: Browser) -> None:
    """Whoever follows a link goes on in the same state, in the same language."""
    page = browser.get("/chronicles/c?as_of=2021&known=2022&position=8&lang=az").text
    assert '/chronicles/c/entities/ann?as_of=2021&amp;known=2022&amp;position=8&amp;lang=az"' in page


def test_the_steps_lead_to_the_days_on_which_something_changes(browser: Browser) -> None:
    """Without a script, each date has a link to the one before and the one after it."""
    page = browser.get("/chronicles/c?as_of=2022-01-01").text
    steps = dict(re.findall(r'rel="(prev|next)" href="[^"]*as_of=(?!2022)([0-9-]+)"', page))
    assert {"prev": "2020-05-05", "next": "2024-05-05"} == steps
    page = browser.get("/chronicles/c?as_of=2022-01-01&known=2022-01-01").text
    known = dict(re.findall(r'rel="(prev|next)" href="[^"]*as_of=2022-01-01&amp;known=([0-9-]+)', page))
    assert {"prev": "2020-06-01", "next": "2024-06-01"} == known


def test_a_lasting_link_has_the_whole_basis(writer: Browser, archive: Archive) -> None:
    """Position, date and knowledge: it shows the same page for ever."""
    page = writer.get("/chronicles/c?as_of=2021&known=2022").text
    link = re.search(r'href="(\?as_of=2021[^"]*)"', page)
    assert link is not None
    address = f"/chronicles/c{link[1].replace('&amp;', '&')}"
    before = writer.get(address).text
    archive.append([{"id": "third", "type": "any.thing", "occurred": "2020", "title": "New"}], chronicle="c")
    assert before == writer.get(address).text


def test_labels_are_those_of_the_language(browser: Browser) -> None:
    """What has a label in the language is called by it."""
    assert "Anna</" in state(browser, "as_of=2021&lang=az")


@pytest.mark.parametrize(
    ("header", "lang"),
    [("ru", "ru"), ("xx, az;q=0.5, de;q=0.9", "de"), ("", "en"), ("de;q=nonsense", "en"), ("fr-CA", "fr")],
)
def test_the_browser_chooses_the_language(browser: Browser, header: str, lang: str) -> None:
    """The one that it likes best among those there are, English if there is none."""
    assert f'<html lang="{lang}">' in browser.get("/", headers={"accept-language": header}).text


def test_an_event_shows_its_versions_and_its_place_in_the_log(writer: Browser, archive: Archive) -> None:
    """The latest first, with what a correction changed, and the leaf that the proof is about."""
    archive.append(
        [{"id": "first", "type": "any.thing", "occurred": "2020-05-06", "title": "Ann in office", "note": "A slip"}],
        chronicle="c",
    )
    page = writer.get("/chronicles/c/events/first").text
    assert ["2", "1"] == re.findall(r'<li value="(\d)">', page)
    assert "A slip" in page
    assert "facts, note, occurred, sources, title" in page
    assert archive.show("first")[1].header.leaf().hex() in page


def test_a_comparison_names_what_changed_and_why(browser: Browser) -> None:
    """The value before, the value after, and the event that brought it about."""
    page = browser.get("/chronicles/c/compare?before_as_of=2021&after_as_of=2025").text
    assert re.search(r"<del>.*Ann.*</del>", page)
    assert '/chronicles/c/events/second"' in page


def test_two_states_of_knowledge_are_compared(browser: Browser) -> None:
    """Over one date, what was learned."""
    page = browser.get("/chronicles/c/compare?as_of=2025&before_known=2022&after_known=2025").text
    assert re.search(r"<del>.*Ann.*</del>", page)


def test_a_search_marks_what_it_found(browser: Browser) -> None:
    """The words as they stand, between other words that stay text."""
    page = browser.get("/search?q=takes").text
    assert "Ann <mark>takes</mark> office" in page


@pytest.mark.parametrize(
    ("narrowing", "found"),
    [("", 2), ("&kind=event", 1), ("&type=any&from=2020&to=2021", 1), ("&from=2023", 0), ("&tag=none", 0)],
)
def test_a_search_is_narrowed(browser: Browser, narrowing: str, found: int) -> None:
    """To a kind, a type, a tag, or the dates of events."""
    page = browser.get(f"/search?q=ann&chronicle=c{narrowing}").text
    assert f"Found: {found}</h2>" in page


def test_a_search_goes_on_where_it_stopped(writer: Browser, archive: Archive) -> None:
    """Page by page at one position, so that each hit is shown once, whatever is recorded meanwhile."""
    archive.append([an_event(f"many-{n}", title=f"Plenty {n}") for n in range(120)], chronicle="c")
    seen: list[str] = []
    address: str | None = "/search?q=plenty"
    while address is not None:
        page = writer.get(address).text
        seen += re.findall(r"/events/(many-[0-9]+)", page)
        archive.append([an_event(f"later-{len(seen)}", title="Plenty")], chronicle="c")
        link = re.search(r'rel="next" href="([^"]+)"', page)
        address = link and link[1].replace("&amp;", "&")
    assert sorted(f"many-{n}" for n in range(120)) == sorted(seen)


def test_a_report_is_ordered_by_its_address(browser: Browser) -> None:
    """The page makes it; following it gives the report."""
    page = browser.get("/chronicles/c/report?kind=timeline&format=txt&as_of=2025&lang=de").text
    link = re.search(r'class="action" href="([^"]+)"', page)
    assert link is not None
    answer = browser.get(link[1].replace("&amp;", "&"))
    assert 200 == answer.status_code
    assert "Ann takes office" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/chronicles/c?as_of=1994-13", 400),
        ("/chronicles/c?position=x", 400),
        ("/chronicles/c?position=99999", 400),
        ("/chronicles/c?lang=xx", 400),
        ("/chronicles/c?zone=Nowhere", 400),
        ("/chronicles/c/compare?before_position=x", 400),
        ("/chronicles/c/events/none", 404),
        ("/chronicles/c/events/ann", 404),
        ("/chronicles/c/entities/none", 404),
        ("/chronicles/c/attributes/none", 404),
        ("/chronicles/c/sources/none", 404),
        ("/chronicles/c/events/ann/correct", 404),
        ("/chronicles/%3Cscript%3E", 404),
    ],
)
def test_what_cannot_be_shown_says_why(browser: Browser, path: str, status: int) -> None:
    """As a page with a message, and with the status that programs look at."""
    answer = browser.get(path)
    assert (status, "text/html; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    assert 'class="message"' in answer.text
    assert "<script>" not in answer.text


def test_a_date_is_explained_in_the_language(browser: Browser) -> None:
    """What it means, while it is written, and what is wrong with it."""
    assert "about 1994" == browser.get("/dates?text=1994~&lang=en").json()["phrase"]
    told = browser.get("/dates?text=1994-13").json()
    assert (False, 6) == (told["valid"], told["column"])


def test_script_and_style_are_kept_for_ever(browser: Browser) -> None:
    """Their addresses change with their content."""
    page = browser.get("/").text
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
        answer = browser.get(address)
        assert (200, True) == (answer.status_code, "immutable" in answer.headers["cache-control"])


def state(browser: Browser, query: str) -> str:
    """The table of the state on the page of the timeline."""
    page = browser.get(f"/chronicles/c?{query}").text
    return page[page.index('<section id="state">') : page.index("<footer")]


@pytest.fixture
def paged(writer: Browser, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Thirty events of one subject in a chronicle whose pages have few."""
    for module, name, size in (
        (leaves, "WHOLE", 5),
        (leaves, "EVENTS", 6),
        (leaves, "ROWS", 4),
        (leafing, "EVENTS", 6),
        (leafing, "ROWS", 4),
    ):
        monkeypatch.setattr(module, name, size)
    archive.append(
        [
            an_event(f"e{n}", a_fact(n, subject=f"s{n:02d}"), occurred=str(1990 + n), sources=["early"])
            for n in range(30)
        ],
        chronicle="c",
    )
    return writer


def followed(browser: Browser, path: str, rel: str, part: str) -> list[str]:
    """The parts of a page with an id, and of those that its links of a kind lead to from it."""
    found = []
    while True:
        text = browser.get(path).raise_for_status().text
        section = text.partition(f'<section id="{part}"')[2].partition("</section>")[0]
        found.append(section)
        link = re.search(rf'rel="{rel}" href="([^"]+)"', section)
        if link is None:
            return found
        path = unescape(link[1])


@pytest.mark.parametrize(
    ("path", "rel", "part", "expected"),
    [
        ("/chronicles/c?as_of=2040", "prev", "events", set(range(30))),
        ("/chronicles/c?as_of=1980", "next", "events", set()),
        ("/chronicles/c?as_of=2040&attribute=attribute", "next", "state", set(range(30))),
        ("/chronicles/c/sources/early?as_of=2040", "next", "events", set(range(30))),
        ("/chronicles/c/compare?before_as_of=1980&after_as_of=2040", "next", "changes", set(range(30))),
    ],
)
def test_pages_lead_to_all_there_is(paged: Browser, path: str, rel: str, part: str, expected: set[int]) -> None:
    """Each page has some of it, none twice, and its link leads to the next; what is not known yet is on none."""
    pages = followed(paged, path, rel, part)
    pattern = r'id="event-e(\d+)"' if part == "events" else r'subject=s(\d\d)"'
    found = [int(one) for page in pages for one in dict.fromkeys(re.findall(pattern, page))]

    assert expected == set(found)
    assert len(found) == len(set(found))
    assert len(pages) > 3


def test_a_page_of_a_large_chronicle_keeps_its_place_and_position(paged: Browser, archive: Archive) -> None:
    """The links name the position of the page, and its lasting link and the choice of a language name its place."""
    text = paged.get("/chronicles/c?as_of=2040&attribute=attribute").text.partition('<section id="events"')[2]
    earlier = re.search(r'rel="prev" href="([^"]+)"', text)
    assert earlier is not None
    assert f"position={archive.position()}" in earlier[1]
    assert "attribute=attribute" in earlier[1]
    there = paged.get(unescape(earlier[1])).text
    place = re.search(r'name="before" value="([^"]+)"', there)
    assert place is not None
    assert f"before={place[1]}&amp;as_of=2040" in there


@pytest.mark.parametrize("query", ["before=x", "after=9", "rows=x", "rows=[]"])
def test_a_place_that_no_page_named_is_told_so(paged: Browser, query: str) -> None:
    """With a page that says so."""
    assert 400 == paged.get(f"/chronicles/c?{query}").status_code


def test_the_state_is_narrowed_by_a_form(paged: Browser) -> None:
    """To a subject, by a field that stands over a table of many rows."""
    text = paged.get("/chronicles/c?as_of=2040&subject=s07").text
    table = text.partition('<section id="state"')[2].partition("</section>")[0]

    assert ["s07"] == re.findall(r'subject=(s\d\d)"', table)
    assert 'name="subject" value="s07"' in table

"""The index of words: it proposes all that a reading of every document finds, and nothing that is asked harms it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.errors import QuestionError
from chronicle.event.model import Entity, Event
from chronicle.event.words import LONGEST_TOKEN, MOST_CHARACTERS, UNLISTED, fold, token, tokens, words
from chronicle.service import Archive
from chronicle.state.search import Filter, Term, search, terms
from chronicle.store import read
from chronicle.store.read import Horizon
from tests.builders import (
    CHRONICLE,
    IN_MEMORY,
    Clock,
    a_fact,
    a_retraction,
    a_source,
    an_archive,
    an_attribute,
    an_entity,
    an_event,
)
from tests.postgresql import Server

WORDS = "gas gazı GAS Bakı baki Bakıxanov Əliyev Москва москвы Straße ½ ⒈ a_b x1 Łódź energy en 天然气 é e".split()

HOSTILE = [
    "AND OR NOT NEAR",
    "gas* OR oil",
    "-gas",
    'a" OR "b',
    'a"b',
    "words:gas",
    "{words}: gas ^gas",
    "NEAR(gas oil, 2)",
    "gas & !oil | <-> :*",
    "'gas' \\ %gas_",
    "gas\0oil",
    "…",
    "); DROP TABLE words; --",
    "a " * 500_000,
    "gas" * 350_000,
    '"' + "gas " * 25_000 + '"',
    " ".join(f"gas{n}" for n in range(20_000)),
]


def a_world(archive: Archive, random: Random) -> None:
    """Documents of all kinds and versions whose words are few, so that much is found."""

    def said(most: int = 4) -> str:
        return " ".join(random.choices(WORDS, k=random.randint(1, most)))

    for name in (CHRONICLE, "d"):
        archive.append(
            [
                *(a_source(f"s{n}", f"202{n}-01-01", title=said(), publisher=said()) for n in range(3)),
                *(an_entity(f"e{n}", label=said(), labels={"az": said()}) for n in range(4)),
                an_attribute("attribute", label=said()),
                {"kind": "chronicle", "id": name, "title": said()},
            ],
            chronicle=name,
        )
    for _ in range(12):
        documents = [
            an_event(
                f"x{random.randrange(12)}",
                a_fact({"entity": f"e{random.randrange(4)}"} if random.random() < 0.5 else said()),
                title=said(),
                summary=said(8),
                type=random.choice(["agreement.signed", "agreement.ratified", "plan.announced"]),
                occurred=random.choice(["1994", "2024-05", "2024/2026", "..", "[..2026-02-24]"][:3]),
                tags=random.sample(WORDS[5:9], 2),
                participants=[f"e{random.randrange(4)}"],
                sources=[f"s{random.randrange(3)}"],
            )
            for _ in range(3)
        ]
        distinct = {one["id"]: one for one in documents}
        archive.append(list(distinct.values()), chronicle=random.choice([CHRONICLE, "d"]))
    archive.append([an_entity("e1", label=said())], chronicle=CHRONICLE)
    gone = next(one.header for one in archive.follow(wait=False) if one.header.kind == "event")
    archive.append([a_retraction(gone.id)], chronicle=gone.chronicle)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[Archive]:
    """One archive for all questions, for none of them changes it."""
    url = IN_MEMORY
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        url = server.archive()
    with Archive.open(url, recorded_by="tester", now=Clock()) as archive:
        a_world(archive, Random(1))  # noqa: S311 - a world that is the same each time
        yield archive


def scanned(archive: Archive, query: str, wanted: Filter, chronicle: str | None, **bounds: Any) -> list[Any]:
    """What reading every document finds: (chronicle, kind, id, snippet), best first."""
    horizon = Horizon(bounds.get("position", archive.position()), bounds.get("known"))
    with archive._store.reading() as connection:  # noqa: SLF001 - what the index is to agree with
        records = [
            one
            for kind in ("entity", "chronicle", "source", "attribute")
            for one in read.documents(connection, horizon.position, chronicle, kind)
        ]
        labels = {
            (one.header.chronicle, one.header.id): one.document.label
            for one in records
            if isinstance(one.document, Entity)
        }
        records += read.effective_events(connection, horizon, chronicle)
    fitting = [one for one in records if wanted.fits(one.document)]
    _, hits, _ = search(fitting, terms(query), labels, len(fitting) + 1)
    return [identity(hit) for hit in hits]


def identity(hit: Any) -> tuple[str, str, str, str]:
    """What tells a result from the others, and where it was found."""
    header = hit.record.header
    return header.chronicle, header.kind, header.id, hit.snippet


def paged(archive: Archive, query: str, limit: int, **more: Any) -> list[Any]:
    """All results, page by page."""
    found: list[Any] = []
    after = None
    while True:
        page = archive.search(query, limit=limit, after=after, **more)
        found += map(identity, page.results)
        if (after := page.next) is None:
            assert page.total == len(found)
            return found


queries = st.lists(
    st.sampled_from(WORDS)
    | st.sampled_from(WORDS).map(lambda word: word[:2])
    | st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda pair: '"' + " ".join(pair) + '"'),
    min_size=1,
    max_size=3,
).map(" ".join)


FILTERS: list[dict[str, Any]] = [
    {},
    {"kinds": ("entity", "source")},
    {"types": ("agreement",)},
    {"types": ("agreement.signed", "plan")},
    {"tags": (WORDS[5],)},
    {"since": "2000"},
    {"until": "2024-05"},
]

KNOWN = {None: None, "2020-05-20T18:40:00Z": 1_590_000_000, "2021-05-03T00:00:00Z": 1_620_000_000}


@given(
    query=queries,
    limit=st.integers(1, 30),
    share=st.floats(0, 1),
    known=st.sampled_from(list(KNOWN)),
    wanted=st.sampled_from([FILTERS[0], *FILTERS]),
)
def test_the_index_finds_what_a_scan_finds(
    world: Archive, query: str, *, limit: int, share: float, **asked: Any
) -> None:
    """Whatever is asked, of any past and with any filter, all pages together are what reading everything finds."""
    position, known, wanted = 20 + round(share * (world.position() - 20)), asked["known"], asked["wanted"]
    chronicle = CHRONICLE if limit % 2 else None
    expected = scanned(world, query, Filter(**wanted), chronicle, position=position, known=KNOWN[known])
    assert expected == paged(world, query, limit, position=position, known=known, chronicle=chronicle, **wanted)


texts = st.text() | st.text(alphabet="aIİıəƏ ßﬁ½⒈\ufdfa\u0301_-'\"*:", max_size=80)


@given(texts, texts)
def test_no_document_is_missed(title: str, query: str) -> None:
    """What is found in a text has the tokens of what was asked: the index cannot leave it out."""
    try:
        wanted = terms(query)
    except QuestionError:
        return
    document = Event(id="x", type="any.thing", occurred="2025", title=title)
    listed = (tokens(document) or "").split(" ")

    def proposed(term: Term) -> bool:
        *whole, last = map(token, term.words)
        begins = any(one == last or (not term.exact and one.startswith(last)) for one in listed)
        return begins and set(whole) <= set(listed)

    with_word = [term for term in wanted if _says(title, term)]
    assert with_word == [term for term in with_word if proposed(term)]


def _says(title: str, term: Term) -> bool:
    listed = [word.folded for word in words(title)]
    count = len(term.words)
    return any(
        listed[at : at + count - 1] == list(term.words[:-1])
        and (
            listed[at + count - 1] == term.words[-1]
            if term.exact
            else listed[at + count - 1].startswith(term.words[-1])
        )
        for at in range(len(listed) - count + 1)
    )


def test_every_letter_is_folded_once() -> None:
    """Folding what is folded changes nothing, for every letter and digit there is."""
    letters = [chr(code) for code in range(0x110000) if chr(code).isalnum()]
    assert [] == [one for one in letters if fold(fold(one)) != fold(one)]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("QARABAĞ", "qarabağ"),
        ("IĞDIR", "ığdır"),
        ("İSTANBUL", "istanbul"),
        ("Gəncə", "GENCE"),
        ("Şəki", "sheki seki"),
        ("Алиев", "АЛИЕВ"),
        ("Ёлка", "елка"),
        ("Київ", "київ"),
        ("étatisme", "e\u0301tat"),
    ],
)
def test_languages(written: str, asked: str) -> None:
    """Azerbaijani, Turkish, Russian and Ukrainian words are found however their letters are typed."""
    assert any(fold(written).startswith(fold(one)) for one in asked.split())


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_question_is_only_words(world: Archive, query: str) -> None:
    """Operators, quotes, NUL and a million characters are words, or nothing; the answer is that of a scan."""
    try:
        terms(query)
    except QuestionError:
        with pytest.raises(QuestionError):
            world.search(query)
        return
    assert scanned(world, query, Filter(), None) == paged(world, query, 50)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kinds": ["fact"]},
        {"types": ["a\0b"]},
        {"types": ["' OR 1=1"]},
        {"since": "1994-13"},
        {"after": "1"},
        {"after": "-1.2"},
        {"after": "9" * 40 + ".1"},
        {"limit": 0},
    ],
)
def test_what_cannot_be_asked(world: Archive, wrong: dict[str, Any]) -> None:
    """A kind, type, date, place or number that cannot be is refused before anything is read."""
    with pytest.raises(QuestionError):
        world.search("gas", **wrong)


def test_a_label_finds_what_names_it() -> None:
    """An event is found by the label that its participant has at the position, and no longer by the one before."""
    with an_archive(an_entity("e", label="Old Ltd"), an_event("x", participants=["e"])) as archive:
        archive.append([an_entity("e", label="New Ltd")], chronicle=CHRONICLE)
        found = [
            [hit.record.header.id for hit in archive.search(word, kinds=["event"], position=position).results]
            for word, position in (("old", 2), ("old", 3), ("new", 2), ("new", 3))
        ]
    assert [["x"], [], [], ["x"]] == found


def test_long_words_and_long_documents(url: str) -> None:
    """A word longer than the index keeps is told from one that begins alike; a text too long to list is looked at."""
    long, many = "w" * LONGEST_TOKEN, " ".join(f"word{n}" for n in range(20_000))
    assert tokens(Event(id="x", type="any.thing", occurred="2025", title=many)) == UNLISTED
    assert len(many) > MOST_CHARACTERS
    with an_archive(
        an_event("a", title=f"{long}a"), an_event("b", title=f"{long}b"), an_event("many", summary=many), url=url
    ) as archive:
        found = [
            [hit.record.header.id for hit in archive.search(word).results]
            for word in (f"{long}a", long, "word19999", '"word1999"', "word20000")
        ]
        assert () == archive.verify().findings
    assert [["a"], ["a", "b"], ["many"], ["many"], []] == found

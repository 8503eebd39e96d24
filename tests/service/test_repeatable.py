"""The same basis gives the same bytes, for ever: what comes later never changes an answer."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.service import Archive
from tests.builders import CHRONICLE, IN_MEMORY, Clock, a_fact, a_retraction, a_source, an_attribute, an_event

DATES = ("2020", "2021-06", "2021-06-15", "2022~", "2023-01-01", "2024/2025")
DAYS = ("2021", "2022-06-30", "2024-12-31", "2026")
EARLY = ("2019-01-01", "2020-05", None)
LATE = ("2023-01-01", "2024", "2025-06-01")
KNOWN = "2022"

Document = dict[str, Any]


@st.composite
def documents(draw: st.DrawFn, published: tuple[str | None, ...]) -> Document:
    """Any document about few ids, so that they are corrected, retracted and brought back."""
    kind = draw(st.sampled_from(["event", "event", "event", "retraction", "source", "attribute"]))
    name = draw(st.sampled_from(["x", "y", "z"]))
    if kind == "source":
        return a_source(draw(st.sampled_from(["s", "t"])), draw(st.sampled_from(published)))
    if kind == "attribute":
        return an_attribute("attribute", cardinality="one", resolution=draw(st.sampled_from(RESOLUTIONS)))
    cited = draw(st.lists(st.sampled_from(["s", "t"]), unique=True))
    if kind == "retraction":
        return a_retraction(name, sources=cited)
    times = draw(st.sampled_from([{}, {"until": "2023"}, {"from": "unknown"}, {"period": "2022"}]))
    fact = a_fact(draw(st.integers(1, 3)), **times)
    return an_event(name, fact, sources=cited, occurred=draw(st.sampled_from(DATES)))


RESOLUTIONS = ("latest-from", "latest-reported")


def answer(archive: Archive, **question: Any) -> bytes:
    """Every answer to a question, as bytes."""
    answers: list[Any] = [
        archive.state(**question),
        *archive.history("subject", "attribute", **question),
        archive.diff(DAYS[1], question["as_of"], **question),
        archive.events(**question),
        archive.conflicts(**question),
    ]
    return msgspec.json.encode([one.as_json() for one in answers])


@settings(max_examples=40)
@given(st.lists(documents(EARLY + LATE), min_size=1, max_size=8))
def test_nothing_recorded_later_changes_an_answer(history: list[Document]) -> None:
    """The answers at a position are the same bytes after any further records."""
    with Archive.open(IN_MEMORY, recorded_by="tester", now=Clock()) as archive:
        base = [a_source("s"), a_source("t"), an_event("x"), an_event("y"), an_event("z")]
        archive.append(base, chronicle=CHRONICLE)
        given_then: list[tuple[dict[str, Any], bytes]] = []
        for document in history:
            archive.append([document], chronicle=CHRONICLE)
            for as_of in DAYS:
                for known in (None, KNOWN):
                    question = {"as_of": as_of, "known": known, "position": archive.position()}
                    given_then.append((question, answer(archive, **question)))

        assert [said for _, said in given_then] == [answer(archive, **question) for question, _ in given_then]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(LATE), st.booleans()), min_size=1, max_size=6), st.data())
def test_nothing_reported_later_changes_what_was_known(later: list[tuple[int, str, bool]], data: st.DataObject) -> None:
    """Versions and retractions that only later sources report leave the answers at a knowledge date as they were."""
    with Archive.open(IN_MEMORY, recorded_by="tester", now=Clock()) as archive:
        archive.append([a_source("s", "2020"), a_source("t", "2021")], chronicle=CHRONICLE)
        for name in ("x", "y", "z"):
            event = an_event(name, a_fact(1), sources=["s"], occurred=data.draw(st.sampled_from(DATES)))
            archive.append([event], chronicle=CHRONICLE)
        before = [facts_known(archive, as_of) for as_of in DAYS]

        for number, (index, published, gone) in enumerate(later):
            source, name = a_source(f"later-{number}", published), "xyz"[index]
            cited, occurred = [f"later-{number}"], data.draw(st.sampled_from(DATES))
            event = an_event(name, a_fact(2), sources=cited, occurred=occurred)
            archive.append([source, a_retraction(name, sources=cited) if gone else event], chronicle=CHRONICLE)

        assert before == [facts_known(archive, as_of) for as_of in DAYS]


def facts_known(archive: Archive, as_of: str) -> bytes:
    """Every answer as of a day from what was known, whatever the head."""
    question = {"as_of": as_of, "known": KNOWN, "position": None}
    plain = msgspec.json.decode(answer(archive, **question))
    for one in plain:
        for name in ("basis", "from", "to"):
            one.pop(name, None)
    return msgspec.json.encode(plain)

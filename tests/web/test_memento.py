"""What was told at a time is found again by it (RFC 7089); the time is that of recording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from litestar.testing import TestClient

from chronicle.errors import UnknownError
from chronicle.remembering import SINCE_EVER
from chronicle.service import Archive
from chronicle.web import memento
from chronicle.web.app import application
from tests.builders import CHRONICLE, IN_MEMORY, Clock, a_fact, a_source, an_archive, an_attribute, an_entity, an_event

HOST = "http://127.0.0.1:8765"
ENTITY = "/entities/c/subject"


def told_thrice(url: str = IN_MEMORY) -> Archive:
    """A subject told three times, the last two within a second; and what is about another."""
    clock = Clock("2026-01-01T12:00:00")
    made = an_archive(a_source(), an_event("one", a_fact(1), sources=["s"]), clock=clock, url=url)
    for now, document in (
        ("2026-01-02T12:00:00", an_event("other", a_fact(9, subject="another"), sources=["s"])),
        ("2026-01-03T12:00:00", an_event("one", a_fact(2), sources=["s"])),
        ("2026-01-03T12:00:00.5", an_event("one", a_fact(3), sources=["s"])),
    ):
        clock.set(now)
        made.append([document], chronicle=CHRONICLE)
    return made


@contextmanager
def client_of(archive: Archive) -> Iterator[TestClient[Any]]:
    """A client that follows no redirect by itself."""
    with TestClient(application(archive, "open"), base_url=HOST) as opened:
        opened.follow_redirects = False
        yield opened


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Any]]:
    """A client of such an archive, which stays as it is."""
    with client_of(told_thrice()) as opened:
        yield opened


def links(text: str) -> dict[str, str]:
    """Relation to address, of a Link header or a time map."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"', text)
    return {
        relation: address for address, relations in found for relation in relations.split() if relation != "memento"
    }


def value(client: TestClient[Any], address: str) -> list[Any]:
    """The values that an answer about the entity has."""
    return [fact["value"] for fact in client.get(address).json()["facts"]]


@pytest.mark.parametrize(
    ("accepted", "position", "told"),
    [
        ("Thu, 01 Jan 2026 12:00:00 GMT", 2, [1]),
        ("Sat, 03 Jan 2026 11:59:59 GMT", 2, [1]),
        ("Sat, 03 Jan 2026 12:00:00 GMT", 5, [3]),
        ("Sun, 01 Jan 2090 00:00:00 GMT", 5, [3]),
        ("Mon, 01 Jan 1990 00:00:00 GMT", 2, [1]),
    ],
)
def test_the_time_gate_leads_to_what_was_told(
    client: TestClient[Any], accepted: str, position: int, told: list[int]
) -> None:
    """The last memento up to the end of the second; before the first that one, after the last that one (4.5.3)."""
    answer = client.head(f"/timegate{ENTITY}", headers={"accept-datetime": accepted})

    where = f"{HOST}/mementos/{position}{ENTITY}"
    assert (302, where) == (answer.status_code, answer.headers["location"])
    assert told == value(client, where)


def test_without_a_date_it_leads_to_the_last(client: TestClient[Any]) -> None:
    """Section 4.5.2: no Accept-Datetime is the most recent."""
    assert f"{HOST}/mementos/5{ENTITY}" == client.get(f"/timegate{ENTITY}").headers["location"]


def test_the_time_gate_varies_and_has_no_date(client: TestClient[Any]) -> None:
    """Section 4.1.1: its redirect depends on what was accepted, and is no memento itself."""
    headers = client.get(f"/timegate{ENTITY}").headers

    assert ("accept-datetime", None) == (headers["vary"], headers.get("memento-datetime"))


@pytest.mark.parametrize("bad", ["yesterday", "2026-01-03T12:00:00Z", "Sat, 03 Jan 2026 12:00:00 +0400", "", "\t"])
def test_a_bad_date_is_refused(client: TestClient[Any], bad: str) -> None:
    """Section 4.5.3: what is no date of HTTP is 400."""
    assert 400 == client.get(f"/timegate{ENTITY}", headers={"accept-datetime": bad}).status_code


def test_a_memento_says_its_date_and_its_neighbours(client: TestClient[Any]) -> None:
    """Section 4.2.1: Memento-Datetime, and links; it does not vary with what is accepted."""
    headers = client.get(f"/mementos/4{ENTITY}").headers

    assert "Sat, 03 Jan 2026 12:00:00 GMT" == headers["memento-datetime"]
    assert "accept-datetime" not in headers.get("vary", "")
    assert {
        "original": f"{HOST}{ENTITY}",
        "timegate": f"{HOST}/timegate{ENTITY}",
        "timemap": f"{HOST}/timemap{ENTITY}",
        "first": f"{HOST}/mementos/2{ENTITY}",
        "prev": f"{HOST}/mementos/2{ENTITY}",
        "next": f"{HOST}/mementos/5{ENTITY}",
        "last": f"{HOST}/mementos/5{ENTITY}",
    } == links(headers["link"])


def test_two_appends_of_one_second_have_an_address_each(client: TestClient[Any]) -> None:
    """Dates of HTTP have whole seconds; addresses have positions."""
    assert ([2], [3]) == (value(client, f"/mementos/4{ENTITY}"), value(client, f"/mementos/5{ENTITY}"))


def test_a_memento_stays_the_same() -> None:
    """What is appended later, even about a date before it, changes nothing of it."""
    archive = told_thrice()
    with client_of(archive) as client:
        before = client.get(f"/mementos/2{ENTITY}").content
        archive.append([an_attribute(cardinality="many"), an_event("new", a_fact(7, at="2025"))], chronicle=CHRONICLE)

        assert before == client.get(f"/mementos/2{ENTITY}").content


def test_the_query_is_kept(client: TestClient[Any]) -> None:
    """Which date is asked about goes from the time gate to the memento."""
    answer = client.get(f"/timegate{ENTITY}", params={"as_of": "1999"})

    assert f"{HOST}/mementos/5{ENTITY}?as_of=1999" == answer.headers["location"]
    assert [] == value(client, answer.headers["location"])


@pytest.mark.parametrize("relative", ["yesterday", "now"])
def test_a_memento_is_of_a_date_that_stays(client: TestClient[Any], relative: str) -> None:
    """A date that is another one tomorrow would make it another, too."""
    for where in (f"/mementos/2{ENTITY}", "/mementos/2/reports/c"):
        assert 400 == client.get(where, params={"as_of": relative}).status_code


def test_a_time_map_ends_somewhere(client: TestClient[Any]) -> None:
    """After the last memento there is none, however far one looks."""
    assert [] == re.findall("/mementos/", client.get(f"/timemap{ENTITY}?after={2**70}").text)


@pytest.mark.parametrize("position", [-1, 1, 3, 99, 2**63])
def test_other_positions_are_no_mementos(client: TestClient[Any], position: int) -> None:
    """Only an append that touched the entity has an address."""
    assert 404 == client.get(f"/mementos/{position}{ENTITY}").status_code


@pytest.mark.parametrize(
    ("document", "touches"),
    [
        (an_entity("subject"), "its declaration"),
        (an_attribute(), "the declaration of an attribute it has"),
        (an_event("one", a_fact(1, subject="another")), "an event that does not name it any more"),
        (an_event("joint", participants=["e"]), ""),
    ],
)
def test_what_touches_an_entity(document: dict[str, Any], touches: str) -> None:
    """An append touches it if what is told of it may be otherwise."""
    with told_thrice() as archive:
        archive.append([an_entity("e"), document], chronicle=CHRONICLE)

        assert (7 if touches else 5) == archive.mementos(CHRONICLE, "subject").last().position


def test_the_time_map_has_all_in_pages(client: TestClient[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Section 5: every memento stands in a map once; a map that is full names the next."""
    monkeypatch.setattr(memento, "PAGE", 2)
    first = client.get(f"/timemap{ENTITY}")
    second = client.get(re.findall(r'<([^>]*)>; rel="timemap"', first.text)[-1])

    assert "application/link-format" == first.headers["content-type"]
    assert ["2", "4", "5"] == re.findall(r"/mementos/(\d+)/", first.text + second.text)


def test_every_database_has_the_same_mementos(url: str) -> None:
    """The positions, the way to and fro, and what there is none of."""
    with told_thrice(url) as archive:
        found = archive.mementos(CHRONICLE, "subject")

        assert [2, 4, 5] == [one.position for one in found.page(SINCE_EVER, 10)]
        assert (None, 4, 5) == tuple(
            other and other.position
            for other in (found.before(found.of(2)), found.after(found.of(2)), found.after(found.of(4)))
        )
        with pytest.raises(UnknownError, match="position 3"):
            found.of(3)


def test_reports_are_remembered_too(client: TestClient[Any]) -> None:
    """A report as of its time gate tells what was recorded then."""
    where = client.get(
        "/timegate/reports/c?format=txt", headers={"accept-datetime": "Fri, 02 Jan 2026 13:00:00 GMT"}
    ).headers["location"]

    assert f"{HOST}/mementos/3/reports/c?format=txt" == where
    assert "For subject, attribute numbered 1 from 2025" in client.get(where).text


def test_nothing_is_remembered_of_nothing(client: TestClient[Any]) -> None:
    """What is not in the log has no time map."""
    assert [404, 404] == [client.get(f"/timemap/{what}").status_code for what in ("entities/c/nobody", "reports/none")]


def test_reports_keep_their_style(client: TestClient[Any]) -> None:
    """What a report in HTML says of its own style sheet is not overruled; scripts stay out."""
    for where in ("/reports/c", "/mementos/3/reports/c", "/api/report/c"):
        policy = client.get(where).headers["content-security-policy"]

        assert (True, False) == ("style-src 'unsafe-inline'" in policy, "script" in policy)

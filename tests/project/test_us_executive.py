"""The chronicle of presidents and vice presidents says what its data says, on every day and as of every publication."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise, product

import pytest

from chronicle.event.model import Entity, Event, Source
from chronicle.event.value import EntityValue
from chronicle.files.folder import read_paths
from chronicle.service import Archive
from tests.builders import Clock
from tests.project.checkout import ROOT
from tests.project.office_holders import FIRST, OFFICES, PARTIES, Published, Term, days, published, terms

FOLDER = str(ROOT / "events" / "us-executive")
DOCUMENTS = [draft.document for draft in read_paths([FOLDER]).drafts]
EVENTS = [one for one in DOCUMENTS if isinstance(one, Event)]
SOURCES = {one.id: one for one in DOCUMENTS if isinstance(one, Source)}
PEOPLE = {
    (one.description or "").rpartition(", ")[2].rstrip(".").replace(" ", ":"): one
    for one in DOCUMENTS
    if isinstance(one, Entity) and one.type == "person"
}
"""The people by their ids in the data."""

BEGINNINGS = [one for one in EVENTS if one.type in ("office.taken", "term.begun")]
STATES = list(published())

Answer = dict[tuple[str, str], str]
"""Values by subject and attribute."""


@pytest.fixture(scope="module")
def archive() -> Iterator[Archive]:
    """The chronicle in an archive."""
    with Archive.open("sqlite://", recorded_by="tester", now=Clock("2026-06-15")) as opened:
        opened.load(FOLDER)
        yield opened


def told(archive: Archive, day: str) -> Answer:
    """What the chronicle answers for a day, lengths of vacancies left out."""
    return {
        (fact.fact.subject, fact.fact.attribute): fact.value.entity
        for fact in archive.state(as_of=day).facts
        if isinstance(fact.value, EntityValue) and fact.row.certain
    }


def remembered(archive: Archive, known: str) -> dict[str, Answer]:
    """What the chronicle answers for every day on which something changes, as far as known, out of its histories."""
    answers: dict[str, Answer] = {day: {} for day in days()}
    for office, attribute in product(OFFICES.values(), ("holder", "party", "accession")):
        for history in archive.history(office, attribute, known=known):
            for segment, day in product(history.segments, answers):
                last_second = int(datetime.fromisoformat(f"{day}T23:59:59Z").timestamp())
                if (segment.start or last_second) <= last_second < (segment.end or last_second + 1):
                    [value] = segment.held.values
                    assert isinstance(value, EntityValue)
                    assert segment.held.certain
                    answers[day][office, attribute] = value.entity
    return answers


def meant(rows: tuple[Term, ...] | list[Term], day: str) -> Answer:
    """What the data answers for a day; of two claims to one office the one asserted later, as far as it goes."""
    answer: Answer = {}
    for term in rows:
        if term.start <= day < term.end:
            answer[term.office, "holder"] = PEOPLE[term.person].id
            answer.setdefault((term.office, "party"), PARTIES[term.party])
            if term.how:
                answer[term.office, "accession"] = term.how
    return answer


def rows_of(event: Event) -> list[Term]:
    """The rows that an event cites, as they stood when its sources were published."""
    at = {datetime.fromisoformat(SOURCES[one.source].published or "") for one in event.sources}
    cited = {one.locator for one in event.sources}
    return [term for state in STATES if state.instant in at for term in state.terms if term.locator in cited]


def test_every_day_is_as_in_the_data(archive: Archive) -> None:
    """Who held which office, of which party and how come, on each day of a change and the day before."""
    assert {day: meant(terms(), day) for day in days()} == {day: told(archive, day) for day in days()}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.known_at)
def test_every_published_state_is_as_it_was(archive: Archive, state: Published) -> None:
    """The same, as far as had been published by then: terms joined or apart, vice presidents or none, and the slip."""
    expected = {day: meant(state.terms, day) for day in days()}

    assert expected == remembered(archive, state.known_at)


def test_nothing_is_known_before_the_first(archive: Archive) -> None:
    """The list was first published in December 2012."""
    assert () == archive.state(as_of="2012-12-19", known="2012-12-19").facts


def test_every_term_begins_once() -> None:
    """Each term of the data has one event, on its first day, of its office and its holder, and there are no others."""
    found = []
    for event in BEGINNINGS:
        [holder] = [fact for fact in event.facts if fact.attribute == "holder"]
        assert isinstance(holder.value, EntityValue)
        found.append((event.occurred, holder.subject, holder.value.entity))

    assert sorted((term.start, term.office, PEOPLE[term.person].id) for term in terms()) == sorted(found)


def test_every_term_cites_the_first_row_that_gave_it() -> None:
    """In the state of the list in which a term first appeared, with the end that it had there."""
    for event in BEGINNINGS:
        [cited] = rows_of(event)
        first = next(state for state in STATES if cited.locator in {term.locator for term in state.terms})
        assert [first.known_at] == [SOURCES[one.source].published for one in event.sources]
        assert {cited.end} == {fact.until for fact in event.facts}


def test_every_citation_leads_to_rows() -> None:
    """Each locator that names a row names one of the state it cites; the others name the whole file or a column."""
    whole = {"whole file", "all terms of viceprez", "how, of all terms of prez", "how, of all terms of viceprez"}
    for event in EVENTS:
        cited = {one.locator for one in event.sources}
        assert cited == {term.locator for term in rows_of(event)} | (cited & whole)


def test_every_source_is_a_published_state() -> None:
    """Its time is that of the publication, to the second and with its offset, and its address names the commit."""
    at = {state.known_at: state.commit for state in STATES}

    assert {name: at[one.published or ""] for name, one in SOURCES.items()} == {
        name: (one.url or "").rpartition("/")[2] for name, one in SOURCES.items()
    }


def test_people_have_their_names_and_ids() -> None:
    """Every holder of the data is there under the name and the id of the data, and nobody else."""
    expected = {term.person: f"{term.name} in the list, {term.person.replace(':', ' ')}." for term in terms()}

    assert expected == {person: one.description for person, one in PEOPLE.items()}


def test_vacancies_are_vacancies(archive: Archive) -> None:
    """Between two vice presidents who do not follow at once the office is vacant, for so many days and stated so."""
    rows = [term for term in terms() if term.type == "viceprez"]
    rows.sort(key=lambda term: term.start)
    gaps = {(before.end, after.start) for before, after in pairwise(rows) if before.end < after.start}
    vacant = {
        (fact.from_, fact.until)
        for event in EVENTS
        for fact in event.facts
        if event.type == "office.vacant" and fact.attribute == "holder" and not fact.holds
    }
    lengths = {
        fact.fact.period: fact.value.written() for fact in archive.state(as_of="2026", attribute="vacancy-length").facts
    }

    assert 4 == len(gaps)
    assert gaps == vacant
    assert lengths == {f"{start}/{_before(end)}": {"amount": _apart(start, end), "unit": "d"} for start, end in gaps}


def _before(day: str) -> str:
    return str(date.fromisoformat(day) - timedelta(1))


def _apart(start: str, end: str) -> str:
    return str((date.fromisoformat(end) - date.fromisoformat(start)).days)


@pytest.mark.parametrize(("day", "expected"), [("1945-04-11", []), ("1948", ["vacancy-1945"]), ("1949-01-20", [])])
def test_a_vacancy_goes_on_until_it_is_filled(archive: Archive, day: str, expected: list[str]) -> None:
    """It is ongoing from its first day to its last."""
    found = archive.events(as_of=day).events

    assert expected == [one.event.id for one in found if str(one.status) == "ongoing"]


@pytest.mark.parametrize("event", [one for one in EVENTS if one.type == "office.left"], ids=lambda one: one.id)
def test_who_left_had_a_term_that_ended(event: Event) -> None:
    """On the day on which the row that it cites ends."""
    [row] = rows_of(event)

    assert row.end == event.occurred
    assert [PEOPLE[row.person].id] == [one for one in event.participants if isinstance(one, str)]


@pytest.mark.parametrize("office", OFFICES.values())
def test_each_office_is_one_succession(office: str) -> None:
    """Every event of an office since the first follows the one before it, to the day."""
    first, *later = (one for one in EVENTS if one.type.startswith(("office.", "term.")) and _is_of(one, office))

    assert (FIRST, []) == (first.occurred, first.related)
    for before, after in pairwise([first, *later]):
        assert [("follows", before.id)] == [(one.relation, one.event) for one in after.related]
        assert before.occurred[:10] <= after.occurred[:10]


def _is_of(event: Event, office: str) -> bool:
    return any(not isinstance(one, str) and one.entity == office for one in event.participants)


def test_the_slip_lost_to_its_correction(archive: Archive) -> None:
    """Both claims stay: the one that won, and the one that had been published before it."""
    [conflict] = archive.conflicts(as_of="1973-05-01").conflicts

    assert EntityValue("richard-nixon") == conflict.winner.value
    assert [(EntityValue("spiro-agnew"), "reported")] == [(one.value, by) for one, by, _ in conflict.losers]


@pytest.mark.parametrize(
    ("day", "expected"), [("1973-01-19", 0), ("1973-01-20", 1), ("1973-10-09", 1), ("1973-10-10", 0)]
)
def test_no_other_claims_disagree(archive: Archive, day: str, expected: int) -> None:
    """The days of the slip are the only ones of which two things were said."""
    assert expected == len(archive.conflicts(as_of=day).conflicts)


@pytest.mark.parametrize(("day", "expected"), [("2013-01-20", True), ("2017-01-20", False)])
def test_a_term_published_before_it_began_is_foreseen(archive: Archive, day: str, expected: bool) -> None:  # noqa: FBT001 - a table's last column
    """The second term of Barack Obama stood in the list a month before its first day."""
    [fact] = archive.state(as_of=day, subject="president", attribute="holder").facts

    assert expected == fact.row.foreseen

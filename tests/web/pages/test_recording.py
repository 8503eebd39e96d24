"""The form: what it keeps, what it shows before anything is kept, and whom it does not obey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest

from chronicle.event.model import Event
from chronicle.service import Archive
from chronicle.web.pages.recording import document_of, filled
from tests.web.pages.conftest import Browser, opened

EVENTS = Path(__file__).parents[3] / "events"
PATH = "/chronicles/c/record"
FIELDS = {
    "version": "0",
    "id": "third",
    "type": "office.left",
    "occurred": "2025-01-01",
    "title": "The office is empty",
    "facts": "- {subject: office, attribute: holder, holds: false}",
    "sources": "- {source: late, locator: page 3}",
    "tags": "politics, offices",
}


def test_a_preview_shows_the_change_and_keeps_nothing(writer: Browser, archive: Archive) -> None:
    """What the state would become, while the log stays as it is."""
    before = archive.position()
    answer = writer.post(PATH, data={**FIELDS, "action": "preview"})
    assert 200 == answer.status_code
    preview = answer.text[answer.text.index('id="preview"') :]
    assert "<del>" in preview
    assert before == archive.position()
    assert 'value="The office is empty"' in preview


def test_an_event_is_recorded_and_shown(writer: Browser, archive: Archive) -> None:
    """The browser is sent to the page of the event, so that it cannot send the form again by reloading."""
    answer = writer.post(PATH, data={**FIELDS, "action": "record"})
    assert (303, "/chronicles/c/events/third") == (answer.status_code, answer.headers["location"])
    document = archive.show("third")[0].document
    assert isinstance(document, Event)
    assert ["politics", "offices"] == document.tags
    assert "page 3" == document.sources[0].locator
    assert () == archive.state(as_of="2026", subject="office").facts


def test_a_form_sent_twice_is_recorded_once(writer: Browser, archive: Archive) -> None:
    """Its key is that of one append."""
    sent = {**FIELDS, "action": "record", "key": "k1"}
    assert [303, 303] == [writer.post(PATH, data=sent).status_code for _ in range(2)]
    assert 1 == len(archive.show("third"))


def test_a_correction_is_a_new_version(writer: Browser, archive: Archive) -> None:
    """Made in the form of the page, with the fields as they are there."""
    form = fields(writer.get("/chronicles/c/events/first/correct").text)
    answer = writer.post(PATH, data={**form, "title": "Ann took office", "note": "Tense", "action": "record"})
    assert 303 == answer.status_code
    first, second = (record.document for record in archive.show("first"))
    assert isinstance(first, Event)
    assert isinstance(second, Event)
    assert ("Ann took office", first.facts, first.sources) == (second.title, second.facts, second.sources)


def test_a_correction_of_what_has_changed_meanwhile_is_not_recorded(writer: Browser, archive: Archive) -> None:
    """Whoever came later sees that, and loses nothing of what was written."""
    form = fields(writer.get("/chronicles/c/events/first/correct").text)
    archive.append([{"id": "first", "type": "any.thing", "occurred": "2020", "title": "Other"}], chronicle="c")
    answer = writer.post(PATH, data={**form, "title": "Mine", "action": "record"})
    assert 409 == answer.status_code
    assert 'value="Mine"' in answer.text
    assert 2 == len(archive.show("first"))


@pytest.mark.parametrize("action", ["preview", "record"])
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("occurred", "1994-13"),
        ("facts", "- {subject: office"),
        ("facts", "- {subject: office, attribute: holder, value: {entity: nobody}}"),
        ("sources", "- {source: nothing}"),
        ("sources", "source: late"),
        ("related", "- {event: first, relation: builds-on}\nid: other"),
        ("participants", "- &a {entity: ann}\n- *a"),
        ("id", "../../etc"),
    ],
)
def test_what_is_wrong_is_told_and_not_recorded(
    writer: Browser, archive: Archive, field: str, text: str, action: str
) -> None:
    """With what was written still in the form."""
    before = archive.position()
    answer = writer.post(PATH, data={**FIELDS, field: text, "action": action})
    assert (422, before) == (answer.status_code, archive.position())
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"host": "evil.example"},
    ],
)
def test_a_form_of_another_site_is_refused(writer: Browser, archive: Archive, headers: dict[str, str]) -> None:
    """Whatever page the person has open beside this one."""
    before = archive.position()
    answer = writer.post(PATH, data={**FIELDS, "action": "record"}, headers=headers)
    assert answer.status_code in (403, 421)
    assert before == archive.position()


def test_a_form_that_is_too_large_is_not_read(writer: Browser, archive: Archive) -> None:
    """Before anything is made of it."""
    before = archive.position()
    answer = writer.post(PATH, data={**FIELDS, "summary": "x" * 300_000, "action": "record"})
    assert (413, before) == (answer.status_code, archive.position())


@pytest.fixture
def guarded(archive: Archive) -> Iterator[Browser]:
    """The same pages for whoever has a token; anybody may read."""
    with opened(archive, "public-read") as client:
        yield client


def test_where_tokens_are_asked_for_the_form_asks_for_one(guarded: Browser, archive: Archive) -> None:
    """Nothing is recorded without it; with it, it is known who recorded."""
    assert 'type="password" name="token"' in guarded.get("/chronicles/c/add").text
    sent = {**FIELDS, "action": "record"}
    assert 401 == guarded.post(PATH, data=sent).status_code
    assert 401 == guarded.post(PATH, data={**sent, "token": "chr_nothing"}).status_code
    secret, _ = archive.tokens().create("Editor", scopes=["read", "append"])
    assert 303 == guarded.post(PATH, data={**sent, "token": secret}).status_code
    assert "Editor" == archive.show("third")[0].header.recorded_by


def test_a_token_that_may_only_append_does_not_correct(guarded: Browser, archive: Archive) -> None:
    """Neither by the form of a correction nor by calling the id a new one."""
    secret, _ = archive.tokens().create("Editor", scopes=["read", "append"])
    sent = {**FIELDS, "id": "first", "token": secret, "action": "record"}
    assert [403, 409] == [guarded.post(PATH, data={**sent, "version": one}).status_code for one in ("1", "0")]
    assert 1 == len(archive.show("first"))


def test_every_event_passes_through_the_form_unchanged() -> None:
    """All that an event can say is kept: the form of each event of events/ makes the same event."""
    with Archive.open("sqlite://", recorded_by="tests") as archive:
        archive.load(str(EVENTS))
        events = [one.document for one in archive.follow(wait=False) if isinstance(one.document, Event)]
    assert len(events) > 50
    assert events == [document_of(filled(event)) for event in events]


def fields(page: str) -> dict[str, str]:
    """The fields of the form to record, as a browser would send them."""
    form = next(
        one for one in html5lib.parse(page, namespaceHTMLElements=False).iter("form") if one.get("class") == "fields"
    )
    inputs = {one.get("name", ""): one.get("value", "") for one in form.iter("input")}
    return inputs | {one.get("name", ""): one.text or "" for one in form.iter("textarea")}

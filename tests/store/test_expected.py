"""What an append may expect of the log, and what a retry is answered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import insert

from chronicle.errors import ConflictError, QuestionError, RefusedError, StoreError
from chronicle.service import Archive
from chronicle.store import schema
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, IN_MEMORY, Clock, a_source, an_entity, an_event, contents


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """An archive with one event, on every backend."""
    with Archive.open(url, recorded_by="tester", now=Clock()) as opened:
        opened.append([an_event("x")], chronicle=CHRONICLE)
        yield opened


def test_a_version_that_is_there(archive: Archive) -> None:
    """What is at the expected version is corrected."""
    appended = archive.append([an_event("x", title="X")], chronicle=CHRONICLE, expected={"x": 1})
    assert [("corrected", 2)] == [(one.outcome, one.version) for one in appended.receipts]


def test_other_versions_are_all_named(archive: Archive) -> None:
    """A conflict names every id with the version that it has and the one that was expected; nothing is written."""
    with pytest.raises(ConflictError) as conflict:
        archive.append(
            [an_event("x", title="X"), an_entity("e")], chronicle=CHRONICLE, expected={"x": 2, "entity/e": 1}
        )
    assert "version" == conflict.value.code
    assert "event x of c is at version 1, and 2 was expected; entity e of c is at version 0, and 1 was expected" == str(
        conflict.value
    )
    assert 1 == archive.position()


def test_an_id_that_must_not_be_there(archive: Archive) -> None:
    """Version 0 expects that there is none."""
    archive.append([an_event("y")], chronicle=CHRONICLE, expected={"y": 0})
    with pytest.raises(ConflictError, match="at version 1, and 0 was expected"):
        archive.append([an_event("y", title="Y")], chronicle=CHRONICLE, expected={"y": 0})


def test_an_expected_position(archive: Archive) -> None:
    """Whoever expects the log to end elsewhere appends nothing."""
    archive.append([an_event("y")], chronicle=CHRONICLE, expected=1)
    with pytest.raises(ConflictError, match="at position 2, and 1 was expected") as conflict:
        archive.append([an_event("z")], chronicle=CHRONICLE, expected=1)
    assert "position" == conflict.value.code
    assert 2 == archive.position()


def test_another_chronicle_may_be_named(archive: Archive) -> None:
    """An expectation names a chronicle of its own as CHRONICLE/KIND/ID."""
    archive.append([an_event("x")], chronicle="d", expected={"c/event/x": 1, "d/event/x": 0})
    with pytest.raises(ConflictError, match="event x of c is at version 1, and 2"):
        archive.append([an_event("y")], chronicle="d", expected={"c/event/x": 2})


@pytest.mark.parametrize(
    "expected", [{"a/b/c/d": 1}, {"planet/x": 1}, {"x": -1}, {"x": "1"}, {"x": True}, -1, {"elsewhere": 1}]
)
def test_what_cannot_be_expected(expected: object) -> None:
    """An expectation that cannot be read is an error of its own, not a conflict."""
    with Archive.open(IN_MEMORY) as archive, pytest.raises(QuestionError, match="expected"):
        archive.append([an_event("x", chronicle="c")], expected=expected)  # type: ignore[arg-type]


def test_a_retry_gets_the_first_receipts(archive: Archive) -> None:
    """The same append under the same key is answered as the first time, whatever has happened since."""
    documents = [a_source("s"), an_event("k", sources=["s"])]
    first = archive.append(documents, chronicle=CHRONICLE, key="k1", expected={"k": 0})
    archive.append([an_event("k", title="K")], chronicle=CHRONICLE)
    again = archive.append(documents, chronicle=CHRONICLE, key="k1", expected={"k": 0})
    assert first == again
    assert 4 == archive.position()


def test_a_key_is_of_one_request(archive: Archive) -> None:
    """A key under which something else was appended is refused."""
    archive.append([an_event("k")], chronicle=CHRONICLE, key="k1")
    for documents, expected in (([an_event("l")], None), ([an_event("k")], 2)):
        with pytest.raises(ConflictError, match="'k1' has been used") as conflict:
            archive.append(documents, chronicle=CHRONICLE, key="k1", expected=expected)
        assert "key-reused" == conflict.value.code


def test_a_refused_append_does_not_take_its_key(archive: Archive) -> None:
    """What was refused may be mended and sent under the same key."""
    with pytest.raises(RefusedError):
        archive.append([an_event("k", sources=["nowhere"])], chronicle=CHRONICLE, key="k1")
    assert 2 == archive.append([an_event("k")], chronicle=CHRONICLE, key="k1").position


@pytest.mark.parametrize("key", ["", "k" * 201, "a\nb"])
def test_what_is_no_key(archive: Archive, key: str) -> None:
    """A key is a short line of text."""
    with pytest.raises(QuestionError, match="key"):
        archive.append([an_event("k")], chronicle=CHRONICLE, key=key)


def test_two_head_rows_are_none(store: Store) -> None:
    """An archive with more than one head says so instead of choosing one."""
    with store.writer.begin() as connection:
        connection.execute(insert(schema.head).values(archive="0" * 32, position=0, recorded=0))
    before = contents(store)
    archive = Archive(store, recorded_by="tester")
    with pytest.raises(StoreError, match="2 head rows"):
        archive.append([an_event("x")], chronicle=CHRONICLE)
    assert before == contents(store)

"""Loading in batches: the same log as at once, whatever the size of a batch and wherever it was cut short."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.errors import ConflictError, QuestionError, RefusedError
from chronicle.loading import TELL
from chronicle.service import Archive
from chronicle.store.append import Appended
from tests.builders import CHRONICLE, IN_MEMORY, a_fact, a_retraction, a_source, an_archive, an_entity, an_event

Document = dict[str, Any]

ENTITIES = ("x", "y")
DOCUMENTS = st.builds(
    lambda name, content: an_entity(name, description=content), st.sampled_from(ENTITIES), st.sampled_from("ABC")
) | st.builds(lambda name: a_retraction(name, "entity"), st.sampled_from(ENTITIES))
RUNS = st.lists(DOCUMENTS, min_size=1, max_size=8)


class Cut(Exception):  # noqa: N818 - what cuts a load short here
    pass


def lines(path: Path, documents: Sequence[Document]) -> Path:
    """A file of JSON Lines."""
    path.write_text("".join(f"{json.dumps(document)}\n" for document in documents))
    return path


def log_of(archive: Archive) -> list[tuple[Any, ...]]:
    """What a log is made of, but for times and salts."""
    return [
        (one.header.chronicle, one.header.kind, one.header.id, one.header.version, one.document)
        for one in archive.follow(after=0, wait=False)
    ]


def loaded(before: Sequence[Document], documents: Sequence[Document], batch: int | None, cut: int | None) -> Any:
    """The log after a load, that was cut short after some batches and begun again; or what was wrong."""
    with TemporaryDirectory() as folder, Archive.open(IN_MEMORY) as archive:
        for document in before:  # each by itself: only so is a version that is back a version of its own
            archive.append([document], chronicle=CHRONICLE)
        path, left = lines(Path(folder) / "load.jsonl", documents), [cut]

        def each(_: Any) -> None:
            if left[0] is not None:
                left[0] -= 1
                if left[0] == 0:
                    raise Cut

        for _ in range(2):
            try:
                archive.load(path, chronicle=CHRONICLE, batch=batch, each=each if batch else None)
                break
            except Cut:
                left[0] = None
            except RefusedError as error:
                return {problem.code for problem in error.problems}
        return log_of(archive)


@settings(max_examples=25)
@given(before=RUNS, documents=RUNS, batch=st.integers(1, 4), cut=st.integers(1, 3) | st.none())
def test_the_same_as_at_once(before: list[Document], documents: list[Document], batch: int, cut: int | None) -> None:
    """Runs of an id may span batches, begin with what is there, and be cut short anywhere between two batches."""
    before = [an_entity(name, description="A") for name in ENTITIES] + before
    assert loaded(before, documents, None, None) == loaded(before, documents, batch, cut)


@settings(max_examples=10)
@given(documents=RUNS, batch=st.integers(1, 4))
def test_once_more(documents: list[Document], batch: int) -> None:
    """What was loaded is there: loading it again, in batches or not, adds nothing."""
    with TemporaryDirectory() as folder, Archive.open(IN_MEMORY) as archive:
        path = lines(Path(folder) / "load.jsonl", [an_entity(name) for name in ENTITIES] + documents)
        archive.load(path, chronicle=CHRONICLE, batch=batch)
        there = archive.position()
        outcomes = archive.load(path, chronicle=CHRONICLE, batch=batch + 1).outcomes
        assert (there, {"unchanged"}) == (archive.position(), set(outcomes))


def test_positions_are_told(tmp_path: Path) -> None:
    """Each batch is told of with its receipts and where the log ends then; the answer has the sums."""
    path = lines(tmp_path / "load.jsonl", [an_entity(f"e{number}") for number in range(5)])
    told: list[Appended] = []
    with Archive.open(IN_MEMORY) as archive:
        answer = archive.load(path, chronicle=CHRONICLE, batch=2, each=told.append)
    assert [2, 4, 5] == [one.position for one in told]
    assert [1, 2, 3, 4, 5] == [receipt.position for one in told for receipt in one.receipts]
    assert (5, {"new": 5}, ()) == (answer.appended.position, answer.outcomes, answer.appended.receipts)


def test_progress_goes_through_all_that_is_done(tmp_path: Path) -> None:
    """It rises evenly while the file is read, while it is checked and while it is written, and ends with the load."""
    count = 2 * TELL
    path = lines(tmp_path / "load.jsonl", [an_entity(f"e{number}") for number in range(count)])
    told: list[tuple[int, int, int]] = []
    with Archive.open(IN_MEMORY) as archive:
        batches: list[Appended] = []
        archive.load(
            path,
            chronicle=CHRONICLE,
            batch=TELL,
            each=batches.append,
            progress=lambda done, total: told.append((done, total, len(batches))),
        )
    unwritten = {done for done, _, appended in told if not appended}
    assert {count} == {total for _, total, _ in told}
    assert told == sorted(told)
    assert {TELL // 3, count // 3, (count + TELL) // 3, 2 * count // 3} <= unwritten
    assert (count, count, 1) == told[-1]


def test_progress_of_what_cannot_be_read(tmp_path: Path) -> None:
    """A file that is no text is refused as it is without anybody to tell."""
    path = tmp_path / "load.jsonl"
    path.write_bytes(b"\xff\xfe{\0}\0")
    with Archive.open(IN_MEMORY) as archive, pytest.raises(RefusedError) as refused:
        archive.load(path, chronicle=CHRONICLE, batch=2, progress=lambda _done, _total: None)
    assert ["encoding"] == [problem.code for problem in refused.value.problems]


def test_what_comes_later_counts(tmp_path: Path) -> None:
    """An event may cite what a later batch declares: a load is checked as a whole."""
    event = an_event("event", a_fact({"entity": "subject"}), sources=["s"])
    path = lines(tmp_path / "load.jsonl", [event, an_entity("other"), a_source("s"), an_entity("subject")])
    with Archive.open(IN_MEMORY) as archive:
        assert {"new": 4} == archive.load(path, chronicle=CHRONICLE, batch=1).outcomes
        assert () == archive.verify().findings


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("{not json", "syntax"),
        ('{"id": "e", "type": "any.thing", "occurred": "2025-13", "title": "T"}', "date"),
        (
            '{"id": "e", "type": "any.thing", "occurred": "2025", "title": "T", "sources": [{"source": "s"}]}',
            "undeclared",
        ),
        ('{"kind": "entity", "id": "never", "retracted": true}', "unknown-id"),
        ('{"kind": "entity", "id": "closed", "label": "L"}', "redacted"),
    ],
)
def test_nothing_is_written_if_anything_is_wrong(tmp_path: Path, bad: str, code: str) -> None:
    """Neither what comes before it nor what comes after, and its file and line are named."""
    path = lines(tmp_path / "load.jsonl", [an_entity(f"e{number}") for number in range(5)])
    path.write_text(f"{path.read_text()}{bad}\n")
    with an_archive(an_entity("closed")) as archive:
        archive.redact("closed", reason="asked for")
        with pytest.raises(RefusedError) as refused:
            archive.load(path, chronicle=CHRONICLE, batch=2)
        assert [(str(path), 6, code)] == [
            (one.file, one.line, one.code) for one in refused.value.problems if one.is_error
        ]
        assert 2 == archive.position()


def test_only_lines_go_in_batches(tmp_path: Path) -> None:
    """A folder is loaded at once."""
    with Archive.open(IN_MEMORY) as archive, pytest.raises(QuestionError, match="--batch"):
        archive.load(tmp_path, batch=2)


def test_a_batch_that_the_log_has_come_to_refuse(tmp_path: Path) -> None:
    """Those before it stand, and how far the log goes is said with the place in the file."""
    path = lines(tmp_path / "load.jsonl", [an_entity("a"), an_entity("b"), an_entity("c", description="other")])
    with Archive.open(f"sqlite:///{tmp_path / 'chronicle.db'}") as archive:
        archive.append([an_entity("c")], chronicle=CHRONICLE)

        def redacted_meanwhile(_: Appended) -> None:
            if archive.position() == 2:
                archive.redact("c", reason="asked for")

        with pytest.raises(ConflictError, match=r"what comes before .*load\.jsonl:3 is loaded, up to 4,") as refused:
            archive.load(path, chronicle=CHRONICLE, batch=1, each=redacted_meanwhile)
        assert "refused-meanwhile" == refused.value.code
        assert 4 == archive.position()

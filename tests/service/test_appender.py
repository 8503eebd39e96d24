"""The batching appender: many commands, few transactions, an answer for each."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from chronicle.errors import ConflictError, QuestionError, RefusedError, StoreError
from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_source, an_entity, an_event


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """An empty archive on every backend."""
    with Archive.open(url, recorded_by="tester", now=Clock()) as opened:
        yield opened


def test_each_command_has_its_answer(archive: Archive) -> None:
    """Receipts come in the order of submission, each command at an instant of its own."""
    with archive.appender() as appender:
        answers = [appender.append([an_entity(f"{n}a"), an_entity(f"{n}b")], chronicle=CHRONICLE) for n in range(40)]
        positions = [[one.position for one in answer.result().receipts] for answer in answers]
    assert [[2 * n + 1, 2 * n + 2] for n in range(40)] == positions
    recorded = [one.header.recorded for one in archive.follow(wait=False)]
    assert sorted(recorded) == recorded
    assert 40 == len(set(recorded))
    assert () == archive.verify().findings


def test_few_transactions(archive: Archive) -> None:
    """What comes together is committed together."""
    commits: list[object] = []
    event.listen(archive._store.writer, "commit", commits.append)  # noqa: SLF001 - to count
    with archive.appender() as appender:
        answers = [appender.append([an_entity(str(n))], chronicle=CHRONICLE) for n in range(300)]
        assert 300 == answers[-1].result().position
    assert len(commits) < 100


def test_a_bad_command_is_told_and_spoils_nothing(archive: Archive) -> None:
    """A refusal and a conflict go to whoever caused them; what is around them is appended."""
    with archive.appender() as appender:
        first = appender.append([a_source("s")], chronicle=CHRONICLE)
        refused = appender.append([an_event("x", sources=["nowhere"])], chronicle=CHRONICLE)
        conflict = appender.append([an_event("y")], chronicle=CHRONICLE, expected={"y": 4})
        after = appender.append([an_event("y", sources=["s"])], chronicle=CHRONICLE, expected={"y": 0})
        with pytest.raises(RefusedError):
            refused.result()
        with pytest.raises(ConflictError):
            conflict.result()
        assert [1, 2] == [first.result().position, after.result().position]
        with pytest.raises(QuestionError):
            appender.append([an_event("z")], chronicle=CHRONICLE, key="")
    assert 2 == archive.position()
    assert () == archive.verify().findings


def test_a_key_within_one_batch(archive: Archive) -> None:
    """A retry that comes so soon that both are in one transaction is answered like any other."""
    with archive.appender() as appender:
        answers = [appender.append([an_event("x")], chronicle=CHRONICLE, key="k") for _ in range(20)]
        assert 1 == len({answer.result().receipts for answer in answers})
    assert 1 == archive.position()


def test_threads_share_an_appender(archive: Archive) -> None:
    """Threads get their own answers, and every position once."""
    with archive.appender() as appender, ThreadPoolExecutor(8) as pool:

        def work(worker: int) -> list[int]:
            return [
                appender.append([an_entity(f"{worker}-{n}")], chronicle=CHRONICLE).result().position for n in range(25)
            ]

        taken = [position for positions in pool.map(work, range(8)) for position in positions]
    assert 200 == max(taken) == archive.position()
    assert {f"{worker}-{n}" for worker in range(8) for n in range(25)} == {
        one.header.id for one in archive.follow(wait=False)
    }


def test_closing_answers_all_and_takes_no_more(archive: Archive) -> None:
    """What was taken is appended before the appender ends; afterwards nothing is taken."""
    with archive.appender() as appender:
        answers = [appender.append([an_entity(str(n))], chronicle=CHRONICLE) for n in range(20)]
    assert all(answer.done() for answer in answers)
    assert 20 == archive.position()
    with pytest.raises(StoreError, match="closed"):
        appender.append([an_entity("late")], chronicle=CHRONICLE)


def test_a_failing_database_fails_all(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the database fails, everybody who waits is told, and the next may try again."""
    with archive.appender() as appender:
        with monkeypatch.context() as patched:

            def fail(*_: object, **__: object) -> None:
                raise StoreError("the disk is gone")

            patched.setattr("chronicle.recording.append_each", fail)
            answers = [appender.append([an_entity(str(n))], chronicle=CHRONICLE) for n in range(5)]
            for answer in answers:
                with pytest.raises(StoreError, match="disk is gone"):
                    answer.result()
        assert 1 == appender.append([an_entity("next")], chronicle=CHRONICLE).result().position

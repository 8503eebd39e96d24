"""Following the log: every record once, in order, whether it was there or came later."""

from __future__ import annotations

import threading
from itertools import islice
from pathlib import Path
from unittest import mock

import pytest

from chronicle.errors import QuestionError
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from tests.builders import an_archive, an_event, url_of


def test_the_log_is_replayed_in_order(archive: Archive) -> None:
    """Without waiting it ends with the last record."""
    archive.append([an_event(f"e{number}") for number in range(7)], chronicle="c")
    with mock.patch("chronicle.service.PAGE", 3):
        assert [1, 2, 3, 4, 5, 6, 7] == [record.position for record in archive.follow(wait=False)]
        assert [6, 7] == [record.position for record in archive.follow(after=5, wait=False)]


def test_an_empty_log_has_no_records(archive: Archive) -> None:
    """Nothing is there, and nothing is waited for."""
    assert [] == list(archive.follow(wait=False))


def test_what_comes_is_read_by_the_same_loop(archive: Archive) -> None:
    """Records appended while nothing is new follow those that were there."""
    archive.append([an_event("first")], chronicle="c")

    def pause() -> None:
        archive.append([an_event(f"later-{archive.position()}")], chronicle="c")

    followed = archive.follow(pause=pause)
    assert ["first", "later-1", "later-2"] == [record.header.id for record in islice(followed, 3)]


@pytest.mark.parametrize("after", [-1, 2, 2**63])
def test_a_reader_cannot_be_ahead_of_the_log(archive: Archive, after: int) -> None:
    """A position that the log does not have is of another log."""
    archive.append([an_event("first")], chronicle="c")
    with pytest.raises(QuestionError, match=r"is not within the log, which ends at 1"):
        next(archive.follow(after=after))


@pytest.mark.parametrize("wanted", [Filter(), Filter(chronicles=("c",)), Filter(tags=("odd",)), Filter(tags=("none",))])
@pytest.mark.parametrize(("limit", "looked_at"), [(1, 100), (3, 100), (50, 4), (2, 1)])
def test_stretch_by_stretch(archive: Archive, wanted: Filter, limit: int, looked_at: int) -> None:
    """However much a stretch may have and look at, together they are what is wanted, and end where the log does."""
    for number in range(11):
        chronicle = "c" if number % 3 else "other"
        archive.append([an_event(f"e{number}", tags=["odd"] if number % 2 else [])], chronicle=chronicle)
    found: list[int] = []
    after: int | str = 0
    with mock.patch("chronicle.tailing.PAGE", 3), mock.patch("chronicle.tailing.MOST_LOOKED_AT", looked_at):
        while True:
            stretch = archive.log(after=after, wanted=wanted, limit=limit)
            assert len(stretch.records) <= limit
            found += [record.position for record in stretch.records]
            after = stretch.cursor.text
            if stretch.up_to_date:
                break

    assert [record.position for record in archive.follow(wanted=wanted, wait=False)] == found
    assert archive.cursor() == after


def test_a_reader_among_writers_misses_nothing(tmp_path: Path) -> None:
    """Two writers and a reader at once: the reader sees positions without gaps, each once."""
    url, each = url_of(tmp_path / "log.db"), 25
    an_archive(url=url).close()

    def write(name: str) -> None:
        with Archive.open(url, recorded_by=name) as writer:
            for number in range(each):
                writer.append([an_event(f"{name}-{number}")], chronicle="c")

    writers = [threading.Thread(target=write, args=(name,)) for name in ("a", "b")]
    with Archive.open(url, create=False) as reader:
        followed = reader.follow(pause=lambda: None)
        for writer in writers:
            writer.start()
        seen = [record.position for record in islice(followed, 2 * each)]
        for writer in writers:
            writer.join()
    assert list(range(1, 2 * each + 1)) == seen

"""Work that follows other work: at once after a pause, together when there is much of it, and never left out."""

from __future__ import annotations

from chronicle.errors import Problem
from chronicle.proof.trailing import Trailing, Work

LONG = 1e9
FAULT = Problem("folder", 0, 0, "checkpoint", "is full", "warning")


def noting(done: list[int]) -> Work:
    """Work that says when it is done."""

    def work() -> list[Problem]:
        done.append(1)
        return []

    return work


def test_after_a_pause() -> None:
    """It is done when it is asked for, if it was not done lately."""
    done: list[int] = []
    trailing = Trailing(noting(done), 0)
    for _ in range(3):
        trailing.ask()
    assert [1, 1, 1] == done


def test_without_a_pause() -> None:
    """What was asked for right behind it is done once, in the end; and not again when nothing was asked for."""
    done: list[int] = []
    trailing = Trailing(noting(done), LONG)
    for _ in range(3):
        trailing.ask()
    assert [1] == done
    trailing.settle()
    trailing.settle()
    assert [1, 1] == done


def test_by_itself() -> None:
    """Nobody has to ask again for it to be done."""
    done: list[int] = []
    trailing = Trailing(noting(done), 0.001)
    trailing.ask()
    trailing.ask()
    if trailing._timer is not None:  # noqa: SLF001 - its thread is waited for
        trailing._timer.join()  # noqa: SLF001 - as above
    assert [1, 1] == done


def test_what_goes_wrong_is_told_once() -> None:
    """At once, or to who asks next if it went wrong meanwhile."""
    trailing = Trailing(lambda: [FAULT], LONG)
    assert [[FAULT], []] == [trailing.ask(), trailing.ask()]
    trailing.settle()
    assert [FAULT] == trailing.ask()
    trailing.settle()

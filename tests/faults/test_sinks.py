"""A short form of what `python -m tests.faults.sinks` does, and what a look at the end of it must find."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import ledger, outcome, sinks
from tests.faults.ledger import Ledger, Line

CURSOR = "0" * 45


def test_five_kinds_of_sink_end_with_the_log(tmp_path: Path) -> None:
    """Whoever is killed and whatever is cut, each has all records once and in order; a webhook may hear some again."""
    assert "all five have " in sinks.play(tmp_path, 400, 8, 2597)


def a_line(position: int) -> Line:
    """What is written down of a record."""
    return Line(position, f"{position:064x}", CURSOR)


def test_a_ledger_goes_on_after_its_last_whole_line(tmp_path: Path) -> None:
    """Half a line, which a kill has left, is cut off, and what was whole stays."""
    file = tmp_path / "ledger"
    Ledger(file).write([a_line(1), a_line(2)])
    with file.open("ab") as torn:
        torn.write(a_line(3).written()[:40])
    again = Ledger(file)
    again.write([a_line(3)])

    assert [1, 2, 3] == [line.position for line in ledger.lines(file)]
    assert (3, CURSOR) == (ledger.count(file), again.last())


@pytest.mark.parametrize(
    ("positions", "firsts", "near", "far"),
    [
        ([1, 2, 3], [1, 2, 3], 0, 0),
        ([1, 2, 2, 3], [1, 2, 3], 1, 0),
        ([1, 2, 3, 1, 2, 3, 4], [1, 2, 3, 4], 0, 1),
        ([1, 2, 3, 1, 2, 2, 3], [1, 2, 3], 1, 1),
        ([1, 3], [1, 3], 0, 0),
    ],
)
def test_what_was_sent_again_is_told_apart(
    tmp_path: Path, positions: list[int], firsts: list[int], near: int, far: int
) -> None:
    """The record that was on its way, or several that were not noted; what is missing is missing in the digest, too."""
    file = tmp_path / "ledger"
    Ledger(file).write(a_line(position) for position in positions)
    again = outcome.Again()

    assert firsts == [position for position, _ in again.firsts(file)]
    assert (near, far) == (again.near, again.far)


def test_another_record_is_noticed(tmp_path: Path) -> None:
    """What is sent again must be what was sent."""
    file = tmp_path / "ledger"
    Ledger(file).write([a_line(1), Line(1, "f" * 64, CURSOR)])

    with pytest.raises(AssertionError, match="1 was another"):
        list(outcome.Again().firsts(file))


def test_a_digest_is_of_an_order() -> None:
    """Two logs with the same records in another order, or one less, have other digests."""
    one, two = (1, "a"), (2, "b")
    digests = {ledger.digest(records) for records in ([one, two], [two, one], [one], [])}

    assert 4 == len(digests)

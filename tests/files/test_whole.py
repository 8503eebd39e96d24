"""Files that are written as a whole, or stay what they were."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from chronicle.files.whole import whole_file


def test_nobody_sees_half_of_it(tmp_path: Path) -> None:
    """While it is being written, what was there before is there."""
    path = tmp_path / "report.md"
    path.write_bytes(b"before")
    with whole_file(str(path)) as file:
        file.write(b"half")
        file.flush()
        assert b"before" == path.read_bytes()
        file.write(b" and half")
    assert b"half and half" == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


def test_a_writer_that_fails_changes_nothing(tmp_path: Path) -> None:
    """What was there stays, and nothing is left beside it."""
    path = tmp_path / "report.md"
    path.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError):
        _write(str(path), (str(6 // number).encode() for number in (1, 0)))
    assert b"before" == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    """What was not to be read by all is not afterwards."""
    path = tmp_path / "report.md"
    path.touch(0o600)
    with whole_file(str(path)) as file:
        file.write(b"after")
    assert 0o600 == path.stat().st_mode & 0o777


def _write(path: str, chunks: Iterable[bytes]) -> None:
    with whole_file(path) as file:
        file.writelines(chunks)

"""A short form of `python -m tests.web.fuzz`, and what it has found."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from chronicle.service import Archive
from tests.builders import Clock, url_of
from tests.web.conftest import Client
from tests.web.fuzz import fuzz, told_of


def test_hostile_requests_are_answered(tmp_path: Path) -> None:
    """Each with an answer or a problem document, and the log stays as it was where it is refused."""
    with Archive.open(url_of(tmp_path / "chronicle.db"), now=Clock()) as archive:
        told_of(archive)
        sent, wrong, _ = asyncio.run(fuzz(archive, 25))
        with Archive.open(url_of(tmp_path / "chronicle.db"), create=False) as again:
            assert [] == list(again.verify().findings)
    assert sent > 1_000
    assert [] == wrong


@pytest.mark.parametrize(
    "path",
    [
        "/api/state?limit=9223372036854775808",
        "/api/state?position=9223372036854775808",
        "/api/documents/source?after=9223372036854775808",
        "/mementos/-9223372036854775809/entities/azerbaijan-us/azerbaijan",
        "/mementos/9223372036854775808/reports/azerbaijan-us",
    ],
)
def test_numbers_beyond_those_of_the_database(client: Client, path: str) -> None:
    """They are no positions, and no fault of the server."""
    answer = client.get(path)

    assert (True, "application/problem+json") == (answer.status_code in (400, 404), answer.headers["content-type"])

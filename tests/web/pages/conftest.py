"""A small chronicle behind the pages, and a browser without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from litestar.testing import TestClient

from chronicle.service import Archive
from chronicle.web.access import Mode
from chronicle.web.app import application
from tests.builders import a_fact, a_source, an_archive, an_attribute, an_entity, an_event

Browser = TestClient[Any]

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def an_office() -> Archive:
    """Two sources, an office that changed hands, and names that would like to be markup."""
    opened = an_archive()
    opened.append(
        [
            {"kind": "chronicle", "id": "c", "title": "Offices", "description": "Who held them"},
            a_source("early", "2020-06-01", publisher="Gazette", author=HOSTILE),
            a_source("late", "2024-06-01", publisher="Herald", url="https://example.org/late"),
            an_entity("ann", label="Ann", labels={"az": "Anna"}),
            an_entity("bob", label=HOSTILE),
            an_attribute("holder", label="holder"),
            an_event(
                "first",
                a_fact({"entity": "ann"}, subject="office", attribute="holder"),
                occurred="2020-05-05",
                title="Ann takes office",
                sources=["early"],
            ),
            an_event(
                "second",
                a_fact({"entity": "bob"}, subject="office", attribute="holder"),
                occurred="2024-05-05",
                title=HOSTILE,
                related=[{"event": "first", "relation": "builds-on"}],
                sources=["late"],
            ),
        ],
        chronicle="c",
    )
    return opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A client of pages that no test writes to; it follows no redirect."""
    with opened(an_office(), "open") as client:
        yield client


@pytest.fixture
def archive() -> Archive:
    """An archive of the test's own."""
    return an_office()


@pytest.fixture
def writer(archive: Archive) -> Iterator[Browser]:
    """A client of that."""
    with opened(archive, "open") as client:
        yield client


@contextmanager
def opened(archive: Archive, mode: Mode) -> Iterator[Browser]:
    """A client of an archive that is closed after it."""
    with TestClient(application(archive, mode), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        yield client

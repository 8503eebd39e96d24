"""What a filter keeps."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.errors import QuestionError
from chronicle.feed.filter import Filter
from chronicle.service import Archive
from tests.builders import a_fact, a_source, an_archive, an_entity, an_event


@pytest.fixture(scope="module")
def archive() -> Archive:
    """Two chronicles, of which one has an event that names much."""
    opened = an_archive()
    event = an_event(
        "e",
        a_fact({"entity": "valued"}, subject="subject", attribute="level"),
        type="plan.announced",
        occurred="2020/2022",
        participants=["taking-part", {"entity": "with-a-role", "role": "host"}],
        stated_by="speaker",
        tags=["energy"],
        sources=["s"],
    )
    names = [an_entity(name) for name in ("valued", "taking-part", "with-a-role", "speaker")]
    opened.append([a_source("s"), *names, event], chronicle="one")
    opened.append([an_event("other", occurred="2025")], chronicle="two")
    return opened


def kept(archive: Archive, **filter_: Any) -> set[str]:
    """The ids of what passes."""
    wanted = Filter(**filter_)
    return {record.header.id for record in archive.follow(wait=False) if wanted.wants(record)}


def test_without_a_field_all_pass(archive: Archive) -> None:
    """An empty filter wants everything, whatever its kind."""
    assert {"s", "valued", "taking-part", "with-a-role", "speaker", "e", "other"} == kept(archive)


def test_a_chronicle(archive: Archive) -> None:
    """All kinds of records of it pass, and nothing of another."""
    assert {"other"} == kept(archive, chronicles=("two",))


@pytest.mark.parametrize(
    "fields",
    [
        {"types": ("plan.announced",)},
        {"types": ("plan",)},
        {"types": ("agreement", "plan")},
        {"entities": ("valued",)},
        {"entities": ("taking-part",)},
        {"entities": ("with-a-role",)},
        {"entities": ("speaker",)},
        {"entities": ("subject",)},
        {"attributes": ("level",)},
        {"tags": ("energy", "law")},
        {"until": "2020"},
        {"since": "2022", "until": "2024"},
        {"types": ("plan",), "tags": ("energy",)},
    ],
)
def test_an_event_that_passes(archive: Archive, fields: dict[str, Any]) -> None:
    """What it names is enough, in whatever place, and the other event does not pass."""
    assert {"e"} == kept(archive, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"types": ("pla",)},
        {"types": ("plan.announced.again",)},
        {"entities": ("host",)},
        {"attributes": ("lev",)},
        {"tags": ("Energy",)},
        {"since": "2026"},
        {"until": "2019-12-31"},
        {"types": ("plan",), "tags": ("law",)},
        {"chronicles": ("two",), "types": ("plan",)},
    ],
)
def test_what_does_not_pass(archive: Archive, fields: dict[str, Any]) -> None:
    """A part of a name is none, and every field must fit."""
    assert set() == kept(archive, **fields)


def test_a_date_that_is_none() -> None:
    """It is refused when the filter is made."""
    with pytest.raises(QuestionError, match="since: "):
        Filter(since="2025-13")

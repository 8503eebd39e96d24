"""The log as JSON Lines: loaded into an empty archive, it is the same log again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chronicle import exchanging
from chronicle.errors import QuestionError, UnknownError
from chronicle.service import Archive
from tests.builders import a_fact, a_retraction, a_source, an_archive, an_entity, an_event
from tests.exchange.archives import an_empty_archive, exported, load_text, rows
from tests.project.checkout import ROOT
from tests.service.test_laws import kept
from tests.state.histories import Append, histories

several = settings(max_examples=25, suppress_health_check=list(HealthCheck))


@several
@given(histories())
def test_what_is_exported_and_loaded_is_the_same_log(appends: list[Append]) -> None:
    """Whatever was corrected, retracted and stated anew: same positions, versions, types and contents."""
    with kept(appends) as archive, an_empty_archive() as other:
        load_text(other, exported(archive, "jsonl"))
        assert rows(archive) == rows(other)
        assert exported(archive, "jsonl") == exported(other, "jsonl")


@several
@given(histories(), st.data())
def test_a_longer_export_appends_the_rest(appends: list[Append], data: st.DataObject) -> None:
    """What is there already is recognised, after whichever append the first export was made."""
    with kept(appends) as archive, an_empty_archive() as other:
        times = [record.header.recorded for record in archive.follow(wait=False)]
        ends = [index + 1 for index, time in enumerate(times) if time not in times[index + 1 :]]
        cut = data.draw(st.sampled_from(ends))
        load_text(other, exported(archive, "jsonl", position=cut))
        assert rows(archive)[:cut] == rows(other)
        outcomes = load_text(other, exported(archive, "jsonl"))
        assert ["unchanged"] * cut == outcomes[:cut]
        assert "unchanged" not in outcomes[cut:]
        assert rows(archive) == rows(other)


def test_a_source_that_came_and_went_comes_and_goes_again() -> None:
    """A source that was cited once and is retracted, and one that was retracted and is back, load in one go."""
    archive = an_archive(a_source("gone"), a_source("back"), an_entity(), an_event(sources=["gone"]))
    archive.append([an_event(sources=["back"])], chronicle="c")
    archive.append([a_retraction("gone", "source")], chronicle="c")
    archive.append([a_retraction("event")], chronicle="c")
    archive.append([a_retraction("back", "source"), a_retraction("e", "entity")], chronicle="c")
    archive.append([a_source("back"), an_event(sources=["back"])], chronicle="c")
    with archive, an_empty_archive() as other:
        load_text(other, exported(archive, "jsonl"))
        assert rows(archive) == rows(other)


def test_the_curated_chronicle_comes_through() -> None:
    """The events of this repository, and the answers from them."""
    with an_empty_archive() as archive, an_empty_archive() as other:
        archive.load(ROOT / "events")
        load_text(other, exported(archive, "jsonl"))
        assert rows(archive) == rows(other)
        told = [one.state(as_of="2025-12-31").as_json()["facts"] for one in (archive, other)]
        assert told[0] == told[1] != []


@pytest.mark.parametrize("digits", ["1.50", "1E+5", "-0.0", "12345678901234567890.123456789", "1e-30"])
def test_numbers_keep_their_digits(digits: str) -> None:
    """A JSON number is written as its author wrote it, and not as a float would be."""
    fact = a_fact(Decimal(digits))
    with an_archive(an_event("e", fact, a_fact({"amount": digits, "unit": "m"}, attribute="b"))) as archive:
        text = exported(archive, "jsonl").decode()
        as_number = str(Decimal(digits))
        assert f'"value":{as_number}' in text
        assert f'"amount":"{digits}"' in text
        with an_empty_archive() as other:
            load_text(other, text.encode())
            assert rows(archive) == rows(other)


def test_every_line_says_its_chronicle() -> None:
    """So that several chronicles can be in one file."""
    with an_archive(a_source(), {**a_source("t"), "chronicle": "other"}) as archive:
        lines = [json.loads(line) for line in exported(archive, "jsonl").splitlines()]
        assert ["c", "other"] == [line["chronicle"] for line in lines]


def test_a_chronicle_alone_and_a_position() -> None:
    """Only the records of one chronicle, only those up to a position, or a time of recording."""
    with an_archive(a_source("s"), {**a_source("t"), "chronicle": "other"}, a_source("u")) as archive:
        assert ["s", "u"] == _ids(exported(archive, "jsonl", chronicle="c"))
        assert ["s", "t"] == _ids(exported(archive, "jsonl", position=2))
        assert [] == _ids(exported(archive, "jsonl", recorded="1999"))


def test_an_empty_log_is_an_empty_text() -> None:
    """Nothing is made up."""
    with an_empty_archive() as archive:
        assert b"" == exported(archive, "jsonl")


@pytest.mark.parametrize("bound", ["as_of", "known"])
def test_the_log_knows_neither_dates_nor_reports(bound: str) -> None:
    """What would be read as if it cut the log is refused."""
    with an_archive(a_source()) as archive, pytest.raises(QuestionError, match="position"):
        archive.export(to="jsonl", **{bound: "2025"})  # type: ignore[arg-type]


def test_an_unknown_format_is_refused_with_those_there_are() -> None:
    """Before anything is read."""
    with an_archive(a_source()) as archive, pytest.raises(QuestionError, match="jsonl, csv, parquet, timelinejs, ics"):
        archive.export(to="avro")


@pytest.mark.parametrize("to", ["jsonl", "csv"])
def test_an_unknown_chronicle_is_refused(to: str) -> None:
    """At once, and not when the first piece is asked for."""
    with an_archive(a_source()) as archive, pytest.raises(UnknownError, match="nowhere"):
        archive.export(to=to, chronicle="nowhere")


def test_pages_make_one_log(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Records are read a page at a time, on every backend; appends in between change nothing, nor wait."""
    monkeypatch.setattr(exchanging, "PAGE", 2)
    with an_archive(*(a_source(f"s{number}") for number in range(5)), url=url) as archive:
        chunks: Iterator[Any] = iter(archive.export(to="jsonl").chunks)
        first = next(chunks)
        _append(archive, "late")
        assert ["s0", "s1", "s2", "s3", "s4"] == _ids(first + b"".join(chunks))


def _append(archive: Archive, name: str) -> None:
    archive.append([a_source(name)], chronicle="c")


def _ids(text: bytes) -> list[str]:
    return [json.loads(line)["id"] for line in text.splitlines()]

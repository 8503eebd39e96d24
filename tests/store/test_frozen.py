"""The frozen log of every release opens, is upgraded, verifies, and is answered from as that release did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from chronicle.errors import StoreError
from chronicle.projection.shipped import SHIPPED
from chronicle.proof.key import Verifier
from chronicle.service import Archive
from chronicle.store import migrate, schema
from tests.postgresql import Server
from tests.project.checkout import ROOT
from tests.store.frozen import CHRONICLE, answers, thaw

FROZEN = ROOT / "tests" / "data" / "frozen"
REVISIONS = sorted(file.stem for file in FROZEN.glob("*.sql"))


@pytest.fixture(params=REVISIONS)
def revision(request: pytest.FixtureRequest) -> str:
    """The revision of a frozen log."""
    name: str = request.param
    return name


@pytest.fixture
def url(revision: str, tmp_path: Path) -> str:
    """The frozen archive, brought up to date."""
    url = thaw(FROZEN / f"{revision}.sql", tmp_path / "chronicle.db")
    if revision != schema.REVISION:
        with pytest.raises(StoreError, match="run chronicle db upgrade"):
            Archive.open(url, create=False)
        with Archive.unchecked(url) as archive:
            assert revision == archive.upgrade().current
    return url


def said(revision: str) -> list[bytes]:
    """What the release said then, line by line; without its checkpoint."""
    lines = (FROZEN / f"{revision}.jsonl").read_bytes().splitlines(keepends=True)
    return [line for line in lines if not line.startswith(b'{"checkpoint"')]


def test_every_release_before_this_one_is_frozen() -> None:
    """Each migration had a release before it; `python -m tests.store.frozen` freezes one."""
    scripts = ScriptDirectory(str(migrate.scripts())).walk_revisions()

    assert {one.revision for one in scripts} - {schema.REVISION} <= set(REVISIONS)


def test_it_answers_as_it_did(revision: str, url: str) -> None:
    """Byte for byte: states, histories, differences, standings, conflicts, hashes, and the exported log."""
    with Archive.open(url, create=False) as archive:
        assert said(revision) == list(answers(archive))


def test_it_verifies(revision: str, url: str) -> None:
    """Against its hashes and indexes, and where there was one against the checkpoint that was signed then."""
    last = json.loads((FROZEN / f"{revision}.jsonl").read_bytes().splitlines()[-1])
    with Archive.open(url, create=False) as archive:
        if "checkpoint" in last:
            signed = {"checkpoint": last["checkpoint"], "verifiers": [Verifier.parse(last["verifier"])]}
            assert () == archive.verify(**signed).findings
        assert () == archive.verify().findings


def test_it_answers_the_same_from_postgresql(
    revision: str, url: str, postgresql: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Restored there it says what it said."""
    monkeypatch.setenv("CHRONICLE_PROOF", str(tmp_path / "proof"))
    there = postgresql.database()
    Archive.restore(url.removeprefix("sqlite:///"), there)
    with Archive.open(there, create=False) as archive:
        assert said(revision) == list(answers(archive))


def test_it_goes_on(revision: str, url: str) -> None:
    """What is appended to it follows its last record, and a document that is there already is no new version."""
    exported = [json.loads(line) for line in said(revision) if line.startswith(b'{"chronicle"')]
    kept = next(one for one in exported if one["id"] == "kept")
    with Archive.open(url, create=False) as archive:
        position = archive.position()
        assert ["unchanged"] == [one.outcome for one in archive.append([kept]).receipts]
        assert position + 1 == archive.append([{**kept, "id": "later"}]).position
        assert () == archive.verify().findings


def test_projections_are_told_of_it(revision: str, url: str) -> None:
    """What was written before there were any."""
    with Archive.open(url, create=False) as archive:
        rows = archive.project(SHIPPED["event_counts"], as_of="2026-06").rows()

    by_year = [(row["type"], row["year"], row["events"]) for row in rows if row["year"] >= "2021"]
    more = [("any.thing", "2022", 1)] if revision > "0001" else []
    gone = [] if revision > "0001" else [("any.thing", "2021", 1)]
    assert [
        *gone,
        *more,
        ("any.thing", "2025", 1),
        ("plan.announced", "2025", 1),
        ("plan.fulfilled", "2025", 1),
        ("statistic.reported", "2024", 1),
    ] == by_year
    assert {CHRONICLE} == {row["chronicle"] for row in rows}

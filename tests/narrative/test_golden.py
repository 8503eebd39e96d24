"""The curated chronicles as reports, compared with the text that an editor has read.

To renew the goldens after a change that is meant: RENEW_GOLDEN=1 pytest tests/narrative/test_golden.py
"""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from chronicle import Archive

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
RENEW = "RENEW_GOLDEN" in os.environ
NOW = 1_772_323_200_000_000  # 2026-03-01T00:00:00Z
REPORTS: dict[str, dict[str, Any]] = {
    "azerbaijan-us": {"kind": "narrative"},
    "azerbaijan-us.timeline": {"kind": "timeline"},
    "azerbaijan-us.brief": {"kind": "brief"},
    "azerbaijan-us.changes": {"kind": "changes", "since": "2025-12-31"},
    "us-executive.profile": {"kind": "profile", "entity": "gerald-ford"},
    "us-executive": {"kind": "narrative"},
    "us-executive.changes": {"kind": "changes", "since": {"known": "2013-03-16T14:40:00Z"}, "known": "2013-03-18"},
}


@pytest.fixture(scope="module")
def archive() -> Archive:
    """An archive that holds the curated chronicles."""
    opened = Archive.open("sqlite://", recorded_by="tests", now=lambda: NOW)
    for name in ("azerbaijan-us", "us-executive"):
        opened.load(str(ROOT / "events" / name))
    return opened


def normalised(text: str) -> str:
    """What differs from archive to archive and from release to release, taken out."""
    for name in ("archive", "software", "root of the log", "position"):
        text = re.sub(rf"^- {name}: .*$", f"- {name}: ({name})", text, flags=re.MULTILINE)
    return text


@pytest.mark.parametrize("name", REPORTS)
def test_the_curated_chronicles_read_as_they_were_edited(archive: Archive, name: str) -> None:
    """The curated chronicles read as they were edited, and nothing in them is unexplained."""
    ordered = {"as_of": "2026-03-01", **REPORTS[name]}
    chronicle = name.partition(".")[0]
    text = normalised(archive.report(chronicle, **ordered))
    golden = GOLDEN / f"{name}.md"
    if RENEW:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert archive.audit(chronicle, **ordered) == ()


def test_the_same_basis_gives_the_same_bytes(archive: Archive) -> None:
    """The same basis gives the same bytes."""
    reports = {archive.report("azerbaijan-us", as_of="1995", position=68) for _ in range(2)}
    assert len(reports) == 1


@pytest.mark.parametrize("chronicle", ["azerbaijan-us", "us-executive"])
def test_a_brief_is_one_page(archive: Archive, chronicle: str) -> None:
    """The brief of a curated chronicle is one page."""
    made = archive.report(chronicle, as_of="2026-03-01", kind="brief", format="pdf")
    assert 1 == len(PdfReader(BytesIO(made)).pages)


def test_french_has_a_space_before_colons_and_semicolons(archive: Archive) -> None:
    """In French a space that does not break stands before a colon and a semicolon, wherever they come from."""
    text = archive.report("azerbaijan-us", as_of="2026-03-01", lang="fr")
    assert "- archive\u00a0: " in text
    assert "[1\u00a0: paragraph 5\u00a0; calculé\u00a0: 1,49" in text
    assert [] == re.findall(r"[a-z\d][:;] .*", text.partition("## Sources")[2].partition("## Colophon")[2])
    assert re.search(r"= 24,11\u00a0; 1,49", text)
    assert archive.audit("azerbaijan-us", as_of="2026-03-01", lang="fr") == ()


def test_before_anything_can_be_known_little_is_said(archive: Archive) -> None:
    """Before anything can be known little is said."""
    text = archive.report("azerbaijan-us", as_of="2026-02-01", known="2026-02-01")
    assert "Nothing is recorded as having happened, or as planned, by 1 February 2026." in text
    assert "Nothing is recorded as holding as of 1 February 2026." in text
    assert "No source is cited." in text


def test_no_day_of_the_past_is_told_with_a_slip(archive: Archive) -> None:
    """No day of the past is told with a slip."""
    for day in (
        "1990",
        "1994-06-30",
        "1994-12-31",
        "1995",
        "2025-06",
        "2025-12-31",
        "2026-02-10",
        "2026-02-24",
        "2030",
    ):
        text = archive.report("azerbaijan-us", as_of=day)
        assert "None" not in text
        assert "\n\n\n" not in text
        assert not re.search(r" ,|\.\.| \.|\b(\w+) \1\b(?!-)", text.partition("## State")[0]), day

"""How each language says dates, figures and sentences, compared with what has been read as that language.

To renew the snapshots after a change that is meant: RENEW_GOLDEN=1 pytest tests/narrative/language/test_snapshots.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chronicle.narrative.language.wording import languages
from tests.narrative.language.samples import snapshot

SNAPSHOTS = Path(__file__).parent / "golden"
RENEW = "RENEW_GOLDEN" in os.environ


@pytest.mark.parametrize("tag", languages())
def test_a_language_reads_as_it_was_read(tag: str) -> None:
    """A language reads as it was read."""
    text = "\n".join(snapshot(tag)) + "\n"
    path = SNAPSHOTS / f"{tag}.txt"
    if RENEW:
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("tag", languages())
def test_spaces_are_plain_or_do_not_break(tag: str) -> None:
    """Thin spaces of CLDR are set as spaces that do not break (R21); no slot leaves a gap."""
    text = "\n".join(snapshot(tag))
    assert set() == {char for char in text if char.isspace()} - {" ", "\n", "\u00a0"}
    assert "  " not in text
    assert not any("{" in line.partition(": ")[2] for line in snapshot(tag))

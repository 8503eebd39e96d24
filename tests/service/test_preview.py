"""What an append would change, without the append."""

from __future__ import annotations

import pytest

from chronicle.errors import ConflictError, RefusedError
from chronicle.service import Archive
from tests.builders import CHRONICLE, a_fact, an_event


def test_a_preview_tells_the_difference_and_keeps_nothing(archive: Archive) -> None:
    """The receipt there would be, the change of the state, and a log that is as before."""
    archive.append([an_event("first", a_fact("old"))], chronicle=CHRONICLE)
    document = an_event("second", a_fact("new"), occurred="2026")
    appended, diff = archive.preview([document], chronicle=CHRONICLE, as_of="2026")
    assert ["new"] == [receipt.outcome for receipt in appended.receipts]
    assert [(["old"], ["new"])] == [
        (one.before and one.before.as_json()["values"], one.after and one.after.as_json()["values"])
        for one in diff.changes
    ]
    assert (1, 2) == (diff.before.position, diff.after.position)
    assert 1 == archive.position()
    assert len(archive.state(as_of="2026").facts) == 1


def test_a_preview_is_what_the_append_does(archive: Archive) -> None:
    """The same difference that there is afterwards between the two positions."""
    archive.append([an_event("event", a_fact("old"))], chronicle=CHRONICLE)
    documents = [an_event("event", a_fact("mended"), note="A slip")]
    _, foretold = archive.preview(documents, chronicle=CHRONICLE, as_of="2026")
    archive.append(documents, chronicle=CHRONICLE)
    found = archive.diff({"position": 1}, {"position": 2}, as_of="2026")
    assert foretold.as_json() == found.as_json()


def test_what_would_be_refused_is_refused(archive: Archive) -> None:
    """As by the append."""
    with pytest.raises(RefusedError):
        archive.preview([an_event("event", sources=["unknown"])], chronicle=CHRONICLE)
    with pytest.raises(ConflictError):
        archive.preview([an_event("event")], chronicle=CHRONICLE, expected={"event": 3})
    assert 0 == archive.position()

from __future__ import annotations

import json
from typing import Any

import pytest
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

from chronicle.event.canonical import from_plain
from chronicle.event.model import Source
from chronicle.narrative.csl import csl, issued
from tests.narrative.audit.composed import Report, small

# CSL 1.0.2, appendix III and the published input schema: what an item may say, and of what kind it is.
TEXTS = {"id", "type", "title", "container-title", "publisher", "URL", "language", "note"}
DATE = {"date-parts", "season", "circa", "literal"}


def items(report: Report) -> list[dict[str, Any]]:
    """The bibliography of a report, read back."""
    read = json.loads(csl(report.document, report.matter.sources))
    assert isinstance(read, list)
    return read


def test_every_note_is_an_item_in_its_order() -> None:
    """Every note is an item, in the order of the notes, and says what its source says."""
    paper, gazette = items(small())
    assert {
        "id": "paper",
        "type": "webpage",
        "citation-number": 1,
        "title": "Source paper",
        "container-title": "The Press",
        "issued": {"date-parts": [[2024, 12, 31]]},
        "URL": "https://example.org/7",
        "note": paper["note"],
    } == paper
    assert "The contract was signed by 13 companies." in paper["note"]
    assert ("document", [{"literal": "Ann Lee"}]) == (gazette["type"], gazette["author"])
    assert {"URL", "container-title", "publisher"}.isdisjoint(gazette)


def test_items_keep_the_rules_of_the_format() -> None:
    """Items have an id and a type, and nothing that CSL-JSON 1.0.2 does not know."""
    for item in items(small()):
        assert {"id", "type"} <= item.keys() <= TEXTS | {"citation-number", "author", "issued"}
        assert all(isinstance(item[name], str) for name in TEXTS & item.keys())
        assert item["issued"].keys() <= DATE
        assert all(1 <= len(parts) <= 3 for parts in item["issued"].get("date-parts", ()))


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2026", {"date-parts": [[2026]]}),
        ("2026-02", {"date-parts": [[2026, 2]]}),
        ("2026-02-24", {"date-parts": [[2026, 2, 24]]}),
        ("2012-12-20T10:24:32-05:00", {"date-parts": [[2012, 12, 20]]}),
        ("1994~", {"date-parts": [[1994]], "circa": True}),
        ("1994-09?", {"date-parts": [[1994, 9]], "circa": True}),
        ("2025-01/2025-09", {"date-parts": [[2025, 1], [2025, 9]]}),
        ("2001-22", {"date-parts": [[2001]], "season": 2}),
        ("2001-21~", {"date-parts": [[2001]], "season": 1, "circa": True}),
        ("-0043", {"date-parts": [[-43]]}),
        ("199X", {"literal": "the 1990s"}),
        ("2025-35", {"literal": "the third quarter of 2025"}),
        ("1985-04-XX", {"literal": "some day in April 1985"}),
        ("[..2026-02-24]", {"literal": "24 February 2026 or earlier"}),
        ("2026-02/..", {"literal": "from February 2026, ongoing"}),
        ("[1667,1668]", {"literal": "1667 or 1668"}),
    ],
)
def test_a_date_is_never_more_precise_than_it_is(edtf: str, expected: dict[str, Any]) -> None:
    """A date is never more precise than it is; what has no parts is said in words."""
    assert expected == issued(edtf)


def test_a_source_that_is_not_described_goes_by_its_id() -> None:
    """A source that is not described goes by its id."""
    report = small()
    [first, *_] = json.loads(csl(report.document, {}))
    assert ("paper", "document", "paper") == (first["id"], first["type"], first["title"])


def test_text_of_sources_is_inert() -> None:
    """Characters that turn text around or cannot be seen are left out."""
    report = small()
    source = from_plain("source", {"id": "paper", "title": "A\u202e pa\u0000per", "author": "B\u200bob"})
    assert isinstance(source, Source)
    [first, *_] = json.loads(csl(report.document, {"paper": source}))
    assert ("A paper", [{"literal": "Bob"}]) == (first["title"], first["author"])


def test_a_citation_processor_reads_it() -> None:
    """A citation processor makes a bibliography of it, with title, publisher and year."""
    found = items(small())
    read = [{name: given for name, given in item.items() if name != "citation-number"} for item in found]
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(read), formatter.plain)
    for item in read:
        bibliography.register(Citation([CitationItem(item["id"])]))
    text = " ".join(str(entry) for entry in bibliography.bibliography())
    assert all(said in text for said in ("Source paper", "Ann Lee", "2024", "2025", "https://example.org/7"))


def test_the_same_document_gives_the_same_bytes() -> None:
    """The same document gives the same bytes."""
    one, other = small(), small()
    assert csl(one.document, one.matter.sources) == csl(other.document, other.matter.sources)

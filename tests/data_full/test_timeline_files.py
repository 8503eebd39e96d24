"""Every published timeline, calendar and item: make test-data DIR=… with the folder timeline-files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chronicle.exchanging import import_file as import_
from tests.exchange.importing import assert_it_loads, documents, refusals

DATA = Path(os.environ["CHRONICLE_DATA"]) / "timeline-files"
ITEMS = {
    "timelinejs/all-media-types.json": (41, 0),
    "timelinejs/cosmo-mixed.json": (11, 0),
    "timelinejs/eras.json": (23, 0),
    "timelinejs/houston-timeline2.json": (18, 0),
    "timelinejs/houston-timeline3.json": (18, 0),
    "timelinejs/women_in_computing.csv": (10, 0),
    "timelinejs/women_in_computing.json": (10, 0),
    "ics/america_new_york.ics": (1, 0),
    "ics/america_new_york_forward_reference.ics": (0, 1),
    "ics/example.ics": (3, 0),
    "ics/issue_1050_all_components.ics": (1, 0),
    "ics/issue_156_RDATE_with_PERIOD_TZID_khal_2.ics": (1, 0),
    "ics/issue_165_missing_event.ics": (1, 0),
    "ics/issue_313_globally_unique_tzid.ics": (3, 0),
    "ics/issue_348_exception_parsing_value.ics": (1, 0),
    "ics/issue_350.ics": (1, 0),
    "ics/issue_722_timezone_transition_ambiguity.ics": (4, 0),
    "ics/multiple_calendar_components.ics": (3, 0),
    "ics/pacific_fiji.ics": (0, 1),
    "ics/period_with_timezone.ics": (1, 0),
    "ics/rfc_5545_RDATE_example.ics": (0, 6),
    "ics/rfc_7986_image.ics": (0, 2),
    "ics/timezone_rdate.ics": (0, 1),
    "ics/timezoned.ics": (1, 0),
    "ics/x_location.ics": (1, 0),
    "wikidata/wbgetentites-Oliver-Kahn.json": (5, 0),
    "wikidata/wbgetentities-Douglas-Adams.json": (4, 0),
    "wikidata/wbgetentities-Q1.json": (1, 0),
}
"""The events that each file makes, and the items that are refused."""


@pytest.mark.parametrize("name", ITEMS)
def test_all_of_a_file_is_taken_or_refused(name: str, tmp_path: Path) -> None:
    """Each item one way or the other, and what is taken loads."""
    found = import_(DATA / name, from_=name.partition("/")[0], chronicle="c")
    assert ITEMS[name] == (len(documents(found)), len(refusals(found)))
    assert_it_loads(found, tmp_path)


def test_no_file_was_forgotten() -> None:
    """What is in the folders is in the list."""
    paths = (path for folder in ("timelinejs", "ics", "wikidata") for path in (DATA / folder).iterdir())
    assert set(ITEMS) == {str(path.relative_to(DATA)) for path in paths if "LICENSE" not in path.name}

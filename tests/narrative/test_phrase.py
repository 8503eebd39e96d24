from __future__ import annotations

import pytest

from chronicle.event.model import Fact
from chronicle.narrative.phrase import brief, due, end_of, held, opening
from chronicle.when import When

OPENINGS = [
    ("1994-09-20", None, "On 20 September 1994"),
    ("1994-09-20", 1994, "On 20 September"),
    ("1994-09", None, "In September 1994"),
    ("1994-09", 1994, "In September"),
    ("1994", None, "In 1994"),
    ("1994", 1994, ""),
    ("1994~", 1994, "In about 1994"),
    ("1994?", 1994, "Possibly in 1994 (the date is uncertain)"),
    ("1994%", 1994, "Possibly in about 1994"),
    ("2004-06-11?", None, "Possibly on 11 June 2004 (the date is uncertain)"),
    ("2025-01/2025-09", None, "In the first nine months of 2025"),
    ("2025-01/2025-09", 2025, "In the first nine months"),
    ("2025-01/2025-03", None, "In the first quarter of 2025"),
    ("2025-01-01/2025-06-30", 2025, "In the first half"),
    ("2025-01/2025-12", None, "In 2025"),
    ("2025-03/2025-05", 2025, "From March to May"),
    ("2025-03/2025-05", None, "From March to May 2025"),
    ("2025-35", None, "In the third quarter of 2025"),
    ("2025-35", 2025, "In the third quarter"),
    ("2025-40", 2025, "In the first half"),
    ("[..2026-02-24]", None, "By 24 February 2026"),
    ("2026-02/..", 2026, "Since February 2026"),
    ("2026-02/", 2026, "From February 2026 (no end date is given)"),
    ("../2020", None, "Until 2020 (since before any date that is given)"),
    ("/2020", None, "Until 2020 (no start date is given)"),
    ("[2026-02-10,2026-02-11]", None, "On 10 or 11 February 2026"),
    ("202X", None, "In the 2020s"),
    ("[2030..2032]", None, "In a year from 2030 to 2032"),
    ("1985-04-12T23:20:30Z", None, "On 12 April 1985 at 23:20:30 UTC"),
    ("-0043", -43, "In 44 BC"),
]


@pytest.mark.parametrize(("text", "year", "expected"), OPENINGS)
def test_a_date_opens_a_sentence_no_more_precisely_than_it_is_known(text: str, year: int | None, expected: str) -> None:
    """A date opens a sentence no more precisely than it is known."""
    assert opening(When.parse(text), year) == expected


HELD = [
    ({"at": "2026-02-24"}, "2026", "on 24 February 2026"),
    ({"at": "2026-02"}, "2026", "in February 2026"),
    ({}, "1994", "from 1994"),
    ({}, "2017/2021", "from 2017"),
    ({}, "../2021", "from before any date that is given"),
    ({"from_": "2017", "until": "2021-01-20"}, "2017", "from 2017 until 20 January 2021"),
    ({"from_": "2017", "through": "2021-01-19"}, "2017", "from 2017 through 19 January 2021"),
    ({"from_": "unknown"}, "2024-05", "from a time that is not stated, no later than 31 May 2024"),
    ({"from_": "..", "until": "unknown"}, "2024", "from before any date that is given until a time that is not stated"),
    ({"from_": "[1994-01-01..2026-02-24]"}, "1994", "from some time between 1 January 1994 and 24 February 2026"),
    ({"from_": "[..2026-02-24]"}, "1994", "from 24 February 2026 or earlier"),
]


@pytest.mark.parametrize(("times", "occurred", "expected"), HELD)
def test_when_a_fact_holds(times: dict[str, str], occurred: str, expected: str) -> None:
    """When a fact holds."""
    assert held(Fact(subject="a", attribute="b", **times), When.parse(occurred)) == expected  # type: ignore[arg-type]


def test_a_bound_is_told_by_the_end_of_its_unit() -> None:
    """A bound is told by the end of its unit."""
    texts = ("2026-03-01", "2025", "2025-06", "2025-35", "2026-03-01T12:00:00Z")
    assert [end_of(text) for text in texts] == [
        "1 March 2026",
        "the end of 2025",
        "the end of June 2025",
        "the end of the third quarter of 2025",
        "1 March 2026, 12:00:00 UTC",
    ]


def test_due_dates_and_brief_periods() -> None:
    """Due dates and brief periods."""
    assert due("2030") == "by 2030"
    assert due("2027/2030") == "from 2027 to 2030"
    assert [brief(text) for text in ("2025", "2025-01/2025-09", "2024-11/2025-02")] == [
        "2025",
        "January\u2013September 2025",
        "November 2024 \u2013 February 2025",
    ]

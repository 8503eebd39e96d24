"""The data behind the chronicle of presidents and vice presidents, as the file was published and put right."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

DATA = Path(__file__).parents[1] / "data" / "us-office-holders"
FIRST = "1933-03-04"
"""The day on which the chronicle begins."""

OFFICES = {"prez": "president", "viceprez": "vice-president"}
"""The offices as the data calls them and as the chronicle does."""

PARTIES = {"Democrat": "democratic-party", "Democratic": "democratic-party", "Republican": "republican-party"}


@dataclass(frozen=True, slots=True)
class Term:
    """A row: the person's id and name, the office, and from which day to which, the last one excluded."""

    person: str
    name: str
    type: str
    party: str
    start: str
    end: str
    how: str

    @property
    def office(self) -> str:
        """The office as the chronicle calls it."""
        return OFFICES[self.type]

    @property
    def locator(self) -> str:
        """How the chronicle cites the row."""
        return f"{self.type} {self.person.replace(':', ' ')} from {self.start}"


@dataclass(frozen=True, slots=True)
class Published:
    """A state of the file: when it was published, by which commit, and the terms it had, the latest asserted last."""

    known_at: str
    commit: str
    terms: tuple[Term, ...]

    @property
    def instant(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(self.known_at)


def terms() -> list[Term]:
    """The terms of the chronicle as the newest state of the file has them, in the order of the file."""
    return [term for row in _rows("executive_terms.tsv") if (term := _term(row)).start >= FIRST]


def published() -> Iterator[Published]:
    """Every published state, in order: the revisions replayed."""
    standing: dict[Term, None] = {}
    rows = _rows("executive_revisions.tsv")
    for index, row in enumerate(rows):
        if row["op"] == "assert":
            standing[_term(row)] = None
        else:
            del standing[_term(row)]
        if index + 1 == len(rows) or rows[index + 1]["known_at"] != row["known_at"]:
            yield Published(row["known_at"], row["commit"], tuple(standing))


def days() -> list[str]:
    """The days on which the answer can change since the chronicle began, and the day before each."""
    bounds = {date.fromisoformat(day) for term in terms() for day in (term.start, term.end)}
    bounds |= {date.fromisoformat(FIRST)}
    return sorted({str(day - timedelta(back)) for day in bounds for back in (0, 1)})


def _term(row: dict[str, str]) -> Term:
    return Term(row["person_id"], row["name"], row["type"], row["party"], row["start"], row["end"], row["how"])


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))

"""Which formats there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chronicle.errors import QuestionError, shown
from chronicle.exchange.from_csv import from_csv
from chronicle.exchange.from_timelinejs import from_timelinejs
from chronicle.exchange.from_wikidata import from_wikidata
from chronicle.exchange.intake import Intake
from chronicle.exchange.selection import Export, Selection
from chronicle.exchange.to_atom import to_atom
from chronicle.exchange.to_csv import to_csv
from chronicle.exchange.to_jsonld import to_jsonld
from chronicle.exchange.to_parquet import to_parquet
from chronicle.exchange.to_timelinejs import to_timelinejs


def _to_ics(selection: Selection) -> Export:
    from chronicle.exchange.to_ics import to_ics  # noqa: PLC0415 - icalendar loads slowly, and most commands need none

    return to_ics(selection)


def _from_ics(text: str, intake: Intake) -> None:
    from chronicle.exchange.from_ics import from_ics  # noqa: PLC0415 - as above

    from_ics(text, intake)


JSONL = "jsonl"
"""The one format that is made of records, all of them, and not of the events at a basis."""

EXPORTS: dict[str, Callable[[Selection], Export]] = {
    "csv": to_csv,
    "parquet": to_parquet,
    "timelinejs": to_timelinejs,
    "ics": _to_ics,
    "jsonld": to_jsonld,
    "atom": to_atom,
}

IMPORTS: dict[str, Callable[[str, Intake], None]] = {
    "timelinejs": from_timelinejs,
    "ics": _from_ics,
    "csv": from_csv,
    "wikidata": from_wikidata,
}
"""Each takes the text of a file and an intake for what it finds. Raises InputError for a file that is none of it."""


def check_format(option: str, given: str, known: Iterable[str]) -> None:
    """Raise QuestionError for a format that is not among the known ones."""
    if given not in known:
        raise QuestionError(f"{option}: {shown(given)} is no format: expected one of {', '.join(known)}")

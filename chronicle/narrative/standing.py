"""The state as a table: a row for each value that holds or may hold."""

from __future__ import annotations

from collections.abc import Sequence

from chronicle.narrative import phrase
from chronicle.narrative.markdown import Markdown, table
from chronicle.narrative.naming import Names
from chronicle.narrative.sources import Bibliography
from chronicle.state.answer import StateFact
from chronicle.when import When

COLUMNS = ("Subject", "Attribute", "Value", "Time", "Certainty", "Sources")


def state_table(rows: Sequence[StateFact], names: Names, bibliography: Bibliography) -> Markdown:
    """Blank if there are no rows."""
    if not rows:
        return Markdown("")
    ordered = sorted(rows, key=lambda row: _order(row, names))
    return table(COLUMNS, [_row(row, names, bibliography) for row in ordered])


def _order(row: StateFact, names: Names) -> tuple[str, ...]:
    """By what a reader sees; rows that look alike keep the order of the state."""
    fact = row.fact
    said = names.label(fact.subject), names.attribute(fact.attribute), names.dimensions(fact.dimensions)
    return (*(text.casefold() for text in said), *said)


def _row(row: StateFact, names: Names, bibliography: Bibliography) -> tuple[str | Markdown, ...]:
    fact = row.fact
    attribute = names.attribute(fact.attribute) + names.dimensions(fact.dimensions)
    return (
        names.label(fact.subject),
        attribute,
        names.value(row.value, bare=True) + _due(row),
        _time(row),
        _certainty(row),
        bibliography.mark(row.sources) or "none cited",
    )


def _time(row: StateFact) -> str:
    if row.fact.period is not None:
        return phrase.brief(row.fact.period)
    return phrase.held(row.fact, When.parse(row.event.occurred))


def _due(row: StateFact) -> str:
    due = row.fact.due
    if due is None:
        return ""
    return " (no date given)" if due == "unknown" else f" (due {phrase.due(due)})"


def _certainty(row: StateFact) -> str:
    said = "certain" if row.row.certain else "possible"
    if row.row.may_be_absent:
        said += ", may be absent"
    return f"{said}; foreseen" if row.row.foreseen else said

"""The state as a table: a row for each value that holds or may hold."""

from __future__ import annotations

from collections.abc import Iterable

from chronicle.narrative.document import Run, Sentence, Table
from chronicle.narrative.setting import Setting, Stated
from chronicle.state.answer import StateFact


def state_table(rows: Iterable[StateFact], setting: Setting) -> Table:
    """In the order of what a reader sees; rows that look alike keep the order of the state."""
    language = setting.language
    columns = tuple(language.text(name) for name in ("Subject", "Attribute", "Value", "Time", "Certainty", "Sources"))
    ordered = sorted(rows, key=lambda row: _order(row, setting))
    return Table(columns, tuple(_row(row, setting) for row in ordered))


def _order(row: StateFact, setting: Setting) -> tuple[str, ...]:
    fact, language = row.fact, setting.language
    runs = language.label(fact.subject), language.attribute(fact.attribute)
    said = (*(run.text for run in runs), "".join(run.text for run in language.dimensions(fact.dimensions)))
    return (*(text.casefold() for text in said), *said)


def _row(row: StateFact, setting: Setting) -> tuple[Sentence, ...]:
    fact, language = row.fact, setting.language
    stated = Stated(row.event, row.candidate.ordinal)
    value = setting.value(stated, bare=True)
    if fact.due == "unknown":
        value = language.say("{value} (no date given)", value=value)
    elif fact.due is not None:
        value = language.say("{value} (due {due})", value=value, due=language.due(fact.due, stated.ref))
    ref = (stated.ref,)
    return (
        Sentence((language.label(fact.subject),), ref),
        Sentence((language.attribute(fact.attribute), *language.dimensions(fact.dimensions)), ref),
        Sentence(value, ref),
        Sentence(setting.time(stated), ref),
        Sentence((Run(_certainty(row, setting)),), ref),
        setting.sentence((), [stated]),
    )


def _certainty(row: StateFact, setting: Setting) -> str:
    text = setting.language.text
    if row.row.foreseen:
        return text("foreseen") if row.row.certain else text("foreseen, possible")
    if row.row.may_be_absent:
        return text("possible, may be absent")
    return text("certain") if row.row.certain else text("possible")

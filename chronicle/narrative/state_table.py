"""The state as a table: what holds, or may hold, of each subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chronicle.narrative.document import Run, Sentence, Table
from chronicle.narrative.setting import Setting, Stated
from chronicle.state.answer import StateFact


def state_table(rows: Iterable[StateFact], setting: Setting) -> Table:
    """In the order of what a reader sees; values that hold alike by the same sources stand together."""
    text = setting.language.text
    columns = text("Subject"), text("Attribute"), text("Value"), text("Time"), text("Certainty"), text("Sources")
    groups: dict[tuple[object, ...], list[StateFact]] = {}
    for row in sorted(rows, key=lambda row: _order(row, setting)):
        groups.setdefault(_alike(row), []).append(row)
    return Table(columns, tuple(_row(group, setting) for group in groups.values()))


def _order(row: StateFact, setting: Setting) -> tuple[str, ...]:
    """By the labels; rows that look alike keep the order of the state."""
    fact, language = row.fact, setting.language
    runs = language.label(fact.subject), language.attribute(fact.attribute)
    said = (*(run.text for run in runs), "".join(run.text for run in language.dimensions(fact.dimensions)))
    return (*(text.casefold() for text in said), *said)


def _alike(row: StateFact) -> tuple[object, ...]:
    """What rows have in common that are shown as one: all but the value. A value that may not hold stands alone."""
    fact = row.fact
    times = fact.at, fact.from_, fact.until, fact.through, fact.period, fact.due
    own = None if row.row.certain else row.candidate
    dated = row.event.occurred if fact.at is None and fact.from_ is None and fact.period is None else None
    cites = tuple((cite.source, cite.locator) for cite in row.sources)
    key = fact.subject, fact.attribute, tuple(sorted(fact.dimensions.items()))
    return (*key, *times, dated, own, row.row.foreseen, cites)


def _row(rows: Sequence[StateFact], setting: Setting) -> tuple[Sentence, ...]:
    row, language = rows[0], setting.language
    fact = row.fact
    stated = [Stated(one.event, one.candidate.ordinal) for one in rows]
    value = language.listed([setting.value(one, bare=True) for one in stated])
    if fact.due == "unknown":
        value = language.say("{value} (no date given)", value=value)
    elif fact.due is not None:
        value = language.say("{value} (due {due})", value=value, due=language.due(fact.due, stated[0].ref))
    refs = tuple(one.ref for one in stated)
    return (
        Sentence((language.label(fact.subject),), refs),
        Sentence((language.attribute(fact.attribute), *language.dimensions(fact.dimensions)), refs),
        Sentence(value, refs),
        Sentence(setting.time(stated[0]), refs),
        Sentence((Run(certainty(row, setting)),), refs),
        setting.sentence((), stated),
    )


def certainty(row: StateFact, setting: Setting) -> str:
    """How sure a row is, in words."""
    text = setting.language.text
    if row.row.foreseen:
        return text("foreseen") if row.row.certain else text("foreseen, possible")
    if row.row.may_be_absent:
        return text("possible, may be absent")
    return text("certain") if row.row.certain else text("possible")

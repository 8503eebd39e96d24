"""The profile of one entity: what it took part in, what holds of it, and whom it is named with."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from chronicle.event.narrowing import named
from chronicle.event.value import EntityValue
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Block, Paragraph, Section, Sentence, Table
from chronicle.narrative.kinds import prose
from chronicle.narrative.setting import Setting, Stated
from chronicle.narrative.state_table import state_table
from chronicle.state.answer import StateFact

_MOST_TIES = 12


def sections(
    entity: str, told: Sequence[Told], some: Sequence[Told], setting: Setting, *, pictures: bool
) -> Iterator[Section]:
    """The sections; `some` are the events that name the entity, of all that can be told."""
    yield from prose.chapter_sections(told, some, setting, pictures=pictures)
    language = setting.language
    own = [row for row in setting.matter.state if row.fact.subject == entity]
    about = [row for row in setting.matter.state if row.fact.subject != entity and _names(row, entity)]
    title = "".join(run.text for run in language.say("State {as_of:as-of}", as_of=setting.as_of))
    blocks: list[Block] = []
    if own:
        blocks.append(state_table(own, setting))
    if about:
        blocks.append(_captioned(state_table(about, setting), language.text("Said of others")))
    if not blocks:
        runs = language.say("Nothing is recorded as holding {as_of:as-of}.", as_of=setting.as_of)
        blocks.append(Paragraph((Sentence(runs),)))
    yield Section("state", title, tuple(blocks))
    ties = _ties(entity, some, setting.matter.entities)
    if ties:
        yield Section("ties", language.text("Named together with"), (_tie_table(ties, setting),))


def _names(row: StateFact, entity: str) -> bool:
    value = row.fact.value
    return entity in row.fact.dimensions.values() or (isinstance(value, EntityValue) and value.entity == entity)


def _captioned(table: Table, caption: str) -> Table:
    return Table(table.columns, table.rows, caption, table.numeric)


def _ties(entity: str, told: Sequence[Told], known: Container[str]) -> list[tuple[str, list[Told]]]:
    """The other entities of the events, those of most events first."""
    found: dict[str, list[Told]] = {}
    for one in told:
        if one.has_happened:
            for name in dict.fromkeys(named(one.event)):
                if name != entity and name in known:
                    found.setdefault(name, []).append(one)
    return sorted(found.items(), key=lambda tie: (-len(tie[1]), tie[0]))[:_MOST_TIES]


def _tie_table(ties: Sequence[tuple[str, list[Told]]], setting: Setting) -> Table:
    language = setting.language
    rows = []
    for name, events in ties:
        stated = [Stated(one.event) for one in events]
        refs = tuple(one.ref for one in stated)
        dates = [language.when(one.when, fact=one.event.id).form("") for one in (events[0], events[-1])]
        rows.append(
            (
                Sentence((language.label(name),), refs),
                Sentence(dates[0], (events[0].event.id,)),
                Sentence(dates[1], (events[-1].event.id,)),
                setting.sentence((), stated),
            )
        )
    text = language.text
    return Table((text("Name"), text("First"), text("Last"), text("Sources")), tuple(rows))

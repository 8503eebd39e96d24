"""The brief: on one page the key figures, what else holds, what happened last and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chronicle.narrative.chapters import Chapter, Told, shown
from chronicle.narrative.details import Details
from chronicle.narrative.document import Block, Paragraph, Section, Sentence, Table
from chronicle.narrative.entries import Teller
from chronicle.narrative.headings import begun
from chronicle.narrative.pieces import Piece, is_aim, is_numeric, values_held
from chronicle.narrative.setting import Setting, Stated
from chronicle.state.answer import StateFact
from chronicle.state.occurrence import Status
from chronicle.when import When

_MOST_FIGURES = 12
_MOST_LINES = 12
_LAST = 4
_NEXT = 6


def sections(told: Sequence[Told], setting: Setting) -> Iterator[Section]:
    """Sections with something to say, and one that says that there is nothing."""
    text = setting.language.text
    teller = Teller(setting, told)
    rows = setting.matter.state
    figures = [row for row in rows if is_numeric(row.fact) and not is_aim(row.fact, setting)]
    words = [row for row in rows if not is_numeric(row.fact) and not is_aim(row.fact, setting)]
    if figures:
        yield Section("figures", text("Key figures"), _figures(figures, setting))
    if words:
        yield Section("state", text("What holds"), _words(words, setting))
    some = shown(told, setting.matter)
    happened = [one for one in some if one.status in (Status.HAPPENED, Status.ONGOING)]
    if happened:
        latest = sorted(happened, key=_recency)[-_LAST:]
        teller.begin(Chapter("undated", "", None, tuple(latest)))
        yield Section(
            "last", text("What happened last"), tuple(teller.short(one, dated=True) for one in reversed(latest))
        )
    ahead = tuple(_ahead(some, teller, setting))
    if ahead:
        yield Section("next", text("What comes next"), ahead)
    if not rows and not happened and not ahead:
        runs = setting.language.say(
            "Nothing is recorded as having happened, or as planned, {as_of:by}.", as_of=setting.as_of
        )
        yield Section("state", text("What holds"), (Paragraph((Sentence(runs),)),))


def _figures(rows: Sequence[StateFact], setting: Setting) -> tuple[Block, ...]:
    """The latest figures by subject, in the order in which the glossary declares what they are of."""
    text = setting.language.text
    order = {name: place for place, name in enumerate(setting.matter.attributes)}
    latest = sorted(rows, key=lambda row: row.candidate.from_lo)[-_MOST_FIGURES:]
    latest.sort(key=lambda row: (order.get(row.fact.attribute, len(order)), row.fact.attribute))
    by_subject: dict[str, list[StateFact]] = {}
    for row in latest:
        by_subject.setdefault(row.fact.subject, []).append(row)
    columns = (text("Figure"), text("Value"), text("Time"), text("Sources"))
    tables = [
        Table(columns, tuple(_figure(row, setting) for row in found), setting.language.label(subject).text, (1,))
        for subject, found in by_subject.items()
    ]
    return (*tables, *_more(len(rows) - len(latest), setting))


def _figure(row: StateFact, setting: Setting) -> tuple[Sentence, ...]:
    fact, language = row.fact, setting.language
    stated = Stated(row.event, row.candidate.ordinal)
    what = begun(language.attribute(fact.attribute), language)
    return (
        Sentence((what, *language.dimensions(fact.dimensions)), (stated.ref,)),
        Sentence(setting.value(stated, attribute=True), (stated.ref,)),
        Sentence(setting.time(stated), (stated.ref,)),
        setting.sentence((), [stated]),
    )


def _words(rows: Sequence[StateFact], setting: Setting) -> tuple[Block, ...]:
    """A line for each subject and attribute, those of the latest change."""
    groups: dict[tuple[object, ...], list[StateFact]] = {}
    for row in rows:
        key = row.fact.subject, row.fact.attribute, tuple(sorted(row.fact.dimensions.items()))
        groups.setdefault(key, []).append(row)
    latest = sorted(groups.values(), key=lambda group: max(row.candidate.from_lo for row in group))[-_MOST_LINES:]
    lines = [group for group in groups.values() if any(group is one for one in latest)]
    shown = tuple(_line(group, setting) for group in lines)
    text = setting.language.text
    columns = (text("Subject"), text("Attribute"), text("Value"), text("Sources"))
    return (Table(columns, shown), *_more(len(groups) - len(lines), setting))


def _line(group: Sequence[StateFact], setting: Setting) -> tuple[Sentence, ...]:
    fact, language = group[0].fact, setting.language
    stated = [Stated(row.event, row.candidate.ordinal) for row in group]
    refs = tuple(one.ref for one in stated)
    values = [(setting.value(one, bare=True), row.row.certain) for one, row in zip(stated, group, strict=True)]
    said = values_held(values, language, many=any(row.row.key.value for row in group))
    return (
        Sentence((language.label(fact.subject),), refs),
        Sentence((language.attribute(fact.attribute), *language.dimensions(fact.dimensions)), refs),
        Sentence(said, refs),
        setting.sentence((), stated),
    )


def _more(count: int, setting: Setting) -> tuple[Block, ...]:
    if count <= 0:
        return ()
    return (Paragraph((Sentence(setting.language.say("What changed earlier is not shown here.")),)),)


def _recency(one: Told) -> tuple[bool, int, int]:
    """By the end of what is known of the date; of equal ends the surer date comes later."""
    hi, lo = one.when.strict_hi, one.when.strict_lo
    return hi is not None, hi or 0, lo if lo is not None else -(2**63)


def _ahead(told: Sequence[Told], teller: Teller, setting: Setting) -> Iterator[Block]:
    """Planned events by date, then aims: overdue, dated and undated."""
    planned = [one for one in told if one.status is Status.PLANNED][:_NEXT]
    teller.begin(Chapter("undated", "", None, tuple(planned)))
    yield from (teller.short(one) for one in planned)
    aims = [row for row in setting.matter.state if is_aim(row.fact, setting)]
    by_event: dict[str, list[Piece]] = {}
    for row in sorted(aims, key=_due):
        by_event.setdefault(row.event.id, []).append(Piece(Stated(row.event, row.candidate.ordinal), "done"))
    for one in told:
        if one.event.id in by_event:
            details = Details(setting, one, None, teller.outcome(one))
            yield Paragraph(tuple(details.lines(by_event[one.event.id], "")))


def _due(row: StateFact) -> tuple[bool, int]:
    due = row.fact.due
    hi = None if due is None or due == "unknown" else When.parse(due).hi
    return hi is None, hi or 0

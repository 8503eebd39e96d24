"""An event's facts as told: figures in sentences, everything else in lists under when it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chronicle.event.model import Citation, Fact
from chronicle.event.span import span_of
from chronicle.narrative import phrase
from chronicle.narrative.naming import Names, begun, capital, distinct, is_numeric, listed, possessive
from chronicle.narrative.outline import Standing, Told
from chronicle.narrative.passage import Listing, Sentence, cites_of
from chronicle.state.occurrence import reported_by
from chronicle.when import When


@dataclass(frozen=True, slots=True)
class Setting:
    """What telling facts needs besides them: names, the last second, and how its date is said."""

    names: Names
    last_second: int
    as_of: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A fact with how it stands and when it holds."""

    fact: Fact
    standing: Standing
    time: str
    stated: str
    cites: tuple[Citation, ...]


def pieces(told: Told, setting: Setting, spare: Iterable[int] = ()) -> list[Piece]:
    """The facts that may be told as of the date, but for those told already (`spare`, by their order)."""
    skip = set(spare)
    found = []
    for index, fact in enumerate(told.event.facts):
        standing = _standing(told, fact, setting.last_second)
        if index not in skip and standing is not Standing.UNTOLD:
            time = "" if fact.period is not None else phrase.held(fact, told.when)
            stated = phrase.lowered(phrase.opening(told.when)) if fact.at is None and fact.from_ is None else time
            found.append(Piece(fact, standing, time, stated, cites_of(told.event, fact)))
    return found


def _standing(told: Told, fact: Fact, last_second: int) -> Standing:
    span = span_of(fact, told.when)
    if span.from_lo > last_second:
        return Standing.PLANNED if told.known else Standing.UNTOLD
    if fact.period is not None and reported_by(told.record, span.from_lo - 1) and told.record.reported is not None:
        return Standing.PLANNED
    return Standing.DONE if span.from_hi <= last_second + 1 else Standing.POSSIBLE


def figures(parts: Sequence[Piece], setting: Setting, year: int | None, speaker: str) -> list[Sentence]:
    """A sentence for figures that share subject, period and sources: imports came to $1.49 billion, exports to …."""
    groups: dict[tuple[object, ...], list[Piece]] = {}
    for part in parts:
        if part.fact.period is not None and is_numeric(part.fact.value) and part.fact.holds:
            dims = tuple(sorted(part.fact.dimensions.items()))
            key = part.fact.period, part.standing, part.fact.subject, dims, _cite_key(part.cites)
            groups.setdefault(key, []).append(part)
    said, before = [], None
    for group in groups.values():
        same = group[0].fact.period == before
        said.append(Sentence(_period_text(group, setting, year, speaker, same=same), group[0].cites))
        before = group[0].fact.period
    return said


def _period_text(group: Sequence[Piece], setting: Setting, year: int | None, speaker: str, *, same: bool) -> str:
    names, first = setting.names, group[0].fact
    assert first.period is not None
    when = "In the same period" if same else phrase.period(When.parse(first.period), year) or "Over the year"
    forecast = group[0].standing is Standing.PLANNED
    link = "at" if forecast else "to"
    amounts = []
    for index, part in enumerate(group):
        assert part.fact.value is not None
        label = names.attribute(part.fact.attribute)
        value = names.value(part.fact.value, attribute=part.fact.attribute)
        verb = f" {'' if forecast else 'came '}{link} " if index == 0 or forecast else f" {link} "
        amounts.append(f"{label}{verb}{value}")
    owner = possessive(names.name(first.subject))
    put = f"a forecast puts {owner} " if forecast else f"{owner} "
    opening = [when, _circumstance(first.dimensions, names), f"according to {speaker}" if speaker else ""]
    if forecast:
        opening[0] = f"For the period {phrase.brief(first.period)}"
    return f"{', '.join(filter(None, opening))}, {put}{listed(amounts)}."


def stocks(parts: Sequence[Piece], setting: Setting, speaker: str) -> list[Sentence]:
    """A sentence for each figure without a period: it stood at 16 on 24 February 2026."""
    said = []
    for part in parts:
        fact = part.fact
        if not _is_stock(part, setting.names):
            continue
        assert fact.value is not None
        opening = [f"for {setting.names.name(fact.subject)}", _circumstance(fact.dimensions, setting.names)]
        opening += [f"according to {speaker}" if speaker else ""]
        verb = {
            Standing.DONE: "stood at",
            Standing.POSSIBLE: "may have stood at",
            Standing.PLANNED: "is expected to stand at",
        }[part.standing]
        value = setting.names.value(fact.value, attribute=fact.attribute)
        label = setting.names.attribute(fact.attribute)
        text = f"{', '.join(filter(None, opening))}, {label} {verb} {value} {part.time}."
        said.append(Sentence(capital(text), part.cites))
    return said


def listings(parts: Sequence[Piece], setting: Setting, speaker: str, settled: dict[str, str]) -> list[Listing]:
    """Words, entities and aims, by when they hold. `settled` says of a due date that has passed what came of it."""
    groups: dict[tuple[str, ...], list[Piece]] = {}
    for part in parts:
        numeric = is_numeric(part.fact.value) and part.fact.holds and part.fact.period is not None
        if numeric or _is_stock(part, setting.names):
            continue
        key = part.standing.value, part.fact.period or part.time, _aim(part, setting.names), part.fact.due or ""
        groups.setdefault(key, []).append(part)
    found = []
    for group in groups.values():
        subjects = {part.fact.subject for part in group}
        alone = group[0].fact.subject if len(subjects) == 1 else None
        items = _items(group, setting.names, alone)
        lead = _lead(group[0], setting, alone, settled, many=len(group) > 1)
        found.append(Listing(f"{lead}, according to {speaker}:" if speaker else f"{lead}:", tuple(items)))
    return found


def _items(group: Sequence[Piece], names: Names, alone: str | None) -> list[Sentence]:
    lines: dict[tuple[object, ...], list[Piece]] = {}
    for part in group:
        fact = part.fact
        key = fact.subject, fact.attribute, tuple(sorted(fact.dimensions.items())), fact.holds, _cite_key(part.cites)
        lines.setdefault(key, []).append(part)
    items = []
    for line in lines.values():
        fact = line[0].fact
        label = names.attribute(fact.attribute) + names.dimensions(fact.dimensions)
        said = listed(distinct(_value(part.fact, names) for part in line))
        head = capital(label) if alone is not None else f"{begun(names.name(fact.subject))}, {label}"
        items.append(Sentence(f"{head}: {said}.", line[0].cites))
    return items


def _value(fact: Fact, names: Names) -> str:
    if fact.value is None:
        return "none"
    said = names.value(fact.value, attribute=fact.attribute)
    return said if fact.holds else f"not {said}"


def _lead(part: Piece, setting: Setting, alone: str | None, settled: dict[str, str], *, many: bool) -> str:
    who = f" for {setting.names.name(alone)}" if alone is not None else ""
    if part.fact.due is not None or setting.names.is_target(part.fact.attribute):
        aims = "aims" if many else "aim"
        return f"The {aims}{who} as stated {part.stated}{_due(part, setting, settled, many=many)}"
    if part.fact.period is not None:
        when = phrase.period(When.parse(part.fact.period))
        verb = {Standing.DONE: "this held", Standing.POSSIBLE: "this may have held"}
        return f"{when} {verb.get(part.standing, 'this is expected')}{who}"
    match part.standing:
        case Standing.DONE:
            return f"{capital(_since(part))}{',' if who else ''}{who}"
        case Standing.POSSIBLE:
            return f"Possibly by {setting.as_of}{',' if who else ''}{who} ({part.time})"
    return f"Planned{who}, {part.time}"


def _since(part: Piece) -> str:
    """`as of 24 February 2026` for what was observed then, `from 1994` for what began then."""
    return part.time if part.fact.at is None else re.sub(r"^(?:on|in) ", "as of ", part.time)


def _due(part: Piece, setting: Setting, settled: dict[str, str], *, many: bool) -> str:
    due = part.fact.due
    if due is None:
        return ""
    if due == "unknown":
        return f"; no date is given for {'them' if many else 'it'}"
    when = When.parse(due)
    if when.hi is not None and when.hi <= setting.last_second + 1:
        outcome = settled.get("outcome") or f"no completion is recorded as of {setting.as_of}"
        return f"; {'they were' if many else 'it was'} due {phrase.due(due)}, and {outcome}"
    return f", to be reached {phrase.due(due)}"


def _aim(part: Piece, names: Names) -> str:
    return "aim" if part.fact.due is not None or names.is_target(part.fact.attribute) else ""


def _is_stock(part: Piece, names: Names) -> bool:
    fact = part.fact
    return fact.holds and fact.period is None and is_numeric(fact.value) and not _aim(part, names)


def _circumstance(dimensions: dict[str, str], names: Names) -> str:
    if all(names.is_entity(value) for value in dimensions.values()):
        return names.circumstance(dimensions)
    return names.dimensions(dimensions).strip(" ()")


def _cite_key(cites: Sequence[Citation]) -> tuple[tuple[str, str | None, str | None], ...]:
    return tuple((one.source, one.locator, one.quote) for one in cites)

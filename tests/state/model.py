"""The oracle's own log: which versions a question sees, when they were reported, and what their facts compete for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.state.histories import AFTER, BEFORE, PARTS, Append, Days, FactPlan, SourcePlan, Version
from tests.state.worlds import NEVER, Claim, answer

Row = tuple[object, ...]


@dataclass(frozen=True)
class Entry:
    """A record of the oracle's log."""

    position: int
    day: int
    id: str
    plan: Any


def log_of(appends: list[Append]) -> list[Entry]:
    """The records that a history leaves: what the latest versions of an id already say is not said again."""
    stored: dict[str, list[Any]] = defaultdict(list)
    entries: list[Entry] = []
    for day, documents in appends:
        runs: dict[str, list[Any]] = defaultdict(list)
        for plan in documents:
            runs[_name(plan)].append(_document(plan))
        there = {
            name: max(
                m for m in range(len(run) + 1) if m <= len(stored[name]) and run[:m] == stored[name][-m or None :][:m]
            )
            for name, run in runs.items()
        }
        for plan in documents:
            name = _name(plan)
            there[name] -= 1
            if there[name] >= 0 or (stored[name] and stored[name][-1] == _document(plan)):
                continue
            stored[name].append(_document(plan))
            entries.append(Entry(len(entries) + 1, day, name, plan))
    return entries


def _document(plan: Any) -> dict[str, Any]:
    document = plan if isinstance(plan, dict) else plan.document
    return {name: item for name, item in document.items() if item not in ([], {})}


def _name(plan: Any) -> str:
    document = _document(plan)
    return f"{document.get('kind', 'event')} {document['id']}"


def state(log: list[Entry], position: int, known: int | None, day: int, *, by_report: bool | None) -> set[Row]:
    """Every row of the state at the end of a day: key, value, certain, absent, and the version and fact that win."""
    log = [entry for entry in log if entry.position <= position]
    dates = {entry.plan.document["id"]: entry.plan.published for entry in log if isinstance(entry.plan, SourcePlan)}
    declared = {entry.plan["id"]: entry.plan for entry in log if isinstance(entry.plan, dict)}
    keys: dict[Row, list[tuple[Claim, Row]]] = defaultdict(list)
    for first, entry, reported in _effective(log, dates, known):
        for order, plan in enumerate(entry.plan.facts):
            attribute = declared.get(plan.document["attribute"], {})
            key = _key(plan, many=attribute.get("cardinality") == "many")
            keys[key].append((_claim(entry, plan, first, order, reported), (entry.position, order)))

    rows: set[Row] = set()
    x = day * PARTS + PARTS - 1
    for key, claims in keys.items():
        attribute = declared.get(str(key[0]), {})
        reports_win = attribute.get("resolution") == "latest-reported" if by_report is None else by_report
        winners, absent = answer([claim for claim, _ in claims], x, by_report=reports_win)
        certain = len(winners) == 1 and not absent
        where = dict(claims)
        rows |= {(*key, value, certain, absent, *where[claim]) for value, claim in winners.items()}
    return rows


def _effective(log: list[Entry], dates: dict[str, int | None], known: int | None) -> Iterator[tuple[int, Entry, float]]:
    """For each event its effective version, with the position of its first and when it was reported."""
    chains: dict[str, list[Entry]] = defaultdict(list)
    for entry in log:
        if isinstance(entry.plan, Version):
            chains[entry.id].append(entry)
    for chain in chains.values():
        effective = None
        before: frozenset[str] = frozenset()
        reported, visible = float("-inf"), None
        for entry in chain:
            fresh = [day for source in entry.plan.sources - before if (day := dates.get(source)) is not None]
            if fresh:
                reported, visible = float(min(fresh)), min(fresh)
            elif visible is None:
                visible = entry.day
            before = entry.plan.sources
            if known is None or visible <= known:
                effective = (chain[0].position, entry, reported)
        if effective is not None and not effective[1].plan.retracted:
            yield effective


def _key(plan: FactPlan, *, many: bool) -> Row:
    document = plan.document
    shape = "" if plan.period is None else f"P{plan.period[1] - plan.period[0] + 1}D"
    return document["attribute"], "dimensions" in document, shape, document.get("value") if many else None


def _claim(entry: Entry, plan: FactPlan, first: int, order: int, reported: float) -> Claim:
    version: Version = entry.plan
    assert version.occurred is not None
    begin = plan.starts or version.occurred
    if plan.period is not None:
        starts: tuple[int, ...] = ((plan.period[1] + 1) * PARTS - 1,)
    elif begin.text == "..":
        starts = (begin.lo * PARTS,)
    else:
        hi = version.occurred_end if begin.text == "unknown" else begin.hi
        starts = tuple(range(begin.lo * PARTS, hi * PARTS))
    return Claim(
        starts=starts,
        ends=_ends(plan.ends),
        at_most_a_day=len(starts) <= PARTS,
        event=entry.id,
        reported=reported,
        first=first,
        order=order,
        value=None if plan.document.get("holds") is False else plan.document["value"],
    )


def _ends(ends: Days | None) -> tuple[int, ...]:
    if ends is None:
        return (NEVER,)
    if ends.text == "unknown":
        return (*range(BEFORE * PARTS, AFTER * PARTS), NEVER)
    if ends.text == "through":
        return (ends.lo * PARTS,)
    return tuple(range(ends.lo * PARTS, ends.hi * PARTS))

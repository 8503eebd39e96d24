"""Commands that look along the line of time: history, diff, events, conflicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, groupby
from typing import Annotated, Any

import typer

from chronicle.cli.complete import names
from chronicle.cli.options import (
    AsOf,
    Attribute,
    Chronicle,
    Db,
    Dimension,
    Json,
    Known,
    Position,
    Recorded,
    Resolution,
    Subject,
    Zone,
)
from chronicle.cli.output import print_json, print_json_line_of_rows, print_json_rows, print_note, print_table
from chronicle.cli.told import basis_line, certainty_cell, held_cell, key_cells, value_cell
from chronicle.errors import shown
from chronicle.paging import fixed, pages
from chronicle.parameters import basis_of, dimensions_of
from chronicle.service import Archive
from chronicle.state.conflicts import Conflict
from chronicle.state.held import Held, HeldSegment, Histories, key_text
from chronicle.state.page import Turn
from chronicle.when.calendar import DAY_SECONDS, day_text

_LOST_BY = {
    "from": "began earlier",
    "reported": "reported earlier",
    "recorded": "recorded earlier",
    "order": "stands earlier in its event",
}


def history(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", autocompletion=names("subject"), help="The subject of the facts.")
    ],
    attribute: Annotated[
        str, typer.Argument(metavar="ATTRIBUTE", autocompletion=names("attribute"), help="What is said of it.")
    ],
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    dimension: Dimension = None,
    resolution: Resolution = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Tell what held over time; without --as-of to the end of time, plans included.

    The table says what held at the end of each day, --json what held at any second. With --json, several keys give
    one JSON object a line.

    Example: chronicle history azerbaijan oil-partnership
    """
    with Archive.open(db, create=False) as archive:
        asked: dict[str, Any] = {
            "as_of": as_of,
            "known": known,
            "recorded": recorded,
            "position": position,
            "zone": zone,
            "resolution": resolution,
            "chronicle": chronicle,
            "dimensions": dimensions_of(dimension),
        }
        ask = partial(archive.history, subject, attribute, **asked)
        more = pages(ask)
        first = next(more)
        rows = ((one.key, segment) for page in chain([first], more) for one in page for segment in one.segments)
        found = groupby(rows, key=lambda row: row[0])
        if json:
            _print_histories(first, found, ask)
            return
        doubts = [] if len(first) else archive.doubts(chronicle=chronicle, subject=subject, attribute=attribute)
        print(basis_line(first.basis))
        if not len(first):
            print(f"nothing was ever stated of {shown(subject)} {shown(attribute)}")
        for doubt in doubts:
            print_note(doubt)
        for key, group in found:
            print(f"\n{key_text(key)}")
            print_table(("from", "to", "value", "certainty", "events"), _days(segment for _, segment in group))


def _print_histories(
    first: Histories,
    found: Iterable[tuple[dict[str, object], Iterable[tuple[Any, HeldSegment]]]],
    ask: Callable[..., Histories],
) -> None:
    """Histories as JSON, given the first page of them; each segment is written before the next page is asked for."""
    several = _are_several(first, partial(ask, **fixed(first.basis), limit=1))
    tell = print_json_line_of_rows if several else print_json_rows
    for key, group in found:
        tell({"basis": first.basis.as_json(), "key": key}, "segments", (segment.as_json() for _, segment in group))
    if not len(first):
        print_json(first.as_json())


def _are_several(first: Histories, ask: Callable[..., Histories]) -> bool:
    """Whether there are histories of several keys, of which there is the first page."""
    if len(first) > 1 or first.next is None:
        return len(first) > 1
    return first.only.key != ask(after=first.next).only.key or len(ask(after=Turn.parse(first.next).behind.text)) > 0


def diff(
    before: Annotated[str, typer.Argument(metavar="BASIS", help="A date, or bounds: known=2026-02,as_of=2025.")],
    after: Annotated[str, typer.Argument(metavar="BASIS", help="Likewise; what it leaves out, the options say.")],
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    subject: Subject = None,
    attribute: Attribute = None,
    dimension: Dimension = None,
    resolution: Resolution = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Tell what differs between two states, and which events caused it.

    Two dates tell what changed; two known, recorded or position over one date what was learned.

    Example: chronicle diff known=2026-02-23 known=2026-02-24 --as-of 2025
    """
    with Archive.open(db, create=False) as archive:
        found = pages(
            archive.diff,
            basis_of(before),
            basis_of(after),
            as_of=as_of,
            known=known,
            recorded=recorded,
            position=position,
            zone=zone,
            resolution=resolution,
            chronicle=chronicle,
            subject=subject,
            attribute=attribute,
            dimensions=dimensions_of(dimension),
        )
        first = next(found)
        changes = (one for page in chain([first], found) for one in page.changes)
        if json:
            bases = {"from": first.before.as_json(), "to": first.after.as_json()}
            print_json_rows(bases, "changes", (one.as_json() for one in changes))
            return
        rows = [
            (*key_cells(one.key), one.kind, _held(one.before), _held(one.after), ", ".join(one.caused_by))
            for one in changes
        ]
    print(f"from: {basis_line(first.before)}")
    print(f"to:   {basis_line(first.after)}")
    if rows:
        print_table(("subject", "attribute", "change", "before", "after", "caused by"), rows)
    else:
        print("nothing differs")


def events(
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    type: Annotated[  # noqa: A002
        str | None, typer.Option("--type", metavar="TYPE", help="Only events of this type, or of those below it.")
    ] = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """List events in order of occurrence: happened, may-have-happened, ongoing, planned, overdue.

    What is later than --as-of and had not been reported by then is left out.

    Example: chronicle events --as-of 2026-03-01 --type plan
    """
    with Archive.open(db, create=False) as archive:
        found = pages(
            archive.events,
            as_of=as_of,
            known=known,
            recorded=recorded,
            position=position,
            zone=zone,
            chronicle=chronicle,
            type=type,
        )
        first = next(found)
        told = (one for page in chain([first], found) for one in page.events)
        if json:
            print_json_rows({"basis": first.basis.as_json()}, "events", (one.as_json() for one in told))
            return
        rows = [
            (one.event.occurred, one.status + (f" since {one.due}" if one.due else ""), one.event.id, one.event.title)
            for one in told
        ]
    print(basis_line(first.basis))
    if rows:
        print_table(("occurred", "status", "event", "title"), rows)
    else:
        print("no event")


def conflicts(
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    subject: Subject = None,
    attribute: Attribute = None,
    dimension: Dimension = None,
    resolution: Resolution = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """List claims that cover a date but lost, each beside the claim that won, with their sources.

    A value without an end that a later one replaced is such a claim too: it is listed as `began earlier`.

    Example: chronicle conflicts --as-of 2025-12-31
    """
    with Archive.open(db, create=False) as archive:
        found = pages(
            archive.conflicts,
            as_of=as_of,
            known=known,
            recorded=recorded,
            position=position,
            zone=zone,
            resolution=resolution,
            chronicle=chronicle,
            subject=subject,
            attribute=attribute,
            dimensions=dimensions_of(dimension),
        )
        first = next(found)
        told = (one for page in chain([first], found) for one in page.conflicts)
        if json:
            print_json_rows({"basis": first.basis.as_json()}, "conflicts", (one.as_json() for one in told))
            return
        print(basis_line(first.basis))
        if not first.conflicts:
            print("no claim lost")
        for one in told:
            print(f"\n{key_text(one.key)}")
            print_table(("", "value", "from", "reported", "event", "sources"), _claims(one))


def _days(segments: Iterable[HeldSegment]) -> list[tuple[str, ...]]:
    """What held at the end of each day: the first and the last such day; blank where there is none."""
    rows: list[tuple[str, ...]] = []
    for one in segments:
        first = None if one.start is None else one.start // DAY_SECONDS
        last = None if one.end is None else one.end // DAY_SECONDS - 1
        if first is None or last is None or first <= last:
            rows.append(
                (
                    "" if first is None else day_text(first),
                    "" if last is None else day_text(last),
                    held_cell(one.held),
                    certainty_cell(certain=one.held.certain, may_be_absent=one.held.may_be_absent),
                    ", ".join(one.held.events),
                )
            )
    return rows


def _held(held: Held | None) -> str:
    if held is None or held.certain:
        return held_cell(held)
    return f"{held_cell(held)} ({certainty_cell(certain=False, may_be_absent=held.may_be_absent)})"


def _claims(conflict: Conflict) -> list[tuple[str, ...]]:
    lost = [(f"{_LOST_BY[by]}{', may be right' if may_win else ''}", claim) for claim, by, may_win in conflict.losers]
    return [
        (
            place,
            value_cell(claim.value),
            claim.began if claim.fact.period is None else f"in {claim.fact.period}",
            claim.reported or "",
            claim.event.id,
            "; ".join(f"{one.source}{f' ({one.locator})' if one.locator else ''}" for one in claim.sources),
        )
        for place, claim in [("won", conflict.winner), *lost]
    ]

"""The commands `chronicle projections …`: projections as of a date, and the tables that follow the log."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from typing import Annotated, Any

import typer

from chronicle.cli.following import Work, follow_log, start_of
from chronicle.cli.metrics import LOOPBACK, check_installed, exposition, served
from chronicle.cli.named import projection_named
from chronicle.cli.options import AsOf, Db, Json, Known, Position, Recorded, Zone
from chronicle.cli.output import print_json, print_json_line, print_note, print_table, progress_bar
from chronicle.cli.pager import paged
from chronicle.cli.told import basis_line
from chronicle.errors import QuestionError, near, shown
from chronicle.projection.projection import Projection
from chronicle.projection.replay import Projected
from chronicle.projection.shipped import SHIPPED
from chronicle.projection.standing import Standing
from chronicle.running import Tables
from chronicle.service import Archive
from chronicle.state.answer import recorded_text

projections = typer.Typer(
    help="What events add up to, as of a date and in tables.\n\nExample: chronicle projections list",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Named = Annotated[
    str,
    typer.Argument(metavar="NAME", help="One of `list`, or a class of your own: FILE.py:CLASS or MODULE:CLASS."),
]
Into = Annotated[
    str | None,
    typer.Option("--into", metavar="URL", help="The database of the tables. [that of the archive]"),
]
MOST_TOLD = 20
"""Parked events that are told one by one; --json has all."""


@projections.command("list")
def list_(*, into: Into = None, db: Db = None, json: Json = False) -> None:
    """List the projections that come with Chronicle, and the tables that are there.

    Example: chronicle projections list
    """
    with _tables(db, into) as tables:
        there = {one.name: one for one in tables.standings() if one.status == "live"}
    rows = [(name, SHIPPED.get(name), there.get(name)) for name in sorted({*SHIPPED, *there})]
    if json:
        print_json({"projections": [_listed(*row) for row in rows]})
        return
    cells = [(name, _about(projection) or "", _has(table)) for name, projection, table in rows]
    print_table(("name", "what", "table"), cells)


@projections.command()
@paged
def show(
    name: Named,
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    sealed: Annotated[
        str | None,
        typer.Option("--sealed", metavar="DIR", help="Ask the segments that `chronicle seal DIR` has written."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="With --sealed: replay the log too; both must give the same.")
    ] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Show what a projection makes of the events that occurred by a date.

    Example: chronicle projections show trade_balance --as-of 2026-03-01
    """
    projection = projection_named(name)
    with Archive.open(db, create=False) as archive:
        answer = archive.project(
            projection,
            sealed=sealed,
            check=check,
            as_of=as_of,
            known=known,
            recorded=recorded,
            position=position,
            zone=zone,
        )
    if json:
        print_json(answer.as_json())
        return
    print(basis_line(answer.basis))
    _print_states(answer)


@projections.command()
def run(
    name: Named,
    *,
    into: Into = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on until interrupted; say how the table stands whenever that changes.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Tell parked events again, after a fix, and cause effects that failed.")
    ] = False,
    metrics: Annotated[
        int | None,
        typer.Option(
            "--metrics", metavar="PORT", help="With --follow: serve Prometheus metrics at 127.0.0.1:PORT/metrics."
        ),
    ] = None,
    db: Db = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of text; with --follow one a line.")
    ] = False,
) -> None:
    """Bring the table of a projection up to the head of the log; a table that is not there yet is made.

    Exits with 1 if events are parked because a handler or an effect failed on them.

    Example: chronicle projections run event_counts --into sqlite:///tables.db
    """
    projection = projection_named(name)
    if metrics is not None:
        if not follow:
            raise QuestionError("--metrics: serves as long as the log is followed, so it goes with --follow")
        check_installed("--metrics")
    with _tables(db, into) as tables, _working(tables, projection, anew=False, port=metrics) as work:
        if follow:
            if retry:
                tables.run(projection, retry=True, tell=work)
            follow_log(tables, projection, work, lambda one: _print_standing(one, work, json=json, line=True))
        standing = tables.run(projection, retry=retry, tell=work)
    _done(standing, work, json=json)


@projections.command()
def rebuild(
    name: Named,
    *,
    workers: Annotated[
        int, typer.Option("--workers", metavar="N", help="Fill the table by so many processes at once.")
    ] = 1,
    sealed: Annotated[
        str | None,
        typer.Option("--sealed", metavar="DIR", help="Fill it from what `chronicle seal DIR` has written, in SQL."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="With --sealed: compare it with a replay too, as one from the log always is."),
    ] = False,
    into: Into = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Make the table again beside the one that is there, compare it with a replay, and switch to it at once.

    Exits with 1 if events are parked because a handler failed on them.

    Example: chronicle projections rebuild event_counts
    """
    projection = projection_named(name)
    with _tables(db, into) as tables, _working(tables, projection, anew=True) as work:
        standing = tables.rebuild(projection, workers=workers, sealed=sealed, check=check, tell=work)
    if sealed is not None and standing.gathered is None and not json:
        print_note(f"{name}: something came after {sealed} was sealed that belongs before its end: made from the log")
    _done(standing, work, json=json)


@projections.command()
def reset(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name of a projection that has a table.")],
    *,
    into: Into = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Remove the table of a projection and what was kept to make it; the log is not touched.

    Example: chronicle projections reset event_counts
    """
    with _tables(db, into) as tables:
        tables.reset(name)
    if json:
        print_json({"removed": name})
    else:
        print(f"{name}: removed")


@projections.command()
def lag(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this one. [all that have a table]")] = None,
    *,
    into: Into = None,
    db: Db = None,
    json: Json = False,
    prometheus: Annotated[
        bool, typer.Option("--prometheus", help="Print the text format of Prometheus, as for a textfile collector.")
    ] = False,
) -> None:
    """Say how far each table is, how fast and how far behind the log, its last error, and what is parked.

    Exits with 1 if events or effects are parked or the last run failed; with --prometheus the metrics say so.

    Example: chronicle projections lag --json
    """
    if prometheus:
        if json:
            raise QuestionError("--prometheus: is a format of its own, so it cannot go with --json")
        check_installed("--prometheus")
    with _tables(db, into) as tables:
        standings = tables.standings()
    if name is not None:
        known = {one.name for one in standings}
        if name not in known:
            raise QuestionError(f"there is no table of the projection {shown(name)} here{near(name, known)}")
        standings = [one for one in standings if one.name == name]
    if prometheus:
        print(exposition(lambda: standings), end="")
        return
    if json:
        print_json({"projections": [one.as_json() for one in standings]})
    elif standings:
        print_table(_LAG, [_lag_cells(one) for one in standings])
        for one in standings:
            _note_parked(one)
    else:
        print("no projection has a table here")
    raise typer.Exit(1 if any(one.parked or one.effects or one.error for one in standings) else 0)


@contextmanager
def _tables(db: str | None, into: str | None) -> Iterator[Tables]:
    with Archive.open(db, create=False) as archive, archive.tables(into) as tables:
        yield tables


@contextmanager
def _working(tables: Tables, projection: type[Projection], *, anew: bool, port: int | None = None) -> Iterator[Work]:
    """What counts the records of a run; with a port, for Prometheus too."""
    with ExitStack() as stack:
        count = None
        if port is not None:
            at, count = stack.enter_context(served(port, tables.standings))
            print_note(f"metrics at http://{LOOPBACK}:{at}/metrics")
        bar = stack.enter_context(progress_bar(projection.name, "records"))
        yield Work(projection.name, start_of(tables, projection, anew=anew), bar, count)


def _done(standing: Standing, work: Work, *, json: bool) -> None:
    _print_standing(standing, work, json=json, line=False)
    if not json:
        work.note()
    raise typer.Exit(1 if standing.parked or standing.effects else 0)


def _print_standing(standing: Standing, work: Work, *, json: bool, line: bool) -> None:
    if json:
        (print_json_line if line else print_json)({**standing.as_json(), "run": work.as_json()})
        return
    count = len(standing.parked) + len(standing.effects)
    parked = f", {count} parked" if count else ""
    print(f"{standing.name}: generation {standing.generation} at position {standing.position}{parked}", flush=True)
    _note_parked(standing)


def _note_parked(standing: Standing) -> None:
    parked = [*standing.parked, *standing.effects]
    for event in parked[:MOST_TOLD]:
        print_note(f"{standing.name}: parked: position {event['position']}: {event['error']}")
    if len(parked) > MOST_TOLD:
        print_note(f"{standing.name}: and {len(parked) - MOST_TOLD} more are parked: --json has all")
    if parked:
        print_note(f"{standing.name}: after a fix, tell them again: chronicle projections run … --retry")


def _print_states(answer: Projected) -> None:
    """Rows where the projection has columns, else states; of both datings where it asks for both."""
    columns = answer.projection.columns
    if not columns:
        certain = answer.before
        headings = ("part", "state") if certain is None else ("part", "state", "certain")
        parts = sorted(answer.states)
        cells = [
            [part, str(answer.states[part]), *([] if certain is None else [str(certain.get(part))])] for part in parts
        ]
        print_table(headings, cells)
        return
    if answer.before is not None:
        print("with what may have occurred by then; --json has what certainly has")
    rows = answer.rows()
    filled = [column for column in columns if any(row[column] is not None for row in rows)]
    if rows:
        print_table(filled, [[_cell(row[column]) for column in filled] for row in rows])
    else:
        print("no rows")


_LAG = ("name", "status", "position", "done", "behind", "seconds", "records/s", "updated", "parked", "error")


def _lag_cells(one: Standing) -> tuple[str, ...]:
    done = f"{math.floor(one.progress * 100)} %"  # so that only what is done says so
    speed = "" if one.records_per_second is None else f"{one.records_per_second:,.0f}"
    updated = recorded_text(one.updated)[:19] + "Z" if one.updated else ""
    numbers = (one.position, done, one.behind, one.seconds, speed, updated, len(one.parked) + len(one.effects))
    return (f"{one.name} v{one.version}", one.status, *map(str, numbers), one.error or "")


def _listed(name: str, projection: type[Projection] | None, table: Standing | None) -> dict[str, object]:
    declared: dict[str, object] = {}
    if projection is not None:
        columns = {column: kind.__name__ for column, kind in projection.columns.items()}
        declared = {"version": projection.version, "dating": projection.dating, "columns": columns}
    about = _about(projection)
    return {"name": name, "about": about, **declared, "table": None if table is None else table.as_json()}


def _has(table: Standing | None) -> str:
    return "" if table is None else f"at position {table.position} of {table.head}"


def _about(projection: type[Projection] | None) -> str | None:
    about = None if projection is None else projection.__doc__
    return None if about is None else about.partition("\n")[0].rstrip(".")


def _cell(item: Any) -> str:
    return "" if item is None else f"{item:f}" if isinstance(item, Decimal) else str(item)

"""The commands `chronicle projections …`: projections as of a date, and the tables that follow the log."""

from __future__ import annotations

import importlib
import importlib.util
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from chronicle.cli.options import AsOf, Db, Json, Known, Position, Recorded, Zone
from chronicle.cli.output import print_json, print_note, print_table, progress_bar
from chronicle.cli.pager import paged
from chronicle.cli.told import basis_line
from chronicle.errors import QuestionError, near, shown
from chronicle.projecting import Standing, Tables
from chronicle.projection.projection import Projection
from chronicle.projection.shipped import SHIPPED
from chronicle.service import Archive

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
SECONDS = 1.0
"""How long `run --follow` waits when there is nothing new."""


@projections.command("list")
def list_(*, into: Into = None, db: Db = None, json: Json = False) -> None:
    """List the projections that come with Chronicle, and the tables that are there.

    Example: chronicle projections list
    """
    with _tables(db, into) as tables:
        there = {one.name: one for one in tables.standings() if one.status == "live"}
    rows = [
        (name, SHIPPED[name].__doc__ if name in SHIPPED else None, there.get(name))
        for name in sorted({*SHIPPED, *there})
    ]
    if json:
        print_json(
            {
                "projections": [
                    {"name": name, "about": _first(about), "table": None if table is None else table.as_json()}
                    for name, about, table in rows
                ]
            }
        )
        return
    print_table(("name", "what", "table"), [(name, _first(about) or "", _has(table)) for name, about, table in rows])


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
    db: Db = None,
    json: Json = False,
) -> None:
    """Show what a projection makes of the events that occurred by a date.

    Example: chronicle projections show trade_balance --as-of 2026-03-01
    """
    projection = projection_named(name)
    with Archive.open(db, create=False) as archive:
        answer = archive.project(projection, as_of=as_of, known=known, recorded=recorded, position=position, zone=zone)
    if json:
        print_json(answer.as_json())
        return
    print(basis_line(answer.basis))
    if not projection.columns:
        print_table(("part", "state"), [(part, str(answer.states[part])) for part in sorted(answer.states)])
        return
    rows = answer.rows()
    filled = [column for column in projection.columns if any(row[column] is not None for row in rows)]
    if rows:
        print_table(filled, [[_cell(row[column]) for column in filled] for row in rows])
    else:
        print("no rows")


@projections.command()
def run(
    name: Named,
    *,
    into: Into = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on until interrupted.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Tell parked events again, after a fix.")] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Bring the table of a projection up to the head of the log; a table that is not there yet is made.

    Example: chronicle projections run event_counts --into sqlite:///tables.db
    """
    projection = projection_named(name)
    with _tables(db, into) as tables, progress_bar(projection.name) as progress:
        standing = tables.run(projection, retry=retry, tell=progress)
        if follow:
            tables.follow(projection, pause=lambda: time.sleep(SECONDS))
    _tell(standing, json=json)


@projections.command()
def rebuild(name: Named, *, into: Into = None, db: Db = None, json: Json = False) -> None:
    """Make the table again beside the one that is there, compare it with a replay, and switch to it at once.

    Example: chronicle projections rebuild event_counts
    """
    projection = projection_named(name)
    with _tables(db, into) as tables, progress_bar(projection.name) as progress:
        standing = tables.rebuild(projection, tell=progress)
    _tell(standing, json=json)


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
def lag(*, into: Into = None, db: Db = None, json: Json = False) -> None:
    """Say how far each table is behind the log, in records and seconds, and what is parked; exits with 1 if some is.

    Example: chronicle projections lag --json
    """
    with _tables(db, into) as tables:
        standings = tables.standings()
    parked = [(one, event) for one in standings for event in one.parked]
    if json:
        print_json({"projections": [one.as_json() for one in standings]})
    elif standings:
        headings = ("name", "version", "status", "position", "behind", "seconds", "parked", "error")
        print_table(
            headings,
            [
                (
                    one.name,
                    str(one.version),
                    one.status,
                    str(one.position),
                    str(one.behind),
                    str(one.seconds),
                    str(len(one.parked)),
                    one.error or "",
                )
                for one in standings
            ],
        )
        for one, event in parked:
            print_note(f"{one.name}: parked: position {event['position']}: {event['error']}")
    else:
        print("no projection has a table here")
    raise typer.Exit(1 if parked else 0)


def projection_named(name: str) -> type[Projection]:
    """A projection that comes with Chronicle, or a class in a file or a module. Raises QuestionError.

    The file or module is run: name only what you trust.
    """
    place, colon, class_name = name.rpartition(":")
    if not colon:
        if name not in SHIPPED:
            known = ", ".join(sorted(SHIPPED))
            raise QuestionError(
                f"there is no projection {shown(name)}: expected one of {known}, or FILE.py:CLASS{near(name, SHIPPED)}"
            )
        return SHIPPED[name]
    module = _module(place)
    found = getattr(module, class_name, None)
    if not (isinstance(found, type) and issubclass(found, Projection) and hasattr(found, "name")):
        raise QuestionError(f"{shown(name)}: {shown(place)} has no projection {shown(class_name)}")
    return found


def _module(place: str) -> Any:
    if not place.endswith(".py"):
        try:
            return importlib.import_module(place)
        except ImportError as error:
            raise QuestionError(f"the module {shown(place)} cannot be imported: {error}") from error
    path = Path(place)
    specification = importlib.util.spec_from_file_location(path.stem, path)
    if specification is None or specification.loader is None or not path.is_file():
        raise QuestionError(f"there is no file {shown(place)}")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@contextmanager
def _tables(db: str | None, into: str | None) -> Iterator[Tables]:
    with Archive.open(db, create=False) as archive, archive.tables(into) as tables:
        yield tables


def _tell(standing: Standing, *, json: bool) -> None:
    if json:
        print_json(standing.as_json())
        return
    parked = f", {len(standing.parked)} parked" if standing.parked else ""
    print(f"{standing.name}: generation {standing.generation} at position {standing.position}{parked}")


def _has(table: Standing | None) -> str:
    return "" if table is None else f"at position {table.position} of {table.head}"


def _first(about: str | None) -> str | None:
    return None if about is None else about.partition("\n")[0].rstrip(".")


def _cell(item: Any) -> str:
    return "" if item is None else f"{item:f}" if isinstance(item, Decimal) else str(item)

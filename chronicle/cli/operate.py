"""Commands for whoever operates an archive: db, backup, restore, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from chronicle.cli import settings
from chronicle.cli.options import Db, Json
from chronicle.cli.output import print_json, print_note, print_table, progress_bar
from chronicle.errors import StoreError
from chronicle.event.condition import Condition
from chronicle.service import Archive

db = typer.Typer(
    help="Bring the tables of an archive up to date.\n\nExample: chronicle db status",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[str, typer.Argument(metavar="FILE", help="A SQLite file.")]


@db.command()
def status(*, db: Db = None, json: Json = False) -> None:
    """Say at which revision the tables are; exits with 1 if they are behind this program.

    Example: chronicle db status
    """
    with Archive.unchecked(db) as archive:
        found = archive.revisions()
    if json:
        print_json({"current": found.current, "needed": found.needed, "pending": found.pending})
    elif found.pending:
        print(f"at {found.current}, this program needs {found.needed}: run chronicle db upgrade")
    else:
        print(f"at {found.current}, the newest this program knows")
    raise typer.Exit(1 if found.pending else 0)


@db.command()
def upgrade(*, db: Db = None, json: Json = False) -> None:
    """Run the migrations that the tables lack, all or none. Make a backup first.

    Example: chronicle db upgrade
    """
    with Archive.unchecked(db) as archive:
        before = archive.upgrade()
    if json:
        print_json({"before": before.current, "current": before.needed, "run": before.pending})
    elif before.pending:
        print(f"upgraded from {before.current} to {before.needed}")
    else:
        print(f"at {before.current}: nothing to do")


def backup(file: File, *, db: Db = None, json: Json = False) -> None:
    """Copy the archive, whatever its database, into a new SQLite file while it is in use, and verify the copy.

    A signed checkpoint goes into FILE.proof; the signing key does not.

    Example: chronicle backup monday.db
    """
    with Archive.open(db, create=False) as archive, progress_bar("copying") as progress:
        verified = archive.backup(file, progress=progress)
    if json:
        print_json({"file": file, **verified.as_json()})
    else:
        print(f"{file}: {verified.size} records, verified")


def restore(
    file: File,
    *,
    keep_epoch: Annotated[
        bool, typer.Option("--keep-epoch", help="Nothing was appended since: let readers go on where they are.")
    ] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Verify a backup and copy it into an empty database of any kind: also the way from SQLite to PostgreSQL.

    A new epoch begins, so that readers who have seen more than the backup has are told.

    Example: chronicle restore monday.db --db sqlite:///chronicle.db
    """
    with progress_bar("copying") as progress:
        verified = Archive.restore(file, db, keep_epoch=keep_epoch, progress=progress)
    if json:
        print_json({"file": file, **verified.as_json()})
        return
    print(f"restored {verified.size} records")
    if not keep_epoch:
        print_note("a new epoch has begun: readers of the log start again")


def doctor(*, db: Db = None, json: Json = False) -> None:
    """Examine the archive, its surroundings and the settings; exits with 1 if something is bad.

    The settings are those of the environment that it runs in: run it in that of the server.

    Example: chronicle doctor
    """
    found: list[Condition] = []
    failed: StoreError | None = None
    said = list(settings.told(db=db))
    try:
        with Archive.unchecked(db) as archive:
            found = list(archive.examine())
    except StoreError as error:
        failed = error  # the settings are told all the same: one of them may be why
    statuses = [*(one.status for one in found), *(one.status for one in said)]
    is_ok = failed is None and "bad" not in statuses
    if json:
        conditions, about = [one._asdict() for one in found], [one.as_json() for one in said]
        print_json({"ok": is_ok, "conditions": conditions, "settings": about})
    else:
        if found:
            print_table(("what", "how", ""), [tuple(one) for one in found])
            print()
        print_table(("setting", "value", "from", "how", ""), [tuple(one) for one in said])
    if failed is not None:
        raise failed
    raise typer.Exit(0 if is_ok else 1)

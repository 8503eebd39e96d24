"""Commands that bring documents in: load, check."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from shutil import copyfileobj
from tempfile import TemporaryFile
from types import TracebackType
from typing import Annotated, Any, Self

import msgspec
import typer

from chronicle.authoring import check as check_paths
from chronicle.authoring import fix as fix_paths
from chronicle.cli.options import Db, Into, Json, Paths
from chronicle.cli.output import harmless, print_json, print_note, progress_bar
from chronicle.errors import ConflictError, NoArchiveError, Problem
from chronicle.event.draft import DocumentId
from chronicle.loading import Loaded, receipt_json
from chronicle.service import Archive

MOST_NAMED = 20


def load(
    paths: Paths,
    *,
    chronicle: Into = None,
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would happen and write nothing."),
    skip_bad: str | None = typer.Option(
        None,
        "--skip-bad",
        metavar="FILE",
        help="Load what is sound, write what is not to FILE, each document with its reasons, and exit with 1 if there "
        "was any. Mend the documents in FILE, or where they came from, and load that.",
    ),
    retract_missing: bool = typer.Option(
        False, "--retract-missing", help="Retract what the log has and its folder no longer has; needs --note."
    ),
    note: str | None = typer.Option(None, "--note", metavar="TEXT", help="Why it is retracted."),
    reinstate: bool = typer.Option(False, "--reinstate", help="Let in documents whose ids are redacted."),
    batch: int | None = typer.Option(
        None,
        "--batch",
        metavar="N",
        min=1,
        help="Append N documents of JSON Lines at a time, each N all or none, so that any number fits memory and what "
        "is cut short goes on. [10000, where the files are large]",
    ),
    db: Db = None,
    json: Json = False,
) -> None:
    """Append what is new or changed in files and folders, all of it or nothing.

    Large files of JSON Lines are appended in batches, once all of them is validated; if that is cut short, the same
    command goes on where it ended.

    Example: chronicle load events
    """
    with (
        Receipts(are_kept=json) as receipts,
        _archive(db, dry_run=dry_run) as archive,
        progress_bar("loading", "documents") as progress,
    ):
        loaded = archive.load(
            *paths,
            chronicle=chronicle,
            dry_run=dry_run,
            retract_missing=retract_missing,
            note=note,
            skip_bad=skip_bad,
            reinstate=reinstate,
            batch=batch,
            each=receipts.add,
            progress=progress,
        )
        if json:
            receipts.print(loaded)
    _notes(loaded.warnings)
    refused = loaded.refused or ()
    for one in refused:
        _notes(one.problems)
    if not json:
        print(_summary(loaded, dry_run=dry_run))
        if retract_missing:
            print(harmless(_retracted(loaded, dry_run=dry_run)))
    if loaded.missing:
        print_note(f"in the log but no longer in the folder: {_listed(_events_first(loaded.missing))}")
    if refused:
        print_note(f"what was refused {'would be' if dry_run else 'is'} in {skip_bad}")
        raise typer.Exit(1)


class Receipts:
    """What has been appended in batches; the receipts that `load --json` prints wait in a temporary file until all is.

    Whatever cuts it short, it tells how far the load has come.
    """

    def __init__(self, *, are_kept: bool) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - closed when this is left
        self._separator = b""
        self._are_kept = are_kept
        self._position = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is not None and self._position and not issubclass(kind, ConflictError):  # which tells it by itself
            print_note(f"cut short: the log is at position {self._position}; the same command goes on from there")

    def add(self, appended: Any) -> None:
        """Take the receipts of a batch."""
        self._position = appended.position
        for receipt in appended.receipts if self._are_kept else ():
            self._file.write(self._separator + msgspec.json.encode(receipt_json(receipt)))
            self._separator = b",\n"

    def print(self, loaded: Loaded) -> None:
        """Print the document: of batches with the receipts that were taken. Then nothing is cut short any more."""
        self._position = 0
        if not self._separator:
            print_json(loaded.as_json())
            return
        before, after = msgspec.json.encode(loaded.as_json()).split(b"[]", 1)  # the receipts come before other lists
        self._file.seek(0)
        sys.stdout.buffer.write(before + b"[\n")
        copyfileobj(self._file, sys.stdout.buffer)
        sys.stdout.buffer.write(b"\n]" + after + b"\n")


def _archive(db: str | None, *, dry_run: bool) -> Archive:
    """The archive to load into. A dry run makes none: where there is none yet it tries on an empty one in memory."""
    if not dry_run:
        return Archive.open(db)
    try:
        return Archive.open(db, create=False)
    except NoArchiveError:
        return Archive.open("sqlite://")


def check(
    paths: Paths,
    *,
    chronicle: Into = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="First put the fields of sound YAML files in order; comments are kept.")
    ] = False,
    json: Json = False,
) -> None:
    """Report every problem of every file, with its place; warnings alone do not fail.

    Example: chronicle check events
    """
    for path in fix_paths(*paths, chronicle=chronicle) if fix else ():
        print_note(f"{path}: put in order")
    problems = check_paths(*paths, chronicle=chronicle)
    errors = sum(problem.is_error for problem in problems)
    if json:
        fields = ("file", "line", "column", "code", "message", "severity")
        print_json({"problems": [{name: getattr(problem, name) for name in fields} for problem in problems]})
    else:
        for problem in problems:
            print(harmless(str(problem)))
        print(f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}")
    raise typer.Exit(1 if errors else 0)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _notes(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        print_note(str(problem))


def _events_first(ids: Iterable[DocumentId]) -> list[str]:
    return [name for _, kind, name in sorted(ids, key=lambda one: one[1] != "event")]


def _listed(names: Iterable[str]) -> str:
    """Names on one line; of very many the first, and how many more there are (--json has all)."""
    named = list(names)
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return ", ".join(named[:MOST_NAMED]) + more


def _summary(loaded: Loaded, *, dry_run: bool) -> str:
    outcomes = loaded.outcomes.copy()
    outcomes.update("refused" for _ in loaded.refused or ())
    counted = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "nothing to load"
    return f"{'would be: ' if dry_run else ''}{counted}; the log is at position {loaded.appended.position}"


def _retracted(loaded: Loaded, *, dry_run: bool) -> str:
    gone = [f"{kind} {name}" for _, kind, name in loaded.retracted]
    return f"{'would be ' if dry_run else ''}retracted, for the folder no longer has it: {', '.join(gone) or 'nothing'}"

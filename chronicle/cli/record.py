"""Commands that bring documents in: load, check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

import typer

from chronicle.authoring import check as check_paths
from chronicle.authoring import fix as fix_paths
from chronicle.cli.options import Db, Into, Json, Paths
from chronicle.cli.output import harmless, print_json, print_note, progress_bar
from chronicle.errors import NoArchiveError, Problem
from chronicle.event.draft import DocumentId
from chronicle.loading import Loaded
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
    db: Db = None,
    json: Json = False,
) -> None:
    """Append what is new or changed in files and folders, all of it or nothing.

    Example: chronicle load events
    """
    with _archive(db, dry_run=dry_run) as archive, progress_bar("loading") as progress:
        loaded = archive.load(
            *paths,
            chronicle=chronicle,
            dry_run=dry_run,
            retract_missing=retract_missing,
            note=note,
            skip_bad=skip_bad,
            reinstate=reinstate,
            progress=progress,
        )
    _notes(loaded.warnings)
    refused = loaded.refused or ()
    for one in refused:
        _notes(one.problems)
    if json:
        print_json(loaded.as_json())
    else:
        print(_summary(loaded, dry_run=dry_run))
        if retract_missing:
            print(harmless(_retracted(loaded, dry_run=dry_run)))
    if loaded.missing:
        print_note(f"in the log but no longer in the folder: {_listed(_events_first(loaded.missing))}")
    if refused:
        print_note(f"what was refused {'would be' if dry_run else 'is'} in {skip_bad}")
        raise typer.Exit(1)


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
    outcomes = Counter(receipt.outcome for receipt in loaded.appended.receipts)
    outcomes.update("refused" for _ in loaded.refused or ())
    counted = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "nothing to load"
    return f"{'would be: ' if dry_run else ''}{counted}; the log is at position {loaded.appended.position}"


def _retracted(loaded: Loaded, *, dry_run: bool) -> str:
    gone = [f"{kind} {name}" for _, kind, name in loaded.retracted]
    return f"{'would be ' if dry_run else ''}retracted, for the folder no longer has it: {', '.join(gone) or 'nothing'}"

"""Commands that bring documents in: load, check."""

from __future__ import annotations

from collections import Counter

import typer

from chronicle.cli.options import Db, Into, Json, Paths
from chronicle.cli.output import harmless, print_json, print_note
from chronicle.errors import Problem
from chronicle.service import Archive, Loaded
from chronicle.service import check as check_paths


def load(
    paths: Paths,
    *,
    chronicle: Into = None,
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would happen and write nothing."),
    db: Db = None,
    json: Json = False,
) -> None:
    """Append what is new or changed in files and folders, all of it or nothing.

    Example: chronicle load events
    """
    with Archive.open(db) as archive:
        loaded = archive.load(*paths, chronicle=chronicle, dry_run=dry_run)
    _notes(loaded.warnings)
    if json:
        print_json(loaded.as_json())
        return
    print(_summary(loaded, dry_run=dry_run))
    if loaded.missing:
        print_note(f"in the log but no longer in the folder: {', '.join(name for _, _, name in loaded.missing)}")


def check(
    paths: Paths,
    *,
    chronicle: Into = None,
    json: Json = False,
) -> None:
    """Report every problem of every file, with its place; warnings alone do not fail.

    Example: chronicle check events
    """
    problems = check_paths(*paths, chronicle=chronicle)
    errors = sum(problem.is_error for problem in problems)
    if json:
        fields = ("file", "line", "column", "code", "message", "severity")
        print_json({"problems": [{name: getattr(problem, name) for name in fields} for problem in problems]})
    else:
        for problem in problems:
            print(harmless(str(problem)))
        print(f"{errors} errors, {len(problems) - errors} warnings")
    raise typer.Exit(1 if errors else 0)


def _notes(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        print_note(str(problem))


def _summary(loaded: Loaded, *, dry_run: bool) -> str:
    outcomes = Counter(receipt.outcome for receipt in loaded.appended.receipts)
    counted = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()) or "nothing to load"
    return f"{'would be: ' if dry_run else ''}{counted}; the log is at position {loaded.appended.position}"

"""Commands that exchange with other programs: export, import, seal."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Annotated

import typer

from chronicle.cli.complete import names
from chronicle.cli.options import AsOf, Db, Json, Known, Position, Recorded, Zone
from chronicle.cli.output import print_json, print_note, progress_bar, write_output
from chronicle.errors import QuestionError
from chronicle.exchanging import import_file, written
from chronicle.service import Archive

PARQUET = "parquet"

Output = Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to stdout.")]


def export(
    chronicle: Annotated[
        str | None,
        typer.Argument(metavar="CHRONICLE", autocompletion=names("chronicle"), help="Only this chronicle. [all]"),
    ] = None,
    *,
    to: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help="jsonl, csv, parquet, timelinejs, ics, jsonld or atom.")
    ],
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    output: Output = None,
    db: Db = None,
) -> None:
    """Write events in a format of other programs, or the whole log.

    jsonl is every record of the log, of which load makes the same records again; csv and parquet a row for each fact;
    timelinejs a timeline, ics a calendar of the events whose days are certain, jsonld schema.org Events, atom a feed.

    Example: chronicle export azerbaijan-us --to timelinejs -o timeline.json
    """
    if to == PARQUET and output is None and sys.stdout.isatty():
        raise QuestionError("--to parquet: is no text: name a file with -o, or lead stdout elsewhere")
    with Archive.open(db, create=False) as archive:
        made = archive.export(
            to=to, chronicle=chronicle, as_of=as_of, known=known, recorded=recorded, position=position, zone=zone
        )
        write_output(output, made.chunks)
    for reason, count in Counter(reason for _, reason in made.left_out).items():
        left_out = [id for (_, _, id), why in made.left_out if why == reason]  # noqa: A001
        named = ", ".join(left_out[:10]) + (f" and {count - 10} more" if count > 10 else "")
        what = "document" if reason == "redacted" else "event"
        print_note(f"{count} {f'{what} is' if count == 1 else f'{what}s are'} left out ({reason}): {named}")


def seal(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="A folder of its own; it is made if it is not there.")],
    *,
    check: Annotated[bool, typer.Option("--check", help="Read all files; what is damaged is written anew.")] = False,
    db: Db = None,
    json: Json = False,
) -> None:
    """Write the log as sealed segments in Parquet, or bring a folder of them up to date.

    Every version of every event is there, and each of its facts. A file never changes: new records are new files.
    `chronicle redact` writes those anew that hold what it removes. `projections show --sealed` asks them.

    Example: chronicle seal sealed
    """
    with Archive.open(db, create=False) as archive, progress_bar("sealing", "records") as progress:
        sealed = archive.seal(folder, check=check, progress=progress)
    if sealed.remark is not None:
        print_note(sealed.remark)
    if json:
        print_json({"folder": folder, **sealed.as_json()})
    else:
        print(
            f"sealed up to position {sealed.position}: {_counted(sealed.events, 'version')} of events, "
            f"{_counted(sealed.facts, 'fact')}, in {_counted(sealed.segments, 'segment')}, {sealed.written} written now"
        )


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The file to convert.")],
    *,
    from_: Annotated[str, typer.Option("--from", metavar="FORMAT", help="timelinejs, ics, csv or wikidata.")],
    chronicle: Annotated[str, typer.Option("--chronicle", metavar="ID", help="The chronicle the documents are for.")],
    output: Output = None,
) -> None:
    """Convert a foreign file to documents, to be looked at and then loaded; the log is not touched.

    Writes YAML, or JSON Lines to a FILE that ends in .jsonl. Each item that is refused is told on stderr with its line,
    and the exit code is then 1, though the rest is written. A warning is of an item that lost something, or that was
    left out because it is no event.

    Example: chronicle import timeline.json --from timelinejs --chronicle computing -o computing.yaml
    """
    imported = import_file(file, from_=from_, chronicle=chronicle)
    text = written(imported, output)
    for problem in imported.problems:
        print_note(str(problem))
    if imported.documents:
        write_output(output, (text,))
    kinds = Counter(document.kind for document in imported.documents)
    counted = ", ".join(_counted(count, kind) for kind, count in kinds.items()) or "nothing"
    refused = sum(problem.is_error for problem in imported.problems)
    print_note(f"converted: {counted}; refused: {refused}")
    raise typer.Exit(1 if refused or not imported.documents else 0)


def _counted(count: int, kind: str) -> str:
    many = kind.removesuffix("y") + "ies" if kind.endswith("y") else f"{kind}s"
    return f"{count} {kind if count == 1 else many}"

"""Commands that answer: when, state."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

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
from chronicle.cli.output import print_json, print_json_line, print_note, print_table
from chronicle.cli.told import attribute_cell, basis_line, certainty_cell, value_cell
from chronicle.errors import QuestionError, shown
from chronicle.parameters import dimensions_of
from chronicle.service import Archive
from chronicle.state.answer import StateFact
from chronicle.when import describe


def when(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT…|-", help="EDTF dates; - reads one a line from stdin.")],
    *,
    json: Json = False,
) -> None:
    """Say what a date means: its bounds, its precision and how it reads. Exits with 1 if one is no date.

    With --json, several dates and those of stdin give one JSON object a line.

    Example: chronicle when 1994~
    """
    for text in texts:
        if text.startswith("-") and text[1:2].isalpha() | text.startswith("--") and text[1] not in "XY":
            raise QuestionError(f"no such option: {shown(text)}; `chronicle when --help` lists them")
    given = _lines() if texts == ["-"] else iter(texts)
    say: Callable[[dict[str, Any]], None] = _meaning
    if json or texts == ["-"]:
        say = print_json if json and len(texts) == 1 and texts != ["-"] else print_json_line
    valid = True
    for meaning in map(describe, given):
        say(meaning)
        valid = valid and bool(meaning["valid"])
    raise typer.Exit(0 if valid else 1)


def _lines() -> Iterator[str]:
    return (line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer)


def _meaning(meaning: dict[str, Any]) -> None:
    if meaning["valid"]:
        rows = [(name, "" if item is None else str(item)) for name, item in meaning.items()]
        print_table(("", meaning["edtf"]), rows)
    else:
        print_note(f"chronicle: {meaning['error']}")


def state(
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
    """Answer what was the case on a date, as far as had been reported and recorded.

    Example: chronicle state --as-of 2025-12-31 --known 2026-03-01
    """
    with Archive.open(db, create=False) as archive:
        answer = archive.state(
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
        doubts = [] if answer.facts else archive.doubts(chronicle=chronicle, subject=subject, attribute=attribute)
    if json:
        print_json(answer.as_json())
        return
    for doubt in doubts:
        print_note(doubt)
    print(basis_line(answer.basis))
    if answer.facts:
        headings = ("subject", "attribute", "value", "from", "certainty", "event")
        print_table(headings, [_row(fact) for fact in answer.facts])
    else:
        print("nothing holds")


def _row(fact: StateFact) -> tuple[str, ...]:
    held = f"in {fact.fact.period}" if fact.fact.period else fact.began
    certainty = certainty_cell(certain=fact.row.certain, may_be_absent=fact.row.may_be_absent)
    foreseen = ", foreseen" if fact.row.foreseen else ""
    return (
        fact.fact.subject,
        attribute_cell(fact.fact.attribute, fact.dimensions),
        value_cell(fact.value),
        held,
        certainty + foreseen,
        fact.event.id,
    )

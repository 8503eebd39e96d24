"""The command that answers: state."""

from __future__ import annotations

from itertools import chain

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
from chronicle.cli.output import print_json_rows, print_note, print_table
from chronicle.cli.told import attribute_cell, basis_line, certainty_cell, value_cell
from chronicle.paging import pages
from chronicle.parameters import dimensions_of
from chronicle.service import Archive
from chronicle.state.answer import StateFact


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
        found = pages(
            archive.state,
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
        facts = (fact for page in chain([first], found) for fact in page.facts)
        if json:
            print_json_rows({"basis": first.basis.as_json()}, "facts", (fact.as_json() for fact in facts))
            return
        rows = list(map(_row, facts))
        doubts = [] if rows else archive.doubts(chronicle=chronicle, subject=subject, attribute=attribute)
    for doubt in doubts:
        print_note(doubt)
    print(basis_line(first.basis))
    if rows:
        print_table(("subject", "attribute", "value", "from", "certainty", "event"), rows)
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

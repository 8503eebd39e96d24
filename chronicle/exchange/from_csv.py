"""CSV: the table of facts that `export --to csv` writes, or any table with a row for each event.

Other tables are read by the names of their columns, in any order and case; columns with other names are told and left.
Dates are EDTF as they stand: a date that could be read in two ways (3/4/2020) is refused, not guessed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from chronicle.errors import InputError, shown
from chronicle.exchange.cells import undefused
from chronicle.exchange.fact_rows import NEEDED, from_fact_rows
from chronicle.exchange.intake import Intake, Plain
from chronicle.exchange.prose import one_line, plain_text
from chronicle.exchange.web import web_address

Row = dict[str, str]

NAMES = {
    "id": ("id", "identifier", "key"),
    "occurred": ("occurred", "date", "when", "start", "start date"),
    "end": ("end", "end date"),
    "title": ("title", "headline", "name"),
    "type": ("type",),
    "summary": ("summary", "description", "text"),
    "tags": ("tags", "tag", "category", "group"),
    "url": ("url", "link", "source url"),
    "source": ("source", "source title"),
    "publisher": ("publisher",),
    "author": ("author",),
    "published": ("published",),
}
"""What a column may be called, in lower case; the first that is there counts."""


def from_csv(text: str, intake: Intake) -> None:
    """Take the rows of a table whose first row names its columns. Raises InputError if those say nothing to us."""
    rows = list(read_rows(text, intake.file))
    if not rows:
        raise InputError(f"{intake.file}: holds no row below the names of the columns")
    columns = list(rows[0][1])
    if set(columns) >= NEEDED:
        from_fact_rows(rows, intake)
        return
    names = {field: next((name for name in known if name in columns), "") for field, known in NAMES.items()}
    if not names["occurred"] or not names["title"]:
        raise InputError(
            f"{intake.file}:1: has no columns for a date and a title: call them occurred and title; "
            f"found {shown(', '.join(columns))}"
        )
    if strange := [name for name in columns if name and name not in names.values()]:
        intake.remark(1, "column", f"the columns {shown(', '.join(strange))} are left out")
    for _, row in rows:
        intake.ids.reserve(row.get(names["id"], ""))
    for line, row in rows:
        _event({field: row.get(name, "") for field, name in names.items()}, line, intake)


def read_rows(text: str, file: str) -> Iterator[tuple[int, Row]]:
    """The rows below the first, with the line on which each begins, as cells by the names of the columns.

    Names are in lower case, cells without the apostrophe that keeps spreadsheets from computing them, and without
    blanks around them. Where the first line has no comma, semicolons or tabs part the cells. Raises InputError.
    """
    heading = text.partition("\n")[0]
    delimiter = next((mark for mark in ",;\t" if mark in heading), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [cell.strip().lower() for cell in cells]
                if len(set(columns) - {""}) != len([name for name in columns if name]):
                    raise InputError(f"{file}:{line}: has two columns of one name")
            elif len(cells) > len(columns):
                raise InputError(f"{file}:{line}: has {len(cells)} cells for {len(columns)} columns")
            else:
                yield line, {name: undefused(cell.strip(" ")) for name, cell in zip(columns, cells, strict=False)}
    except csv.Error as error:
        raise InputError(f"{file}:{reader.line_num}: is no CSV here: {error}") from None


def _event(row: Row, line: int, intake: Intake) -> None:
    title = one_line(plain_text(row["title"]))
    occurred = f"{row['occurred']}/{row['end']}" if row["end"] and row["end"] != row["occurred"] else row["occurred"]
    if not (title and occurred):
        intake.refuse(line, "row", f"has no {'date' if title else 'title'}")
        return
    event = {
        "id": row["id"] or intake.ids.take(title, occurred),
        "type": row["type"].lower() or "event",
        "occurred": occurred,
        "title": title,
        "summary": plain_text(row["summary"]),
        "tags": list(dict.fromkeys(filter(None, map(one_line, row["tags"].split(","))))),
        "sources": _sources(row, line, intake),
    }
    intake.take("event", event, line)


def _sources(row: Row, line: int, intake: Intake) -> list[Plain]:
    said = {name: one_line(row[name]) for name in ("publisher", "author", "published")}
    title, url = one_line(row["source"]), web_address(row["url"])
    if web_address(title):
        title, url = "", url or web_address(title)
    if row["url"] and not url:
        intake.remark(line, "url", f"{shown(row['url'])} is no address on the web: left out")
    if not (title or url):
        return []
    found = intake.source(line, title=title or url, url=url, **said)
    return [] if found is None else [{"source": found}]

"""Questions in SQL put to sealed segments, by DuckDB: what was effective within some bounds, as two views.

`events` has a row for each effective version, `facts` one for each of its facts; both have the columns of `lake.rows`,
and three that the bounds decide: `second`, when the event stands as it is dated; `year`, that of the second; and
`reported`, as it counts there, the least number of 64 bits if undated. In both, the order of (second, reported,
chronicle, event) is that in which handlers are told, and facts go on with `ordinal`.

The engine reads the files it is given and nothing else: no other file, no network, no extension.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from chronicle.errors import MissingExtraError, ProjectionError, QuestionError, StoreError, shown
from chronicle.event.span import EARLIEST, FOREVER, SINCE_EVER
from chronicle.lake.rows import EVENTS, FACTS, REVISIONS, TABLES


class Within(NamedTuple):
    """The bounds of a question: a position, what is known by a second (None for all), and the last second.

    `dating` says by which of its seconds an event stands, "earliest" or "latest". With FOREVER as the last second,
    those are told too that nobody knows to have come at any.
    """

    position: int
    known: int | None
    last_second: int
    dating: str


_REVISED = f"""
CREATE TEMP TABLE revised AS
SELECT position, reported, visible FROM read_parquet(getvariable('{REVISIONS}'))
WHERE since <= getvariable('position')
QUALIFY row_number() OVER (PARTITION BY position ORDER BY since DESC) = 1
"""  # noqa: S608 - names of our own

_MENDED = f"""
CREATE TEMP TABLE mended AS
SELECT first, max(position) AS last FROM read_parquet(getvariable('{EVENTS}'))
WHERE version > 1 AND position <= getvariable('position')
GROUP BY first
"""  # noqa: S608 - as above
"""The ids that have several versions; where a row group has first ones only, its statistics say so."""

_OVERTAKEN = f"""
CREATE TEMP TABLE hidden AS
SELECT position FROM read_parquet(getvariable('{EVENTS}')) JOIN mended USING (first) WHERE position < last
"""  # noqa: S608 - as above
"""The versions in whose place a later one stands."""

_OVERTAKEN_OR_UNKNOWN = f"""
CREATE TEMP TABLE hidden AS
WITH seen AS (
    SELECT position, first, coalesce(revised.visible, sealed.visible) <= getvariable('known') AS is_visible
    FROM read_parquet(getvariable('{EVENTS}')) AS sealed LEFT JOIN revised USING (position)
    WHERE position <= getvariable('position')
)
SELECT position FROM seen WHERE NOT is_visible
UNION ALL
SELECT position FROM (SELECT * FROM seen WHERE is_visible)
QUALIFY position < max(position) OVER (PARTITION BY first)
"""  # noqa: S608 - as above
"""The same under `known`, and what was not visible by then."""

_LIFTED = "SELECT type FROM events WHERE type IN (SELECT unnest(?)) LIMIT 1"

_SECOND = {"earliest": f"coalesce(earliest, {EARLIEST})", "latest": "latest"}
_ANY_ENDLESS = f"""
SELECT 1 FROM read_parquet(getvariable('{EVENTS}')) WHERE latest IS NULL AND NOT retracted LIMIT 1
"""  # noqa: S608 - as above
"""Some event has no last second. Where none has, which statistics tell, the bare column is read in half the time."""

_ALL_SECONDS = {**_SECOND, "latest": f"coalesce(latest, {FOREVER})"}


def states(
    files: Mapping[str, Sequence[Path]], within: Within, sql: str, *, lifted: Collection[str] = ()
) -> dict[str, Any]:
    """What a query over the views answers: a row for each part, with its name and its state as JSON.

    `files` are those of each table, `lifted` the types of events that handlers are told in another form. Raises
    QuestionError where there is such an event, ProjectionError for a query that fails or answers something else,
    MissingExtraError without DuckDB, StoreError for a file that cannot be read.
    """
    try:
        import duckdb  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        raise MissingExtraError("columnar queries", "columnar", "duckdb") from None
    if not files[EVENTS]:
        return {}
    off = dict.fromkeys(
        ("autoinstall_known_extensions", "autoload_known_extensions", "allow_community_extensions"), False
    )
    connection = duckdb.connect(":memory:", config={**off, "temp_directory": ""})
    try:
        _look(connection, files, within)
        if lifted and connection.execute(_LIFTED, [list(lifted)]).fetchone():
            raise QuestionError("--sealed: segments have events as recorded, and handlers are told some of them lifted")
        try:
            rows = connection.execute(sql).fetchall()
        except duckdb.IOException:
            raise
        except duckdb.Error as error:
            raise ProjectionError(f"the columnar query failed: {error}") from error
    except duckdb.Error as error:
        raise StoreError(f"the segments cannot be read: {error}") from error
    finally:
        connection.close()
    return _by_part(rows)


def _look(connection: Any, files: Mapping[str, Sequence[Path]], within: Within) -> None:
    """Close the engine to all but the files, and make the views."""
    paths = {table: [str(path.absolute()) for path in files[table]] for table in TABLES}
    connection.execute("SET allowed_paths = ?", [[path for table in TABLES for path in paths[table]]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    for name, value in (*paths.items(), *within._asdict().items()):
        connection.execute(f"SET VARIABLE {name} = ?", [value])
    connection.execute(_REVISED)
    for statement in (_MENDED, _OVERTAKEN) if within.known is None else (_OVERTAKEN_OR_UNKNOWN,):
        connection.execute(statement)
    second, come = _SECOND[within.dating], ""
    if within.last_second != FOREVER:
        come = f"AND {second} <= getvariable('last_second')"
    elif connection.execute(_ANY_ENDLESS).fetchone():
        second = _ALL_SECONDS[within.dating]
    for table in (EVENTS, FACTS):
        stands = "NOT retracted AND" if table == EVENTS else ""
        connection.execute(f"""
            CREATE TEMP VIEW {table} AS
            SELECT sealed.* REPLACE (
                coalesce(CASE WHEN revised.position IS NULL THEN sealed.reported ELSE revised.reported END,
                         {SINCE_EVER}) AS reported
            ), {second} AS second, {within.dating}_year AS year
            FROM read_parquet(getvariable('{table}')) AS sealed
            LEFT JOIN revised USING (position)
            ANTI JOIN hidden USING (position)
            WHERE {stands} position <= getvariable('position') {come}
        """)  # noqa: S608 - names and numbers of our own


def _by_part(rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        if len(row) != 2 or not all(isinstance(cell, str) for cell in row):
            raise ProjectionError(f"the columnar query answers {shown(repr(row))}: expected a part and a state in JSON")
        part, state = row
        if part in found:
            raise ProjectionError(f"the columnar query answers the part {shown(part)} twice")
        try:
            found[part] = msgspec.json.decode(state)
        except msgspec.DecodeError as error:
            raise ProjectionError(f"the columnar query answers for the part {shown(part)} no JSON: {error}") from None
    return found

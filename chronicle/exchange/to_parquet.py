"""Facts as columns (Apache Parquet): a row for each fact of the events, typed, for DuckDB, Spark and data frames.

What stands in the columns of a fact is said in `event.columns`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from chronicle.errors import QuestionError
from chronicle.event.columns import BOUNDS, PRECISION, SCALE, TIMES, time_columns, value_columns
from chronicle.event.model import Fact
from chronicle.event.value import EntityValue
from chronicle.exchange.selection import Export, Selection, Told
from chronicle.when import When, instant_text

if TYPE_CHECKING:
    import pyarrow as pa  # an extra, and slow to load

GROUP = 20_000
"""How many rows are in memory at a time, and in one row group of the file."""


def to_parquet(selection: Selection) -> Export:
    """The table; an event without a fact has no row. Raises QuestionError where pyarrow is not installed."""
    try:
        schema = _schema()
    except ImportError as error:
        raise QuestionError("--to parquet: needs pyarrow: pip install 'chronicle-service[parquet]'") from error
    left_out = tuple((told.id, "states no fact") for told in selection.events if not told.event.facts)
    return Export(_written(selection, schema), left_out)


def _schema() -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415 - as above

    text, whole, amount = pa.string(), pa.int64(), pa.decimal128(PRECISION, SCALE)
    said = dict.fromkeys(("source", "locator", "quote", "title", "publisher", "author", "published", "url"), text)
    return pa.schema(
        {
            **dict.fromkeys(("chronicle", "event"), text),
            **dict.fromkeys(("version", "position"), whole),
            **dict.fromkeys(("type", "occurred", "title"), text),
            **dict.fromkeys(("occurred_lo", "occurred_hi"), whole),
            **dict.fromkeys(("subject", "attribute", "cardinality"), text),
            "dimensions": pa.map_(text, text),
            "holds": pa.bool_(),
            **dict.fromkeys(("value", "value_type", "text", "entity", "label"), text),
            **dict.fromkeys(("amount", "low", "high"), amount),
            **dict.fromkeys(("unit", "qualifier"), text),
            **dict.fromkeys(TIMES, text),
            **dict.fromkeys(BOUNDS, whole),
            "reported": text,
            "recorded": pa.timestamp("us", tz="UTC"),
            "tags": pa.list_(text),
            "sources": pa.list_(pa.struct(said)),
        }
    )


class _Pieces(io.RawIOBase):
    """Takes a file as it is written, to be given on piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._at += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What has been written since the last time."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _written(selection: Selection, schema: pa.Schema) -> Iterator[bytes]:
    import pyarrow as pa  # noqa: PLC0415 - as above
    from pyarrow import parquet  # noqa: PLC0415 - as above

    pieces, rows = _Pieces(), _rows(selection)
    with parquet.ParquetWriter(pieces, schema, compression="zstd") as writer:
        while group := list(islice(rows, GROUP)):
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            yield pieces.taken()
    yield pieces.taken()


def _rows(selection: Selection) -> Iterator[dict[str, Any]]:
    for told in selection.events:
        when = When.parse(told.event.occurred)
        event = _event(told, when)
        for fact in told.event.facts:
            yield {**event, **_fact(selection, told, fact), **time_columns(fact, when)}


def _event(told: Told, when: When) -> dict[str, Any]:
    event, record = told.event, told.record
    return {
        "chronicle": told.chronicle,
        "event": event.id,
        "version": record.header.version,
        "position": record.position,
        "type": event.type,
        "occurred": event.occurred,
        "occurred_lo": when.lo,
        "occurred_hi": when.hi,
        "title": event.title,
        "reported": None if record.reported is None else instant_text(record.reported),
        "recorded": record.header.recorded,
        "tags": list(event.tags),
    }


def _fact(selection: Selection, told: Told, fact: Fact) -> dict[str, Any]:
    value = fact.value
    label = selection.label(told.chronicle, value.entity) if isinstance(value, EntityValue) else None
    sources = []
    for citation in fact.sources or told.event.sources:
        source = selection.source(told, citation)
        named = {name: getattr(source, name) for name in ("title", "publisher", "author", "published", "url")}
        sources.append({"source": citation.source, "locator": citation.locator, "quote": citation.quote, **named})
    return {
        "subject": fact.subject,
        "attribute": fact.attribute,
        "cardinality": selection.attribute(told.chronicle, fact.attribute).cardinality,
        "dimensions": sorted(fact.dimensions.items()),
        "holds": fact.holds,
        **value_columns(value),
        "label": label,
        "sources": sources,
    }

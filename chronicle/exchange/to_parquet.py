"""Facts as columns (Apache Parquet): a row for each fact of the events, typed, for DuckDB, Spark and data frames.

`value` is the value as it stands in documents, as JSON and exact. Amounts are decimals of 38 digits, nine of them after
the point, null where that does not hold them. Bounds are Unix seconds, half-open, null where there is none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Context, Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from chronicle.errors import QuestionError
from chronicle.event.model import Fact
from chronicle.event.span import EARLIEST, FOREVER, SINCE_EVER, span_of
from chronicle.event.value import MOST_DIGITS, EntityValue, Figure, Flag, Number, Quantity, Range, Text, Value
from chronicle.event.value import written as as_json
from chronicle.exchange.selection import Export, Selection, Told
from chronicle.when import When, instant_text

if TYPE_CHECKING:
    import pyarrow as pa  # an extra, and slow to load

PRECISION, SCALE = 38, 9
"""Of a decimal column: how many digits there are, and how many of them after the point."""

GROUP = 20_000
"""How many rows are in memory at a time, and in one row group of the file."""


_EXACT = Context(prec=MOST_DIGITS)


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
            **dict.fromkeys(("from", "at", "until", "through", "period", "due"), text),
            **dict.fromkeys(("from_lo", "from_hi", "until_lo", "until_hi"), whole),
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
            yield {**event, **_fact(selection, told, fact), **_bounds(fact, when)}


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
    times = {name: getattr(fact, name) for name in ("at", "until", "through", "period", "due")}
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
        **({} if fact.value is None else _value(selection, told, fact.value)),
        "from": fact.from_,
        **times,
        "sources": sources,
    }


def _value(selection: Selection, told: Told, value: Value) -> dict[str, Any]:
    exact = {"value": msgspec.json.encode(as_json(value.plain())).decode()}
    match value:
        case Text(text):
            return {**exact, "value_type": "text", "text": text}
        case Flag():
            return {**exact, "value_type": "boolean"}
        case EntityValue(entity):
            return {**exact, "value_type": "entity", "entity": entity, "label": selection.label(told.chronicle, entity)}
        case Figure(number):
            return {**exact, "value_type": "number", "amount": _decimal(number)}
        case Quantity(amount, unit, qualifier):
            amounts = {"amount": _decimal(amount), "unit": unit, "qualifier": qualifier}
            return {**exact, "value_type": "quantity", **amounts}
        case Range(low, high, unit):
            return {**exact, "value_type": "range", "low": _decimal(low), "high": _decimal(high), "unit": unit}
    raise AssertionError(value)


def _decimal(number: Number) -> Decimal | None:
    """The number, if the column holds it exactly."""
    sign, digits, exponent = number.decimal.normalize(_EXACT).as_tuple()
    assert isinstance(exponent, int), "validated: a number is finite"
    fits = exponent >= -SCALE and len(digits) + exponent <= PRECISION - SCALE
    return Decimal((sign, digits, exponent)) if fits else None


def _bounds(fact: Fact, when: When) -> dict[str, int | None]:
    """When the fact holds; what no second bounds is null."""
    span = span_of(fact, when)
    return {
        "from_lo": None if span.from_lo in (SINCE_EVER, EARLIEST) else span.from_lo,
        "from_hi": None if span.from_hi in (SINCE_EVER + 1, FOREVER) else span.from_hi,
        "until_lo": None if span.until_lo in (EARLIEST, FOREVER) else span.until_lo,
        "until_hi": None if span.until_hi > FOREVER else span.until_hi,
    }

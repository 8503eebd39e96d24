"""Facts as columns: what a reader of Parquet finds in them."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from pyarrow import parquet

from chronicle.event.span import FOREVER, span_of
from chronicle.exchange import to_parquet
from chronicle.service import Archive
from chronicle.when import When
from tests.builders import CHRONICLE, a_fact, a_source, an_archive, an_attribute, an_entity, an_event
from tests.exchange.archives import exported
from tests.service.test_laws import kept
from tests.state.histories import Append, histories

several = settings(max_examples=20, suppress_health_check=list(HealthCheck))


def table(archive: Archive, **bounds: Any) -> list[dict[str, Any]]:
    """The rows by the names of their columns."""
    found: list[dict[str, Any]] = read(exported(archive, "parquet", **bounds)).to_pylist()
    return found


def read(content: bytes) -> pa.Table:
    """The file as a reader of another project sees it."""
    return parquet.read_table(io.BytesIO(content))


def test_a_row_says_all_that_is_needed_to_read_it_alone() -> None:
    """Event, key, value and sources, each in a column of its type."""
    with an_archive(
        a_source(url="https://example.org/a"),
        an_attribute("trade", cardinality="many"),
        an_event(
            "e",
            a_fact(
                {"amount": "-1.55e9", "unit": "USD", "qualifier": "about"},
                attribute="trade",
                dimensions={"b": "2", "a": "1"},
                **{"from": "1994", "until": "2000"},
            ),
            occurred="1994",
            tags=["oil", "gas"],
            sources=["s"],
        ),
    ) as archive:
        [row] = table(archive)

    assert (CHRONICLE, "e", 1, 3) == tuple(row[name] for name in ("chronicle", "event", "version", "position"))
    assert ("1994", 757382400, 788918400) == (row["occurred"], row["occurred_lo"], row["occurred_hi"])
    assert ("trade", "many", [("a", "1"), ("b", "2")]) == (row["attribute"], row["cardinality"], row["dimensions"])
    assert {"amount": "-1.55e9", "unit": "USD", "qualifier": "about"} == json.loads(row["value"])
    assert ("quantity", Decimal("-1.55e9"), "USD", "about") == (
        row["value_type"],
        row["amount"],
        row["unit"],
        row["qualifier"],
    )
    assert ("1994", "2000", 757382400, 788918400, 946684800, 978307200) == tuple(
        row[name] for name in ("from", "until", "from_lo", "from_hi", "until_lo", "until_hi")
    )
    assert ["oil", "gas"] == row["tags"]
    assert ["https://example.org/a"] == [source["url"] for source in row["sources"]]


def test_a_value_keeps_its_kind() -> None:
    """Each has its own columns, and stands in `value` as in a document."""
    with an_archive(
        a_source(),
        an_entity("bp", label="British Petroleum"),
        an_event(
            "e",
            a_fact("words", attribute="a"),
            a_fact({"entity": "bp"}, attribute="b"),
            a_fact(16, attribute="c"),
            a_fact({"low": 7, "high": 8, "unit": "GW"}, attribute="d", due="unknown"),
            a_fact(None, attribute="e", holds=False),
            a_fact(True, attribute="f"),  # noqa: FBT003 - a value, not a switch
        ),
    ) as archive:
        rows = {row["attribute"]: row for row in table(archive)}

    assert ("text", "words", '"words"') == tuple(rows["a"][name] for name in ("value_type", "text", "value"))
    assert ("entity", "bp", "British Petroleum") == tuple(rows["b"][n] for n in ("value_type", "entity", "label"))
    assert ("number", Decimal(16), "16") == tuple(rows["c"][name] for name in ("value_type", "amount", "value"))
    assert (Decimal(7), Decimal(8), "unknown") == tuple(rows["d"][name] for name in ("low", "high", "due"))
    assert (False, None, None) == tuple(rows["e"][name] for name in ("holds", "value", "value_type"))
    assert ("boolean", "true") == tuple(rows["f"][name] for name in ("value_type", "value"))


def test_a_number_that_no_decimal_column_holds_is_exact_in_its_value() -> None:
    """It is null in `amount`, and never rounded."""
    numbers = ["1e29", "99999999999999999999999999999", "1e-9", "1.0e-10", "0.1234567891", "1e300"]
    with an_archive(a_source(), *(an_event(f"e{n}", a_fact({"amount": n, "unit": "m"})) for n in numbers)) as archive:
        rows = {row["event"][1:]: row for row in table(archive)}

    exact = {number: row["amount"] for number, row in rows.items() if row["amount"] is not None}
    assert {n: Decimal(n) for n in ("99999999999999999999999999999", "1e-9")} == exact
    assert numbers == [json.loads(rows[number]["value"])["amount"] for number in numbers]


@several
@given(histories())
def test_the_bounds_are_those_that_the_state_is_decided_by(appends: list[Append]) -> None:
    """A reader with SQL alone finds what covers an instant; null stands where no second bounds."""
    with kept(appends) as archive:
        found = [(row["event"], row["from_lo"], row["until_hi"]) for row in table(archive, as_of="3000")]
        expected = []
        for one in archive.events(as_of="3000").events:
            for fact in one.event.facts:
                span = span_of(fact, When.parse(one.event.occurred))
                low = None if span.from_lo < -(2**62) else span.from_lo
                expected.append((one.event.id, low, None if span.until_hi > FOREVER else span.until_hi))

    assert expected == found


def test_row_groups_are_read_as_one_table(monkeypatch: Any) -> None:
    """However many rows are written at a time, the file is the same facts; no facts are a table without rows."""
    events = [an_event(f"e{n}", a_fact(n, attribute=f"a{n}")) for n in range(7)]
    monkeypatch.setattr(to_parquet, "GROUP", 3)
    with an_archive(a_source(), *events) as archive:
        content = exported(archive, "parquet")
        assert list(range(7)) == [int(row["amount"]) for row in table(archive)]
        assert 0 == read(exported(archive, "parquet", as_of="1000")).num_rows

    assert 3 == parquet.ParquetFile(io.BytesIO(content)).num_row_groups


def test_the_same_basis_gives_the_same_bytes() -> None:
    """Nothing of the clock or of the run is in the file."""
    with an_archive(a_source(), an_event("e", a_fact(1))) as archive:
        assert exported(archive, "parquet", as_of="2026") == exported(archive, "parquet", as_of="2026")

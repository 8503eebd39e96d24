"""Bytes that are fixed for ever: archives of any version depend on them. Never mend these vectors; mend the code."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from chronicle.event.canonical import Header, canonical, decode, digest, from_plain
from tests.event.plain import number

SALT = bytes(range(32))

EVENT: dict[str, Any] = {
    "chronicle": "azerbaijan-us", "kind": "event", "id": "trade-2025", "type": "statistic.reported", "occurred": "2025",
    "title": "Az\u0259rbaycan cafe\u0301 \U0001f6e2", "summary": 'a "quote",\na line \\ and a tab\t',
    "participants": [{"entity": "azerbaijan"}, {"entity": "usa", "role": "partner"}],
    "facts": [
        {"subject": "azerbaijan", "attribute": "trade-turnover", "dimensions": {"partner": "usa"}, "holds": True,
         "value": {"amount": "1.55e9", "unit": "USD"}, "period": "2025", "sources": [{"source": "s", "locator": "5"}]},
        {"subject": "azerbaijan", "attribute": "gas-export-destinations", "value": number("16"), "at": "2026-02-24"},
        {"subject": "azerbaijan", "attribute": "fdi-inflow", "value": {"amount": number("133e6"), "unit": "USD",
         "qualifier": "more-than"}, "period": "2025-01/2025-09"},
        {"subject": "azerbaijan", "attribute": "renewables", "from": "..", "until": "unknown", "due": "unknown",
         "value": {"low": number("7"), "high": number("8.0"), "unit": "GW"}},
        {"subject": "azerbaijan", "attribute": "partner", "value": {"entity": "bp"}, "through": "2021-01-19"},
        {"subject": "azerbaijan", "attribute": "open", "value": True},
        {"subject": "azerbaijan", "attribute": "war", "holds": False},
    ],
    "related": [{"event": "charter", "relation": "led-to"}], "sources": [{"source": "s", "quote": "q"}], "tags": [],
    "stated_by": "azerbaijan", "note": "n",
}  # fmt: skip
EVENT_BYTES = (
    '{"facts":['
    '{"attribute":"trade-turnover","dimensions":{"partner":"usa"},"period":"2025","sources":[{"locator":"5","source":"s"}],'
    '"subject":"azerbaijan","value":{"amount":"1.55e9","unit":"USD"}},'
    '{"at":"2026-02-24","attribute":"gas-export-destinations","subject":"azerbaijan","value":{"$number":"16"}},'
    '{"attribute":"fdi-inflow","period":"2025-01/2025-09","subject":"azerbaijan",'
    '"value":{"amount":{"$number":"133e6"},"qualifier":"more-than","unit":"USD"}},'
    '{"attribute":"renewables","due":"unknown","from":"..","subject":"azerbaijan","until":"unknown",'
    '"value":{"high":{"$number":"8.0"},"low":{"$number":"7"},"unit":"GW"}},'
    '{"attribute":"partner","subject":"azerbaijan","through":"2021-01-19","value":{"entity":"bp"}},'
    '{"attribute":"open","subject":"azerbaijan","value":true},'
    '{"attribute":"war","holds":false,"subject":"azerbaijan"}],'
    '"id":"trade-2025","note":"n","occurred":"2025","participants":["azerbaijan",{"entity":"usa","role":"partner"}],'
    '"related":[{"event":"charter","relation":"led-to"}],"sources":[{"quote":"q","source":"s"}],"stated_by":"azerbaijan",'
    '"summary":"a \\"quote\\",\\na line \\\\ and a tab\\t","title":"Az\u0259rbaycan caf\u00e9 \U0001f6e2",'
    '"type":"statistic.reported"}'
).encode()

VECTORS: list[tuple[str, dict[str, Any], bytes, str]] = [
    ("event", EVENT, EVENT_BYTES, "deb023b5e76e16b834e52a1110073d78e4481b14f70f1e7eff00d4f250e67786"),
    (
        "source",
        {"kind": "source", "id": "trend", "title": "Azerbaijan\u2013US", "published": "2026-02-24", "language": "en"},
        '{"id":"trend","language":"en","published":"2026-02-24","title":"Azerbaijan\u2013US"}'.encode(),
        "301bc0c0caa0f5244d2de611bb324f0a70ac47926eaaf7aac712753fe8309e5e",
    ),
    (
        "entity",
        {"id": "usa", "label": "United States", "labels": {"en": "US", "az": "AB\u015e"}, "type": "country"},
        '{"id":"usa","label":"United States","labels":{"az":"AB\u015e","en":"US"},"type":"country"}'.encode(),
        "0e7909d453bb31f170c920cfde3e8dc1bebd05892c4209b3b00da60b600eb721",
    ),
    (
        "attribute",
        {"id": "trade", "cardinality": "one", "measures": "period", "unit": "USD", "sum_of": ["imports", "exports"],
         "share_of": {"part": "a", "whole": "b"}, "balance_of": {"exports": "x", "imports": "y"},
         "resolution": "latest-reported"},
        (b'{"balance_of":{"exports":"x","imports":"y"},"id":"trade","measures":"period","resolution":"latest-reported",'
        b'"share_of":{"part":"a","whole":"b"},"sum_of":["imports","exports"],"unit":"USD"}'),
        "c828c9708ab9c4a5344046231b86d9458dbbb6d0c8304b4afcbb424779b9eae4",
    ),
    (
        "chronicle",
        {"id": "azerbaijan-us", "title": "T", "languages": ["en", "az"]},
        b'{"id":"azerbaijan-us","languages":["en","az"],"title":"T"}',
        "839ff933a7111185b8e9e419ae63fbd8abb48350e807eb43649cb1c176ffa056",
    ),
    (
        "source",
        {"kind": "source", "id": "trend", "retracted": True, "note": "never appeared"},
        b'{"id":"trend","kind":"source","note":"never appeared","retracted":true}',
        "53541c4f2b391bd2476361e890fa86c9a7c4211e35d7402d1f383ef029f4f6f5",
    ),
    ("event", {"id": "x", "retracted": True}, b'{"id":"x","retracted":true}',
     "7bf49b72b0537661b5849a4485026d827e4d1146ebc569bc2797932580e2748b"),
]  # fmt: skip

EVENT_HEADER = Header(
    archive="0190f3a2-7c1e-7abc-8def-0123456789ab",
    chronicle="azerbaijan-us",
    kind="event",
    id="trade-2025",
    version=1,
    type="statistic.reported",
    recorded=1_771_934_400_000_001,
    recorded_by="M\u00fcller",
    digest=SALT,
)
SOURCE_HEADER = Header("a", "c", "source", "s", 12, None, -1, "", bytes(32))


@pytest.mark.parametrize(("kind", "plain", "payload", "_digest"), VECTORS)
def test_canonical(kind: str, plain: dict[str, Any], payload: bytes, _digest: str) -> None:
    """The canonical payload of a document of each kind."""
    assert payload == canonical(from_plain(kind, plain))


@pytest.mark.parametrize(("_kind", "_plain", "payload", "expected"), VECTORS)
def test_digest(_kind: str, _plain: dict[str, Any], payload: bytes, expected: str) -> None:
    """The digest is SHA-256(salt ‖ payload)."""
    assert expected == digest(payload, SALT).hex()


@pytest.mark.parametrize(("kind", "_plain", "payload", "_digest"), VECTORS)
def test_still_read(kind: str, _plain: dict[str, Any], payload: bytes, _digest: str) -> None:
    """A payload of old is read, and written as it was."""
    assert payload == canonical(decode(kind, payload))


@pytest.mark.parametrize(
    ("header", "encoded"),
    [
        (
            EVENT_HEADER,
            (
                '{"archive":"0190f3a2-7c1e-7abc-8def-0123456789ab","chronicle":"azerbaijan-us",'
                '"digest":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","id":"trade-2025","kind":"event",'
                '"recorded":"1771934400000001","recorded_by":"M\u00fcller","type":"statistic.reported","version":1}'
            ),
        ),
        (
            SOURCE_HEADER,
            (
                '{"archive":"a","chronicle":"c",'
                '"digest":"0000000000000000000000000000000000000000000000000000000000000000","id":"s","kind":"source",'
                '"recorded":"-1","recorded_by":"","version":12}'
            ),
        ),
    ],
)
def test_header(header: Header, encoded: str) -> None:
    """The bytes of a header; what is no event has no type."""
    assert encoded.encode() == header.encode()


@pytest.mark.parametrize(
    ("header", "leaf"),
    [
        (EVENT_HEADER, "1adf4d685bddf29575f0c9223b899354ecd0dcfc5af87da2fd477c96a2b204ba"),
        (SOURCE_HEADER, "70c2f320635c19ea9e64bf6f8005bd16b567f4100828494c2598fc456ac60f3c"),
    ],
)
def test_leaf(header: Header, leaf: str) -> None:
    """The leaf hash of a header."""
    assert leaf == header.leaf().hex()


def test_leaf_of_rfc_6962() -> None:
    """A leaf hash is SHA-256(0x00 ‖ leaf), as RFC 6962 section 2.1 has it."""
    assert hashlib.sha256(b"\x00" + EVENT_HEADER.encode()).digest() == EVENT_HEADER.leaf()

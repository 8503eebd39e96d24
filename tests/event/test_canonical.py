"""The laws of the canonical form."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from chronicle.event.canonical import Header, canonical, cited, decode, from_plain, to_plain, type_of
from chronicle.event.model import AnyDocument
from tests.event.plain import a_fact, an_event, number, the_event

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,12}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip).map(
    lambda text: unicodedata.normalize("NFC", text)
)  # fmt: skip
DATES = st.sampled_from(["1994", "1994-09", "1994-09-20", "1994~", "[..2026-02-24]", "1994/1996"])
DIGITS = st.from_regex(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?(e-?[0-9])?", fullmatch=True)
NUMBERS = st.one_of(DIGITS, DIGITS.map(number))
CITATIONS = st.lists(st.fixed_dictionaries({"source": NAMES}, optional={"locator": TEXTS, "quote": TEXTS}), max_size=2)
VALUES = st.one_of(
    TEXTS,
    st.booleans(),
    DIGITS.map(number),
    st.fixed_dictionaries({"entity": NAMES}),
    st.fixed_dictionaries(
        {"amount": NUMBERS, "unit": TEXTS}, optional={"qualifier": st.sampled_from(["about", "at-least"])}
    ),
    st.fixed_dictionaries({"low": st.just("1"), "high": st.just(number("2.50")), "unit": TEXTS}),
)
FACTS = st.fixed_dictionaries(
    {"subject": NAMES, "attribute": NAMES},
    optional={
        "dimensions": st.dictionaries(NAMES, NAMES, max_size=2), "value": VALUES, "holds": st.booleans(),
        "from": DATES, "at": DATES, "until": DATES, "through": DATES, "period": DATES, "due": DATES,
        "sources": CITATIONS,
    },
)  # fmt: skip
PARTICIPANTS = st.one_of(NAMES, st.fixed_dictionaries({"entity": NAMES}, optional={"role": TEXTS}))
EVENTS = st.fixed_dictionaries(
    {"id": NAMES, "type": st.just("any.thing"), "occurred": DATES, "title": TEXTS},
    optional={
        "summary": TEXTS, "participants": st.lists(PARTICIPANTS, max_size=3), "facts": st.lists(FACTS, max_size=3),
        "related": st.lists(st.fixed_dictionaries({"event": NAMES, "relation": NAMES}), max_size=2),
        "sources": CITATIONS, "tags": st.lists(TEXTS, max_size=2), "stated_by": NAMES, "note": TEXTS,
    },
)  # fmt: skip
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("source", {"id": "s", "title": "T", "published": "2026-02-24", "url": "https://example.org/", "language": "en"}),
    ("entity", {"id": "e", "label": "L", "labels": {"az": "Ə"}, "type": "country", "description": "D"}),
    ("attribute", {"id": "a", "cardinality": "many", "sum_of": ["b"], "share_of": {"part": "b", "whole": "c"}}),
    ("attribute", {"id": "a", "measures": "period", "balance_of": {"exports": "b", "imports": "c"}, "unit": "USD"}),
    ("chronicle", {"id": "c", "title": "T", "languages": ["en", "az"]}),
    ("event", {"id": "x", "retracted": True, "note": "n", "sources": [{"source": "s"}]}),
    ("source", {"kind": "source", "id": "x", "retracted": True}),
]


@given(plain=EVENTS)
def test_event_round_trip(plain: dict[str, Any]) -> None:
    """An event decoded from its canonical form has that canonical form again."""
    payload = canonical(from_plain("event", plain))
    assert payload == canonical(decode("event", payload))


ASCII = st.text(st.characters(max_codepoint=0x7F), min_size=1).filter(str.strip)


@given(plain=EVENTS, note=st.one_of(ASCII, TEXTS))
def test_rfc_8785(plain: dict[str, Any], note: str) -> None:
    """The canonical form is what the RFC's own library makes of the text in NFC, whatever else was faster."""
    document = from_plain("event", {**plain, "note": note})
    normal = {name: item for name, item in to_plain(document).items() if name != "chronicle"}
    assert rfc8785.dumps(json.loads(unicodedata.normalize("NFC", json.dumps(normal, ensure_ascii=False)))) == canonical(
        document
    )


@given(recorded_by=st.one_of(ASCII, TEXTS), type_=st.none() | st.just("any.thing"))
def test_header(recorded_by: str, type_: str | None) -> None:
    """A header is encoded as RFC 8785 says, without the fields that it has not, and decoded from that."""
    header = Header("a" * 32, "c", "event", "id", 2, type_, 1_772_323_200_000_000, recorded_by, b"\x01" * 32)
    fields: dict[str, Any] = {"archive": "a" * 32, "chronicle": "c", "kind": "event", "id": "id", "version": 2}
    fields |= {"recorded": "1772323200000000", "recorded_by": recorded_by, "digest": "01" * 32}
    assert rfc8785.dumps(fields if type_ is None else {**fields, "type": type_}) == header.encode()
    assert header == Header.decode(header.encode())


@pytest.mark.parametrize(("kind", "plain"), OTHERS)
def test_round_trip(kind: str, plain: dict[str, Any]) -> None:
    """A document decoded from its canonical form is the document."""
    document = from_plain(kind, plain)
    assert document == decode(kind, canonical(document))


@given(plain=EVENTS)
def test_event_is_decoded(plain: dict[str, Any]) -> None:
    """An event decoded from its canonical form is the event, once its participants are written the short way."""
    document = from_plain("event", plain)
    assert to_plain(document) == to_plain(decode("event", canonical(document)))


@given(plain=EVENTS, order=st.randoms(use_true_random=False))
def test_field_order(plain: dict[str, Any], order: Any) -> None:
    """The order in which fields are written does not matter."""

    def shuffled(item: Any) -> Any:
        if isinstance(item, dict):
            names = list(item)
            order.shuffle(names)
            return {name: shuffled(item[name]) for name in names}
        return [shuffled(one) for one in item] if isinstance(item, list) else item

    assert canonical(from_plain("event", plain)) == canonical(from_plain("event", shuffled(plain)))


@given(plain=EVENTS)
def test_defaults_left_out(plain: dict[str, Any]) -> None:
    """Fields that say what is so anyway are left out."""
    said = {"kind": "event", "participants": [], "facts": [], "related": [], "sources": [], "tags": [], **plain}
    said["facts"] = [{"holds": True, "dimensions": {}, "sources": [], **fact} for fact in said["facts"]]
    assert canonical(from_plain("event", plain)) == canonical(from_plain("event", said))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("attribute", {"cardinality": "one", "measures": "state", "labels": {}, "sum_of": []}),
        ("attribute", {"resolution": "latest-from"}),
        ("entity", {"label": "L", "labels": {}}),
        ("chronicle", {"title": "T", "languages": []}),
    ],
)  # fmt: skip
def test_other_defaults_left_out(kind: str, said: dict[str, Any]) -> None:
    """Defaults of the other kinds are left out too."""
    fields = json.loads(canonical(from_plain(kind, {"id": "x", "kind": kind, **said})))
    assert {"id"} | ({"label", "title"} & said.keys()) == fields.keys()


def test_shorthand() -> None:
    """A participant without a role is the same written short or long."""
    short, long = the_event(participants=["bp"]), the_event(participants=[{"entity": "bp"}])
    assert canonical(short) == canonical(long)


def test_role_kept() -> None:
    """A participant with a role is not the one without."""
    assert canonical(the_event(participants=["bp"])) != canonical(
        the_event(participants=[{"entity": "bp", "role": "x"}])
    )


@pytest.mark.parametrize("field", ["title", "summary", "note"])
def test_nfc(field: str) -> None:
    """Composed and decomposed text is the same text."""
    assert canonical(the_event(**{field: "\u00e9"})) == canonical(the_event(**{field: "e\u0301"}))


def test_nfc_labels() -> None:
    """Labels are normalised too."""
    one, other = (
        from_plain("entity", {"id": "e", "label": "L", "labels": {"az": text}}) for text in ("\u00e9", "e\u0301")
    )
    assert canonical(one) == canonical(other)


def test_chronicle_left_out() -> None:
    """The chronicle stands in the header, not in the payload."""
    assert canonical(the_event()) == canonical(the_event(chronicle="c"))


def test_numbers_tagged() -> None:
    """A number is a tagged text with its digits, so that no JSON reader can round it."""
    payload = json.loads(canonical(the_event(a_fact(value=number("1.50")))))
    assert {"$number": "1.50"} == payload["facts"][0]["value"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (a_fact(value=number("16")), a_fact(value="16")),
        (a_fact(value=number("1.5")), a_fact(value=number("1.50"))),
        (a_fact(value=True), a_fact(value="true")),
        (a_fact(at="2020"), a_fact(**{"from": "2020"})),
    ],
)
def test_different_content(one: dict[str, Any], other: dict[str, Any]) -> None:
    """What is written differently and comes back differently has another canonical form."""
    assert canonical(the_event(one)) != canonical(the_event(other))


@given(plain=EVENTS)
def test_is_canonical_json(plain: dict[str, Any]) -> None:
    """The payload is JSON in UTF-8 without blanks, its fields sorted by their UTF-16 code units."""
    payload = canonical(from_plain("event", plain))
    assert json.dumps(
        json.loads(payload), ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode() == payload  # fmt: skip


@pytest.mark.parametrize(
    ("document", "sources"),
    [
        (the_event(sources=[{"source": "b"}, {"source": "a"}, {"source": "b", "locator": "2"}]), ("b", "a")),
        (from_plain("event", {"id": "x", "retracted": True, "sources": [{"source": "a"}]}), ("a",)),
        (from_plain("entity", {"id": "x", "label": "L"}), ()),
    ],
)
def test_cited(document: AnyDocument, sources: tuple[str, ...]) -> None:
    """The sources a document cites come in order, each once."""
    assert sources == cited(document)


@pytest.mark.parametrize(
    ("plain", "kind"),
    [(an_event(type="a.b"), "a.b"), ({"id": "x", "retracted": True}, None)],
)
def test_type_of(plain: dict[str, Any], kind: str | None) -> None:
    """Events have a type; retractions have none."""
    assert kind == type_of(from_plain("event", plain))

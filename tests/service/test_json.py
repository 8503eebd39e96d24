"""The documents that other programs read (DESIGN section 7)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_fact, a_retraction, a_source, an_attribute, an_entity, an_event


def encoded(answer: Any) -> str:
    """The JSON text of an answer."""
    return msgspec.json.encode(answer.as_json()).decode()


def append(archive: Archive, *documents: dict[str, Any]) -> None:
    """Append documents."""
    archive.append(documents, chronicle=CHRONICLE)


def test_the_worked_example(archive: Archive) -> None:
    """The trade figure of section 7 comes out as section 7 writes it."""
    fact = {
        "subject": "azerbaijan",
        "attribute": "trade-turnover",
        "dimensions": {"partner": "usa"},
        "value": {"amount": "1.55e9", "unit": "USD"},
        "period": "2025",
        "sources": [{"source": "trend-2026-02-24", "locator": "paragraph 5"}],
    }
    append(archive, a_source("trend-2026-02-24", "2026-02-24"))
    append(archive, an_event("trade-2025", fact, sources=["trend-2026-02-24"]))

    expected = {
        "basis": {
            "position": 2,
            "as_of": "2025-12-31",
            "known": None,
            "zone": "UTC",
            "resolution": None,
            "schema": 1,
        },
        "facts": [
            {
                "chronicle": CHRONICLE,
                "subject": "azerbaijan",
                "attribute": "trade-turnover",
                "dimensions": {"partner": "usa"},
                "value": {"amount": "1.55e9", "unit": "USD"},
                "certainty": "certain",
                "may_be_absent": False,
                "foreseen": False,
                "from": "2025-12-31T23:59:59Z",
                "until": None,
                "period": "2025",
                "event": "trade-2025",
                "version": 1,
                "sources": [{"source": "trend-2026-02-24", "locator": "paragraph 5"}],
            }
        ],
    }
    assert expected == json.loads(encoded(archive.state(as_of="2025-12-31")))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (16, "16"),
        (-3, "-3"),
        (Decimal("1.550"), "1.550"),
        (Decimal("1.55E+9"), "1.55E+9"),
        (10**30, "1" + "0" * 30),
        (Decimal("0.10"), "0.10"),
        (True, "true"),
        ("16", '"16"'),
        ("Bakı", '"Bakı"'),
        ({"entity": "e"}, '{"entity":"e"}'),
        ({"amount": "1.550", "unit": "USD"}, '{"amount":"1.550","unit":"USD"}'),
        (
            {"amount": Decimal("1.550"), "unit": "USD", "qualifier": "about"},
            '{"amount":1.550,"unit":"USD","qualifier":"about"}',
        ),
        ({"low": 7, "high": "8.0", "unit": "GW"}, '{"low":7,"high":"8.0","unit":"GW"}'),
    ],
    ids=str,
)
def test_values_come_back_as_written(archive: Archive, value: Any, written: str) -> None:
    """Numbers keep their digits, and stay numbers or text as their author wrote them."""
    append(archive, an_entity("e"), an_event("x", a_fact(value)))

    assert f'"value":{written},"certainty"' in encoded(archive.state(as_of="2026"))


@pytest.mark.parametrize(
    ("times", "began", "until"),
    [
        ({}, "2020-05", None),
        ({"from": "2021~"}, "2021~", None),
        ({"from": "unknown"}, "unknown", None),
        ({"from": ".."}, "..", None),
        ({"at": "2021-02-03"}, "2021-02-03", None),
        ({"until": "unknown"}, "2020-05", "unknown"),
        ({"until": "2099"}, "2020-05", "2099"),
        ({"period": "2021-01/2021-09"}, "2021-09-30T23:59:59Z", None),
    ],
    ids=str,
)
def test_times_are_as_written(archive: Archive, times: dict[str, str], began: str, until: str | None) -> None:
    """`from` and `until` are told as written, for an event that lasted its start, for a period its last second."""
    append(archive, an_event("x", a_fact(1, **times), occurred="2020-05/2020-06"))

    [fact] = archive.state(as_of="2026").as_json()["facts"]
    assert (began, until) == (fact["from"], fact["until"])


def test_through_says_that_it_is_inclusive(archive: Archive) -> None:
    """A last day is told as written, and that it is the last on which the value held."""
    append(archive, an_event("x", a_fact(1, through="2099-12-31")))

    [fact] = archive.state(as_of="2026").as_json()["facts"]
    assert ("2099-12-31", True) == (fact["until"], fact["until_inclusive"])


def test_possible_values_stand_in_rows_of_their_own(archive: Archive) -> None:
    """Each value that may hold has a row, which says that none may."""
    append(archive, an_event("x", a_fact("a"), occurred="2020-01-01"), an_event("y", a_fact("b"), occurred="2025"))

    facts = archive.state(as_of="2025-06-30").as_json()["facts"]
    assert [("a", "possible", False), ("b", "possible", False)] == [
        (fact["value"], fact["certainty"], fact["may_be_absent"]) for fact in facts
    ]


def test_rows_are_sorted(archive: Archive) -> None:
    """By chronicle, subject, attribute, dimensions, period shape and value; numbers as numbers."""
    append(archive, an_attribute("many", cardinality="many"))
    facts = [
        a_fact(1, subject="b"),
        a_fact(10, subject="a", attribute="many"),
        a_fact(9, subject="a", attribute="many"),
        a_fact(1, subject="a", attribute="z", period="2024"),
        a_fact(2, subject="a", attribute="z", period="2024-01/2024-09"),
        a_fact(3, subject="a", attribute="z", dimensions={"partner": "usa"}),
    ]
    append(archive, an_event("x", *facts))

    rows = archive.state(as_of="2026").as_json()["facts"]
    told = [(row["subject"], row["attribute"], row["dimensions"], row["value"]) for row in rows]
    assert [
        ("a", "many", {}, 9),
        ("a", "many", {}, 10),
        ("a", "z", {}, 2),
        ("a", "z", {}, 1),
        ("a", "z", {"partner": "usa"}, 3),
        ("b", "attribute", {}, 1),
    ] == told


def test_a_row_names_the_version(archive: Archive) -> None:
    """A row says which version of its event it stands in, and the citations of that version."""
    append(archive, a_source("s"), a_source("t"), an_event("x", a_fact(1), sources=["s"]))
    append(archive, an_event("x", a_fact(2), sources=["t"]))

    [fact] = archive.state(as_of="2026").as_json()["facts"]
    assert (2, [{"source": "t"}]) == (fact["version"], fact["sources"])


def test_the_basis_gives_the_same_answer(archive: Archive, clock: Clock) -> None:
    """Asked again by its basis, an answer comes out as the same bytes, though time has passed and records came."""
    append(archive, a_source("s", "2024"), an_event("x", a_fact(1), sources=["s"]))
    said = archive.state(known="today", zone="Asia/Baku", resolution="latest-reported")
    clock.set("2027-01-01")
    append(archive, an_event("x", a_fact(2)), an_event("y", a_fact(3)), a_source("s", "2025"))

    basis: dict[str, Any] = {name: item for name, item in said.basis.as_json().items() if name != "schema"}
    assert encoded(said) == encoded(archive.state(**basis))


def test_receipts(archive: Archive, tmp_path: Any) -> None:
    """`load` answers with the position, one receipt a document, and what the folder no longer has."""
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "b.yaml").write_text("id: b\ntype: any.thing\noccurred: 2025\ntitle: B\n")
    append(archive, an_event("a"), an_event("gone"), a_retraction("gone"))

    expected = {
        "position": 4,
        "receipts": [
            {"chronicle": "c", "kind": "event", "id": "b", "version": 1, "position": 4, "outcome": "new"},
        ],
        "missing": ["a"],
    }
    assert expected == archive.load(str(folder)).as_json()


def test_a_reversion_says_to_what(archive: Archive, tmp_path: Any) -> None:
    """The receipt of a reversion names the version whose content is back."""
    file = tmp_path / "x.jsonl"
    titles = ("A", "B", "A")
    file.write_text("".join(json.dumps(an_event("x", title=title)) + "\n" for title in titles))

    receipts = archive.load(str(file), chronicle=CHRONICLE).as_json()["receipts"]
    assert isinstance(receipts, list)
    assert [None, None, 1] == [receipt.get("reverted_to") for receipt in receipts]

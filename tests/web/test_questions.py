"""The questions over HTTP answer what Python answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from chronicle.service import Archive
from chronicle.state.answer import record_json
from tests.builders import Clock, a_fact, a_source, an_event, url_of
from tests.project.checkout import ROOT
from tests.web.conftest import Client, client_of


def plain(document: Any) -> Any:
    """A document as it comes out of JSON."""
    return msgspec.json.decode(msgspec.json.encode(document))


QUESTIONS: list[tuple[str, dict[str, Any], Callable[[Archive], Any]]] = [
    ("state", {"as_of": "2025"}, lambda archive: archive.state(as_of="2025").as_json()),
    (
        "state",
        {"as_of": "2025", "known": "2026-03", "chronicle": "azerbaijan-us", "dimension": "partner=usa"},
        lambda archive: archive.state(
            as_of="2025", known="2026-03", chronicle="azerbaijan-us", dimensions={"partner": "usa"}
        ).as_json(),
    ),
    (
        "diff",
        {"from": "1993", "to": "1995", "chronicle": "azerbaijan-us"},
        lambda archive: archive.diff("1993", "1995", chronicle="azerbaijan-us").as_json(),
    ),
    (
        "diff",
        {"from": "known=2026-01", "to": "position=100", "as_of": "2026"},
        lambda archive: archive.diff({"known": "2026-01"}, {"position": 100}, as_of="2026").as_json(),
    ),
    (
        "events",
        {"as_of": "2026-03-01", "type": "plan"},
        lambda archive: archive.events(as_of="2026-03-01", type="plan").as_json(),
    ),
    ("conflicts", {"as_of": "1945"}, lambda archive: archive.conflicts(as_of="1945").as_json()),
    ("search", {"q": "gas", "limit": 3}, lambda archive: archive.search("gas", limit=3).as_json()),
]


@pytest.mark.parametrize(("name", "asked", "expected"), QUESTIONS)
def test_a_question(
    client: Client, curated: str, name: str, asked: dict[str, Any], expected: Callable[[Archive], Any]
) -> None:
    """The same document, basis included."""
    answer = client.get(f"/api/{name}", params=asked)

    with Archive.open(curated, now=Clock()) as archive:
        assert (200, plain(expected(archive))) == (answer.status_code, answer.json())


def test_a_history(client: Client, curated: str) -> None:
    """Every key that matches has its segments."""
    answer = client.get("/api/history", params={"subject": "azerbaijan", "attribute": "trade-turnover"}).json()

    with Archive.open(curated, now=Clock()) as archive:
        found = archive.history("azerbaijan", "trade-turnover")
        assert [plain(one.as_json()["segments"]) for one in found] == [one["segments"] for one in answer["histories"]]


def test_the_versions_of_a_document(client: Client, curated: str) -> None:
    """As `show` has them, with the basis up to which they were looked for."""
    answer = client.get("/api/show", params={"id": "trade-2025", "position": 100}).json()

    with Archive.open(curated, now=Clock()) as archive:
        assert plain([record_json(one) for one in archive.show("trade-2025")]) == answer["versions"]
    assert (100, None) == (answer["basis"]["position"], answer["basis"]["as_of"])


@pytest.mark.parametrize(
    ("path", "rows", "asked"),
    [
        ("state", "facts", {"as_of": "2025"}),
        ("conflicts", "conflicts", {"as_of": "2026", "chronicle": "contested"}),
        ("diff", "changes", {"from": "2010", "to": "2026"}),
        ("history", "histories", {"subject": "azerbaijan", "attribute": "cooperation-field"}),
        ("events", "events", {"as_of": "2026", "chronicle": "azerbaijan-us", "type": "agreement"}),
    ],
)
def test_answers_come_in_pages(curated_too: str, path: str, rows: str, asked: dict[str, str]) -> None:
    """Each says what to ask for next, and together they are the whole."""
    with client_of(curated_too) as client:
        compare(client, path, rows, asked)


@pytest.fixture(scope="module")
def curated_too(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The curated chronicles, and one in which sources contradict each other."""
    url = url_of(tmp_path_factory.mktemp("pages") / "chronicle.db")
    with Archive.open(url, now=Clock()) as archive:
        archive.load(ROOT / "events")
        told = [
            an_event(f"{source}-{subject}", {**a_fact(source, at="2026-01-01"), "subject": subject}, sources=[source])
            for subject in ("a", "b")
            for source in ("s1", "s2")
        ]
        archive.append([a_source("s1", "2026-01-02"), a_source("s2", "2026-01-03"), *told], chronicle="contested")
    return url


def compare(client: Client, path: str, rows: str, asked: dict[str, str]) -> None:
    """Hold the pages of an answer against the whole."""
    whole = client.get(f"/api/{path}", params=asked).json()
    found: list[Any] = []
    more: dict[str, Any] = {"limit": 1}
    while "limit" in more:
        page = client.get(f"/api/{path}", params={**asked, **more}).json()
        assert 1 == len(page[rows])
        found += page[rows]
        more = {"limit": 1, "after": page["next"]} if "next" in page else {}

    assert len(found) > 1
    assert _one_by_one(whole[rows]) == found


def _one_by_one(rows: list[Any]) -> list[Any]:
    """Rows as they come one at a time: a history, segment by segment."""
    return [{**row, **({"segments": [one]} if one else {})} for row in rows for one in row.get("segments", [None])]


def test_documents_come_in_pages(client: Client) -> None:
    """Page after page they are all there, once each, in one order."""
    whole = client.get("/api/documents/entity", params={"limit": 1000}).json()
    found: list[Any] = []
    after: int | None = 0
    while after is not None:
        page = client.get("/api/documents/entity", params={"limit": 7, "after": after}).json()
        assert len(page["documents"]) <= 7
        found += page["documents"]
        after = page.get("next")

    assert whole["documents"] == found
    assert len(found) > 7


def test_the_log_comes_in_pages(client: Client, curated: str) -> None:
    """A reader that goes on from each cursor has the whole log, and then an empty page with the same cursor."""
    found: list[int] = []
    cursor = "0"
    while page := client.get("/api/log", params={"after": cursor, "limit": 50}).json():
        if not page["records"]:
            break
        found += [one["position"] for one in page["records"]]
        cursor = page["cursor"]

    with Archive.open(curated, now=Clock()) as archive:
        assert list(range(1, archive.position() + 1)) == found
        assert (archive.cursor(), cursor) == (cursor, page["cursor"])


def test_a_report(client: Client, curated: str) -> None:
    """A report is what Python tells, in its own type."""
    answer = client.get("/api/report/azerbaijan-us", params={"as_of": "2026-03-01", "format": "md", "kind": "brief"})

    with Archive.open(curated, now=Clock()) as archive:
        assert archive.report("azerbaijan-us", as_of="2026-03-01", kind="brief") == answer.text
    assert answer.headers["content-type"].startswith("text/markdown")


def test_a_proof_that_can_be_verified(client: Client) -> None:
    """What is served is what `prove` gives, against a checkpoint that is served too."""
    proof = client.get("/api/prove", params={"id": "trade-2025"}).json()
    note = client.get("/api/checkpoint").text

    assert note.splitlines()[:3] == proof["checkpoint"].splitlines()[:3]
    assert client.get("/api/prove", params={"since": 10}).json()["checkpoint"]


@pytest.mark.parametrize(
    ("path", "status", "kind", "said"),
    [
        ("/api/state?as_of=2025-13", 400, "bad-question", "no month 13"),
        ("/api/state?asof=2025", 400, "bad-question", "'asof' is no parameter here"),
        ("/api/state?position=9999", 400, "bad-question", "9999"),
        ("/api/state?position=x", 400, "request", "Validation failed"),
        ("/api/state?dimension=partner", 400, "bad-question", "KEY=VALUE"),
        ("/api/state?zone=Mars", 400, "bad-question", "Mars"),
        ("/api/state?chronicle=azerbaijan", 404, "unknown", "did you mean azerbaijan-us"),
        ("/api/show?id=trade-2026", 404, "unknown", "trade-2025"),
        ("/api/history?subject=a", 400, "request", "attribute"),
        ("/api/documents/event", 400, "bad-question", "kind: expected one of"),
        ("/api/report/azerbaijan-us?format=exe", 400, "bad-question", "there is no format"),
        ("/api/log?after=nonsense", 400, "bad-question", "neither a position nor a cursor"),
        ("/api/log?limit=100000", 400, "request", "<= 1000"),
        ("/api/state?limit=0", 400, "request", ">= 1"),
        ("/api/state?after=x", 400, "bad-question", "is not what a page said comes next"),
        ("/api/prove", 400, "bad-question", "name an id"),
        ("/api/nothing", 404, "request", "Not Found"),
        ("/nothing", 404, "request", "Not Found"),
    ],
)
def test_what_cannot_be_answered(client: Client, path: str, status: int, kind: str, said: str) -> None:
    """A problem document (RFC 9457) says why, and nobody keeps it."""
    answer = client.get(path)

    told = answer.json()
    assert (status, status, f"urn:chronicle:problem:{kind}") == (answer.status_code, told["status"], told["type"])
    assert said in answer.text
    assert ("application/problem+json", "no-store") == (
        answer.headers["content-type"],
        answer.headers["cache-control"],
    )


def test_a_fault_of_the_program_tells_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its details are for the log of the server."""

    def fails(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret of the program")

    monkeypatch.setattr(Archive, "state", fails)
    answer = client.get("/api/state")

    assert 500 == answer.status_code
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("query", "keeps"),
    [
        ("as_of=2025&position=100", "public, max-age=31536000, immutable"),
        ("as_of=2025&known=2026-02&position=100", "public, max-age=31536000, immutable"),
        ("as_of=2025", "public, no-cache"),
        ("position=100", "no-store"),
        ("as_of=yesterday&position=100", "no-store"),
        ("as_of=2025&known=today&position=100", "no-store"),
        ("", "no-store"),
    ],
)
def test_how_long_an_answer_may_be_kept(client: Client, query: str, keeps: str) -> None:
    """For ever where the basis is named; until the next append where a date is; not at all where it is now."""
    assert keeps == client.get(f"/api/state?chronicle=azerbaijan-us&{query}").headers["cache-control"]


def test_an_answer_that_the_client_has(client: Client) -> None:
    """It is not sent again."""
    first = client.get("/api/state?as_of=2025")
    again = client.get("/api/state?as_of=2025", headers={"if-none-match": first.headers["etag"]})

    assert (304, b"", first.headers["etag"]) == (again.status_code, again.content, again.headers["etag"])


def test_a_description(client: Client) -> None:
    """OpenAPI 3.1 names every route."""
    told = client.get("/api/openapi.json").json()

    assert told["openapi"].startswith("3.1")
    assert {"/api/state", "/api/append", "/api/log", "/api/report/{chronicle}"} <= told["paths"].keys()


def test_browsers_are_told_to_be_careful(client: Client) -> None:
    """Every answer has the headers, refusals too."""
    for path in ("/api/state", "/api/nothing"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "nosniff" == headers["x-content-type-options"]


@pytest.mark.parametrize("path", ["/api/state?as_of=2025&chronicle=%00", "/api/show?id=a%00b", "/feeds/%00/atom"])
def test_a_nul_is_a_bad_question_on_every_database(url_on_disk: str, path: str) -> None:
    """A client that sends one is at fault, and no database is said to have failed."""
    with client_of(url_on_disk) as client:
        answer = client.get(path)

    assert (400, "urn:chronicle:problem:bad-question") == (answer.status_code, answer.json()["type"])

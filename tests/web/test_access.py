"""Who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chronicle.errors import QuestionError
from chronicle.service import Archive
from tests.builders import Clock, a_fact, an_event
from tests.web.conftest import Client, client_of


@pytest.fixture
def clock() -> Clock:
    """The clock of the archive."""
    return Clock()


@pytest.fixture
def guarded(url: str, clock: Clock) -> Iterator[Client]:
    """A client of an archive of two chronicles that wants tokens."""
    with Archive.open(url, now=clock) as archive:
        for chronicle in ("one", "two"):
            archive.append([an_event("e1")], chronicle=chronicle)
    with client_of(url, "tokens", clock) as client:
        yield client


def bearing(client: Client, *scopes: str, **more: Any) -> dict[str, str]:
    """The headers of somebody with a new token."""
    archive: Archive = client.app.state.archive
    text, _ = archive.tokens().create("desk", scopes, **more)
    return {"authorization": f"Bearer {text}"}


def appended(client: Client, headers: dict[str, str], *documents: Any, chronicle: str = "one", **more: Any) -> Any:
    """What is answered to documents."""
    return client.post(
        "/api/append", json={"chronicle": chronicle, "documents": list(documents), **more}, headers=headers
    )


@pytest.mark.parametrize("path", ["/api/state", "/api/log", "/api/search?q=e", "/api/openapi.json", "/api/checkpoint"])
def test_without_a_token(guarded: Client, path: str) -> None:
    """Nothing is told, and how to come in is."""
    answer = guarded.get(path)

    assert (401, 'Bearer realm="chronicle"') == (answer.status_code, answer.headers["www-authenticate"])


def test_anybody_may_ask_for_its_health(guarded: Client) -> None:
    """Whoever watches the service needs no token."""
    assert (200, 200) == (guarded.get("/health").status_code, guarded.get("/ready").status_code)


@pytest.mark.parametrize(
    "text", ["", "chr_", "chr_x_y", "Bearer", "x" * 10_000, "chr_000000000000_" + "A" * 43, "é_é_é"]
)
def test_a_token_that_is_none(guarded: Client, text: str) -> None:
    """It is not let in, and the answer does not say in what it differs from one that is."""
    answer = guarded.get("/api/state", headers={b"authorization": f"Bearer {text}".encode()})

    assert (401, True) == (answer.status_code, "invalid_token" in answer.headers["www-authenticate"])


def test_a_token_that_reads(guarded: Client) -> None:
    """It reads all chronicles and writes to none."""
    headers = bearing(guarded, "read")

    assert 200 == guarded.get("/api/state", headers=headers).status_code
    assert 403 == appended(guarded, headers, an_event("e2")).status_code


def test_answers_to_bearers_are_private(guarded: Client) -> None:
    """No shared cache may hand them to others."""
    answer = guarded.get("/api/state?as_of=2025&position=1", headers=bearing(guarded, "read"))

    assert answer.headers["cache-control"].startswith("private, ")


def test_answers_to_bearers_are_theirs(guarded: Client) -> None:
    """A browser that keeps them gives them to nobody who logs in after."""
    answer = guarded.get("/api/state?as_of=2025&position=1", headers=bearing(guarded, "read"))

    assert {"accept-encoding", "authorization", "cookie"} <= set(answer.headers["vary"].lower().split(", "))


def test_a_token_of_one_chronicle(guarded: Client) -> None:
    """It must name that chronicle, reading and writing, and no other."""
    headers = bearing(guarded, "read", "append", chronicles=["one"])

    codes = [guarded.get(f"/api/state{query}", headers=headers).status_code for query in ("", "?chronicle=two")]
    assert [403, 403] == codes
    assert 200 == guarded.get("/api/state?chronicle=one", headers=headers).status_code
    assert 403 == guarded.get("/api/report/two?format=md", headers=headers).status_code
    assert 200 == guarded.get("/api/report/one?format=md", headers=headers).status_code
    assert 403 == guarded.get("/api/log", headers=headers).status_code
    assert 200 == appended(guarded, headers, an_event("e2")).status_code
    assert 403 == appended(guarded, headers, an_event("e2"), chronicle="two").status_code
    assert 403 == appended(guarded, headers, an_event("e3", chronicle="two")).status_code


def test_a_token_that_appends_but_does_not_correct(guarded: Client) -> None:
    """New ids are taken; a new version of one that is there, or a retraction, is not."""
    headers = bearing(guarded, "append")

    assert 200 == appended(guarded, headers, an_event("e2")).status_code
    answer = appended(guarded, headers, an_event("e2", title="Other"))
    assert (409, "version") == (answer.status_code, answer.json()["code"])
    retraction = {"kind": "event", "id": "e1", "retracted": True, "note": "no"}
    assert 409 == appended(guarded, headers, retraction).status_code
    assert 200 == appended(guarded, bearing(guarded, "correct"), an_event("e2", title="Other")).status_code


def test_what_is_recorded_names_the_token(guarded: Client) -> None:
    """The record says who recorded it."""
    appended(guarded, bearing(guarded, "append"), an_event("e2"))

    versions = guarded.get("/api/show?id=e2", headers=bearing(guarded, "read")).json()["versions"]
    assert ["desk"] == [one["recorded_by"] for one in versions]


def test_a_token_that_is_revoked(guarded: Client) -> None:
    """From then on it opens nothing."""
    headers = bearing(guarded, "read")
    archive: Archive = guarded.app.state.archive
    archive.tokens().revoke(archive.tokens().all()[-1].id)

    assert 401 == guarded.get("/api/state", headers=headers).status_code


def test_a_token_that_expires(guarded: Client, clock: Clock) -> None:
    """To the microsecond."""
    headers = bearing(guarded, "read", expires=clock.now + 10)

    clock.now += 9
    assert 200 == guarded.get("/api/state", headers=headers).status_code
    clock.now += 1
    assert 401 == guarded.get("/api/state", headers=headers).status_code


def test_when_a_token_was_used_is_known_to_a_minute(guarded: Client, clock: Clock) -> None:
    """No more is kept of what its bearer does."""
    headers = bearing(guarded, "read")
    clock.set("2026-03-01T10:20:35")
    guarded.get("/api/state", headers=headers)

    archive: Archive = guarded.app.state.archive
    assert "2026-03-01T10:20:00.000000Z" == archive.tokens().all()[-1].as_json()["used"]


def test_only_a_hash_is_kept(guarded: Client, url: str) -> None:
    """Whoever reads the database has no token."""
    text = bearing(guarded, "read")["authorization"].removeprefix("Bearer ")
    secret = text.split("_", 2)[2]

    with open(url.removeprefix("sqlite:///"), "rb") as file, open(f"{file.name}-wal", "rb") as wal:  # noqa: PTH123 - two at once
        assert secret.encode() not in file.read() + wal.read()


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("a\nb", ["read"]), ("desk", []), ("desk", ["write"])])
def test_a_token_that_cannot_be_made(guarded: Client, name: str, scopes: list[str]) -> None:
    """Without a name or a scope that there is."""
    archive: Archive = guarded.app.state.archive
    with pytest.raises(QuestionError):
        archive.tokens().create(name, scopes)


def test_where_anybody_may_read(url: str) -> None:
    """Reading needs no token, recording does."""
    with client_of(url, "public-read") as client:
        assert 200 == client.get("/api/state").status_code
        assert 401 == appended(client, {}, an_event("e1")).status_code
        assert 200 == appended(client, bearing(client, "append"), an_event("e1")).status_code
        assert 401 == client.get("/api/state", headers={"authorization": "Bearer chr_x_y"}).status_code


@pytest.mark.parametrize("host", ["example.org", "example.org:8765", "127.0.0.1.example.org", ""])
def test_a_name_of_another_host(writable: Client, host: str) -> None:
    """A page of another site that gave its own name our address is not answered."""
    assert 421 == writable.get("/api/state", headers={"host": host}).status_code


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765", "LOCALHOST"])
def test_a_name_of_this_host(writable: Client, host: str) -> None:
    """Each is answered."""
    assert 200 == writable.get("/api/state", headers={"host": host}).status_code


@pytest.mark.parametrize(
    "headers", [{"origin": "http://example.org"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_page_of_another_site_changes_nothing(writable: Client, headers: dict[str, str]) -> None:
    """Whatever it sends."""
    assert 403 == appended(writable, headers, an_event("e1")).status_code
    assert 0 == writable.get("/ready").json()["position"]


def test_tokens_cannot_be_told_apart(guarded: Client, clock: Clock) -> None:
    """One that never was, one with another secret, one that expired and one that was revoked are answered alike."""
    archive: Archive = guarded.app.state.archive
    good, expired, revoked = (bearing(guarded, "read", **more) for more in ({}, {"expires": clock.now + 1}, {}))
    archive.tokens().revoke(revoked["authorization"].split("_")[1])
    clock.now += 1
    wrong = {"authorization": good["authorization"][:-4] + "AAAA"}
    never = {"authorization": "Bearer chr_000000000000_" + "A" * 43}

    answers = [guarded.get("/api/state", headers=one) for one in (wrong, never, expired, revoked)]
    assert 200 == guarded.get("/api/state", headers=good).status_code
    assert {401} == {one.status_code for one in answers}
    assert 1 == len({one.content for one in answers}) == len({one.headers["www-authenticate"] for one in answers})


@pytest.mark.parametrize(
    "path",
    [
        "/api/state?chronicle=one&chronicle=two",
        "/api/state?chronicle=two&chronicle=one",
        "/api/state?chronicle=",
        "/api/state?chronicle=one%20",
        "/api/state?chronicle=ONE",
        "/api/state?Chronicle=one",
        "/api/state?chronicle=%6Fne&chronicle=two",
        "/api/report/two?format=md&chronicle=one",
        "/chronicles/two?chronicle=one",
        "/entities/two/subject?chronicle=one",
        "/chronicles/%74wo?chronicle=one",
        "/api/diff?from=2024&to=2025",
        "/api/log?chronicle=one&chronicle=two",
        "/api/search?q=only&chronicle=one&chronicle=two",
        "/search?q=only&chronicle=one&chronicle=two",
        "/chronicles/one?chronicle=two",
        "/metrics",
    ],
)
def test_no_address_leads_out_of_the_chronicle_of_a_token(guarded: Client, path: str) -> None:
    """However the one that may be read is named beside it, nothing of another is told."""
    archive: Archive = guarded.app.state.archive
    archive.append([an_event("secret", a_fact("Only in two"), title="Only in two")], chronicle="two")
    answer = guarded.get(path, headers=bearing(guarded, "read", chronicles=["one"]))

    assert answer.status_code in (400, 403, 404)
    assert "Only in two" not in answer.text


@pytest.mark.parametrize("path", ["/api/state?token={}", "/api/state?access_token={}", "/?token={}"])
def test_a_token_in_an_address_opens_nothing(guarded: Client, path: str) -> None:
    """Addresses are logged, kept and sent on by everybody on the way."""
    text = bearing(guarded, "read")["authorization"].removeprefix("Bearer ")

    assert 401 == guarded.get(path.format(text)).status_code


@pytest.mark.parametrize("kind", ["Basic", "Token", "BearerX", "Negotiate"])
def test_a_token_shown_otherwise_opens_nothing(guarded: Client, kind: str) -> None:
    """Only as a bearer token (RFC 6750), however that is written."""
    text = bearing(guarded, "read")["authorization"].removeprefix("Bearer ")

    assert 401 == guarded.get("/api/state", headers={"authorization": f"{kind} {text}"}).status_code
    assert 200 == guarded.get("/api/state", headers={"authorization": f"bEARER   {text}"}).status_code


def test_nothing_is_read_of_who_may_not_append(guarded: Client) -> None:
    """A body that is no JSON, or too large, is answered as if there were none: by what the token lacks."""
    for headers, status in (({}, 401), (bearing(guarded, "read"), 403)):
        for body in (b"{", b" " * (17 * 1024 * 1024)):
            sent = {**headers, "content-type": "application/json"}
            assert status == guarded.post("/api/append", content=body, headers=sent).status_code


def test_more_documents_than_one_append_takes(guarded: Client) -> None:
    """They are refused as too many, whatever they are."""
    answer = appended(guarded, bearing(guarded, "append"), *[{}] * 10_001)

    assert (413, True) == (answer.status_code, "10000" in answer.json()["detail"])

"""Servers that mean harm, or are none of ours: what they send ends as an error that says so."""

from __future__ import annotations

import gzip
import json
from typing import Any

import httpx
import pytest

from chronicle.client import Client, Limits, Patience
from chronicle.client.patience import asked_to_wait
from chronicle.errors import ChronicleError, MissingExtraError, QuestionError, StoreError
from tests.client.conftest import Patiently

URN = "urn:chronicle:problem:"


def asking(answer: httpx.Response, patiently: Patiently, **options: Any) -> Client:
    """A client of a server that always answers the same."""
    transport = httpx.MockTransport(lambda _: answer)
    return Client(
        "https://here.example", transport=transport, outside=patiently.outside, sleep=patiently.sleep, **options
    )


def problem(status: int, **members: Any) -> httpx.Response:
    """A problem document."""
    return httpx.Response(status, content=json.dumps(members).encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>welcome</html>",
        b"[" * 100_000,
        b"{}",
        b'{"basis": 3, "facts": []}',
        b"\xff\xfe",
        b"null",
        b'{"basis": {"position": 1e400}}',
    ],
)
def test_what_is_no_answer_is_an_error(body: bytes, patiently: Patiently) -> None:
    """Whatever comes with 200 and is not what was asked for."""
    with (
        asking(httpx.Response(200, content=body), patiently) as client,
        pytest.raises(StoreError, match="cannot be read"),
    ):
        client.state(as_of="2025")


def test_what_is_packed_small_is_measured_unpacked(patiently: Patiently) -> None:
    """Thirty million zeros in thirty kilobytes are more than the limit."""
    packed = httpx.Response(200, content=gzip.compress(b"0" * 30_000_000), headers={"content-encoding": "gzip"})
    with (
        asking(packed, patiently, limits=Limits(most=1_000_000)) as client,
        pytest.raises(StoreError, match="more than 1000000 bytes"),
    ):
        client.state(as_of="2025")


def test_what_cannot_be_unpacked_is_an_error(patiently: Patiently) -> None:
    """An answer that says it is packed and is not."""
    broken = httpx.Response(200, stream=httpx.ByteStream(b"none"), headers={"content-encoding": "gzip"})
    with (
        asking(broken, patiently, patience=Patience(attempts=1)) as client,
        pytest.raises(StoreError, match="DecodingError"),
    ):
        client.state(as_of="2025")


def test_messages_of_a_server_do_not_command_a_terminal(patiently: Patiently) -> None:
    """Control characters are shown as what they are, and a message has an end."""
    told = problem(400, type=f"{URN}bad-question", detail="\x1b[2J\x07no\u202e" + "x" * 100_000)
    with asking(told, patiently) as client, pytest.raises(QuestionError) as error:
        client.state(as_of="2025")

    assert str(error.value).startswith("\\x1b[2J\\x07no\\u202e")
    assert len(str(error.value)) < 3_000


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (problem(501, type=f"{URN}not-installed", detail="reports need typst"), MissingExtraError),
        (problem(500, type=f"{URN}internal", detail="a fault"), StoreError),
        (problem(418, type="about:blank", title="a teapot"), QuestionError),
        (problem(422, type=f"{URN}refused", detail="refused", problems="none"), QuestionError),
        (httpx.Response(500, content=b"<html>oops</html>"), StoreError),
        (httpx.Response(404, content=b"[]"), QuestionError),
        (httpx.Response(304, content=b""), StoreError),
    ],
)
def test_what_a_server_says_is_the_nearest_error(
    answer: httpx.Response, kind: type[ChronicleError], patiently: Patiently
) -> None:
    """Problem documents by their types, all else by its status."""
    with asking(answer, patiently) as client, pytest.raises(kind):
        client.report("c", format="pdf")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 90.0),
        ("Thu, 01 Jan 1970 00:00:01 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
        ("-5", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("Thu, 99 Jan 1970 00:00:01 GMT", 0.0),
        ("١٢", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float) -> None:
    """Both forms of RFC 9110, section 10.2.3; what is neither asks for nothing."""
    assert seconds == asked_to_wait({"retry-after": text}, now=10.0)


def test_waits_stay_below_their_ceiling() -> None:
    """They double up to the longest one, however often it failed."""
    patience = Patience(first=0.5, longest=30.0)

    assert [0.5, 1, 2, 4, 8, 16, 30, 30] == [patience.wait(failed, 1.0, 0.0) for failed in range(1, 9)]
    assert 30 == patience.wait(10**6, 1.0, 0.0)
    assert 0 == patience.wait(3, 0.0, 0.0)

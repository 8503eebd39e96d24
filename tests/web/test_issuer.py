"""Tokens of an issuer: which are let in, as whom, and that its keys are asked for with measure."""

from __future__ import annotations

import base64
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import OctKey, RSAKey
from litestar.testing import TestClient

from chronicle.admitting import Pass
from chronicle.errors import QuestionError
from chronicle.service import Archive
from chronicle.web.app import application, issuer
from chronicle.web.issuer import ALGORITHMS, Issuer, issuer_settings
from chronicle.web.issuer_keys import BETWEEN, FRESH, LASTING, MOST_BYTES, Keys, NoKeysError, fetching, keys_of
from tests.builders import Clock, an_event
from tests.web.issuing import (
    AUDIENCE,
    NAME,
    SECOND,
    Published,
    a_certificate,
    a_jwt,
    edwards,
    elliptic,
    key_set,
    published,
    rsa,
)
from tests.web.pages.conftest import an_office

RSA = rsa()
OTHER = rsa("other")
EC = elliptic()
ED = edwards()


@pytest.fixture(scope="module")
def keys() -> Iterator[Published]:
    """The server of the keys of the issuer."""
    with published(RSA, EC, ED) as told:
        yield told


def an_issuer(place: str, clock: Clock | None = None, seconds: Any = None, **more: str) -> Issuer:
    """An issuer whose keys are at a place."""
    environment = {
        "CHRONICLE_OIDC_ISSUER": NAME,
        "CHRONICLE_OIDC_AUDIENCE": AUDIENCE,
        "CHRONICLE_OIDC_KEYS": place,
        **{f"CHRONICLE_OIDC_{name}": text for name, text in more.items()},
    }
    said = issuer_settings(environment)
    assert said is not None
    return Issuer(said, clock or Clock(), Keys(fetching(place), seconds or (lambda: 0.0)))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(RSA, name) for name in ALGORITHMS if name[:2] in ("RS", "PS")] + [(EC, "ES256"), (ED, "Ed25519")],
)
def test_a_token_that_is_signed(keys: Published, key: Any, algorithm: str) -> None:
    """With any algorithm of the list it is let in, as whoever it names, for what it names, until it ends."""
    expected = Pass(
        f"alice ({NAME})", f"alice ({NAME})", frozenset({"read"}), frozenset(), NAME, (SECOND + 300) * 1_000_000
    )
    assert expected == an_issuer(keys.address).admit(a_jwt(key, algorithm))


def _coded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _unsigned(algorithm: str) -> str:
    payload = a_jwt(RSA).split(".")[1]
    return f"{_coded(json.dumps({'alg': algorithm, 'kid': 'one'}).encode())}.{payload}."


def _confused(text: bytes) -> str:
    """Signed with a public key of the issuer as if it were a shared secret."""
    said = _unsigned("HS256").rstrip(".")
    return f"{said}.{_coded(hmac.digest(text, said.encode(), 'sha256'))}"


def _changed(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{_coded(json.dumps({**claims, 'sub': 'root'}).encode())}.{signature}"


FORGED = {
    "no algorithm": _unsigned("none"),
    "no algorithm, otherwise written": _unsigned("None"),
    "no algorithm, in capitals": _unsigned("NONE"),
    "a signature that is left out": _unsigned("RS256"),
    "a public key as a secret": _confused(RSA.as_pem(private=False)),
    "a public key as a secret, in DER": _confused(
        RSA.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ),
    "a published key as a secret": _confused(key_set(RSA)),
    "another key of the same id": a_jwt(rsa("one")),
    "a key that comes with the token": a_jwt(OTHER, header={"jwk": OTHER.as_dict(private=False), "kid": None}),
    "a key from elsewhere": a_jwt(OTHER, header={"jku": "https://evil.example/keys"}),
    "an unknown key": a_jwt(OTHER),
    "a key of another kind": a_jwt(EC, "ES256", header={"kid": "one"}),
    "an algorithm of another kind of key": a_jwt(RSA, "RS256", header={"kid": "ec"}),
    "no id where there are several keys": a_jwt(rsa(None), header={"kid": None}),
    "claims that were changed": _changed(a_jwt(RSA)),
    "an extension that must be understood": a_jwt(RSA, header={"crit": ["b64"], "b64": True}),
    "another type": a_jwt(RSA, header={"typ": "logout+jwt"}),
    "a key of its bearer": a_jwt(RSA, cnf={"jkt": "x"}),
    "another issuer": a_jwt(RSA, iss="https://evil.example/"),
    "an issuer almost the same": a_jwt(RSA, iss=NAME.rstrip("/")),
    "issuers": a_jwt(RSA, iss=[NAME]),
    "no issuer": a_jwt(RSA, iss=None),
    "another audience": a_jwt(RSA, aud="https://other.example.org"),
    "no audience": a_jwt(RSA, aud=None),
    "no audience in a list": a_jwt(RSA, aud=[]),
    "no subject": a_jwt(RSA, sub=None),
    "a blank subject": a_jwt(RSA, sub=""),
    "a subject of two lines": a_jwt(RSA, sub="a\nb"),
    "a long subject": a_jwt(RSA, sub="a" * 256),
    "a subject that is a number": a_jwt(RSA, sub=1),
    "no end": a_jwt(RSA, exp=None),
    "an end that is a text": a_jwt(RSA, exp="9999999999"),
    "an end that is no number": a_jwt(RSA, exp=float("nan")),
    "expired": a_jwt(RSA, exp=SECOND - 30),
    "not yet": a_jwt(RSA, nbf=SECOND + 31),
    "issued later": a_jwt(RSA, iat=SECOND + 31),
    "too long": a_jwt(RSA, more="x" * 9000),
    "claims that are a list": "e30.W10.e30",
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_token_that_is_not_what_it_must_be(keys: Published, token: str) -> None:
    """It is not let in."""
    assert an_issuer(keys.address).admit(token) is None


def test_clocks_may_differ_a_little(keys: Published) -> None:
    """By half a minute, to either side."""
    taken = an_issuer(keys.address)

    assert taken.admit(a_jwt(RSA, exp=SECOND - 29)) is not None
    assert taken.admit(a_jwt(RSA, nbf=SECOND + 30)) is not None


def test_a_token_ends(keys: Published) -> None:
    """By the clock that was given."""
    clock = Clock()
    taken, token = an_issuer(keys.address, clock), a_jwt(RSA)

    assert taken.admit(token) is not None
    clock.now += 330_000_000
    assert taken.admit(token) is None


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "chronicle:read chronicle:append"}, {"read", "append"}),
        ({"scope": ["chronicle:admin"]}, {"admin"}),
        ({"scope": "read append correct admin"}, set()),
        ({"scope": None}, set()),
        ({"scope": {"chronicle:admin": True}}, set()),
        ({"scope": "openid"}, set()),
    ],
)
def test_scopes_as_they_are_named(keys: Published, claims: dict[str, Any], scopes: set[str]) -> None:
    """`chronicle:read` and its like; what has another name, even ours, allows nothing."""
    found = an_issuer(keys.address).admit(a_jwt(RSA, **claims))

    assert found is not None
    assert scopes == found.scopes


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("groups", {"groups": ["writers", "staff"]}),
        ("https://example.org/groups", {"https://example.org/groups": ["writers"]}),
        ("/resource_access/chronicle/roles", {"resource_access": {"chronicle": {"roles": ["writers"]}}}),
        ("/a~1b/c~0d", {"a/b": {"c~d": "writers"}}),
    ],
)
def test_scopes_that_a_setting_maps(keys: Published, claim: str, claims: dict[str, Any]) -> None:
    """A claim of another name, or within others, and names that stand for several scopes."""
    taken = an_issuer(keys.address, SCOPE_CLAIM=claim, SCOPES="writers=append writers=read boss=admin")
    found = taken.admit(a_jwt(RSA, **claims))

    assert found is not None
    assert {"append", "read"} == found.scopes


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"chronicles": "one two"}, ({"read"}, {"one", "two"})),
        ({"chronicles": ["one"]}, ({"read"}, {"one"})),
        ({"chronicles": ["*"]}, ({"read"}, set())),
        ({"chronicles": ["one two", 1, None, ""]}, (set(), set())),
        ({"chronicles": []}, (set(), set())),
        ({}, (set(), set())),
    ],
)
def test_chronicles_that_a_claim_names(keys: Published, claims: dict[str, Any], expected: Any) -> None:
    """Where a claim names them, a token that names none is for none of them, and not for all."""
    found = an_issuer(keys.address, CHRONICLE_CLAIM="chronicles").admit(a_jwt(RSA, **claims))

    assert found is not None
    assert expected == (found.scopes, found.chronicles)


@pytest.mark.parametrize(
    "more", [{"alg": "RS256"}, {"use": "sig"}, {"key_ops": ["verify"]}, {"x5c": ["AAAA"]}], ids=str
)
def test_a_key_of_the_issuer(more: dict[str, Any]) -> None:
    """One that is for signatures is taken, with what else may stand with it."""
    with published() as told:
        told.body = key_set(RSA, **more)
        assert an_issuer(told.address).admit(a_jwt(RSA)) is not None
        assert an_issuer(told.address).admit(a_jwt(RSA, header={"kid": None})) is not None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b'{"keys": []}',
        b'{"keys": {}}',
        b'{"keys": [1, null, "x"]}',
        b"[" * 100_000,
        b'{"keys": [' + b" " * MOST_BYTES + b"]}",
        key_set(RSA, use="enc"),
        key_set(RSA, key_ops=["encrypt"]),
        key_set(RSA, private=True),
        key_set(OctKey.generate_key(256, {"kid": "one"}), private=True),
        key_set(RSA, n="AQAB"),
        key_set(RSA, n="!" * 400),
        key_set(EC, x="AAAA"),
        key_set(RSA, kty="oct", k="AAAA"),
        json.dumps({"keys": [{"kty": "RSA", "kid": "one", "n": "AAAA" * 60, "e": "AQAB"}]}).encode(),
    ],
    ids=range(17),
)
def test_a_key_set_that_is_none(text: bytes) -> None:
    """What has no public key of length that is for signatures is no key set."""
    with pytest.raises(ValueError, match="key set"):
        keys_of(text)


def test_an_algorithm_that_a_key_is_not_for() -> None:
    """A key that names its algorithm is for no other."""
    with published() as told:
        told.body = key_set(RSA, alg="RS512")
        taken = an_issuer(told.address)
        assert [True, False] == [taken.admit(a_jwt(RSA, name)) is not None for name in ("RS512", "RS256")]


def test_a_key_that_is_new() -> None:
    """A token that names a key that is not known is waited with until the keys were asked for again."""
    now = [0.0]
    with published(RSA) as told:
        taken = an_issuer(told.address, seconds=lambda: now[0])
        assert taken.admit(a_jwt(RSA)) is not None
        told.body = key_set(OTHER)
        now[0] = BETWEEN
        assert [True, False] == [taken.admit(a_jwt(key)) is not None for key in (OTHER, RSA)]
        assert 2 == told.asked


def test_made_up_keys_do_not_make_us_ask() -> None:
    """However many tokens name keys that there are not, the issuer is asked once in half a minute."""
    now = [0.0]
    with published(RSA) as told:
        taken = an_issuer(told.address, seconds=lambda: now[0])
        for number in range(50):
            assert taken.admit(a_jwt(OTHER, header={"kid": f"made-up-{number}"})) is None
        assert 1 == told.asked
        now[0] = BETWEEN - 0.001
        taken.admit(a_jwt(OTHER))
        assert 1 == told.asked
        now[0] = BETWEEN
        taken.admit(a_jwt(OTHER))
        assert 2 == told.asked
        assert taken.admit(a_jwt(RSA)) is not None


def test_many_at_once_ask_once() -> None:
    """The first tokens of a server, all at the same time, fetch the keys once, and all are let in."""
    with published(RSA) as told:
        taken, token = an_issuer(told.address), a_jwt(RSA)
        found: list[Pass | None] = []
        threads = [threading.Thread(target=lambda: found.append(taken.admit(token))) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (20, True, 1) == (len(found), None not in found, told.asked)


def test_keys_are_asked_for_again_and_outlast_a_failure() -> None:
    """After an hour they are fetched; while that fails those there are count, for a day, and then nobody is let in."""
    now = [0.0]
    with published(RSA) as told:
        taken, token = an_issuer(told.address, seconds=lambda: now[0]), a_jwt(RSA)
        assert (True, 1) == (taken.admit(token) is not None, told.asked)
        now[0] = FRESH - 1
        assert (True, 1) == (taken.admit(token) is not None, told.asked)
        told.status = 500
        for seconds in (FRESH, LASTING - 1):
            now[0] = seconds
            assert taken.admit(token) is not None
        assert 3 == told.asked
        now[0] = LASTING + BETWEEN
        with pytest.raises(NoKeysError, match="500"):
            taken.admit(token)
        told.status = 200
        now[0] += BETWEEN
        assert taken.admit(token) is not None


def test_an_answer_that_does_not_end_is_not_read() -> None:
    """No more bytes than a key set has."""

    def answer(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        try:
            for _ in range(1000):
                handler.wfile.write(b" " * 65_536)
        except OSError:
            given_up.set()

    given_up = threading.Event()
    with published() as told:
        told.instead = answer
        with pytest.raises(ValueError, match="at most"):
            keys_of(fetching(told.address)())
        assert given_up.wait(30)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"])
def test_an_answer_that_does_not_come_is_not_waited_for(sent: bytes) -> None:
    """Wherever it stops, and however slowly it goes on."""
    ended = threading.Event()

    def answer(handler: Any) -> None:
        handler.wfile.write(sent)
        ended.wait(30)

    with published() as told:
        told.instead = answer
        try:
            with pytest.raises(OSError, match=r"within 0\.2|timed out"):
                fetching(told.address, patience=0.2)()
        finally:
            ended.set()


def test_whoever_publishes_the_keys_proves_who_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that nobody trusts is refused; one that the system is told to trust is not."""
    certificate = a_certificate(tmp_path)
    with published(RSA, certificate=certificate) as told:
        address = f"https://127.0.0.1:{told.port}/keys"
        with pytest.raises(ssl.SSLCertVerificationError):
            fetching(address)()
        assert 0 == told.asked
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert told.body == fetching(address)()
        with pytest.raises(ssl.SSLCertVerificationError):
            fetching(address.replace("127.0.0.1", "localhost"))()


def test_no_redirect_is_followed() -> None:
    """An address is the one that was set, and no other."""
    with published(RSA) as elsewhere, published() as told:
        told.status, told.headers = 302, {"location": elsewhere.address}
        with pytest.raises(ValueError, match="302"):
            fetching(told.address)()
        assert 0 == elsewhere.asked


def test_keys_in_a_file(tmp_path: Path) -> None:
    """For an issuer that cannot be reached; a file that is written anew is read anew."""
    now, file = [0.0], tmp_path / "keys.json"
    file.write_bytes(key_set(RSA))
    taken = an_issuer(str(file), seconds=lambda: now[0])

    assert taken.admit(a_jwt(RSA)) is not None
    file.write_bytes(key_set(OTHER))
    now[0] = BETWEEN
    assert taken.admit(a_jwt(OTHER)) is not None


@given(
    st.one_of(
        st.text(max_size=200),
        st.tuples(
            st.dictionaries(
                st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk", "zip"]),
                st.recursive(
                    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["RS256", "one", "b64"]),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
                ),
            ),
            st.binary(max_size=60),
        ).map(lambda parts: ".".join(_coded(part) for part in (json.dumps(parts[0]).encode(), parts[1], parts[1]))),
    )
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_it(keys: Published, text: str) -> None:
    """Whatever is sent in the place of a token is not let in, and raises nothing."""
    assert an_issuer(keys.address).admit(text) is None


@pytest.mark.parametrize("depth", [100, 2000])
def test_a_header_of_many_levels(keys: Published, depth: int) -> None:
    """It is not let in, and raises nothing."""
    header = _coded(b'{"alg":' + b"[" * depth)

    assert an_issuer(keys.address).admit(f"{header}.e30.e30") is None


@pytest.mark.parametrize(
    "place",
    [
        "http://example.org/keys",
        "ftp://example.org/keys",
        "https:///keys",
        "https://a:b@example.org/keys",
        "https://exa mple.org/\r\nx",
        "https://example.org:x/",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_is_not_taken(place: str) -> None:
    """Keys come by https, or from this machine: who changes them on the way could come in as anybody."""
    with pytest.raises(QuestionError):
        fetching(place)


@pytest.mark.parametrize(
    "environment",
    [
        {"ISSUER": NAME},
        {"ISSUER": NAME, "AUDIENCE": AUDIENCE},
        {"AUDIENCE": AUDIENCE, "KEYS": "keys.json"},
        {"SCOPES": "a=read"},
        {"ISSUER": NAME, "AUDIENCE": AUDIENCE, "KEYS": "keys.json", "SCOPES": "a"},
        {"ISSUER": NAME, "AUDIENCE": AUDIENCE, "KEYS": "keys.json", "SCOPES": "a=write"},
        {"ISSUER": NAME, "AUDIENCE": AUDIENCE, "KEYS": "keys.json", "SCOPES": "=admin"},
    ],
)
def test_settings_that_lack_something(environment: dict[str, str]) -> None:
    """Half a setting is refused: it would let in nobody, or others."""
    with pytest.raises(QuestionError, match="CHRONICLE_OIDC_"):
        issuer({f"CHRONICLE_OIDC_{name}": text for name, text in environment.items()})


def test_without_settings_there_is_none() -> None:
    """No token of anybody else is taken."""
    assert issuer({"CHRONICLE_DB": "x", "CHRONICLE_OIDC_ISSUER": ""}) is None


@pytest.fixture
def served(keys: Published) -> Iterator[tuple[TestClient[Any], Archive]]:
    """A server that takes tokens of the issuer, and its archive."""
    archive = an_office()
    taken = an_issuer(keys.address)
    with TestClient(application(archive, "tokens", issuer=taken), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        yield client, archive


def bearing(**claims: Any) -> dict[str, str]:
    """The headers of somebody with a token of the issuer."""
    return {"authorization": f"Bearer {a_jwt(RSA, **claims)}"}


def test_whoever_has_a_token_of_the_issuer_comes_in(served: tuple[TestClient[Any], Archive]) -> None:
    """For what it allows; tokens of the archive are taken beside it."""
    client, archive = served
    body = {"chronicle": "c", "documents": [an_event("n")]}

    assert 200 == client.get("/api/state", headers=bearing()).status_code
    assert 403 == client.post("/api/append", json=body, headers=bearing()).status_code
    assert 401 == client.get("/api/state", headers=bearing(exp=SECOND - 60)).status_code
    text, _ = archive.tokens().create("desk", ["read"])
    assert 200 == client.get("/api/state", headers={"authorization": f"Bearer {text}"}).status_code


def test_what_is_recorded_names_subject_and_issuer(served: tuple[TestClient[Any], Archive]) -> None:
    """The same subject of another issuer is somebody else."""
    client, archive = served
    body = {"chronicle": "c", "documents": [an_event("n")]}
    client.post("/api/append", json=body, headers=bearing(scope="chronicle:append")).raise_for_status()

    assert f"alice ({NAME})" == archive.show("n")[0].header.recorded_by


def test_a_browser_logs_in_with_a_token_of_the_issuer(served: tuple[TestClient[Any], Archive]) -> None:
    """Its session may what the token may, and is over where the tokens of its issuer are not taken any more."""
    client, archive = served
    sent = {"token": a_jwt(RSA, exp=SECOND + 60)}
    assert 303 == client.post("/login", data=sent, headers={"origin": "http://127.0.0.1"}).status_code
    assert f"alice ({NAME})" in client.get("/").text
    client.app.state.issuer = None
    assert 401 == client.get("/").status_code
    assert isinstance(archive, Archive)


def test_a_session_ends_with_the_token_of_the_issuer(keys: Published) -> None:
    """To the second that the token names."""
    archive, clock = an_office(), Clock()
    archive._now = clock  # noqa: SLF001 - the clock of the archive
    app = application(archive, "tokens", issuer=an_issuer(keys.address, clock))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        client.post("/login", data={"token": a_jwt(RSA, exp=SECOND + 60)}, headers={"origin": "http://127.0.0.1"})
        clock.now += 59_999_999
        assert 200 == client.get("/").status_code
        clock.now += 1
        assert 401 == client.get("/").status_code


def test_while_there_are_no_keys(served: tuple[TestClient[Any], Archive], keys: Published) -> None:
    """A token of the issuer is answered with 503 and not refused; one of the archive is taken."""
    client, archive = served
    nowhere = an_issuer(f"http://127.0.0.1:1/{keys.port}")
    client.app.state.issuer = nowhere

    assert 503 == client.get("/api/state", headers=bearing()).status_code
    text, _ = archive.tokens().create("desk", ["read"])
    assert 200 == client.get("/api/state", headers={"authorization": f"Bearer {text}"}).status_code


def test_short_keys_are_not_made_here() -> None:
    """The keys of these tests are as long as they must be."""
    assert isinstance(RSA, RSAKey)
    assert RSA.public_key.key_size >= 2048

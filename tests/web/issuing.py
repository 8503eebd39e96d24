"""Somebody who gives out signed tokens: real keys, real signatures, and a real server that publishes the keys."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.builders import NOW

NAME = "https://id.example.org/"
AUDIENCE = "https://chronicle.example.org"
SECOND = NOW // 1_000_000

SigningKey = RSAKey | ECKey | OKPKey | OctKey

_any_algorithm = [*jws.JWSRegistry.algorithms]


def rsa(kid: str | None = "one") -> RSAKey:
    """A new RSA key."""
    return RSAKey.generate_key(2048, None if kid is None else {"kid": kid})


def elliptic(kid: str = "ec") -> ECKey:
    """A new key on the curve P-256."""
    return ECKey.generate_key("P-256", {"kid": kid})


def edwards(kid: str = "ed") -> OKPKey:
    """A new key on the curve Ed25519."""
    return OKPKey.generate_key("Ed25519", {"kid": kid})


def a_jwt(key: SigningKey, algorithm: str = "RS256", header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token that is as it must be, save for what is said; a claim or header of None is left out."""
    named: dict[str, Any] = {"alg": algorithm, "kid": key.kid, "typ": "at+jwt", **(header or {})}
    said: dict[str, Any] = {
        "iss": NAME,
        "aud": AUDIENCE,
        "sub": "alice",
        "iat": SECOND,
        "nbf": SECOND,
        "exp": SECOND + 300,
        "scope": "openid chronicle:read",
        **claims,
    }
    registry = jws.JWSRegistry(algorithms=_any_algorithm, strict_check_header=False)
    return jwt.encode(
        {name: value for name, value in named.items() if value is not None},
        {name: value for name, value in said.items() if value is not None},
        key,
        registry=registry,
        default_type=None,
    )


def key_set(*keys: SigningKey, private: bool = False, **more: Any) -> bytes:
    """What is published of keys."""
    return json.dumps({"keys": [{**key.as_dict(private=private), **more} for key in keys]}).encode()


class Published:
    """A server at loopback: what it answers, and how often it was asked."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.headers: dict[str, str] = {}
        self.asked = 0
        self.instead: Callable[[BaseHTTPRequestHandler], None] | None = None
        self.port = 0

    @property
    def address(self) -> str:
        """The address of the key set."""
        return f"http://127.0.0.1:{self.port}/keys"


def a_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that is signed by itself alone, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(signed.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@contextmanager
def published(*keys: SigningKey, certificate: tuple[Path, Path] | None = None) -> Iterator[Published]:
    """A server of the public part of keys, by https if it has a certificate."""
    told = Published()
    told.body = key_set(*keys)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked += 1
            if told.instead is not None:
                told.instead(self)
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(told.body)))
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.port = server.server_address[1]
        if certificate is not None:
            secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            secure.load_cert_chain(*certificate)
            server.socket = secure.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()

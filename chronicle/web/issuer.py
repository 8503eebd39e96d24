"""Tokens that somebody else gives out (OpenID Connect, OAuth 2): signed JSON Web Tokens, as RFC 9068 and 8725 say.

Only signatures by public keys count, made with an algorithm of the list and a key that the issuer publishes: a token
chooses neither. It must name the issuer, us as its audience, who it is about and when it ends.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from chronicle.admitting import SCOPES, Pass, Scope
from chronicle.errors import QuestionError, shown
from chronicle.web.issuer_keys import Keys, fetching

ALGORITHMS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "Ed25519": "OKP",
}
"""The algorithms that are taken, and the kinds of their keys: none with a shared secret (RFC 8725, section 3.1)."""

TYPES = {"jwt", "at+jwt", "application/at+jwt"}
"""What a token may call itself; other types are for other ends (RFC 8725, section 3.11)."""

LEEWAY = 30
"""Seconds by which clocks may differ."""

LONGEST = 8192
LONGEST_NAME = 255
"""Characters of `sub` (OpenID Connect Core, section 2)."""

LAST = 253_402_300_799
"""The last second of the year 9999; what lasts longer lasts until then."""

ISSUER, AUDIENCE, KEYS = "CHRONICLE_OIDC_ISSUER", "CHRONICLE_OIDC_AUDIENCE", "CHRONICLE_OIDC_KEYS"
SCOPE_CLAIM, SCOPE_MAP, CLAIM_OF_CHRONICLES = (
    "CHRONICLE_OIDC_SCOPE_CLAIM",
    "CHRONICLE_OIDC_SCOPES",
    "CHRONICLE_OIDC_CHRONICLE_CLAIM",
)
PREFIX = "chronicle:"

_registry = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
_registry.max_header_length = 2048


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """Whose tokens are taken. `scopes` says what the names in `scope_claim` stand for.

    `keys` is a file or an address. Where a claim names chronicles, a token without it is for none, and `*` for all.
    A claim is a name, or a path to it that begins with a slash (a JSON Pointer, RFC 6901).
    """

    issuer: str
    audience: str
    keys: str
    scopes: Mapping[str, frozenset[Scope]]
    scope_claim: str = "scope"
    chronicle_claim: str | None = None


def issuer_settings(environment: Mapping[str, str] = os.environ) -> IssuerSettings | None:
    """What the variables CHRONICLE_OIDC_… say; None if there are none. Raises QuestionError."""
    given = {name: text for name in (ISSUER, AUDIENCE, KEYS) if (text := environment.get(name, "").strip())}
    more = [name for name in (SCOPE_CLAIM, SCOPE_MAP, CLAIM_OF_CHRONICLES) if environment.get(name)]
    if not given and not more:
        return None
    for name in (ISSUER, AUDIENCE, KEYS):
        if name not in given:
            raise QuestionError(f"{name} is missing: the tokens of an issuer need {ISSUER}, {AUDIENCE} and {KEYS}")
    fetching(given[KEYS])
    return IssuerSettings(
        given[ISSUER],
        given[AUDIENCE],
        given[KEYS],
        _scope_map(environment.get(SCOPE_MAP, "")),
        environment.get(SCOPE_CLAIM) or "scope",
        environment.get(CLAIM_OF_CHRONICLES) or None,
    )


def _scope_map(text: str) -> Mapping[str, frozenset[Scope]]:
    """`editors=append editors=read`; without any, `chronicle:read` and so on stand for our scopes."""
    if not text.strip():
        return {f"{PREFIX}{scope}": frozenset({scope}) for scope in SCOPES}
    found: dict[str, frozenset[Scope]] = {}
    for pair in text.replace(",", " ").split():
        name, _, said = pair.rpartition("=")
        scopes = frozenset(scope for scope in SCOPES if scope == said)
        if not name or not scopes:
            raise QuestionError(f"{SCOPE_MAP}: {shown(pair)} is not NAME=SCOPE with one of {', '.join(SCOPES)}")
        found[name] = found.get(name, frozenset()) | scopes
    return found


class Issuer:
    """An issuer whose tokens are taken. `clock` gives microseconds since 1970."""

    def __init__(self, settings: IssuerSettings, clock: Callable[[], int], keys: Keys | None = None) -> None:
        self.name = settings.issuer
        self._settings = settings
        self._keys = keys or Keys(fetching(settings.keys))
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: clock() // 1_000_000,
            leeway=LEEWAY,
            iss={"essential": True, "value": settings.issuer},
            aud={"essential": True, "value": settings.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def admit(self, text: str) -> Pass | None:
        """What the bearer of a token may; None if it is none, of another issuer, or for another audience or time.

        Raises NoKeysError while the keys of the issuer are not there.
        """
        claims = self._verified(text)
        if claims is None:
            return None
        subject = claims["sub"]
        if not subject.isprintable() or len(subject) > LONGEST_NAME:
            return None
        name = f"{subject} ({self.name})"
        names = _names(_claim(claims, self._settings.scope_claim))
        scopes = frozenset(scope for one in names for scope in self._settings.scopes.get(one, ()))
        chronicles: frozenset[str] = frozenset()
        if self._settings.chronicle_claim is not None:
            chronicles = frozenset(_names(_claim(claims, self._settings.chronicle_claim)))
            if not chronicles:
                scopes = frozenset()
            if "*" in chronicles:
                chronicles = frozenset()
        return Pass(name, name, scopes, chronicles, self.name, min(int(claims["exp"]), LAST) * 1_000_000)

    def _verified(self, text: str) -> dict[str, Any] | None:
        """The claims of a token that is what it must be."""
        if len(text) > LONGEST or not text.isascii() or text.count(".") != 2:
            return None
        try:
            header = jws.extract_compact(text.encode(), registry=_registry).headers()
            algorithm, kind = header["alg"], ALGORITHMS.get(header["alg"])
            if kind is None or "crit" in header or str(header.get("typ", "jwt")).lower() not in TYPES:
                return None  # what is critical is an extension, of which none is known here
            key = self._keys.find(header.get("kid"), kind, algorithm)
            if key is None:
                return None
            claims = jwt.decode(text, key, registry=_registry).claims
            self._claims.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            return None
        # A token that is bound to a key of its bearer (RFC 7800) is no bearer token; whoever stole it lacks that key.
        return None if "cnf" in claims else claims


def _claim(claims: Mapping[str, Any], place: str) -> Any:
    """The value of a claim, None where there is none."""
    if not place.startswith("/"):
        return claims.get(place)
    found: Any = claims
    for part in place[1:].split("/"):
        if not isinstance(found, dict):
            return None
        found = found.get(part.replace("~1", "/").replace("~0", "~"))
    return found


def _names(value: Any) -> list[str]:
    """A text of names with spaces between them, as `scope` is (RFC 8693, section 4.2), or a list of names."""
    if isinstance(value, str):
        return value.split()
    return [one for one in value if isinstance(one, str) and [one] == one.split()] if isinstance(value, list) else []

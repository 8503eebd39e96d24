"""A client of `chronicle serve`: the questions and appends of an archive on another machine, typed.

from chronicle.client import Client

with Client("https://chronicle.example.org", token=token) as client:
    for fact in client.state(as_of="2025-12-31").facts:
        print(fact.subject, fact.attribute, fact.value)

`AsyncClient` is the same with `await`. Needs the extra `client`.
"""

from __future__ import annotations

from importlib.util import find_spec

from chronicle.errors import MissingExtraError

if find_spec("httpx") is None:
    raise MissingExtraError("clients of a server", "client", "httpx")

from chronicle.client.awaiting import AsyncClient
from chronicle.client.blocking import Client
from chronicle.client.limits import Limits
from chronicle.client.patience import Patience

__all__ = ["AsyncClient", "Client", "Limits", "Patience"]

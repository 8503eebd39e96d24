"""The requests of the description, asked: `python -m tests.web.examples` writes what is answered into the description.

What differs from archive to archive (hashes, signatures, the id of the archive) is masked where answers are compared.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from litestar.testing import TestClient

from chronicle.exchange.feed_page import PAGE
from chronicle.service import Archive
from chronicle.web.access import Mode
from chronicle.web.app import gated
from chronicle.web.described.examples import Example, Kept, examples
from chronicle.web.described.operations import BYTES
from chronicle.web.limits import Limits
from chronicle.web.watching import Patience
from tests.builders import Clock, an_event, url_of
from tests.project.checkout import ROOT

BASE = "http://127.0.0.1:8765"
FILE = ROOT / "chronicle" / "web" / "described" / "examples.json"

_STATED = {"type": "statistic.reported", "occurred": "2025-01-01", "title": "A count"}
RIVALS: list[dict[str, Any]] = [
    {"kind": "source", "id": "census", "title": "Census", "published": "2025-03-01"},
    {"kind": "source", "id": "register", "title": "Register of residents", "published": "2025-06-01"},
    *(
        {
            **_STATED,
            "id": f"count-of-{source}",
            "sources": [{"source": source}],
            "facts": [{"subject": "city", "attribute": "population", "value": value, "at": "2025-01-01"}],
        }
        for source, value in (("census", 812_400), ("register", 809_950))
    ),
]
"""Two sources that say different things of the same day, which the curated chronicles have not."""

_MASKS = (
    (re.compile(r"\b[0-9a-v]{45}\b"), "CURSOR"),
    (re.compile(r"(?<=The token )[0-9a-f]{12}"), "TOKEN"),
    (re.compile(r"[0-9a-f]{32,}"), "HEX"),
    (re.compile(r"\+[0-9a-f]{8}\+[A-Za-z0-9+/]{40,}={0,2}"), "KEY"),
    (re.compile(r"(?<=chronicle-service )[0-9][0-9A-Za-z.+]*"), "VERSION"),
    (re.compile(r"[A-Za-z0-9+/]{40,}={0,2}"), "BASE64"),
)


def masked(answer: Any) -> str:
    """An answer as text, without what differs from archive to archive."""
    text = msgspec.json.encode(answer).decode()
    for pattern, word in _MASKS:
        text = pattern.sub(word, text)
    return text


def answered(folder: Path) -> Kept:
    """What the curated archive answers to every request that is kept; appends come last, after the problems."""
    url = url_of(folder / "examples.db")
    with Archive.open(url, recorded_by="desk", now=Clock()) as archive:
        archive.load(ROOT / "events")
        archive.append(RIVALS, chronicle="city")
        archive.append([an_event(f"entry-{n}", occurred="2026-01") for n in range(PAGE)], chronicle="log-book")
        reader, _ = archive.tokens().create("reader", ["read"])
    kept = examples()
    problems = [_asked(url, one, reader) for one in kept.problems]
    reading = [one if one.body is not None else _asked(url, one, reader) for one in kept.operations]
    return Kept([one if one.body is None else _asked(url, one, reader) for one in reading], problems)


def _asked(url: str, one: Example, reader: str) -> Example:
    """The same request with its answer of now; one that no archive gives on demand stays as it is."""
    if one.status in (413, 429, 501, 503) or one.operation == "get /metrics":
        return one
    mode: Mode = "tokens" if one.status in (401, 403) else "open"
    sent = {name: value.replace("$CHRONICLE_TOKEN", reader) for name, value in one.sent.items()}
    method = one.operation.partition(" ")[0]
    gate = gated(Archive.open(url, recorded_by="desk", now=Clock()), mode, Limits())
    gate.app.state.patience = Patience(lifetime=0)  # a stream ends where there is nothing new
    with TestClient(gate, base_url=BASE) as client:
        client.follow_redirects = False
        answer = client.request(method, one.address, headers=sent, json=one.body)
    assert one.status == answer.status_code, (one.address, answer.text)
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    is_json = media_type.endswith("json")
    said: Any = None
    if answer.content:
        said = msgspec.json.decode(answer.content) if is_json else answer.text
    if media_type == BYTES:
        said = base64.b64encode(answer.content).decode()
    headers = {name: answer.headers[name] for name in one.headers}
    if not headers and "memento-datetime" in answer.headers:
        headers = {"memento-datetime": answer.headers["memento-datetime"]}
    return msgspec.structs.replace(one, media_type=media_type, answer=said, headers=headers)


def main() -> None:
    """Write what is answered now."""
    with TemporaryDirectory() as folder:
        FILE.write_bytes(msgspec.json.format(msgspec.json.encode(answered(Path(folder))), indent=1) + b"\n")
    sys.stdout.write(f"{FILE}\n")


if __name__ == "__main__":
    main()

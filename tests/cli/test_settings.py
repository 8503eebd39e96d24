"""`chronicle doctor` on settings: each by name, as it is taken, where it comes from, and what is wrong with it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from chronicle.cli.settings import OF_TESTS, SETTINGS, Told, hidden, told
from tests.cli.shell import EVENTS, chronicle
from tests.project.checkout import ROOT
from tests.project.readme import README
from tests.web.issuing import key_set, published, rsa

ISSUER = {"CHRONICLE_OIDC_ISSUER": "https://id.example.org/", "CHRONICLE_OIDC_AUDIENCE": "us"}


def one(name: str, **environment: str) -> Told:
    """What is told of a setting in an environment."""
    return next(found for found in told(environment) if found.name == name)


def test_the_doctor_tells_every_setting(tmp_path: Path) -> None:
    """With its value and where that comes from; what is wrong is bad, and the command exits with 1."""
    archive = tmp_path / "chronicle.db"
    chronicle(archive, "load", EVENTS)
    fine, wrong = (json.loads(chronicle(archive, "doctor", "--json", CHRONICLE_RATE=text).stdout) for text in "5x")

    said = {found["name"]: found for found in fine["settings"]}
    assert {setting.name for setting in SETTINGS} <= said.keys()
    assert {"name": "CHRONICLE_RATE", "value": "5", "from": "environment", "status": "ok", "message": ""} == said[
        "CHRONICLE_RATE"
    ]
    assert ("512", "default") == (said["CHRONICLE_MOST_REQUESTS"]["value"], said["CHRONICLE_MOST_REQUESTS"]["from"])
    assert (True, False) == (fine["ok"], wrong["ok"])
    run = chronicle(archive, "doctor", CHRONICLE_RATE="x")
    assert (1, True) == (run.returncode, b"CHRONICLE_RATE: 'x' is no number" in run.stdout)


def test_settings_are_told_where_there_is_no_archive(tmp_path: Path) -> None:
    """One of them may be why."""
    run = chronicle(tmp_path / "none.db", "doctor", "--json")
    said = json.loads(run.stdout)

    assert (3, False, []) == (run.returncode, said["ok"], said["conditions"])
    assert any(found["name"] == "CHRONICLE_DB" and "none.db" in found["value"] for found in said["settings"])


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    """With the one that may be meant, and without its value, which may be a secret."""
    found = one("CHRONICLE_TRUSTED_PROXY", CHRONICLE_TRUSTED_PROXY="10.0.0.0/8", OTHER="x")

    assert ("warning", True) == (found.status, "did you mean CHRONICLE_TRUSTED_PROXIES?" in found.message)
    assert "10.0.0.0" not in str(found)
    run = chronicle(tmp_path / "none.db", "doctor", CHRONICLE_TIMOUT="5")
    assert b"did you mean CHRONICLE_TIMEOUT?" in run.stdout


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:secret@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:se@cret@host/db", "postgresql://me:***@host/db"),
        ("postgresql://me:se:cr/et@host/db", "postgresql://me:***@host/db"),
        (
            "postgresql://me@host/db?password=secret&sslmode=require",
            "postgresql://me@host/db?password=***&sslmode=require",
        ),
        ("postgresql://host/db?sslPassword=secret", "postgresql://host/db?sslPassword=***"),
        ("postgresql://me@host/db", "postgresql://me@host/db"),
        ("sqlite:////srv/chronicle.db", "sqlite:////srv/chronicle.db"),
    ],
)
def test_secrets_are_hidden(url: str, shown: str) -> None:
    """A password in the URL of the database is not told."""
    assert (shown, shown) == (hidden(url), one("CHRONICLE_DB", CHRONICLE_DB=url).value)


def test_an_option_comes_before_the_environment() -> None:
    """And is told as such."""
    found = next(told({"CHRONICLE_DB": "sqlite:///a.db"}, db="sqlite:///b.db"))

    assert ("sqlite:///b.db", "option") == (found.value, found.origin)


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [
        ("CHRONICLE_ACCESS", "everybody", "bad"),
        ("CHRONICLE_ACCESS", "tokens", "ok"),
        ("CHRONICLE_MOST_REQUESTS", "0", "bad"),
        ("CHRONICLE_TIMEOUT", "nan", "bad"),
        ("CHRONICLE_SESSION_HOURS", "-1", "bad"),
        ("CHRONICLE_SESSION_HOURS", "10000", "bad"),
        ("CHRONICLE_LOG", "loud", "bad"),
        ("CHRONICLE_LOG", "debug", "ok"),
        ("CHRONICLE_TRUSTED_PROXIES", "proxy.example", "bad"),
        ("CHRONICLE_TRUSTED_PROXIES", "0.0.0.0/0", "warning"),
        ("CHRONICLE_TRUSTED_PROXIES", "10.0.0.0/8 ::1", "ok"),
        ("CHRONICLE_PROXY_HEADERS", "both", "bad"),
        ("CHRONICLE_PROXY_HEADERS", "forwarded", "warning"),
        ("CHRONICLE_PAGER", "no-such-program -x", "warning"),
        ("CHRONICLE_PAGER", "'", "bad"),
        ("CHRONICLE_PAGER", "", "ok"),
        ("CHRONICLE_OIDC_SCOPES", "a=b", "bad"),
    ],
)
def test_what_is_wrong_with_a_setting(name: str, text: str, status: str) -> None:
    """What the program refuses is bad, what does nothing or too much is a warning, each with what to do."""
    found = one(name, **{name: text})

    assert (status, "environment") == (found.status, found.origin) or name == "CHRONICLE_PAGER"
    assert (status, status == "ok") == (found.status, not found.message)


def test_open_is_not_for_a_server_behind_proxies() -> None:
    """Two settings that each are fine are bad together."""
    found = one("CHRONICLE_ACCESS", CHRONICLE_ACCESS="open", CHRONICLE_TRUSTED_PROXIES="10.0.0.0/8")

    assert "bad" == found.status


def test_half_an_issuer_is_bad() -> None:
    """The setting that is missing is told as such though it is not set."""
    said = {name: one(name, **ISSUER).status for name in (*ISSUER, "CHRONICLE_OIDC_KEYS")}

    assert {"bad"} == set(said.values())
    assert "ok" == one("CHRONICLE_OIDC_KEYS").status


def test_the_keys_of_an_issuer_are_looked_at(tmp_path: Path) -> None:
    """As the server would: what cannot be fetched, or is no key set, is bad, and why is told."""
    file = tmp_path / "keys.json"
    file.write_bytes(key_set(rsa()))
    with published() as server:
        server.status = 404
        cases: list[tuple[str, tuple[str, str]]] = [
            (str(file), ("ok", "")),
            (str(tmp_path / "none.json"), ("bad", "No such file")),
            (server.address, ("bad", "answers with 404")),
            ("http://example.org/keys", ("bad", "no https address")),
        ]
        for place, (status, said) in cases:
            found = one("CHRONICLE_OIDC_KEYS", **ISSUER, CHRONICLE_OIDC_KEYS=place)
            assert (status, True) == (found.status, said in found.message), found


def test_a_token_is_not_shown() -> None:
    """That there is one is told."""
    found = one("CHRONICLE_TOKEN", CHRONICLE_TOKEN="chr_1_secret")  # noqa: S106 - no secret at all

    assert ("(not shown)", "environment", "ok") == (found.value, found.origin, found.status)


def test_every_setting_of_the_program_is_told() -> None:
    """A variable that the source names and that is told nowhere is one that nobody finds."""
    named: set[str] = set()
    for path in (ROOT / "chronicle").rglob("*.py"):
        named |= set(re.findall(r"\bCHRONICLE_[A-Z_]*[A-Z]\b", path.read_text("utf-8")))

    assert {setting.name for setting in SETTINGS} == named - OF_TESTS


def test_the_readme_has_every_setting() -> None:
    """Its table says of each what it is without it, and what it is for, in the words of the program."""
    rows = [line.strip() for line in README.read_text("utf-8").splitlines() if line.strip().startswith("| `CHRONICLE_")]

    expected = [f"| `{one.name}` | {one.usual} | {one.meaning} |" for one in SETTINGS]
    assert expected == rows


def test_values_that_would_command_a_terminal_do_not(tmp_path: Path) -> None:
    """They are printed as escapes."""
    run: Any = chronicle(tmp_path / "none.db", "doctor", CHRONICLE_LOG="\x1b[31mloud")

    assert b"\x1b" not in run.stdout

"""Every setting that comes from the environment: its value as the program takes it, and what is wrong with it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, get_args

from chronicle.config import DEFAULT_URL, settings
from chronicle.errors import ChronicleError, MissingExtraError, QuestionError, near, shown
from chronicle.web import limits, logs, proxies

PREFIX = "CHRONICLE_"
ACCESS = ("open", "tokens", "public-read")
EVERYBODY = 8
"""Bits of a network of which proxies are trusted, at least: with fewer, most of the world is a proxy."""

OF_TESTS = {"CHRONICLE_DATA", "CHRONICLE_TEST_POSTGRESQL"}
"""What only the tests of the program read."""

Environment = Mapping[str, str]
Look = Callable[[Environment], str | None]
"""Reads a setting as the program does: a remark on what is right and odd, None where there is none.

Raises ChronicleError for what is wrong.
"""


class Setting(NamedTuple):
    """A variable, what it is without it, what it is for, and who reads it."""

    name: str
    usual: str
    meaning: str
    look: Look | None = None


class Told(NamedTuple):
    """A setting as it is. `origin` is environment, option or default; `status` as of a condition."""

    name: str
    value: str
    origin: str
    status: str
    message: str

    def as_json(self) -> dict[str, str]:
        """One object of `settings`."""
        told = self._asdict()
        told["from"] = told.pop("origin")
        return told


def _pager(environment: Environment) -> str | None:
    text = environment.get("CHRONICLE_PAGER", "")
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise QuestionError(f"{shown(text)} is no command: {error}") from error
    if words and words[0] != "cat" and shutil.which(words[0]) is None:
        return f"{shown(words[0])} is not there: answers are printed without it"
    return None


def _access(environment: Environment) -> str | None:
    text = environment.get("CHRONICLE_ACCESS", "")
    if text and text not in ACCESS:
        raise QuestionError(f"{shown(text)} is none of {', '.join(ACCESS)}")
    if text == "open" and proxies.proxies(environment).networks:
        raise QuestionError("open is not for a server behind proxies: use tokens or public-read")
    return None


def _limits(environment: Environment) -> str | None:
    limits.limits(environment)
    return None


def _log(environment: Environment) -> str | None:
    logs.logging_config(environment)
    return None


def _proxies(environment: Environment) -> str | None:
    found = proxies.proxies(environment).networks
    if any(network.prefixlen < EVERYBODY for network in found):
        return "almost anybody counts as a proxy, and may say to be anybody else: name the proxies alone"
    return None


def _style(environment: Environment) -> str | None:
    if environment.get(proxies.STYLE) and not proxies.proxies(environment).networks:
        return f"it does nothing: {proxies.PROXIES} names no proxy"
    return None


def _issuer(environment: Environment) -> str | None:
    try:
        from chronicle.web.issuer import issuer_settings  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError("Tokens of an issuer", "oidc", str(error.name)) from error
    found = issuer_settings(environment)
    if found is not None and not found.issuer.startswith("https://"):
        return "an issuer is an https address, written as its tokens write it (iss)"
    return None


def _keys(environment: Environment) -> str | None:
    """The keys are fetched, as the server would."""
    _issuer(environment)
    from http.client import HTTPException  # noqa: PLC0415 - only where there is an issuer

    from chronicle.web.issuer_keys import fetching, keys_of  # noqa: PLC0415 - an extra

    try:
        keys_of(fetching(environment["CHRONICLE_OIDC_KEYS"])())
    except (OSError, HTTPException, ValueError) as error:
        raise QuestionError(f"the keys of the issuer cannot be fetched: {error}") from error
    return None


TOKEN, SECRET = "CHRONICLE_TOKEN", "(not shown)"

SETTINGS: tuple[Setting, ...] = (
    Setting("CHRONICLE_DB", DEFAULT_URL, "The URL of the database that holds the archive."),
    Setting("CHRONICLE_RECORDED_BY", "the login name", "Who records, as every record says."),
    Setting("CHRONICLE_PROOF", "beside the database", "The folder of checkpoints and of the key that signs them."),
    Setting(
        "CHRONICLE_PAGER", "`PAGER`, else `less`", "What shows long answers in a terminal; blank for none.", _pager
    ),
    Setting(TOKEN, "none", "What a program that asks a server shows it; kept to oneself."),
    Setting("CHRONICLE_ACCESS", "`open` at a loopback address, else `tokens`", f"{', '.join(ACCESS)}.", _access),
    Setting("CHRONICLE_MOST_REQUESTS", "512", "Requests at once; any more are told to come back.", _limits),
    Setting(
        "CHRONICLE_MOST_WAITING", "4096", "Clients that may wait for news of the log, beside those requests.", _limits
    ),
    Setting("CHRONICLE_RATE", "0", "Requests a second from one address; 0 for any number.", _limits),
    Setting("CHRONICLE_TIMEOUT", "60", "Seconds until a request was sent and its answer begun.", _limits),
    Setting("CHRONICLE_SESSION_HOURS", "12", "Hours for which a browser stays logged in.", _limits),
    Setting("CHRONICLE_LOG", "info", f"The least level that is logged: {', '.join(logs.LEVELS)}.", _log),
    Setting(proxies.PROXIES, "none", "Networks of the proxies that are believed, `10.0.0.0/8 192.0.2.7`.", _proxies),
    Setting(proxies.STYLE, "x-forwarded", f"The headers they write: {', '.join(get_args(proxies.Style))}.", _style),
    Setting("CHRONICLE_OIDC_ISSUER", "none", "Whose signed tokens are taken: their `iss`.", _issuer),
    Setting("CHRONICLE_OIDC_AUDIENCE", "none", "What they must be for: their `aud`.", _issuer),
    Setting("CHRONICLE_OIDC_KEYS", "none", "The file or https address of the issuer's key set.", _keys),
    Setting("CHRONICLE_OIDC_SCOPE_CLAIM", "scope", "The claim that names scopes, or a path, `/a/b`.", _issuer),
    Setting("CHRONICLE_OIDC_SCOPES", "chronicle:read=read …", "What its names stand for, `NAME=SCOPE …`.", _issuer),
    Setting("CHRONICLE_OIDC_CHRONICLE_CLAIM", "none", "The claim that names chronicles, `*` for all.", _issuer),
)
"""Every setting, in the order in which they are told."""


def told(environment: Environment = os.environ, *, db: str | None = None) -> Iterator[Told]:
    """Every setting as it is, then every variable that looks like one and is none. `db` is what the option says."""
    for setting in SETTINGS:
        text = environment.get(setting.name, "")
        given = text if setting.name == "CHRONICLE_PAGER" and setting.name in environment else text.strip()
        origin = "environment" if given else "default"
        value = (SECRET if setting.name == TOKEN else given) if given else _usual(setting, environment)
        if setting.name == "CHRONICLE_DB" and db is not None and db != text:
            value, origin = db, "option"
        yield Told(setting.name, hidden(value), origin, *_looked(setting, environment, is_set=bool(given)))
    known = [setting.name for setting in SETTINGS]
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known and name not in OF_TESTS:
            message = f"there is no such setting{near(name, known)}"
            yield Told(name, SECRET, "environment", "warning", message)


def _looked(setting: Setting, environment: Environment, *, is_set: bool) -> tuple[str, str]:
    """The status and the message of a setting. One that is not set is looked at where others need it."""
    if setting.look is None or (not is_set and not _is_missing(setting.name, environment)):
        return "ok", ""
    try:
        remark = setting.look(_about(setting, environment))
    except ChronicleError as error:
        return "bad", str(error)
    return ("ok", "") if remark is None else ("warning", remark)


def _about(setting: Setting, environment: Environment) -> Environment:
    """What a setting is judged by: of limits and levels itself alone, of others those that belong to it, too."""
    return {setting.name: environment[setting.name]} if setting.look in (_limits, _log) else environment


def _is_missing(name: str, environment: Environment) -> bool:
    """An issuer needs all of three, once any of its settings is there."""
    needed = ("CHRONICLE_OIDC_ISSUER", "CHRONICLE_OIDC_AUDIENCE", "CHRONICLE_OIDC_KEYS")
    return name in needed and any(one.startswith("CHRONICLE_OIDC_") and environment[one] for one in environment)


def _usual(setting: Setting, environment: Environment) -> str:
    if setting.name == "CHRONICLE_RECORDED_BY":
        return settings(environment).recorded_by
    if setting.name == "CHRONICLE_PAGER":
        return environment.get("PAGER", "less") or "none"
    return setting.usual.replace("`", "")


def hidden(value: str) -> str:
    """A value without the password that the URL of a database may have, before its host or among its parameters."""
    scheme, parted, rest = value.partition("://")
    user, named, _ = rest.rpartition("@")
    if parted and named and ":" in user:
        rest = f"{user.partition(':')[0]}:***@{rest.rpartition('@')[2]}"
    return re.sub(r"(password=)[^&\s]*", r"\1***", f"{scheme}{parted}{rest}", flags=re.IGNORECASE)

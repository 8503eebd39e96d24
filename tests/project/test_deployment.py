"""The Containerfile and the systemd unit of README.md: what they start does start, and their settings are settings."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from chronicle.cli.settings import SETTINGS
from chronicle.service import Archive
from tests.builders import an_event
from tests.project.readme import README
from tests.web.server import running


def block(language: str) -> list[str]:
    """The lines of the one block in a language."""
    found = re.findall(rf"^ *```{language}\n(.*?)^ *```$", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    [text] = found
    return [line.strip() for line in text.splitlines()]


def container() -> tuple[list[str], dict[str, str], str]:
    """The command of the Containerfile, its environment, and the folder of its data."""
    lines = dict(line.split(" ", 1) for line in block("dockerfile") if line)
    name, _, value = lines["ENV"].partition("=")
    return json.loads(lines["CMD"]), {name: value}, lines["VOLUME"]


def unit() -> tuple[list[str], dict[str, str], str]:
    """The same of the unit."""
    lines = [line.partition("=") for line in block("ini")]
    [command] = [value for name, _, value in lines if name == "ExecStart"]
    environment = dict(value.split("=", 1) for name, _, value in lines if name == "Environment")
    [folder] = [value for name, _, value in lines if name == "StateDirectory"]
    return shlex.split(command), environment, f"/var/lib/{folder}"


@pytest.mark.parametrize("read", [container, unit])
def test_it_serves(read: object, tmp_path: Path) -> None:
    """With its own options and environment, on data in a folder of the test."""
    assert callable(read)
    command, environment, folder = read()
    assert "chronicle" == Path(command[0]).name
    assert set(environment) <= {setting.name for setting in SETTINGS}
    url = environment["CHRONICLE_DB"]
    assert folder in url
    here = url.replace(folder, str(tmp_path))
    with Archive.open(here) as archive:
        archive.append([an_event("e")], chronicle="c")
        archive.tokens().create("desk", ["read"])

    with running(here, tmp_path / "log", *command[2:], **{**environment, "CHRONICLE_DB": here}) as server:
        assert "serve" == command[1]
        with urlopen(f"{server.base}/health", timeout=30) as answer:  # noqa: S310 - our own server
            assert 200 == answer.status
        assert "access tokens" in server.log.read_text().splitlines()[0]


def test_the_container_is_asked_for_its_health(tmp_path: Path) -> None:
    """By a command that fails where nobody answers, and does not where somebody does."""
    lines = dict(line.split(" ", 1) for line in block("dockerfile") if line)
    words = shlex.split(lines["HEALTHCHECK"].removeprefix("CMD "))
    assert "python" == words[0]
    url = f"sqlite:///{tmp_path / 'chronicle.db'}"
    with Archive.open(url) as archive:
        archive.append([an_event("e")], chronicle="c")

    def check(port: int) -> int:
        code = words[2].replace(":8765/", f":{port}/")
        return subprocess.run([sys.executable, words[1], code], check=False, stderr=subprocess.DEVNULL).returncode

    assert lines["EXPOSE"] in words[2]
    with running(url, tmp_path / "log") as server:
        assert 0 == check(server.port)
    assert 0 != check(server.port)


def test_what_is_installed_is_there() -> None:
    """The extras that the container installs are extras of this distribution."""
    from importlib.metadata import metadata  # noqa: PLC0415 - of this test alone

    [named] = re.findall(r"chronicle-service\[([a-z,]+)\]", " ".join(block("dockerfile")))
    assert set(named.split(",")) <= set(metadata("chronicle-service").get_all("Provides-Extra") or [])

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import url_of
from tests.cli.shell import chronicle
from tests.project.checkout import ROOT
from tests.web.server import Running

README = (ROOT / "README.md").read_text("utf-8")
SECTION = README[README.index("## Using a server from elsewhere") : README.index("## Following the log")]


def block(language: str) -> str:
    """The block of a language in the section."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)
    return str(found)


def test_the_example_of_the_client_runs(server: Running, capsys: pytest.CaptureFixture[str], archive: Archive) -> None:
    """As it stands, but for the address of the server."""
    names: dict[str, Any] = {}
    exec(block("py").replace("http://127.0.0.1:8765", server.base), names)  # noqa: S102 - our own text

    assert "azerbaijan exports Quantity(" in capsys.readouterr().out
    assert archive.cursor() == names["last"]


def test_the_example_of_a_replica_runs(server: Running, tmp_path: Path) -> None:
    """As it stands, but for the token, the addresses, and that it ends."""
    [line] = block("shell").splitlines()
    line = line.removeprefix("CHRONICLE_TOKEN=chr_… chronicle ")
    line = line.replace("https://chronicle.example.org", server.base)
    line = line.replace("postgresql://localhost/figures", url_of(tmp_path / "figures.db"))
    run = chronicle(tmp_path / "none.db", *line.split(), "--no-wait")

    assert (0, b"") == (run.returncode, run.stderr)
    assert b"trade_balance: generation 1 at position" in run.stdout

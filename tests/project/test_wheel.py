"""The wheel, installed far from the checkout, is all that a user needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.project import checkout

pytestmark = pytest.mark.xdist_group("wheel")  # built once, by one worker

Run = Callable[..., str]

DOCUMENTS = """\
kind: chronicle
id: tiny
title: A tiny chronicle
---
kind: source
id: gazette
title: The Gazette
published: 1994-09-21
---
id: bridge-opened
type: infrastructure.opened
occurred: 1994-09
title: A bridge was opened
facts:
  - {subject: bridge, attribute: lanes, value: 4}
sources: [{source: gazette}]
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from a source distribution of this checkout, without a network."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(checkout.ROOT)]
    done = subprocess.run(build, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="session")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run Python's arguments where only the wheel and what it depends on are installed, outside the checkout."""
    environment = tmp_path_factory.mktemp("installed") / "a new environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    outer = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), "install"]
    subprocess.run([*outer, "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    # What Chronicle depends on is seen where it is: a folder named in a .pth file has its own .pth files ignored,
    # so this checkout, which is installed there as editable, stays out of sight.
    purelib = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    Path(purelib.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    work = tmp_path_factory.mktemp("work")

    def run(*arguments: str) -> str:
        outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [str(python), *arguments]
        done = subprocess.run(command, capture_output=True, check=False, cwd=work, env=outside, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    (work / "tiny.yaml").write_text(DOCUMENTS, encoding="utf-8")
    return run


def test_holds_types_and_migrations(wheel: Path) -> None:
    """Type information and every migration of the checkout travel inside the package; nothing else does."""
    with ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    migrations = {f"chronicle/_alembic/versions/{path.name}" for path in checkout.ROOT.glob("alembic/versions/*.py")}

    assert migrations
    assert {"chronicle/py.typed", "chronicle/_alembic/env.py", "chronicle/_alembic/script.py.mako"} <= inside
    assert migrations == {name for name in inside if name.startswith("chronicle/_alembic/versions/")}
    assert {"chronicle", "-".join(wheel.name.split("-")[:2]) + ".dist-info"} == {name.split("/")[0] for name in inside}


def test_is_not_the_checkout(run: Run) -> None:
    """What is run here was installed from the wheel."""
    place = Path(run("-c", "import chronicle; print(chronicle.__file__)").strip())

    assert not place.is_relative_to(checkout.ROOT)


def test_module_tells_how_to_use_it(run: Run) -> None:
    """`python -m chronicle --help` names the commands."""
    assert "load" in run("-m", "chronicle", "--help")


def test_explains_a_date(run: Run) -> None:
    """`chronicle when` answers without a database."""
    answer = json.loads(run("-m", "chronicle", "when", "1994~", "--json"))

    assert (True, "1994-01-01") == (answer["valid"], answer["earliest"])


def test_loads_and_tells_the_state(run: Run) -> None:
    """The migrations inside the wheel make an archive that documents go into and answers come out of."""
    run("-m", "chronicle", "load", "tiny.yaml", "--chronicle", "tiny", "--db", "sqlite:///tiny.db")
    answer = json.loads(run("-m", "chronicle", "state", "--as-of", "1995", "--json", "--db", "sqlite:///tiny.db"))

    assert [("bridge", "lanes", 4)] == [(row["subject"], row["attribute"], row["value"]) for row in answer["facts"]]

"""Which projection a name on the command line means."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chronicle.cli.named import projection_named
from chronicle.errors import ProjectionError, QuestionError
from chronicle.projection.trade import TradeBalance

TYPED = """from __future__ import annotations

from dataclasses import dataclass

from chronicle import Projection, on
from beside_it import NAME


@dataclass
class Kept:
    number: int


class Typed(Projection):
    name = NAME

    @on("*")
    def hear(self, state, event, moment):
        return Kept(1).number
"""


@pytest.fixture(autouse=True)
def _unimported() -> Iterator[None]:
    """What a test imports is forgotten."""
    modules, path = set(sys.modules), list(sys.path)
    yield
    for name in set(sys.modules) - modules:
        del sys.modules[name]
    sys.path[:] = path


def test_a_name_means_what_comes_with_chronicle() -> None:
    """And so does its class in its module."""
    assert projection_named("trade_balance") is TradeBalance
    assert projection_named("chronicle.projection.trade:TradeBalance") is TradeBalance


def test_a_file_is_run_like_a_script(tmp_path: Path) -> None:
    """It can import what lies beside it, and a dataclass in it finds its module."""
    (tmp_path / "beside_it.py").write_text('NAME = "typed"\n', encoding="utf-8")
    (tmp_path / "mine.py").write_text(TYPED, encoding="utf-8")

    assert "typed" == projection_named(f"{tmp_path / 'mine.py'}:Typed").name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("trade_balanc", "did you mean trade_balance?"),
        ("nowhere.py:X", "there is no file 'nowhere.py'"),
        ("nowhere.at_all:X", "'nowhere.at_all' cannot be run: ModuleNotFoundError"),
        ("json:X", "'json' has no projection 'X'$"),
        ("json:JSONDecoder", "'json' has no projection 'JSONDecoder'$"),
        ("chronicle:Projection", "'chronicle' has no projection 'Projection'$"),
        ("chronicle.projection.trade:TradeBalanc", "it has TradeBalance; did you mean TradeBalance?"),
        (":X", "cannot be run: ValueError"),
    ],
)
def test_what_means_nothing_is_refused(name: str, message: str) -> None:
    """With what may be meant."""
    with pytest.raises(QuestionError, match=message):
        projection_named(name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class A: (\n", "line 1: SyntaxError"),
        ("\nimport nonsense_of_mine\n", "line 2: ModuleNotFoundError"),
        ("\n\nx = 1 / 0\n", "line 3: ZeroDivisionError"),
    ],
)
def test_a_file_that_cannot_be_run_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    """As an error of whoever wrote it."""
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")

    with pytest.raises(QuestionError, match=message):
        projection_named(f"{tmp_path / 'bad.py'}:A")


def test_a_projection_that_is_declared_wrongly_is_told_as_such(tmp_path: Path) -> None:
    """What it says itself."""
    text = 'from chronicle import Projection\nclass A(Projection):\n    name = "Bad Name"\n'
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")

    with pytest.raises(ProjectionError, match="A: name: expected lower case"):
        projection_named(f"{tmp_path / 'bad.py'}:A")

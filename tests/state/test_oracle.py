"""What the archive answers is what an enumeration of all possible worlds answers, through the log and its indexes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from chronicle.store import candidates, holding
from tests.postgresql import Server
from tests.state.histories import Append, histories
from tests.state.oracle import EACH, OF_ANY, OF_ONE, WHOLE, Part, disagreements

QUESTIONS = 50_000


def test_the_archive_answers_as_the_oracle_does() -> None:
    """At least 50,000 questions about random histories are answered alike at any position and state of knowledge."""
    asked = 0

    @settings(max_examples=100, suppress_health_check=list(HealthCheck))
    @given(histories())
    def ask(appends: list[Append]) -> None:
        nonlocal asked
        questions, wrong = disagreements(appends)
        assert wrong == []
        asked += questions

    ask()
    assert asked >= QUESTIONS


@pytest.fixture(params=["few", "many", "dense"])
def sparing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every key is read as if it were hot, by its extents, and pages hold two.

    Keys are found by time, as where few are asked for, by their facts, or in the order of their extents.
    """
    for name, value in (("FEW", 0), ("HOT", 0), ("PAGE", 2)):
        monkeypatch.setattr(candidates, name, value)
    for name, value in (("PAGE", 2), ("CHUNK", 1)):
        monkeypatch.setattr(holding, name, value)
    if request.param != "dense":
        monkeypatch.setattr(holding, "LOOKED", 0)
    if request.param == "many":
        monkeypatch.setattr(holding, "FEW", 0)


@pytest.mark.usefixtures("sparing")
@pytest.mark.parametrize("parts", [WHOLE, EACH, OF_ANY, OF_ONE])
def test_reading_no_more_than_is_needed_gives_the_same_answers(parts: tuple[Part, ...]) -> None:
    """Of hot keys only the facts that can matter are read, in questions about everything and about some keys."""

    @settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(histories())
    def ask(appends: list[Append]) -> None:
        assert disagreements(appends, horizons=2, parts=parts)[1] == []

    ask()


@pytest.mark.usefixtures("sparing")
@pytest.mark.parametrize("parts", [WHOLE, EACH])
def test_it_does_so_on_postgresql(parts: tuple[Part, ...], postgresql: Server) -> None:
    """A server is asked the same way."""

    @settings(max_examples=1, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(histories())
    def ask(appends: list[Append]) -> None:
        assert disagreements(appends, horizons=2, url=postgresql.database(), parts=parts)[1] == []

    ask()

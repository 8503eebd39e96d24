"""What the archive answers is what an enumeration of all possible worlds answers, through the log and its indexes."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from tests.state.histories import Append, histories
from tests.state.oracle import disagreements

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

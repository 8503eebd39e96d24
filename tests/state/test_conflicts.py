"""Conflicts are what an enumeration of all worlds finds."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.event.candidate import Candidate, Key
from chronicle.state.conflicts import rivalries
from chronicle.state.resolve import DAY, resolve
from chronicle.state.rows import Reading
from tests.state.keys import LAST, claim_of, keys
from tests.state.worlds import sides

KEY = Key("c", "s", "a", "{}", "", "")


@pytest.mark.parametrize("widest_shared", [1, DAY])
@settings(max_examples=300)
@given(facts=keys(), by_report=st.booleans())
def test_losers_are_all_that_cover_in_some_world(widest_shared: int, facts: list[Candidate], by_report: bool) -> None:  # noqa: FBT001
    """Each claim of another value that covers the second in some world is a loser; those that win in some may win."""
    reading = Reading(by_report=by_report)
    with mock.patch("chronicle.state.resolve.DAY", widest_shared):
        for x in range(LAST + 1):
            claims = {claim_of(fact, widest_shared): fact for fact in facts}
            cover, win = sides(list(claims), x, by_report=by_report)
            outcome = resolve(facts, x, by_report=by_report)
            shown = outcome.winners[0] if outcome.winners else outcome.denial
            expected = {
                fact: claim in win
                for claim, fact in claims.items()
                if shown and fact.value != shown.value and claim in cover
            }
            found = rivalries({KEY: facts}, x, lambda _chronicle, _attribute: reading)

            assert expected == {loser: loser in one.possible for one in found for loser, _ in one.losers}
            assert [shown] * bool(expected) == [one.winner for one in found]

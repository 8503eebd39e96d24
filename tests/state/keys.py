"""Random facts of one key over a few seconds."""

from __future__ import annotations

from hypothesis import strategies as st

from chronicle.event.candidate import FOREVER, SINCE_EVER, Candidate
from tests.state.worlds import NEVER, Claim

LAST = 7


@st.composite
def keys(draw: st.DrawFn, most: int = 4) -> list[Candidate]:
    """Up to `most` facts of one key over the seconds 0 to 7."""
    facts = []
    for order in range(draw(st.integers(1, most))):
        from_lo = draw(st.integers(0, 5))
        from_hi = from_lo + draw(st.sampled_from([1, 1, 1, 2, 3]))
        until = draw(st.sampled_from(["never", "never", "bounded", "unknown"]))
        if until == "never":
            until_lo, until_hi = FOREVER, FOREVER + 1
        elif until == "unknown":
            until_lo, until_hi = SINCE_EVER + 1, FOREVER + 1
        else:
            until_lo = draw(st.integers(from_lo, 6))
            until_hi = max(until_lo + draw(st.sampled_from([1, 2, 3])), from_lo + 2)
        event = draw(st.integers(1, 3))
        rank = (draw(st.sampled_from([SINCE_EVER, 3, 5])), event, order)
        facts.append(
            Candidate(from_lo, from_hi, until_lo, until_hi, rank, draw(st.sampled_from(["a", "b", None])), event, order)
        )
    return facts


def claim_of(fact: Candidate, widest_shared: int) -> Claim:
    """The fact with its instants listed."""
    unknown = fact.until_lo < 0
    ends = (
        (NEVER,)
        if fact.until_lo == FOREVER
        else (*range(LAST + 2), NEVER)
        if unknown
        else tuple(range(fact.until_lo, fact.until_hi))
    )
    return Claim(
        starts=tuple(range(fact.from_lo, fact.from_hi)),
        ends=ends,
        at_most_a_day=fact.from_hi - fact.from_lo <= widest_shared,
        event=str(fact.event),
        reported=fact.rank[0],
        first=fact.rank[1],
        order=fact.rank[2],
        value=fact.value,
    )

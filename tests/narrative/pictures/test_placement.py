"""However few lines there are, items keep apart and none is lost."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.narrative.document import Timeline
from chronicle.narrative.pictures.axis import fit
from chronicle.narrative.pictures.extent import spans
from chronicle.narrative.pictures.lettering import shortened, width, wrapped
from chronicle.narrative.pictures.placement import SIZE, Placed, place
from tests.narrative.pictures.drawing import timelines


@settings(max_examples=60, deadline=None)
@given(timelines(), st.integers(1, 4), st.booleans())
def test_marks_and_labels_keep_apart_and_nothing_is_lost(told: Timeline, most: int, wrap: bool) -> None:  # noqa: FBT001 - a law
    """On a line no mark or label reaches into another; what is not placed is in a cluster, and clusters keep apart."""
    items = [item for lane in told.lanes for item in lane.items]
    axis = fit(spans(items, told.as_of), 12, 348)
    found = place(items, axis, told.as_of, most, wrap=wrap)
    grouped = [item for cluster in found.clusters for item in cluster.items]
    assert {item.event for item in items} == {one.item.event for one in found.placed} | {item.event for item in grouped}
    assert len(items) == len(found.placed) + len(grouped)
    assert found.lines <= most
    for one, other in combinations(found.placed, 2):
        assert one.line != other.line or _left(one) >= _right(other) or _left(other) >= _right(one)
    middles = [cluster.x for cluster in found.clusters]
    assert all(later - earlier > 40 for earlier, later in pairwise(middles))


def _left(one: Placed) -> float:
    return min(one.extent.left, one.at) if one.label else one.extent.left


def _right(one: Placed) -> float:
    return max(one.extent.right, one.at + one.room) if one.label else one.extent.right


@given(st.text(max_size=80), st.floats(20, 400))
def test_a_shortened_text_fits(text: str, room: float) -> None:
    """A text is whole where it fits; else it is a beginning of it and an ellipsis, and fits."""
    found = shortened(text, SIZE, room)
    assert width(found, SIZE) <= room
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


@given(st.text(max_size=80), st.floats(20, 400))
def test_both_lines_of_a_wrapped_text_fit(text: str, room: float) -> None:
    """Two lines, each with words of the text in their order; nothing where not even a word fits."""
    lines = wrapped(text, SIZE, room)
    assert len(lines) in (0, 2)
    assert all(width(line, SIZE) <= room for line in lines)
    assert " ".join(text.split()).startswith(" ".join(lines).removesuffix("…"))

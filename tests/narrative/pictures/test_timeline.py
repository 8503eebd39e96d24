"""A timeline draws or counts every event, and no label lies on another, whatever the events are.

To renew the golden after a change that is meant, and look at it: RENEW_GOLDEN=1 pytest tests/narrative/pictures
"""

from __future__ import annotations

import os
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.narrative.document import Timeline
from chronicle.narrative.pictures.theme import fixed
from chronicle.narrative.pictures.timeline import NARROW, WIDE, draw
from tests.narrative.pictures.drawing import SVG, accounted, item, parsed, texts, timeline, timelines

GOLDEN = Path(__file__).parent / "golden"

breadths = st.sampled_from((320, NARROW, WIDE))


@settings(max_examples=50, deadline=None)
@given(timelines(), breadths)
def test_every_event_is_drawn_or_counted(told: Timeline, breadth: int) -> None:
    """Links to events and the numbers of clusters add up to the events."""
    assert sum(len(lane.items) for lane in told.lanes) == accounted(parsed(draw(told, breadth=breadth)))


@settings(max_examples=50, deadline=None)
@given(timelines(), breadths)
def test_no_text_touches_another_or_leaves_the_paper(told: Timeline, breadth: int) -> None:
    """Labels, headings, marks of the axis and legends keep apart, and lie within the picture."""
    drawn = parsed(draw(told, breadth=breadth))
    for legend in [group for group in drawn if group.tag == f"{SVG}g"]:
        drawn.remove(legend)
    boxes = [box for box in texts(drawn) if box.text]
    assert [] == [(one.text, other.text) for one, other in combinations(boxes, 2) if one.touches(other)]
    height = float(drawn.attrib["height"])
    assert [] == [box for box in boxes if box.left < 0 or box.right > breadth or box.top < 0 or box.bottom > height]


@settings(max_examples=40, deadline=None)
@given(timelines(), breadths)
def test_a_drawing_is_inert(told: Timeline, breadth: int) -> None:
    """Whatever labels say: no scripts, no styles, no handlers, no address but events of the page and own gradients."""
    for node in parsed(draw(told, breadth=breadth)).iter():
        assert node.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "defs", "linearGradient", "stop", "rect", "path", "circle", "text", "g", "a",
        }  # fmt: skip
        for name, value in node.attrib.items():
            assert not name.startswith("on")
            assert name != "style"
            if name == "href":
                assert value.startswith("#event-")
            elif "url" in value:
                assert value.startswith("url(#events-")


def test_hostile_labels_are_text() -> None:
    """Markup, control and bidirectional characters of a label do nothing."""
    hostile = '</text><script>alert(1)</script>"\u202e\u0000\x1b[31m&amp;'
    svg = draw(timeline([item("e", hostile, "2025-05-05")]))
    assert "<script" not in svg
    assert not set("\u202e\u0000\x1b") & set(svg)
    assert hostile.translate({0x202E: None, 0: None, 0x1B: None}) in [
        text.text for text in parsed(svg).iter(f"{SVG}text")
    ]


def test_the_same_timeline_gives_the_same_bytes() -> None:
    """Nothing of a drawing depends on the run."""
    told = timeline([item(f"e{n}", f"Event {n}", f"{1990 + n}") for n in range(30)])
    assert draw(told) == draw(told)


@pytest.mark.parametrize("breadth", [WIDE, NARROW])
def test_five_hundred_events_keep_a_page(breadth: int) -> None:
    """A crowded timeline is no longer than a few screens, still names many of its events and counts the others."""
    lanes = [
        [item(f"e{n}-{m}", f"Event number {n}", f"{1990 + n // 3}-0{1 + n % 9}-11") for n in range(100)]
        for m in range(5)
    ]
    drawn = parsed(draw(timeline(*lanes), breadth=breadth))
    labels = [text for text in drawn.iter(f"{SVG}text") if text.get("class") == "label"]
    assert float(drawn.attrib["height"]) < 2600
    assert len(labels) > 60
    assert 500 == accounted(drawn)


def test_letters_can_be_read() -> None:
    """No text is smaller than 12 pixels."""
    svg = draw(timeline([item(f"e{n}", "Event", "2025-05-05") for n in range(80)], as_of="2025-06"))
    sizes = {float(text.get("font-size", "13")) for text in parsed(svg).iter(f"{SVG}text")}
    assert min(sizes) >= 12


def test_a_drawing_has_a_name_and_a_description() -> None:
    """Caption and alternative text are title and description, and the drawing says that they are its own."""
    drawn = parsed(draw(timeline([item("e", "Event", "2025")])))
    named = [node.text for id_ in drawn.attrib["aria-labelledby"].split() for node in drawn if node.get("id") == id_]
    assert ["Events", "All events along time"] == named


def test_an_event_links_to_its_entry_and_says_its_date() -> None:
    """Whoever points at an event sees the date in words and the whole label."""
    drawn = parsed(draw(timeline([item("a:b~1", "Something long " * 20, "2025-05-05")])))
    (link,) = drawn.iter(f"{SVG}a")
    assert "#event-a:b~1" == link.attrib["href"]
    assert f"5 May 2025: {('Something long ' * 20).strip()}" == link[0].text


def test_a_gap_that_takes_most_of_the_time_is_left_out() -> None:
    """1994 and 2025 each have their years, and the legend says that time is left out between."""
    events = [item("a", "A", "1994"), item("b", "B", "2025"), item("c", "C", "2026-02"), item("d", "D", "2026-01-05")]
    said = [text.text for text in parsed(draw(timeline(events))).iter(f"{SVG}text")]
    assert "time left out" in said
    assert {"Jan 1994", "Jan 2025"} <= set(said)


def test_time_without_such_a_gap_is_drawn_whole() -> None:
    """Three events decades apart stay at their distances."""
    events = [item("a", "A", "1950"), item("b", "B", "1980"), item("c", "C", "2010")]
    assert "time left out" not in draw(timeline(events))


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2025-06-30", "as of 30 June 2025"),
        ("2090-01-01", "as of 1 January 2090 →"),
        ("1890", "← as of 31 December 1890"),
    ],
)
def test_the_date_told_of_is_marked(as_of: str, said: str) -> None:
    """As a line where it lies in the picture, as an arrow where it does not."""
    events = [item(f"e{n}", "E", f"202{n}-05-05") for n in range(6)]
    drawn = parsed(draw(timeline(events, as_of=as_of)))
    assert [said] == [text.text for text in drawn.iter(f"{SVG}text") if text.get("class") == "now"]
    assert ("→" not in said and "←" not in said) == any(
        path.get("stroke-dasharray") == "5 3" for path in drawn.iter(f"{SVG}path")
    )


def test_no_events_at_all() -> None:
    """An axis around the date told of."""
    assert "1 Mar 2026" in draw(timeline())


def test_golden() -> None:
    """A small drawing of several shapes of dates, looked at before it was accepted."""
    told = timeline(
        [item("a", "Ides of March", "-0043-03-15"), item("b", "Augustus becomes princeps", "-0026")],
        [
            item("c", "Census & <taxes>", "0006~"),
            item("d", "Law", "[..0010]"),
            item("e", "Peace", "-0028/..", "ongoing"),
        ],
        as_of="0012",
    )
    svg = fixed(draw(told, breadth=NARROW)) + "\n"
    if "RENEW_GOLDEN" in os.environ:
        (GOLDEN / "timeline.svg").write_text(svg, encoding="utf-8")
    assert (GOLDEN / "timeline.svg").read_text(encoding="utf-8") == svg

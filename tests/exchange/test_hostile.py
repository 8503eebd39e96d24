"""Files that nobody meant well: an InputError or documents that load, and nothing else, in bounded time."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chronicle.errors import InputError, QuestionError
from chronicle.exchange.formats import IMPORTS
from chronicle.exchanging import import_file as import_
from tests.exchange.importing import FILES, assert_it_loads, imported

several = settings(max_examples=60, suppress_health_check=list(HealthCheck))
TEXTS = {
    "timelinejs": ["women_in_computing.json", "women_in_computing.csv", "houston-timeline2.json"],
    "ics": ["issue_350.ics", "timezoned.ics", "issue_1050_all_components.ics"],
    "wikidata": ["douglas-adams.json", "universe.json"],
    "csv": ["women_in_computing.csv"],
}
NAMES = (
    "events eras title start_date year text headline media url entities Q1 id claims P569 mainsnak datavalue value "
    "time qualifiers P580 references snaks labels type"
).split()
DAMAGE = ["", '"', "{", "\n", "\x00", "BEGIN:VEVENT\n", "\u2028", "99", ",", "-"]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["Q1", "1994", "time", "value", "<b>", "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=25,
)


def taken_or_refused(text: str, from_: str) -> None:
    """There is no third way."""
    try:
        found = imported(text, from_)
    except InputError:
        return
    with tempfile.TemporaryDirectory() as folder:
        assert_it_loads(found, Path(folder))


@several
@given(st.sampled_from(["timelinejs", "wikidata"]), values)
def test_any_json(from_: str, value: Any) -> None:
    """With fields of the right names and values of any shape."""
    taken_or_refused(json.dumps(value), from_)


@several
@given(st.data())
def test_any_text_that_was_damaged(data: st.DataObject) -> None:
    """A published file in which something was cut out, doubled or put in."""
    from_ = data.draw(st.sampled_from(sorted(TEXTS)))
    text = (FILES / data.draw(st.sampled_from(TEXTS[from_]))).read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    put = data.draw(st.sampled_from([*DAMAGE, text[start:end] * 2]))
    taken_or_refused(text[:start] + put + text[end:], from_)


@pytest.mark.parametrize("from_", sorted(IMPORTS))
def test_any_other_file(from_: str, tmp_path: Path) -> None:
    """What is no text, is not there, is a folder or too large is refused by name."""
    path = tmp_path / "a file"
    path.write_bytes(b"line\n\xff\xfe")
    with pytest.raises(InputError, match=r"a file:2:1: is no UTF-8"):
        import_(path, from_=from_, chronicle="c")
    with pytest.raises(InputError, match="is a folder"):
        import_(tmp_path, from_=from_, chronicle="c")
    with pytest.raises(InputError, match="is not there"):
        import_(tmp_path / "nothing", from_=from_, chronicle="c")
    with path.open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    with pytest.raises(InputError, match="larger than 16 MB"):
        import_(path, from_=from_, chronicle="c")


@pytest.mark.parametrize(
    ("from_", "chronicle", "reason"), [("xml", "c", "timelinejs, ics, csv, wikidata"), ("csv", "no name", "no name")]
)
def test_what_cannot_be_asked(from_: str, chronicle: str, reason: str) -> None:
    """An unknown format, with those there are; a chronicle that could not be named so."""
    with pytest.raises(QuestionError, match=reason):
        import_("file", from_=from_, chronicle=chronicle)


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<a href='", "<![CDATA[", "</", "&#", "<p>", "<!-->"])
def test_html_without_end_takes_linear_time(piece: str) -> None:
    """A megabyte of what `html.parser` alone would take hours for."""
    slide = {"start_date": {"year": "1994"}, "text": {"headline": "x", "text": piece * (1_000_000 // len(piece))}}
    assert 1 == len(imported(json.dumps({"events": [slide]}), "timelinejs").documents)

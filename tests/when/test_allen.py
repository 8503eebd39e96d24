"""The thirteen relations: exactly one between spans without doubt, all that are possible between others."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.when import Relation, When, relates, relations

DAYS = 8
SPANS = [(a, b) for a in range(1, DAYS) for b in range(a + 1, DAYS + 1)]


def day(number: int) -> str:
    """The day of January 2000."""
    return f"2000-01-{number:02d}"


def a_span(start: int, end: int) -> When:
    """The days from `start` up to but not including `end`."""
    return When.parse(f"{day(start)}/{day(end - 1)}")


def the(one: When, other: When) -> Relation:
    """The only relation."""
    (relation,) = relations(one, other)
    return relation


@pytest.mark.parametrize(
    ("start", "end", "relation"),
    [
        (1, 2, "after"),
        (2, 3, "met-by"),
        (2, 4, "overlapped-by"),
        (3, 5, "started-by"),
        (4, 6, "finished-by"),
        (2, 7, "during"),
        (3, 6, "equals"),
        (4, 5, "contains"),
        (2, 6, "finishes"),
        (3, 7, "starts"),
        (5, 7, "overlaps"),
        (6, 7, "meets"),
        (7, 8, "before"),
    ],
)
def test_the_thirteen_cases(start: int, end: int, relation: str) -> None:
    """Case 57: what [3, 6) is to each of thirteen spans, one relation each; the other way it is the converse."""
    assert relation == the(a_span(3, 6), a_span(start, end))
    assert Relation(relation).converse == the(a_span(start, end), a_span(3, 6))


@pytest.mark.parametrize(
    ("one", "relation", "other"),
    [
        ("1994", "before", "1996"),
        ("1994", "meets", "1995"),
        ("1994-05-03", "during", "1994"),
        ("1994-01", "starts", "1994"),
        ("1994", "equals", "1994-01-01/1994-12-31"),
        ("1994-21", "contains", "1994-04"),
        ("../1994", "starts", "../1995"),
        ("../..", "contains", "1994"),
        ("1994/..", "finishes", "../.."),
        ("1985-04-12T23:20:30Z", "during", "1985-04-12"),
        ("1985-04-12T23:59:59Z", "finishes", "1985-04-12"),
        ("-0044-03-15", "before", "0001"),
        ("Y170000002", "after", "9999"),
    ],
)
def test_spans_without_doubt(one: str, relation: str, other: str) -> None:
    """A date is the span that its text names."""
    assert relation == the(When.parse(one), When.parse(other))


@pytest.mark.parametrize(
    ("one", "other", "possible"),
    [
        ("1994~", "1996", {"before", "meets"}),
        ("1994~", "1998", {"before"}),
        ("199X", "1990/1999", {"starts", "during", "finishes", "equals"}),
        ("199X", "2000", {"before", "meets"}),
        ("[1667, 1668]", "1669", {"before", "meets"}),
        ("1990/", "1980", {"after"}),
        ("1990/", "1989", {"met-by"}),
        ("1990/", "1990", {"starts", "equals", "started-by"}),
        ("/1990", "1991", {"meets"}),
        ("/1990", "1980/1990", {"finishes", "equals", "finished-by"}),
        ("1950S2", "19XX", set(Relation)),
    ],
)
def test_spans_in_doubt(one: str, other: str, possible: set[str]) -> None:
    """All that some choice of the ends allows, and nothing else."""
    assert possible == set(relations(When.parse(one), When.parse(other)))


def test_three_values() -> None:
    """Certain, impossible, and undetermined."""
    about, after = When.parse("1994~"), When.parse("1996")
    assert relates(When.parse("1994"), Relation.BEFORE, after) is True
    assert relates(about, Relation.AFTER, after) is False
    assert relates(about, Relation.BEFORE, after) is None
    assert relates(about, Relation.MEETS, after) is None


def compose() -> dict[tuple[Relation, Relation], set[Relation]]:
    """Which relations a can have to c, for each relation of a to b and of b to c, by trying all small spans."""
    found: dict[tuple[Relation, Relation], set[Relation]] = {}
    between = {(x, y): the(a_span(*x), a_span(*y)) for x in SPANS for y in SPANS}
    for a, b, c in product(SPANS, repeat=3):
        found.setdefault((between[a, b], between[b, c]), set()).add(between[a, c])
    return found


def test_the_composition_table() -> None:
    """The counts of Allen's table: 169 entries, of which 3 leave all thirteen open, and 97 leave one relation."""
    table = compose()
    assert 169 == len(table)
    sizes = [len(possible) for possible in table.values()]
    assert {1: 97, 3: 42, 5: 24, 9: 3, 13: 3} == {size: sizes.count(size) for size in sorted(set(sizes))}
    assert table[Relation.BEFORE, Relation.BEFORE] == {Relation.BEFORE}
    assert table[Relation.DURING, Relation.CONTAINS] == set(Relation)
    assert table[Relation.MEETS, Relation.MET_BY] == {Relation.FINISHES, Relation.FINISHED_BY, Relation.EQUALS}


@st.composite
def vague(draw: st.DrawFn) -> tuple[When, list[tuple[int, int]]]:
    """A date of days in one of several forms, and the hours at which it may start and end."""
    first = draw(st.integers(1, DAYS - 1))
    last = draw(st.integers(first, DAYS))
    start, end = (first - 1) * 24, last * 24
    form = draw(st.sampled_from(["span", "some", "start", "end", "about"]))
    if form == "some":
        text = f"[{day(first)}..{day(last)}]"
        return When.parse(text), [(a, b) for a in range(start, end) for b in range(a + 1, end + 1)]
    if form == "start":
        other = draw(st.integers(last, DAYS))
        text = f"{day(first)}?/{day(other)}"
        begins = range((first - 2) * 24, (first + 1) * 24)
        return When.parse(text), [(a, other * 24) for a in begins if a < other * 24]
    if form == "end":
        return When.parse(f"{day(first)}/{day(last)}~"), [
            (start, b) for b in range((last - 2) * 24 + 1, (last + 1) * 24 + 1) if b > start
        ]
    if form == "about":
        lo, hi = (first - 2) * 24, (first + 1) * 24
        return When.parse(f"{day(first)}~"), [(a, b) for a in range(lo, hi) for b in range(a + 1, hi + 1)]
    return When.parse(f"{day(first)}/{day(last)}"), [(start, end)]


def named(one: tuple[int, int], other: tuple[int, int]) -> str:
    """The relation of two spans, by its definition."""
    (a, b), (c, d) = one, other
    if b < c:
        return "before"
    if b == c:
        return "meets"
    if d < a:
        return "after"
    if d == a:
        return "met-by"
    starts, ends = (a > c) - (a < c), (b > d) - (b < d)
    return {
        (0, 0): "equals",
        (0, -1): "starts",
        (0, 1): "started-by",
        (1, 0): "finishes",
        (-1, 0): "finished-by",
        (1, -1): "during",
        (-1, 1): "contains",
        (-1, -1): "overlaps",
        (1, 1): "overlapped-by",
    }[starts, ends]


@given(vague(), vague())
def test_every_choice_of_the_ends(
    one: tuple[When, list[tuple[int, int]]], other: tuple[When, list[tuple[int, int]]]
) -> None:
    """The possible relations are those of all spans that the bounds allow, tried hour by hour."""
    (when, spans), (also, others) = one, other
    tried = {named(a, b) for a in coarse(spans) for b in coarse(others)}
    assert tried == set(relations(when, also))
    assert {Relation(name).converse for name in tried} == relations(also, when)


def coarse(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans whose ends lie at, next to, or half-way between days: enough for every order of four ends."""
    kept = (0, 1, 2, 12, 22, 23)
    return [(a, b) for a, b in spans if a % 24 in kept and b % 24 in kept]


@given(vague(), vague())
def test_relations_agree_with_comparison(one: tuple[When, object], other: tuple[When, object]) -> None:
    """What comes before in every world does so by comparison, and the other way round."""
    (when, _), (also, _) = one, other
    early = relations(when, also) <= {Relation.BEFORE, Relation.MEETS}
    assert early == (when.compare(also) == "before")

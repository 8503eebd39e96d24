"""Random logs over the first days of 1970: vague dates, corrections, late reports, denials, retractions.

Each date is drawn as days and only then written as EDTF, so that the oracle never needs our parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

LAST_DAY = 6
BEFORE = -1
"""The day that stands for all unknown beginnings before the first one."""
SINCE_EVER = -100
AFTER = LAST_DAY + 3


@dataclass(frozen=True)
class Days:
    """A date that lies in the days from `lo` up to but not including `hi`."""

    text: str
    lo: int
    hi: int


def day_text(day: int) -> str:
    """1970-01-01 is day 1."""
    return f"1970-01-{day:02d}" if day >= 1 else f"1969-12-{31 + day:02d}"


@dataclass(frozen=True)
class FactPlan:
    """A fact as drawn: its document, and its dates as days."""

    document: dict[str, Any]
    starts: Days | None
    """None: it begins when its event does."""
    ends: Days | None
    """None: never."""
    period: tuple[int, int] | None


@dataclass(frozen=True)
class Version:
    """A version of an event as drawn; `occurred` is where it starts and the end of all of it."""

    document: dict[str, Any]
    sources: frozenset[str]
    facts: tuple[FactPlan, ...] = ()
    occurred: Days | None = None
    occurred_end: int = 0
    retracted: bool = False


@dataclass(frozen=True)
class SourcePlan:
    """A version of a source; `published` is its last day."""

    document: dict[str, Any]
    published: int | None


Append = tuple[int, list[Version | SourcePlan | dict[str, Any]]]
"""The day on which it is recorded, and its documents in order."""

days = st.integers(1, LAST_DAY)


@st.composite
def dates(draw: st.DrawFn) -> Days:
    """A date or a set."""
    lo = draw(days)
    form = draw(st.sampled_from(["day", "day", "day", "range", "some", "about", "by", "from"]))
    hi = draw(st.integers(lo, min(lo + 2, LAST_DAY)))
    match form:
        case "range":
            return Days(f"[{day_text(lo)}..{day_text(hi)}]", lo, hi + 1)
        case "some":
            return Days(f"[{day_text(lo)},{day_text(hi)}]", lo, hi + 1)
        case "about":
            return Days(f"{day_text(lo)}~", lo - 1, lo + 2)
        case "by":
            return Days(f"[..{day_text(lo)}]", BEFORE, lo + 1)
        case "from":
            return Days(f"[{day_text(lo)}..]", lo, AFTER)
        case _:
            return Days(day_text(lo), lo, lo + 1)


ATTRIBUTES = ("one", "many", "report", "undeclared")


@st.composite
def facts(draw: st.DrawFn) -> FactPlan:
    """A fact; whether it can hold at all depends on its event."""
    attribute = draw(st.sampled_from(ATTRIBUTES))
    denied = draw(st.integers(0, 5)) == 0
    document: dict[str, Any] = {"subject": "s", "attribute": attribute}
    if draw(st.integers(0, 4)) == 0:
        document["dimensions"] = {"d": "e"}
    if not denied or attribute == "many":
        document["value"] = draw(st.sampled_from(["a", "b"]))
    if denied:
        document["holds"] = False
    if attribute != "many" and draw(st.integers(0, 5)) == 0:
        first = draw(days)
        last = draw(st.integers(first, min(first + 1, LAST_DAY)))
        document["period"] = day_text(first) if first == last else f"{day_text(first)}/{day_text(last)}"
        return FactPlan(document, None, None, (first, last))

    starts = ends = None
    begin = draw(st.sampled_from(["default", "from", "at", "from", "unknown", "ever"]))
    if begin in ("from", "at"):
        starts = draw(dates())
        document[begin] = starts.text
    elif begin == "unknown":
        document["from"] = "unknown"
        starts = Days("unknown", BEFORE, BEFORE)
    elif begin == "ever":
        document["from"] = ".."
        starts = Days("..", SINCE_EVER, SINCE_EVER)
    end = draw(st.sampled_from(["never", "never", "until", "through", "unknown"]))
    if end == "until":
        ends = draw(dates())
        document["until"] = ends.text
    elif end == "through":
        day = draw(days)
        document["through"] = day_text(day)
        ends = Days("through", day + 1, day + 1)
    elif end == "unknown":
        document["until"] = "unknown"
        ends = Days("unknown", BEFORE, BEFORE)
    return FactPlan(document, starts, ends, None)


@st.composite
def versions(draw: st.DrawFn, event: str, sources: list[str]) -> Version:
    """A version of an event, perhaps its retraction."""
    cited = draw(st.lists(st.sampled_from(sources), max_size=2, unique=True))
    document: dict[str, Any] = {"id": event, "sources": [{"source": source} for source in cited]}
    if draw(st.integers(0, 6)) == 0:
        return Version({**document, "retracted": True}, frozenset(cited), retracted=True)
    form = draw(st.sampled_from(["date", "date", "lasting", "open", "unknown start", "open start"]))
    last = draw(days)
    match form:
        case "lasting":
            first = draw(st.integers(1, last))
            occurred, end, text = Days("", first, first + 1), last + 1, f"{day_text(first)}/{day_text(last)}"
        case "open":
            occurred, end, text = Days("", last, last + 1), AFTER, f"{day_text(last)}/.."
        case "unknown start":
            occurred, end, text = Days("unknown", BEFORE, last + 1), last + 1, f"/{day_text(last)}"
        case "open start":
            occurred, end, text = Days("..", SINCE_EVER, SINCE_EVER), last + 1, f"../{day_text(last)}"
        case _:
            occurred = draw(dates())
            end, text = occurred.hi, occurred.text
    plans = tuple(plan for plan in draw(st.lists(facts(), max_size=2)) if _can_hold(plan, occurred))
    document |= {"type": "test.event", "occurred": text, "title": "t", "facts": [plan.document for plan in plans]}
    return Version(document, frozenset(cited), plans, occurred, end)


def _can_hold(plan: FactPlan, occurred: Days) -> bool:
    """Some beginning lies before some ending, by days; the archive refuses any other fact."""
    if plan.period is not None or plan.ends is None or plan.ends.text == "unknown":
        return True
    begin = plan.starts or occurred
    first = begin.lo * PARTS
    if plan.ends.text == "through":
        return plan.ends.lo * PARTS > first
    return plan.ends.hi * PARTS - 1 > first


PARTS = 3
"""Instants told apart within a day: enough for every order in which the few facts of a key can begin and end."""


@st.composite
def sources(draw: st.DrawFn, name: str) -> SourcePlan:
    """A version of a source, dated or not."""
    day = draw(st.one_of(st.none(), days))
    document = {"kind": "source", "id": name, "title": name}
    return SourcePlan(document if day is None else {**document, "published": day_text(day)}, day)


DECLARED: list[dict[str, Any]] = [
    {"kind": "attribute", "id": "one"},
    {"kind": "attribute", "id": "many", "cardinality": "many"},
    {"kind": "attribute", "id": "report", "resolution": "latest-reported"},
]


@st.composite
def histories(draw: st.DrawFn) -> list[Append]:
    """Up to four appends, the first of which declares what the others need, in any order."""
    names = ["s1", "s2", "s3"]
    events = ["e1", "e2", "e3"]
    recorded = 1
    appends: list[Append] = []
    seen: set[str] = set()
    for index in range(draw(st.integers(1, 4))):
        recorded += draw(st.integers(0, 2))
        changed = draw(st.lists(st.sampled_from(events), min_size=1, max_size=3))
        documents: list[Any] = []
        for event in changed:
            version = draw(versions(event, names))
            documents.append(version)
        if index == 0:
            documents = draw(st.permutations([*documents, *(draw(sources(name)) for name in names), *DECLARED]))
        elif draw(st.booleans()):
            documents.insert(draw(st.integers(0, len(documents))), draw(sources(draw(st.sampled_from(names)))))
        appends.append((recorded, [plan for plan in documents if _can_come(plan, seen)]))
    return appends


def _can_come(plan: Any, seen: set[str]) -> bool:
    """A retraction needs something to retract."""
    if not isinstance(plan, Version):
        return True
    if plan.retracted and plan.document["id"] not in seen:
        return False
    seen.add(plan.document["id"])
    return True

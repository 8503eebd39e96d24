"""What is expected of how the databases find what questions ask for, once they know how much there is.

Tests and benchmarks hold the same against worlds of different sizes.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from chronicle.store import bounds, candidates, claims, holding, hot, read, together, touched
from chronicle.store.archive import Store
from chronicle.store.effective import of_both
from chronicle.store.lanes import WIDTHS
from chronicle.store.place import Place
from chronicle.store.prepared import Prepared
from chronicle.store.read import LATEST, Horizon
from tests.benchmarks import world

POINT = {"chronicle": world.CHRONICLE, "subject": world.subject(0), "attribute": world.ATTRIBUTES[0]}
NOW = {"position": LATEST, "known": 2_000_000_000}
BOTH = of_both(Horizon(NOW["position"], NOW["known"]), Horizon(LATEST, 1_990_000_000))
BEHIND = candidates._at(candidates._behind(Place(*POINT.values())))  # noqa: SLF001 - as said below
HOT = {**POINT, "x": 1_000_000_000}
MANY = {"chronicle": world.CHRONICLE, "begun_by": 1_000_000_000, "most": 1_000}


# Their plans are what is tested, so that what is private is asked for. Each is asked with bounds of knowledge.
OF_KEYS: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "standing out": (candidates._STANDING_OUT, {**POINT, "begun_by": 1_000_000_000, "most": 25}),  # noqa: SLF001 - as said below
    "few": (candidates._few(is_known=True), {**POINT, "most": 25}),  # noqa: SLF001 - as said above
    "hot": (hot._of_place(is_known=True, is_lateral=False), HOT),  # noqa: SLF001 - as above
    "moved of a place": (bounds._facts(is_known=True), {**POINT, "first": 990_000_000, "last": 990_600_000}),  # noqa: SLF001 - as above
    "touched of a place": (touched._of_place((True, True)), POINT | BOTH),  # noqa: SLF001 - as above
    "many": (candidates._many(("chronicle",), is_known=True), {**MANY, **BEHIND}),  # noqa: SLF001 - as above
}

EARLY = -2_150_000_000
"""In 1901, when little of the world had begun."""

ASKED = {"chronicle": world.CHRONICLE, "x": EARLY, "most": 1_000, "spared": f'["{world.ATTRIBUTES[0]}"]'}
ASKED |= holding._before(Place(*POINT.values()))  # noqa: SLF001 - as above
TIMES = {f"low_{width}": holding._low(width, EARLY) for width in range(len(WIDTHS) + 1)}  # noqa: SLF001 - as above
LAST = {"last_subject": world.subject(9), "last_attribute": world.ATTRIBUTES[0]}
WHOLE = (("chronicle",), {"is_known": True, "is_latest": False, "is_wide": False})

OF_MANY_KEYS: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "coming": (holding._coming(WHOLE[0]), ASKED),  # noqa: SLF001 - as above
    "places by time": (holding._stabbed(WHOLE[0]), {**ASKED, **TIMES}),  # noqa: SLF001 - as above
    "held by time": (holding._held(WHOLE[0], is_few=True, **WHOLE[1]), {**ASKED, **TIMES, **LAST}),  # noqa: SLF001 - as above
    "held by key": (holding._held(WHOLE[0], is_few=False, **WHOLE[1]), ASKED),  # noqa: SLF001 - as above
}

MOVED = {
    "chronicle": world.CHRONICLE,
    "subject": "",
    "attribute": "",
    "first": 990_000_000,
    "last": 990_600_000,
    "first_day": 990_000_000 // 86_400,
    "last_day": 990_600_000 // 86_400,
    "position": LATEST,
    "most": 501,
}

OF_EVENTS: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "events": (claims._EVENTS, {"positions": "[1, 5000]"}),  # noqa: SLF001 - as above
    "revised": (read._REVISED, {"after": 5_000, "last": 5_500}),  # noqa: SLF001 - as above
    "touched": (touched._TOUCHED, {"low": 5_000, "high": 5_010, "early": 0, "late": 0, "begun_by": 0, "ended_by": 0}),  # noqa: SLF001 - as above
    "stated": (together._stated(is_known=True), {"firsts": "[1, 5000]", "begun_by": 0}),  # noqa: SLF001 - as above
    "following": (read._FOLLOWING, {"after": 5_000, "most": 500}),  # noqa: SLF001 - as above
    "moved": (bounds._MOVED, MOVED),  # noqa: SLF001 - as above
    "counted": (bounds._COUNTED, MOVED),  # noqa: SLF001 - as above
    "moved since": (bounds._moved_since(is_of_one=False), MOVED),  # noqa: SLF001 - as above
    "moved of one": (bounds._moved_since(is_of_one=True), MOVED | {"only": world.ATTRIBUTES[0]}),  # noqa: SLF001 - as above
}

PLACES = {
    "places": f'[["{world.CHRONICLE}", "{world.subject(0)}", "{world.ATTRIBUTES[0]}"]]',
    "begun_by": 1_000_000_000,
}

TOGETHER: dict[str, tuple[Prepared, dict[str, Any]]] = {
    "cold": (together._COLD, PLACES),  # noqa: SLF001 - as above
    "standing out together": (together._standing_out((True, True)), PLACES | BOTH | {"last": 1_000_000_000}),  # noqa: SLF001 - as above
    "begun together": (together._begun(is_known=True), PLACES | NOW),  # noqa: SLF001 - as above
}

BOUNDED = r"AND lane=\? AND from_lo>\? AND from_lo<\?\)$"
"""How SQLite says that the beginning of a fact, too, is looked up and not looked through."""

WIDTH = r"USING COVERING INDEX ix_extent_width \(chronicle=\? AND width=\? AND begins>\? AND begins<\?\)$"
"""How it says that only those extents of each width are looked at that begin so late that they may last."""


class Expected(NamedTuple):
    """A pattern that some line of the plan of a question has, or that none has."""

    question: str
    says: str
    pattern: str
    is_there: bool = True

    def __str__(self) -> str:
        return f"{self.question}: {self.says}"

    def holds(self, lines: list[str]) -> bool:
        """The plan is as expected."""
        return self.is_there is any(re.search(self.pattern, line) for line in lines)


def of_sqlite() -> list[Expected]:
    """What is expected of SQLite."""
    expected = []
    for question in OF_KEYS:
        expected += [
            Expected(question, "facts in the order of keys", r"SEARCH fact USING PRIMARY KEY \(chronicle=\?"),
            Expected(question, "nothing is sorted", "TEMP B-TREE", is_there=False),
            Expected(question, "nothing from end to end", "SCAN fact", is_there=False),
        ]
    expected.append(Expected("events", "records by their positions", r"SEARCH record USING INTEGER PRIMARY KEY"))
    expected.append(Expected("events", "contents by their positions", r"SEARCH payload USING INTEGER PRIMARY KEY"))
    in_page = r"SEARCH report USING COVERING INDEX .*\(position>\? AND position<\?\)"
    expected.append(Expected("revised", "reports of a page", in_page))
    expected.append(Expected("following", "nothing from end to end", "SCAN", is_there=False))
    for question in ("moved since", "moved of one"):
        expected.append(Expected(question, "nothing is sorted", "TEMP B-TREE", is_there=False))
    of_days = r"SEARCH bound USING PRIMARY KEY \(chronicle=\? AND day>\? AND day<\?\)"
    expected += [Expected(question, "bounds by their days", of_days) for question in ("moved", "counted")]
    expected.append(Expected("moved", "facts by their positions", r"SEARCH fact USING .*\(position=\?"))
    in_place = r"SEARCH extent USING PRIMARY KEY \(chronicle=\? AND subject=\? AND attribute=\?"
    expected.append(Expected("hot", "extents of the place", in_place))
    for question in ("touched", "stated"):
        expected.append(Expected(question, "facts by the positions of versions", r"SEARCH fact USING .*\(position=\?"))
        expected.append(Expected(question, "nothing from end to end", "SCAN (fact|version|report)", is_there=False))
    for question in TOGETHER:
        expected.append(
            Expected(
                question,
                "facts by their places",
                r"SEARCH (fact|here) USING PRIMARY KEY \(chronicle=\? AND subject=\? AND attribute=\?\)",
            )
        )
        expected.append(Expected(question, "nothing from end to end", "SCAN (fact|here)", is_there=False))
    for question in ("places by time", "held by time"):
        expected.append(Expected(question, "extents that may last", f" extent {WIDTH}"))
        expected.append(Expected(question, "no other extents", f" extent (?!.*{WIDTH})", is_there=False))
    in_order = r" extent USING PRIMARY KEY \(chronicle=\? AND \(subject,attribute"
    expected.append(Expected("held by key", "keys come in their order", in_order))
    expected.append(Expected("held by key", "nothing is sorted", "TEMP B-TREE", is_there=False))
    expected.append(Expected("coming", "extents in their order", in_order))
    expected.append(Expected("coming", "they come so", "TEMP B-TREE FOR ORDER BY", is_there=False))
    for question in ("hot", "held by time", "held by key"):
        for table in ("fact", "claim"):
            expected.append(Expected(question, f"{table} is bounded", f" {table} .*{BOUNDED}"))
            expected.append(Expected(question, f"no other {table}", f" {table} (?!.*{BOUNDED})", is_there=False))
    return expected


def of_postgresql() -> list[Expected]:
    """What is expected of PostgreSQL."""
    expected = []
    for question in OF_KEYS:
        needs_no_order = question in ("standing out", "touched of a place")
        index = "pk_fact|ix_fact_attribute" if needs_no_order else "pk_fact"
        expected.append(Expected(question, "facts by their keys", index))
        expected.append(Expected(question, "nothing from end to end", "Seq Scan", is_there=False))
    expected.append(Expected("events", "records by their positions", "pk_record"))
    expected.append(Expected("events", "contents by their positions", "pk_payload"))
    expected.append(Expected("revised", "reports of a page", r"Index Cond: .*\"position\" > .*\"position\" <="))
    expected.append(Expected("following", "nothing is sorted", "Sort", is_there=False))
    for question in ("places by time", "held by time"):
        expected.append(Expected(question, "extents by time", "ix_extent_width"))
        expected.append(Expected(question, "those that may last", r"Index Cond: .*width = 3\) AND \(begins >="))
    expected += [
        Expected(question, "nothing from end to end", "Seq Scan", is_there=False)
        for question in ("touched", "stated", "moved", "counted", *TOGETHER)
    ]
    expected += [Expected(question, "bounds by their days", "pk_bound") for question in ("moved", "counted")]
    expected.append(Expected("coming", "extents in their order", "pk_extent"))
    expected.append(Expected("moved since", "facts in the order of keys", "pk_fact"))
    expected.append(Expected("moved of one", "nothing is sorted", "Sort", is_there=False))
    for question in ("held by time", "held by key"):
        expected += [
            Expected(question, "facts in the order of keys", "Index Scan using pk_fact on fact"),
            Expected(question, "the last that claims", "Index Scan Backward using pk_fact on fact claim"),
            Expected(question, "no facts from end to end", "Seq Scan on fact", is_there=False),
        ]
    expected.append(Expected("held by time", "facts are bounded", r"Index Cond.*\(from_lo >= CASE"))
    return expected


OTHERWISE: dict[str, dict[str, tuple[Prepared, dict[str, Any]]]] = {
    "sqlite": {},
    "postgresql": {"hot": (hot._of_place(is_known=True, is_lateral=True), HOT)},  # noqa: SLF001 - as above
}
"""What one of them is asked in other words."""

OF = {"sqlite": of_sqlite, "postgresql": of_postgresql}


def plan(store: Store, question: str) -> list[str]:
    """What the database would do, line by line."""
    asked, values = (OF_KEYS | OF_MANY_KEYS | OF_EVENTS | TOGETHER | OTHERWISE[store.reader.dialect.name])[question]
    with store.reading() as connection:
        statement, names, fixed = asked._compile(connection)  # noqa: SLF001 - as above
        bound = fixed | NOW | values
        explain = "EXPLAIN QUERY PLAN" if store.reader.dialect.name == "sqlite" else "EXPLAIN"
        driver: Any = connection.connection.driver_connection
        given = bound if names is None else [bound[name] for name in names]
        rows = driver.execute(f"{explain} {statement}", given).fetchall()
    return [str(row[-1]) for row in rows]


def check(store: Store) -> None:
    """Hold every plan of a database against what is expected of it."""
    for expected in OF[store.reader.dialect.name]():
        lines = plan(store, expected.question)
        assert expected.holds(lines), "\n".join([str(expected), *lines])

"""When a version was reported (DESIGN 5.1), and how corrections of its sources change that from their position on."""

from __future__ import annotations

from datetime import UTC, datetime

from chronicle.store import read
from chronicle.store.archive import Store
from chronicle.store.candidates import candidates
from chronicle.store.head import read_head
from chronicle.store.read import Horizon
from tests.builders import (
    CHRONICLE,
    NOW,
    a_fact,
    a_retraction,
    a_source,
    an_entity,
    an_event,
    codes,
    instant,
    load,
)


def reported(store: Store, id: str = "x", position: int | None = None) -> list[str | None]:  # noqa: A002
    """The reported second of every version of an event, as the sources stood at a position."""
    with store.reading() as connection:
        upto = read_head(connection).position if position is None else position
        versions = read.versions_of(connection, Horizon(upto), id)
    return [None if one.reported is None else second(one.reported) for one in versions]


def second(seconds: int) -> str:
    """`2025-01-01T00:00:00` for a second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def visible(store: Store, known: str, position: int | None = None) -> list[str | None]:
    """The values of the candidate facts at the end of a second of knowledge."""
    with store.reading() as connection:
        upto = read_head(connection).position if position is None else position
        horizon = Horizon(upto, instant(known) // 1_000_000)
        places = candidates(connection, horizon, CHRONICLE)
        return [*sorted(str(fact.value) for _, pairs in places for _, fact in pairs)]


def test_the_last_second_of_the_day(store: Store) -> None:
    """A version is reported at the last second at which its source can have been published."""
    load(store, a_source("s", "2025-06-01"), an_event("x", sources=["s"]))

    assert ["2025-06-01T23:59:59"] == reported(store)


def test_an_imprecise_publication(store: Store) -> None:
    """A source of some month counts from the end of it, by strict bounds."""
    load(store, a_source("s", "2025-06~"), an_event("x", sources=["s"]))

    assert ["2025-06-30T23:59:59"] == reported(store)


def test_the_earliest_source_counts(store: Store) -> None:
    """Of several sources the smallest last second counts, though another may begin earlier."""
    load(store, a_source("year", "2024"), a_source("day", "2024-05-01"), an_event("x", sources=["year", "day"]))

    assert ["2024-05-01T23:59:59"] == reported(store)


def test_a_source_without_an_end_does_not_count(store: Store) -> None:
    """A source published at some time after a day has no latest day."""
    load(store, a_source("open", "[2020..]"), a_source("day", "2025-05-01"), an_event("x", sources=["open", "day"]))

    assert ["2025-05-01T23:59:59"] == reported(store)


def test_undated(store: Store) -> None:
    """A first version without a dated source is undated."""
    load(store, a_source("s", None), an_event("x", sources=["s"]), an_event("y"))

    assert ([None], [None]) == (reported(store, "x"), reported(store, "y"))


def test_undated_is_visible_from_its_recorded_time(store: Store) -> None:
    """Under a knowledge date an undated version is seen from the second in which it was recorded."""
    load(store, an_event("x", a_fact("a")), now=NOW + 999_999)

    assert ([], ["t:a"]) == (visible(store, "2026-02-28T23:59:59"), visible(store, "2026-03-01T00:00:00"))


def test_a_correction_without_new_sources_inherits(store: Store) -> None:
    """What mends our record only was reported when the version before it was."""
    load(store, a_source("s", "2025-06-01"), an_event("x", sources=["s"]))
    load(store, an_event("x", title="Mended", sources=["s"]))
    load(store, an_event("x", title="Mended, citing nothing"))

    assert ["2025-06-01T23:59:59"] * 3 == reported(store)


def test_a_correction_with_undated_new_sources_inherits(store: Store) -> None:
    """A new source without a date does not date the correction."""
    load(store, a_source("s", "2025-06-01"), a_source("undated", None), an_event("x", sources=["s"]))
    load(store, an_event("x", sources=["s", "undated"]))

    assert ["2025-06-01T23:59:59"] * 2 == reported(store)


def test_a_correction_by_new_sources(store: Store) -> None:
    """A correction counts from the earliest of the sources that the version before it did not cite."""
    load(store, a_source("s", "2025-06-01"), a_source("t", "2025-08-01"), a_source("u", "2025-09-01"))
    load(store, an_event("x", sources=["s"]))
    load(store, an_event("x", sources=["s", "u", "t"]))

    assert ["2025-06-01T23:59:59", "2025-08-01T23:59:59"] == reported(store)


def test_a_source_cited_again_is_new_again(store: Store) -> None:
    """What the version just before did not cite is new, though an earlier one cited it."""
    load(store, a_source("s", "2025-06-01"), a_source("t", "2025-08-01"))
    load(store, an_event("x", sources=["s"]), an_event("x", sources=["t"]), an_event("x", sources=["s"]))

    assert ["2025-06-01T23:59:59", "2025-08-01T23:59:59", "2025-06-01T23:59:59"] == reported(store)


def test_a_retraction_is_reported_too(store: Store) -> None:
    """A retraction that cites a source hides the event from that source's date on, and not before."""
    load(store, a_source("s", "2025-06-01"), a_source("denial", "2025-08-01"))
    load(store, an_event("x", a_fact("a"), sources=["s"]), a_retraction("x", sources=["denial"]))

    assert (["t:a"], []) == (visible(store, "2025-07-31T23:59:59"), visible(store, "2025-08-01T23:59:59"))


def test_reported_earlier_is_a_warning(store: Store) -> None:
    """A version reported before the one it mends is accepted and remarked upon."""
    load(store, a_source("old", "2020"), a_source("new", "2025"), an_event("x", sources=["new"]))

    assert "reported-earlier" in codes(load(store, an_event("x", sources=["old"])).warnings)
    assert "reported-earlier" not in codes(load(store, an_event("x", sources=["new"])).warnings)


def test_a_source_dated_later(store: Store) -> None:
    """A source that is given a date dates what cites it, from that position on; earlier positions keep their answer."""
    load(store, a_source("s", None), an_event("x", a_fact("a"), sources=["s"]))
    load(store, a_source("s", "2025-06-01"))

    assert ([None], ["2025-06-01T23:59:59"]) == (reported(store, position=2), reported(store, position=3))
    assert [[], ["t:a"]] == [visible(store, "2025-12-31", position) for position in (2, 3)]


def test_a_correction_dated_earlier(store: Store) -> None:
    """A correction whose source turns out older is known earlier, from the position on that says so."""
    load(store, a_source("s", "2020"), a_source("t", "2025"))
    load(store, an_event("x", a_fact("a"), sources=["s"]), an_event("x", a_fact("b"), sources=["t"]))
    load(store, a_source("t", "2021"))

    assert [["t:a"], ["t:b"]] == [visible(store, "2022-01-01", position) for position in (4, 5)]


def test_a_source_that_loses_its_date(store: Store) -> None:
    """A source whose date is taken back leaves what cites it undated, from that position on."""
    load(store, a_source("s", "2025-06-01"), an_event("x", a_fact("a"), sources=["s"]))
    load(store, a_source("s", None))

    assert (["2025-06-01T23:59:59"], [None]) == (reported(store, position=2), reported(store, position=3))
    assert [["t:a"], []] == [visible(store, "2025-12-31", position) for position in (2, 3)]


def test_a_source_dated_later_passes_on(store: Store) -> None:
    """Later versions that inherit the reported time inherit the new one."""
    load(store, a_source("s", "2025-06-01"), an_event("x", sources=["s"]), an_event("x", title="M", sources=["s"]))
    load(store, a_source("s", "2025-07-01"))

    assert ["2025-06-01T23:59:59"] * 2 == reported(store, position=3)
    assert ["2025-07-01T23:59:59"] * 2 == reported(store, position=4)


def test_a_source_mended_in_the_load_of_its_citer(store: Store) -> None:
    """Within one load the sources count as the load leaves them, whatever the order."""
    load(store, an_event("x", sources=["s"]), an_event("y", sources=["s"]), a_source("s", "2025-06-01"))

    assert [["2025-06-01T23:59:59"]] * 2 == [reported(store, "x"), reported(store, "y")]


def test_a_source_of_the_same_id_elsewhere(store: Store) -> None:
    """The sources of another chronicle date nothing here."""
    load(store, a_source("s", None), an_event("x", sources=["s"]))
    load(store, a_source("s", "2025-06-01", chronicle="other"))

    assert [None] == reported(store)


def test_other_kinds_are_not_reported(store: Store) -> None:
    """Only events have reported times."""
    load(store, a_source("s"), an_entity("e"), an_event("x", sources=["s"]))

    assert [[None], [None]] == [reported(store, "s"), reported(store, "e")]

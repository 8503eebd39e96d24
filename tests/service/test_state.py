"""Questions to an archive: filters, bounds, zones, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.errors import QuestionError, RefusedError, StoreError, UnknownError
from chronicle.service import Archive
from tests.builders import (
    CHRONICLE,
    Clock,
    a_fact,
    a_retraction,
    a_source,
    an_archive,
    an_attribute,
    an_event,
    values,
)


def append(archive: Archive, *documents: dict[str, Any]) -> int:
    """Append documents and say the position."""
    return archive.append(documents, chronicle=CHRONICLE).position


def test_nothing_holds_in_an_empty_archive(archive: Archive) -> None:
    """An archive without records answers with no facts, at position 0."""
    answer = archive.state(as_of="2026")

    assert (0, ()) == (answer.basis.position, answer.facts)


def test_reads_its_own_writes(archive: Archive) -> None:
    """What an append has returned from, the next question sees."""
    position = append(archive, an_event("x", a_fact("a")))

    assert (["a"], position) == (values(archive, as_of="2026"), archive.position())


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({}, ["1", "2", "3", "4"]),
        ({"subject": "s1"}, ["1", "2", "3"]),
        ({"attribute": "a1"}, ["1", "2", "4"]),
        ({"dimensions": {"partner": "usa"}}, ["1", "2"]),
        ({"dimensions": {"partner": "usa", "goods": "oil"}}, ["2"]),
        ({"dimensions": {"partner": "none"}}, []),
        ({"subject": "s1", "attribute": "a2"}, ["3"]),
        ({"subject": "nobody"}, []),
    ],
    ids=str,
)
def test_filters(archive: Archive, question: dict[str, Any], expected: list[str]) -> None:
    """Subject, attribute and dimensions each leave out the rest; dimensions ask for at least these."""
    append(
        archive,
        an_event(
            "x",
            a_fact(1, subject="s1", attribute="a1", dimensions={"partner": "usa"}),
            a_fact(2, subject="s1", attribute="a1", dimensions={"partner": "usa", "goods": "oil"}),
            a_fact(3, subject="s1", attribute="a2"),
            a_fact(4, subject="s2", attribute="a1"),
        ),
    )

    assert expected == sorted(values(archive, as_of="2026", **question))


def test_chronicles_are_apart(archive: Archive) -> None:
    """The facts of one chronicle never replace those of another, and each can be asked for alone."""
    append(archive, an_event("x", a_fact("a"), chronicle="one"), an_event("x", a_fact("b"), chronicle="two"))

    assert ["a", "b"] == values(archive, as_of="2026")
    assert ["b"] == values(archive, as_of="2026", chronicle="two")


def test_dimensions_have_no_order(archive: Archive) -> None:
    """The same dimensions in another order are the same key."""
    append(archive, an_event("x", a_fact(1, dimensions={"a": "1", "b": "2"}), occurred="2024"))
    append(archive, an_event("y", a_fact(2, dimensions={"b": "2", "a": "1"}), occurred="2025"))

    assert ["2"] == values(archive, as_of="2026")


@pytest.mark.parametrize(
    ("zone", "as_of", "expected"),
    [
        ("UTC", "2024-12-31", []),
        ("UTC", "2025-01-01", ["a"]),
        ("Asia/Baku", "2024-12-31", []),
        ("Asia/Baku", "2025-01-01", ["a"]),
        ("America/New_York", "2024-12-31", ["a"]),
    ],
)
def test_a_day_ends_where_the_zone_says(archive: Archive, zone: str, as_of: str, expected: list[str]) -> None:
    """What began at half past two on New Year's night in UTC had begun by the end of the old year in New York."""
    append(archive, an_event("x", a_fact("a"), occurred="2025-01-01T02:30:00Z"))

    assert expected == values(archive, as_of=as_of, zone=zone)


def test_a_day_ends_earlier_in_the_east(archive: Archive) -> None:
    """What began late on New Year's Day in UTC had not begun by the end of that day in Baku."""
    append(archive, an_event("x", a_fact("a"), occurred="2025-01-01T21:00:00Z"))

    assert ([], ["a"]) == (
        values(archive, as_of="2025-01-01", zone="Asia/Baku"),
        values(archive, as_of="2025-01-01", zone="UTC"),
    )


def test_an_instant_is_included(archive: Archive) -> None:
    """A fact holds from its very second on."""
    append(archive, an_event("x", a_fact("a"), occurred="2025-01-01T02:30:00Z"))

    assert ([], ["a"]) == (
        values(archive, as_of="2025-01-01T02:29:59Z"),
        values(archive, as_of="2025-01-01T02:30:00Z"),
    )


def test_recorded_is_a_position(archive: Archive, clock: Clock) -> None:
    """A recorded date includes all of its day, and the basis says the position it stands for."""
    clock.set("2026-03-01T12:00:00")
    append(archive, an_event("x", a_fact("a")))
    clock.set("2026-03-02T00:00:00")
    append(archive, an_event("x", a_fact("b")))

    answers = [archive.state(as_of="2026", recorded=day).basis.position for day in ("2026-02", "2026-03-01", "2026-03")]
    assert [0, 1, 2] == answers
    assert ["a"] == values(archive, as_of="2026", recorded="2026-03-01")


def test_recorded_includes_its_last_second(archive: Archive, clock: Clock) -> None:
    """What was recorded within the last second of a bound counts, to the microsecond before the next."""
    clock.now += 999_999
    append(archive, an_event("x", a_fact("a")))
    clock.now += 1
    append(archive, an_event("x", a_fact("b")))

    assert ["a"] == values(archive, as_of="2026", recorded="2026-03-01T00:00:00Z")


@pytest.mark.parametrize("recorded", ["9999", "Y300000", "Y170000000"])
def test_recorded_in_a_far_future(archive: Archive, recorded: str) -> None:
    """However late the recorded bound, it is the head."""
    append(archive, an_event("x", a_fact("a")))

    assert ["a"] == values(archive, as_of="2026", recorded=recorded)


def test_recorded_reads_the_zone(archive: Archive, clock: Clock) -> None:
    """A recorded date too ends where the zone says."""
    clock.set("2026-03-01T22:00:00")
    append(archive, an_event("x", a_fact("a")))

    assert ([], ["a"]) == (
        values(archive, as_of="2026", recorded="2026-03-01", zone="Asia/Baku"),
        values(archive, as_of="2026", recorded="2026-03-02", zone="Asia/Baku"),
    )


def test_position_zero(archive: Archive) -> None:
    """At position 0 nothing has been recorded yet."""
    append(archive, an_event("x", a_fact("a")))

    assert [] == values(archive, as_of="2026", position=0)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"position": 2}, "position: 2 is not within the log, which ends at 1"),
        ({"position": -1}, "position: -1 is not within the log"),
        ({"position": 10**30}, "is not within the log"),
        ({"position": 1, "recorded": "2026"}, "recorded and position say the same thing: give one"),
        ({"zone": "Mars/Olympus"}, "'Mars/Olympus' is no time zone"),
        ({"zone": ""}, "is no time zone"),
        ({"resolution": "newest"}, "resolution: expected one of latest-from, latest-reported"),
        ({"as_of": ""}, "'' is no EDTF date"),
        ({"as_of": "2025-13"}, "has no month 13"),
        ({"as_of": "2025~"}, "is no definite date"),
        ({"as_of": "2024/2025"}, "is no definite date"),
        ({"known": "[2024,2025]"}, "is no definite date"),
        ({"recorded": "whenever"}, "is no EDTF date"),
    ],
    ids=str,
)
def test_questions_refused(archive: Archive, question: dict[str, Any], said: str) -> None:
    """A question that cannot be answered is refused with the reason."""
    append(archive, an_event("x", a_fact("a")))

    with pytest.raises(QuestionError) as refused:
        archive.state(**question)

    assert said in str(refused.value)


def test_an_unknown_chronicle(archive: Archive) -> None:
    """A chronicle that is not there is refused, naming those that are."""
    append(archive, an_event("x", a_fact("a")))

    with pytest.raises(UnknownError, match="there is no chronicle 'd' at position 1; there is c"):
        archive.state(chronicle="d")


def test_a_chronicle_that_was_not_there_yet(archive: Archive) -> None:
    """At a position a chronicle is unknown that came later."""
    append(archive, an_event("x"), an_event("x", chronicle="later"))

    with pytest.raises(UnknownError, match="at position 1"):
        archive.state(chronicle="later", position=1)


def test_as_of_is_now_by_default(archive: Archive, clock: Clock) -> None:
    """Without a date the state is that of the clock's second, which the basis says."""
    append(archive, an_event("x", a_fact("a", **{"from": "2026-04-01"})))
    clock.set("2026-03-31T23:59:59")
    before = archive.state()
    clock.set("2026-04-01T23:59:59")

    assert ("2026-03-31T23:59:59Z", ()) == (before.basis.as_of, before.facts)
    assert ["a"] == values(archive)


def test_yesterday_is_a_date_in_the_basis(archive: Archive, clock: Clock) -> None:
    """A relative date stands in the basis as the day it meant, so that the basis gives the same answer later."""
    clock.set("2026-03-01T21:00:00")

    assert "2026-02-28" == archive.state(as_of="yesterday").basis.as_of
    assert "2026-03-01" == archive.state(as_of="yesterday", zone="Asia/Baku").basis.as_of


def test_a_correction_and_the_position_before_it(archive: Archive) -> None:
    """After a correction the position before it still gives what was recorded then."""
    append(archive, an_event("x", a_fact(1)))
    append(archive, an_event("x", a_fact(2)))

    assert (["2"], ["1"]) == (values(archive, as_of="2026"), values(archive, as_of="2026", position=1))


def test_a_retracted_event_asserts_nothing(archive: Archive) -> None:
    """A retraction takes the facts away, and shows again what they had hidden."""
    append(archive, an_event("x", a_fact(1), occurred="2020"), an_event("y", a_fact(2), occurred="2025"))
    append(archive, a_retraction("y"))

    assert (["1"], ["2"]) == (values(archive, as_of="2026"), values(archive, as_of="2026", position=2))


def test_many_values_stand_side_by_side(archive: Archive) -> None:
    """Values of a `many` attribute do not replace each other, and end one by one."""
    append(archive, an_attribute("attribute", cardinality="many"))
    append(archive, an_event("x", a_fact("a", until="2022"), a_fact("b"), occurred="2020"))
    append(archive, an_event("y", a_fact("c"), occurred="2021"))

    assert ["a", "b", "c"] == values(archive, as_of="2021")
    assert ["b", "c"] == values(archive, as_of="2022")


def test_one_value_replaces_another(archive: Archive) -> None:
    """Of an attribute of one value the later beginning holds."""
    append(archive, an_event("x", a_fact("a"), occurred="2020"), an_event("y", a_fact("b"), occurred="2022"))

    assert (["a"], ["b"]) == (values(archive, as_of="2021"), values(archive, as_of="2022"))


def test_cardinality_is_read_at_the_position(archive: Archive) -> None:
    """An attribute declared `many` later changes answers from its position on only."""
    append(archive, an_event("x", a_fact("a"), occurred="2020"), an_event("y", a_fact("b"), occurred="2022"))
    append(archive, an_attribute("attribute", cardinality="many"))

    assert (["b"], ["a", "b"]) == (values(archive, as_of="2026", position=2), values(archive, as_of="2026"))


def test_a_denial_of_one(archive: Archive) -> None:
    """A denial on an attribute of one value says there is none."""
    append(archive, an_event("x", a_fact("a"), occurred="2020"), an_event("y", a_fact(holds=False), occurred="2022"))

    assert (["a"], []) == (values(archive, as_of="2021"), values(archive, as_of="2022"))


def test_a_denial_of_a_value(archive: Archive) -> None:
    """A denial on an attribute of many values ends the value it names."""
    append(archive, an_attribute("attribute", cardinality="many"))
    append(archive, an_event("x", a_fact("a"), a_fact("b"), occurred="2020"))
    append(archive, an_event("y", a_fact("a", holds=False), occurred="2022"))

    assert ["b"] == values(archive, as_of="2022")


def test_periods_of_other_shapes(archive: Archive) -> None:
    """A figure of nine months does not replace that of a year, though its period ends later."""
    append(archive, an_event("x", a_fact(12, period="2024")), an_event("y", a_fact(9, period="2025-01/2025-09")))

    assert ["9", "12"] == values(archive, as_of="2026")


def test_periods_of_one_shape(archive: Archive) -> None:
    """The figure of a later year replaces that of an earlier one, at the last second of its period."""
    append(archive, an_event("x", a_fact(1, period="2024")), an_event("y", a_fact(2, period="2025")))

    assert (["1"], ["2"]) == (values(archive, as_of="2025-12-30"), values(archive, as_of="2025-12-31"))


def test_an_observation_counts_like_a_beginning(archive: Archive) -> None:
    """A value observed on a day holds from that day on."""
    append(archive, an_event("x", a_fact(16, at="2026-02-24"), occurred="2026"))

    assert ([], ["16"]) == (values(archive, as_of="2026-02-23"), values(archive, as_of="2026-02-24"))


def test_until_and_through(archive: Archive) -> None:
    """`until` excludes its day, `through` includes it."""
    append(archive, an_event("x", a_fact("until", until="2021-01-20"), occurred="2017"))
    append(archive, an_event("y", a_fact("through", subject="other", through="2021-01-20"), occurred="2017"))

    assert ["through", "until"] == sorted(values(archive, as_of="2021-01-19"))
    assert ["through"] == values(archive, as_of="2021-01-20")
    assert [] == values(archive, as_of="2021-01-21")


def test_foreseen(archive: Archive) -> None:
    """What was reported before it was to take effect is a plan; what is undated is not called so."""
    append(archive, a_source("s", "2024-05-01"))
    append(archive, an_event("plan", a_fact(1, subject="plan"), occurred="2025", sources=["s"]))
    append(archive, an_event("fact", a_fact(2, subject="fact"), occurred="2024-05-01", sources=["s"]))
    append(archive, an_event("word", a_fact(3, subject="word"), occurred="2025"))

    facts = archive.state(as_of="2026").facts
    assert {"plan": True, "fact": False, "word": False} == {fact.fact.subject: fact.row.foreseen for fact in facts}


def test_latest_reported(archive: Archive) -> None:
    """Where a later report overwrites, the earlier beginning may win; the option is stronger than the attribute."""
    append(archive, a_source("old", "2020-01-01"), a_source("new", "2023-01-01"))
    append(archive, an_attribute("attribute", resolution="latest-reported"))
    append(archive, an_event("x", a_fact("later"), occurred="2022", sources=["old"]))
    append(archive, an_event("y", a_fact("earlier"), occurred="2021", sources=["new"]))

    assert ["earlier"] == values(archive, as_of="2026")
    assert ["later"] == values(archive, as_of="2026", resolution="latest-from")


def test_latest_reported_by_option(archive: Archive) -> None:
    """The option rules attributes that say nothing, and undeclared ones."""
    append(archive, a_source("old", "2020-01-01"), a_source("new", "2023-01-01"))
    append(archive, an_event("x", a_fact("later"), occurred="2022", sources=["old"]))
    append(archive, an_event("y", a_fact("earlier"), occurred="2021", sources=["new"]))

    assert (["later"], ["earlier"]) == (
        values(archive, as_of="2026"),
        values(archive, as_of="2026", resolution="latest-reported"),
    )


def test_show_tells_every_version(archive: Archive) -> None:
    """All versions of an id, oldest first; a position leaves out the later ones."""
    for title in ("one", "two", "three"):
        append(archive, an_event("x", title=title))

    assert [1, 2, 3] == [record.header.version for record in archive.show("x")]
    assert [1, 2] == [record.header.version for record in archive.show("x", position=2)]


def test_show_of_nothing(archive: Archive) -> None:
    """An id that is not in the log is refused."""
    with pytest.raises(UnknownError, match="nothing in the log has the id 'x'"):
        archive.show("x")


def test_floats_are_refused(archive: Archive) -> None:
    """A float has no exact decimal value, so a program is told to give another."""
    with pytest.raises(RefusedError, match="expected text, int, Decimal"):
        append(archive, an_event("x", a_fact(0.1)))


def test_a_closed_archive_in_memory_is_gone() -> None:
    """Closing gives the connections back, and an archive in memory is gone with them."""
    archive = an_archive()
    append(archive, an_event("x", a_fact("a")))
    archive.close()

    with pytest.raises(StoreError):
        archive.state()

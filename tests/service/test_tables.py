# ruff: noqa: SLF001 - leases and rows are looked at from within
"""The tables of projections: the same as a replay whatever comes late, one writer, and never half a table."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar
from unittest import mock

import pytest
from sqlalchemy import Engine, inspect, text

from chronicle import Archive, ConflictError, Moment, Projection, ProjectionError, QuestionError, effect, on
from chronicle.event.model import Event
from chronicle.making import LEASE
from chronicle.projection.shipped import SHIPPED
from chronicle.running import Tables
from chronicle.store.parts import Rewritten
from tests.builders import CHRONICLE, Clock, a_retraction, a_source, an_archive, an_event, url_of
from tests.project.checkout import ROOT

SECOND = 1_000_000


class Titles(Projection):
    """The titles of all events of a year, in their order: whatever is told twice, late or wrongly shows."""

    name = "titles"
    columns: ClassVar = {"year": str, "at": int, "title": str}
    fails: ClassVar[set[str]] = set()

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return (moment.year,)

    @on("*")
    def hear(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
        told = state.setdefault("told", [])
        told.append(event.title)
        if event.title in self.fails:
            raise ValueError(f"cannot take {event.title}")

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Sequence[Any]]:  # noqa: ARG002
        return [(part, at, title) for at, title in enumerate(state.get("told", ()))]


class Newer(Titles):
    version = 2
    name = "titles"

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Sequence[Any]]:
        return [(year, at, title.upper()) for year, at, title in super().rows(state, part, last_second)]


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def archive(clock: Clock, url_on_disk: str) -> Iterator[Archive]:
    """An empty archive that others can reach."""
    with Archive.open(url_on_disk, now=clock) as archive:
        yield archive


def add(archive: Archive, *documents: dict[str, Any]) -> None:
    """Append to the chronicle of these tests."""
    archive.append(documents, chronicle=CHRONICLE)


def a(id_: str, title: str, occurred: str = "2001", **more: Any) -> dict[str, Any]:
    """An event that is told by its title."""
    return an_event(id_, title=title, occurred=occurred, **more)


def seen(archive: Archive, query: str = 'SELECT * FROM "titles"') -> list[tuple[Any, ...]]:
    """What somebody sees who knows only the database."""
    engine: Engine = archive._store.reader
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
    return sorted(rows, key=lambda row: [(cell is not None, cell) for cell in row])


def told(archive: Archive) -> list[str]:
    """The titles in the table, by year and place."""
    return [title for _, _, title in seen(archive)]


def run(archive: Archive, projection: type[Projection] = Titles, **how: Any) -> Any:
    """Bring a table up to date, and hold it against a replay of the log."""
    with archive.tables() as tables:
        standing = tables.run(projection, **how)
        tables.check(projection)
        return standing


def test_a_table_follows_the_log(archive: Archive) -> None:
    """What was taken is not taken again, what is new is added."""
    add(archive, a("x", "X", "2001"))
    run(archive)
    add(archive, a("y", "Y", "2002"))

    assert (2, 0) == ((standing := run(archive)).position, standing.behind)
    assert [("2001", 0, "X"), ("2002", 0, "Y")] == seen(archive)


def test_a_table_of_an_empty_log_is_empty(archive: Archive) -> None:
    """It is there all the same."""
    assert 0 == run(archive).position
    assert [] == seen(archive)


def test_what_comes_late_is_put_where_it_occurred(archive: Archive) -> None:
    """Before what was recorded before it."""
    add(archive, a("x", "X", "2001-06"))
    run(archive)
    add(archive, a("y", "Y", "2001-05"))
    run(archive)

    assert ["Y", "X"] == told(archive)


def test_a_correction_takes_the_place_of_what_it_corrects(archive: Archive) -> None:
    """Also where it moves the event to another part."""
    add(archive, a("x", "X"), a("y", "Y"))
    run(archive)
    add(archive, a("x", "X2", "2003"))
    run(archive)

    assert [("2001", 0, "Y"), ("2003", 0, "X2")] == seen(archive)


def test_what_is_retracted_is_told_no_more(archive: Archive) -> None:
    """And told again when it is stated again."""
    add(archive, a("x", "X"), a("y", "Y"))
    run(archive)
    add(archive, a_retraction("x"))
    run(archive)
    assert ["Y"] == told(archive)

    add(archive, a("x", "X"))
    run(archive)
    assert ["X", "Y"] == told(archive)


def test_what_is_redacted_is_nowhere_in_the_tables(archive: Archive) -> None:
    """Neither in the rows nor in what is kept to make them; whether it was taken before or not."""
    add(archive, a("x", "Secret"), a("y", "Y"))
    run(archive)
    archive.redact("x", reason="a person asked")
    run(archive)

    assert ["Y"] == told(archive)
    assert not [row for row in seen(archive, "SELECT state FROM projection_snapshot") if b"Secret" in bytes(row[0])]

    with archive.tables() as tables:
        tables.rebuild(Titles)
    assert ["Y"] == told(archive)


def test_a_redaction_further_on_does_not_stop_a_table(archive: Archive) -> None:
    """What a late arrival would have to be told again with is gone already: it is passed over."""
    add(archive, a("x", "X", "2001-05"), a("y", "Y", "2001-06"))
    run(archive)
    add(archive, a("z", "Z", "2001-04"))
    archive.redact("x", reason="a person asked")
    with mock.patch("chronicle.building.PAGE", 1):
        run(archive)

    assert ["Z", "Y"] == told(archive)


def test_a_part_of_which_all_is_redacted_further_on_has_no_rows(archive: Archive) -> None:
    """It is touched before the table comes to the redaction, and nothing of it can be told any more."""
    coverage = SHIPPED["source_coverage"]
    add(archive, a_source("s"), a("x", "X", sources=["s"]), a("y", "Y", sources=["s"]))
    run(archive, coverage)
    add(archive, a("x", "X2"))
    archive.redact("y", reason="a person asked")
    with mock.patch("chronicle.building.PAGE", 1):
        run(archive, coverage)

    assert [(None, 1)] == seen(archive, "SELECT source, events FROM source_coverage")


def test_a_new_date_of_a_source_moves_what_rests_on_it(archive: Archive) -> None:
    """Of two events of one date the one that was reported first comes first."""
    add(archive, a_source("s", "2010"), a_source("t", "2011"), a("x", "X", sources=["s"]), a("y", "Y", sources=["t"]))
    run(archive)
    assert ["X", "Y"] == told(archive)

    add(archive, a_source("s", "2012"))
    run(archive)
    assert ["Y", "X"] == told(archive)


def test_an_event_that_a_handler_fails_on_is_parked(archive: Archive) -> None:
    """The others are told without it, and it is named with its position; after a fix it is told."""
    add(archive, a("x", "X"), a("y", "Bad"), a("z", "Z"))
    with mock.patch.object(Titles, "fails", {"Bad"}):
        standing = run(archive)

        assert ["X", "Z"] == told(archive)
        assert [("y", 2, "titles: event 'y': ValueError: cannot take Bad")] == [
            (one["event"], one["position"], one["error"]) for one in standing.parked
        ]
        assert 1 == len(run(archive, retry=True).parked)
    assert () == run(archive, retry=True).parked
    assert ["X", "Bad", "Z"] == told(archive)


def test_a_correction_frees_what_is_parked(archive: Archive) -> None:
    """The version that failed is not the one in force any more."""
    add(archive, a("x", "Bad"))
    with mock.patch.object(Titles, "fails", {"Bad"}):
        run(archive)
        add(archive, a("x", "Good"))

        assert () == run(archive).parked
    assert ["Good"] == told(archive)


def test_a_newer_version_is_built_beside_and_switched_to(archive: Archive) -> None:
    """And an older program does not write into it."""
    add(archive, a("x", "one"))
    run(archive)

    standing = run(archive, Newer)

    assert (2, 2) == (standing.version, standing.generation)
    assert ["ONE"] == told(archive)
    with pytest.raises(ProjectionError, match="version 2, and this program has 1"):
        run(archive)


def test_a_rebuild_leaves_no_table_of_the_old_generation(archive: Archive) -> None:
    """Nor its steps and snapshots."""
    add(archive, a("x", "X"))
    run(archive)
    with archive.tables() as tables:
        tables.rebuild(Titles)

    assert [(2,)] == seen(archive, "SELECT DISTINCT generation FROM projection_step")
    assert [(2,)] == seen(archive, "SELECT DISTINCT generation FROM projection_snapshot")
    assert [(2,)] == seen(archive, "SELECT DISTINCT _generation FROM titles_t1")


def test_a_table_that_was_tampered_with_is_told(archive: Archive) -> None:
    """The digest is over the rows too."""
    add(archive, a("x", "X"))
    run(archive)
    with archive._store.writer.begin() as connection:
        connection.execute(text("UPDATE titles_t1 SET title = 'Y'"))

    with archive.tables() as tables, pytest.raises(ProjectionError, match="not what a replay makes"):
        tables.check(Titles)


def test_only_one_runner_at_a_time(archive: Archive, clock: Clock) -> None:
    """The second is told who has the lease; once that is out, it takes over, and the first cannot write any more."""
    add(archive, a("x", "X"))
    run(archive)
    add(archive, a("y", "Y"))
    store = archive._store
    first, second = Tables(store, store, clock), Tables(store, store, clock)
    frozen = first._live(Titles)
    assert frozen is not None
    with pytest.raises(ConflictError, match="another runner has taken over"), first._leased(frozen) as held:  # noqa: PT012 - the lease is lost within
        with pytest.raises(ConflictError, match="has the lease, for 61 seconds more"):
            second.run(Titles)
        clock.now += LEASE + SECOND
        second.run(Titles)
        add(archive, a("z", "Z"))
        first._catch_up(Titles, held, held.fence, None)

    assert ["X", "Y"] == told(archive)


def test_a_rebuild_that_another_has_finished_meanwhile_is_gone_on_from(archive: Archive, clock: Clock) -> None:
    """Its table stays with the readers: what one has seen of a build before it has the lease may be over."""
    add(archive, a("x", "X"))
    store = archive._store
    first, second = Tables(store, store, clock), Tables(store, store, clock)
    begun = first._begun(Titles, 1)
    first.rebuild(Titles)

    def look(*_: object) -> bool:
        assert ["X"] == told(archive)
        return True

    with mock.patch.object(Tables, "_begun", return_value=begun), mock.patch.object(Tables, "_switched", look):
        second.rebuild(Titles)
    assert ["X"] == told(archive)


def test_a_run_whose_table_another_has_replaced_says_so(archive: Archive, clock: Clock) -> None:
    """A follower tries again then, with the one that is there."""
    add(archive, a("x", "X"))
    run(archive)
    store = archive._store
    tables = Tables(store, store, clock)
    live = tables._live(Titles)
    tables.rebuild(Titles)

    with mock.patch.object(Tables, "_live", return_value=live), pytest.raises(ConflictError, match="run it again"):
        tables.run(Titles)


def test_others_append_while_a_page_is_told(archive: Archive, url_on_disk: str) -> None:
    """What takes long is done before anything is locked."""
    add(archive, a("x", "X"))
    run(archive)

    class Appending(Titles):
        name = "titles"

        @on("*")
        def hear(self, state: Any, event: Event, moment: Moment) -> Any:
            if event.title == "Y":
                with Archive.open(url_on_disk) as other:
                    add(other, a("z", "Z"))
            super().hear(state, event, moment)

    add(archive, a("y", "Y"))
    run(archive, Appending)

    assert ["X", "Y", "Z"] == told(archive)


def test_what_comes_late_leaves_the_rows_before_it_alone(archive: Archive) -> None:
    """Only those that are others are written."""
    add(archive, *(a(f"e{number}", f"{number}", "2001-01") for number in range(5)), a("f", "last", "2001-03"))
    run(archive)
    with archive._store.writer.begin() as connection:
        connection.execute(text("CREATE TABLE written (at INTEGER)"))
        for line in _TOLD_OF[connection.dialect.name]:
            connection.exec_driver_sql(line)
    add(archive, a("l", "late", "2001-02"))
    run(archive)

    assert ["0", "1", "2", "3", "4", "late", "last"] == told(archive)
    assert [(5,), (6,)] == seen(archive, "SELECT at FROM written")


_TOLD_OF = {
    "sqlite": [
        "CREATE TRIGGER i AFTER INSERT ON titles_t1 BEGIN INSERT INTO written VALUES (NEW._row); END",
        "CREATE TRIGGER u AFTER UPDATE ON titles_t1 BEGIN INSERT INTO written VALUES (NEW._row); END",
        "CREATE TRIGGER d AFTER DELETE ON titles_t1 BEGIN INSERT INTO written VALUES (OLD._row); END",
    ],
    "postgresql": [
        """
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO written VALUES (COALESCE(NEW._row, OLD._row)); RETURN NULL; END $$
        """,
        "CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE ON titles_t1 FOR EACH ROW EXECUTE FUNCTION tell()",
    ],
}


def test_rows_that_are_no_more_are_taken_out(archive: Archive) -> None:
    """A part that has fewer than before has the others still."""
    add(archive, *(a(f"e{number}", f"{number}") for number in range(4)))
    run(archive)
    add(archive, a_retraction("e1"), a_retraction("e3"))
    run(archive)

    assert ["0", "2"] == told(archive)


def test_a_handler_that_fails_on_everything_does_not_tell_everything_anew_each_time(archive: Archive) -> None:
    """Each failure costs what came since the last snapshot, and not the whole part."""
    calls = [0]

    class Failing(Titles):
        name = "titles"

        @on("*")
        def hear(self, state: Any, event: Event, moment: Moment) -> Any:
            calls[0] += 1
            super().hear(state, event, moment)

    events = [a(f"e{number:03}", "Bad" if number % 3 else f"{number}") for number in range(300)]
    with mock.patch.object(Failing, "fails", {"Bad"}), mock.patch("chronicle.retelling.STRIDE", 10):
        add(archive, *events)
        with archive.tables() as tables:
            standing = tables.rebuild(Failing)

    assert (200, [str(number) for number in range(0, 300, 3)]) == (len(standing.parked), told(archive))
    assert calls[0] < 20 * len(events)


def test_what_cannot_be_placed_does_not_touch_what_else_cannot(archive: Archive) -> None:
    """It stays parked, each by itself, and no part is made of it."""

    class Unplaced(Titles):
        name = "titles"

        def parts(self, event: Event, moment: Moment) -> Iterable[str]:
            if "Bad" in event.title:
                raise ValueError(f"no place for {event.title}")
            return super().parts(event, moment)

    add(archive, a("x", "Bad"), a("y", "Bad, too"), a("z", "Z"))
    run(archive, Unplaced)
    add(archive, a("x", "X"))
    standing = run(archive, Unplaced)

    assert ["X", "Z"] == told(archive)
    assert ["y"] == [one["event"] for one in standing.parked]


@pytest.mark.parametrize("at", ["chronicle.filling.Filling._finish", "chronicle.building.Builder.check"])
def test_a_rebuild_that_was_cut_off_goes_on(archive: Archive, at: str) -> None:
    """By whoever comes next, wherever it was cut off: no other generation is begun, and nothing is there twice."""
    add(archive, *(a(f"e{number}", "X", str(2000 + number)) for number in range(6)))
    with archive.tables() as tables:
        with mock.patch(at, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            tables.rebuild(Titles)
        [cut] = tables.standings()
        assert ("filling" if "filling" in at else "building", 1, 6) == (cut.status, cut.generation, cut.position)
        assert [] == list(builds_seen(archive))
        assert 1 == tables.rebuild(Titles).generation
        tables.check(Titles)
    assert 6 == len(told(archive))


def builds_seen(archive: Archive) -> Iterator[str]:
    """The views that readers have."""
    engine: Engine = archive._store.reader
    yield from inspect(engine).get_view_names()


def test_a_restored_log_is_noticed(archive: Archive) -> None:
    """Records of the new epoch are not put behind those of the old one."""
    add(archive, a("x", "X"))
    run(archive)
    archive.new_epoch()

    with pytest.raises(ConflictError, match="epoch"):
        run(archive)
    with archive.tables() as tables:
        assert 2 == tables.rebuild(Titles).generation
    run(archive)


def test_the_lag_is_told_in_records_and_in_seconds(archive: Archive, clock: Clock) -> None:
    """Since when the oldest record that was not taken has been waiting."""
    add(archive, a("x", "X"))
    run(archive)
    clock.now += 5 * SECOND
    add(archive, a("y", "Y"))
    clock.now += 7 * SECOND
    add(archive, a("z", "Z"))

    with archive.tables() as tables:
        [standing] = tables.standings()

    assert (2, 7) == (standing.behind, standing.seconds)


def test_the_speed_and_the_progress_are_told(archive: Archive, clock: Clock) -> None:
    """Of the last run that took anything; one that takes nothing leaves them."""
    add(archive, *(a(f"e{number}", "X") for number in range(10)))
    with archive.tables() as tables:
        assert (1.0, None) == ((standing := tables.run(Titles)).progress, standing.records_per_second)
        add(archive, *(a(f"f{number}", "X") for number in range(30)))
        assert 0.25 == tables.standings()[0].progress

        def later(*_: object) -> Rewritten:
            clock.now += 2 * SECOND
            return Rewritten(frozenset(), (), ())

        with (
            mock.patch("chronicle.building.PAGE", 10),
            mock.patch("chronicle.building.Builder.take", side_effect=later),
        ):
            assert 5 == tables.run(Titles).records_per_second
        assert 5 == tables.run(Titles).records_per_second


def test_how_far_a_table_is_filled_is_told_while_it_is(archive: Archive, clock: Clock) -> None:
    """To whoever asks from outside, and only of the one that is being filled."""
    add(archive, *(a(f"e{number}", "X", f"20{10 + number}") for number in range(20)))
    found: list[tuple[str, float, float | None]] = []

    def look(*_: object) -> None:
        with archive.tables() as others:
            found.extend(
                (one.status, one.progress, one.records_per_second) for one in others.standings() if one.status != "live"
            )
        clock.now += 2 * SECOND

    with mock.patch("chronicle.store.occurrences.SLICE", 5), archive.tables() as tables:
        tables.rebuild(Titles, tell=look)

    assert [("filling", 0.0, None), ("filling", 0.6, 6.0)] == found[:2]
    assert sorted(share for _, share, _ in found) == [share for _, share, _ in found]


def test_a_table_may_be_in_another_database(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> None:
    """And that of an archive in memory must be."""
    into = url_of(tmp_path_factory.mktemp("into") / "tables.db")
    with an_archive(a("x", "X")) as memory:
        with pytest.raises(QuestionError, match="in memory"), memory.tables():
            pass
        with memory.tables(into) as tables:
            assert 1 == tables.run(Titles).position
    add(archive, a("x", "X"))
    with archive.tables(into) as tables, pytest.raises(ConflictError, match="the cursor is of the log"):
        tables.run(Titles)


def test_a_name_that_is_taken_is_refused(archive: Archive) -> None:
    """Tables of others are left alone."""
    taken = type("Taken", (Titles,), {"name": "record"})

    with archive.tables() as tables, pytest.raises(ProjectionError, match="has a table of this name"):
        tables.run(taken)


class Acting(Titles):
    """Sends what it is told of; what it cannot send it fails on."""

    name = "titles"
    sent: ClassVar[list[tuple[str, str]]] = []

    @effect("any")
    def send(self, event: Event, moment: Moment, key: str) -> None:
        assert moment.year == "2001"
        if event.title in self.fails:
            raise ValueError(f"cannot send {event.title}")
        self.sent.append((event.title, key))


class ActingNewer(Acting):
    name = "titles"
    version = 2


@pytest.fixture
def sent() -> Iterator[list[tuple[str, str]]]:
    """What is sent."""
    Acting.sent.clear()
    yield Acting.sent
    Acting.sent.clear()


def test_effects_are_of_live_runs_only(archive: Archive, sent: list[tuple[str, str]]) -> None:
    """Not of what a table is made from, nor of a rebuild or a retelling; of each version recorded since, in order."""
    add(archive, a("x", "X"), a("y", "Y"))
    run(archive, Acting)
    assert [] == sent

    add(archive, a("z", "Z"), a("x", "X2"))
    run(archive, Acting)
    with archive.tables() as tables:
        tables.rebuild(Acting)
    add(archive, a("w", "W"), a_retraction("y"))
    run(archive, Acting)

    assert ["Z", "X2", "W"] == [title for title, _ in sent]
    cursors = [record.cursor.text for record in archive.follow(wait=False)]
    assert [cursors[2], cursors[3], cursors[4]] == [key for _, key in sent]


def test_a_newer_version_has_the_effects_that_the_older_one_had_not_come_to(
    archive: Archive, sent: list[tuple[str, str]]
) -> None:
    """What was recorded between the last run of the one and the switch to the other is neither lost nor repeated."""
    add(archive, a("x", "X"))
    run(archive, Acting)
    add(archive, a("y", "Y"))
    run(archive, Acting)
    add(archive, a("z", "Z"))
    run(archive, ActingNewer)

    assert ["Y", "Z"] == [title for title, _ in sent]


def test_an_effect_comes_after_what_it_tells_of_is_there(archive: Archive, sent: list[tuple[str, str]]) -> None:
    """A process that ends in its midst leaves it to the next one, with the same key."""
    run(archive, Acting)
    add(archive, a("x", "X"))
    with (
        mock.patch.object(Acting, "_effects", ((("*",), lambda *_: sys.exit("power cut")),)),
        pytest.raises(SystemExit),
    ):
        run(archive, Acting)
    assert ["X"] == told(archive)
    run(archive, Acting)

    assert [("X", archive.cursor())] == sent


def test_an_effect_that_fails_is_parked(archive: Archive, sent: list[tuple[str, str]]) -> None:
    """Those after it are caused, and it is tried again once that is asked for."""
    run(archive, Acting)
    add(archive, a("x", "Bad"), a("y", "Y"))
    with mock.patch.object(Titles, "fails", {"Bad"}), archive.tables() as tables:
        standing = tables.run(Acting)
    assert [{"position": 1, "error": "titles: effect of event 'x': ValueError: cannot send Bad"}] == list(
        standing.effects
    )
    with archive.tables() as tables:
        assert () == tables.run(Acting, retry=True).effects
    assert ["Y", "Bad"] == [title for title, _ in sent]


@pytest.mark.parametrize("workers", [1, 3])
def test_a_rebuild_by_several_processes_makes_the_same(archive: Archive, workers: int) -> None:
    """Each fills its share of the parts; what a handler fails on is parked as ever."""
    add(archive, *(a(f"e{number}", f"e{number}", str(2000 + number % 7)) for number in range(60)))
    with archive.tables() as tables:
        standing = tables.rebuild(Titles, workers=workers)
        tables.check(Titles)

    assert (60, ()) == (standing.position, standing.parked)
    assert 60 == len(seen(archive))


def test_a_process_that_fails_is_told(archive: Archive) -> None:
    """And the next rebuild makes it good."""
    add(archive, a("x", "X"))

    class Local(Titles):
        name = "titles"

    with archive.tables() as tables:
        with pytest.raises(QuestionError, match="cannot be imported by others"):
            tables.rebuild(Local, workers=2)
        with pytest.raises(QuestionError, match="at least one"):
            tables.rebuild(Titles, workers=0)
        assert 1 == tables.rebuild(Titles).position


def test_what_failed_is_told_again_when_what_is_before_it_changes(archive: Archive) -> None:
    """So that it is the same as if all had been recorded in the order of occurrence."""

    class Second(Titles):
        name = "second"

        @on("*")
        def hear(self, state: Any, event: Event, moment: Moment) -> None:
            if event.title == "second" and not state.get("told"):
                raise ValueError("the first is missing")
            super().hear(state, event, moment)

    add(archive, a("y", "second", "2001-06"))
    with archive.tables() as tables:
        assert 1 == len(tables.run(Second).parked)
        add(archive, a("x", "first", "2001-05"))
        assert () == tables.run(Second).parked
        tables.check(Second)


def test_what_is_reset_leaves_nothing(archive: Archive) -> None:
    """Neither table nor view, and the generations begin anew."""
    add(archive, a("x", "X"))
    run(archive)
    with archive.tables() as tables:
        tables.reset("titles")
        assert [] == tables.standings()
        with pytest.raises(QuestionError, match="no table"):
            tables.reset("titles")
        assert 1 == tables.run(Titles).generation


@pytest.mark.parametrize("projection", SHIPPED.values(), ids=SHIPPED)
def test_each_shipped_projection_has_a_table(archive: Archive, projection: type[Projection]) -> None:
    """Equal to the replay of the curated chronicle, and seen by SQL."""
    archive.load(ROOT / "events" / "azerbaijan-us")
    run(archive, projection)

    assert len(archive.project(projection, as_of="9999").rows()) == len(
        seen(archive, f'SELECT * FROM "{projection.name}"')  # noqa: S608 - a name of ours
    )

# ruff: noqa: SLF001 - rows are looked at from within
"""A replica: the same rows as the log it is of, tables like those made there, and nothing that was not signed."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from chronicle.errors import ConflictError, StoreError
from chronicle.projection.shipped import SHIPPED
from chronicle.proof.evidence import Consistency, Entries, Entry
from chronicle.replicating import Replica, replica_at
from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_fact, a_retraction, a_source, an_entity, an_event, contents, url_of
from tests.project.checkout import ROOT

NOT_TAKEN = {"answered", "projected"}
"""What an archive remembers of its own appends and questions."""


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def origin(tmp_path: Path, clock: Clock) -> Iterator[Archive]:
    """An archive with sources, corrections, a retraction and the curated chronicles."""
    with Archive.open(url_of(tmp_path / "origin.db"), recorded_by="tester", now=clock) as archive:
        archive.load(ROOT / "events")
        archive.append(
            [a_source("s", "2024"), an_entity("e"), an_event("one", a_fact(1), sources=["s"])], chronicle="c"
        )
        archive.append([an_event("one", a_fact(2), sources=["s"]), an_event("two"), an_event("three")], chronicle="c")
        archive.append([a_retraction("two"), a_source("s", "2025")], chronicle="c")
        yield archive


@pytest.fixture
def target(request: pytest.FixtureRequest, url_on_disk: str, tmp_path: Path) -> str:
    """The URL of an empty database, on every backend."""
    if url_on_disk.startswith("postgresql"):
        url: str = request.getfixturevalue("postgresql").database()
        return url
    return url_of(tmp_path / "replica.db")


def taken(url: str, origin: Any, clock: Clock, **options: Any) -> int:
    """Take all there is; the position that was reached."""
    with replica_at(url, origin, clock, **options) as replica:
        return replica.take()


def rows_of(url: str, *left_out: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that a replica has too."""
    with Archive.open(url, create=False) as archive:
        there = contents(archive._store)
    return {name: rows for name, rows in there.items() if name not in {*NOT_TAKEN, *left_out}}


def shown(archive: Archive) -> dict[str, list[tuple[str, ...]]]:
    """What readers see of the tables of all shipped projections."""
    with archive._store.reading() as connection:
        return {
            name: sorted(map(_plain, connection.execute(text(f"SELECT * FROM {name}"))))  # noqa: S608 - ours
            for name, projection in SHIPPED.items()
            if projection.columns
        }


def _plain(row: Any) -> tuple[str, ...]:
    """A row as text, in which equal numbers are equal whatever the database keeps them as."""
    return tuple(f"{cell.normalize():f}" if isinstance(cell, Decimal) else str(cell) for cell in row)


def run_all(url: str, clock: Clock) -> dict[str, list[tuple[str, ...]]]:
    """Run all shipped projections in the database of an archive; what readers see."""
    with Archive.open(url, create=False, now=clock) as archive:
        with archive.tables() as tables:
            for projection in SHIPPED.values():
                tables.run(projection)
        return shown(archive)


def test_a_replica_has_the_rows_of_the_log(origin: Archive, target: str, clock: Clock, tmp_path: Path) -> None:
    """Records, salts, times, indexes and hashes are the same to the last byte, and it verifies."""
    assert origin.position() == taken(target, origin, clock)

    assert rows_of(url_of(tmp_path / "origin.db")) == rows_of(target)
    with Archive.open(target, create=False) as replica:
        assert () == tuple(replica.verify().findings)


def test_tables_are_those_that_are_made_at_the_origin(
    origin: Archive, target: str, clock: Clock, tmp_path: Path
) -> None:
    """Every shipped projection has the same rows in a replica, also of what is corrected and withdrawn later."""
    for more in ([], [an_event("late", occurred="1950")], [an_event("late", occurred="1960")], [a_retraction("one")]):
        if more:
            origin.append(more, chronicle=CHRONICLE)
        with replica_at(target, origin, clock) as replica:
            replica.take()
            for projection in SHIPPED.values():
                replica.tables.run(projection)
        with Archive.open(target, create=False) as here:
            assert run_all(url_of(tmp_path / "origin.db"), clock) == shown(here)


@pytest.mark.parametrize("seen", [True, False], ids=["seen before", "never seen"])
@pytest.mark.parametrize("what", ["one", "e"])
def test_what_is_redacted_goes_from_the_replica_too(
    origin: Archive, target: str, clock: Clock, tmp_path: Path, *, seen: bool, what: str
) -> None:
    """Content, salts and facts are removed whether they had been taken or not, and the replica verifies."""
    if seen:
        taken(target, origin, clock)
    origin.redact(what, reason="a person asked", chronicle="c")
    taken(target, origin, clock)

    assert rows_of(url_of(tmp_path / "origin.db")) == rows_of(target)
    with Archive.open(target, create=False) as replica:
        assert () == tuple(replica.verify().findings)
        assert replica.show(what, chronicle="c")[0].document.redacted  # type: ignore[union-attr]


def test_a_source_that_was_redacted_before_it_was_seen_leaves_a_sound_replica(
    origin: Archive, target: str, clock: Clock
) -> None:
    """Its date is unknown there from the start; the replica verifies, and the state now is that of the origin."""
    origin.redact("s", reason="a person asked", chronicle="c")
    taken(target, origin, clock)

    with Archive.open(target, create=False, now=clock) as replica:
        assert () == tuple(replica.verify().findings)
        assert origin.state(as_of="2026").as_json() == replica.state(as_of="2026").as_json()


def test_another_log_is_refused(origin: Archive, target: str, clock: Clock, tmp_path: Path) -> None:
    """A replica of one log takes nothing of another."""
    taken(target, origin, clock)
    before = rows_of(target)
    with Archive.open(url_of(tmp_path / "other.db")) as other:
        other.append([an_event()], chronicle="c")
        with pytest.raises(ConflictError, match="the server has") as refused:
            taken(target, other, clock)

    assert ("foreign-log", before) == (refused.value.code, rows_of(target))


def test_a_log_that_went_back_is_refused(origin: Archive, target: str, clock: Clock, tmp_path: Path) -> None:
    """An older copy that pretends to be the same is told from a log that has only grown."""
    old = _copied(tmp_path, "old")
    origin.append([an_event("lost")], chronicle="c")
    taken(target, origin, clock)

    with Archive.open(old, now=clock) as restored, pytest.raises(ConflictError, match="has lost records") as refused:
        taken(target, restored, clock)
    assert "cursor-ahead" == refused.value.code


def test_a_log_that_went_another_way_is_refused(origin: Archive, target: str, clock: Clock, tmp_path: Path) -> None:
    """A copy that was restored and has grown as long, of other records, is told by its root."""
    old = _copied(tmp_path, "old")
    origin.append([an_event("lost")], chronicle="c")
    taken(target, origin, clock)

    with Archive.open(old, now=clock) as other:
        other.append([an_event("found")], chronicle="c")
        with pytest.raises(ConflictError, match="does not begin with") as refused:
            taken(target, other, clock)
    assert "foreign-log" == refused.value.code


def test_a_new_epoch_is_refused(origin: Archive, target: str, clock: Clock) -> None:
    """Where an operator has accepted a loss, a replica of the former epoch is told so."""
    taken(target, origin, clock)
    origin.new_epoch()

    with pytest.raises(ConflictError) as refused:
        taken(target, origin, clock)
    assert "epoch-changed" == refused.value.code


def test_the_first_key_is_kept(origin: Archive, target: str, clock: Clock) -> None:
    """After a rotation the new key is refused until it is given, and then kept."""
    taken(target, origin, clock)
    origin.rotate_key()
    origin.append([an_event("after")], chronicle="c")

    with pytest.raises(ConflictError, match="--verifier"):
        taken(target, origin, clock)
    assert origin.position() == taken(target, origin, clock, verifier=origin.verifier().text)
    assert origin.position() == taken(target, origin, clock)


def test_a_key_that_was_given_is_asked_for_at_once(origin: Archive, target: str, clock: Clock, tmp_path: Path) -> None:
    """Nothing is made of a server that signs with another key than the one that was named."""
    with Archive.open(url_of(tmp_path / "other.db")) as other:
        key = other.verifier().text
    with pytest.raises(ConflictError, match="no known key"):
        taken(target, origin, clock, verifier=key)
    with pytest.raises(StoreError):
        Archive.open(target, create=False)


def test_an_archive_does_not_become_a_replica_of_itself(origin: Archive, clock: Clock, tmp_path: Path) -> None:
    """The database that the log is recorded in is not written to as a replica."""
    with pytest.raises(ConflictError, match="no replica"):
        taken(url_of(tmp_path / "origin.db"), origin, clock)


class Tampering:
    """An archive whose entries are changed on the way."""

    def __init__(self, archive: Archive, change: Callable[[list[Entry]], list[Entry]]) -> None:
        self._archive = archive
        self._change = change

    def entries(self, after: int | str, most: int) -> Entries:
        """Others than there are."""
        found = self._archive.entries(after, most)
        return Entries(entries=self._change(found.entries), cursor=found.cursor)

    def prove_since(self, size: int) -> Consistency:
        """As it is."""
        return self._archive.prove_since(size)


def _other_header(entry: Entry) -> Entry:
    return msgspec.structs.replace(
        entry, header=entry.header.replace('"recorded_by":"tester"', '"recorded_by":"nobody"')
    )


TAMPERED: dict[str, Callable[[list[Entry]], list[Entry]]] = {
    "a payload": lambda found: [msgspec.structs.replace(found[0], payload="{}"), *found[1:]],
    "a salt": lambda found: [msgspec.structs.replace(found[0], salt="00" * 32), *found[1:]],
    "no salt": lambda found: [msgspec.structs.replace(found[0], salt=None), *found[1:]],
    "no hexadecimal": lambda found: [msgspec.structs.replace(found[0], salt="x"), *found[1:]],
    "a header": lambda found: [_other_header(found[0]), *found[1:]],
    "no header": lambda found: [msgspec.structs.replace(found[0], header="[]"), *found[1:]],
    "one left out": lambda found: found[1:],
    "one twice": lambda found: [found[0], *found],
    "two exchanged": lambda found: [found[1], found[0], *found[2:]],
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_not_signed_is_not_committed(origin: Archive, target: str, clock: Clock, how: str) -> None:
    """Entries that were changed, left out or exchanged are refused, and the replica stays as it was."""
    with replica_at(target, Tampering(origin, TAMPERED[how]), clock) as replica:
        with pytest.raises((ConflictError, StoreError)):
            replica.take()
        assert 0 == _position(replica)

    assert origin.position() == taken(target, origin, clock)


def test_a_root_that_was_not_signed_is_refused(origin: Archive, target: str, clock: Clock) -> None:
    """A proof is looked at, not only its root."""

    class Claiming(Tampering):
        def prove_since(self, size: int) -> Consistency:
            true = self._archive.prove_since(size)
            return msgspec.structs.replace(true, old_root=base64.b64encode(b"x" * 32).decode()) if size else true

    with replica_at(target, Claiming(origin, lambda found: found), clock) as replica:
        with pytest.raises(ConflictError):
            replica.take()
        assert 0 == _position(replica)


def test_two_that_take_at_once_take_each_record_once(origin: Archive, target: str, clock: Clock) -> None:
    """Where another has taken a page meanwhile, this one goes on from there."""
    with replica_at(target, origin, clock) as other:

        class Slow(Tampering):
            def entries(self, after: int | str, most: int) -> Entries:
                found = self._archive.entries(after, most)
                other.take()
                return found

        assert origin.position() == taken(target, Slow(origin, lambda found: found), clock)


def _position(replica: Replica) -> int:
    with Archive.open(replica._store.url, create=False) as archive:
        return archive.position()


def _copied(folder: Path, name: str) -> str:
    """A copy of the origin as it is now, keys and all."""
    with Archive.open(url_of(folder / "origin.db")) as archive:
        archive.checkpoint()
    for file in folder.glob("origin.db*"):
        to = folder / file.name.replace("origin", name)
        if file.is_dir():
            shutil.copytree(file, to)
        else:
            shutil.copy(file, to)
    return url_of(folder / f"{name}.db")

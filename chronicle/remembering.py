"""The remembering part of the hall: the moments from which an entity or a chronicle was told otherwise than before."""

from __future__ import annotations

from chronicle.errors import UnknownError, shown
from chronicle.store import mementos
from chronicle.store.archive import Store
from chronicle.store.mementos import About, Memento
from chronicle.store.read import LATEST
from chronicle.store.reports import MICROSECONDS

__all__ = ["SINCE_EVER", "About", "Memento", "Mementos"]

SINCE_EVER = -1
"""A microsecond before any that is recorded."""


class Mementos:
    """The mementos (RFC 7089) of an entity of a chronicle, or of the chronicle: one for each append that touched it.

    There is always one. Raises UnknownError where nothing in the log names what is to be remembered.
    """

    def __init__(self, store: Store, about: About) -> None:
        self._store = store
        self._about = about
        first = self.page(SINCE_EVER, 1)
        if not first:
            what = about.chronicle if about.entity is None else about.entity
            raise UnknownError(f"nothing in the log is about {shown(what)}")
        self.first = first[0]

    def at(self, second: int) -> Memento:
        """The last of those recorded up to the end of a Unix second; before the first that one (section 4.5.3)."""
        return self._until((second + 1) * MICROSECONDS - 1) or self.first

    def last(self) -> Memento:
        """The one that tells what is told now."""
        return self._until(LATEST) or self.first

    def of(self, position: int) -> Memento:
        """The memento of a position. Raises UnknownError for a position of none."""
        found = None
        if 0 < position <= LATEST:
            with self._store.reading() as connection:
                found = mementos.of(connection, self._about, position)
        if found is None:
            raise UnknownError(f"no memento is at position {position}: the time map names those there are")
        return found

    def before(self, memento: Memento) -> Memento | None:
        """The one before another."""
        return self._until(memento.recorded - 1)

    def after(self, memento: Memento) -> Memento | None:
        """The one after another."""
        return next(iter(self.page(memento.recorded, 1)), None)

    def page(self, recorded: int, most: int) -> list[Memento]:
        """The first of those recorded after a microsecond, the oldest first."""
        if recorded > LATEST:
            return []
        with self._store.reading() as connection:
            return mementos.after(connection, self._about, recorded, most)

    def _until(self, recorded: int) -> Memento | None:
        with self._store.reading() as connection:
            return mementos.until(connection, self._about, recorded)

"""The hall: class Archive, one verb for each use case, and the only wiring between the rooms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Unpack

from chronicle.asking import Asked, Bounds, Question, Scope, long_enough, paging
from chronicle.collecting import seldom_collected
from chronicle.differing import difference
from chronicle.errors import QuestionError, UnknownError, near, shown
from chronicle.event.cursor import Cursor
from chronicle.event.record import Record
from chronicle.exchange.selection import Export
from chronicle.feed.filter import EVERYTHING
from chronicle.feed.filter import Filter as Wanted
from chronicle.finding import found
from chronicle.recording import Recording
from chronicle.state.answer import Basis, State
from chronicle.state.conflicts import Conflicts
from chronicle.state.diff import Diff
from chronicle.state.held import Histories
from chronicle.state.occurrence import Occurrences, Rank
from chronicle.state.search import Filter, Hits
from chronicle.store import foreseen, listed, read
from chronicle.store.head import at_position, check_cursor, read_head
from chronicle.store.standing import Events
from chronicle.tailing import PAGE, Stretch, stretch

MOST_COMPARED = 10_000
"""With how many ids an unknown one is compared to find what may be meant."""

GLOSSARY_KINDS = ("source", "entity", "attribute", "chronicle")


def _quarter_second() -> None:
    time.sleep(0.25)


class Archive(Recording):
    """One database: one log of positions, holding any number of chronicles.

    Every method may raise StoreError.
    """

    # Asking

    def state(
        self,
        *,
        chronicle: str | None = None,
        subject: str | None = None,
        attribute: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        after: str | None = None,
        limit: int | None = None,
        **bounds: Unpack[Bounds],
    ) -> State:
        """What was the case (DESIGN section 5); `dimensions` keeps rows that have at least these.

        `limit` is how many rows are wanted at most; the answer then says what to ask for `after` with its basis. Raises
        QuestionError for a bound that cannot be read, a position beyond the head; UnknownError for a chronicle.
        """
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        with self._asking(Question(**bounds)) as asked:
            facts, end = asked.state(scope, *paging(after, limit))
            return State(asked.basis, facts, end.text if end else None)

    def basis(self, **bounds: Unpack[Bounds]) -> Basis:
        """The basis that an answer with these bounds has. Raises as `state` does."""
        with self._asking(Question(**bounds)) as asked:
            return asked.basis

    def doubts(
        self, *, chronicle: str | None = None, subject: str | None = None, attribute: str | None = None
    ) -> list[str]:
        """Why a question about a subject and an attribute may have no answer: names that no fact has, what is close."""
        with self._asking(Question()) as asked:
            return asked.doubts(Scope(chronicle=chronicle, subject=subject, attribute=attribute))

    def names(self, what: str, prefix: str, most: int = 200) -> list[str]:
        """Names that begin with a prefix, for a shell to complete: of a `chronicle`, `subject`, `attribute` or `id`."""
        with self._store.reading() as connection:
            if what == "id":
                return listed.ids_like(connection, prefix, most)
            head = read_head(connection).position
            known = listed.chronicles(connection, head) if what == "chronicle" else listed.names(connection, head, what)
            return [name for name in known if name.startswith(prefix)][:most]

    def history(
        self,
        subject: str,
        attribute: str,
        *,
        chronicle: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        after: str | None = None,
        limit: int | None = None,
        **bounds: Unpack[Bounds],
    ) -> Histories:
        """What held over time, one history for each key that matches; up to the end of `as_of`, else without end.

        A segment says what `state` would say at any second within it. `limit` is of segments: the last history of a
        page may go on in the first of the next. `after` is as for `state`. Raises as `state` does.
        """
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        with self._asking(Question(**bounds)) as asked:
            endless = bounds.get("as_of") is None
            turn, most = paging(after, limit)
            last_second = None if endless else asked.last_second
            return asked.histories(scope, last_second=last_second, after=turn, limit=most)

    @seldom_collected()
    def diff(
        self,
        before: str | Mapping[str, Any] | Basis,
        after: str | Mapping[str, Any] | Basis,
        *,
        chronicle: str | None = None,
        subject: str | None = None,
        attribute: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        turn: str | None = None,
        limit: int | None = None,
        **bounds: Unpack[Bounds],
    ) -> Diff:
        """What differs between the states of two bases, each change with the events that caused it.

        A basis is a date (its `as_of`), a mapping of bounds, or the basis of an answer; `bounds` hold for what it does
        not say. Two dates tell what changed; two `known`, `recorded` or `position` over a date what was learned.
        `limit` is of changes, and `turn` what `after` is for `state`. Raises as `state` does.
        """
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        question, instant = Question(**bounds), self._now()
        with self._store.reading() as connection:
            first, second = (Asked(connection, question.but(one), instant) for one in (before, after))
            return difference(first, second, scope, *paging(turn, limit))

    def events(
        self,
        *,
        chronicle: str | None = None,
        type: str | None = None,  # noqa: A002
        after: str | None = None,
        limit: int | None = None,
        **bounds: Unpack[Bounds],
    ) -> Occurrences:
        """How the events of a chronicle (or all) stand as of a date, in order of occurrence; see `state.occurrence`.

        `type` keeps those of a type and of the types below it: `plan` has `plan.announced`. `limit` is of events, and
        `after` as for `state`; memory is then that of a page, and of the events of one second. Raises as `state` does.
        """
        rank, limit = None if after is None else Rank.parse(after), long_enough(limit)
        with self._asking(Question(**bounds)) as asked:
            found, rank = asked.occurrences(Events(chronicle, type), rank, limit)
        return Occurrences(asked.basis, found, rank.text if rank else None)

    def conflicts(
        self,
        *,
        chronicle: str | None = None,
        subject: str | None = None,
        attribute: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        after: str | None = None,
        limit: int | None = None,
        **bounds: Unpack[Bounds],
    ) -> Conflicts:
        """The claims that cover the end of `as_of` but lost there, beside those that won.

        `limit` is of keys, and `after` as for `state`. Raises as `state` does.
        """
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        with self._asking(Question(**bounds)) as asked:
            found, end = asked.conflicts(scope, *paging(after, limit))
            return Conflicts(asked.basis, found, end.text if end else None)

    def search(
        self,
        query: str,
        *,
        chronicle: str | None = None,
        kinds: Iterable[str] = (),
        types: Iterable[str] = (),
        tags: Iterable[str] = (),
        since: str | None = None,
        until: str | None = None,
        limit: int = 20,
        after: str | None = None,
        stretch: int | None = None,
        known: str | None = None,
        recorded: str | None = None,
        position: int | None = None,
        zone: str = "UTC",
    ) -> Hits:
        """The documents that have every word of a query, best first, at most `limit`; see `state.search`.

        Each is read at its latest version within the bounds; retracted ones are left out. `kinds` to `until` are as in
        `state.search.Filter`. `after` is the `next` of the page before: with the same query and the position of its
        basis, pages repeat nothing and leave nothing out. The cost is that of the documents that have the words; with a
        `stretch`, that of so many of them, which alone are ranked, and pages go on with the next stretch. Raises
        QuestionError for a query without a word, and as `Filter` and `state` do.
        """
        if limit < 1:
            raise QuestionError("limit: ask for at least one result")
        question = Question(known=known, recorded=recorded, position=position, zone=zone)
        wanted = Filter(kinds=tuple(kinds), types=tuple(types), tags=tuple(tags), since=since, until=until)
        with self._store.reading() as connection:
            asked = Asked(connection, question, self._now())
            return found(
                connection, asked, query, wanted, chronicle=chronicle, limit=limit, after=after, stretch=stretch
            )

    def show(
        self,
        id: str,  # noqa: A002
        *,
        known: str | None = None,
        recorded: str | None = None,
        position: int | None = None,
        zone: str = "UTC",
        chronicle: str | None = None,
    ) -> list[Record]:
        """Every version of an id, oldest first, of whatever kind; of events those reported by `known`.

        Raises UnknownError if there is none.
        """
        question = Question(known=known, recorded=recorded, position=position, zone=zone)
        with self._store.reading() as connection:
            found = read.versions_of(connection, Asked(connection, question, self._now()).horizon, id, chronicle)
        if not found:
            with self._store.reading() as connection:
                close = near(id, listed.ids_like(connection, id[:1], MOST_COMPARED))
            raise UnknownError(f"nothing in the log has the id {shown(id)}{close}")
        return found

    def documents(
        self,
        kind: str,
        *,
        chronicle: str | None = None,
        position: int | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> list[Record]:
        """The latest sources, entities, attributes or chronicles (`kind`), by the positions of their first versions.

        Those `after` one such position, at most `limit`. Raises QuestionError for another kind.
        """
        if kind not in GLOSSARY_KINDS:
            raise QuestionError(f"kind: expected one of {', '.join(GLOSSARY_KINDS)}")
        with self._asking(Question(position=position)) as asked:
            if chronicle is not None:
                asked.require_chronicle(chronicle)
            return asked.documents(kind, chronicle, after, limit)

    def export(self, *, to: str, chronicle: str | None = None, **bounds: Unpack[Bounds]) -> Export:
        """The events that `events` tells, in its order, as csv, parquet, timelinejs, ics, jsonld or atom.

        As jsonl, all records up to the position; loaded, they are the same again. Raises QuestionError as `state` does.
        """
        from chronicle import exchanging  # noqa: PLC0415 - loads what writes every format

        return exchanging.export(self._store, to, chronicle, Question(**bounds), self._now())

    def feed(self, form: str, chronicle: str, *, base: str, page: int | None = None) -> bytes:
        """A page of the feed of a chronicle's events, as `atom` or `json` (JSON Feed): the newest, or a full one.

        Full pages are numbered from 1 and stay as they are, unless something in them is redacted. `base` is the address
        at which readers find the server. Raises UnknownError for a chronicle or a page that is not there.
        """
        from chronicle import publishing  # noqa: PLC0415 - as for `export`

        return publishing.feed(self._store, form, chronicle, base, page)

    def follow(
        self,
        *,
        after: int | str = 0,
        wanted: Wanted = EVERYTHING,
        wait: bool = True,
        pause: Callable[[], None] = _quarter_second,
    ) -> Iterator[Record]:
        """Every record after a position or a record's `cursor`, in the order of the log; with `wait` without end.

        `wanted` narrows them, as for a sink. What is there and what comes are read by the same loop, so that nothing is
        skipped or repeated between them. `pause` is called when there is nothing new. Raises QuestionError for a
        position beyond the head, ConflictError for a cursor of another log, of another epoch, or ahead of the log: also
        later, when the log is restored under a reader.
        """
        cursor = Cursor.parse(after) if isinstance(after, str) else None
        is_all = wanted == EVERYTHING
        while True:
            with self._store.reading() as connection:
                if cursor is not None:
                    foreseen.following(connection, cursor.position, PAGE)
                head = read_head(connection)
                if cursor is None:
                    cursor = at_position(head, after)
                check_cursor(head, cursor)
                page = read.following(connection, head, cursor.position, PAGE)
            last = None
            for record in page:
                last = record
                if is_all or wanted.wants(record):
                    yield record
            if last is not None:
                cursor = last.cursor
            elif wait:
                pause()
            else:
                return

    def log(self, *, after: int | str = 0, wanted: Wanted = EVERYTHING, limit: int = PAGE) -> Stretch:
        """A stretch of the log after a position or a cursor: what is `wanted`, at most `limit`, and where to go on.

        Each record is as reported when it was recorded. Raises QuestionError for a position beyond the head,
        ConflictError for a cursor that this log cannot go on from.
        """
        return stretch(self._store, Cursor.parse(after) if isinstance(after, str) else after, wanted, limit)

    def require_chronicle(self, chronicle: str) -> None:
        """Raise UnknownError, with what may be meant, unless the log has a record of a chronicle."""
        with self._asking(Question()) as asked:
            asked.require_chronicle(chronicle)

    @contextmanager
    def _asking(self, question: Question) -> Iterator[Asked]:
        with self._store.reading() as connection:
            yield Asked(connection, question, self._now())

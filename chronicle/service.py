"""The hall: class Archive, one verb for each use case, and the only wiring between the rooms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from os import PathLike, fspath
from typing import Any, Unpack

from chronicle import exchanging
from chronicle.appending import Appender, Expected, command
from chronicle.asking import Asked, Bounds, Question, Scope, difference
from chronicle.errors import ChronicleError, Problem, QuestionError, RefusedError, UnknownError, near, shown
from chronicle.event.cursor import Cursor
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.model import Document
from chronicle.event.record import Record
from chronicle.exchange.selection import Export
from chronicle.files.folder import Reading as FilesRead
from chronicle.files.folder import read_paths
from chronicle.files.mapping import read_mappings
from chronicle.files.refused import Refused
from chronicle.files.retract import check_note, retractions
from chronicle.loading import Append, Loaded, append_sound, refused_file, save_refused
from chronicle.reporting import Reporting
from chronicle.state.answer import Basis, State
from chronicle.state.conflicts import Conflicts
from chronicle.state.diff import Diff
from chronicle.state.held import Histories
from chronicle.state.occurrence import Occurrences
from chronicle.state.search import Hits
from chronicle.store import read
from chronicle.store.append import Appended, Command, Progress, append, append_each
from chronicle.store.head import at_position, check_cursor, read_head

MOST_COMPARED = 10_000
"""With how many ids an unknown one is compared to find what may be meant."""

GLOSSARY_KINDS = ("source", "entity", "attribute", "chronicle")

PAGE = 500
"""How many records are read at a time when the log is followed."""


def _quarter_second() -> None:
    time.sleep(0.25)


class Archive(Reporting):
    """One database: one log of positions, holding any number of chronicles.

    Every method may raise StoreError.
    """

    # Recording

    def load(
        self,
        *paths: str | PathLike[str],
        chronicle: str | None = None,
        dry_run: bool = False,
        retract_missing: bool = False,
        note: str | None = None,
        skip_bad: str | PathLike[str] | None = None,
        reinstate: bool = False,
        progress: Progress | None = None,
    ) -> Loaded:
        """Read files and folders and append what is new or changed, all or nothing.

        `retract_missing` retracts, with the `note`, what the log has of the chronicles of whole folders and the folders
        have not. `skip_bad` names a file: what is sound is appended, and what is not is written there with its reasons.
        `reinstate` lets documents in whose ids are redacted. `progress` is called with how much is done, and of how
        much. Raises RefusedError with every problem of every document, after which nothing is written; QuestionError
        for arguments that do not go together.
        """
        if note is not None and not retract_missing:
            raise QuestionError("--note: says why documents are retracted, so it goes with --retract-missing")
        if retract_missing and skip_bad is not None:
            raise QuestionError("--retract-missing: cannot go with --skip-bad: what is bad would seem to be missing")
        why = check_note(note) if retract_missing else None
        given = [fspath(path) for path in paths]
        file = None if skip_bad is None else refused_file(skip_bad, given)
        reading = read_paths(given, chronicle, keep_refused=file is not None)
        if any(problem.is_error for problem in reading.problems):
            raise RefusedError(reading.problems)

        def append_all(drafts: Sequence[Draft]) -> Appended:
            return self._append(Command(drafts, reinstate=reinstate), dry_run=dry_run, progress=progress)

        return self._load(reading, append_all, file if not dry_run else None, why, skip=file is not None)

    def append(
        self,
        documents: Sequence[Mapping[str, Any] | Document],
        *,
        chronicle: str | None = None,
        expected: Expected | None = None,
        key: str | None = None,
        recorded_by: str | None = None,
    ) -> Appended:
        """Append documents given as mappings (or typed ones), all or nothing; numbers are int or Decimal, never float.

        Each belongs to its own `chronicle` field, else to the argument. `expected` is the position at which the log
        must end, or maps ids to the versions that they must have now (see `appending.Expected`). An append with the
        idempotency `key` of an earlier one answers with the receipts of that, and appends nothing. `recorded_by` names
        who appends, if that is another than whoever opened the archive. Raises RefusedError with every problem,
        ConflictError if the log is not as expected or the key was used for something else.
        """
        made = self._command(documents, chronicle, expected, key, recorded_by)
        return self._append(made)

    @contextmanager
    def appender(self) -> Iterator[Appender]:
        """A context in which threads append many small commands with few transactions; see `appending.Appender`.

        Its `append` takes what that of the archive takes, and answers with a future.
        """

        def append_all(commands: Sequence[Command]) -> list[Appended | ChronicleError]:
            least = self._prover.least()
            with self._store.writing() as writer:
                answers = append_each(writer, commands, self._now(), self._recorded_by, least=least)
            warnings = self._prover.keep()
            return [_warned(one, warnings) if isinstance(one, Appended) else one for one in answers]

        with closing(Appender(append_all, self._command)) as appender:
            yield appender

    def _command(
        self,
        documents: Sequence[Mapping[str, Any] | Document],
        chronicle: str | None,
        expected: Expected | None,
        key: str | None,
        recorded_by: str | None = None,
    ) -> Command:
        reading = read_mappings(documents, chronicle)
        if any(problem.is_error for problem in reading.problems):
            raise RefusedError(reading.problems)
        return replace(command(reading.drafts, chronicle, expected, key), recorded_by=recorded_by)

    def _load(self, reading: FilesRead, append_all: Append, file: str | None, why: str | None, *, skip: bool) -> Loaded:
        def save(refused: Sequence[Refused]) -> None:
            if file is not None:
                save_refused(file, refused)

        if why is not None and not reading.folders:
            raise QuestionError("--retract-missing: needs a whole folder: what a single file lacks is not missing")
        missing = self._missing(reading)
        refused = None
        if skip:
            appended, refused = append_sound(reading, append_all, save)
        elif why is not None:
            appended = append_all([*reading.drafts, *retractions(missing, why)])
        else:
            appended = append_all(reading.drafts)
        gone, retracted = (missing, ()) if why is None else ((), missing)
        return Loaded(appended, (*reading.problems, *appended.warnings), gone, retracted, refused)

    def _missing(self, reading: FilesRead) -> tuple[DocumentId, ...]:
        """What the log has of the chronicles whose folders were read, and no document there named, sound or not."""
        if not reading.whole:
            return ()
        with self._store.reading() as connection:
            there = set[DocumentId]().union(*(read.ids(connection, name) for name in reading.folders))
        return tuple(sorted(there - reading.named))

    def _append(self, made: Command, *, dry_run: bool = False, progress: Progress | None = None) -> Appended:
        least = self._prover.least()
        with self._store.writing() as writer:
            appended = append(
                writer,
                made,
                self._now(),
                self._recorded_by,
                least=least,
                dry_run=dry_run,
                progress=progress,
            )
        return appended if dry_run else _warned(appended, self._prover.keep())

    # Asking

    def state(
        self,
        *,
        chronicle: str | None = None,
        subject: str | None = None,
        attribute: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        **bounds: Unpack[Bounds],
    ) -> State:
        """What was the case (DESIGN section 5); `dimensions` keeps rows that have at least these.

        Raises QuestionError for a bound that cannot be read, a position beyond the head; UnknownError for a chronicle.
        """
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        with self._asking(Question(**bounds)) as asked:
            return State(asked.basis, asked.state(scope))

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
                return read.ids_like(connection, prefix, most)
            head = read_head(connection).position
            known = read.chronicles(connection, head) if what == "chronicle" else read.names(connection, head, what)
            return [name for name in known if name.startswith(prefix)][:most]

    def history(
        self,
        subject: str,
        attribute: str,
        *,
        chronicle: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        **bounds: Unpack[Bounds],
    ) -> Histories:
        """What held over time, one history for each key that matches; up to the end of `as_of`, else without end.

        A segment says what `state` would say at any second within it. Raises as `state` does.
        """
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        with self._asking(Question(**bounds)) as asked:
            endless = bounds.get("as_of") is None
            return asked.histories(scope, last_second=None if endless else asked.last_second)

    def diff(
        self,
        before: str | Mapping[str, Any] | Basis,
        after: str | Mapping[str, Any] | Basis,
        *,
        chronicle: str | None = None,
        subject: str | None = None,
        attribute: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        **bounds: Unpack[Bounds],
    ) -> Diff:
        """What differs between the states of two bases, each change with the events that caused it.

        A basis is a date (its `as_of`), a mapping of bounds, or the basis of an answer; `bounds` hold for what it does
        not say. Two dates tell what changed; two `known`, `recorded` or `position` over a date what was learned.
        Raises as `state` does.
        """
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        question, instant = Question(**bounds), self._now()
        with self._store.reading() as connection:
            first, second = (Asked(connection, question.but(one), instant) for one in (before, after))
            return difference(first, second, scope)

    def events(
        self,
        *,
        chronicle: str | None = None,
        type: str | None = None,  # noqa: A002
        **bounds: Unpack[Bounds],
    ) -> Occurrences:
        """How the events of a chronicle (or all) stand as of a date, in order of occurrence; see `state.occurrence`.

        `type` keeps those of a type and of the types below it: `plan` has `plan.announced`. Raises as `state` does.
        """
        with self._asking(Question(**bounds)) as asked:
            found = asked.occurrences(chronicle)
        if type is not None:
            found = [one for one in found if f"{one.event.type}.".startswith(f"{type}.")]
        return Occurrences(asked.basis, tuple(found))

    def conflicts(
        self,
        *,
        chronicle: str | None = None,
        subject: str | None = None,
        attribute: str | None = None,
        dimensions: Mapping[str, str] | None = None,
        **bounds: Unpack[Bounds],
    ) -> Conflicts:
        """The claims that cover the end of `as_of` but lost there, beside those that won. Raises as `state` does."""
        scope = Scope(chronicle=chronicle, subject=subject, attribute=attribute, dimensions=dimensions)
        with self._asking(Question(**bounds)) as asked:
            return Conflicts(asked.basis, asked.conflicts(scope))

    def search(
        self,
        query: str,
        *,
        chronicle: str | None = None,
        limit: int = 20,
        known: str | None = None,
        recorded: str | None = None,
        position: int | None = None,
        zone: str = "UTC",
    ) -> Hits:
        """The documents that have every word of a query, best first, at most `limit`; see `state.search`.

        Each is read at its latest version within the bounds; retracted ones are left out. It reads all documents: the
        cost is that of their number. Raises QuestionError for a query without a word.
        """
        if limit < 1:
            raise QuestionError("limit: ask for at least one result")
        with self._asking(Question(known=known, recorded=recorded, position=position, zone=zone)) as asked:
            return asked.search(query, chronicle, limit)

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
                close = near(id, read.ids_like(connection, id[:1], MOST_COMPARED))
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
        return exchanging.export(self._store, to, chronicle, Question(**bounds), self._now())

    def follow(
        self, *, after: int | str = 0, wait: bool = True, pause: Callable[[], None] = _quarter_second
    ) -> Iterator[Record]:
        """Every record after a position or a record's `cursor`, in the order of the log; with `wait` without end.

        What is there and what comes are read by the same loop, so that nothing is skipped or repeated between them.
        `pause` is called when there is nothing new. Raises QuestionError for a position beyond the head, ConflictError
        for a cursor of another log, of another epoch, or ahead of the log: also later, when the log is restored under
        a reader.
        """
        cursor = Cursor.parse(after) if isinstance(after, str) else None
        while True:
            with self._store.reading() as connection:
                head = read_head(connection)
                if cursor is None:
                    cursor = at_position(head, after)
                check_cursor(head, cursor)
                page = read.records_after(connection, cursor.position, PAGE)
            yield from page
            if page:
                cursor = page[-1].cursor
            elif wait:
                pause()
            else:
                return

    @contextmanager
    def _asking(self, question: Question) -> Iterator[Asked]:
        with self._store.reading() as connection:
            yield Asked(connection, question, self._now())


def _warned(appended: Appended, warnings: Sequence[Problem]) -> Appended:
    return replace(appended, warnings=(*appended.warnings, *warnings))

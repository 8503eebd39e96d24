"""The recording verbs of the hall: load, append, and appending in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from os import PathLike, fspath
from typing import Any, Unpack

from chronicle.appending import Appender, Expected, command
from chronicle.asking import Asked, Bounds, Question, Scope
from chronicle.collecting import seldom_collected
from chronicle.differing import difference
from chronicle.errors import ChronicleError, Problem, QuestionError, RefusedError
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.model import Document
from chronicle.files.folder import Reading as FilesRead
from chronicle.files.folder import read_paths
from chronicle.files.mapping import read_mappings
from chronicle.files.refused import Refused
from chronicle.files.retract import check_note, retractions
from chronicle.leafing import Leafing
from chronicle.loading import (
    BATCH,
    MOST_WARNINGS,
    STEPS,
    Append,
    Loaded,
    append_sound,
    are_lines,
    is_large,
    refused_file,
    save_refused,
    spool,
)
from chronicle.state.diff import Diff
from chronicle.store import listed
from chronicle.store.append import Appended, Command, Progress, Told, append, append_each
from chronicle.store.batches import Batches, check
from chronicle.store.spool import Spool


class Recording(Leafing):
    """What brings documents into the log."""

    @seldom_collected()
    def load(
        self,
        *paths: str | PathLike[str],
        chronicle: str | None = None,
        dry_run: bool = False,
        retract_missing: bool = False,
        note: str | None = None,
        skip_bad: str | PathLike[str] | None = None,
        reinstate: bool = False,
        batch: int | None = None,
        each: Callable[[Appended], None] | None = None,
        progress: Progress | None = None,
    ) -> Loaded:
        """Read files and folders and append what is new or changed, all or nothing.

        Files of JSON Lines that are large together, or where `batch` says how many documents, are appended in batches
        with bounded memory: all is validated before anything is written, then each batch is appended as a whole. What
        an attempt that was cut short has left is gone on from. `each` is told what became of each batch; the answer
        then has no receipts, only `outcomes`.

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
        if batch is not None and (batch < 1 or not all(map(are_lines, given))):
            raise QuestionError("--batch: expected at least 1, and nothing to load but files of JSON Lines")
        if batch is not None or (not dry_run and skip_bad is None and is_large(given)):
            if dry_run or skip_bad is not None or retract_missing:
                raise QuestionError("--batch: cannot go with --dry-run, --skip-bad or --retract-missing")
            return self._load_batches(given, chronicle, batch or BATCH, each, progress, reinstate=reinstate)
        file = None if skip_bad is None else refused_file(skip_bad, given)
        reading = read_paths(given, chronicle, keep_refused=file is not None)
        if any(problem.is_error for problem in reading.problems):
            raise RefusedError(reading.problems)

        def append_all(drafts: Sequence[Draft]) -> Appended:
            return self._append(Command(drafts, reinstate=reinstate), dry_run=dry_run, progress=progress)

        return self._load(reading, append_all, file if not dry_run else None, why, skip=file is not None)

    def _load_batches(
        self,
        paths: Sequence[str],
        chronicle: str | None,
        size: int,
        each: Callable[[Appended], None] | None,
        progress: Progress | None,
        *,
        reinstate: bool,
    ) -> Loaded:
        outcomes: Counter[str] = Counter()
        position = 0
        with Spool() as spooled:
            warnings = spool(paths, chronicle, spooled, progress)
            told = Told(progress, spooled.count, STEPS)
            told.more(spooled.count)
            with self._store.reading() as connection:
                check(connection, spooled, size, reinstate=reinstate, told=told)
            with self._store.writing() as writer:
                batches = Batches(writer, spooled, self._recorded_by, self._now, self._prover.require)
                for appended in batches.append(size, reinstate=reinstate, told=told):
                    position = appended.position
                    kept = self._prover.appended(position)
                    warnings = [*warnings, *kept, *appended.warnings][:MOST_WARNINGS]
                    outcomes.update(receipt.outcome for receipt in appended.receipts)
                    if each is not None:
                        each(appended)
        return Loaded(Appended(position, (), ()), tuple(warnings), (), outcomes=outcomes)

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

    def preview(
        self,
        documents: Sequence[Mapping[str, Any] | Document],
        *,
        chronicle: str,
        expected: Expected | None = None,
        **bounds: Unpack[Bounds],
    ) -> tuple[Appended, Diff]:
        """What an append would answer, and how the state of the chronicle would differ after it. Nothing is kept.

        The state is that of `as_of`; both sides are read at the head. Raises as `append` and `state` do.
        """
        made = self._command(documents, chronicle, expected, None)
        question, instant, scope = Question(**bounds), self._now(), Scope(chronicle=chronicle)
        found: list[Diff] = []

        def look(connection: Any, position: int) -> None:
            after = Asked(connection, question, instant)
            before = Asked(connection, question.but({"position": position}), instant)
            found.append(difference(before, after, scope))

        with self._store.writing() as writer:
            appended = append(writer, made, instant, self._recorded_by, dry_run=True, look=look)
        return appended, found[0]

    @contextmanager
    def appender(self) -> Iterator[Appender]:
        """A context in which threads append many small commands with few transactions; see `appending.Appender`.

        Its `append` takes what that of the archive takes, and answers with a future.
        """

        def append_all(commands: Sequence[Command]) -> list[Appended | ChronicleError]:
            with self._store.writing() as writer:
                answers = append_each(writer, commands, self._now(), self._recorded_by, require=self._prover.require)
            positions = [one.position for one in answers if isinstance(one, Appended)]
            warnings = self._prover.appended(max(positions)) if positions else []
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
        outcomes = Counter(receipt.outcome for receipt in appended.receipts)
        return Loaded(appended, (*reading.problems, *appended.warnings), gone, retracted, refused, outcomes)

    def _missing(self, reading: FilesRead) -> tuple[DocumentId, ...]:
        """What the log has of the chronicles whose folders were read, and no document there named, sound or not."""
        if not reading.whole:
            return ()
        with self._store.reading() as connection:
            there = set[DocumentId]().union(*(listed.ids(connection, name) for name in reading.folders))
        return tuple(sorted(there - reading.named))

    def _append(self, made: Command, *, dry_run: bool = False, progress: Progress | None = None) -> Appended:
        with self._store.writing() as writer:
            appended = append(
                writer,
                made,
                self._now(),
                self._recorded_by,
                require=self._prover.require,
                dry_run=dry_run,
                progress=progress,
            )
        return appended if dry_run else _warned(appended, self._prover.appended(appended.position))


def _warned(appended: Appended, warnings: Sequence[Problem]) -> Appended:
    return replace(appended, warnings=(*appended.warnings, *warnings))

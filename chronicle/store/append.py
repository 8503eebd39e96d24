"""Documents into records: all or nothing, in one transaction that holds the write lock from its start.

Canonical forms, salts and digests are made before; the head row is read once the lock is held and written last.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, Engine

from chronicle.errors import ChronicleError, ConflictError, InputError, Problem, RefusedError
from chronicle.event.canonical import SALT_BYTES, canonical
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault
from chronicle.event.model import Attribute, Retraction
from chronicle.store import dialect
from chronicle.store.admit import Admission
from chronicle.store.head import Require, write_head
from chronicle.store.schema import answered, node
from chronicle.store.sight import Sight, needed
from chronicle.store.tree import growth
from chronicle.store.versions import Receipt, Step, Stored, plan_run
from chronicle.store.writing import Writing


@dataclass(frozen=True, slots=True)
class Appended:
    """The head's position after the append, a receipt for each document in order, and what is worth a warning."""

    position: int
    receipts: tuple[Receipt, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """Documents to append together, and what must hold for that.

    `versions` gives the version that an id must have now, 0 for none; `position` is where the log must end. A second
    command of the same `key` gets the answer to the first and appends nothing. `reinstate` opens redacted ids.
    `recorded_by` names who appends, if that is another than whoever opened the archive.
    """

    drafts: Sequence[Draft]
    versions: Mapping[DocumentId, int] = field(default_factory=dict)
    position: int | None = None
    key: str | None = None
    reinstate: bool = False
    recorded_by: str | None = None


Progress = Callable[[int, int], None]
"""Takes how much is done, and of how much."""


def append(
    writer: Engine,
    command: Command,
    now: int,
    recorded_by: str,
    *,
    require: Require | None = None,
    dry_run: bool = False,
    look: Callable[[Connection, int], None] | None = None,
    progress: Progress | None = None,
) -> Appended:
    """Append every new or changed document, one record each, in order; `now` is microseconds since the epoch.

    All records share one recorded instant, later than any before it. `dry_run` answers with the receipts and warnings
    there would be and takes everything back; before that, `look` may ask the log as it would be, and is told the
    position before. `require` is asked about the head of the log once it is locked. `progress` is told of each
    document when it is planned and when it is written. Raises RefusedError with every problem,
    ConflictError where the log is not as expected; then nothing is written.
    """
    told = Told(progress, len(command.drafts))
    prepared = Prepared(command)
    with writer.begin() as connection:
        batch = Batch(connection, now, recorded_by, require, [prepared])
        appended = batch.take(prepared, told)
        if dry_run:
            if look is not None:
                batch.write_out()
                look(connection, batch.before.position)
            connection.rollback()
            return Appended(batch.before.position, appended.receipts, appended.warnings)
        batch.finish()
    return appended


def append_each(
    writer: Engine, commands: Sequence[Command], now: int, recorded_by: str, *, require: Require | None = None
) -> list[Appended | ChronicleError]:
    """Append several commands in one transaction, each as if it came alone, in order.

    What is wrong with one is its answer and leaves the others as they are. A failure of the database fails them all.
    """
    told = Told(None, 0)
    prepared = [Prepared(command) for command in commands]
    answers: list[Appended | ChronicleError] = []
    with writer.begin() as connection:
        batch = Batch(connection, now, recorded_by, require, prepared)
        for one in prepared:
            try:
                answers.append(batch.take(one, told))
            except (InputError, ConflictError) as error:  # raised before the first row of this command is written
                answers.append(error)
        batch.finish()
    return answers


class Prepared:
    """What can be made of a command before the log is locked."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.contents = [(draft, canonical(draft.document)) for draft in command.drafts]
        self.salts = [secrets.token_bytes(SALT_BYTES) for _ in self.contents]

    @property
    def needs(self) -> set[DocumentId]:
        """The ids whose latest versions decide what becomes of the command."""
        return {*needed(self.command.drafts), *self.command.versions}

    @property
    def asks_of_all(self) -> bool:
        """It has a document that may be refused, or changes something, for what any other in the log says of it."""
        return any(isinstance(draft.document, Attribute | Retraction) for draft in self.command.drafts)

    def request(self) -> bytes:
        """A digest of all that was asked, so that another request under the same key is told from a retry."""
        command = self.command
        asked = (
            [(*draft.id, content) for draft, content in self.contents],
            sorted((*id, expected) for id, expected in command.versions.items()),  # noqa: A001
            command.position,
            command.reinstate,
        )
        return hashlib.sha256(msgspec.msgpack.encode(asked)).digest()


class Told:
    """Counts the steps that are done, several for each document, and tells whoever wants to know."""

    def __init__(self, progress: Progress | None, documents: int, steps: int = 2) -> None:
        self._progress = progress
        self._done = 0
        self._documents = documents
        self._steps = steps

    def more(self, done: int) -> None:
        """So many documents are one step further."""
        self._done += done
        if self._progress is not None:
            self._progress(self._done // self._steps, self._documents)


class Batch:
    """The commands of one transaction; what each leaves is there for the next.

    What none of them depends on is written at the end, all of it together.
    """

    def __init__(
        self,
        connection: Connection,
        now: int,
        recorded_by: str,
        require: Require | None,
        commands: Sequence[Prepared] = (),
    ) -> None:
        self.sight = Sight(connection)
        self.before = self._head = self.sight.lock(
            [draft for one in commands for draft in one.command.drafts],
            {id for one in commands for id in one.command.versions},  # noqa: A001
            {one.command.key for one in commands if one.command.key is not None},
        )
        if require is not None:
            require(connection, self.before)
        self._connection = connection
        self._now = now
        self._recorded_by = recorded_by
        self._writing = Writing(connection, self.before, 0, "", self.sight)
        self._answers: dict[str, tuple[bytes, bytes]] = {}

    def take(self, prepared: Prepared, told: Told) -> Appended:
        """Append one command. Raises RefusedError or ConflictError before it writes anything."""
        command = prepared.command
        if command.key is not None and (first := self._answered(command.key, prepared)):
            return first
        if prepared.asks_of_all or self._writing.holds(prepared.needs):
            self._writing.flush()
        self._check_expected(command)
        steps = _plan(self.sight, prepared, told)
        problems = Admission(self._connection, self.sight, steps).problems()
        appended = self.write(steps, prepared.salts, problems, told, recorded_by=command.recorded_by)
        if command.key is not None:
            answer = prepared.request(), msgspec.json.encode(appended)
            self._answers[command.key] = answer
            self._writing.add(answered, (command.key, *answer))
        return appended

    def write(
        self,
        steps: Sequence[Step],
        salts: Sequence[bytes],
        problems: Sequence[Problem],
        told: Told,
        *,
        recorded_by: str | None = None,
    ) -> Appended:
        """Append what has been planned. Raises RefusedError if an error is among the problems."""
        if any(problem.is_error for problem in problems):
            raise RefusedError(problems)
        writing, known = self._writing, len(self._writing.warnings)
        writing.recorded = max(self._now, self._head.recorded + 1)
        writing.recorded_by = recorded_by or self._recorded_by
        receipts: list[Receipt] = []
        for step, salt in zip(steps, salts, strict=True):
            if step.appends:
                draft = step.draft
                receipts.append(writing.take(step.receipt, draft.document, step.payload, salt, draft.problem))
            else:
                receipts.append(_settled(step, receipts))
            told.more(1)
        if writing.position > self._head.position:
            self._head = self._head._replace(position=writing.position, recorded=writing.recorded)
        return Appended(self._head.position, tuple(receipts), (*problems, *writing.warnings[known:]))

    def finish(self) -> None:
        """Write all that is left and commit: nothing can be done in the transaction afterwards."""
        self.write_out(commit=True)

    def write_out(self, *, commit: bool = False) -> None:
        """Write what is left: rows, the tree and, last of all, the head."""
        leaves = self._writing.leaves
        if leaves:
            for row in growth(self._connection, self.before.position, leaves):
                self._writing.add(node, row)
        with dialect.together(self._connection) if self._writing.is_little else nullcontext():
            self._writing.flush()
            if leaves:
                write_head(self._connection, self._head.position, self._head.recorded)
            if commit:
                dialect.commit(self._connection)

    def _answered(self, key: str, prepared: Prepared) -> Appended | None:
        row = self._answers.get(key) or self.sight.answered(key)
        if row is None:
            return None
        request, answer = row
        if request != prepared.request():
            raise ConflictError("key-reused", f"the idempotency key {key!r} has been used for other documents")
        return msgspec.json.decode(answer, type=Appended)

    def _check_expected(self, command: Command) -> None:
        """Raise ConflictError, naming every version that is not the expected one."""
        if command.position is not None and command.position != self._head.position:
            message = f"the log is at position {self._head.position}, and {command.position} was expected"
            raise ConflictError("position", message)
        wrong = []
        for id, expected in command.versions.items():  # noqa: A001
            there = self.sight.stored(id)
            latest = there[-1].version if there else 0
            if latest != expected:
                chronicle, kind, name = id
                wrong.append(f"{kind} {name} of {chronicle} is at version {latest}, and {expected} was expected")
        if wrong:
            raise ConflictError("version", "; ".join(wrong))


def _settled(step: Step, receipts: Sequence[Receipt]) -> Receipt:
    """The receipt of an unchanged document; it may repeat one that this very append has written."""
    if step.receipt.position:
        return step.receipt
    made = step.receipt
    same = (
        r
        for r in receipts
        if (r.chronicle, r.kind, r.id, r.version) == (made.chronicle, made.kind, made.id, made.version)
    )
    return step.at(next(same).position)


def _plan(sight: Sight, prepared: Prepared, told: Told) -> list[Step]:
    """What each document does, in the order given."""
    runs: dict[DocumentId, list[int]] = defaultdict(list)
    for index, (draft, _) in enumerate(prepared.contents):
        runs[draft.id].append(index)
    planned: dict[int, Step] = {}
    refused: list[Problem] = []
    for id, indexes in runs.items():  # noqa: A001
        there = sight.stored(id)
        run = [prepared.contents[index] for index in indexes]
        steps = None
        if (problem := closed(run[0][0], there, reinstate=prepared.command.reinstate)) is None:
            steps = plan_run(id, run, there)
        if steps is None:
            refused.append(problem or unknown(run[0][0]))
        else:
            planned.update(zip(indexes, steps, strict=True))
        told.more(len(indexes))
    if refused:
        raise RefusedError(refused)
    return [planned[index] for index in range(len(prepared.contents))]


def closed(draft: Draft, there: Sequence[Stored], *, reinstate: bool) -> Problem | None:
    """What is wrong if the id is redacted, unless it is to be opened again."""
    if reinstate or not there or there[-1].payload is not None:
        return None
    message = f"{draft.document.kind} {draft.document.id} is redacted, and closed: load it with --reinstate"
    return draft.problem(Fault(("id",), "redacted", message))


def unknown(draft: Draft) -> Problem:
    """What is wrong with a retraction of what never was."""
    message = f"there is no {draft.document.kind} {draft.document.id} to retract"
    return draft.problem(Fault(("id",), "unknown-id", message))

"""A spooled load into the log, batch by batch: all of it is checked before the first batch is written.

Each batch is a transaction. What an earlier attempt has left is found there and not written again.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection, Engine

from chronicle.errors import ConflictError, Problem, RefusedError
from chronicle.event.canonical import SALT_BYTES, decode_document
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.fault import Fault
from chronicle.event.model import Retraction
from chronicle.store.admit import Admission
from chronicle.store.append import Appended, Batch, Told, closed, unknown
from chronicle.store.head import Require, read_head
from chronicle.store.sight import Sight
from chronicle.store.spool import Spool, Spooled
from chronicle.store.versions import Receipt, Step, Stored, There, beginning, plan_run

MOST_ERRORS = 1_000
"""Errors after which the rest is not looked at."""


def check(connection: Connection, spool: Spool, size: int, *, reinstate: bool, told: Told) -> None:
    """Raise RefusedError, with what is wrong, unless every document may be appended to the log as it is."""
    errors: list[Problem] = []
    begun: set[DocumentId] = set()
    is_empty = read_head(connection).position == 0
    for batch in spool.batches(size):
        drafts = [_draft(one) for one in batch]
        firsts = [draft for one, draft in zip(batch, drafts, strict=True) if not one.recurs or _begins(one, begun)]
        sight = Sight(connection)
        sight.look(drafts)
        for draft in firsts:
            versions = () if is_empty else sight.stored(draft.id)
            if (problem := closed(draft, versions, reinstate=reinstate)) is not None:
                errors.append(problem)
            elif not versions and isinstance(draft.document, Retraction):
                errors.append(unknown(draft))
        steps = [
            Step(draft, one.payload, Receipt(*draft.id, 1, 0, "new")) for one, draft in zip(batch, drafts, strict=True)
        ]
        errors += (one for one in Admission(connection, sight, steps, spool).problems() if one.is_error)
        if len(errors) > MOST_ERRORS:
            break
        told.more(len(batch))
    if errors:
        raise RefusedError(errors[:MOST_ERRORS])


class Batches:
    """Appends the batches of a spool, one after the other; `last_step` has the step of each id that goes on."""

    def __init__(
        self, writer: Engine, spool: Spool, recorded_by: str, now: Callable[[], int], require: Require | None
    ) -> None:
        self._writer = writer
        self._spool = spool
        self._recorded_by = recorded_by
        self._now = now
        self._require = require
        self._left: dict[DocumentId, list[There]] = {}

    def append(self, size: int, *, reinstate: bool, told: Told) -> Iterator[Appended]:
        """What became of each batch, in order.

        Raises ConflictError where the log has come to refuse what it would have taken when it was checked: then this
        batch and those after it are not written, and those before it stand.
        """
        for batch in self._spool.batches(size):
            drafts = [_draft(one) for one in batch]
            salts = [secrets.token_bytes(SALT_BYTES) for _ in batch]
            with self._writer.begin() as connection:
                log = Batch(connection, self._now(), self._recorded_by, self._require)
                log.sight.look(drafts)
                try:
                    steps = self._plan(log.sight, batch, drafts, reinstate=reinstate)
                    problems = Admission(connection, log.sight, steps, self._spool).problems()
                    appended = log.write(steps, salts, problems, told)
                except RefusedError as error:
                    before = f"what comes before {batch[0].file}:{batch[0].line} is loaded, up to {log.before.position}"
                    message = f"others have appended meanwhile; {before}, and the rest is not: {error}"
                    raise ConflictError("refused-meanwhile", message) from error
                log.finish()
            yield appended

    def _plan(self, sight: Sight, batch: Sequence[Spooled], drafts: Sequence[Draft], *, reinstate: bool) -> list[Step]:
        runs: dict[DocumentId, list[int]] = defaultdict(list)
        for index, one in enumerate(batch):
            runs[one.document_id].append(index)
        planned: dict[int, Step] = {}
        for id, indexes in runs.items():  # noqa: A001
            there = sight.stored(id)
            first = drafts[indexes[0]]
            run = [(drafts[index], batch[index].payload) for index in indexes]
            if (problem := closed(first, there, reinstate=reinstate)) is not None:
                raise RefusedError([problem])
            steps = plan_run(id, run, there, self._there(id, batch[indexes[-1]], len(run), there))
            if steps is None:
                raise RefusedError([unknown(first)])
            planned.update(zip(indexes, steps, strict=True))
        return [planned[index] for index in range(len(batch))]

    def _there(
        self,
        id: DocumentId,  # noqa: A002
        last: Spooled,
        length: int,
        stored: Sequence[Stored],
    ) -> Sequence[There] | None:
        """What the rest of an id's run is there as; None if all of the run is in this batch."""
        if not last.recurs:
            return None
        contents = [*self._spool.run(id)]
        left = self._left.pop(id, None)
        if left is None:
            left = beginning([payload for _, payload in contents], stored)
        if contents[-1][0] > last.number:
            self._left[id] = left[length:]
        return left


def _begins(one: Spooled, begun: set[DocumentId]) -> bool:
    """The document is the first of its id."""
    is_first = one.document_id not in begun
    begun.add(one.document_id)
    return is_first


def _draft(one: Spooled) -> Draft:
    """The document again. What is wrong with it is told with its line; nobody knows its fields' places any more."""

    def problem(fault: Fault) -> Problem:
        return Problem(one.file, one.line, 0, fault.code, fault.message, fault.severity)

    return Draft(one.chronicle, decode_document(one.kind, one.payload), problem)

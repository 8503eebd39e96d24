"""The batching part of the hall: many small appends of a server as few transactions, with an answer for each."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from time import monotonic
from typing import Any

from chronicle.errors import ChronicleError, QuestionError, StoreError, shown
from chronicle.event.draft import DocumentId, Draft
from chronicle.event.model import KINDS, Document
from chronicle.store.append import Appended, Command

WAIT_SECONDS = 0.005
MOST = 500
_WAITING = 20 * MOST
_LONGEST_KEY = 200

Expected = int | Mapping[str, int]
"""Where the log must end; or the version that ids must have now, 0 for none: ID (an event's), KIND/ID, or
CHRONICLE/KIND/ID."""

AppendEach = Callable[[Sequence[Command]], Sequence[Appended | ChronicleError]]


class Appender:
    """Collects commands for a few milliseconds, or until there are as many as the last time, and appends them together.

    So nobody waits who appends alone, and those who wait for each other's answers wait no longer than for the last.
    Each is taken as if it came alone and in the order in which it was submitted; what is wrong with one is told to it
    alone. Threads may share an appender. Once closed it takes no more, and all that it had taken is answered.
    """

    def __init__(
        self, append_each: AppendEach, make: Callable[..., Command], *, wait: float = WAIT_SECONDS, most: int = MOST
    ) -> None:
        self._append_each = append_each
        self._make = make
        self._wait = wait
        self._most = most
        self._queue: queue.Queue[tuple[Command, Future[Appended]] | None] = queue.Queue(_WAITING)
        self._usual = 1
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="chronicle-appender", daemon=True)
        self._thread.start()

    def append(
        self,
        documents: Sequence[Mapping[str, Any] | Document],
        *,
        chronicle: str | None = None,
        expected: Expected | None = None,
        key: str | None = None,
        recorded_by: str | None = None,
    ) -> Future[Appended]:
        """Take documents; the future has their receipts, or raises what `Archive.append` raises of the log.

        Waits while too much is waiting. What is wrong with the documents themselves is raised at once, as RefusedError
        or QuestionError; StoreError once closed.
        """
        command = self._make(documents, chronicle, expected, key, recorded_by)
        answer: Future[Appended] = Future()
        with self._closing:
            if self._closed:
                raise StoreError("the appender is closed")
            self._queue.put((command, answer))
        return answer

    def close(self) -> None:
        """Append what was taken, then end."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        more = True
        while more:
            batch, more = self._collect()
            batch = [(command, answer) for command, answer in batch if answer.set_running_or_notify_cancel()]
            try:
                answers = self._append_each([command for command, _ in batch]) if batch else ()
            except BaseException as error:  # noqa: BLE001 - whoever waits for an answer must get one
                for _, answer in batch:
                    answer.set_exception(error)
                continue
            for (_, answer), appended in zip(batch, answers, strict=True):
                if isinstance(appended, ChronicleError):
                    answer.set_exception(appended)
                else:
                    answer.set_result(appended)

    def _collect(self) -> tuple[list[tuple[Command, Future[Appended]]], bool]:
        """The commands of one transaction, at least one, and whether more may come."""
        first = self._queue.get()
        if first is None:
            return [], False
        batch, until = [first], monotonic() + self._wait
        while len(batch) < self._most:
            wait = until - monotonic() if len(batch) < self._usual else 0.0
            try:
                one = self._queue.get(timeout=max(0.0, wait))
            except queue.Empty:
                break
            if one is None:
                return batch, False
            batch.append(one)
        self._usual = len(batch)
        return batch, True


def command(drafts: Sequence[Draft], chronicle: str | None, expected: Expected | None, key: str | None) -> Command:
    """Documents with what is expected of the log. Raises QuestionError for what cannot be read."""
    if key is not None and not (0 < len(key) <= _LONGEST_KEY and key.isprintable()):
        raise QuestionError(f"key: expected 1 to {_LONGEST_KEY} printable characters")
    if isinstance(expected, Mapping):
        versions = {_document_id(name, chronicle, drafts): _version(name, number) for name, number in expected.items()}
        return Command(drafts, versions, None, key)
    if expected is not None:
        _version("position", expected)
    return Command(drafts, {}, expected, key)


def _document_id(name: str, chronicle: str | None, drafts: Sequence[Draft]) -> DocumentId:
    """The id that a key of `expected` names. Without a chronicle that of its document, else that of the append."""
    *before, last = name.split("/")
    if len(before) == 2:
        return before[0], before[1], last
    kind = before[0] if before else "event"
    if len(before) > 1 or kind not in KINDS:
        raise QuestionError(f"expected: {shown(name)} is none of ID, KIND/ID and CHRONICLE/KIND/ID")
    found = {draft.chronicle for draft in drafts if (draft.document.kind, draft.document.id) == (kind, last)}
    found = found or ({chronicle} if chronicle is not None else set())
    if len(found) != 1:
        raise QuestionError(f"expected: of which chronicle is {shown(name)}? Say CHRONICLE/{kind}/{shown(last)[1:-1]}")
    return found.pop(), kind, last


def _version(name: str, number: Any) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise QuestionError(f"expected: {shown(name)} needs a whole number of at least 0")
    return number

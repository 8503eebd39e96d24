"""The client for programs of asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from chronicle.client import answers, asking
from chronicle.client.asking import Ask, Documents, Ordered, Page, Part, Scope, Seen, Series
from chronicle.client.calling import Lost, Outside, Reply, Send, calling
from chronicle.client.limits import Limits
from chronicle.client.patience import Patience
from chronicle.client.sending import LOST, OUTSIDE, Wire, lost
from chronicle.feed.filter import EVERYTHING, Filter
from chronicle.proof.checkpoint import Checkpoint
from chronicle.proof.evidence import Consistency, Entries, Inclusion
from chronicle.proof.key import Verifier

T = TypeVar("T")


class AsyncClient:
    """The same as `Client`, with `await`; a client may be used by several tasks at once."""

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        patience: Patience | None = None,
        limits: Limits | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        tell: Callable[[str, float], None] | None = None,
        outside: Outside = OUTSIDE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._wire = Wire.to(url, token, limits or Limits(), outside)
        self._patience = patience or Patience()
        self._tell = tell
        self._sleep = sleep
        self._http = httpx.AsyncClient(**self._wire.settings(), transport=transport)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def state(self, **question: Unpack[Part]) -> answers.State:
        """What was the case on a date."""
        return await self.ask(asking.state(question))

    async def history(self, subject: str, attribute: str, **question: Unpack[Series]) -> answers.Histories:
        """What held over time, a history for each key; without `as_of` to the end of time."""
        return await self.ask(asking.history(subject, attribute, question))

    async def diff(
        self, before: str | Mapping[str, Any], after: str | Mapping[str, Any], **question: Unpack[Scope]
    ) -> answers.Diff:
        """What differs between two bases, each a date or a mapping of bounds."""
        return await self.ask(asking.diff(before, after, question))

    async def events(
        self,
        *,
        chronicle: str | None = None,
        type: str | None = None,  # noqa: A002
        **question: Unpack[Page],
    ) -> answers.Occurrences:
        """How events stand as of a date."""
        return await self.ask(asking.events(chronicle, type, question))

    async def conflicts(self, **question: Unpack[Part]) -> answers.Conflicts:
        """The claims that lost, beside those that won."""
        return await self.ask(asking.conflicts(question))

    async def search(
        self, query: str, *, chronicle: str | None = None, limit: int = 20, **seen: Unpack[Seen]
    ) -> answers.Hits:
        """The documents that have every word; `seen` says how far the question sees."""
        return await self.ask(asking.search(query, {**seen, "chronicle": chronicle, "limit": limit}))

    async def show(
        self,
        id: str,  # noqa: A002
        *,
        chronicle: str | None = None,
        **seen: Unpack[Seen],
    ) -> answers.Versions:
        """Every version of an id; `seen` as for `search`."""
        return await self.ask(asking.show(id, {**seen, "chronicle": chronicle}))

    async def documents(
        self, kind: str, *, chronicle: str | None = None, position: int | None = None, after: int = 0, limit: int = 100
    ) -> answers.Documents:
        """A page of the latest sources, entities, attributes or chronicles."""
        question = {"chronicle": chronicle, "position": position, "after": after, "limit": limit}
        return await self.ask(asking.documents(kind, question))

    async def report(self, chronicle: str, **order: Unpack[Ordered]) -> str | bytes:
        """A chronicle told: text, or the bytes of a file; HTML unless `format` says otherwise."""
        return await self.ask(asking.report(chronicle, order))

    async def log(
        self, *, after: int | str = 0, wanted: Filter = EVERYTHING, wait: bool = False, pause: float = 1.0
    ) -> AsyncIterator[answers.Record]:
        """Every record after a position or a record's `cursor`, in order; with `wait` without end.

        A reader that ends, by an error or otherwise, goes on after the `cursor` of the last record that it has done
        with. `wanted` narrows what is read, as for a sink. `pause` is the seconds between two looks where there is
        nothing new. Raises ConflictError for a cursor of another log or epoch, or ahead of the log.
        """
        while True:
            page = await self.ask(asking.log(after, wanted))
            for record in page.records:
                yield record
            after = page.cursor
            if page.up_to_date:
                if not wait:
                    return
                await self._sleep(pause)

    async def entries(self, after: int | str, most: int) -> Entries:
        """The records after a position or a cursor as they are hashed, at most so many (and at most 1000)."""
        return await self.ask(asking.entries(after, most))

    async def append(
        self,
        documents: Documents,
        *,
        chronicle: str | None = None,
        expected: int | Mapping[str, int] | None = None,
        key: str | None = None,
    ) -> answers.Appended:
        """Append documents, all or nothing, once, however often the connection fails meanwhile.

        `expected` is the position at which the log must end, or maps ids to the versions they must have, 0 for none.
        With a `key` of its own a program that has ended can try the same append again.
        """
        return await self.ask(asking.append(documents, chronicle, expected, key))

    async def prove(self, id: str, *, chronicle: str | None = None, version: int | None = None) -> Inclusion:  # noqa: A002
        """A proof that a version of an id is in the log; its `check` needs the verifier key, from elsewhere."""
        return await self.ask(asking.prove(id, chronicle, version))

    async def prove_since(self, size: int) -> Consistency:
        """A proof that the log begins with what its first `size` records were."""
        return await self.ask(asking.prove_since(size))

    async def checkpoint(self, *verifiers: Verifier) -> tuple[Checkpoint, str]:
        """A signed checkpoint and its note. Raises InputError unless one of the verifiers, if any, has signed it."""
        return await self.ask(asking.checkpoint(verifiers))

    async def ask(self, one: Ask[T]) -> T:
        """The answer to a request of `client.asking`."""
        call = calling(self._wire.base, one.request, self._patience, self._wire.outside)
        step = next(call)
        while True:
            try:
                step = call.send(await self._done(step))
            except StopIteration as end:
                return one.read(end.value)

    async def _done(self, step: Any) -> Reply | Lost | None:
        if isinstance(step, Send):
            return await self._sent(step)
        if self._tell is not None:
            self._tell(step.why, step.seconds)
        await self._sleep(step.seconds)
        return None

    async def _sent(self, send: Send) -> Reply | Lost:
        gathering = self._wire.gathering()
        try:
            async with self._http.stream(**self._wire.request(send)) as response:
                async for part in response.aiter_bytes():
                    gathering.take(part)
                return gathering.reply(response)
        except LOST as error:
            return lost(error)

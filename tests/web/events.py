"""Server-sent events as a browser reads them (HTML, section 9.2.6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Sent(NamedTuple):
    """What a block of a stream dispatches: type, data, and the last id at that time; a block without data is none."""

    type: str
    data: str
    id: str


class Reader:
    """Reads lines of a stream; knows the last id and the time after which to come back."""

    def __init__(self) -> None:
        self.last_id = ""
        self.retry: int | None = None

    def read(self, lines: Iterable[str]) -> Iterator[Sent]:
        """The events of some lines."""
        data: list[str] = []
        type_, id_ = "message", self.last_id
        for line in lines:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                self.last_id = id_
                if data:
                    yield Sent(type_, "\n".join(data), id_)
                data, type_ = [], "message"
            elif name == "data":
                data.append(value)
            elif name == "event":
                type_ = value
            elif name == "id" and "\0" not in value:
                id_ = value
            elif name == "retry":
                self.retry = int(value)


def events(text: str) -> list[Sent]:
    """The events of a stream that has ended."""
    return list(Reader().read(text.split("\n")))

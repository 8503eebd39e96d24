"""A page of a chronicle's feed: what a stretch of the log says of events, as both kinds of feeds tell it.

Pages are cut by positions, PAGE of them each, so that a page that is full never changes: page 1 has the positions 1 to
PAGE. The newest page, which readers subscribe to, has the last full page and all that came after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from chronicle.event.draft import DocumentId
from chronicle.exchange.selection import Selection

PAGE = 250
"""Positions of a page. Changing it gives other content to addresses that promise theirs for ever."""


@dataclass(frozen=True, slots=True)
class Gone:
    """An event that was retracted or redacted: when that was recorded, in microseconds, and why."""

    chronicle: str
    event: str
    when: int
    why: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a chronicle's feed, and the pages of its events, are: `base` is that of the server, without a stroke."""

    base: str
    chronicle: str
    form: str

    def page(self, number: int | None = None) -> str:
        """The address of a full page, or of the newest one."""
        end = "" if number is None else f"/{number}"
        return f"{self.base}/feeds/{quote(self.chronicle, safe='~:')}/{self.form}{end}"

    def home(self) -> str:
        """The address of the chronicle for people."""
        return f"{self.base}/chronicles/{quote(self.chronicle, safe='~:')}"

    def event(self, id_: str) -> str:
        """The address of an event for people."""
        return f"{self.home()}/events/{quote(id_, safe='~:')}"


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What a page has: of each event what the last record of it in the page says.

    `number` is None for the newest page. `before` is the nearest full page before that has anything, None if none has.
    `published` is when the first version of each event was recorded, in microseconds.
    """

    selection: Selection
    gone: tuple[Gone, ...]
    published: Mapping[DocumentId, int]
    number: int | None
    before: int | None

    @property
    def updated(self) -> int:
        """The microsecond of the last thing told; that of the end of the page where nothing is."""
        told = [one.record.header.recorded for one in self.selection.events]
        return max([*told, *(one.when for one in self.gone)], default=self.selection.recorded)


def full_pages(head: int) -> int:
    """How many pages are full of a log that ends at a position."""
    return head // PAGE


def span_of(number: int | None, head: int) -> tuple[int, int]:
    """After which position a page begins, and the last position it has."""
    if number is not None:
        return (number - 1) * PAGE, number * PAGE
    return max(0, full_pages(head) - 1) * PAGE, head

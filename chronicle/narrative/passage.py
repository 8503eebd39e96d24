"""What telling an event gives: plain sentences with what they rest on. Escaping and numbering come later."""

from __future__ import annotations

from dataclasses import dataclass

from chronicle.event.model import Citation, Event, Fact


@dataclass(frozen=True, slots=True)
class Sentence:
    """Plain text and what it rests on. `light` marks an author's summary, which may hold emphasis and links."""

    text: str
    cites: tuple[Citation, ...] = ()
    light: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A lead-in that ends in a colon, and its items."""

    lead: str
    items: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as told: title, paragraph, lists. `slight`: all there is to say is that it may have happened."""

    title: str
    sentences: tuple[Sentence, ...]
    listings: tuple[Listing, ...]
    slight: bool = False


def cites_of(event: Event, fact: Fact | None = None) -> tuple[Citation, ...]:
    """The citations of a fact, else of its event."""
    return tuple((fact.sources if fact is not None else []) or event.sources)

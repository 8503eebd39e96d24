"""Citation marks and the numbered list of what is cited; a number is given at the first mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chronicle.event.model import Citation, Source
from chronicle.narrative.figures import LOCALE
from chronicle.narrative.markdown import Markdown, address, escaped, plain
from chronicle.when import When


class Bibliography:
    """Numbers sources by first use. Only what has been marked is listed."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._numbers: dict[str, int] = {}
        self._quotes: dict[str, dict[tuple[str, str], None]] = {}

    def mark(self, citations: Iterable[Citation]) -> Markdown:
        """`[1: paragraph 5; 2]`; blank without citations."""
        places: dict[str, dict[str, None]] = {}
        for citation in citations:
            self._numbers.setdefault(citation.source, len(self._numbers) + 1)
            found = places.setdefault(citation.source, {})
            if citation.locator is not None:
                found[plain(citation.locator)] = None
            if citation.quote is not None:
                key = plain(citation.locator or ""), plain(citation.quote)
                self._quotes.setdefault(citation.source, {})[key] = None
        marks = []
        for source, locators in sorted(places.items(), key=lambda place: self._numbers[place[0]]):
            where = f": {escaped(', '.join(locators))}" if locators else ""
            marks.append(f"{self._numbers[source]}{where}")
        return Markdown(f"[{'; '.join(marks)}]" if marks else "")

    def listed(self) -> list[tuple[Markdown, list[Markdown]]]:
        """Each cited source in the order of its number, with the quotes that were used."""
        return [(self._source(name), [_quote(*key) for key in self._quotes.get(name, {})]) for name in self._numbers]

    def _source(self, name: str) -> Markdown:
        source = self._sources.get(name)
        if source is None:
            return Markdown(f"{escaped(name)} (not described).")
        author, publisher = (plain(part) if part else "" for part in (source.author, source.publisher))
        published = When.parse(source.published).phrase() if source.published else "no publication date given"
        said = [author or publisher, f"“{plain(source.title)}”", publisher if author else "", published]
        text = f"{escaped(', '.join(part for part in said if part))}."
        url = address(source.url) if source.url else None
        if url:
            text += f" {url}."
        elif source.url:
            text += f" {escaped(source.url)}."
        return Markdown(text + _language(source.language))


def _quote(locator: str, quote: str) -> Markdown:
    return escaped(f"{locator}: “{quote}”" if locator else f"“{quote}”")


def _language(tag: str | None) -> str:
    """` In Azerbaijani.` unless it is in English."""
    base = (tag or "en").replace("_", "-").split("-")[0].lower()
    if base == "en":
        return ""
    return f" In {escaped(str(LOCALE.languages.get(base, tag)))}."

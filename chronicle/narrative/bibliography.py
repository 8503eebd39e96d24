"""Citation marks and the numbered notes that they lead to; a number is given at the first mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from babel import Locale
from msgspec.structs import replace

from chronicle.event.model import Citation, Source
from chronicle.narrative.document import Mark, Note, Run, Sentence
from chronicle.narrative.inert import plain, web_address
from chronicle.narrative.language import Language
from chronicle.narrative.language.wording import joined
from chronicle.when import When


class Bibliography:
    """Numbers sources by first use. Only what has been marked is listed."""

    def __init__(self, sources: Mapping[str, Source], language: Language) -> None:
        self._sources = sources
        self._language = language
        self._numbers: dict[str, int] = {}
        self._quotes: dict[str, dict[tuple[str, str], None]] = {}

    def marks(self, citations: Iterable[Citation]) -> tuple[Mark, ...]:
        """A mark for each source, by number, with the locators as they come."""
        places: dict[str, dict[str, None]] = {}
        for citation in citations:
            self._numbers.setdefault(citation.source, len(self._numbers) + 1)
            found = places.setdefault(citation.source, {})
            locator = plain(citation.locator or "")
            if locator:
                found[locator] = None
            if citation.quote is not None:
                self._quotes.setdefault(citation.source, {})[locator, plain(citation.quote)] = None
        numbered = sorted((self._numbers[source], locators) for source, locators in places.items())
        return tuple(Mark(number, tuple(locators)) for number, locators in numbered)

    def notes(self) -> tuple[Note, ...]:
        """Each cited source in the order of its number, with the quotes that were used."""
        return tuple(
            Note(number, name, Sentence(self._source(name)), self._quoted(name))
            for name, number in self._numbers.items()
        )

    def _source(self, name: str) -> tuple[Run, ...]:
        say = self._language.say
        source = self._sources.get(name)
        if source is None:
            return say("{source} (not described).", source=name)
        by = Run(plain(source.author or "") or plain(source.publisher or ""), kind="name")
        publisher = plain(source.publisher or "") if source.author else ""
        title = Run(plain(source.title), lang=self._foreign(source.language))
        date = self._language.when(When.parse(source.published)) if source.published else None
        published = self._language.text("no publication date given") if date is None else date
        if by.text and publisher:
            said = say(
                "{author}, “{title}”, {publisher}, {published}.",
                author=by,
                title=title,
                publisher=publisher,
                published=published,
            )
        elif by.text:
            said = say("{author}, “{title}”, {published}.", author=by, title=title, published=published)
        else:
            said = say("“{title}”, {published}.", title=title, published=published)
        # The author is no entity, but written small stays small.
        said = joined(replace(run, kind="text") if run == by else run for run in said)
        return (*said, *self._address(source.url), *self._in_language(source.language))

    def _address(self, url: str | None) -> tuple[Run, ...]:
        text = plain(url or "")
        return (Run(" "), Run(text, href=web_address(text)), Run(".")) if text else ()

    def _in_language(self, tag: str | None) -> tuple[Run, ...]:
        """` In Azerbaijani.` of a source in another language than the report."""
        foreign = self._foreign(tag)
        if foreign is None:
            return ()
        name = _languages(self._language.tag).get(foreign.replace("_", "-").split("-")[0].lower(), foreign)
        return (Run(" "), *self._language.say("In {language}.", language=plain(name)))

    def _quoted(self, name: str) -> tuple[Sentence, ...]:
        source = self._sources.get(name)
        lang = self._foreign(source.language) if source is not None else None
        found = []
        for locator, quote in self._quotes.get(name, {}):
            run = Run(quote, kind="quote", lang=lang)
            if locator:
                found.append(Sentence(self._language.say("{locator}: “{quote}”", locator=locator, quote=run)))
            else:
                found.append(Sentence(self._language.say("“{quote}”", quote=run)))
        return tuple(found)

    def _foreign(self, tag: str | None) -> str | None:
        """The tag, if it is not that of the report."""
        base = (tag or "").replace("_", "-").split("-")[0].lower()
        return None if base in ("", self._language.tag) else tag


@cache
def _languages(tag: str) -> Mapping[str, str]:
    return Locale.parse(tag).languages

"""What a chronicle has, told for pages: the texts of reports, with links to the pages of what they name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from chronicle.event.model import Citation, Event
from chronicle.event.value import Value
from chronicle.narrative.chapters import Told, shown, told_events
from chronicle.narrative.document import Run
from chronicle.narrative.formats.html_text import escaped, runs
from chronicle.narrative.inert import plain, web_address
from chronicle.narrative.language import Language
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.setting import Setting, Stated, author_language
from chronicle.narrative.state_table import certainty
from chronicle.state.answer import StateFact
from chronicle.state.held import Held
from chronicle.web.pages.view import View
from chronicle.when import When


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the state; `standing` is certain, possible or foreseen, and `certainty` the words for it."""

    subject: Markup
    attribute: Markup
    value: Markup
    time: Markup
    standing: str
    certainty: str
    event: Markup
    sources: tuple[Markup, ...]


class Teller:
    """Tells one chronicle at one view."""

    def __init__(self, matter: ReportMatter, view: View) -> None:
        self.matter = matter
        self.view = view
        written = author_language(matter, view.lang) or view.lang
        self.language = Language(view.lang, matter.entities, matter.attributes, written)
        self.setting = Setting(matter, self.language)
        self.author_lang = self.setting.author_lang
        self._events = {one.event.id: one.event for one in matter.state} | {
            one.document.id: one.document for one in matter.events if isinstance(one.document, Event)
        }

    @property
    def id(self) -> str:
        """The id of the chronicle."""
        return self.matter.chronicle

    @property
    def title(self) -> str:
        """Its title, or its id where it has no document."""
        about = self.matter.about.get(self.id)
        return self.id if about is None else about.title

    @property
    def description(self) -> str | None:
        """What it says of itself."""
        about = self.matter.about.get(self.id)
        return None if about is None else about.description

    def told(self) -> list[Told]:
        """Its events as they stand, in the order of occurrence."""
        return shown(told_events(self.matter), self.matter)

    def link(self, *path: str, **changes: str | int | None) -> str:
        """The address of a page of this chronicle with the same view."""
        return self.view.link("chronicles", self.id, *path, **changes)

    def text(self, said: Iterable[Run]) -> Markup:
        """Runs of text; names lead to the pages of their entities."""
        return _markup("".join(self._run(run) for run in said))

    def date(self, edtf: str) -> Markup:
        """A date in words, as in a table."""
        return self.text(self.language.when(When.parse(edtf)).form(""))

    def entity(self, id_: str) -> Markup:
        """An entity by its label."""
        return self.text((self.language.label(id_),))

    def event(self, id_: str) -> Markup:
        """An event by its title, or by its id where the view has it not."""
        event = self._events.get(id_)
        run = Run(id_) if event is None else self.setting.title(event)
        return _linked(self.link("events", id_), runs((run,)))

    def attribute(self, name: str, subject: str, dimensions: Mapping[str, str]) -> Markup:
        """An attribute with its dimensions; it leads to its history."""
        said = runs((self.language.attribute(name), *self.language.dimensions(dimensions)))
        return _linked(self.link("attributes", name, subject=subject), said)

    def source(self, citation: Citation) -> Markup:
        """Who published it and where in it; it leads to the page of the source."""
        known = self.matter.sources.get(citation.source)
        name = citation.source if known is None else known.publisher or known.title
        where = f", {plain(citation.locator)}" if citation.locator else ""
        title = "" if known is None else f' title="{escaped(plain(known.title))}"'
        address = escaped(self.link("sources", citation.source))
        return _markup(f'<a href="{address}"{title}>{escaped(plain(name) + where)}</a>')

    def address(self, url: str | None) -> Markup | None:
        """A web address as a link; None for one that is no such address."""
        found = None if url is None else web_address(url)
        return None if found is None else _markup(f'<a rel="noopener" href="{escaped(found)}">{escaped(found)}</a>')

    def value(self, value: Value, attribute: str) -> Markup:
        """A value in words."""
        return self.text(self.language.value(value, attribute=attribute, bare=True))

    def held(self, held: Held | None, attribute: str) -> Markup | None:
        """The values of a part of a history or of a side of a change."""
        if held is None:
            return None
        said = self.language.listed(
            [self.language.value(one, attribute=attribute, bare=True) for one in held.values], "or"
        )
        return self.text(said)

    def rows(self, facts: Iterable[StateFact]) -> list[Row]:
        """Rows of the state, in the order of labels."""
        return [self._row(fact) for fact in sorted(facts, key=self._order)]

    def _order(self, one: StateFact) -> tuple[str, str]:
        return (
            self.language.label(one.fact.subject).text.casefold(),
            self.language.attribute(one.fact.attribute).text.casefold(),
        )

    def _row(self, one: StateFact) -> Row:
        stated = Stated(one.event, one.candidate.ordinal)
        fact = one.fact
        value = self.setting.value(stated, bare=True)
        if fact.due is not None and fact.due != "unknown":
            value = self.language.say("{value} (due {due})", value=value, due=self.language.due(fact.due))
        standing = "foreseen" if one.row.foreseen else "certain" if one.row.certain else "possible"
        return Row(
            self.entity(fact.subject),
            self.attribute(fact.attribute, fact.subject, fact.dimensions),
            self.text(value),
            self.text(self.setting.time(stated)),
            standing,
            certainty(one, self.setting),
            self.event(one.event.id),
            tuple(map(self.source, one.sources)),
        )

    def _run(self, run: Run) -> str:
        said = runs((run,))
        return str(_linked(self.link("entities", run.entity), said)) if run.entity is not None else said


def key_row(teller: Teller, key: Mapping[str, Any]) -> tuple[Markup, Markup]:
    """The subject and the attribute of a key."""
    return teller.entity(key["subject"]), teller.attribute(key["attribute"], key["subject"], key["dimensions"])


def sources_of(teller: Teller, citations: Sequence[Citation]) -> list[tuple[Markup, str | None]]:
    """Citations with what is quoted."""
    return [(teller.source(one), one.quote) for one in citations]


def _linked(address: str, said: str) -> Markup:
    return _markup(f'<a href="{escaped(address)}">{said}</a>')


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - made here, of escaped text

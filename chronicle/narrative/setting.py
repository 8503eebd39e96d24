"""What all telling shares: the language, the day it is told of, the marks, and the account of which facts were used."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Literal, NamedTuple

from chronicle.event.model import Citation, Event, Fact
from chronicle.narrative.bibliography import Bibliography
from chronicle.narrative.document import FactRef, Run, Sentence, Used
from chronicle.narrative.inert import plain
from chronicle.narrative.language import Language
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.templating import NO_TEMPLATES, Templates
from chronicle.when import When


class Stated(NamedTuple):
    """What a sentence rests on: an event, or one of its facts by its order from 0."""

    event: Event
    ordinal: int | None = None
    version: int | None = None
    """Set where it is not the version that the report is told from."""

    @property
    def ref(self) -> FactRef:
        """`EVENT#N`, or `EVENT`; of an earlier version `EVENT@VERSION#N`."""
        name = self.event.id if self.version is None else f"{self.event.id}@{self.version}"
        return name if self.ordinal is None else f"{name}#{self.ordinal + 1}"

    @property
    def fact(self) -> Fact:
        """The fact."""
        assert self.ordinal is not None
        return self.event.facts[self.ordinal]

    @property
    def cites(self) -> Sequence[Citation]:
        """The citations of the fact, else of its event."""
        return (self.fact.sources if self.ordinal is not None else []) or self.event.sources


class Setting:
    """One report in the making. Sentences are made in the order of the text: notes are numbered by first use."""

    def __init__(self, matter: ReportMatter, language: Language, templates: Templates = NO_TEMPLATES) -> None:
        assert matter.basis.as_of is not None, "a report is told as of a date"
        self.matter = matter
        self.language = language
        self.templates = templates
        self.last_second = matter.last_second
        self.as_of = language.end_of(matter.basis.as_of)
        self.bibliography = Bibliography(matter.sources, language)
        self.author_lang = author_language(matter, language.tag)
        self.linked: Container[str] = ()
        """The ids of the events that have an entry to lead to."""
        self._used: dict[FactRef, Stated] = {}
        self._certain: dict[FactRef, Literal["certain", "possible"]] = {
            Stated(row.event, row.candidate.ordinal).ref: "certain" if row.row.certain else "possible"
            for row in matter.state
        }

    def sentence(
        self,
        runs: tuple[Run, ...],
        stated: Iterable[Stated] = (),
        *,
        more: Iterable[Citation] = (),
        working: str | None = None,
    ) -> Sentence:
        """A sentence with its facts and the marks of their citations, and of `more` of them."""
        found = {one.ref: one for one in stated}
        self._used |= found
        cites = {(c.source, c.locator, c.quote): c for one in found.values() for c in one.cites}
        cites |= {(c.source, c.locator, c.quote): c for c in more}
        return Sentence(runs, tuple(found), self.bibliography.marks(cites.values()), working)

    def title(self, event: Event, *, linked: bool = False) -> Run:
        """The title of an event, which is its author's text; `linked` to where it is told."""
        return Run(
            plain(event.title),
            kind="title",
            lang=self.author_lang,
            href=f"#event-{event.id}" if linked and event.id in self.linked else None,
        )

    def is_in_state(self, stated: Stated) -> bool:
        """The table of the state has a row that names the fact."""
        return stated.ref in self._certain

    def used(self) -> tuple[Used, ...]:
        """Every fact and event that a sentence rests on, in the order of first use."""
        return tuple(self._use(ref, stated) for ref, stated in self._used.items())

    def _use(self, ref: FactRef, stated: Stated) -> Used:
        language, event = self.language, stated.event
        if stated.ordinal is None:
            said = language.say(
                "{title}, {when}", title=plain(event.title), when=language.when(When.parse(event.occurred))
            )
        else:
            fact = stated.fact
            said = language.say(
                "{subject}, {attribute}: {value}, {time}",
                subject=language.label(fact.subject),
                attribute=(language.attribute(fact.attribute), *language.dimensions(fact.dimensions)),
                value=self.value(stated, bare=True),
                time=self.time(stated),
            )
        marks = self.bibliography.marks(stated.cites)
        return Used(ref, event.id, "".join(run.text for run in said), marks, self._certain.get(ref))

    def value(self, stated: Stated, *, bare: bool = False, attribute: bool = False) -> tuple[Run, ...]:
        """The value of a fact, `not …` for a denial; `attribute`: its label stands beside it and may name the unit."""
        fact, language = stated.fact, self.language
        if fact.value is None:
            return (Run(language.text("none"), fact=stated.ref),)
        said = language.value(fact.value, fact=stated.ref, attribute=fact.attribute if attribute else None, bare=bare)
        return said if fact.holds else language.say("not {value}", value=said)

    def time(self, stated: Stated) -> tuple[Run, ...]:
        """When a fact holds, as in a table."""
        fact, language = stated.fact, self.language
        if fact.period is not None:
            return language.period(fact.period, fact=stated.ref).form("")
        return language.held(fact, When.parse(stated.event.occurred), stated.ref)


def author_language(matter: ReportMatter, tag: str) -> str | None:
    """The language of titles and summaries, None if it is that of the report."""
    about = matter.about.get(matter.chronicle)
    own = about.languages[0] if about is not None and about.languages else "en"
    return None if own.replace("_", "-").split("-")[0].lower() == tag else own

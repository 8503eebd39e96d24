"""An event told: what happened in which words, what is stated with it, and what it has to do with others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chronicle.event.model import Citation, Event, Participant, Relation
from chronicle.narrative import phrase
from chronicle.narrative.markdown import plain
from chronicle.narrative.naming import Names, capital, listed
from chronicle.narrative.offices import Office, Offices
from chronicle.narrative.outline import STATISTICS, Section, Standing, Told
from chronicle.narrative.particulars import Setting, figures, listings, pieces, stocks
from chronicle.narrative.passage import Entry, Sentence, cites_of
from chronicle.narrative.verbs import Lead, sentence

_HAPPENED = (Standing.DONE, Standing.ONGOING)
_PREDICATES = {
    "builds-on": "builds on",
    "led-to": "led to",
    "part-of": "is part of",
    "implements": "implements",
    "revises": "revises",
    "fulfils": "fulfils",
    "cancels": "cancels",
    "postpones": "postpones",
    "contradicts": "contradicts",
    "supersedes": "supersedes",
    "follows": "follows",
}
_OUTCOMES = {"fulfils": "was fulfilled", "cancels": "was cancelled"}


class Teller:
    """Tells events in the order they are asked for; who has been named with an office is later named without."""

    def __init__(self, sections: Sequence[Section], names: Names, setting: Setting) -> None:
        told = [one for section in sections for one in section.events]
        self._told: Mapping[str, Told] = {one.event.id: one for one in told}
        self._names = names
        self._setting = setting
        self._offices = Offices(told, names, setting.last_second)
        self._met: set[str] = set()
        self._settled = _settled(told)

    def tell(self, one: Told, section: Section) -> Entry:
        """The event under the heading of its section, which need not be repeated."""
        event = one.event
        own = self._offices.own(one)
        called, used = self._called(one, own)
        parts = pieces(one, self._setting, [office.ordinal for office in own if office.person in called])
        speaker = self._names.name(event.stated_by) if event.stated_by else ""
        cites = cites_of(event)
        lead = self._lead(one, called, section)
        sentences = [Sentence(text, _joined(cites, used)) for text in lead]
        sentences += figures(parts, self._setting, section.year, speaker)
        if event.summary and (one.standing in _HAPPENED or one.known):
            sentences.append(Sentence(event.summary, cites, light=True))
        if event.type == "statement.made" and one.standing in _HAPPENED:
            sentences += [Sentence(f"In the words of the source: “{plain(c.quote)}”.", (c,)) for c in cites if c.quote]
        sentences += stocks(parts, self._setting, speaker)
        if one.standing in _HAPPENED or one.known:
            sentences += [Sentence(text, cites) for text in (*self._others(event, one), *self._relations(event))]
        lists = listings(parts, self._setting, speaker, self._settled.get(event.id, {}))
        if not sentences and not lists:
            sentences.append(Sentence("Nothing more is stated.", cites))
        if not event.sources:
            sentences.append(Sentence("No source is cited."))
        slight = phrase.is_by(one.when) and one.standing is Standing.POSSIBLE and not one.known and not parts
        return Entry(plain(event.title), tuple(sentences), tuple(lists), slight and len(sentences) == 1)

    def _lead(self, one: Told, called: dict[str, str], section: Section) -> list[str]:
        event, standing = one.event, one.standing
        planned = next((self._told[r.event] for r in event.related if r.event in self._told), None)
        clause = Lead(event, self._names, called).clause(standing, plain(planned.event.title) if planned else None)
        opening = phrase.opening(one.when, section.year, ongoing=not clause)
        date = one.when.phrase()
        if standing is Standing.PLANNED:
            said = [
                f"This is planned for {date}."
                if one.when.kind == "date"
                else f"This is planned; the date given is {date}."
            ]
            return [*said, sentence("", clause)] if clause else said
        if standing is Standing.POSSIBLE:
            return [self._possible(one, clause)]
        if phrase.is_by(one.when) or capital(date) == section.heading.removesuffix(" (continued)"):
            opening = ""
        if clause and (opening or not self._is_bare(event, clause)):
            return [sentence(opening, clause)]
        period_told = event.type in STATISTICS and any(fact.period == event.occurred for fact in event.facts)
        if opening and not clause and not period_told:
            return [f"The {'time' if one.when.kind == 'interval' else 'date'} given is {date}."]
        return []

    def _is_bare(self, event: Event, clause: str) -> bool:
        """The clause says nothing that the title has not said, so it serves only to carry a date."""
        return event.type == "plan.announced" and clause == "the plan was announced"

    def _possible(self, one: Told, clause: str) -> str:
        as_of, date = self._setting.as_of, one.when.phrase()
        if one.event.type in STATISTICS and one.when.lo is not None and one.when.lo <= self._setting.last_second:
            return f"The period, {date.removeprefix('from ')}, was not over {as_of:by}."
        said = clause.partition("; ")[0] if clause else "this may have happened"
        return f"By {as_of}, {said}; the date given is {date}."

    def _called(self, one: Told, own: Sequence[Office]) -> tuple[dict[str, str], tuple[Citation, ...]]:
        """What those who take part are called here, and what their offices rest on."""
        event = one.event
        people = [p.entity if isinstance(p, Participant) else p for p in event.participants]
        if event.type in ("office.taken", "office.left") or one.standing not in _HAPPENED:
            return {}, ()
        stated = {office.person: office for office in own}
        shown = [event.stated_by] if event.type in ("statement.made", "commitment.made") else people
        called: dict[str, str] = {}
        cites: list[Citation] = []
        for person in dict.fromkeys(person for person in shown if person):
            office = stated.get(person) or (None if person in self._met else self._offices.at(person, one.when))
            if office is not None:
                called[person] = f"{self._names.name(person)}, {office.title}"
                cites += () if office.event == event.id else office.cites
            self._met.add(person)
        return called, tuple(cites)

    def _others(self, event: Event, one: Told) -> list[str]:
        """Who takes part without a role and is not named otherwise; a summary is trusted to name who matters."""
        if event.type.startswith("agreement.") or one.standing is Standing.POSSIBLE or event.summary:
            return []
        said = event.title.casefold()
        subjects = {fact.subject for fact in event.facts} | {event.stated_by}
        values = {name for fact in event.facts for name in fact.dimensions.values()}
        left = [
            name
            for name in event.participants
            if isinstance(name, str)
            and name not in subjects | values
            and self._names.label(name).casefold() not in said
            and event.type not in ("meeting.held", "visit.held", "company.entered", "office.taken", "office.left")
        ]
        return [f"Also named as taking part: {listed([self._names.name(name) for name in left])}."] if left else []

    def _relations(self, event: Event) -> list[str]:
        told = _OUTCOMES if event.type.startswith("plan.") else ()  # the lead has named the plan and what came of it
        related = [relation for relation in event.related if relation.relation not in told]
        return [said for relation in related if (said := self._relation(relation))]

    def _relation(self, relation: Relation) -> str:
        other = self._told.get(relation.event)
        if other is None or (relation.relation == "led-to" and other.standing not in _HAPPENED):
            return ""
        said = phrase.opening(other.when).removeprefix("In ").removeprefix("On ")
        date = (
            said[:1].lower() + said[1:] if said.startswith(("By ", "Since ", "From ", "Until ", "Possibly ")) else said
        )
        target = f"“{plain(other.event.title)}” ({date})"
        known = _PREDICATES.get(relation.relation)
        if known is not None:
            return f"It {known} {target}."
        return f"Its relation to {target} is given as “{relation.relation.replace('-', ' ')}”."


def _settled(told: Sequence[Told]) -> dict[str, dict[str, str]]:
    """What came of plans: the outcome of each, by the plan's id."""
    found: dict[str, dict[str, str]] = {}
    for one in told:
        if one.standing not in _HAPPENED:
            continue
        by_type = {"plan.fulfilled": "was fulfilled", "plan.cancelled": "was cancelled"}.get(one.event.type)
        for relation in one.event.related:
            outcome = _OUTCOMES.get(relation.relation) or by_type
            if outcome is not None:
                date = phrase.opening(one.when)
                found[relation.event] = {"outcome": f"the plan {outcome} ({phrase.lowered(date)})"}
    return found


def _joined(first: Sequence[Citation], second: Sequence[Citation]) -> tuple[Citation, ...]:
    found = {(one.source, one.locator, one.quote): one for one in (*first, *second)}
    return tuple(found.values())

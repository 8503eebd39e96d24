"""An event told: what happened, the figures, the author's summary, what is stated in words, and its relations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chronicle.event.model import Event, Participant, Relation
from chronicle.narrative import frames
from chronicle.narrative.amounts import Amounts
from chronicle.narrative.authored import Authored
from chronicle.narrative.chapters import STATISTICS, Chapter, Told, is_by, is_open
from chronicle.narrative.clauses import OFFICES, Clause, Clauses, said
from chronicle.narrative.comparisons import Comparisons
from chronicle.narrative.details import Details
from chronicle.narrative.document import Entry, Listing, Paragraph, Run, Sentence
from chronicle.narrative.incumbents import Incumbents, Office
from chronicle.narrative.inert import plain
from chronicle.narrative.language import runs_of
from chronicle.narrative.openings import Opening, Openings
from chronicle.narrative.pieces import is_numeric, owner, pieces, untold
from chronicle.narrative.setting import Setting, Stated
from chronicle.narrative.settled import Outcome, outcomes
from chronicle.narrative.summaries import paragraphs
from chronicle.state.occurrence import Status
from chronicle.when import When

_OUTCOMES = ("fulfils", "cancels", "postpones")
_SELF_TOLD = (*OFFICES, "meeting.held", "visit.held", "company.entered")


class Teller:
    """Tells events in the order they are asked for; who has been named with an office is later named without."""

    def __init__(self, setting: Setting, told: Sequence[Told]) -> None:
        self._setting = setting
        self._language = setting.language
        self._told = {one.event.id: one for one in told}
        self._revisions = _revisions(told)
        self._incumbents = Incumbents(told, setting.last_second)
        self._comparisons = Comparisons(setting, told)
        self._outcomes = outcomes(told)
        self._authored = Authored(setting.templates, setting)
        self._openings = Openings(setting.language)
        self._before: set[str] = set()
        self._met: set[str] = set()
        self._chapter: Chapter | None = None
        self._here: frozenset[str] = frozenset()

    def begin(self, chapter: Chapter) -> None:
        """Go on to a chapter, whose heading need not be repeated."""
        self._chapter = chapter
        self._here = frozenset(one.event.id for one in chapter.events)
        self._openings.start()

    def entry(self, one: Told) -> Entry:
        """The event under the heading of its chapter, in full."""
        if authored := self._authored.paragraphs(one):
            return self.titled(one, authored)
        assert self._chapter is not None
        blocks = self._blocks(one)
        is_headed = is_by(one.when) or self._chapter.kind == "undated" or one.when.edtf == self._chapter.heading
        return self.titled(one, blocks, apart=not is_headed and not _is_dated(one, blocks))

    def short(self, one: Told, *, dated: bool = False) -> Entry:
        """The event with its figures and summary alone, and of what it says in words what the state has no more.

        `dated`: the date is said in it or shown apart.
        """
        event, setting = one.event, self._setting
        if authored := self._authored.paragraphs(one):
            return self.titled(one, authored)
        amounts = Amounts(setting, one, None)
        parts = pieces(one, setting)
        figures = any(is_numeric(piece.fact) for piece in parts)
        said: list[Sentence] = []
        terms: tuple[Stated, ...] = ()
        spent: set[str] = set()
        if not one.has_happened or event.type in OFFICES or not (event.summary or figures):
            clause = Clauses(setting, event, {}).clause(self._plan(event))
            opening = Opening(self._language.when(one.when, fact=event.id), "leading" if dated else "undated")
            said += self._lead(one, clause, opening, {})
            if clause is not None and said:
                spent = {fact.ref for fact in clause.rests}
                terms = tuple(fact for fact in clause.terms if not setting.is_in_state(fact))
        text = self._said(event, said)
        silent = owner(event, parts, text, setting)
        for _, sentences in amounts.of_periods(parts):
            said += sentences
        rest = [*amounts.stocks(parts, silent)]
        past = [piece for piece in parts if not setting.is_in_state(piece.stated) and piece.stated.ref not in spent]
        rest += self._terms(one, terms)
        rest += Details(setting, one, silent, self.outcome(one), _ends(terms)).lines(past, text)
        laid = _laid_out(said, self._summaries(one, ()), rest)
        blocks = tuple(Paragraph(sentences) for sentences in laid)
        return self.titled(one, blocks, apart=dated and not _is_dated(one, blocks))

    def titled(self, one: Told, blocks: tuple[Paragraph | Listing, ...], *, apart: bool = False) -> Entry:
        """An entry of one's own making; a title with nothing under it is cited itself. `apart`: see `date_apart`."""
        event = one.event
        title = self._setting.sentence((self._setting.title(event),), [Stated(event)])
        if blocks:
            title = Sentence(title.runs, title.facts)
        return Entry(event.id, title, self.date(one), one.status.value, blocks, event.type, apart)

    def date(self, one: Told) -> Run:
        """The date of an event, bare."""
        runs = runs_of(self._language.when(one.when, fact=one.event.id))
        return Run("".join(run.text for run in runs), kind="date", when=one.event.occurred, fact=one.event.id)

    def outcome(self, one: Told) -> Outcome | None:
        """What came of a plan."""
        return self._outcomes.get(one.event.id)

    def _blocks(self, one: Told) -> tuple[Paragraph | Listing, ...]:
        assert self._chapter is not None
        event, setting = one.event, self._setting
        stated = Stated(event)
        offices = self._offices(one)
        called = {person: self._called(person, office) for person, office in offices.items()}
        clauses = Clauses(setting, event, called)
        clause = clauses.clause(self._plan(event))
        opening = self._openings.of(one, self._chapter.year, self._chapter.heading, spoken=clause is not None)
        lead = list(self._lead(one, clause, opening, offices))
        named = clause.named if clause is not None and lead else frozenset()
        text = self._said(event, lead)
        if one.has_happened and (lead or clause is None):
            roles = [*clauses.roles(named, text)]
            lead += [setting.sentence(runs, [stated, *_offices_in(runs, offices)]) for runs in roles]
            text = self._said(event, lead)
        spent = {office.stated.ref for office in offices.values()}
        terms: tuple[Stated, ...] = ()
        if clause is not None and lead:
            spent |= {fact.ref for fact in clause.rests}
            terms = clause.terms
        parts = [piece for piece in pieces(one, setting) if piece.stated.ref not in spent]
        left = untold(parts, text, setting)
        amounts = Amounts(setting, one, self._chapter.year)
        for group, sentences in amounts.of_periods(left):
            lead += sentences
            lead += filter(None, [amounts.attributed(group)])
            lead += self._comparisons.of(one, group)
        summaries = self._summaries(one, [piece.stated for piece in parts if piece not in left])
        silent = owner(event, (piece for piece in left if piece.fact.period is None), text, setting)
        rest = [*amounts.stocks(left, silent), *self._terms(one, terms)]
        details = Details(setting, one, silent, self.outcome(one), _ends(terms)).blocks(left, text)
        if terms and len(details) == 1 and isinstance(details[0], Paragraph):
            rest += details[0].sentences
            details = ()
        if one.has_happened or one.known:
            rest += [*self._quotes(one), *self._others(one, named, text), *self._relations(one)]
        laid: list[Paragraph | Listing] = [Paragraph(sentences) for sentences in _laid_out(lead, summaries, rest)]
        blocks = [*laid, *details]
        if clause is None and not summaries and not rest:
            blocks = _run_in(blocks)
        if not blocks and event.sources and not is_open(self._chapter):
            said = setting.sentence(self._language.say("Nothing more is stated."), [stated])
            blocks.append(Paragraph((said,)))
        if not event.sources:
            blocks.append(Paragraph((Sentence(self._language.say("No source is cited.")),)))
        self._before.add(event.id)
        return tuple(blocks)

    def _lead(
        self, one: Told, clause: Clause | None, opening: Opening, offices: dict[str, Office]
    ) -> Iterator[Sentence]:
        event, setting = one.event, self._setting
        if self._chapter is not None and is_open(self._chapter):
            return
        working = opening.working if one.has_happened else None
        rests = [Stated(event), *([opening.earlier] if opening.earlier is not None and working else [])]
        if one.status is Status.MAY_HAVE_HAPPENED and event.type in STATISTICS and self._has_begun(one):
            when = self._language.period(event.occurred, fact=event.id)
            runs = self._language.say("The period, {when}, was not over {as_of:by}.", when=when, as_of=setting.as_of)
            yield setting.sentence(runs, rests)
            return
        if clause is None or (not offices and self._is_told_by_summary(one, clause)):
            if not one.has_happened:
                yield setting.sentence(self._without_verb(one), rests)
            return
        runs = said(setting, one, clause, opening)
        yield setting.sentence(runs, [*rests, *clause.rests, *_offices_in(runs, offices)], working=working)

    def _without_verb(self, one: Told) -> tuple[Run, ...]:
        """How an event stands whose title alone says what happens."""
        say, as_of = self._language.say, self._setting.as_of
        when = self._language.when(one.when, fact=one.event.id)
        if one.status is Status.PLANNED:
            return say("This is planned; the date given is {when}.", when=when)
        return say("This may have happened {as_of:by}; the date given is {when}.", as_of=as_of, when=when)

    def _terms(self, one: Told, terms: Iterable[Stated]) -> Iterator[Sentence]:
        """How long who came into an office holds it."""
        say = self._language.say
        for stated in terms:
            if stated.fact.until is not None:
                end = When.parse(stated.fact.until)
                when = self._language.when(end, fact=stated.ref)
                if end.hi is None or end.hi > self._setting.last_second + 1:
                    runs = say("The term runs {when:until}.", when=when)
                elif one.event.id in self._revisions:
                    runs = say("As first reported, the term ran {when:until}.", when=when)
                else:
                    runs = say("The term ran {when:until}.", when=when)
                yield self._setting.sentence(runs, [stated])

    def _has_begun(self, one: Told) -> bool:
        return one.when.lo is not None and one.when.lo <= self._setting.last_second

    def _is_told_by_summary(self, one: Told, clause: Clause) -> bool:
        """A statement whose summary names the speaker needs no sentence that only says who made it."""
        known = self._setting.matter.entities
        return (
            clause.frame is frames.STATED
            and one.has_happened
            and bool(one.event.summary)
            and all(name in known and known[name].label in (one.event.summary or "") for name in clause.named)
        )

    def _said(self, event: Event, lead: Sequence[Sentence]) -> str:
        """What has been said of an event in the words of its author, case-folded."""
        known = self._setting.matter.entities
        runs = [run for sentence in lead for run in sentence.runs]
        labels = (known[run.entity].label for run in runs if run.entity is not None and run.entity in known)
        stated = (run.text for run in runs if run.fact is not None)
        return " | ".join((event.title, event.summary or "", *labels, *stated)).casefold()

    def _summaries(self, one: Told, restated: Sequence[Stated]) -> list[Sentence]:
        """A sentence for each paragraph of the summary, which is its author's text. `restated` are facts it says."""
        if not one.event.summary or not (one.has_happened or one.known):
            return []
        found = paragraphs(one.event.summary, self._setting.author_lang)
        return [self._setting.sentence(runs, [Stated(one.event), *restated]) for runs in found]

    def _offices(self, one: Told) -> dict[str, Office]:
        """The offices that those who take part or speak are to be named with here: stated here, or at first mention."""
        event = one.event
        if event.type in OFFICES or not one.has_happened:
            return {}
        people = [p.entity if isinstance(p, Participant) else p for p in event.participants]
        shown = [event.stated_by] if event.type in ("statement.made", "commitment.made") else people
        found = {}
        for person in dict.fromkeys(person for person in shown if person):
            office = self._incumbents.own(event, person)
            if office is None and person not in self._met:
                office = self._incumbents.at(person, one.when)
            if office is not None:
                found[person] = office
            self._met.add(person)
        return found

    def _called(self, person: str, office: Office) -> tuple[Run, ...]:
        value = office.stated.fact.value
        assert value is not None
        return self._language.say(
            "{name}, {office}",
            name=self._language.name(person),
            office=self._language.value(value, fact=office.stated.ref),
        )

    def _plan(self, event: Event) -> tuple[Run, ...] | None:
        """The title of the plan that an event is about."""
        other = next((self._told[r.event] for r in event.related if r.event in self._told), None)
        if other is None:
            return None
        return self._language.say("“{title}”", title=self._setting.title(other.event, linked=True))

    def _quotes(self, one: Told) -> Iterator[Sentence]:
        if one.event.type != "statement.made" or not one.has_happened:
            return
        for cite in one.event.sources:
            if cite.quote:
                source = self._setting.matter.sources.get(cite.source)
                quote = Run(plain(cite.quote), kind="quote", lang=self._foreign(source.language if source else None))
                runs = self._language.say("In the words of the source: “{quote}”.", quote=quote)
                yield self._setting.sentence(runs, (), more=[cite])

    def _foreign(self, tag: str | None) -> str | None:
        base = (tag or "").replace("_", "-").split("-")[0].lower()
        return None if base in ("", self._language.tag) else tag

    def _others(self, one: Told, named: frozenset[str], text: str) -> Iterator[Sentence]:
        """Who takes part without a role and is not named otherwise; a summary is trusted to name who matters."""
        event = one.event
        if event.summary or event.type in _SELF_TOLD or one.status is Status.MAY_HAVE_HAPPENED:
            return
        known = self._setting.matter.entities
        subjects = {fact.subject for fact in event.facts} | {event.stated_by}
        values = {name for fact in event.facts for name in fact.dimensions.values()}
        left = [
            name
            for name in event.participants
            if isinstance(name, str)
            and name not in subjects | values | named
            and not (name in known and known[name].label.casefold() in text)
        ]
        if left:
            who = self._language.listed([self._language.name(name) for name in left])
            yield self._setting.sentence(self._language.say("Also named: {who}.", who=who), [Stated(event)])

    def _relations(self, one: Told) -> Iterator[Sentence]:
        """As stated, and never ahead of their day; the lead of what befell a plan has named the plan."""
        told = _OUTCOMES if one.event.type.startswith("plan.") else ()
        for relation in one.event.related:
            other = self._told.get(relation.event)
            ahead = other is not None and relation.relation == "led-to" and not other.has_happened
            follows = relation.relation == "follows" and relation.event in self._before
            if other is not None and not ahead and not follows and relation.relation not in told:
                yield self._setting.sentence(self._relation(relation, other), [Stated(one.event), Stated(other.event)])
        for other in self._revisions.get(one.event.id, ()):
            runs = self._language.say("This was revised by {event}.", event=self._mention(other))
            yield self._setting.sentence(runs, [Stated(one.event), Stated(other.event)])

    def _mention(self, other: Told) -> tuple[Run, ...]:
        """Another event by its title, with its date if it is not told in the same chapter."""
        title = self._setting.title(other.event, linked=True)
        if other.event.id in self._here:
            return self._language.say("“{title}”", title=title)
        day = When.parse(other.event.occurred[:10]) if other.when.kind == "datetime" else other.when
        when = self._language.when(day, fact=other.event.id)
        return self._language.say("“{title}” ({when})", title=title, when=when)

    def _relation(self, relation: Relation, other: Told) -> tuple[Run, ...]:
        language, event = self._language, self._mention(other)
        message = frames.RELATIONS.get(relation.relation)
        if message is not None:
            return language.say(message.one, event=event)
        named = Run(plain(relation.relation.replace("-", " ")), lang=self._setting.author_lang)
        return language.say(frames.RELATION.one, event=event, relation=named)


def _revisions(told: Iterable[Told]) -> dict[str, list[Told]]:
    """For each event those that have revised it, in the order of the text."""
    found: dict[str, list[Told]] = {}
    for one in told:
        for relation in one.event.related:
            if relation.relation == "revises" and one.has_happened:
                found.setdefault(relation.event, []).append(one)
    return found


def _offices_in(runs: tuple[Run, ...], offices: dict[str, Office]) -> list[Stated]:
    """The facts of the offices that some text names."""
    facts = {run.fact for run in runs}
    return [office.stated for office in offices.values() if office.stated.ref in facts]


def _ends(terms: Iterable[Stated]) -> frozenset[str]:
    """The ends that are told."""
    return frozenset(stated.fact.until for stated in terms if stated.fact.until is not None)


def _is_dated(one: Told, blocks: Iterable[Paragraph | Listing]) -> bool:
    """A sentence says when the event occurred."""
    sentences = (said for block in blocks if isinstance(block, Paragraph) for said in block.sentences)
    return any(run.kind == "date" and run.when == one.event.occurred for said in sentences for run in said.runs)


def _run_in(blocks: list[Paragraph | Listing]) -> list[Paragraph | Listing]:
    """A date that would stand alone, together with what follows it."""
    if len(blocks) == 2 and all(isinstance(block, Paragraph) for block in blocks):
        return [Paragraph(tuple(one for block in blocks if isinstance(block, Paragraph) for one in block.sentences))]
    return blocks


def _laid_out(
    first: Sequence[Sentence], summaries: Sequence[Sentence], rest: Sequence[Sentence]
) -> list[tuple[Sentence, ...]]:
    """The summary goes on from what happened; its own paragraphs stay, and what is left follows its last."""
    if len(summaries) < 2:
        return [found] if (found := (*first, *summaries, *rest)) else []
    return [(*first, summaries[0]), *((one,) for one in summaries[1:-1]), (summaries[-1], *rest)]

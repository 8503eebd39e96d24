"""The sentence that says what happened: the frame of the event's type, with who did it and to what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chronicle.event.model import Event, Participant
from chronicle.event.value import EntityValue
from chronicle.narrative import frames
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Run
from chronicle.narrative.frames import Frame
from chronicle.narrative.incumbents import OFFICE
from chronicle.narrative.inert import plain
from chronicle.narrative.language import Slot, runs_of
from chronicle.narrative.openings import Opening
from chronicle.narrative.setting import Setting, Stated
from chronicle.state.occurrence import Status

_PARTY_ROLES = ("party", "parties")
_INSTRUMENTS = ("agreement", "treaty", "contract", "charter", "memorandum", "protocol", "convention")
_PEOPLE = ("person", None)
OFFICES: dict[str, tuple[Frame, Frame | None]] = {
    "office.taken": (frames.TOOK_OFFICE_AS, frames.TOOK_OFFICE),
    "office.left": (frames.LEFT_OFFICE_AS, frames.LEFT_OFFICE),
    "term.begun": (frames.BEGAN_TERM_AS, None),
}
"""What is said of each type where the office is known, and where it is not."""

_PLANS = {
    "plan.fulfilled": frames.FULFILLED,
    "plan.cancelled": frames.CANCELLED,
    "plan.postponed": frames.POSTPONED,
}


@dataclass(frozen=True, slots=True)
class Clause:
    """A frame with what fills it; `named` are the entities that it names and `rests` the facts that it says.

    Of `terms`, facts of who holds an office from then on, the end is left to tell.
    """

    frame: Frame
    slots: dict[str, Slot]
    count: int
    named: frozenset[str]
    rests: tuple[Stated, ...] = ()
    terms: tuple[Stated, ...] = ()


class Clauses:
    """Finds the clause of an event; `called` says what to call a participant here (with the office, if due)."""

    def __init__(self, setting: Setting, event: Event, called: dict[str, tuple[Run, ...]]) -> None:
        self._setting = setting
        self._event = event
        self._called = called
        self._people = [one if isinstance(one, Participant) else Participant(entity=one) for one in event.participants]

    def clause(self, plan: tuple[Run, ...] | None) -> Clause | None:
        """What happened; None if the type has no verb or its actors are not told. `plan` is the plan it is about."""
        kind = self._event.type
        if kind.startswith("agreement."):
            return self._agreement(kind)
        if kind == "statement.made" and self._event.stated_by:
            return self._made(frames.STATED, [self._event.stated_by])
        if kind == "commitment.made":
            makers = [self._event.stated_by] if self._event.stated_by else self._in_role("promisor", "maker")
            return self._made(frames.COMMITTED, makers or self._alone())
        if kind in OFFICES:
            return self._office(kind)
        if kind in ("meeting.held", "visit.held"):
            people = self._plain()
            return self._made(frames.MET if kind == "meeting.held" and len(people) > 1 else frames.ATTENDED, people)
        if kind == "company.entered":
            companies = [one.entity for one in self._people if self._type(one.entity) == "company"]
            return self._made(frames.ENTERED, companies or self._plain())
        if kind == "investment.made":
            return self._made(frames.INVESTED, self._in_role("investor", "maker") or self._alone())
        if kind in _PLANS and plan is not None:
            return Clause(_PLANS[kind], {"plan": plan}, 1, frozenset())
        return None

    def roles(self, spare: frozenset[str], text: str) -> Iterator[tuple[Run, ...]]:
        """`The signatories were A and B.` for each role, but for the entities to spare.

        So is who has been named (`text`, case-folded) in a role without a message of its own.
        """
        found: dict[str, list[str]] = {}
        for one in self._people:
            if one.role is not None and one.entity not in spare and one.role not in frames.SILENT_ROLES:
                found.setdefault(one.role, []).append(one.entity)
        for role, people in found.items():
            message = frames.ROLES.get(role)
            if message is None and all(self._label(one).casefold() in text for one in people):
                continue
            who = self._names(people)
            if message is None:
                yield self._setting.language.say(frames.ROLE.one, role=self._own(role), who=who)
            else:
                yield self._setting.language.counted(message.one, message.many or message.one, len(people), who=who)

    def _own(self, text: str) -> Run:
        return Run(plain(text.replace("-", " ")), lang=self._setting.author_lang)

    def _agreement(self, kind: str) -> Clause | None:
        parties = self._in_role(*_PARTY_ROLES) or self._plain()
        if kind == "agreement.ratified":
            return self._made(frames.RATIFIED, parties)
        if kind in ("agreement.entered-into-force", "agreement.terminated"):
            frame = frames.IN_FORCE if kind == "agreement.entered-into-force" else frames.TERMINATED
            return self._made(frame, parties) if len(parties) > 1 else None
        if kind != "agreement.signed":
            return None
        instrument = self._instrument(parties)
        if instrument is None:
            return self._made(frames.SIGNED, parties)
        name, stated = instrument
        made = self._made(frames.SIGNED_IT, parties, rests=stated, also=(name,))
        if made is not None:
            fact = stated[0].ref if stated else None
            made.slots["object"] = tuple(_of_fact(run, fact) for run in runs_of(self._setting.language.name(name)))
        return made

    def _instrument(self, parties: Sequence[str]) -> tuple[str, tuple[Stated, ...]] | None:
        """The document that was signed, and the fact that names it: the only one of its kind that the event names."""
        taking_part = {one.entity: () for one in self._people if self._type(one.entity) in _INSTRUMENTS}
        values = {
            fact.value.entity: (Stated(self._event, ordinal),)
            for ordinal, fact in enumerate(self._event.facts)
            if isinstance(fact.value, EntityValue) and fact.holds and self._type(fact.value.entity) in _INSTRUMENTS
        }
        found = {name: stated for name, stated in {**taking_part, **values}.items() if name not in parties}
        return next(iter(found.items())) if len(found) == 1 else None

    def _office(self, kind: str) -> Clause | None:
        """The office is who takes part in the role of one, or what the person's own fact says."""
        people = [one.entity for one in self._people if self._type(one.entity) in _PEOPLE and one.role != OFFICE]
        if len(people) != 1:
            return None
        named, plain = OFFICES[kind]
        offices = self._in_role(OFFICE)
        stated = [
            Stated(self._event, ordinal)
            for ordinal, fact in enumerate(self._event.facts)
            if fact.subject == people[0] and fact.attribute == OFFICE and fact.value is not None
        ]
        if len(offices) == 1:
            terms = () if kind == "office.left" else tuple(self._terms(offices[0], people[0]))
            made = self._made(named, people, rests=terms, also=offices, terms=terms)
            office = runs_of(self._setting.language.label(offices[0]))
        elif len(stated) == 1:
            made = self._made(named, people, rests=tuple(stated))
            office = self._setting.value(stated[0], bare=True)
        else:
            return self._made(plain, people) if plain is not None else None
        if made is not None:
            made.slots["office"] = office
        return made

    def _terms(self, office: str, person: str) -> Iterator[Stated]:
        """The facts that the person holds the office from the event on, up to a date or without an end."""
        for ordinal, fact in enumerate(self._event.facts):
            is_holder = isinstance(fact.value, EntityValue) and fact.value.entity == person and fact.subject == office
            begins = fact.at is None and fact.period is None and fact.from_ in (None, self._event.occurred)
            ends = fact.through is None and fact.until != "unknown"
            if is_holder and begins and ends and fact.holds and not fact.dimensions:
                yield Stated(self._event, ordinal)

    def _made(
        self,
        frame: Frame,
        who: Sequence[str],
        *,
        rests: tuple[Stated, ...] = (),
        also: Sequence[str] = (),
        terms: tuple[Stated, ...] = (),
    ) -> Clause | None:
        if not who:
            return None
        slots: dict[str, Slot] = {"who": self._names(who, closed=True), "name": self._names(who)}
        return Clause(frame, slots, len(who), frozenset((*who, *also)), rests, terms)

    def _in_role(self, *roles: str) -> list[str]:
        return [one.entity for one in self._people if one.role in roles]

    def _plain(self) -> list[str]:
        return [one.entity for one in self._people if one.role is None]

    def _alone(self) -> list[str]:
        people = self._plain()
        return people if len(people) == 1 else []

    def _type(self, entity: str) -> str | None:
        known = self._setting.matter.entities.get(entity)
        return None if known is None else known.type

    def _label(self, entity: str) -> str:
        known = self._setting.matter.entities.get(entity)
        return entity if known is None else known.label

    def _names(self, entities: Sequence[str], *, closed: bool = False) -> tuple[Run, ...]:
        """The names; `closed` in front of a verb, where an office at the end wants a second comma."""
        language = self._setting.language
        distinct = list(dict.fromkeys(entities))
        items: list[Slot] = [self._called.get(one) or language.name(one) for one in distinct]
        if closed and distinct[-1] in self._called:
            items[-1] = language.say("{name},", name=self._called[distinct[-1]])
        return language.listed(items)


def said(setting: Setting, told: Told, clause: Clause, opening: Opening) -> tuple[Run, ...]:
    """The clause as a sentence in the tense that the standing of the event asks for."""
    frame = clause.frame
    if told.status is Status.PLANNED:
        message = frame.planned
    elif told.status is Status.MAY_HAVE_HAPPENED:
        message = frame.possible
    else:
        message = {"leading": frame.leading, "trailing": frame.trailing, "undated": frame.undated}[opening.style]
    when = opening.when if told.has_happened else setting.language.when(told.when, fact=told.event.id)
    slots: dict[str, Slot] = {**clause.slots, "when": when, "as_of": setting.as_of}
    return setting.language.counted(message.one, message.many or message.one, clause.count, **slots)


def _of_fact(run: Run, fact: str | None) -> Run:
    return Run(run.text, run.kind, run.style, fact, run.when, run.entity, run.href, run.lang)

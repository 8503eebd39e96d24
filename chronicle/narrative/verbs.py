"""The sentence that says what happened, with the verb of a known type (DESIGN section 10); others need none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chronicle.event.model import Event, Participant
from chronicle.narrative.markdown import plain
from chronicle.narrative.naming import Names, begun, is_numeric, listed, plural, with_article
from chronicle.narrative.outline import Standing

_PARTY_ROLES = ("party", "parties")
_INSTRUMENT = re.compile(
    r"(?P<object>.+?) (?:(?:is|was|are|were|to be|is to be) )?(?:signed|ratified|to be signed|to be ratified)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in the forms that the three standings need, with what follows it."""

    past: str
    infinitive: str
    participle: str

    def said(self, subject: str, rest: str, standing: Standing, *, many: bool) -> str:
        """`X signed Y`, `X is to sign Y`, `X may have signed Y`."""
        match standing:
            case Standing.PLANNED:
                verb = f"{'are' if many else 'is'} to {self.infinitive}"
            case Standing.POSSIBLE:
                verb = f"may have {self.participle}"
            case _:
                verb = self.past
        # A name with an office behind a comma wants a second comma before the verb.
        return " ".join(filter(None, (f"{subject}," if "," in subject else subject, verb, rest)))


_SIGN = Verb("signed", "sign", "signed")
_RATIFY = Verb("ratified", "ratify", "ratified")
_MAKE = Verb("made", "make", "made")
_HOLD = Verb("was held", "be held", "been held")
_OPEN = Verb("opened", "open", "opened")
_START = Verb("began", "begin", "begun")
_COME = Verb("came into force", "come into force", "come into force")
_END = Verb("ended", "end", "ended")
_ENTER = Verb("entered the market", "enter the market", "entered the market")
_MEET = Verb("met", "meet", "met")
_TAKE = Verb("took office", "take office", "taken office")
_LEAVE = Verb("left office", "leave office", "left office")
_APPEAR = Verb("was published", "be published", "been published")
_ANNOUNCE = Verb("was announced", "be announced", "been announced")
_BE = {
    "fulfilled": Verb("was fulfilled", "be fulfilled", "been fulfilled"),
    "cancelled": Verb("was cancelled", "be cancelled", "been cancelled"),
    "postponed": Verb("was postponed", "be postponed", "been postponed"),
}
_IT = {
    "infrastructure.opened": ("it", _OPEN),
    "supply.started": ("supply", _START),
    "visit.held": ("the visit", _HOLD),
    "source.published": ("it", _APPEAR),
    "plan.announced": ("the plan", _ANNOUNCE),
    "agreement.entered-into-force": ("it", _COME),
    "agreement.terminated": ("it", _END),
}


class Lead:
    """Tells one event's main clause; `called` says what to call a participant here (with the office, if due)."""

    def __init__(self, event: Event, names: Names, called: dict[str, str]) -> None:
        self._event = event
        self._names = names
        self._called = called
        self._people = [one if isinstance(one, Participant) else Participant(entity=one) for one in event.participants]

    def clause(self, standing: Standing, plan: str | None) -> str:
        """The clause without its date and full stop, beginning in lower case; blank if the type has no verb.

        `plan` is the title of the plan that the event is about.
        """
        kind = self._event.type
        if kind in ("agreement.signed", "agreement.ratified"):
            return self._agreement(_SIGN if kind == "agreement.signed" else _RATIFY, standing)
        if kind in ("statement.made", "commitment.made") and (speaker := self._event.stated_by):
            rest = "this statement" if kind == "statement.made" else "this commitment"
            return self._with_roles(_MAKE.said(self._name(speaker), rest, standing, many=False), {speaker})
        if kind in ("office.taken", "office.left"):
            return self._office(_TAKE if kind == "office.taken" else _LEAVE, standing)
        if kind in ("meeting.held", "company.entered", "investment.made", "commitment.made"):
            return self._acted(kind, standing)
        if kind.startswith("plan.") and kind[5:] in _BE:
            subject = f"the plan “{plan}”" if plan else "the plan"
            return self._with_roles(_BE[kind[5:]].said(subject, "", standing, many=False), set())
        if kind in _IT:
            subject, verb = _IT[kind]
            rest = self._attended() if kind == "visit.held" else self._of(kind)
            return self._with_roles(verb.said(subject, rest, standing, many=False), self._plain_people(kind))
        return ""

    def roles(self, spare: set[str], clause: str = "") -> list[str]:
        """`the signatories were A and B` for each role, but for the entities to spare and those the clause names."""
        found: dict[str, list[str]] = {}
        for one in self._people:
            named = self._names.label(one.entity) in clause
            if one.role is not None and one.entity not in spare and not named:
                found.setdefault(plain(one.role), []).append(self._name(one.entity))
        return [
            f"the {role if len(who) == 1 else plural(role)} {'was' if len(who) == 1 else 'were'} {listed(who)}"
            for role, who in found.items()
        ]

    def _agreement(self, verb: Verb, standing: Standing) -> str:
        parties = [one.entity for one in self._people if one.role in _PARTY_ROLES]
        parties = parties or [one.entity for one in self._people if one.role is None]
        parties = parties or [one.entity for one in self._people]
        if not parties:
            return Verb(f"was {verb.past}", f"be {verb.past}", f"been {verb.past}").said("it", "", standing, many=False)
        found = _INSTRUMENT.fullmatch(plain(self._event.title))
        rest = with_article(found["object"]) if found else "it"
        if rest == "it" or rest[:1].islower():
            rest = rest if rest.startswith("the ") else "it"
        return self._with_roles(verb.said(self._names_of(parties), rest, standing, many=len(parties) > 1), set(parties))

    def _acted(self, kind: str, standing: Standing) -> str:
        actors, rest = [one.entity for one in self._people if one.role is None], ""
        if kind == "meeting.held":
            verb = _MEET if len(actors) > 1 else _HOLD
            if verb is _HOLD:
                return self._with_roles(verb.said("the meeting", self._attended(), standing, many=False), set())
        elif kind == "company.entered":
            companies = [one.entity for one in self._people if self._names.type(one.entity) == "company"]
            actors, verb = companies or actors, _ENTER
        else:
            named = [one.entity for one in self._people if one.role in ("investor", "promisor", "maker")]
            actors, verb = named or (actors if len(actors) == 1 else []), _MAKE
            rest = "the investment" if kind == "investment.made" else "the commitment"
        if not actors:
            return "; ".join(self.roles(set()))
        return self._with_roles(verb.said(self._names_of(actors), rest, standing, many=len(actors) > 1), set(actors))

    def _office(self, verb: Verb, standing: Standing) -> str:
        people = [one.entity for one in self._people if self._names.type(one.entity) in ("person", None)]
        if len(people) != 1:
            return "; ".join(self.roles(set()))
        offices = [
            self._names.value(fact.value)
            for fact in self._event.facts
            if fact.subject == people[0] and fact.attribute == "office" and fact.value and not is_numeric(fact.value)
        ]
        rest = f"as {offices[0]}" if len(offices) == 1 else ""
        return self._with_roles(verb.said(self._names.name(people[0]), rest, standing, many=False), set(people))

    def _attended(self) -> str:
        """`with A and B taking part`, of those without a role."""
        people = [one.entity for one in self._people if one.role is None]
        return f"with {self._names_of(people)} taking part" if people else ""

    def _of(self, kind: str) -> str:
        """`between A and B` for an agreement whose parties are not its subject."""
        if not kind.startswith("agreement."):
            return ""
        parties = sorted(self._plain_people(kind), key=[one.entity for one in self._people].index)
        return f"between {self._names_of(parties)}" if len(parties) > 1 else ""

    def _plain_people(self, kind: str) -> set[str]:
        if not kind.startswith("agreement."):
            return set()
        parties = {one.entity for one in self._people if one.role in _PARTY_ROLES or one.role is None}
        return parties if len(parties) > 1 else set()

    def _with_roles(self, clause: str, spare: set[str]) -> str:
        return "; ".join([clause, *self.roles(spare, clause)])

    def _name(self, entity: str) -> str:
        return self._called.get(entity) or self._names.name(entity)

    def _names_of(self, entities: Sequence[str]) -> str:
        return listed([self._name(entity) for entity in entities])


def sentence(opening: str, clause: str) -> str:
    """The clause as a sentence, after its date if there is one to say."""
    return f"{opening}, {clause}." if opening else f"{begun(clause)}."

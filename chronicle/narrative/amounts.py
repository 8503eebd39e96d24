"""Figures in sentences: of a period with its subject and partner, their sum and their share, and what stood at a date.

What attributes declare of each other (`sum_of`, `share_of`) is told; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chronicle.event.model import Attribute
from chronicle.event.units import is_known_unit
from chronicle.event.value import Figure, Quantity, Range
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Run, Sentence
from chronicle.narrative.language import Form, Slot, runs_of
from chronicle.narrative.openings import Phrased
from chronicle.narrative.pieces import Piece, is_aim, is_alone, is_numeric, names_subject
from chronicle.narrative.setting import Setting, Stated

PARTNER = "partner"

_TIMES = ("s", "min", "h", "d", "wk", "mo", "a")
"""Units of time, by their codes in UCUM."""


class Amounts:
    """Tells the figures of one event. `year` is that of the heading; `speaker` whose figures they are."""

    def __init__(self, setting: Setting, told: Told, year: int | None) -> None:
        self._setting = setting
        self._language = setting.language
        self._told = told
        self._year = year
        self._speaker = told.event.stated_by

    def of_periods(self, pieces: Sequence[Piece]) -> Iterator[tuple[list[Piece], list[Sentence]]]:
        """Sentences for figures of one subject, period and partner, with those figures."""
        groups: dict[tuple[object, ...], list[Piece]] = {}
        for piece in pieces:
            if piece.fact.period is not None and is_numeric(piece.fact):
                key = piece.fact.period, piece.standing, piece.fact.subject, piece.dims
                groups.setdefault(key, []).append(piece)
        shares = self._shares([piece for group in groups.values() for piece in group])
        taken = {one.stated.ref for trio in shares for one in trio[1:]}
        before: str | None = None
        for group in groups.values():
            plain = [piece for piece in group if piece.stated.ref not in taken]
            said = []
            if plain and plain[0].standing == "planned":
                said.append(self._forecast(plain))
            elif plain:
                said += self._figures(plain, same=plain[0].fact.period == before)
                before = plain[0].fact.period
            said += [self._share(*trio) for trio in shares if trio[1] in group]
            if said:
                yield group, said

    def _figures(self, group: Sequence[Piece], *, same: bool) -> Iterator[Sentence]:
        """The first sentence says when and whose, of the sum and its parts where there is one; rates come apart."""
        rates = [piece for piece in group if self._declared(piece, "growth_of")]
        amounts = [piece for piece in group if piece not in rates]
        if not amounts:
            amounts, rates = rates, []
        first = amounts[0].fact
        assert first.period is not None
        when: Form = self._language.period(first.period, year=self._year, fact=amounts[0].stated.ref)
        if not runs_of(when, "on"):
            when = Phrased((Run(self._language.text("over the year"), kind="date", when=first.period),))
        partner = self._partner(amounts[0])
        whole, parts = self._sum(amounts)
        slots: dict[str, Slot] = {"when": when}
        if partner is not None or not is_alone(self._told.event, first.subject):
            slots["owner"] = self._language.name(first.subject)
        if partner is not None:
            slots["partner"] = self._language.name(partner)
        dims = () if partner is not None else self._language.dimensions(first.dimensions)
        if whole is not None:
            rest = [piece for piece in amounts if piece is not whole and piece not in parts]
            slots["whole"] = (self._attribute(whole), *dims)
            slots["value"] = self._value(whole)
            slots["parts"] = self._language.listed(
                [
                    self._language.say(
                        "{attribute} of {value}", attribute=self._attribute(part), value=self._value(part)
                    )
                    for part in parts
                ]
            )
            yield self._sentence(self._sum_text(slots, same=same), [whole, *parts])
            if rest:
                yield self._sentence(self._language.say("{figures}.", figures=self._chain(rest)), rest)
        else:
            slots["figures"] = self._chain(amounts, dims)
            lasting = self._lasting(amounts, slots) if len(amounts) == 1 and not same else None
            yield self._sentence(lasting or self._list_text(slots, same=same), amounts)
        if rates:
            yield self._sentence(self._language.say("{figures}.", figures=self._chain(rates)), rates)

    def _sum_text(self, slots: dict[str, Slot], *, same: bool) -> tuple[Run, ...]:
        say = self._language.say
        if "partner" in slots:
            if same:
                return say("{owner:owner} {whole} with {partner} came to {value}: {parts}.", **slots)
            return say("{when:on}, {owner:owner} {whole} with {partner} came to {value}: {parts}.", **slots)
        if "owner" not in slots:
            return say("{whole} came to {value}: {parts}.", **slots)
        if same:
            return say("{owner:owner} {whole} came to {value}: {parts}.", **slots)
        return say("{when:on}, {owner:owner} {whole} came to {value}: {parts}.", **slots)

    def _list_text(self, slots: dict[str, Slot], *, same: bool) -> tuple[Run, ...]:
        say = self._language.say
        if "partner" in slots:
            if same:
                return say("In dealings with {partner}, {owner:owner} {figures}.", **slots)
            return say("{when:on}, in dealings with {partner}, {owner:owner} {figures}.", **slots)
        if "owner" not in slots:
            return say("{figures}.", **slots) if same else say("{when:on}, {figures}.", **slots)
        if same:
            return say("{owner:owner} {figures}.", **slots)
        return say("{when:on}, {owner:owner} {figures}.", **slots)

    def _lasting(self, amounts: Sequence[Piece], slots: dict[str, Slot]) -> tuple[Run, ...] | None:
        """A length of time, which is not an amount that anything came to."""
        value = amounts[0].fact.value
        if (
            "owner" in slots
            or amounts[0].fact.dimensions
            or not isinstance(value, Quantity)
            or value.unit not in _TIMES
        ):
            return None
        return self._language.say(
            "{when:on}, the {attribute} was {value}.",
            when=slots["when"],
            attribute=self._attribute(amounts[0]),
            value=self._value(amounts[0]),
        )

    def _chain(self, group: Sequence[Piece], dims: tuple[Run, ...] = ()) -> tuple[Run, ...]:
        """`imports came to $1.49 billion and exports to $61.8 million`."""
        said = []
        for index, piece in enumerate(group):
            attribute = (self._attribute(piece), *(dims if index == 0 else ()))
            if index == 0:
                said.append(
                    self._language.say("{attribute} came to {value}", attribute=attribute, value=self._value(piece))
                )
            else:
                said.append(self._language.say("{attribute} to {value}", attribute=attribute, value=self._value(piece)))
        return self._language.listed(said)

    def _forecast(self, group: Sequence[Piece]) -> Sentence:
        first = group[0].fact
        assert first.period is not None
        dims = self._language.dimensions(first.dimensions)
        said = [
            self._language.say(
                "{attribute} at {value}",
                attribute=(self._attribute(piece), *(dims if index == 0 else ())),
                value=self._value(piece),
            )
            for index, piece in enumerate(group)
        ]
        runs = self._language.say(
            "For {when}, a forecast puts {owner:owner} {figures}.",
            when=self._language.period(first.period, fact=group[0].stated.ref),
            owner=self._language.name(first.subject),
            figures=self._language.listed(said),
        )
        return self._sentence(runs, group)

    def _sum(self, group: Sequence[Piece]) -> tuple[Piece | None, list[Piece]]:
        """The figure that is the declared sum of others of the group, all of which are there."""
        by_attribute = {piece.fact.attribute: piece for piece in group}
        for piece in group:
            known = self._attribute_of(piece)
            if known is not None and known.sum_of and all(part in by_attribute for part in known.sum_of):
                return piece, [by_attribute[part] for part in known.sum_of]
        return None, []

    def _shares(self, group: Sequence[Piece]) -> list[tuple[Piece, Piece, Piece]]:
        """(part, share, whole) for each share whose part and whole the event states for the same period."""
        found = []
        for share in group:
            known = self._attribute_of(share)
            if known is None or known.share_of is None or share.standing != "done":
                continue
            alike = [piece for piece in group if _is_alike(piece, share)]
            part = [p for p in alike if p.fact.attribute == known.share_of.part and p.dims == share.dims]
            whole = [w for w in alike if w.fact.attribute == known.share_of.whole and set(w.dims) <= set(share.dims)]
            if len(part) == 1 and len(whole) == 1:
                found.append((part[0], share, whole[0]))
        return found

    def _share(self, part: Piece, share: Piece, whole: Piece) -> Sentence:
        runs = self._language.say(
            "{part} made up {share} of {whole}, which came to {value}.",
            part=self._attribute(part),
            share=self._value(share),
            whole=self._attribute(whole),
            value=self._value(whole),
        )
        return self._sentence(runs, [part, share, whole])

    def stocks(self, pieces: Sequence[Piece], silent: str | None) -> Iterator[Sentence]:
        """A sentence for each figure without a period: it stood at 16 on 24 February 2026.

        `silent` is the subject that need not be named.
        """
        for piece in pieces:
            fact = piece.fact
            if fact.period is None and is_numeric(fact) and not is_aim(fact, self._setting):
                named = fact.subject != silent and not names_subject(piece, self._setting)
                yield self._sentence(self._stock_text(piece, named=named), [piece])

    def _stock_text(self, piece: Piece, *, named: bool) -> tuple[Run, ...]:
        fact, language = piece.fact, self._language
        attribute: tuple[Run, ...] = (language.attribute(fact.attribute), *language.dimensions(fact.dimensions))
        value, time, subject = self._value(piece), self._setting.time(piece.stated), language.name(fact.subject)
        if named and (self._speaker or piece.standing != "done"):
            attribute = language.say(
                "{attribute} ({subject})", attribute=attribute, subject=language.label(fact.subject)
            )
            named = False
        slots: dict[str, Slot] = {"attribute": attribute, "value": value, "time": time, "subject": subject}
        if piece.standing == "possible":
            return language.say("{attribute} may have stood at {value} {time}.", **slots)
        if piece.standing == "planned":
            return language.say("{attribute} is expected to stand at {value} {time}.", **slots)
        counts = _is_count(fact.value)
        if self._speaker:
            slots["speaker"] = language.name(self._speaker)
            if counts:
                return language.say("According to {speaker}, {attribute} numbered {value} {time}.", **slots)
            return language.say("According to {speaker}, {attribute} stood at {value} {time}.", **slots)
        if named and counts:
            return language.say("For {subject}, {attribute} numbered {value} {time}.", **slots)
        if named:
            return language.say("For {subject}, {attribute} stood at {value} {time}.", **slots)
        if counts:
            return language.say("{attribute} numbered {value} {time}.", **slots)
        return language.say("{attribute} stood at {value} {time}.", **slots)

    def _partner(self, piece: Piece) -> str | None:
        """The other side, where that is the only dimension and an entity."""
        dimensions = piece.fact.dimensions
        partner = dimensions.get(PARTNER)
        return partner if len(dimensions) == 1 and partner in self._setting.matter.entities else None

    def _attribute(self, piece: Piece) -> Run:
        return self._language.attribute(piece.fact.attribute)

    def _attribute_of(self, piece: Piece) -> Attribute | None:
        return self._setting.matter.attributes.get(piece.fact.attribute)

    def _declared(self, piece: Piece, relation: str) -> bool:
        return bool(getattr(self._attribute_of(piece), relation, None))

    def _value(self, piece: Piece) -> tuple[Run, ...]:
        return self._setting.value(piece.stated, attribute=True)

    def _sentence(self, runs: tuple[Run, ...], group: Sequence[Piece]) -> Sentence:
        return self._setting.sentence(runs, (piece.stated for piece in group))

    def attributed(self, group: Sequence[Piece]) -> Sentence | None:
        """Whose figures they are, where a statement gave them."""
        if not self._speaker:
            return None
        runs = self._language.say(
            "The figures are those given by {speaker}.", speaker=self._language.name(self._speaker)
        )
        return self._setting.sentence(runs, [Stated(self._told.event), *(piece.stated for piece in group)])


def _is_alike(piece: Piece, other: Piece) -> bool:
    """Of one subject and period, as sure."""
    fact, same = piece.fact, other.fact
    return (fact.subject, fact.period, piece.standing) == (same.subject, same.period, other.standing)


def _is_count(value: object) -> bool:
    """A plain number, or one of things that are called by a word."""
    match value:
        case Figure():
            return True
        case Quantity(_, unit) | Range(_, _, unit):
            return unit.isalpha() and not is_known_unit(unit)
    return False

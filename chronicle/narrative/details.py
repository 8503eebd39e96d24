"""What an event states in words, and its aims: a line for each attribute, `Role: …` with its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chronicle.narrative.chapters import Told, is_by
from chronicle.narrative.document import Listing, Paragraph, Run, Sentence
from chronicle.narrative.language import Slot, runs_of
from chronicle.narrative.pieces import Piece, is_aim, is_numeric, listed_once, names_subject
from chronicle.narrative.setting import Setting, Stated
from chronicle.narrative.settled import Outcome
from chronicle.when import When


class Details:
    """Tells the words and aims of one event.

    `silent` is the subject that need not be named, `ends` are dates up to which something has been said to last.
    """

    def __init__(
        self,
        setting: Setting,
        told: Told,
        silent: str | None,
        outcome: Outcome | None,
        ends: frozenset[str] = frozenset(),
    ) -> None:
        self._setting = setting
        self._language = setting.language
        self._told = told
        self._silent = silent
        self._outcome = outcome
        self._ends = ends

    def blocks(self, pieces: Sequence[Piece], text: str) -> tuple[Paragraph | Listing, ...]:
        """The lines in a paragraph; those of a statement in a list under whose they are."""
        lines = tuple(self.lines(pieces, text))
        speaker = self._told.event.stated_by
        if speaker is None or not lines:
            return (Paragraph(lines),) if lines else ()
        runs = self._language.say("According to {speaker}:", speaker=self._language.name(speaker))
        return (Listing(self._setting.sentence(runs, [Stated(self._told.event)]), lines),)

    def lines(self, pieces: Sequence[Piece], text: str) -> Iterator[Sentence]:
        """A sentence for what is of one subject and time, or attribute; an aim, or what someone states, by itself.

        `text` has been said already.
        """
        groups: dict[tuple[object, ...], list[Piece]] = {}
        for piece in pieces:
            fact = piece.fact
            told = is_numeric(fact) and (fact.period is not None or not is_aim(fact, self._setting))
            if not told:
                time = fact.period, fact.at, fact.from_, fact.until, fact.through, fact.due
                apart = is_aim(fact, self._setting) or self._told.event.stated_by is not None
                aim = _alike(piece) if apart else None
                groups.setdefault((fact.subject, piece.standing, time, aim), []).append(piece)
        series: dict[tuple[object, ...], list[list[Piece]]] = {}
        for number, group in enumerate(groups.values()):
            kinds = {_alike(piece) for piece in group}
            alone = len(kinds) == 1 and group[0].fact.due is None and group[0].standing == "done"
            key = (group[0].fact.subject, kinds.pop()) if alone else number
            series.setdefault((key,), []).append(group)
        for found in series.values():
            runs = self._line(found[0], text) if len(found) == 1 else self._series(found, text)
            yield self._setting.sentence(runs, (piece.stated for group in found for piece in group))

    def _series(self, groups: Sequence[Sequence[Piece]], text: str) -> tuple[Run, ...]:
        """Values of one attribute over time: `Way into office: election until 1945; succession from 1945.`."""
        language = self._language
        items: list[Run] = []
        for group in groups:
            item = language.say("{values} {time}", values=self._values(group), time=self._held(group[0].stated))
            items += [Run(language.text("; ")), *item] if items else item
        what = self._what(groups[0][0], text, named=True)
        return language.say("{what}: {values}.", what=what, values=tuple(items))

    def _line(self, group: Sequence[Piece], text: str) -> tuple[Run, ...]:
        """One line, such as `Office-holder, until 20 January 1941: Franklin D. Roosevelt; party: Democratic Party.`."""
        first = group[0]
        if first.fact.due is not None:
            return self._aim(first.fact.due, group, text)
        kinds: dict[tuple[object, ...], list[Piece]] = {}
        for piece in group:
            kinds.setdefault(_alike(piece), []).append(piece)
        runs: tuple[Run, ...] = ()
        for alike in kinds.values():
            item = self._item(alike, text, first=not runs)
            runs = (*runs, Run(self._language.text("; ")), *item) if runs else item
        return self._language.say("{items}.", items=runs)

    def _item(self, alike: Sequence[Piece], text: str, *, first: bool) -> tuple[Run, ...]:
        """Values of one attribute; the first of a line says whose and when."""
        piece, language = alike[0], self._language
        what, values = self._what(piece, text, named=first), self._values(alike)
        time = self._time(piece.stated) if first else ()
        if first and self._is_gone(piece):
            attribute = _emphasised(language.attribute(piece.fact.attribute))
            return language.say("there was no {attribute} {time}", attribute=attribute, time=self._held(piece.stated))
        if first and piece.standing == "possible":
            return language.say(
                "{what}, possibly {as_of:by} ({time}): {values}",
                what=what,
                as_of=self._setting.as_of,
                time=self._held(piece.stated),
                values=values,
            )
        if first and piece.standing == "planned":
            return language.say(
                "{what}, planned {time}: {values}", what=what, time=self._held(piece.stated), values=values
            )
        if time:
            return language.say("{what}, {time}: {values}", what=what, time=time, values=values)
        return language.say("{what}: {values}", what=what, values=values)

    def _is_gone(self, piece: Piece) -> bool:
        """It says of the subject that need not be named that it had nothing of the kind, up to a time that is past."""
        fact = piece.fact
        if fact.value is not None or piece.standing != "done" or fact.dimensions or fact.subject != self._silent:
            return False
        if fact.until in (None, "unknown") or fact.period is not None:
            return False
        end = When.parse(fact.until or "")
        return end.hi is not None and end.hi <= self._setting.last_second + 1

    def _values(self, alike: Sequence[Piece]) -> tuple[Run, ...]:
        return self._language.listed(listed_once(self._setting.value(one.stated, attribute=True) for one in alike))

    def _aim(self, due: str, alike: Sequence[Piece], text: str) -> tuple[Run, ...]:
        language, stated = self._language, alike[0].stated
        slots: dict[str, Slot] = {
            "what": self._what(alike[0], text, named=True),
            "values": self._values(alike),
            "as_of": self._setting.as_of,
        }
        if due == "unknown":
            return language.say("{what}: {values}; no date is given for reaching it.", **slots)
        slots["due"] = language.due(due, stated.ref)
        when = When.parse(due)
        if when.hi is None or when.hi > self._setting.last_second + 1:
            return language.say("{what}: {values}, to be reached {due}.", **slots)
        if self._outcome is None:
            return language.say(
                "{what}: {values}; this was due {due}, and no completion is recorded {as_of:as-of}.", **slots
            )
        slots["when"] = language.when(self._outcome.told.when, fact=self._outcome.told.event.id)
        match self._outcome.act:
            case "fulfils":
                return language.say("{what}: {values}; this was due {due}, and was fulfilled {when:on}.", **slots)
            case "cancels":
                return language.say("{what}: {values}; this was due {due}, and was cancelled {when:on}.", **slots)
        return language.say("{what}: {values}; this was due {due}, and was postponed {when:on}.", **slots)

    def _what(self, piece: Piece, text: str, *, named: bool) -> tuple[Run, ...]:
        """`Role (partner: Europe)`, after its subject if that has to be named."""
        fact, language = piece.fact, self._language
        dims = fact.dimensions
        if self._are_said(piece, text):
            dims = {}
        attribute = _emphasised(language.attribute(fact.attribute))
        what: tuple[Run, ...] = (attribute, *language.dimensions(dims))
        if named and fact.subject != self._silent and not names_subject(piece, self._setting):
            what = language.say("{subject}, {attribute}", subject=language.name(fact.subject), attribute=what)
        return what

    def _are_said(self, piece: Piece, text: str) -> bool:
        """The dimensions are named by what has been said, and the event has no others for the attribute."""
        alike = {
            tuple(sorted(fact.dimensions.items()))
            for fact in self._told.event.facts
            if fact.attribute == piece.fact.attribute
        }
        known: Mapping[str, object] = self._setting.matter.entities
        labels = [self._setting.matter.entities[name].label for _, name in piece.dims if name in known]
        return len(alike) == 1 and len(labels) == len(piece.dims) and all(label.casefold() in text for label in labels)

    def _time(self, stated: Stated) -> tuple[Run, ...]:
        """When it holds, unless that is when the event occurred and no more."""
        fact, when = stated.fact, self._told.when
        own = when.edtf[3:-1].strip() if is_by(when) else when.edtf
        ends = fact.until is not None or fact.through is not None
        begins = fact.at if fact.at is not None else fact.from_
        if fact.period is None and begins in (None, own):
            return self._ending(stated) if ends and fact.until not in self._ends else ()
        return self._held(stated)

    def _ending(self, stated: Stated) -> tuple[Run, ...]:
        """How long it holds, of what began with the event."""
        fact = stated.fact
        end = fact.until or fact.through
        assert end is not None
        if end == "unknown":
            return self._held(stated)
        form = "until" if fact.until is not None else "through"
        return runs_of(self._language.when(When.parse(end), fact=stated.ref), form)

    def _held(self, stated: Stated) -> tuple[Run, ...]:
        fact = stated.fact
        if fact.period is not None:
            return self._language.period(fact.period, fact=stated.ref).form("on")
        return self._language.held(fact, self._told.when, stated.ref)


def _alike(piece: Piece) -> tuple[object, ...]:
    """What values have in common that are listed together."""
    return piece.fact.attribute, piece.dims, piece.fact.holds


def _emphasised(run: Run) -> Run:
    return Run(run.text, run.kind, "emphasis", run.fact, run.when, run.entity, run.href, run.lang)

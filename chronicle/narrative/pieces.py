"""The facts of an event as they may be told: how each stands, and what has been said of them already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from chronicle.event.model import Event, Fact
from chronicle.event.span import span_of
from chronicle.event.value import EntityValue, Figure, Quantity, Range, Text
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Run
from chronicle.narrative.language import Language
from chronicle.narrative.setting import Setting, Stated
from chronicle.state.occurrence import reported_by

Dims = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A fact that may be told: it took effect (`done`), may have (`possible`), or is foreseen (`planned`)."""

    stated: Stated
    standing: Literal["done", "possible", "planned"]

    @property
    def fact(self) -> Fact:
        """The fact."""
        return self.stated.fact

    @property
    def dims(self) -> Dims:
        """The dimensions, in order."""
        return tuple(sorted(self.fact.dimensions.items()))


def pieces(told: Told, setting: Setting) -> list[Piece]:
    """The facts that may be told as of the date, in the order of the event."""
    found = []
    for ordinal, fact in enumerate(told.event.facts):
        standing = _standing(told, fact, setting.last_second)
        if standing is not None:
            found.append(Piece(Stated(told.event, ordinal), standing))
    return found


def _standing(told: Told, fact: Fact, last_second: int) -> Literal["done", "possible", "planned"] | None:
    span = span_of(fact, told.when)
    if span.from_lo > last_second:
        return "planned" if told.known else None
    if fact.period is not None and reported_by(told.record, span.from_lo - 1) and told.record.reported is not None:
        return "planned"
    return "done" if span.from_hi <= last_second + 1 else "possible"


def is_numeric(fact: Fact) -> bool:
    """It states a figure, and not that there is none."""
    return fact.holds and isinstance(fact.value, Figure | Quantity | Range)


def is_aim(fact: Fact, setting: Setting) -> bool:
    """Its value is to be reached."""
    known = setting.matter.attributes.get(fact.attribute)
    return fact.due is not None or (known is not None and known.measures == "target")


def already_said(piece: Piece, text: str, setting: Setting) -> bool:
    """The words of a fact stand in what has been said of its event (`text`, case-folded), and its row in the state.

    Only words that hold: figures, aims and denials are always told.
    """
    fact = piece.fact
    if piece.standing != "done" or not fact.holds or is_aim(fact, setting) or not setting.is_in_state(piece.stated):
        return False
    match fact.value:
        case Text(words):
            return words.casefold() in text
        case EntityValue(entity):
            known = setting.matter.entities.get(entity)
            return known is not None and known.label.casefold() in text
    return False


def untold(found: Sequence[Piece], text: str, setting: Setting) -> list[Piece]:
    """The pieces but for those whose words have all been said, together with those they are told with."""
    said = {piece.stated.ref for piece in found if already_said(piece, text, setting)}
    together: dict[tuple[object, ...], list[Piece]] = {}
    for piece in found:
        together.setdefault((piece.fact.subject, piece.fact.attribute, piece.dims), []).append(piece)
    spare = {
        piece.stated.ref
        for group in together.values()
        if all(piece.stated.ref in said for piece in group)
        for piece in group
    }
    return [piece for piece in found if piece.stated.ref not in spare]


def owner(event: Event, found: Iterable[Piece], text: str, setting: Setting) -> str | None:
    """The one subject of all pieces, if what has been said names it (`text`, case-folded), or the event only it."""
    subjects = {piece.fact.subject for piece in found}
    if len(subjects) != 1:
        return None
    subject = next(iter(subjects))
    known = setting.matter.entities.get(subject)
    is_named = known is not None and known.label.casefold() in text
    return subject if is_named or is_alone(event, subject) else None


def is_alone(event: Event, subject: str) -> bool:
    """Nobody but the subject takes part in the event."""
    people = {one if isinstance(one, str) else one.entity for one in event.participants}
    return people == {subject}


def names_subject(piece: Piece, setting: Setting) -> bool:
    """The label of the attribute names the subject: `US companies operating in Azerbaijan`."""
    known = setting.matter.attributes.get(piece.fact.attribute)
    subject = setting.matter.entities.get(piece.fact.subject)
    return known is not None and subject is not None and subject.label in (known.label or "")


def values_held(values: Iterable[tuple[tuple[Run, ...], bool]], language: Language, *, many: bool) -> tuple[Run, ...]:
    """Values, each once, with whether it is certain that they hold: `A and possibly B`, `possibly A or B`.

    Those of a `many` attribute hold beside one another; of another attribute at most one of them does.
    """
    found: dict[str, tuple[tuple[Run, ...], bool]] = {}
    for runs, certain in values:
        text = "".join(run.text for run in runs)
        found[text] = runs, certain or (text in found and found[text][1])
    sure = [certain for _, certain in found.values()]
    said = [runs for runs, _ in found.values()]
    if many and any(sure):
        return language.listed(
            [runs if certain else language.say("possibly {values}", values=runs) for runs, certain in found.values()]
        )
    if all(sure):
        return language.listed(said)
    return language.say("possibly {values}", values=language.listed(said, "and" if many else "or"))


def listed_once(runs: Iterable[tuple[Run, ...]]) -> list[tuple[Run, ...]]:
    """Each text once, in order."""
    return list({"".join(run.text for run in one): one for one in runs}.values())

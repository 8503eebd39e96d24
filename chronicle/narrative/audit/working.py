"""Computed sentences computed again: the working has to come out, over the exact values of the facts it rests on.

`1994-09-20 / 1995-09-20 = 1 year`, `$1.49 billion / $61.8 million = 24.11`, `count = 9`; several are joined by `; `.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, localcontext

from chronicle.event.model import Fact
from chronicle.event.span import shape_of
from chronicle.event.value import QUALIFIERS, Quantity, Range
from chronicle.narrative.audit import arithmetic
from chronicle.narrative.audit.figure_runs import Fault
from chronicle.narrative.audit.ground import Ground
from chronicle.narrative.audit.hedges import is_hedged
from chronicle.narrative.audit.lines import Line
from chronicle.narrative.audit.numerals import DIGITS, Numeral, NumeralReader
from chronicle.narrative.audit.stated import Stated, is_date
from chronicle.narrative.audit.typed_runs import events_of
from chronicle.when import When
from chronicle.when.calendar import DAY_SECONDS, add_months, civil_from_days

CONSTANTS = (Decimal(1), Decimal(100))
"""Numbers that a working may have of its own: a whole, and per cent."""

_ELAPSED = re.compile(r"(?P<first>\S+) / (?P<second>\S+) = (?P<count>\d+) (?P<unit>day|month|year)s?")
_COUNT = re.compile(r"(?:count = )?(\d+)")
_EQUALS = re.compile("[=≈]")
_APART = re.compile("\u00a0?; ")  # in French there is a space before the sign
_UNITS = {"month": 1, "year": 12}


class WorkingReader:
    """Computes again what one document has computed."""

    def __init__(self, ground: Ground, numerals: NumeralReader) -> None:
        self._ground = ground
        self._numerals = numerals

    def faults(self, line: Line) -> Iterator[tuple[str, Fault]]:
        """What is wrong with the workings of a sentence, if it has any."""
        outcomes: list[Decimal] = []
        for working in filter(None, _APART.split(line.sentence.working or "")):
            elapsed, count = _ELAPSED.fullmatch(working), _COUNT.fullmatch(working)
            if count is not None:
                number, counted = int(count[1]), self._counted(line)
                found: Decimal | Fault = (
                    Decimal(number) if number in counted else ("working", f"there are {_any(counted)}")
                )
            elif elapsed and is_date(elapsed["first"]) and is_date(elapsed["second"]):
                found = self._elapsed(elapsed, line)
            else:
                found = self._computed(working, line)
            if isinstance(found, Decimal):
                outcomes.append(found)
            else:
                yield working, found
        if line.sentence.working is not None:
            yield from self._printed(outcomes, line)

    def _printed(self, outcomes: list[Decimal], line: Line) -> Iterator[tuple[str, Fault]]:
        """Each figure of the sentence that is no fact's has to be a result; in per cent, also a change or share."""
        text = line.sentence.text
        for run in line.sentence.runs:
            if run.kind != "figure" or run.fact is not None:
                continue
            said = self._numerals.read(run.text)
            with localcontext(prec=DIGITS):
                meant = [
                    one
                    for out in outcomes
                    for one in ((out, (out - 1) * 100, out * 100) if "%" in run.text else (out,))
                ]
            if len(said) != 1 or not any(said[0].rounds(abs(one)) or said[0].rounds(one) for one in meant):
                computed = ", ".join(f"{one:.12g}" for one in outcomes) or "nothing"
                yield run.text, ("working", f"the working comes to {computed}")
        stated = [one for ref in line.refs for one in self._ground.stated(ref)]
        if len(stated) > 1 and outcomes and (fault := _comparable(stated, text, self._ground.language)) is not None:
            yield text, fault

    def counts(self, line: Line) -> frozenset[int]:
        """The whole numbers that the workings of a line come to: events, rows that are not shown, a time in units."""
        workings = _APART.split(line.sentence.working or "")
        elapsed = (_ELAPSED.fullmatch(one) for one in workings)
        counted = (_COUNT.fullmatch(one) for one in workings)
        return frozenset(
            {int(one["count"]) for one in elapsed if one is not None}
            | {int(one[1]) for one in counted if one is not None}
        )

    def _counted(self, line: Line) -> set[int]:
        """How many events a line rests on; of one that rests on nothing, how many rows its section does not show."""
        if line.refs:
            return {len(events_of(line))}
        shown = {ref for ref in line.within if "#" in ref}
        figures = {bool(one.numbers) for ref in shown for one in self._ground.stated(ref)}
        rest = [
            row
            for row in self._ground.matter.state
            if f"{row.event.id}#{row.candidate.ordinal + 1}" not in shown and not self._is_aim(row.fact)
        ]
        rest = [row for row in rest if bool(Stated(row.fact, row.event).numbers) in figures]
        groups = {(row.fact.subject, row.fact.attribute, tuple(sorted(row.fact.dimensions.items()))) for row in rest}
        return {len(rest), len(groups)}

    def _is_aim(self, fact: Fact) -> bool:
        known = self._ground.matter.attributes.get(fact.attribute)
        return fact.due is not None or (known is not None and known.measures == "target")

    def _elapsed(self, found: re.Match[str], line: Line) -> Decimal | Fault:
        dates = {time for event in events_of(line) for time in self._ground.times(event)}
        for one in (found["first"], found["second"]):
            if one not in dates:
                return "working", f"{one} is no date of what the sentence rests on"
        first, second = When.parse(found["first"]).strict_lo, When.parse(found["second"]).strict_lo
        assert first is not None
        assert second is not None
        count, unit = int(found["count"]), found["unit"]
        if unit == "day":
            comes_out = (second - first) == count * DAY_SECONDS
        else:
            moved = add_months(*civil_from_days(first // DAY_SECONDS), count * _UNITS[unit])
            comes_out = moved == civil_from_days(second // DAY_SECONDS)
        if comes_out:
            return Decimal(count)
        return "working", f"from {found['first']} to {found['second']} is not {count} {unit}s"

    def _computed(self, working: str, line: Line) -> Decimal | Fault:
        sides = _EQUALS.split(working)
        if len(sides) != 2:
            return "working", "it is no computation: write operands, a sign of equality and the result"
        exact = {number for ref in line.refs for number in self._ground.numbers(ref)}
        for read in (arithmetic.machine, self._numerals.read):
            tokens = arithmetic.tokens(sides[0], read)
            operands = [one.value for one in tokens if isinstance(one, Numeral)]
            if operands and all(one in exact or -one in exact or one in CONSTANTS for one in operands):
                results, outcome = read(sides[1]), arithmetic.outcome(tokens)
                if outcome is None or len(results) != 1:
                    return "working", "it cannot be computed"
                return outcome if results[0].rounds(outcome) else ("working", f"it comes to {outcome:.12g}")
        return "working", "its operands are not the values of the facts it rests on"


def _any(numbers: set[int]) -> str:
    return " or ".join(map(str, sorted(numbers)))


def _comparable(stated: list[Stated], text: str, language: str) -> Fault | None:
    figures = [one.fact for one in stated if one.numbers]
    shapes = {shape_of(fact.period) if fact.period else "" for fact in figures}
    if len(shapes) > 1:
        return "unlike", "it compares figures of periods of different length"
    vague = any(
        isinstance(fact.value, Range) or (isinstance(fact.value, Quantity) and fact.value.qualifier) for fact in figures
    )
    if vague and not any(is_hedged(text, how, language) for how in QUALIFIERS):
        return "hedge", "it computes with a figure that is not exact, and does not say so"
    return None

"""Computed sentences computed again: the working has to come out, over the exact values of the facts it rests on.

1994-09-20 / 1995-09-20 = 1 year          1490000000 / 61800000 = 24.1
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, DivisionByZero, InvalidOperation, localcontext

from chronicle.event.span import shape_of
from chronicle.event.value import QUALIFIERS, Quantity, Range
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
_TOKEN = re.compile(r"[-+−×*÷/()]")
_EQUALS = re.compile("[=≈]")
_UNITS = {"month": 1, "year": 12}
_OPERATIONS = {"−": "-", "×": "*", "÷": "/"}

Token = Numeral | str
_OPEN = "("


class WorkingReader:
    """Computes again what one document has computed."""

    def __init__(self, ground: Ground, numerals: NumeralReader) -> None:
        self._ground = ground
        self._numerals = numerals
        self._plain = NumeralReader("en")

    def faults(self, line: Line) -> Iterator[tuple[str, Fault]]:
        """What is wrong with the working of a sentence, if it has one."""
        working = line.sentence.working
        if working is None:
            return
        elapsed = _ELAPSED.fullmatch(working)
        if elapsed and is_date(elapsed["first"]) and is_date(elapsed["second"]):
            fault = self._elapsed(elapsed, line)
        else:
            fault = self._computed(working, line)
        if fault is not None:
            yield working, fault

    def results(self, line: Line) -> list[Numeral]:
        """The numbers to the right of the working's sign of equality."""
        working = line.sentence.working
        sides = _EQUALS.split(working or "")
        return [*self._numerals.read(sides[-1]), *self._plain.read(sides[-1])] if len(sides) > 1 else []

    def _elapsed(self, found: re.Match[str], line: Line) -> Fault | None:
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
        return None if comes_out else ("working", f"from {found['first']} to {found['second']} is not {count} {unit}s")

    def _computed(self, working: str, line: Line) -> Fault | None:
        sides = _EQUALS.split(working)
        if len(sides) != 2:
            return "working", "it is no computation: write operands, a sign of equality and the result"
        stated = [one for ref in line.refs for one in self._ground.stated(ref)]
        exact = {number for one in stated for number in one.numbers}
        problem: Fault = ("working", "its operands are not the values of the facts it rests on")
        for numerals in (self._plain, self._numerals):
            tokens = _tokens(sides[0], numerals)
            operands = [one.value for one in tokens if isinstance(one, Numeral)]
            if not operands or any(
                abs(one) not in exact and one not in exact and one not in CONSTANTS for one in operands
            ):
                continue
            results = numerals.read(sides[1])
            outcome = _outcome(tokens)
            if outcome is None or len(results) != 1:
                return "working", "it cannot be computed"
            if not results[0].rounds(outcome):
                return "working", f"it comes to {outcome:.12g}"
            return self._printed(results[0], outcome, line) or _comparable(stated, line, self._ground.language)
        return problem

    def _printed(self, result: Numeral, outcome: Decimal, line: Line) -> Fault | None:
        """The figures of the sentence that are no fact's are the result."""
        for run in line.sentence.runs:
            if run.kind == "figure" and run.fact is None:
                said = self._numerals.read(run.text)
                if len(said) != 1 or not (said[0].value == result.value or said[0].rounds(abs(outcome))):
                    return "working", f"the text says {run.text!r}, and it comes to {outcome:.12g}"
        return None


def _comparable(stated: list[Stated], line: Line, language: str) -> Fault | None:
    figures = [one.fact for one in stated if one.numbers]
    shapes = {shape_of(fact.period) if fact.period else "" for fact in figures}
    if len(shapes) > 1:
        return "unlike", "it compares figures of periods of different length"
    vague = any(
        isinstance(fact.value, Range) or (isinstance(fact.value, Quantity) and fact.value.qualifier) for fact in figures
    )
    if vague and not any(is_hedged(line.sentence.text, how, language) for how in QUALIFIERS):
        return "hedge", "it computes with a figure that is not exact, and does not say so"
    return None


def _tokens(text: str, numerals: NumeralReader) -> list[Token]:
    """Numbers, signs and brackets in order; words and units are passed over."""
    read = numerals.read(text)
    found: list[tuple[int, Token]] = [(one.start, one) for one in read]
    found += [
        (sign.start(), _OPERATIONS.get(sign[0], sign[0]))
        for sign in _TOKEN.finditer(text)
        if not any(one.start <= sign.start() < one.end for one in read)
    ]
    return [token for _, token in sorted(found, key=lambda one: one[0])]


def _outcome(tokens: list[Token]) -> Decimal | None:
    """The value of an expression of + - * / and brackets; None if it is none."""
    rest = list(tokens)
    try:
        with localcontext(prec=DIGITS):
            value = _sum(rest)
    except (IndexError, DivisionByZero, InvalidOperation):
        return None
    return value if not rest else None


def _sum(rest: list[Token]) -> Decimal:
    value = _product(rest)
    while rest and rest[0] in ("+", "-"):
        value = value + _product(rest) if rest.pop(0) == "+" else value - _product(rest)
    return value


def _product(rest: list[Token]) -> Decimal:
    value = _atom(rest)
    while rest and rest[0] in ("*", "/"):
        value = value * _atom(rest) if rest.pop(0) == "*" else value / _atom(rest)
    return value


def _atom(rest: list[Token]) -> Decimal:
    token = rest.pop(0)
    if isinstance(token, Numeral):
        return token.value
    if token == _OPEN:
        value = _sum(rest)
        if rest.pop(0) == ")":
            return value
    raise InvalidOperation

"""What the tables of several commands say alike: the basis, keys, values and how certain they are.

They say ids, not labels: ids are what the options of the next question take.
"""

from __future__ import annotations

from collections.abc import Mapping

from chronicle.event.value import EntityValue, Value
from chronicle.narrative.language import Language
from chronicle.state.answer import Basis
from chronicle.state.held import Held

_ENGLISH = Language("en", {}, {})


def basis_line(basis: Basis) -> str:
    """One line that says what an answer was computed from."""
    as_of = f"as of {basis.as_of}" if basis.as_of else "over all time"
    known = f", as reported by {basis.known}" if basis.known else ""
    resolution = f", {basis.resolution}" if basis.resolution else ""
    redacted = ", ".join(f"{kind} {name} of {chronicle}" for chronicle, kind, name in basis.redacted)
    without = f"; redacted: {redacted}" if redacted else ""
    return f"{as_of}{known}, position {basis.position}, {basis.zone}{resolution}{without}"


def key_cells(key: Mapping[str, object]) -> tuple[str, str]:
    """Subject, and attribute with its dimensions."""
    dimensions = key["dimensions"]
    assert isinstance(dimensions, dict)
    return str(key["subject"]), attribute_cell(str(key["attribute"]), dimensions)


def attribute_cell(attribute: str, dimensions: Mapping[str, str]) -> str:
    """An attribute with its dimensions."""
    return attribute + "".join(f" {key}={value}" for key, value in dimensions.items())


def value_cell(value: Value | None) -> str:
    """A value by its ids; a denial is `none`."""
    match value:
        case None:
            return "none"
        case EntityValue(entity):
            return entity
    return "".join(run.text for run in _ENGLISH.value(value, bare=True))


def held_cell(held: Held | None) -> str:
    """All values that hold or may hold."""
    return "nothing" if held is None else " or ".join(value_cell(value) for value in held.values)


def certainty_cell(*, certain: bool, may_be_absent: bool) -> str:
    """How sure the values are."""
    return ("certain" if certain else "possible") + (", or absent" if may_be_absent else "")

"""New documents to fill in (`chronicle new`), with comments that teach the format.

What is to be filled in stands in angle brackets, which no field accepts: an unfilled document is refused, never loaded.
"""

from __future__ import annotations

from collections.abc import Iterable

from chronicle.errors import QuestionError, shown
from chronicle.event.known_types import TYPES
from chronicle.event.model import KINDS
from chronicle.event.validate import is_name, is_type

MODELINE = "# yaml-language-server: $schema=../.schema.json"
"""Where editors find the schema that `chronicle schema -o events/.schema.json` writes."""

_PLANS = ("plan.announced", "commitment.made")
_PLAN_ACTS = {"plan.fulfilled": "fulfils", "plan.cancelled": "cancels", "plan.postponed": "postpones"}
_FIGURES = ("statistic.reported", "statistic.revised")
_ALONE = (*_FIGURES, "statement.made", "source.published")
"""Known types whose events have no participants to speak of."""

_OTHERS = {
    "source": """\
kind: source
id: {id}
title: <title as printed>
publisher: <publisher>
published: <date>  # EDTF; decides since when its facts count as reported
url: <https://…>
language: en
""",
    "entity": """\
kind: entity
id: {id}
label: <what people call it>
# labels: {{az: …}}  # in other languages
type: <country, company, person, office …>
description: <one sentence>
""",
    "attribute": """\
kind: attribute
id: {id}
label: <what people call it>
cardinality: one  # or many: values side by side
measures: state  # or period: figures of periods; or target
# unit: USD
# sum_of: [part, other-part]  # also share_of: {{part, whole}}, balance_of: {{exports, imports}}, growth_of: attribute
""",
    "chronicle": """\
kind: chronicle
id: {id}
title: <title>
description: <what it tells, and from when to when>
languages: [en]
""",
}


def scaffold(what: str, id: str, *, occurred: str | None = None, title: str | None = None) -> str:  # noqa: A002
    """The text of a new document of a kind, or of a new event of a type, known or not. Raises QuestionError."""
    if not is_name(id):
        raise QuestionError(f"{shown(id)} is no id: letters, digits and . _ : ~ -, beginning with a letter or digit")
    if what in _OTHERS:
        if occurred is not None or title is not None:
            raise QuestionError("--occurred and --title are of events")
        return f"{MODELINE}\n{_OTHERS[what].format(id=id)}"
    if not is_type(what) or what in KINDS:
        kinds, types = ", ".join(_OTHERS), ", ".join(TYPES[:4])
        raise QuestionError(f"{shown(what)} is neither a kind ({kinds}) nor a type of event, such as {types}")
    return "\n".join((MODELINE, *_event(what, id, occurred, title), ""))


def _event(kind: str, id: str, occurred: str | None, title: str | None) -> Iterable[str]:  # noqa: A002
    yield f"id: {id}"
    yield f"type: {kind}"
    yield f"occurred: {_quoted(occurred) if occurred else '<date>'}  # EDTF: 1994, 1994-09, 1994~, 2025-01/2025-09"
    yield f"title: {_quoted(title) if title else '<one line>'}"
    yield "# summary: plain prose, in your own words"
    if kind not in _ALONE:
        yield "participants: [<entity>]  # or {entity: …, role: …}"
    yield "facts:"
    yield from (f"  {line}" for line in _fact(kind))
    if kind in _PLAN_ACTS:
        yield f"related: [{{event: <id of the plan>, relation: {_PLAN_ACTS[kind]}}}]"
    elif kind == "statistic.revised":
        yield "related: [{event: <id of the event revised>, relation: revises}]"
    else:
        yield "# related: [{event: …, relation: builds-on}]  # led-to, part-of, implements, revises, fulfils …"
    yield "sources: [{source: <source>, locator: <paragraph or page>}]"
    yield "# tags: [energy]"
    if kind == "statement.made":
        yield "stated_by: <entity>"


def _fact(kind: str) -> Iterable[str]:
    yield "- subject: <entity>"
    yield "  attribute: <attribute>"
    if kind in _FIGURES:
        yield "  # dimensions: {partner: usa}  # what tells figures of one attribute apart"
        yield "  value: {amount: <1.55e9>, unit: <USD>}  # qualifier: about, more-than, less-than, at-least, at-most"
        yield "  period: <2025>  # counts from the period's last second; or at: for a stock"
    elif kind in _PLANS or kind == "plan.postponed":
        yield "  value: <what is to be reached>  # text, a number, {entity: …}, {amount, unit} or {low, high, unit}"
        yield "  due: unknown  # an EDTF date where one is given"
    else:
        yield "  value: <value>  # text, a number, {entity: …}, {amount, unit} or {low, high, unit}"
        yield "  # from: left out, when the event occurred; until: where it ended; at: where it was only observed"


def _quoted(text: str) -> str:
    """Text as a YAML scalar that is text to every reader."""
    return "'" + text.replace("'", "''") + "'"

"""Which facts are of effective versions (DESIGN 5.2), and what is said of their reports: as parts of statements.

They take the parameters `position` and, where there is a bound of knowledge, `known`; with `side` at the end of their
names where a statement is about two horizons.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, case, exists, func, literal_column, select

from chronicle.event.candidate import SINCE_EVER
from chronicle.store.read import Horizon
from chronicle.store.schema import report, version

SIDES = ("_0", "_1")
"""The two horizons that a statement is about, as the ends of names of parameters and columns."""


def parameters(horizon: Horizon, side: str = "") -> dict[str, int]:
    """Their values, by name."""
    known = {} if horizon.known is None else {f"known{side}": horizon.known}
    return {f"position{side}": horizon.position} | known


def of_both(one: Horizon, other: Horizon) -> dict[str, int]:
    """The same of two horizons."""
    return {
        name: at for side, each in zip(SIDES, (one, other), strict=True) for name, at in parameters(each, side).items()
    }


def reported(facts: FromClause, side: str = "") -> ColumnElement[Any]:
    """When a fact was reported."""
    return _said(facts, "reported", func.coalesce(report.c.reported, SINCE_EVER), side)


def visible(facts: FromClause, side: str = "") -> ColumnElement[Any]:
    """From which second on a fact is known."""
    return _said(facts, "visible", report.c.visible, side)


def overtaken(facts: FromClause, side: str = "") -> ColumnElement[bool]:
    """A later version is within the position and visible by what is known."""
    later, latest = version.alias(), report.alias()
    upto = (
        select(func.max(latest.c.since))
        .where(latest.c.position == later.c.position, latest.c.since <= bindparam(f"position{side}"))
        .scalar_subquery()
    )
    return exists().where(
        later.c.first == facts.c.first,
        later.c.position > facts.c.position,
        later.c.position <= bindparam(f"position{side}"),
        report.c.position == later.c.position,
        report.c.since == upto,
        report.c.visible <= bindparam(f"known{side}"),
    )


def effective(facts: FromClause, *, is_known: bool, side: str = "") -> list[ColumnElement[bool]]:
    """A fact is of an effective version; only one that is superseded needs its successors looked at."""
    within = facts.c.position + literal_column("0") <= bindparam(f"position{side}")  # which is not to choose the index
    is_latest = facts.c.superseded.is_(None) | (facts.c.superseded > bindparam(f"position{side}"))
    if not is_known:
        return [within, is_latest]
    return [within, visible(facts, side) <= bindparam(f"known{side}"), is_latest | ~overtaken(facts, side)]


def _said(facts: FromClause, name: str, otherwise: ColumnElement[Any], side: str) -> ColumnElement[Any]:
    """What `report` says at the position asked at; that is seldom anything else than the fact has itself."""
    revised = (
        select(otherwise)
        .where(report.c.position == facts.c.position, report.c.since <= bindparam(f"position{side}"))
        .order_by(report.c.since.desc())
        .limit(1)
    )
    is_revised = facts.c.revised <= bindparam(f"position{side}")
    return case((is_revised, revised.scalar_subquery()), else_=facts.c[name])

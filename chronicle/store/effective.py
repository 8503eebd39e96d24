"""Which facts are of effective versions (DESIGN 5.2), and what is said of their reports: as parts of statements.

They take the parameters `position` and, where there is a bound of knowledge, `known`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, case, exists, func, select

from chronicle.event.candidate import SINCE_EVER
from chronicle.store.schema import report, version


def reported(facts: FromClause) -> ColumnElement[Any]:
    """When a fact was reported."""
    return _said(facts, "reported", func.coalesce(report.c.reported, SINCE_EVER))


def visible(facts: FromClause) -> ColumnElement[Any]:
    """From which second on a fact is known."""
    return _said(facts, "visible", report.c.visible)


def overtaken(facts: FromClause) -> ColumnElement[bool]:
    """A later version is within the position and visible by what is known."""
    later, latest = version.alias(), report.alias()
    upto = (
        select(func.max(latest.c.since))
        .where(latest.c.position == later.c.position, latest.c.since <= bindparam("position"))
        .scalar_subquery()
    )
    return exists().where(
        later.c.first == facts.c.first,
        later.c.position > facts.c.position,
        later.c.position <= bindparam("position"),
        report.c.position == later.c.position,
        report.c.since == upto,
        report.c.visible <= bindparam("known"),
    )


def effective(facts: FromClause, *, is_known: bool) -> list[ColumnElement[bool]]:
    """A fact is of an effective version; only one that is superseded needs its successors looked at."""
    within = facts.c.position <= bindparam("position")
    is_latest = facts.c.superseded.is_(None) | (facts.c.superseded > bindparam("position"))
    if not is_known:
        return [within, is_latest]
    return [within, visible(facts) <= bindparam("known"), is_latest | ~overtaken(facts)]


def _said(facts: FromClause, name: str, otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
    """What `report` says at the position asked at; that is seldom anything else than the fact has itself."""
    revised = (
        select(otherwise)
        .where(report.c.position == facts.c.position, report.c.since <= bindparam("position"))
        .order_by(report.c.since.desc())
        .limit(1)
    )
    is_revised = facts.c.revised <= bindparam("position")
    return case((is_revised, revised.scalar_subquery()), else_=facts.c[name])

"""Composition: what is known at a basis, told in one language as a document."""

from __future__ import annotations

from dataclasses import replace

from chronicle.errors import QuestionError, UnknownError, near
from chronicle.errors import shown as quoted
from chronicle.narrative.chapters import shown, told_events
from chronicle.narrative.document import Document
from chronicle.narrative.framing import framed
from chronicle.narrative.inert import plain
from chronicle.narrative.kinds import brief, changes, profile, prose
from chronicle.narrative.language import Language
from chronicle.narrative.matter import ReportMatter, narrowed
from chronicle.narrative.order import Order
from chronicle.narrative.setting import Setting, author_language


def compose(matter: ReportMatter, order: Order) -> Document:
    """The report that is ordered. The same matter and order give the same document.

    Raises QuestionError for an order that lacks what its kind needs, and UnknownError for an entity that is not there.
    """
    match order.kind:
        case "changes":
            return _changes(matter, order)
        case "profile":
            return _profile(matter, order)
    setting = _setting(matter, order)
    told = told_events(matter)
    if order.kind == "brief":
        return framed(setting, order.kind, tuple(brief.sections(told, setting)))
    setting.linked = {one.event.id for one in shown(told, matter)}
    full = order.kind == "narrative"
    return framed(setting, order.kind, tuple(prose.sections(told, setting, pictures=order.pictures, full=full)))


def _setting(matter: ReportMatter, order: Order) -> Setting:
    written = author_language(matter, order.lang) or order.lang
    return Setting(matter, Language(order.lang, matter.entities, matter.attributes, written), order.templates)


def _changes(matter: ReportMatter, order: Order) -> Document:
    since = order.since
    if since is None:
        raise QuestionError("a report of changes needs the earlier of its two bases: give since, such as 2025-12-31")
    setting = _setting(matter, order)
    sections = changes.sections(told_events(since), told_events(matter), since, order.diff, setting)
    return framed(setting, order.kind, tuple(sections), since=since.basis)


def _profile(matter: ReportMatter, order: Order) -> Document:
    if order.entity is None:
        raise QuestionError("a profile is of one entity: give its id")
    known = matter.entities.get(order.entity)
    if known is None:
        raise UnknownError(f"there is no entity {quoted(order.entity)}{near(order.entity, matter.entities)}")
    narrow = narrowed(matter, replace(matter.narrowing, entities=(order.entity,)))
    others = tuple(name for name in matter.narrowing.entities if name != order.entity)
    setting = _setting(replace(matter, narrowing=replace(matter.narrowing, entities=others)), order)
    told = told_events(matter)
    named = shown(told, narrow)
    setting.linked = {one.event.id for one in named}
    sections = profile.sections(order.entity, told, named, setting, pictures=order.pictures)
    label = setting.language.label(order.entity)
    return framed(
        setting,
        order.kind,
        tuple(sections),
        title=plain(label.text),
        title_lang=label.lang,
        description=known.description,
    )

"""Composition: what is known at a basis, told in one language as a document."""

from __future__ import annotations

from chronicle.narrative.chapters import told_events
from chronicle.narrative.document import Document
from chronicle.narrative.framing import framed
from chronicle.narrative.kinds import prose
from chronicle.narrative.language import Language
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.order import Order
from chronicle.narrative.setting import Setting


def compose(matter: ReportMatter, order: Order) -> Document:
    """The report that is ordered. The same matter and order give the same document."""
    setting = Setting(matter, Language(order.lang, matter.entities, matter.attributes))
    told = told_events(matter)
    sections = tuple(prose.sections(told, setting, pictures=order.pictures))
    return framed(setting, order.kind, sections)

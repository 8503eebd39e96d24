"""The narrative: chapters of prose in order of time, then the state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chronicle.narrative.chapters import Chapter, Told, chapters, shown
from chronicle.narrative.charts import charts
from chronicle.narrative.document import Block, Paragraph, Section, Sentence
from chronicle.narrative.entries import Teller
from chronicle.narrative.headings import anchor, heading, note
from chronicle.narrative.lanes import timeline
from chronicle.narrative.setting import Setting
from chronicle.narrative.state_table import state_table


def sections(told: Sequence[Told], setting: Setting, *, pictures: bool, full: bool = True) -> Iterator[Section]:
    """The sections of a narrative; not `full`: of a timeline, whose entries are short."""
    some = shown(told, setting.matter)
    yield from chapter_sections(told, some, setting, pictures=pictures, full=full)
    drawn = charts(some, setting) if pictures else ()
    if drawn:
        yield Section("charts", setting.language.text("Figures side by side"), drawn)
    yield state_section(setting)


def chapter_sections(
    told: Sequence[Told], some: Sequence[Told], setting: Setting, *, pictures: bool, full: bool = True
) -> Iterator[Section]:
    """The timeline as a picture, and the chapters, of some of all that can be told."""
    text = setting.language.text
    drawn = timeline(some, setting) if pictures else None
    if drawn is not None:
        yield Section("timeline", text("Timeline"), (drawn,))
    teller = Teller(setting, told)
    for chapter in chapters(some):
        yield _section(chapter, teller, setting, "", full=full)
    if not some:
        yield Section("events", text("Events"), (nothing_told(setting),))


def _section(chapter: Chapter, teller: Teller, setting: Setting, within: str, *, full: bool) -> Section:
    name = anchor(within, chapter.kind if chapter.kind != "in" else "", chapter.heading)
    said = note(chapter, setting)
    teller.begin(chapter)
    entries = tuple(teller.entry(one) if full else teller.short(one) for one in chapter.events)
    blocks: tuple[Block, ...] = (*([Paragraph((said,))] if said is not None else []), *entries)
    inside = tuple(_section(one, teller, setting, name, full=full) for one in chapter.chapters)
    return Section(name, heading(chapter, setting.language), blocks, inside)


def nothing_told(setting: Setting) -> Paragraph:
    """A report with nothing to say says so (R24)."""
    say = setting.language.say
    if setting.matter.narrowing:
        return Paragraph((Sentence(say("No event that fits is recorded {as_of:by}.", as_of=setting.as_of)),))
    runs = say("Nothing is recorded as having happened, or as planned, {as_of:by}.", as_of=setting.as_of)
    return Paragraph((Sentence(runs),))


def state_section(setting: Setting) -> Section:
    """The state as a table, or that there is none."""
    language = setting.language
    title = "".join(run.text for run in language.say("State {as_of:as-of}", as_of=setting.as_of))
    if setting.matter.state:
        return Section("state", title, (state_table(setting.matter.state, setting),))
    runs = language.say("Nothing is recorded as holding {as_of:as-of}.", as_of=setting.as_of)
    return Section("state", title, (Paragraph((Sentence(runs),)),))

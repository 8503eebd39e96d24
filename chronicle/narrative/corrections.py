"""What became of an event's record between two bases: its date, its title and its facts, before and now."""

from __future__ import annotations

from collections.abc import Iterator

from chronicle.event.model import Event, Fact
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Run, Sentence
from chronicle.narrative.inert import plain
from chronicle.narrative.language import Slot
from chronicle.narrative.setting import Setting, Stated

_Slot = tuple[object, ...]


def corrections(before: Told, after: Told, setting: Setting) -> Iterator[Sentence]:
    """A sentence for each difference; none where the versions tell the same."""
    was, now, language = before.event, after.event, setting.language
    if plain(was.title) != plain(now.title):
        title = Run(plain(was.title), kind="title", lang=setting.author_lang)
        yield setting.sentence(language.say("It had been titled “{title}”.", title=title), [Stated(now)])
    if was.occurred != now.occurred:
        runs = language.say(
            "The date had been given as {before}; it is now given as {after}.",
            before=language.when(before.when, fact=_earlier(before).ref),
            after=language.when(after.when, fact=now.id),
        )
        yield setting.sentence(runs, [_earlier(before), Stated(now)])
    yield from _facts(before, after, setting)
    if (was.summary or "") != (now.summary or ""):
        yield setting.sentence(language.say("Its summary has been rewritten."), [Stated(now)])
    if now.note:
        note = Run(plain(now.note), lang=setting.author_lang)
        yield setting.sentence(language.say("The reason given: {note}", note=note), [Stated(now)])


def _facts(before: Told, after: Told, setting: Setting) -> Iterator[Sentence]:
    old, new = _by_slot(before.event), _by_slot(after.event)
    for slot in dict.fromkeys((*old, *new)):
        was = [_earlier(before, ordinal) for ordinal in old.get(slot, ())]
        now = [Stated(after.event, ordinal) for ordinal in new.get(slot, ())]
        if {_said(one.fact) for one in was} == {_said(one.fact) for one in now}:
            continue
        gone = [one for one in was if _said(one.fact) not in {_said(other.fact) for other in now}]
        come = [one for one in now if _said(one.fact) not in {_said(other.fact) for other in was}]
        yield _change(gone, come, setting)


def _change(gone: list[Stated], come: list[Stated], setting: Setting) -> Sentence:
    language, fact = setting.language, (gone or come)[0].fact
    what = language.say(
        "{subject}, {attribute}",
        subject=language.label(fact.subject),
        attribute=(language.attribute(fact.attribute), *language.dimensions(fact.dimensions)),
    )
    slots: dict[str, Slot] = {
        "what": what,
        "before": language.listed([_valued(one, setting) for one in gone]),
        "after": language.listed([_valued(one, setting) for one in come]),
    }
    if gone and come:
        runs = language.say("{what}: this had been given as {before}; it is now given as {after}.", **slots)
    elif come:
        runs = language.say("{what}: now given as {after}.", **slots)
    else:
        runs = language.say("{what}: {before} is no longer given.", **slots)
    return setting.sentence(runs, [*gone, *come])


def _valued(stated: Stated, setting: Setting) -> tuple[Run, ...]:
    """`$1.55 billion (2025)`: the value with when it holds."""
    return setting.language.say(
        "{value} ({time})", value=setting.value(stated, attribute=True), time=setting.time(stated)
    )


def _by_slot(event: Event) -> dict[_Slot, list[int]]:
    found: dict[_Slot, list[int]] = {}
    for ordinal, fact in enumerate(event.facts):
        slot = fact.subject, fact.attribute, tuple(sorted(fact.dimensions.items()))
        found.setdefault(slot, []).append(ordinal)
    return found


def _said(fact: Fact) -> tuple[object, ...]:
    value = None if fact.value is None else fact.value.same
    return value, fact.holds, fact.from_, fact.at, fact.until, fact.through, fact.period, fact.due


def _earlier(told: Told, ordinal: int | None = None) -> Stated:
    return Stated(told.event, ordinal, told.record.header.version)


def is_corrected(before: Told, after: Told) -> bool:
    """The two are different versions."""
    return before.record.header.version != after.record.header.version

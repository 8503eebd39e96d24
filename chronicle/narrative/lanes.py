"""All told events on one drawn timeline, in lanes by theme: the first tag of each, or its type where there are none."""

from __future__ import annotations

from collections.abc import Sequence

from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Item, Lane, Run, Sentence, Table, Timeline
from chronicle.narrative.inert import plain
from chronicle.narrative.language import runs_of
from chronicle.narrative.setting import Setting

_MOST_LANES = 8


def timeline(told: Sequence[Told], setting: Setting) -> Timeline | None:
    """None for fewer than two events: there is nothing to look at."""
    if len(told) < 2:
        return None
    text = setting.language.text
    caption = text("Events by theme")
    alt = _text(
        setting.language.counted(
            "{count} event along time, {as_of:as-of}.",
            "{count} events along time, {as_of:as-of}.",
            len(told),
            as_of=setting.as_of,
        )
    )
    rows = tuple(
        (
            Sentence((_date(one, setting),), (one.event.id,)),
            Sentence((setting.title(one.event, linked=True),), (one.event.id,)),
        )
        for one in told
    )
    table = Table((text("Date"), text("Event")), rows)
    return Timeline("drawn-timeline", caption, alt, setting.last_second, _lanes(told, setting), table)


def _lanes(told: Sequence[Told], setting: Setting) -> tuple[Lane, ...]:
    """In order of first occurrence; what the smallest themes have is shown together."""
    by_tag = any(one.event.tags for one in told)
    themes: dict[str, list[Told]] = {}
    for one in told:
        theme = (one.event.tags[0] if one.event.tags else "") if by_tag else one.event.type
        themes.setdefault(theme, []).append(one)
    kept = sorted(themes, key=lambda theme: (-len(themes[theme]), theme))
    kept = [theme for theme in kept if theme][: _MOST_LANES - 1 if len(kept) > _MOST_LANES else _MOST_LANES]
    found = [
        Lane(_label(theme, setting), tuple(_item(one, setting) for one in themes[theme]))
        for theme in themes
        if theme in kept
    ]
    others = tuple(_item(one, setting) for one in told if not _is_in(one, kept, by_tag=by_tag))
    return (*found, Lane(setting.language.text("Other"), others)) if others else tuple(found)


def _is_in(one: Told, kept: Sequence[str], *, by_tag: bool) -> bool:
    return ((one.event.tags[0] if one.event.tags else "") if by_tag else one.event.type) in kept


def _label(theme: str, setting: Setting) -> str:
    label = setting.language.label(theme.replace(".", "-"))
    return setting.language.begun(label.text, label.lang)


def _item(one: Told, setting: Setting) -> Item:
    when = one.when
    lasting = when.kind == "interval"
    start, end = (when.start, when.end) if lasting else (when, when)
    return Item(
        one.event.id,
        plain(one.event.title),
        _date(one, setting).text,
        one.status.value,
        start.lo,
        start.hi,
        end.lo if lasting else None,
        end.hi if lasting else None,
        lasting=lasting,
        open_end=lasting and end.kind == "open",
        doubtful=when.qualifier is not None,
    )


def _date(one: Told, setting: Setting) -> Run:
    return Run(
        _text(runs_of(setting.language.when(one.when, fact=one.event.id))),
        kind="date",
        when=one.event.occurred,
        fact=one.event.id,
    )


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)

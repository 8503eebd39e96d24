"""The changes between two bases: what happened, what was learned and corrected, and what that did to the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from chronicle.narrative.chapters import Chapter, Told, bound, shown
from chronicle.narrative.corrections import corrections, is_corrected
from chronicle.narrative.document import Entry, Paragraph, Run, Section, Sentence, Table
from chronicle.narrative.entries import Teller
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.pieces import values_held
from chronicle.narrative.setting import Setting, Stated
from chronicle.state.answer import StateFact
from chronicle.state.diff import Change, Diff
from chronicle.state.held import Held
from chronicle.state.occurrence import Status

_Of = tuple[str, str, tuple[tuple[str, str], ...], str]
"""Subject, attribute, dimensions and the shape of the period, blank for none."""


def sections(
    before: Sequence[Told], after: Sequence[Told], since: ReportMatter, diff: Diff | None, setting: Setting
) -> Iterator[Section]:
    """`before` is what was told at the earlier basis, `since`."""
    text = setting.language.text
    teller = Teller(setting, after)
    before, after = shown(before, since), shown(after, setting.matter)
    old = {one.event.id: one for one in before}
    new = {one.event.id: one for one in after}
    changed = [one for one in after if _is_news(old.get(one.event.id), one)]
    setting.linked = {one.event.id for one in changed}
    happened = [one for one in changed if one.has_happened and one.status is not Status.OVERDUE]
    later = [one for one in happened if one.when.hi is not None and one.when.hi > since.last_second + 1]
    learned = [one for one in happened if one not in later]
    groups = (
        ("happened", text("What happened"), later),
        ("learned", text("What was learned"), learned),
        ("planned", text("What is now planned"), [one for one in changed if one.status is Status.PLANNED]),
        ("open", text("What may have happened"), [o for o in changed if o.status is Status.MAY_HAVE_HAPPENED]),
        ("overdue", text("What is now overdue"), [one for one in changed if one.status is Status.OVERDUE]),
    )
    found = False
    for name, heading, events in groups:
        if events:
            found = True
            ordered = tuple(bound(events))
            teller.begin(Chapter("undated", "", None, ordered))
            yield Section(name, heading, tuple(teller.entry(one) for one in ordered))
    mended = tuple(_mended(old, new, teller, setting))
    if mended:
        yield Section("changed", text("What changed"), mended)
    gone = tuple(_gone(old, new, setting))
    if gone:
        yield Section("withdrawn", text("What was withdrawn"), (Paragraph(gone),))
    states = _states(since, setting.matter)
    told = states.before.keys() | states.after.keys()
    held = [] if diff is None else [one for one in diff.changes if _of_change(one) in told]
    if held:
        yield Section("state", text("What changed in the state"), (_state_table(held, states, new, setting),))
    elif not (found or mended or gone):
        runs = setting.language.say("Nothing changed.")
        yield Section("changed", text("What changed"), (Paragraph((Sentence(runs),)),))


def _is_news(before: Told | None, after: Told) -> bool:
    """It was not told, or stood otherwise."""
    return before is None or before.status is not after.status


def _mended(old: dict[str, Told], new: dict[str, Told], teller: Teller, setting: Setting) -> Iterator[Entry]:
    """What has another version, in the order of the text."""
    for name, after in new.items():
        before = old.get(name)
        if before is not None and is_corrected(before, after):
            said = tuple(corrections(before, after, setting))
            if said:
                yield teller.titled(after, (Paragraph(said),))


def _gone(old: dict[str, Told], new: dict[str, Told], setting: Setting) -> Iterator[Sentence]:
    language = setting.language
    for name, before in old.items():
        if name not in new:
            stated = Stated(before.event, None, before.record.header.version)
            runs = language.say(
                "“{title}” ({when}) is no longer told: it has been withdrawn.",
                title=setting.title(before.event),
                when=language.when(before.when, fact=stated.ref),
            )
            yield setting.sentence(runs, [stated])


class _States(NamedTuple):
    """The rows of the two states, by subject, attribute, dimensions and period shape."""

    before: Mapping[_Of, Sequence[Stated]]
    after: Mapping[_Of, Sequence[Stated]]


def _states(since: ReportMatter, now: ReportMatter) -> _States:
    earlier: dict[_Of, list[Stated]] = {}
    for row in since.state:
        earlier.setdefault(_of_row(row), []).append(Stated(row.event, row.candidate.ordinal, row.version))
    later: dict[_Of, list[Stated]] = {}
    for row in now.state:
        later.setdefault(_of_row(row), []).append(Stated(row.event, row.candidate.ordinal))
    return _States(earlier, later)


def _of_row(row: StateFact) -> _Of:
    fact = row.fact
    return fact.subject, fact.attribute, tuple(sorted(fact.dimensions.items())), row.row.key.shape


def _of_change(change: Change) -> _Of:
    key = change.key
    dimensions = key["dimensions"]
    assert isinstance(dimensions, dict)
    return str(key["subject"]), str(key["attribute"]), tuple(sorted(dimensions.items())), str(key.get("shape", ""))


def _state_table(changes: Iterable[Change], states: _States, new: Mapping[str, Told], setting: Setting) -> Table:
    """A row for each subject, attribute and period shape: the values that came and went, and because of what."""
    grouped: dict[_Of, list[Change]] = {}
    for change in changes:
        grouped.setdefault(_of_change(change), []).append(change)
    text = setting.language.text

    def labels(of: _Of) -> tuple[str, ...]:
        return setting.language.label(of[0]).text.casefold(), setting.language.attribute(of[1]).text.casefold(), *of[:2]

    columns = text("Subject"), text("Attribute"), text("Before"), text("Now"), text("Because of")
    return Table(columns, tuple(_row(of, grouped[of], states, new, setting) for of in sorted(grouped, key=labels)))


def _row(
    of: _Of, changes: Sequence[Change], states: _States, new: Mapping[str, Told], setting: Setting
) -> tuple[Sentence, ...]:
    language = setting.language
    subject, attribute, dims, _ = of
    causes = dict.fromkeys(name for change in changes for name in change.caused_by if name in new)
    titles = language.listed([setting.title(new[name].event, linked=True) for name in causes])
    many = any("value" in change.key for change in changes)
    before = [change.before for change in changes if change.before is not None]
    after = [change.after for change in changes if change.after is not None]
    return (
        Sentence((language.label(subject),)),
        Sentence((language.attribute(attribute), *language.dimensions(dict(dims)))),
        _held(before, states.before.get(of, ()), setting, many=many),
        _held(after, states.after.get(of, ()), setting, many=many),
        setting.sentence(titles, [Stated(new[name].event) for name in causes]),
    )


def _held(held: Sequence[Held], rows: Sequence[Stated], setting: Setting, *, many: bool) -> Sentence:
    """The values of a side with the facts that give them."""
    language = setting.language
    certain = {value.same: one.certain for one in held for value in one.values}
    stated = [one for one in rows if one.fact.value is not None and one.fact.value.same in certain]
    if not stated:
        return Sentence((Run(language.text("nothing")),))
    values = [
        (setting.value(one, bare=True), certain[one.fact.value.same]) for one in stated if one.fact.value is not None
    ]
    return setting.sentence(values_held(values, language, many=many), stated)

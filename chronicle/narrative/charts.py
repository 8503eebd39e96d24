"""Figures of like periods and one unit side by side: the parts of one period, or the same figures over several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chronicle.event.span import shape_of
from chronicle.event.value import Quantity
from chronicle.narrative.chapters import Told
from chronicle.narrative.document import Chart, Point, Run, Sentence, Series, Table
from chronicle.narrative.headings import anchor, begun
from chronicle.narrative.language import runs_of
from chronicle.narrative.pieces import Dims, Piece, is_aim, pieces
from chronicle.narrative.setting import Setting
from chronicle.when import When

_MOST_CHARTS = 4
_MOST_SERIES = 6
_MOST_PERIODS = 24
_FEWEST = 2
"""A chart of fewer figures shows nothing."""


class _Family(NamedTuple):
    """What the figures of one chart have in common."""

    subject: str
    dims: Dims
    unit: str
    shape: str


def charts(told: Iterable[Told], setting: Setting) -> tuple[Chart, ...]:
    """The charts with the most figures, those of one subject in the order of its figures. Each key is drawn once."""
    families: dict[_Family, dict[tuple[str, str], Piece]] = {}
    for one in told:
        if one.has_happened and any(fact.period is not None for fact in one.event.facts):
            for piece in pieces(one, setting):
                fact = piece.fact
                if fact.period is None or piece.standing != "done" or not fact.holds or is_aim(fact, setting):
                    continue
                if isinstance(fact.value, Quantity) and setting.is_in_state(piece.stated):
                    family = _Family(fact.subject, piece.dims, fact.value.unit, shape_of(fact.period))
                    families.setdefault(family, {})[fact.attribute, fact.period] = piece
    drawn = [(family, found) for family, found in families.items() if len(found) >= _FEWEST]
    drawn.sort(key=lambda one: -len(one[1]))
    return tuple(_chart(family, found, setting) for family, found in drawn[:_MOST_CHARTS])


def _chart(family: _Family, found: dict[tuple[str, str], Piece], setting: Setting) -> Chart:
    """Several periods make categories, one series for each attribute; of one period, the attributes do."""
    language = setting.language
    periods = sorted({period for _, period in found}, key=_begin)[-_MOST_PERIODS:]
    attributes = list(dict.fromkeys(attribute for attribute, _ in found))[:_MOST_SERIES]
    labels = {name: begun(language.attribute(name), language).text for name in attributes}
    if len(periods) > 1:
        series = tuple(
            Series(labels[name], _points([found[name, p] for p in periods if (name, p) in found], None, setting))
            for name in attributes
        )
    else:
        shown = [found[name, periods[0]] for name in attributes]
        series = (Series(_period(periods[0], setting), _points(shown, labels, setting)),)
    series = tuple(one for one in series if one.points)
    caption = _caption(family, periods, setting)
    said = [
        "".join(run.text for run in language.say("{name}: {figure}", name=point.category, figure=point.said))
        for one in series
        for point in one.points
    ]
    alt = _text(language.say("{caption}. {figures}.", caption=caption, figures=language.text("; ").join(said)))
    name = anchor("chart", family.subject, *(value for _, value in family.dims), family.unit, family.shape)
    return Chart(name, caption, alt, family.unit, series, _table(found, periods, attributes, labels, setting))


def _points(shown: Sequence[Piece], labels: dict[str, str] | None, setting: Setting) -> tuple[Point, ...]:
    found = []
    for piece in shown:
        fact = piece.fact
        assert isinstance(fact.value, Quantity)
        assert fact.period is not None
        category = _period(fact.period, setting) if labels is None else labels[fact.attribute]
        said = _text(setting.value(piece.stated))
        found.append(Point(category, format(fact.value.amount.decimal, "f"), said, piece.stated.ref))
    return tuple(found)


def _table(
    found: dict[tuple[str, str], Piece],
    periods: Sequence[str],
    attributes: Sequence[str],
    labels: dict[str, str],
    setting: Setting,
) -> Table:
    rows = []
    for name in attributes:
        cells = [Sentence((Run(labels[name]),))]
        for period in periods:
            piece = found.get((name, period))
            cells.append(
                Sentence(()) if piece is None else setting.sentence(setting.value(piece.stated), [piece.stated])
            )
        rows.append(tuple(cells))
    columns = (setting.language.text("Figure"), *(_period(period, setting) for period in periods))
    return Table(columns, tuple(rows), numeric=tuple(range(1, len(columns))))


def _caption(family: _Family, periods: Sequence[str], setting: Setting) -> str:
    language = setting.language
    subject = language.label(family.subject)
    dims = language.text("; ").join(language.label(value).text for _, value in family.dims)
    whole = periods[0] if len(periods) == 1 else None
    if whole is not None and dims:
        said = language.say(
            "{subject} and {others}, {when}", subject=subject, others=dims, when=_period(whole, setting)
        )
    elif whole is not None:
        said = language.say("{subject}, {when}", subject=subject, when=_period(whole, setting))
    elif dims:
        said = language.say("{subject} and {others}", subject=subject, others=dims)
    else:
        said = (Run(subject.text),)
    return _text(said)


def _period(period: str, setting: Setting) -> str:
    return _text(runs_of(setting.language.period(period)))


def _begin(period: str) -> int:
    lo = When.parse(period).strict_lo
    assert lo is not None
    return lo


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)

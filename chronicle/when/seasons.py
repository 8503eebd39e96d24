"""What the codes 21 to 41 in place of a month mean (EDTF levels 1 and 2).

EDTF leaves the months of a season open. Here seasons without a hemisphere are read as northern and
meteorological: spring is March to May, winter December to February of the next year.
"""

from __future__ import annotations

from typing import NamedTuple


class Season(NamedTuple):
    """A part of a year: `month` is its first month, `months` its length; it may end in the next year."""

    unit: str
    name: str
    month: int
    months: int


def _season(name: str, month: int) -> Season:
    return Season("season", name, month, 3)


def _parts(unit: str, names: tuple[str, ...], months: int) -> list[Season]:
    return [Season(unit, f"the {name} {unit}", 1 + index * months, months) for index, name in enumerate(names)]


_ORDINALS = ("first", "second", "third", "fourth")

SEASONS: dict[str, Season] = {
    str(code): season
    for code, season in enumerate(
        [
            _season("spring", 3),
            _season("summer", 6),
            _season("autumn", 9),
            _season("winter", 12),
            _season("northern spring", 3),
            _season("northern summer", 6),
            _season("northern autumn", 9),
            _season("northern winter", 12),
            _season("southern spring", 9),
            _season("southern summer", 12),
            _season("southern autumn", 3),
            _season("southern winter", 6),
            *_parts("quarter", _ORDINALS, 3),
            *_parts("third", _ORDINALS[:3], 4),
            *_parts("half", _ORDINALS[:2], 6),
        ],
        start=21,
    )
}

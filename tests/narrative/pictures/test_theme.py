"""Colours of pictures can be told from what they lie on, on white and in the dark."""

from __future__ import annotations

from typing import Literal

import pytest

from chronicle.narrative.pictures.theme import colour, fixed, palette, themed


def luminance(value: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.2, 1 to 21."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_signs_stand_out(scheme: Literal["light", "dark"]) -> None:
    """Every colour that is written or drawn with has a contrast of 4.5 to every ground (WCAG 1.4.3, level AA)."""
    colours = {name.removeprefix("--picture-"): value for name, value in palette(scheme).items()}
    grounds = {colours.pop("ground"), colours.pop("band")}
    del colours["line"]  # grids are no more than a help
    weak = {name for name, value in colours.items() for ground in grounds if contrast(value, ground) < 4.5}
    assert set() == weak


def test_both_schemes_colour_the_same() -> None:
    """What has a colour by day has one by night."""
    assert palette("light").keys() == palette("dark").keys()


def test_colours_written_out() -> None:
    """A picture for programs without custom properties has the colours of the scheme asked for."""
    picture = f'<rect fill="{colour("ink")}"/>'
    assert '<rect fill="#1f2328"/>' == fixed(picture)
    assert '<rect fill="#e6edf3"/>' == fixed(picture, "dark")
    assert picture == themed(fixed(picture))

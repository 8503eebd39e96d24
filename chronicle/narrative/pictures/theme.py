"""The colours of pictures: custom properties with a fallback for white paper, so that a page can turn them dark."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif"

_LIGHT = {
    "ink": "#1f2328",  # labels
    "muted": "#57606a",  # the axis, legends
    "line": "#d8dee4",  # grids and frames
    "band": "#f6f8fa",  # every other lane
    "ground": "#ffffff",  # what all is drawn on
    "now": "#b3261e",  # the date told of
    "lane-1": "#1f5fa8",
    "lane-2": "#8a4b00",
    "lane-3": "#0b6e4f",
    "lane-4": "#7b3fa0",
    "lane-5": "#a1305b",
    "lane-6": "#4a5a6a",
}
_DARK = {
    "ink": "#e6edf3",
    "muted": "#9da7b3",
    "line": "#343b44",
    "band": "#171c23",
    "ground": "#0d1117",
    "now": "#ff8a80",
    "lane-1": "#79b4ff",
    "lane-2": "#e8a857",
    "lane-3": "#56d4a4",
    "lane-4": "#d2a8ff",
    "lane-5": "#ff9bc2",
    "lane-6": "#a9bccf",
}
_LANES = sum(name.startswith("lane-") for name in _LIGHT)
_VARIABLE = re.compile(r"var\(--picture-[a-z0-9-]+, (#[0-9a-f]{6})\)")


def light(name: str) -> str:
    """The colour on white paper. Raises KeyError for an unknown name."""
    return _LIGHT[name]


def colour(name: str) -> str:
    """The CSS value of a colour by its name, with the light one as fallback. Raises KeyError for an unknown name."""
    return f"var(--picture-{name}, {_LIGHT[name]})"


def lane(index: int) -> str:
    """The name of the colour of the lane or series of that index, from 0; colours come round again."""
    return f"lane-{index % _LANES + 1}"


def themed(svg: str) -> str:
    """A picture that another program drew in the light colours, with properties in their place."""
    names = {value: name for name, value in _LIGHT.items()}
    return re.sub(r'"(#[0-9a-f]{6})"', lambda found: f'"{colour(names[found[1]])}"', svg)


def palette(scheme: Literal["light", "dark"]) -> Mapping[str, str]:
    """The custom properties of a colour scheme, for the style sheet of a page."""
    colours = _DARK if scheme == "dark" else _LIGHT
    return {f"--picture-{name}": value for name, value in colours.items()}


def fixed(svg: str, scheme: Literal["light", "dark"] = "light") -> str:
    """A picture with its colours written out, for programs that know no custom properties (PDF, DOCX, PNG)."""
    if scheme == "light":
        return _VARIABLE.sub(r"\1", svg)
    colours = palette("dark")
    return re.sub(r"var\((--picture-[a-z0-9-]+), #[0-9a-f]{6}\)", lambda found: colours[found[1]], svg)

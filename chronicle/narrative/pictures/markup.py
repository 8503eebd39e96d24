"""SVG as text, escaped in one place."""

from __future__ import annotations

from markupsafe import Markup, escape

from chronicle.narrative.inert import plain

Value = str | float


def element(name: str, *content: str | Markup, **attributes: Value | None) -> Markup:
    """An element; text in it and its attributes are escaped, elements are not. `_` in a name stands for `-`."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_said(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(part if isinstance(part, Markup) else escape(plain(part)) for part in content)
    return Markup(f"<{name}{told}>{inside}</{name}>" if inside else f"<{name}{told}/>")  # noqa: S704 - escaped above


def _said(value: Value) -> str:
    return plain(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """A length in pixels, to the tenth, in the fewest characters."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")

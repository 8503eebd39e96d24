"""Pictures as pixels, for documents that take no SVG."""

from __future__ import annotations

from chronicle.errors import MissingExtraError
from chronicle.narrative.pictures.theme import fixed


def png(svg: str, *, scale: float = 2.0) -> bytes:
    """A picture as PNG in the colours of white paper, `scale` pixels for each of its own.

    Raises MissingExtraError where the converter is not installed.
    """
    try:
        from vl_convert import svg_to_png  # noqa: PLC0415 - only there with the extra that brings charts
    except ImportError as error:
        raise MissingExtraError("Pictures as pixels", "charts", "vl-convert-python") from error
    return bytes(svg_to_png(fixed(svg), scale=scale))

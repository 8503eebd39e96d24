"""Text from documents made inert in CommonMark: it can look like anything and be nothing but text.

Prose is composed as plain text and escaped once, where it enters the page. What is safe as it stands is `Markdown`.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_ALWAYS = re.compile(r"[\\`*_\[\]~#]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_AT_START = re.compile(r"^(?:[-+=>]|\d{1,9}(?=[.)](?:\s|$)))")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()<>\"\\`|]+)\)", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\\\w])((?:\\\*){1,2})(?=[^\s\\])([^\\]*?[^\s\\])\1(?!\w)")
_BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")

# Joiners shape letters in several scripts; all other invisible format characters only serve to deceive.
_JOINERS = "\u200c\u200d"


class Markdown(str):
    """Text that is CommonMark already; everything else is escaped on its way into a page."""

    __slots__ = ()


def plain(text: str) -> str:
    """One line without control, bidirectional and other invisible format characters."""
    kept = "".join(
        " " if char.isspace() and char != "\u00a0" else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    )
    return re.sub(" {2,}", " ", kept).strip()


def escaped(text: str) -> Markdown:
    """Plain text as CommonMark: one line, fit for a paragraph, a heading, a list item or a cell of a table."""
    line = _ALWAYS.sub(r"\\\g<0>", plain(text))
    line = _ENTITY.sub("&amp;", line).replace("<", "&lt;").replace("|", "&#124;")
    return Markdown(_AT_START.sub(_start, line))


def _start(found: re.Match[str]) -> str:
    return found[0] + "\\" if found[0][0].isdigit() else "\\" + found[0]


def light(text: str) -> list[Markdown]:
    """The paragraphs of a summary: emphasis and links to http and https stay, all else is escaped."""
    paragraphs = (_light(part) for part in _BLANK_LINE.split(text.replace("\r\n", "\n")))
    return [part for part in paragraphs if part]


def _light(text: str) -> Markdown:
    pieces = _LINK.split(text)
    shown = []
    for index in range(0, len(pieces), 3):
        shown.append(_emphasised(pieces[index], at_start=index == 0))
        if index + 2 < len(pieces):
            link = address(pieces[index + 2])
            label = escaped(pieces[index + 1])
            shown.append(f"[{label}]({link})" if link and label else label)
    return Markdown("".join(shown).strip())


def _emphasised(text: str, *, at_start: bool) -> str:
    lead = " " if not at_start and text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() else ""
    said = escaped(text)
    return lead + _EMPHASIS.sub(lambda found: found[0].replace("\\*", "*"), said) + (tail if said else "")


def address(url: str) -> Markdown | None:
    """`<https://…>`, a link by itself and the target of another; None for anything but http and https."""
    text = plain(url)
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or re.search(r"[\s<>\\\u00a0]", text):
        return None
    return Markdown(f"<{text.replace('|', '%7C')}>")


def table(columns: tuple[str, ...], rows: list[tuple[str | Markdown, ...]]) -> Markdown:
    """A table with a heading row, as GitHub and others read it on top of CommonMark."""
    lines = [columns, tuple(Markdown("---") for _ in columns), *rows]
    return Markdown("\n".join(f"| {' | '.join(finished(cell) for cell in line)} |" for line in lines))


def finished(value: object) -> Markdown:
    """What a template prints: Markdown as it is, all else escaped."""
    return value if isinstance(value, Markdown) else escaped(str(value))

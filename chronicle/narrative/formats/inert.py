"""Text on its way into a page: one line, without the characters that only serve to deceive, links only to the web."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from chronicle.narrative.document import Run

# Joiners shape letters in several scripts; all other invisible format characters only serve to deceive.
_JOINERS = "\u200c\u200d"
# Spaces at which a line may not end stay what they are: they stand within figures and dates.
_FIRM_SPACES = "\u00a0\u202f"
_SPACES = re.compile(" {2,}")


def clean(text: str) -> str:
    """Text without control, bidirectional, private and other invisible characters; its spaces are plain ones."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_kept(char) for char in text)


def _kept(char: str) -> str:
    if char in _JOINERS or char in _FIRM_SPACES:
        return char
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") or _is_noncharacter(ord(char)) else char


def _is_noncharacter(code: int) -> bool:
    """One of the 66 numbers that Unicode gives to no character; XML and HTML refuse most of them."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def line(text: str) -> str:
    """The same as one line, without spaces at its ends and two of them in a row."""
    return _SPACES.sub(" ", clean(text)).strip()


def web_address(text: str) -> str | None:
    """An http or https address that has a host and nothing that could end it early; None for anything else."""
    address = clean(text).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or re.search(r"[\s<>\\\"`{}|^]", address):
        return None
    return address


def merged(runs: Iterable[Run]) -> list[Run]:
    """The runs with clean text, without empty ones; neighbours that differ in their text alone are one."""
    found: list[Run] = []
    for run in runs:
        text = clean(run.text)
        if not text:
            continue
        if found and _alike(found[-1], run):
            found[-1] = _with_text(run, found[-1].text + text)
        else:
            found.append(_with_text(run, text))
    return found


def _alike(one: Run, other: Run) -> bool:
    return one.kind == other.kind == "text" and _with_text(one, "") == _with_text(other, "")


def _with_text(run: Run, text: str) -> Run:
    return (
        run if run.text == text else Run(text, run.kind, run.style, run.fact, run.when, run.entity, run.href, run.lang)
    )

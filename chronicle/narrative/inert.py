"""Text of documents made harmless before it enters a report: one line, without what only serves to deceive."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

# Joiners shape letters in several scripts; all other invisible format characters only serve to deceive.
_JOINERS = "\u200c\u200d"
_SPACES = re.compile(" {2,}")
_UNFIT_ADDRESS = re.compile(r"[\s<>\\\u00a0]")


def plain(text: str) -> str:
    """One line without control, bidirectional, private and other invisible format characters."""
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    kept = "".join(
        " " if char.isspace() and char != "\u00a0" else char
        for char in text
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    )
    return _SPACES.sub(" ", kept).strip()


def web_address(url: str) -> str | None:
    """The address, if it is one of http or https and nothing else."""
    text = plain(url)
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or _UNFIT_ADDRESS.search(text):
        return None
    return text

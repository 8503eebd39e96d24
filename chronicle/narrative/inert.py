"""Text made harmless before it enters a report: one line, nothing that only serves to deceive."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

# Joiners shape letters in several scripts; all other invisible format characters only serve to deceive.
_JOINERS = "\u200c\u200d"
# Spaces at which a line may not end stay what they are: they stand within figures and dates.
_FIRM_SPACES = "\u00a0\u202f"
_SPACES = re.compile(" {2,}")
_UNFIT_ADDRESS = re.compile(r"[\s<>\\\"`{}|^]")


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


def plain(text: str) -> str:
    """The same as one line, without spaces at its ends and two of them in a row."""
    return _SPACES.sub(" ", clean(text)).strip()


def web_address(url: str) -> str | None:
    """The address, if it is one of http or https that has a host, and nothing that could end it early."""
    text = plain(url)
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or _UNFIT_ADDRESS.search(text):
        return None
    return text

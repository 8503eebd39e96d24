"""Names that stay: tag URIs for what goes out, ids for what comes in."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from chronicle.event.validate import is_name

_LONGEST = 80
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_LETTERS = str.maketrans(
    {"ə": "e", "ı": "i", "ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th"}
)


def tag(chronicle: str, kind: str = "", id: str = "") -> str:  # noqa: A002
    """The tag URI (RFC 4151) of a document, or of its chronicle.

    It names what the document is about and not the archive, so that an archive that is built anew from the same files
    says the same. `chronicle.invalid` is a name that nobody can own (RFC 6761).
    """
    return f"tag:chronicle.invalid,2026:{chronicle}" + (f"/{kind}/{id}" if kind else "")


class Ids:
    """Gives ids that are unique, and the same whenever the same items come in the same order."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def reserve(self, own: str) -> None:
        """Keep an id that an item has of its own from being given to an item that has none."""
        self._taken.add(own)

    def take(self, title: str, *more: str, own: str = "") -> str:
        """The id that an item has of its own, else one made of its title.

        Where that is taken, with what else tells the item apart, one after the other, and at last with a number.
        """
        found = base = own if is_name(own) else slug(title)
        for part in more:
            if found in self._taken and part:
                found = base = f"{base}-{slug(part)}"[:190].rstrip("-")
        while found in self._taken:
            self._last[base] = self._last.get(base, 1) + 1
            found = f"{base}-{self._last[base]}"
        self._taken.add(found)
        return found


def slug(text: str) -> str:
    """Lower case letters and digits joined by hyphens, at most 80; a short hash for a text that has none in Latin."""
    text = _SCHEME.sub("", text)
    folded = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    if len(words) > _LONGEST:
        words = words[:_LONGEST].rpartition("-")[0] or words[:_LONGEST]
    return words or short_hash(text)


def short_hash(text: str) -> str:
    """Ten hexadecimal digits that stand for a text."""
    return "x" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:9]

"""How wide text is, without a font: an upper estimate, since nobody knows which font a reader has."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

# In thousandths of the type size, after DejaVu Sans, the widest of the fonts that `theme.FONT` ends up with.
_WIDTHS = {
    340: "ijlI.,:;'|!·ıİïîí",
    400: 'frt()[]{}/\\-J "',
    820: "GOQNUHDŌÖÜØДИЙЛПЦĞÇŞӘXKBRV+=<>~",
    1000: "mwMW@%&ЖШЩЮМФЫжшщюмыфЊЉ№—…€",
}
_WIDTH = {char: width for width, chars in _WIDTHS.items() for char in chars}
_LOWER, _UPPER, _WIDE = 650, 730, 1050


@lru_cache(maxsize=256)
def width(text: str, size: float) -> float:
    """No less than what the text takes in an ordinary sans serif of that size in pixels; bold takes a tenth more."""
    return sum(map(_thousandths, text)) * size / 1000


@lru_cache(maxsize=4096)
def _thousandths(char: str) -> int:
    known = _WIDTH.get(char)
    if known is not None:
        return known
    if unicodedata.combining(char) or char in "\u200c\u200d":
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    if char < "\u0250" or "\u0370" <= char < "\u0530":
        return _UPPER if char.isupper() else _LOWER
    return _WIDE


def shortened(text: str, size: float, room: float) -> str:
    """The text, or as much of it as fits the room with an ellipsis; cut between words where that loses little."""
    if width(text, size) <= room:
        return text
    most = (room - width("…", size)) * 1000 / size
    kept = text[: bisect_right(list(accumulate(map(_thousandths, text))), most)]
    space = kept.rfind(" ")
    if space >= len(kept) * 2 // 3:
        kept = kept[:space]
    return kept.rstrip(" ,;:-\N{EN DASH}") + "…"


def wrapped(text: str, size: float, room: float) -> tuple[str, ...]:
    """The text in two lines about as long, the second with an ellipsis if it does not fit; empty if no word fits."""
    words = text.split()
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    fitting = [split for split in splits if width(split[0], size) <= room]
    if not fitting:
        return ()
    best = min(fitting, key=lambda split: max(width(line, size) for line in split))
    if width(best[1], size) <= room:
        return best
    first, second = fitting[-1]
    return first, shortened(second, size, room)

"""What lasts from one date to another, or is known to have been by a date, as it is said in every form."""

from __future__ import annotations

from chronicle.narrative.language.spoken import Spoken


class Adverb:
    """A phrase that says already how it stands in a sentence, and is the same in every form."""

    __slots__ = ("_phrase",)
    on_day = False

    def __init__(self, phrase: Spoken) -> None:
        self._phrase = phrase

    def said(self, form: str = "") -> str:  # noqa: ARG002 - there is nothing to bend
        return self._phrase.said()

    def __format__(self, form: str) -> str:
        return self.said(form)


class Span:
    """What lasts: it begins `from` and `since` its start, and is there `until` and `by` its end."""

    __slots__ = ("_alone", "_end", "_on", "_start")
    on_day = False

    def __init__(self, alone: Spoken, on: Spoken, start: Spoken, end: Spoken) -> None:
        self._alone = alone
        self._on = on
        self._start = start
        self._end = end

    def said(self, form: str = "") -> str:
        if form in ("from", "since"):
            return self._start.said(form)
        if form in ("until", "through", "by", "as-of"):
            return self._end.said(form)
        return (self._on if form == "on" else self._alone).said(form)

    def __format__(self, form: str) -> str:
        return self.said(form)


class AtLatest:
    """`[..X]`: X or earlier, which a sentence tells as by X."""

    __slots__ = ("_alone", "_last", "on_day")

    def __init__(self, alone: Spoken, last: Spoken) -> None:
        self._alone = alone
        self._last = last
        self.on_day = last.on_day

    def said(self, form: str = "") -> str:
        return self._last.said("by") if form in ("on", "by") else self._alone.said(form)

    def __format__(self, form: str) -> str:
        return self.said(form)

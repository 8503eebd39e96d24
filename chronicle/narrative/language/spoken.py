"""Pieces of a sentence that languages bend: what is asked for in a form (`since`) or in a case of the language's own.

A form is part of English and of the code: it is a message, `since {date}`. A case is part of a catalogue: a
translation may give itself variants, `{month} {year} | gen: {month:gen} {year}`, and any message of the catalogue may
ask a slot for one by name. `{month:=}` passes on the case that was asked for, `{date:*}` the form or the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from chronicle.narrative.language.wording import Wording, noted

CONTEXT = "date"
ON_DAY = "on-day"
FORMS = {
    "on": noted("date", "in {date}"),
    ON_DAY: noted("date", "on {date}"),
    "from": noted("date", "from {date}"),
    "since": noted("date", "since {date}"),
    "until": noted("date", "until {date}"),
    "through": noted("date", "through {date}"),
    "by": noted("date", "by {date}"),
    "as-of": noted("date", "as of {date}"),
}


class Spoken(Protocol):
    """Said in a form or a case; a blank form is the plain one. `on_day`: English says `on`, not `in`."""

    on_day: bool

    def said(self, form: str = "") -> str: ...
    def __format__(self, form: str, /) -> str: ...


class Given:
    """A text that is the same in every form."""

    __slots__ = ("_text",)
    on_day = False

    def __init__(self, text: str) -> None:
        self._text = text

    def said(self, form: str = "") -> str:  # noqa: ARG002 - there is nothing to bend
        return self._text

    def __format__(self, form: str) -> str:
        return self._text


class Phrase:
    """A message, by its cases, with its slots filled in every form. `on_day`: English says `on`, not `in`."""

    __slots__ = ("_said", "_slots", "_variants", "_wording", "on_day")

    def __init__(
        self, wording: Wording, variants: Mapping[str, str], slots: Mapping[str, Spoken], *, on_day: bool = False
    ) -> None:
        self._wording = wording
        self._variants = variants
        self.on_day = on_day
        self._slots = slots
        self._said: dict[str, str] = {}

    def said(self, form: str = "") -> str:
        found = self._said.get(form)
        if found is None:
            found = self._said[form] = self._filled(form)
        return found

    def _filled(self, form: str) -> str:
        whole = self._variants[""]
        if ":*}" in whole:
            return tidy(whole.replace(":*}", f":{form}}}").format(**self._slots))
        if form in FORMS:
            message = FORMS[ON_DAY if form == "on" and self.on_day else form]
            return tidy(self._wording.message(message, CONTEXT).format(date=self))
        return tidy(self._variants.get(form, whole).replace(":=}", f":{form}}}").format(**self._slots))

    def __format__(self, form: str) -> str:
        return self.said(form)


class Joined:
    """Members that share what is around them: `10 or 11` in `10 or 11 February`."""

    __slots__ = ("_conjunction", "_items", "_wording")
    on_day = False

    def __init__(self, wording: Wording, items: Sequence[Spoken], conjunction: str) -> None:
        self._wording = wording
        self._items = items
        self._conjunction = conjunction

    def said(self, form: str = "") -> str:
        said = [item.said(form) for item in self._items]
        return listed(self._wording, said, self._conjunction)

    def __format__(self, form: str) -> str:
        return self.said(form)


def listed(wording: Wording, items: Sequence[str], conjunction: str) -> str:
    """`A, B and C`; blank for none."""
    if len(items) < 2:
        return "".join(items)
    message = noted("list", "{rest} and {last}") if conjunction == "and" else noted("list", "{rest} or {last}")
    return wording.message(message, "list").format(rest=", ".join(items[:-1]), last=items[-1])


def tidy(text: str) -> str:
    """The text without the blanks that an empty slot leaves."""
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")

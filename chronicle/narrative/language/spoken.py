"""Pieces of a sentence that languages bend: what is asked for in a form (`since`) or in a case of the language's own.

A form is part of English and of the code: it is a message, `since {about} {date}`. A case is part of a catalogue: a
translation may give itself variants, `{month} {year} | gen: {month:gen} {year}`, and any message of the catalogue may
ask a slot for one by name. `{month:=}` passes on the case that was asked for, `{date:*}` the form or the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from chronicle.narrative.language.wording import Wording, noted

CONTEXT = "date"
BARE = noted("date", "{about} {date}")
ON_DAY = noted("date", "on {about} {date}")
FORMS = {
    "on": noted("date", "in {about} {date}"),
    "from": noted("date", "from {about} {date}"),
    "since": noted("date", "since {about} {date}"),
    "until": noted("date", "until {about} {date}"),
    "through": noted("date", "through {about} {date}"),
    "by": noted("date", "by {about} {date}"),
    "as-of": noted("date", "as of {about} {date}"),
}


class Spoken(Protocol):
    """Said in a form or a case; a blank form is the plain one. `about` is an adverb that goes with it."""

    def said(self, form: str = "", about: str = "") -> str: ...
    def __format__(self, form: str, /) -> str: ...


class Given:
    """A text that is the same in every form."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def said(self, form: str = "", about: str = "") -> str:  # noqa: ARG002 - there is nothing to bend
        return self._text

    def __format__(self, form: str) -> str:
        return self._text


class Phrase:
    """A message, by its cases, with its slots filled in every form. `on_day`: English says `on`, not `in`."""

    __slots__ = ("_on_day", "_slots", "_variants", "_wording")

    def __init__(
        self, wording: Wording, variants: Mapping[str, str], slots: Mapping[str, Spoken], *, on_day: bool = False
    ) -> None:
        self._wording = wording
        self._variants = variants
        self._on_day = on_day
        self._slots = slots

    def said(self, form: str = "", about: str = "") -> str:
        whole = self._variants[""]
        if ":*}" in whole:
            text = whole.replace(":*}", f":{form}}}").format(**self._slots)
            return self._framed(BARE, about, Given(text)) if about else tidy(text)
        if form in FORMS:
            return self._framed(ON_DAY if form == "on" and self._on_day else FORMS[form], about, self)
        text = tidy(self._variants.get(form, whole).replace(":=}", f":{form}}}").format(**self._slots))
        return self._framed(BARE, about, Given(text)) if about else text

    def __format__(self, form: str) -> str:
        return self.said(form)

    def _framed(self, message: str, about: str, date: Spoken) -> str:
        return tidy(self._wording.message(message, CONTEXT).format(about=about, date=date))


class Joined:
    """Members that share what is around them: `10 or 11` in `10 or 11 February`."""

    __slots__ = ("_conjunction", "_items", "_wording")

    def __init__(self, wording: Wording, items: Sequence[Spoken], conjunction: str) -> None:
        self._wording = wording
        self._items = items
        self._conjunction = conjunction

    def said(self, form: str = "", about: str = "") -> str:
        said = [item.said(form, about) for item in self._items]
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

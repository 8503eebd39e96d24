"""Headings of chapters and sections in words, and the anchors that go with them."""

from __future__ import annotations

import re

from chronicle.narrative.chapters import Chapter, is_open
from chronicle.narrative.document import Run, Sentence
from chronicle.narrative.language import Language, runs_of
from chronicle.narrative.setting import Setting
from chronicle.when import When

_VAGUE = re.compile(r"\d\d(?:0X|XX)")
"""A decade or century whose name could be taken for another."""

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


def heading(chapter: Chapter, language: Language) -> str:
    """`1994`, `The 1990s`, `2000-2009`, `By 24 February 2026`, a theme."""
    if chapter.kind == "undated":
        return language.text("No date given")
    if chapter.kind == "theme":
        return begun(language.label(chapter.heading), language).text
    if _VAGUE.fullmatch(chapter.heading):
        first, last = chapter.heading.replace("X", "0"), chapter.heading.replace("X", "9")
        return _text(runs_of(language.period(f"{first}/{last}")))
    dated = language.when(When.parse(chapter.heading))
    if chapter.kind == "by":
        return language.begun(_text(language.say("{when:by}", when=dated)))
    if chapter.kind == "until":
        return language.begun(_text(language.say("{when:until}", when=dated)))
    return language.begun("".join(run.text for run in runs_of(dated)))


def note(chapter: Chapter, setting: Setting) -> Sentence | None:
    """What the heading cannot say."""
    if chapter.kind != "by":
        return None
    last = setting.language.when(When.parse(chapter.heading))
    if is_open(chapter):
        runs = setting.language.say(
            "No date is given for what follows; {when} is the latest it can have been, and {as_of:by} it may or may "
            "not have happened.",
            when=last,
            as_of=setting.as_of,
        )
        return Sentence(runs)
    runs = setting.language.say("No date is given for what follows; {when} is the latest it can have been.", when=last)
    return Sentence(runs)


def begun(run: Run, language: Language) -> Run:
    """A word as a heading or at the beginning of a line, with a capital as its language has it."""
    return Run(
        language.begun(run.text, run.lang), run.kind, run.style, run.fact, run.when, run.entity, run.href, run.lang
    )


def anchor(*parts: str) -> str:
    """An anchor of letters, digits and hyphens; `..` of an open date is told apart from none."""
    return _UNFIT.sub("-", "-".join(parts)).strip("-").lower()


def _text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)

"""An author's text as runs: the light CommonMark of summaries, of which emphasis and links stay."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Literal

from chronicle.narrative.document import Run
from chronicle.narrative.inert import plain, web_address
from chronicle.narrative.language.wording import joined

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MARKUP = re.compile(r"[*_\[\]<>&`\\!#|~+-]|^\s*\d", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_BLANK = ("softbreak", "hardbreak")


def paragraphs(text: str, lang: str | None = None) -> list[tuple[Run, ...]]:
    """The paragraphs of a summary; blocks other than paragraphs are read as such. `lang` marks another language."""
    text = text.replace("\r\n", "\n")
    if _MARKUP.search(text) is None:
        found = [[Run(part)] for part in _BLANK_LINES.split(text)]
    else:
        found = [_inline(token.children or []) for token in _reader().parse(text) if token.type == "inline"]
    kept = (_tidied(runs, lang) for runs in found)
    return [runs for runs in kept if runs]


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - most summaries are plain, and it loads slowly

    # What is no paragraph, a heading or a list, stays the text that it is.
    reader = MarkdownIt("zero").enable(["emphasis", "link", "escape", "entity", "backticks", "newline"])
    return reader.enable(["balance_pairs", "fragments_join"])


def _inline(tokens: list[Token]) -> list[Run]:
    runs: list[Run] = []
    emphasis = strong = 0
    href: str | None = None
    for token in tokens:
        match token.type:
            case "em_open" | "em_close":
                emphasis += token.nesting
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "link_open":
                href = web_address(str(token.attrs.get("href", "")))
            case "link_close":
                href = None
            case _:
                style: Literal["plain", "emphasis", "strong"]
                style = "strong" if strong else "emphasis" if emphasis else "plain"
                text = " " if token.type in _BLANK else token.content
                runs.append(Run(text, style=style, href=href))
    return runs


def _tidied(runs: list[Run], lang: str | None) -> tuple[Run, ...]:
    """The runs inert and in one line, without blanks at the ends."""
    found = []
    for index, run in enumerate(runs):
        text = plain(f"x{run.text}x")[1:-1]
        text = text.lstrip() if index == 0 else text
        text = text.rstrip() if index == len(runs) - 1 else text
        found.append(Run(text, style=run.style, href=run.href, lang=lang))
    return joined(found)

"""Runs of text on their way into a page."""

from __future__ import annotations

from collections.abc import Iterable

from chronicle.narrative.document import Run
from chronicle.narrative.inert import clean


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

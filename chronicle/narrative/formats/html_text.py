"""Sentences in HTML: each piece with what it is and the fact it rests on, each mark with its source a tap away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup, escape

from chronicle.narrative.document import Document, FactRef, Mark, Run, Sentence
from chronicle.narrative.formats.dates import machine_date
from chronicle.narrative.formats.runs import merged
from chronicle.narrative.formats.words import Words, working_text
from chronicle.narrative.inert import clean, plain, web_address

_TAGS = {"quote": "q", "emphasis": "em", "strong": "strong"}


class Writer:
    """Writes the sentences of one document; marks are numbered in the order in which it is asked for them."""

    def __init__(self, document: Document, said: Words) -> None:
        self._said = said
        self._notes = {note.number: _short(note.text) for note in document.notes}
        self._facts = {used.ref: used for used in document.facts}
        self._cited = 0

    def sentence(self, sentence: Sentence, covered: Sequence[FactRef] = ()) -> Markup:
        """A sentence, with the facts it rests on, and its mark; `covered` are the facts of all that the mark is for."""
        text = runs(sentence.runs)
        if sentence.marks or sentence.working is not None:
            text = _ended(text, self._mark(sentence, covered or sentence.facts))
        facts = " ".join(escaped(ref) for ref in sentence.facts)
        attributes = f' data-fact="{facts}"' if facts else ""
        return _markup(f'<span class="sentence"{attributes}>{text}</span>')

    def _mark(self, sentence: Sentence, covered: Sequence[FactRef]) -> str:
        """A button with the numbers of the sources, and what it opens: the sources, the places in them, the facts."""
        self._cited += 1
        target = f"cited-{self._cited}"
        shown = [self._number(mark) for mark in sentence.marks]
        if sentence.working is not None:
            how = working_text(sentence.working, self._said)
            shown.append(f'<span class="computed" aria-hidden="true">=</span><span class="aside">{escaped(how)}</span>')
        numbers = '<span class="between">, </span>'.join(shown)
        rows = "".join(f'<span class="row">{row}</span>' for row in self._rows(sentence, covered))
        return (
            f'<span class="cite"><button type="button" popovertarget="{target}">'
            f'<span class="aside"> [</span>{numbers}<span class="aside">]</span></button>'
            f'<span class="cited" popover id="{target}">{rows}</span></span>'
        )

    def _number(self, mark: Mark) -> str:
        where = ", ".join(escaped(plain(locator)) for locator in mark.locators)
        return f'{mark.number}<span class="aside">{self._said(": ")}{where}</span>' if where else str(mark.number)

    def _rows(self, sentence: Sentence, covered: Sequence[FactRef]) -> Iterator[str]:
        for mark in sentence.marks:
            where = ", ".join(escaped(plain(locator)) for locator in mark.locators)
            place = f" <strong>{where}</strong>" if where else ""
            source = self._notes.get(mark.number, "")
            yield f'<a href="#note-{mark.number}">{mark.number}</a> {source}{place}'
        for ref in covered:
            used = self._facts.get(ref)
            if used is not None and "#" in ref:
                doubt = f" ({escaped(self._said('possible'))})" if used.certainty == "possible" else ""
                yield f'<span class="fact" data-fact="{escaped(ref)}">{escaped(plain(used.said))}{doubt}</span>'
        if sentence.working is not None:
            yield escaped(working_text(sentence.working, self._said))


def escaped(text: str) -> str:
    """Text for the inside of an element or of a quoted attribute."""
    return str(escape(clean(text)))


def runs(given: Iterable[Run]) -> str:
    """Runs of text, each with what it is."""
    return "".join(map(_run, merged(given)))


def _run(run: Run) -> str:
    text = escaped(run.text)
    if run.style != "plain":
        text = f"<{_TAGS[run.style]}>{text}</{_TAGS[run.style]}>"
    attributes = "".join(
        f' {name}="{escaped(value)}"'
        for name, value in (("data-fact", run.fact), ("data-entity", run.entity), ("lang", run.lang))
        if value is not None
    )
    if run.lang is not None:
        attributes += ' dir="auto"'
    if (target := _target(run)) is not None:
        bare = ' class="bare"' if target == run.text else ""
        return f'<a href="{escaped(target)}"{bare}{attributes}>{text}</a>'
    if (date := machine_date(run.when)) is not None:
        return f'<time datetime="{date}"{attributes}>{text}</time>'
    if run.kind == "quote":
        return f"<q{attributes}>{text}</q>"
    if run.kind == "text":
        return f"<span{attributes}>{text}</span>" if attributes else text
    return f'<span class="{run.kind}"{attributes}>{text}</span>'


def _ended(text: str, mark: str) -> str:
    """Text that ends in a mark, which goes to no other line than the last word."""
    rest, space, word = text.rpartition(" ")
    if not word or "<" in word or ">" in word:
        return text + mark
    return f'{rest}{space}<span class="end">{word}{mark}</span>'


def _target(run: Run) -> str | None:
    if run.href is None:
        return None
    return clean(run.href) if run.href.startswith("#event-") else web_address(run.href)


def _short(sentence: Sentence) -> str:
    """A note without its address."""
    return escaped(
        plain("".join(run.text for run in sentence.runs if web_address(run.text) is None)).rstrip(" .") + "."
    )


def _markup(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - made here, of escaped text

"""Marks, notes and facts that have to fit each other: what is told is cited, and what is cited says it."""

from __future__ import annotations

from collections.abc import Iterator

from chronicle.event.model import Source
from chronicle.narrative.audit.date_runs import DateReader
from chronicle.narrative.audit.finding import Finding
from chronicle.narrative.audit.ground import Ground
from chronicle.narrative.audit.lines import Claim, claims, lines
from chronicle.narrative.audit.material import Material, numbers
from chronicle.narrative.document import Document, Note
from chronicle.narrative.inert import plain

_QUOTES = "“”\"«»„‘’'› ‹"


def citation_findings(document: Document, ground: Ground, dates: DateReader) -> Iterator[Finding]:
    """What is wrong with the marks of claims, with the notes, and with the facts that the document lists."""
    notes = {note.number: note for note in document.notes}
    for claim in claims(document):
        yield from _claim_findings(claim, ground, notes)
    yield from _note_findings(document, ground, dates)
    yield from _used_findings(document, ground, notes)


def _claim_findings(claim: Claim, ground: Ground, notes: dict[int, Note]) -> Iterator[Finding]:
    cited: dict[str, set[str]] = {}
    for citation in ground.citations(claim.refs):
        cited.setdefault(citation.source, set()).add(plain(citation.locator or ""))
    for mark in claim.marks:
        note, said = notes.get(mark.number), f"[{mark.number}]"
        if note is None:
            yield Finding(
                "mark", claim.section, claim.text, said, f"there is no note {mark.number}: number it or drop it"
            )
        elif note.source not in cited:
            yield Finding("mark", claim.section, claim.text, said, f"no fact of the sentence cites {note.source}")
        elif strange := set(mark.locators) - cited[note.source]:
            message = f"no fact of the sentence cites {note.source} at {min(strange)!r}"
            yield Finding("mark", claim.section, claim.text, min(strange), message)
    marked = {notes[mark.number].source for mark in claim.marks if mark.number in notes}
    for ref in claim.refs:
        sources = {citation.source for citation in ground.citations([ref])}
        # A fact is marked with all that it cites; what tells of a whole event, with something of it.
        missing = sources - marked if "#" in ref else sources if sources.isdisjoint(marked) else set()
        if missing:
            message = f"{ref} cites {min(missing)}, and no mark of the sentence says so"
            yield Finding("uncited", claim.section, claim.text, min(missing), message)


def _note_findings(document: Document, ground: Ground, dates: DateReader) -> Iterator[Finding]:
    marked = {mark.number for claim in claims(document) for mark in claim.marks}
    for place, note in enumerate(document.notes, 1):
        text, said = note.text.text, f"[{note.number}]"
        if note.number != place:
            yield Finding(
                "note", "[notes]", text, said, f"it is note {place} in order: number notes from 1 without gaps"
            )
        if note.number not in marked:
            yield Finding("note", "[notes]", text, said, "no sentence is marked with it: leave out what is not cited")
        source = next((one.sources[note.source] for one in ground.matters if note.source in one.sources), None)
        if source is None:
            yield Finding("note", "[notes]", text, note.source, f"the matter has no source {note.source}")
            continue
        yield from _source_findings(note, source, ground, dates)
        yield from _quote_findings(note, ground)


def _source_findings(note: Note, source: Source, ground: Ground, dates: DateReader) -> Iterator[Finding]:
    """What a note says that its source does not."""
    material, text = Material(), note.text.text
    says = [plain(one) for one in (source.title, source.publisher, source.author, source.url, source.id) if one]
    for said in says:
        material |= ground.texts.read(said)
    if says[0] not in text:
        yield Finding("note", "[notes]", text, source.id, f"{source.id} has another title: {says[0]!r}")
    by = plain(source.author or "") or plain(source.publisher or "")
    # A sentence may begin a name with a capital that it does not have.
    if by[1:] not in text:
        yield Finding("note", "[notes]", text, source.id, f"{source.id} is by another: {by!r}")
    for run in note.text.runs:
        if run.kind == "date":
            fault = dates.fault(run.text, text, [source.published]) if source.published else ("date", "it has no date")
            if fault is not None:
                yield Finding(fault[0], "[notes]", text, run.text, f"{source.id}: {fault[1]}")
            continue
        if run.kind == "name" and not any(run.text[1:] in one for one in says):
            yield Finding("note", "[notes]", text, run.text, f"{source.id} does not say {run.text!r}")
        for number in {found[0].strip(".,:-") for found in numbers(run.text)} - material.numbers:
            yield Finding("note", "[notes]", text, number, f"{source.id} does not say {number}")


def _quote_findings(note: Note, ground: Ground) -> Iterator[Finding]:
    quotes = ground.quotes.get(note.source, set())
    for sentence in note.quotes:
        texts = [run.text for run in sentence.runs if run.kind == "quote"] or [sentence.text]
        for text in texts:
            if not any(text.strip(_QUOTES) in quote or quote in text for quote in quotes):
                yield Finding(
                    "quote", "[notes]", sentence.text, text, f"no event quotes {note.source} so, word for word"
                )


def _used_findings(document: Document, ground: Ground, notes: dict[int, Note]) -> Iterator[Finding]:
    told = {ref: line for line in lines(document) for ref in line.sentence.facts}
    listed = {used.ref: used for used in document.facts}
    for ref in sorted(told.keys() - listed.keys()):
        message = f"it rests on {ref}, which the facts of the document do not list"
        yield Finding("used", told[ref].section, told[ref].sentence.text, ref, message)
    for ref, used in sorted(listed.items()):
        if ref not in told:
            yield Finding("used", "[facts]", used.said, ref, f"{ref} is listed, and no sentence rests on it")
        cited = {citation.source for citation in ground.citations([ref])}
        for mark in used.marks:
            note = notes.get(mark.number)
            if note is None or note.source not in cited:
                yield Finding("mark", "[facts]", used.said, f"[{mark.number}]", f"{ref} does not cite it")

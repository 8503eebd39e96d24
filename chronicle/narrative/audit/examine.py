"""The audit of a document: everything it says, held against the matter that it was composed from."""

from __future__ import annotations

from collections.abc import Iterator

from chronicle.narrative.audit.citing import citation_findings
from chronicle.narrative.audit.date_runs import DateReader
from chronicle.narrative.audit.finding import Finding
from chronicle.narrative.audit.ground import Ground
from chronicle.narrative.audit.lines import Line, blocks, lines
from chronicle.narrative.audit.numerals import NumeralReader
from chronicle.narrative.audit.plain_words import WordReader
from chronicle.narrative.audit.typed_runs import RunReader, places
from chronicle.narrative.audit.working import WorkingReader
from chronicle.narrative.document import Document, Entry, Timeline
from chronicle.narrative.inert import plain
from chronicle.narrative.matter import ReportMatter
from chronicle.when import When


def audit(document: Document, matter: ReportMatter, since: ReportMatter | None = None) -> tuple[Finding, ...]:
    """Every number, date and name of a report that does not come from its matter, in the order of the document.

    `since` is the matter of the earlier basis, of a report of what changed. An empty answer says that each of them is
    stated by a fact or event that the basis sees, or is computed from such as the document shows, and is cited by its
    sources. It does not say that a sentence is true of them: verbs, and who did what to whom, are not read.
    """
    ground = Ground([matter] if since is None else [matter, since], document.lang)
    numerals = NumeralReader(document.lang)
    found = [
        *_basis_findings(document, matter),
        *_line_findings(document, ground, numerals),
        *_event_findings(document, ground),
        *citation_findings(document, ground, DateReader(document.lang, numerals)),
    ]
    return tuple(dict.fromkeys(found))


def _basis_findings(document: Document, matter: ReportMatter) -> Iterator[Finding]:
    told, basis = document.told.text, matter.basis.as_json()
    for name in sorted(document.basis.keys() | basis.keys()):
        if document.basis.get(name) != basis.get(name):
            message = f"{name} is {document.basis.get(name)!r} in the document, and {basis.get(name)!r} in the matter"
            yield Finding("basis", "[told]", told, name, message)


def _line_findings(document: Document, ground: Ground, numerals: NumeralReader) -> Iterator[Finding]:
    runs, words, workings = RunReader(ground, numerals), WordReader(ground, numerals), WorkingReader(ground, numerals)
    for line in lines(document):
        text = line.sentence.text
        yield from _reference_findings(line, ground)
        for place in places(line):
            if (fault := runs.fault(place)) is not None:
                yield Finding(fault[0], line.section, text, place.run.text, fault[1])
        for token, (code, message) in (*words.faults(line, workings.counts(line)), *workings.faults(line)):
            yield Finding(code, line.section, text, token, message)


def _reference_findings(line: Line, ground: Ground) -> Iterator[Finding]:
    for ref in line.refs:
        if not ground.exists(ref):
            message = f"there is no {ref} at the basis: it is retracted, later, or was never there"
            yield Finding("reference", line.section, line.sentence.text, ref, message)
        elif (why := ground.hidden(ref)) is not None:
            yield Finding("hidden", line.section, line.sentence.text, ref, f"the basis does not see {ref}: {why}")


def _event_findings(document: Document, ground: Ground) -> Iterator[Finding]:
    """Entries and drawn items, held against their events."""
    shown = ground.matter.shown
    for section, block in blocks(document):
        if isinstance(block, Entry):
            yield from _standing(section, block.title.text, block.event, block.status, ground)
            types = {version.type for version in ground.versions(block.event)}
            if block.type and block.type not in types:
                yield Finding("status", section, block.title.text, block.type, f"{block.event} is of another type")
            if shown is not None and block.event not in shown:
                yield Finding(
                    "hidden", section, block.title.text, block.event, "the report is narrowed to other events"
                )
        elif isinstance(block, Timeline):
            yield from _drawn(section, block, ground)


def _standing(section: str, text: str, event: str, status: str, ground: Ground) -> Iterator[Finding]:
    stands = ground.status(event)
    # A figure is of a whole period: there may be none while it lasts.
    statistic = any(version.type.startswith("statistic.") for version in ground.versions(event))
    allowed = {stands, "may-have-happened"} if statistic and stands == "ongoing" else {stands}
    if stands is not None and status not in allowed:
        yield Finding("status", section, text, status, f"{event} is told as {status}, and is {stands} at the basis")


def _drawn(section: str, timeline: Timeline, ground: Ground) -> Iterator[Finding]:
    if timeline.as_of != ground.matter.last_second:
        yield Finding("basis", section, timeline.caption, str(timeline.as_of), "it is drawn as of another second")
    for item in (item for lane in timeline.lanes for item in lane.items):
        yield from _standing(section, item.label, item.event, item.status, ground)
        whens = [When.parse(version.occurred) for version in ground.versions(item.event)]
        if whens and (item.lo, item.hi) not in {(when.start.lo, when.start.hi) for when in whens}:
            yield Finding("date", section, item.label, item.event, f"it is drawn at another time than {whens[0].edtf}")
        titles = {plain(version.title) for version in ground.versions(item.event)}
        if (
            titles
            and item.label.rstrip("…") not in titles
            and not any(one.startswith(item.label.rstrip("… ")) for one in titles)
        ):
            yield Finding("title", section, item.label, item.event, f"{item.event} has another title")

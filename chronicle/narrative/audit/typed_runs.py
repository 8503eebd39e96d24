"""Runs that say what they are: each is held against what it says it is taken from, and nothing in it is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chronicle.narrative.audit.date_runs import DateReader
from chronicle.narrative.audit.figure_runs import Fault, FigureReader
from chronicle.narrative.audit.ground import Ground
from chronicle.narrative.audit.lines import Line, event_of, linked
from chronicle.narrative.audit.numerals import INFLECTED, NumeralReader
from chronicle.narrative.audit.stated import is_date, with_sides
from chronicle.narrative.document import Run
from chronicle.narrative.inert import plain
from chronicle.when import When

_ARTICLE = re.compile(r"[^\W\d_]{1,4}[ '’\u00a0]", re.IGNORECASE)
_AROUND = 40
_QUOTES = "“”\"«»„‘’'› ‹"


@dataclass(frozen=True, slots=True)
class Place:
    """A run within its line: the text before and after it, and the events the line rests on."""

    line: Line
    run: Run
    before: str
    after: str
    events: frozenset[str]


def events_of(line: Line) -> frozenset[str]:
    """The events that a line rests on or points to."""
    return frozenset(map(event_of, line.refs)) | frozenset(linked(line.sentence))


def places(line: Line) -> Iterator[Place]:
    """Every run of a line in its place."""
    events = events_of(line)
    text, at = line.sentence.text, 0
    for run in line.sentence.runs:
        end = at + len(run.text)
        yield Place(line, run, text[:at], text[end:], events)
        at = end


class RunReader:
    """Reads runs of one document."""

    def __init__(self, ground: Ground, numerals: NumeralReader) -> None:
        self._ground = ground
        self._numerals = numerals
        self._dates = DateReader(ground.language, numerals)
        self._figures = FigureReader(ground.language, numerals)

    def fault(self, place: Place) -> Fault | None:
        """What is wrong with a run; None if it is plain text, or says what it is taken from."""
        run = place.run
        if run.fact is not None and (wrong := self._reference(run.fact, place)):
            return wrong
        match run.kind:
            case "figure":
                return self._figure(place)
            case "date":
                return self._date(place)
            case "name":
                return self._name(place)
            case "title":
                return self._title(place)
            case "quote":
                return self._quote(place)
        return None

    def _reference(self, ref: str, place: Place) -> Fault | None:
        if not self._ground.exists(ref):
            return "reference", f"there is no {ref} in the matter"
        is_of_whole = ref.partition("#")[0] in place.line.refs if "#" in ref else event_of(ref) in place.events
        if ref not in place.line.refs and not is_of_whole:
            return "foreign", f"it is of {ref}, which the sentence does not rest on"
        return None

    def _figure(self, place: Place) -> Fault | None:
        run = place.run
        if run.fact is None:
            # A computed figure; its working is tried where the sentence is.
            return None if place.line.sentence.working else ("figure", "it names no fact, and no working is given")
        before = place.before[-_AROUND:]
        stated = self._ground.stated(run.fact)
        found = [self._figures.fault(run.text, before, one.fact.value) for one in stated]
        if not found:
            return "figure", f"{run.fact} is no fact"
        if [one.value for one in self._numerals.read("1" + place.after[:_AROUND])][:1] != [1]:
            return "figure", "the number goes on outside of its run"
        return None if None in found else found[0]

    def _date(self, place: Place) -> Fault | None:
        run = place.run
        around = place.before[-_AROUND:] + run.text + place.after[:_AROUND]
        edtf, more = run.when or "", self._fact_times(place)
        if edtf in ("..", "unknown", ""):
            dates = more
        elif not is_date(edtf):
            return "date", f"{edtf!r} is no date"
        elif not self._is_stated(edtf, place):
            return "date", f"{edtf} is no date of what the sentence rests on"
        else:
            dates = [edtf, *more]
        if not dates:
            return "date", "it names no date of the log"
        return self._dates.fault(run.text, around, dates)

    def _fact_times(self, place: Place) -> list[str]:
        """The times for which the fact of a run holds, which are told together; an unknown start by its bounds."""
        found: list[str] = []
        for stated in self._ground.stated(place.run.fact or ""):
            fact = stated.fact
            if place.run.when not in (fact.at, fact.from_, stated.event.occurred):
                continue
            found += [one for one in stated.times if one not in (fact.period, fact.due)]
            if fact.from_ == "unknown":
                occurred = When.parse(stated.event.occurred)
                found += [one for one in (occurred.latest,) if one not in ("..", "")]
        return found

    def _is_stated(self, edtf: str, place: Place) -> bool:
        if edtf in self._ground.bounds:
            return True
        if place.run.fact is not None and "#" in place.run.fact:
            stated = self._ground.stated(place.run.fact)
            return any(_is_told(edtf, with_sides({one.event.occurred, *one.times})) for one in stated)
        within = set(map(event_of, place.line.within)) if not place.events else place.events
        return any(_is_told(edtf, self._ground.times(event)) for event in within)

    def _name(self, place: Place) -> Fault | None:
        run, ground = place.run, self._ground
        if run.entity is None:
            return "name", "it names no entity"
        if not any(_is_called(run.text, label, ground.language) for label in ground.labels(run.entity)):
            return "name", f"{run.entity} is called {ground.labels(run.entity)[0]!r}"
        if run.fact is not None and "#" in run.fact:
            if not any(run.entity in stated.entities for stated in ground.stated(run.fact)):
                return "foreign", f"{run.fact} does not name {run.entity}"
        elif place.events and not any(run.entity in ground.entities(event) for event in place.events):
            return "foreign", f"nothing that the sentence rests on names {run.entity}"
        if not ground.is_translated(run.entity) and run.lang is None:
            return "name", f"{run.entity} has no label in {ground.language}, and the text does not show it"
        return None

    def _title(self, place: Place) -> Fault | None:
        href = place.run.href or ""
        events = {href.removeprefix("#event-")} if href.startswith("#event-") else place.events
        titles = {plain(version.title) for event in events for version in self._ground.versions(event)}
        if _bared(place.run.text) in {_bared(title) for title in titles}:
            return None
        return "title", f"no event of the sentence has this title, but {', '.join(sorted(titles)) or 'none'}"

    def _quote(self, place: Place) -> Fault | None:
        said = _bared(place.run.text)
        for event in place.events:
            quotes = (citation.quote for citation in self._ground.citations([event]) if citation.quote)
            texts = (version.title for version in self._ground.versions(event))
            if any(said in _bared(plain(text)) for text in (*quotes, *texts)):
                return None
        return "quote", "nothing that the sentence rests on says this word for word"


def _is_told(edtf: str, dates: Iterable[str]) -> bool:
    """It is one of the dates, or the day of one that has a time of day."""
    return any(edtf == date or date.startswith(f"{edtf}T") for date in dates)


def _bared(text: str) -> str:
    return text.strip(_QUOTES).removesuffix(".").strip(_QUOTES)


def _is_called(text: str, label: str, language: str) -> bool:
    """The text is the label, with an article before it, or with an ending where names take them."""
    found = _ARTICLE.match(text)
    for said in (text, text[found.end() :] if found else text):
        if said == label or (said[1:] == label[1:] and said[:1].lower() == label[:1].lower()):
            return True
        if language in INFLECTED and said.startswith(label) and re.fullmatch(r"[’']?[^\W\d_]{1,5}", said[len(label) :]):
            return True
    return False

"""The tools: each asks the archive one question and answers with the JSON of the command line, cut and cited.

Answers are texts, not structured content: they keep the digits of numbers, which a client's floats would lose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal, ParamSpec

import msgspec
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from chronicle.errors import ChronicleError
from chronicle.mcp.citations import EventId, citations, latest
from chronicle.mcp.cut import cut
from chronicle.mcp.parameters import (
    AsOf,
    Attribute,
    Dimensions,
    InChronicle,
    Known,
    Limit,
    Position,
    Subject,
    Type,
    Zone,
)
from chronicle.narrative.order import Kind
from chronicle.paging import pages
from chronicle.service import Archive
from chronicle.state.answer import Basis, record_json
from chronicle.when import describe

Given = ParamSpec("Given")


class Tools:
    """The questions of one archive, as functions whose signatures and docstrings tell an assistant how to ask."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def chronicles(self) -> str:
        """List the chronicles there are, with title and description. Ask this first: other tools take their ids."""
        found = []
        for name in self._archive.names("chronicle", ""):
            about = latest(self._archive, name, "chronicle", name)
            found.append(
                {"id": name} if about is None else _present(about, ("id", "title", "description", "languages"))
            )
        return _text({"chronicles": found})

    def state(
        self,
        *,
        as_of: AsOf = None,
        known: Known = None,
        position: Position = None,
        zone: Zone = "UTC",
        chronicle: InChronicle = None,
        subject: Subject = None,
        attribute: Attribute = None,
        dimensions: Dimensions = None,
        limit: Limit = 100,
    ) -> str:
        """Tell what was the case on a date: the facts that held, how certainly, since when, and by which sources.

        `certainty: possible` means that imprecise dates leave it open; `foreseen` marks a plan or forecast.
        """
        found = pages(
            self._archive.state,
            as_of=as_of,
            known=known,
            position=position,
            zone=zone,
            chronicle=chronicle,
            subject=subject,
            attribute=attribute,
            dimensions=dimensions,
        )
        first, facts, omitted = cut(found, lambda page: page.facts, limit)
        events = [(fact.row.key.chronicle, fact.event.id) for fact in facts]
        answer = {"basis": first.basis.as_json(), "facts": [fact.as_json() for fact in facts]}
        doubts = self._archive.doubts(chronicle=chronicle, subject=subject, attribute=attribute) if not facts else []
        return self._cited(answer, first.basis, events, omitted=omitted, doubts=doubts)

    def history(
        self,
        *,
        subject: Annotated[str, Field(description="Id of a subject, mostly an entity")],
        attribute: Annotated[str, Field(description="Name of an attribute")],
        as_of: AsOf = None,
        known: Known = None,
        position: Position = None,
        zone: Zone = "UTC",
        chronicle: InChronicle = None,
        dimensions: Dimensions = None,
        limit: Limit = 100,
    ) -> str:
        """Tell how one attribute of one subject went over time: segments, `start` inclusive and `end` exclusive.

        Without `as_of` to the end of time, plans included. There is one history for each set of dimensions.
        """
        found = pages(
            self._archive.history,
            subject,
            attribute,
            as_of=as_of,
            known=known,
            position=position,
            zone=zone,
            chronicle=chronicle,
            dimensions=dimensions,
        )
        first, parts, omitted = cut(
            found, lambda page: ((one.key, part) for one in page for part in one.segments), limit
        )
        events = [(str(key["chronicle"]), event) for key, part in parts for event in part.held.events]
        histories = [
            {"key": key, "segments": [part.as_json() for _, part in group]}
            for key, group in groupby(parts, key=lambda row: row[0])
        ]
        answer = {"basis": first.basis.as_json(), "histories": histories}
        doubts = self._archive.doubts(chronicle=chronicle, subject=subject, attribute=attribute) if not parts else []
        return self._cited(answer, first.basis, events, omitted=omitted, doubts=doubts)

    def diff(
        self,
        *,
        before: Annotated[
            dict[str, Any], Field(description='Earlier basis, as in {"as_of": "2024"} or {"known": "2025"}')
        ],
        after: Annotated[dict[str, Any], Field(description="Later basis, likewise")],
        as_of: AsOf = None,
        known: Known = None,
        zone: Zone = "UTC",
        chronicle: InChronicle = None,
        subject: Subject = None,
        attribute: Attribute = None,
        limit: Limit = 100,
    ) -> str:
        """Tell what differs between two states, each change with the events that caused it.

        Two `as_of` tell what changed; two `known` or `position` over one `as_of` tell what was learned.
        """
        found = pages(
            self._archive.diff,
            before,
            after,
            as_of=as_of,
            known=known,
            zone=zone,
            chronicle=chronicle,
            subject=subject,
            attribute=attribute,
        )
        first, changes, omitted = cut(found, lambda page: page.changes, limit)
        events = [(str(one.key["chronicle"]), event) for one in changes for event in one.caused_by]
        bases = {"from": first.before.as_json(), "to": first.after.as_json()}
        answer = {**bases, "changes": [one.as_json() for one in changes]}
        return self._cited(answer, first.after, events, omitted=omitted)

    def events(
        self,
        *,
        as_of: AsOf = None,
        known: Known = None,
        position: Position = None,
        zone: Zone = "UTC",
        chronicle: InChronicle = None,
        type: Type = None,  # noqa: A002
        limit: Limit = 100,
    ) -> str:
        """List events in order of occurrence with their status by `as_of`: happened, ongoing, planned, overdue."""
        found = pages(
            self._archive.events,
            as_of=as_of,
            known=known,
            position=position,
            zone=zone,
            chronicle=chronicle,
            type=type,
        )
        first, told, omitted = cut(found, lambda page: page.events, limit)
        answer = {"basis": first.basis.as_json(), "events": [one.as_json() for one in told]}
        events = [(one.record.header.chronicle, one.event.id) for one in told]
        return self._cited(answer, first.basis, events, omitted=omitted)

    def event(
        self,
        *,
        id: Annotated[str, Field(description="Id of an event, source, entity, attribute or chronicle")],  # noqa: A002
        known: Known = None,
        position: Position = None,
        zone: Zone = "UTC",
        chronicle: InChronicle = None,
    ) -> str:
        """Show every version of one document, oldest first: what was recorded, when, by whom, from which sources."""
        basis = self._archive.basis(known=known, position=position, zone=zone)
        versions = self._archive.show(id, known=known, position=basis.position, zone=zone, chronicle=chronicle)
        events = [(one.header.chronicle, one.header.id) for one in versions if one.header.kind == "event"]
        answer = {"basis": basis.as_json(), "id": id, "versions": [record_json(one) for one in versions]}
        return self._cited(answer, basis, events)

    def search(
        self,
        *,
        query: Annotated[str, Field(description='Words, all of which must be there, or "words that stand together"')],
        known: Known = None,
        position: Position = None,
        chronicle: InChronicle = None,
        limit: Annotated[int, Field(description="At most so many results", ge=1, le=100)] = 20,
    ) -> str:
        """Find events, sources, entities and attributes by their words, best first; case and accents do not matter."""
        found = self._archive.search(query, chronicle=chronicle, limit=limit, known=known, position=position)
        hits = [one.record.header for one in found.results]
        events = [(header.chronicle, header.id) for header in hits if header.kind == "event"]
        return self._cited(found.as_json(), found.basis, events)

    def conflicts(
        self,
        *,
        as_of: AsOf = None,
        known: Known = None,
        position: Position = None,
        zone: Zone = "UTC",
        chronicle: InChronicle = None,
        subject: Subject = None,
        attribute: Attribute = None,
        limit: Limit = 50,
    ) -> str:
        """List claims that contradict each other on a date: the one that wins, those that lose, with sources."""
        found = pages(
            self._archive.conflicts,
            as_of=as_of,
            known=known,
            position=position,
            zone=zone,
            chronicle=chronicle,
            subject=subject,
            attribute=attribute,
        )
        first, told, omitted = cut(found, lambda page: page.conflicts, limit)
        events = [
            (str(one.key["chronicle"]), claim.event.id)
            for one in told
            for claim in (one.winner, *(loser for loser, _, _ in one.losers))
        ]
        answer = {"basis": first.basis.as_json(), "conflicts": [one.as_json() for one in told]}
        return self._cited(answer, first.basis, events, omitted=omitted)

    def report(
        self,
        *,
        chronicle: Annotated[str, Field(description="Id of the chronicle to tell")],
        as_of: AsOf = None,
        known: Known = None,
        position: Position = None,
        kind: Annotated[
            Kind, Field(description="brief fits on a page; changes needs `since`; profile needs `entity`")
        ] = "brief",
        since: Annotated[str | None, Field(description="For `changes`: the date of the earlier state")] = None,
        entity: Annotated[
            str | None, Field(description="Keeps events that name it; for `profile`, whom it is of")
        ] = None,
        lang: Annotated[str | None, Field(description="az, de, en, fr, ru or tr")] = None,
        format: Annotated[Literal["md", "txt"], Field(description="Markdown or plain text")] = "md",  # noqa: A002
    ) -> str:
        """Tell a chronicle as a sourced report; notes lead to the sources, the last lines name the basis."""
        return self._archive.report(
            chronicle,
            as_of=as_of,
            known=known,
            position=position,
            kind=kind,
            since=since,
            entity=entity,
            lang=lang,
            format=format,
        )

    def when(
        self, *, text: Annotated[str, Field(description="An EDTF date, as in 1994~, 2025-33 or [..2026-02-24]")]
    ) -> str:
        """Say what a date means: if it is valid, its first and last day, its precision, how it reads in words."""
        return _text(describe(text))

    def append(
        self,
        *,
        documents: Annotated[str, Field(description="YAML documents, as in event files, separated by lines of ---")],
        chronicle: InChronicle = None,
        dry_run: Annotated[bool, Field(description="Say what would happen and write nothing")] = True,
    ) -> str:
        """Record documents in the log, all or nothing: events with facts and sources, and what they need declared.

        Nothing can be taken out of the log again; an id that is there already gets a new version. Try with `dry_run`.
        """
        with TemporaryDirectory(prefix="chronicle-mcp-") as folder:
            file = Path(folder, "documents.yaml")
            file.write_text(documents, encoding="utf-8")
            try:
                loaded = self._archive.load(file, chronicle=chronicle, dry_run=dry_run)
            except ChronicleError as error:
                raise ToolError(str(error).replace(f"{file.parent}/", "")) from error
        answer = {**loaded.as_json(), "dry_run": dry_run, "warnings": [one.message for one in loaded.warnings]}
        del answer["missing"]
        return _text(answer)

    def _cited(
        self,
        answer: dict[str, Any],
        basis: Basis,
        events: Iterable[EventId],
        *,
        omitted: int = 0,
        doubts: Sequence[str] = (),
    ) -> str:
        more: dict[str, object] = {"omitted": omitted} if omitted else {}
        if doubts:
            more["notes"] = list(doubts)
        return _text({**answer, **more, "citations": citations(self._archive, basis, events)})


def anticipated(tool: Callable[Given, str]) -> Callable[Given, str]:
    """The same tool, whose refusals an assistant can read and act upon; any other error stays one of the program."""

    @wraps(tool)
    def told(*args: Given.args, **kwargs: Given.kwargs) -> str:
        try:
            return tool(*args, **kwargs)
        except ChronicleError as error:
            raise ToolError(str(error)) from error

    return told


def _present(document: object, names: Sequence[str]) -> dict[str, object]:
    return {name: one for name in names if (one := getattr(document, name))}


def _text(answer: object) -> str:
    return msgspec.json.encode(answer).decode()

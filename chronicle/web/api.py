"""The questions of an archive as routes: /api/NAME is `Archive.NAME`, and answers what the command NAME prints."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.datastructures import State as AppState
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, QueryParameter

from chronicle.asking import Bounds
from chronicle.errors import QuestionError
from chronicle.narrative.formats.registry import COMPANIONS, format_of
from chronicle.narrative.order import Kind
from chronicle.parameters import basis_of, dimensions_of
from chronicle.reporting import Ordered
from chronicle.service import Archive
from chronicle.state.answer import next_json, record_json
from chronicle.web.answers import ASK_AGAIN, NEVER, answered, json, keeping, keeping_of_two
from chronicle.web.headers import STYLED
from chronicle.web.questions import (
    LAST,
    After,
    InChronicle,
    Known,
    Most,
    Position,
    Question,
    Recorded,
    Zone,
    bounds,
    question,
)
from chronicle.when import describe

MOST = 1_000
"""Documents of one page."""

Asker = Request[Any, Any, AppState]
Answer = Response[bytes]

TheBounds = NamedDependency[Bounds]
TheQuestion = NamedDependency[Question]

Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=MOST, description="At most so many")]


def the_archive(request: Asker) -> Archive:
    """The archive that this process serves."""
    archive: Archive = request.app.state.archive
    return archive


@get("/state", sync_to_thread=True, summary="What was the case on a date")
def state(request: Asker, question: TheQuestion) -> Answer:
    """One row for each value that holds or may hold, with its certainty, its times and its sources."""
    bounds, about, after, limit = question
    found = the_archive(request).state(**about, after=after, limit=limit, **bounds)
    return json(request, found.as_json())


@get("/history", sync_to_thread=True, summary="What held over time")
def history(
    request: Asker,
    *,
    bounds: TheBounds,
    subject: Annotated[str, QueryParameter(name="subject", description="Id of a subject")],
    attribute: Annotated[str, QueryParameter(name="attribute", description="Name of an attribute")],
    chronicle: InChronicle = None,
    dimension: Annotated[list[str] | None, QueryParameter(name="dimension", description="KEY=VALUE; several")] = None,
    after: After = None,
    limit: Most = None,
) -> Answer:
    """The histories of all keys that match; without `as_of` to the end of time, plans included.

    `limit` is of segments: the last history of an answer may go on in the first of the next.
    """
    found = the_archive(request).history(
        subject,
        attribute,
        chronicle=chronicle,
        dimensions=dimensions_of(dimension) or None,
        after=after,
        limit=limit,
        **bounds,
    )
    told = {
        "basis": found.basis.as_json(),
        "histories": [{"key": one.key, "segments": one.as_json()["segments"]} for one in found],
        **next_json(found.next),
    }
    return json(request, told, dated=bounds.get("as_of") is not None)


@get("/diff", sync_to_thread=True, summary="What differs between two states")
def diff(
    request: Asker,
    *,
    question: TheQuestion,
    earlier: Annotated[str, QueryParameter(name="from", description="A date, or bounds: known=2026-02,as_of=2025")],
    later: Annotated[str, QueryParameter(name="to", description="Likewise; what it leaves out, the other bounds say")],
) -> Answer:
    """Each change with the events that caused it. Two dates tell what changed, two `known` what was learned."""
    bounds, about, turn, limit = question
    found = the_archive(request).diff(basis_of(earlier), basis_of(later), **about, turn=turn, limit=limit, **bounds)
    return json(request, found.as_json(), keep=keeping_of_two(request, earlier, later))


@get("/events", sync_to_thread=True, summary="How events stand as of a date")
def events(
    request: Asker,
    *,
    bounds: TheBounds,
    chronicle: InChronicle = None,
    kind: Annotated[str | None, QueryParameter(name="type", description="A type and those below it: plan")] = None,
    after: After = None,
    limit: Most = None,
) -> Answer:
    """Events in the order of occurrence, each happened, ongoing, planned, overdue or possibly happened."""
    found = the_archive(request).events(chronicle=chronicle, type=kind, after=after, limit=limit, **bounds)
    return json(request, found.as_json())


@get("/conflicts", sync_to_thread=True, summary="Claims that lost")
def conflicts(request: Asker, question: TheQuestion) -> Answer:
    """The claims that cover the date but lost, beside those that won, with their sources."""
    bounds, about, after, limit = question
    found = the_archive(request).conflicts(**about, after=after, limit=limit, **bounds)
    return json(request, found.as_json())


@get("/search", sync_to_thread=True, summary="Find documents by their words")
def search(
    request: Asker,
    *,
    words: Annotated[str, QueryParameter(name="q", max_length=1_000, description='Words, or "words together"')],
    chronicle: InChronicle = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    limit: Annotated[int, QueryParameter(name="limit", ge=1, le=100, description="At most so many")] = 20,
) -> Answer:
    """Events, sources, entities and attributes that have every word, best first; without case and accents."""
    found = the_archive(request).search(
        words, chronicle=chronicle, limit=limit, known=known, recorded=recorded, position=position, zone=zone
    )
    return json(request, found.as_json(), dated=False)


@get("/show", sync_to_thread=True, summary="Every version of a document")
def show(
    request: Asker,
    *,
    id_: Annotated[str, QueryParameter(name="id", description="Id of a document of any kind")],
    chronicle: InChronicle = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
) -> Answer:
    """What was recorded under an id, of whatever kind, oldest first: when, by whom, and from which sources."""
    archive = the_archive(request)
    basis = archive.basis(known=known, recorded=recorded, position=position, zone=zone)
    versions = archive.show(id_, chronicle=chronicle, known=known, position=basis.position, zone=zone)
    told = {"basis": {**basis.as_json(), "as_of": None}, "id": id_, "versions": [record_json(one) for one in versions]}
    return json(request, told, dated=False)


@get("/documents/{kind:str}", sync_to_thread=True, summary="The entities, attributes, sources or chronicles there are")
def documents(
    request: Asker,
    *,
    kind: Annotated[str, PathParameter(description="entity, attribute, source or chronicle")],
    chronicle: InChronicle = None,
    position: Position = None,
    after: Annotated[int, QueryParameter(name="after", ge=0, le=LAST, description="`next` of the page before")] = 0,
    limit: Limit = 100,
) -> Answer:
    """Their latest versions, by the position of their first ones; `next` is there where more follow."""
    archive = the_archive(request)
    basis = archive.basis(position=position)
    found = archive.documents(kind, chronicle=chronicle, position=basis.position, after=after, limit=limit + 1)
    told: dict[str, Any] = {
        "basis": {**basis.as_json(), "as_of": None},
        "documents": [record_json(one) for one in found[:limit]],
    }
    if len(found) > limit:
        told["next"] = found[limit - 1].first
    return json(request, told, dated=False)


@get("/report/{chronicle:str}", sync_to_thread=True, summary="A chronicle told")
def report(
    request: Asker,
    *,
    bounds: TheBounds,
    chronicle: Annotated[str, PathParameter(description="Id of the chronicle")],
    kind: Annotated[Kind, QueryParameter(name="kind", description="What is told")] = "narrative",
    format_: Annotated[
        str, QueryParameter(name="format", description="md, html, txt, json, pdf, docx, csl or prov")
    ] = "html",
    lang: Annotated[str | None, QueryParameter(name="lang", description="Tag of a language: az, en, fr …")] = None,
    since: Annotated[str | None, QueryParameter(name="since", description="For changes: the earlier basis")] = None,
    entity: Annotated[
        list[str] | None, QueryParameter(name="entity", description="Events that name it; repeatable")
    ] = None,
    type_: Annotated[list[str] | None, QueryParameter(name="type", description="Events of a type; repeatable")] = None,
    tag: Annotated[list[str] | None, QueryParameter(name="tag", description="Events with a tag; repeatable")] = None,
    from_: Annotated[str | None, QueryParameter(name="from", description="Events since a date began")] = None,
    to: Annotated[str | None, QueryParameter(name="to", description="Events until a date ended")] = None,
) -> Answer:
    """The same as `chronicle report`: text or a file, whose last lines name the basis."""
    archive = the_archive(request)
    ordered = Ordered(
        kind=kind,
        lang=lang,
        since=None if since is None else basis_of(since),
        entity=entity,
        types=type_ or (),
        tags=tag or (),
        from_=from_,
        to=to,
    )
    ordered.update(bounds)  # type: ignore[typeddict-item] # it has all of them, and more
    media_type = _media_type(format_)
    told = archive.report(chronicle, format=format_, **ordered)
    body = told.encode() if isinstance(told, str) else told
    keep = keeping(request, archive.basis(**bounds).as_json())
    name = f"attachment; filename={chronicle}.{format_}" if format_ in ("pdf", "docx") else "inline"
    headers = {"content-disposition": name, **(STYLED if format_ == "html" else {})}
    return answered(request, body, keep=keep, media_type=media_type, headers=headers)


@get("/when", sync_to_thread=False, summary="What a date means")
def when(
    request: Asker, text: Annotated[str, QueryParameter(name="text", max_length=500, description="An EDTF date")]
) -> Answer:
    """Its bounds, its precision and how it reads; or what is wrong with it, and at which column."""
    return json(request, describe(text), keep=ASK_AGAIN)


@get("/prove", sync_to_thread=True, summary="A proof that a document is in the log")
def prove(
    request: Asker,
    *,
    id_: Annotated[str | None, QueryParameter(name="id", description="Id of a document")] = None,
    chronicle: InChronicle = None,
    version: Annotated[int | None, QueryParameter(name="version", ge=1, description="Which; the latest")] = None,
    since: Annotated[
        int | None, QueryParameter(name="since", ge=0, description="Instead: that the log has only grown")
    ] = None,
) -> Answer:
    """A path of hashes to a fresh signed checkpoint (RFC 6962), as `chronicle verify --proof` takes it."""
    archive = the_archive(request)
    if (id_ is None) == (since is None):
        raise QuestionError("prove: name an id, or a number of records with since")
    if since is not None:
        return json(request, msgspec.to_builtins(archive.prove_since(since)), keep=NEVER)
    assert id_ is not None, "one of the two was given"
    return json(request, msgspec.to_builtins(archive.prove(id_, chronicle=chronicle, version=version)), keep=NEVER)


@get("/checkpoint", sync_to_thread=True, summary="A signed checkpoint of the log")
def checkpoint(request: Asker) -> Answer:
    """A note of C2SP tlog-checkpoint: how many records the log has, and the root of their hashes."""
    _, note = the_archive(request).checkpoint()
    return answered(request, note.encode(), keep=NEVER, media_type="text/plain")


def _media_type(name: str) -> str:
    if name in COMPANIONS:
        return "application/vnd.citationstyles.csl+json" if name == "csl" else "application/json"
    return _MEDIA_TYPES[format_of(name).name]


_MEDIA_TYPES = {
    "md": "text/markdown",
    "html": "text/html",
    "txt": "text/plain",
    "json": "application/json",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

QUESTIONS = Router(
    "/api",
    route_handlers=[
        state,
        history,
        diff,
        events,
        conflicts,
        search,
        show,
        documents,
        report,
        when,
        prove,
        checkpoint,
    ],
    dependencies={
        "bounds": Provide(bounds, sync_to_thread=False),
        "question": Provide(question, sync_to_thread=False),
    },
)

"""Memento (RFC 7089): entities and reports as they were told at a time; the time is that of recording.

What is told now is at /entities/… and /reports/…, its time gate below /timegate, its time map below /timemap, and each
memento below /mementos/POSITION, so that two appends within a second keep an address each. A memento is for ever the
same. Which date is asked about stands in the query (`as_of`); of a memento it is by default when it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import formatdate, parsedate_to_datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode

import msgspec
from litestar import HttpMethod, Request, Response, route
from litestar.exceptions import HTTPException
from litestar.params import PathParameter, QueryParameter

from chronicle.errors import QuestionError, UnknownError, shown
from chronicle.event.record import Record
from chronicle.narrative.order import Kind
from chronicle.remembering import SINCE_EVER, Memento, Mementos
from chronicle.service import Archive
from chronicle.state.answer import record_json
from chronicle.web.headers import STYLED
from chronicle.when import instant_text

PAGE = 1_000
"""Mementos of one time map; it names the next one (section 5.1.3)."""

READING = [HttpMethod.GET, HttpMethod.HEAD]

Asker = Request[Any, Any, Any]
ChronicleId = Annotated[str, PathParameter(description="Id of a chronicle")]
EntityId = Annotated[str, PathParameter(description="Id of an entity, or of any subject")]
MementoPosition = Annotated[int, PathParameter(description="Position of a memento, which the time map names")]
AsOf = Annotated[str | None, QueryParameter(name="as_of", description="EDTF date that is asked about, read to its end")]
Format = Annotated[str, QueryParameter(name="format", description="md, html, txt or json")]
Lang = Annotated[str | None, QueryParameter(name="lang", description="Tag of a language: az, en, fr …")]
ReportKind = Annotated[Kind, QueryParameter(name="kind", description="What is told")]

_MEDIA_TYPES = {"md": "text/markdown", "html": "text/html", "txt": "text/plain", "json": "application/json"}


class _Place:
    """The addresses of one resource, as whoever asks reaches them, with the query that was sent."""

    def __init__(self, request: Asker, path: str) -> None:
        self._base = str(request.base_url).rstrip("/")
        self._path = path
        query = request.scope["query_string"].decode("utf-8", "replace")  # the library has the names in any order
        pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "after"]
        self._query = f"?{urlencode(pairs)}" if pairs else ""

    @property
    def original(self) -> str:
        return f"{self._base}{self._path}{self._query}"

    @property
    def gate(self) -> str:
        return f"{self._base}/timegate{self._path}{self._query}"

    def time_map(self, after: int | None = None) -> str:
        if after is None:
            return f"{self._base}/timemap{self._path}{self._query}"
        return f"{self._base}/timemap{self._path}{self._query}{'&' if self._query else '?'}after={after}"

    def memento(self, one: Memento) -> str:
        return f"{self._base}/mementos/{one.position}{self._path}{self._query}"

    def links(self, mementos: Mementos, one: Memento) -> str:
        """The `Link` of a time gate and of a memento: section 2.2."""
        around: dict[Memento, list[str]] = {}
        for name, other in (
            ("first", mementos.first),
            ("prev", mementos.before(one)),
            ("", one),
            ("next", mementos.after(one)),
            ("last", mementos.last()),
        ):
            if other is not None:
                around.setdefault(other, []).append(name)
        return ", ".join([*self.around(), *(self._link(other, names) for other, names in around.items())])

    def around(self) -> list[str]:
        """What every answer about the resource links to."""
        return [
            f'<{self.original}>; rel="original"',
            f'<{self.gate}>; rel="timegate"',
            f'<{self.time_map()}>; rel="timemap"; type="application/link-format"',
        ]

    def lines(self, page: Iterable[Memento], mementos: Mementos) -> list[str]:
        last = mementos.last()
        relations = {mementos.first: ["first"]}
        relations.setdefault(last, []).append("last")
        return [self._link(one, relations.get(one, [])) for one in page]

    def _link(self, one: Memento, names: list[str]) -> str:
        relation = " ".join([*filter(None, names), "memento"])
        return f'<{self.memento(one)}>; rel="{relation}"; datetime="{http_date(one)}"'


def http_date(one: Memento) -> str:
    """The date of a memento as HTTP writes it, in whole seconds of GMT."""
    return formatdate(one.second, usegmt=True)


def accepted_second(text: str) -> int:
    """The second of an `Accept-Datetime`. Raises HTTPException with 400 for what is no date (section 4.5.3)."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError):
        found = None
    if found is None or found.tzinfo is None or not text.rstrip().endswith("GMT"):
        raise HTTPException(
            f"Accept-Datetime: {shown(text)} is no date of HTTP, such as Tue, 24 Feb 2026 12:00:00 GMT", status_code=400
        )
    return int(found.timestamp())


@route("/entities/{chronicle:str}/{id_:str}", http_method=READING, sync_to_thread=True, summary="An entity now")
def entity(request: Asker, chronicle: ChronicleId, id_: EntityId, as_of: AsOf = None) -> Response[bytes]:
    """What is recorded of an entity, and the state of it as of a date; with links to its time gate and time map."""
    archive, place = _archive(request), _Place(request, _entity_path(chronicle, id_))
    archive.mementos(chronicle, id_)
    return Response(
        _entity(archive, chronicle, id_, as_of, None),
        media_type="application/json",
        headers={"cache-control": "no-store", "link": ", ".join(place.around())},
    )


@route("/reports/{chronicle:str}", http_method=READING, sync_to_thread=True, summary="A chronicle told now")
def report(
    request: Asker,
    *,
    chronicle: ChronicleId,
    as_of: AsOf = None,
    kind: ReportKind = "narrative",
    format_: Format = "html",
    lang: Lang = None,
) -> Response[bytes]:
    """The report, with links to its time gate and time map."""
    archive, place = _archive(request), _Place(request, _report_path(chronicle))
    return Response(
        _report(archive, chronicle, as_of=as_of, position=None, kind=kind, format_=format_, lang=lang),
        media_type=_media_type(format_),
        headers={"cache-control": "no-store", "link": ", ".join(place.around()), **_styled(format_)},
    )


@route(
    "/timegate/entities/{chronicle:str}/{id_:str}",
    http_method=READING,
    sync_to_thread=True,
    status_code=302,
    summary="To an entity as it was told",
)
def entity_gate(request: Asker, chronicle: ChronicleId, id_: EntityId, as_of: AsOf = None) -> Response[bytes]:  # noqa: ARG001 # a parameter that is passed on
    """Redirect to the memento of the `Accept-Datetime`; to the last one without."""
    return _gate(request, _archive(request).mementos(chronicle, id_), _entity_path(chronicle, id_))


@route(
    "/timegate/reports/{chronicle:str}",
    http_method=READING,
    sync_to_thread=True,
    status_code=302,
    summary="To a report as it was told",
)
def report_gate(
    request: Asker,
    *,
    chronicle: ChronicleId,
    as_of: AsOf = None,  # noqa: ARG001 # these are passed on
    kind: ReportKind = "narrative",  # noqa: ARG001
    format_: Format = "html",  # noqa: ARG001
    lang: Lang = None,  # noqa: ARG001
) -> Response[bytes]:
    """Redirect to the memento of the `Accept-Datetime`; to the last one without."""
    return _gate(request, _archive(request).mementos(chronicle), _report_path(chronicle))


After = Annotated[
    int, QueryParameter(name="after", ge=SINCE_EVER, description="Microsecond after which the map begins")
]


@route(
    "/timemap/entities/{chronicle:str}/{id_:str}",
    http_method=READING,
    sync_to_thread=True,
    summary="When an entity was told otherwise",
)
def entity_map(
    request: Asker,
    chronicle: ChronicleId,
    id_: EntityId,
    as_of: AsOf = None,  # noqa: ARG001 # it is passed on
    after: After = SINCE_EVER,
) -> Response[bytes]:
    """All mementos of an entity, in pages, as application/link-format (RFC 6690)."""
    return _map(request, _archive(request).mementos(chronicle, id_), _entity_path(chronicle, id_), after)


@route(
    "/timemap/reports/{chronicle:str}",
    http_method=READING,
    sync_to_thread=True,
    summary="When a chronicle was told otherwise",
)
def report_map(
    request: Asker,
    *,
    chronicle: ChronicleId,
    as_of: AsOf = None,  # noqa: ARG001 # these are passed on
    kind: ReportKind = "narrative",  # noqa: ARG001
    format_: Format = "html",  # noqa: ARG001
    lang: Lang = None,  # noqa: ARG001
    after: After = SINCE_EVER,
) -> Response[bytes]:
    """All mementos of a chronicle's reports, in pages, as application/link-format (RFC 6690)."""
    return _map(request, _archive(request).mementos(chronicle), _report_path(chronicle), after)


@route(
    "/mementos/{position:int}/entities/{chronicle:str}/{id_:str}",
    http_method=READING,
    sync_to_thread=True,
    summary="An entity as it was told",
)
def entity_memento(
    request: Asker, position: MementoPosition, chronicle: ChronicleId, id_: EntityId, as_of: AsOf = None
) -> Response[bytes]:
    """An entity as of the position of a memento."""
    archive = _archive(request)
    mementos = archive.mementos(chronicle, id_)
    one = mementos.of(position)
    body = _entity(archive, chronicle, id_, _fixed(archive, as_of, one), position)
    return _memento(_Place(request, _entity_path(chronicle, id_)), mementos, one, body, "application/json")


@route(
    "/mementos/{position:int}/reports/{chronicle:str}",
    http_method=READING,
    sync_to_thread=True,
    summary="A report as it was told",
)
def report_memento(
    request: Asker,
    *,
    position: MementoPosition,
    chronicle: ChronicleId,
    as_of: AsOf = None,
    kind: ReportKind = "narrative",
    format_: Format = "html",
    lang: Lang = None,
) -> Response[bytes]:
    """A report as of the position of a memento."""
    archive = _archive(request)
    mementos = archive.mementos(chronicle)
    one = mementos.of(position)
    body = _report(
        archive,
        chronicle,
        as_of=_fixed(archive, as_of, one),
        position=position,
        kind=kind,
        format_=format_,
        lang=lang,
    )
    answer = _memento(_Place(request, _report_path(chronicle)), mementos, one, body, _media_type(format_))
    answer.headers.update(_styled(format_))
    return answer


def _gate(request: Asker, mementos: Mementos, path: str) -> Response[bytes]:
    """Section 4.1.1: a redirect that varies with what was accepted, and has no date of its own."""
    wanted = request.headers.get("accept-datetime")
    one = mementos.last() if wanted is None else mementos.at(accepted_second(wanted))
    place = _Place(request, path)
    headers = {
        "location": place.memento(one),
        "link": place.links(mementos, one),
        "vary": "accept-datetime",
        "cache-control": "no-store",
    }
    return Response(b"", status_code=302, headers=headers)


def _map(request: Asker, mementos: Mementos, path: str, after: int) -> Response[bytes]:
    """Section 5: the links of a page of mementos; where more follow, that to the next map."""
    place, page = _Place(request, path), mementos.page(after, PAGE + 1)
    lines = [*place.around()[:2], *place.lines(page[:PAGE], mementos)]
    span = f'; from="{http_date(page[0])}"; until="{http_date(page[:PAGE][-1])}"' if page else ""
    here = place.time_map(None if after == SINCE_EVER else after)
    lines.insert(2, f'<{here}>; rel="self"; type="application/link-format"{span}')
    if len(page) > PAGE:
        last = page[PAGE - 1].recorded
        lines.insert(3, f'<{place.time_map(last)}>; rel="timemap"; type="application/link-format"')
    body = ",\n".join(lines) + "\n"
    return Response(body.encode(), media_type="application/link-format", headers={"cache-control": "no-store"})


def _memento(place: _Place, mementos: Mementos, one: Memento, body: bytes, media_type: str) -> Response[bytes]:
    """Section 4.1.1: the date, the links, and no word of varying with what was accepted."""
    headers = {
        "memento-datetime": http_date(one),
        "link": place.links(mementos, one),
        "cache-control": "no-cache",  # its links change with the next one, and redactions reach it
    }
    return Response(body, media_type=media_type, headers=headers)


def _fixed(archive: Archive, as_of: str | None, one: Memento) -> str:
    """The date that a memento is asked about; by default when it was recorded. Raises QuestionError for `yesterday`."""
    if as_of is None:
        return instant_text(one.second)
    if archive.basis(as_of=as_of).as_of != as_of:
        raise QuestionError(f"as_of: {shown(as_of)} is another date every day: name the date of which a memento tells")
    return as_of


def _entity(archive: Archive, chronicle: str, id_: str, as_of: str | None, position: int | None) -> bytes:
    state = archive.state(chronicle=chronicle, subject=id_, as_of=as_of, position=position)
    there = state.as_json()
    declared = _declared(archive, chronicle, id_, state.basis.position)
    return msgspec.json.encode(
        {"basis": there["basis"], "entity": declared and record_json(declared), "facts": there["facts"]}
    )


def _declared(archive: Archive, chronicle: str, id_: str, position: int) -> Record | None:
    """The declaration of an entity; a subject may have none."""
    try:
        versions = archive.show(id_, chronicle=chronicle, position=position)
    except UnknownError:
        return None
    return next((one for one in reversed(versions) if one.header.kind == "entity"), None)


def _report(
    archive: Archive,
    chronicle: str,
    *,
    as_of: str | None,
    position: int | None,
    kind: Kind,
    format_: str,
    lang: str | None,
) -> bytes:
    _media_type(format_)
    told = archive.report(chronicle, format=format_, as_of=as_of, position=position, kind=kind, lang=lang)
    return told.encode() if isinstance(told, str) else told


def _media_type(format_: str) -> str:
    if format_ not in _MEDIA_TYPES:
        raise HTTPException(f"format: {shown(format_)} is none of {', '.join(_MEDIA_TYPES)}", status_code=400)
    return _MEDIA_TYPES[format_]


def _styled(format_: str) -> dict[str, str]:
    return STYLED if format_ == "html" else {}


def _entity_path(chronicle: str, id_: str) -> str:
    return f"/entities/{quote(chronicle, safe='')}/{quote(id_, safe='')}"


def _report_path(chronicle: str) -> str:
    return f"/reports/{quote(chronicle, safe='')}"


def _archive(request: Asker) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


REMEMBERED = [
    entity,
    report,
    entity_gate,
    report_gate,
    entity_map,
    report_map,
    entity_memento,
    report_memento,
]

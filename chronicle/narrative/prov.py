"""Where a report comes from, as W3C PROV-JSON (member submission of 24 April 2013).

    report wasDerivedFrom fact, fact hadPrimarySource source, quote wasQuotedFrom source,
    version wasRevisionOf version, version wasInvalidatedBy, software and people as agents

It holds no time of composing: the same basis gives the same bytes, whenever it is asked. The times are those at which
the log recorded what the report is told from.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from chronicle.event.model import Citation, Event
from chronicle.event.record import Record
from chronicle.narrative.document import Document
from chronicle.narrative.framing import software
from chronicle.narrative.inert import plain
from chronicle.narrative.matter import ReportMatter
from chronicle.state.answer import recorded_text

_ID_LETTERS = "@#~."
Attributes = dict[str, object]


def prov(document: Document, matter: ReportMatter, since: ReportMatter | None = None) -> bytes:
    """The provenance of a document; `since` is the matter of the earlier basis, of a report of what changed."""
    return msgspec.json.format(msgspec.json.encode(_Provenance(document, matter, since).told()), indent=2) + b"\n"


class _Provenance:
    def __init__(self, document: Document, matter: ReportMatter, since: ReportMatter | None) -> None:
        self._document = document
        self._matter = matter
        self._now = _by_id(matter)
        self._before = {} if since is None else _by_id(since)
        self._nodes: dict[str, dict[str, Attributes]] = {"entity": {}, "activity": {}, "agent": {}}
        self._edges: dict[str, dict[str, Attributes]] = {}
        self._told: set[bytes] = set()
        self._quotes: dict[tuple[str, str], str] = {}

    def told(self) -> dict[str, object]:
        """The whole document."""
        report = self._report()
        for used in self._document.facts:
            name, mark, ordinal = used.ref.partition("#")
            record = self._record(name)
            if record is None:
                continue
            version = self._version(record)
            node = f"{version}#{ordinal}" if mark else version
            self._relate("wasDerivedFrom", generatedEntity=report, usedEntity=node)
            if mark:
                self._fact(node, version, used.said, record, int(ordinal))
        space = f"urn:x-chronicle:{quote(self._matter.archive)}:{quote(self._matter.chronicle)}"
        prefixes = {name: f"{space}:{name}:" for name in ("event", "source", "quote", "report", "agent")}
        prefixes["chronicle"] = "urn:x-chronicle:vocabulary:"
        return {"prefix": prefixes, **{name: nodes for name, nodes in self._nodes.items() if nodes}, **self._edges}

    def _report(self) -> str:
        document, basis = self._document, self._matter.basis
        bounds = {name: given for name, given in basis.as_json().items() if isinstance(given, str | int)}
        report, composing = f"report:{document.kind}.{document.lang}", "report:composing"
        last = max((record.header.recorded for record in self._matter.events), default=None)
        self._node(
            "entity",
            report,
            "chronicle:Report",
            plain(document.title),
            **{f"chronicle:{name}": given for name, given in bounds.items()},
            **({} if last is None else {"chronicle:recorded": recorded_text(last)}),
        )
        self._node("activity", composing, "chronicle:Composition", "composing")
        agent = self._agent(software(), "prov:SoftwareAgent")
        self._relate("wasGeneratedBy", entity=report, activity=composing)
        self._relate("wasAssociatedWith", activity=composing, agent=agent)
        self._relate("wasAttributedTo", entity=report, agent=agent)
        return report

    def _record(self, name: str) -> Record | None:
        """The version that a reference is to: `EVENT`, or `EVENT@VERSION` of the earlier basis."""
        event, _, version = name.partition("@")
        found = [one[event] for one in (self._now, self._before) if event in one]
        return next((one for one in found if version in ("", str(one.header.version))), None)

    def _version(self, record: Record) -> str:
        """The version of an event, with who recorded it and what it revises; once."""
        event, header = record.document, record.header
        assert isinstance(event, Event)
        node = _version(record)
        if node in self._nodes["entity"]:
            return node
        self._node("entity", node, "prov:Collection", plain(event.title), **{"chronicle:occurred": event.occurred})
        recorded: Attributes = {"prov:time": recorded_text(header.recorded)}
        recording = f"report:recording.{record.position}"
        self._node("activity", recording, "chronicle:Recording", "recording")
        self._relate("wasGeneratedBy", recorded, entity=node, activity=recording)
        self._relate("wasAttributedTo", entity=node, agent=self._agent(header.recorded_by))
        self._relate("used", activity="report:composing", entity=node)
        if header.version > 1:
            former = f"event:{_local(header.id)}@{header.version - 1}"
            self._nodes["entity"].setdefault(former, {})
            self._relate("wasDerivedFrom", _typed("prov:Revision"), generatedEntity=node, usedEntity=former)
        if header.id in self._before and header.id not in self._now:
            self._relate("wasInvalidatedBy", entity=node)
        self._sourced(node, event.sources)
        return node

    def _fact(self, node: str, version: str, said: str, record: Record, ordinal: int) -> None:
        event = record.document
        assert isinstance(event, Event)
        fact = event.facts[ordinal - 1]
        self._node("entity", node, "chronicle:Fact", plain(said))
        self._relate("hadMember", collection=version, entity=node)
        self._sourced(node, fact.sources or event.sources)

    def _sourced(self, node: str, citations: Iterable[Citation]) -> None:
        for citation in citations:
            source = self._source(citation.source)
            where: Attributes = {} if citation.locator is None else {"chronicle:locator": plain(citation.locator)}
            primary = {**_typed("prov:PrimarySource"), **where}
            self._relate("wasDerivedFrom", primary, generatedEntity=node, usedEntity=source)
            if citation.quote is not None:
                quoted = self._quote(citation.quote, source, where)
                self._relate("wasDerivedFrom", generatedEntity=node, usedEntity=quoted)

    def _source(self, name: str) -> str:
        node, source = f"source:{_local(name)}", self._matter.sources.get(name)
        if node in self._nodes["entity"]:
            return node
        if source is None:
            self._nodes["entity"][node] = {}
            return node
        more = {"chronicle:published": source.published, "chronicle:url": source.url}
        more = {name: given for name, given in more.items() if given is not None}
        self._node("entity", node, "chronicle:Source", plain(source.title), **more)
        for by in dict.fromkeys(filter(None, (source.author, source.publisher))):
            self._relate("wasAttributedTo", entity=node, agent=self._agent(by))
        return node

    def _quote(self, text: str, source: str, where: Attributes) -> str:
        node = self._quotes.get((source, text))
        if node is None:
            node = self._quotes[source, text] = f"quote:{len(self._quotes) + 1}"
            self._nodes["entity"][node] = {**_typed("chronicle:Quote"), "prov:value": plain(text)}
            quotation = {**_typed("prov:Quotation"), **where}
            self._relate("wasDerivedFrom", quotation, generatedEntity=node, usedEntity=source)
        return node

    def _agent(self, name: str, kind: str = "prov:Agent") -> str:
        node = f"agent:{_local(name)}"
        self._node("agent", node, kind, plain(name))
        return node

    def _node(self, of: str, node: str, kind: str, label: str, **more: object) -> None:
        self._nodes[of][node] = {**_typed(kind), "prov:label": label, **more}

    def _relate(self, relation: str, more: Attributes | None = None, /, **ends: str) -> None:
        """A relation between nodes, which has no name of its own; the same is told once."""
        told = {**{f"prov:{end}": node for end, node in ends.items()}, **(more or {})}
        key = msgspec.json.encode((relation, told))
        if key not in self._told:
            self._told.add(key)
            found = self._edges.setdefault(relation, {})
            found[f"_:{relation}{len(found) + 1}"] = told


def _by_id(matter: ReportMatter) -> dict[str, Record]:
    return {record.header.id: record for record in matter.events if isinstance(record.document, Event)}


def _version(record: Record) -> str:
    return f"event:{_local(record.header.id)}@{record.header.version}"


def _local(name: str) -> str:
    """A name fit for the local part of a qualified name."""
    return quote(name, safe=_ID_LETTERS)


def _typed(kind: str) -> Attributes:
    return {"prov:type": {"$": kind, "type": "prov:QUALIFIED_NAME"}}

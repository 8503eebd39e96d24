"""Reports composed from an archive, and ways to tamper with them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from chronicle import Archive
from chronicle.asking import Asked, Question, Scope
from chronicle.differing import difference
from chronicle.narrative.audit.examine import audit
from chronicle.narrative.audit.finding import Finding
from chronicle.narrative.document import Document, Sentence
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.order import Kind, Order
from chronicle.narrative.report import compose
from tests.builders import CHRONICLE, NOW, Mapping, a_source, an_archive, an_attribute, an_entity

ROOT = Path(__file__).parents[3]
Change = Callable[[dict[str, Any]], dict[str, Any] | None]


class Report(NamedTuple):
    """A composed report with what it was composed from."""

    document: Document
    matter: ReportMatter

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What its audit finds."""
        return audit(self.document, self.matter)

    def audited(self, since: ReportMatter | None) -> tuple[Finding, ...]:
        """The findings of a report of what changed since an earlier basis, where there is one."""
        return audit(self.document, self.matter, since)

    @property
    def sentences(self) -> list[Sentence]:
        """Every sentence in any block, in order."""
        return [msgspec.convert(plain, Sentence) for plain in _sentences(msgspec.to_builtins(self.document.sections))]


GLOSSARY: list[Mapping] = [
    a_source("paper", "2024-12-31", publisher="The Press", url="https://example.org/7"),
    a_source("gazette", "2025-02-01", author="Ann Lee"),
    an_entity("az", label="Azerbaijan", type="country"),
    an_entity("us", label="United States", type="country"),
    an_entity("bp", label="bp", type="company"),
    an_entity("consortium", label="Oil Consortium", type="consortium"),
    an_attribute("exports", measures="period", unit="USD", label="exports"),
    an_attribute("imports", measures="period", unit="USD", label="imports"),
    an_attribute("turnover", measures="period", unit="USD", label="trade turnover", sum_of=["imports", "exports"]),
    an_attribute("inflow", measures="period", unit="USD", label="investment received"),
    an_attribute("wells", label="wells drilled"),
    an_attribute("capacity", measures="target", unit="GW", label="planned capacity"),
    an_attribute("partner-in-oil", label="partner in oil"),
]


def money(attribute: str, amount: str, period: str, **more: Any) -> Mapping:
    """A figure in dollars, of a period."""
    value = {"amount": amount, "unit": "USD", **more}
    return {"subject": "az", "attribute": attribute, "value": value, "period": period}


def cited(locator: str, source: str = "paper", **more: Any) -> list[Mapping]:
    """A citation of a source, at a place in it."""
    return [{"source": source, "locator": locator, **more}]


def events(imports: str = "1.49e9") -> list[Mapping]:
    """Events of most kinds; `imports` is the figure of 2024."""
    return [
        {
            "id": "talks",
            "type": "thing.happened",
            "occurred": "1990~",
            "title": "First talks held",
            "summary": "Nobody wrote down who came.",
            "sources": cited("page 1"),
        },
        {
            "id": "deal",
            "type": "agreement.signed",
            "occurred": "1994-09-20",
            "title": "Oil Contract signed",
            "participants": [{"entity": "az", "role": "party"}, {"entity": "consortium", "role": "party"}],
            "facts": [{"subject": "az", "attribute": "partner-in-oil", "value": {"entity": "consortium"}}],
            "sources": cited("page 2", quote="The contract was signed by 13 companies."),
            "tags": ["oil"],
        },
        {
            "id": "first-well",
            "type": "thing.happened",
            "occurred": "1994-10-20",
            "title": "First well drilled",
            "participants": ["az", "consortium"],
            "facts": [{"subject": "az", "attribute": "wells", "value": 1, "at": "1994-10-20"}],
            "related": [{"event": "deal", "relation": "builds-on"}],
            "sources": cited("page 3"),
            "tags": ["oil"],
        },
        {
            "id": "talks-1994",
            "type": "meeting.held",
            "occurred": "1994-11-20",
            "title": "Talks of the Oil Consortium",
            "participants": ["az", "consortium"],
            "related": [{"event": "first-well", "relation": "builds-on"}],
            "sources": cited("page 3"),
            "tags": ["oil"],
        },
        {
            "id": "trade-2023",
            "type": "statistic.reported",
            "occurred": "2023",
            "title": "Trade of Azerbaijan in 2023",
            "facts": [money("exports", "41.2e6", "2023")],
            "sources": cited("page 4"),
        },
        {
            "id": "trade-2024",
            "type": "statistic.reported",
            "occurred": "2024",
            "title": "Trade of Azerbaijan in 2024",
            "facts": [
                money("imports", imports, "2024"),
                money("exports", "61.8e6", "2024"),
                money("inflow", "133e6", "2024-01/2024-09", qualifier="more-than")
                | {"sources": cited("p. 9", "gazette")},
            ],
            "sources": [*cited("page 5"), *cited("p. 9", "gazette")],
        },
        {
            "id": "goal",
            "type": "plan.announced",
            "occurred": "2024-03",
            "title": "Wind and sun to grow",
            "participants": ["az"],
            "facts": [
                {
                    "subject": "az",
                    "attribute": "capacity",
                    "value": {"low": 7, "high": 8, "unit": "GW"},
                    "at": "2024-03",
                    "due": "2024-12",
                }
            ],
            "sources": cited("page 6"),
        },
        {
            "id": "summit",
            "type": "meeting.held",
            "occurred": "2025-11-05",
            "title": "Summit of oil buyers",
            "participants": ["az", "us"],
            "sources": cited("p. 3", "gazette"),
        },
    ]


def small(*more: Mapping, as_of: str = "2025-07-01", imports: str = "1.49e9", order: Order | None = None) -> Report:
    """A report of the seven events, and of more."""
    return composed(an_archive(*GLOSSARY, *events(imports), *more), CHRONICLE, order, as_of=as_of)


def composed(archive: Archive, chronicle: str, order: Order | None = None, **bounds: Any) -> Report:
    """A report of a chronicle of an archive."""
    with _reading(archive) as connection:
        matter = Asked(connection, Question(**bounds), NOW).report_matter(chronicle)
    return Report(compose(matter, order or Order()), matter)


def of_kind(
    archive: Archive, chronicle: str, kind: Kind, lang: str, *, as_of: str
) -> tuple[Report, ReportMatter | None]:
    """A report of a kind and language; of changes since 2020, or of the entity that is named first of all."""
    with _reading(archive) as connection:
        questions = Question(as_of="2020-01-01"), Question(as_of=as_of)
        before, after = (Asked(connection, question, NOW) for question in questions)
        matter, since = after.report_matter(chronicle), before.report_matter(chronicle)
        order = Order(kind=kind, lang=lang, entity=next(iter(matter.entities)))
        if kind == "changes":
            order = replace(order, since=since, diff=difference(before, after, Scope(chronicle=chronicle)))
    return Report(compose(matter, order), matter), order.since


def _reading(archive: Archive) -> AbstractContextManager[Connection]:
    return archive._store.reading()  # noqa: SLF001 - an archive in memory has no other door


def tampered(report: Report, change: Change, nth: int = 0) -> Report:
    """The report after a change of the nth part that the change does not answer None for."""
    hits = itertools.count()

    def walk(plain: Any) -> Any:
        if isinstance(plain, list | tuple):
            return [walk(one) for one in plain]
        if not isinstance(plain, dict):
            return plain
        changed = change(plain)
        if changed is not None and next(hits) == nth:
            return changed
        return {name: walk(one) for name, one in plain.items()}

    plain = walk(msgspec.to_builtins(report.document))
    assert next(hits) > nth, "the report has no such part"
    return report._replace(document=msgspec.convert(plain, Document))


def run(of: str, contains: str = "", /, **fields: Any) -> Change:
    """Other fields in a run of some kind whose text contains something; a `text` may be made from that which it has."""

    def change(plain: dict[str, Any]) -> dict[str, Any] | None:
        if "text" not in plain or plain.get("kind", "text") != of or contains not in plain["text"]:
            return None
        made = {name: given(plain[name]) if callable(given) else given for name, given in fields.items()}
        return None if made.items() <= plain.items() else {**plain, **made}

    return change


def sentence(contains: str, make: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """A sentence whose text contains something, made anew."""

    def change(plain: dict[str, Any]) -> dict[str, Any] | None:
        if "runs" not in plain or contains not in "".join(one["text"] for one in plain["runs"]):
            return None
        made = make(plain)
        return None if made == plain else made

    return change


def texts(sentences: Iterable[Sentence]) -> list[str]:
    """The texts of sentences."""
    return [one.text for one in sentences]


def _sentences(plain: Any) -> Iterator[dict[str, Any]]:
    if isinstance(plain, list | tuple):
        for one in plain:
            yield from _sentences(one)
    elif isinstance(plain, dict):
        if "runs" in plain:
            yield plain
        else:
            for one in plain.values():
                yield from _sentences(one)

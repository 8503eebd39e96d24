"""The reporting part of the hall: chronicles told as documents, in any format, and audited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any, Literal, Unpack, overload

from chronicle.asking import Asked, Bounds, Question, Scope
from chronicle.differing import difference
from chronicle.errors import QuestionError, UnknownError, WhenError, near, shown
from chronicle.event.model import Event
from chronicle.files.templates import read_templates
from chronicle.narrative.audit.finding import Finding
from chronicle.narrative.document import Document
from chronicle.narrative.formats.registry import COMPANIONS, format_of
from chronicle.narrative.language.wording import SOURCE, languages
from chronicle.narrative.matter import Narrowing, ReportMatter, narrowed
from chronicle.narrative.order import KINDS, Kind, Order
from chronicle.narrative.templating import NO_TEMPLATES, Templates
from chronicle.projecting import Projecting
from chronicle.state.answer import Basis
from chronicle.when import When


class Ordered(Bounds, total=False):
    """What is ordered of a report, as keyword arguments, together with the bounds of its question.

    `kind` is narrative (the default), timeline, brief, changes or profile, `lang` the tag of a language, by default
    the first of the chronicle's own that there is, else English. `since` is the earlier basis of `changes`: a date, a
    mapping of bounds, or the basis of an answer. `entity` keeps events that name one of these entities, and is whom a
    `profile` is of. `from_` and `to` are EDTF dates: what may have occurred from the beginning of the one to the end of
    the other is told. `types` and `tags` keep events of any of them; a type has those below it. `template` is a folder
    of templates that take the place of the shipped ones.
    """

    kind: Kind
    lang: str | None
    since: str | Mapping[str, Any] | Basis | None
    entity: str | Sequence[str] | None
    from_: str | None
    to: str | None
    types: Sequence[str]
    tags: Sequence[str]
    template: str | PathLike[str] | None


@dataclass(frozen=True, slots=True)
class _Told:
    """A document and what it was composed from; `since` is the matter of the earlier basis, if there is one."""

    document: Document
    matter: ReportMatter
    since: ReportMatter | None
    templates: Templates


class Reporting(Projecting):
    """What an archive tells."""

    @overload
    def report(
        self,
        chronicle: str,
        *,
        format: Literal["md", "html", "txt", "json", "csl", "prov"] = "md",
        **ordered: Unpack[Ordered],
    ) -> str: ...

    @overload
    def report(self, chronicle: str, *, format: Literal["pdf", "docx"], **ordered: Unpack[Ordered]) -> bytes: ...

    @overload
    def report(self, chronicle: str, *, format: str, **ordered: Unpack[Ordered]) -> str | bytes: ...

    def report(self, chronicle: str, *, format: str = "md", **ordered: Unpack[Ordered]) -> str | bytes:  # noqa: A002
        """The chronicle told: text in md, html, txt or json, bytes in pdf or docx.

        Beside these there are csl, the bibliography as CSL-JSON, and prov, the provenance as W3C PROV-JSON: text.

        An event that is later than `as_of` is told, as a plan, only if it was reported by then. The same basis gives
        the same report. Raises QuestionError for what cannot be read or told, UnknownError for names that are not
        there, MissingExtraError for a format that needs a part that is not installed.
        """
        if format in COMPANIONS:
            told = self._told(chronicle, ordered)
            return COMPANIONS[format](told.document, told.matter, told.since)
        wanted = format_of(format)
        told = self._told(chronicle, ordered)
        return wanted.writer(told.document, told.templates)

    def document(self, chronicle: str, **ordered: Unpack[Ordered]) -> Document:
        """The same as data, as every format is written from it. Raises as `report` does."""
        return self._told(chronicle, ordered).document

    def matter(self, chronicle: str, **bounds: Unpack[Bounds]) -> ReportMatter:
        """All that a report would be told from: events, state, glossary and bibliography. Raises as `report` does."""
        with self._store.reading() as connection:
            asked = Asked(connection, Question(**bounds), self._now())
            asked.require_chronicle(chronicle)
            return asked.report_matter(chronicle)

    def audit(self, chronicle: str, **ordered: Unpack[Ordered]) -> tuple[Finding, ...]:
        """What in the report cannot be led back to what the basis knows; nothing, if all is well."""
        from chronicle.narrative.audit.examine import audit  # noqa: PLC0415 - loads slowly, and few reports are audited

        told = self._told(chronicle, ordered)
        return audit(told.document, told.matter, told.since)

    def _told(self, chronicle: str, ordered: Ordered) -> _Told:
        from chronicle.narrative.report import compose  # noqa: PLC0415 - loads slowly, and most commands tell nothing

        bounds = Bounds(**{name: ordered[name] for name in Bounds.__annotations__ if name in ordered})  # type: ignore[literal-required, typeddict-item] # the names are those of Bounds
        kind, since = ordered.get("kind", "narrative"), ordered.get("since")
        if kind not in KINDS:
            raise QuestionError(f"there is no report of type {shown(kind)}: there are {', '.join(KINDS)}")
        template = ordered.get("template")
        templates = read_templates(fspath(template)) if template is not None else NO_TEMPLATES
        narrowing = _narrowing(ordered)
        question, instant = Question(**bounds), self._now()
        with self._store.reading() as connection:
            asked = Asked(connection, question, instant)
            asked.require_chronicle(chronicle)
            matter = asked.report_matter(chronicle)
            before = diff = None
            if since is not None:
                earlier = Asked(connection, question.but(since), instant)
                earlier.require_chronicle(chronicle)
                before = narrowed(earlier.report_matter(chronicle), narrowing)
                diff = difference(earlier, asked, Scope(chronicle=chronicle))
        _check_names(matter, narrowing)
        profiled = _profiled(narrowing) if kind == "profile" else None
        order = Order(
            kind=kind,
            lang=_language(ordered.get("lang"), matter),
            since=before,
            diff=diff,
            entity=profiled,
            templates=templates,
        )
        matter = narrowed(matter, narrowing)
        return _Told(compose(matter, order), matter, before, templates)


def _narrowing(ordered: Ordered) -> Narrowing:
    """Which events are kept. Raises QuestionError for a date that is none."""
    entity = ordered.get("entity") or ()
    dates = []
    for name, given in (("from", ordered.get("from_")), ("to", ordered.get("to"))):
        try:
            dates.append(None if given is None else When.parse(given).edtf)
        except WhenError as error:
            raise QuestionError(f"{name}: {error}") from error
    return Narrowing(
        tags=tuple(ordered.get("tags") or ()),
        types=tuple(ordered.get("types") or ()),
        entities=(entity,) if isinstance(entity, str) else tuple(entity),
        since=dates[0],
        until=dates[1],
    )


def _profiled(narrowing: Narrowing) -> str:
    if len(narrowing.entities) != 1:
        raise QuestionError("a profile is of one entity: name it with entity")
    return narrowing.entities[0]


def _language(asked: str | None, matter: ReportMatter) -> str:
    """The language to tell in. Raises QuestionError for one that there is not."""
    there = languages()
    if asked is None:
        about = matter.about.get(matter.chronicle)
        own = about.languages if about is not None else []
        return next((tag for tag in own if tag in there), SOURCE)
    if asked not in there:
        raise QuestionError(f"there are no reports in the language {shown(asked)}: there are {', '.join(there)}")
    return asked


def _check_names(matter: ReportMatter, narrowing: Narrowing) -> None:
    """Raise UnknownError for a tag, a type or an entity that no event of the chronicle could have."""
    events = [one.document for one in matter.events if isinstance(one.document, Event)]
    tags = {tag for event in events for tag in event.tags}
    types = {kind for event in events for kind in _above(event.type)}
    _check("tag", narrowing.tags, tags)
    _check("type", narrowing.types, types)
    _check("entity", narrowing.entities, matter.entities)


def _check(what: str, asked: Iterable[str], known: Iterable[str]) -> None:
    for name in asked:
        if name not in known:
            raise UnknownError(f"no event has the {what} {shown(name)}{near(name, known)}")


def _above(type: str) -> list[str]:  # noqa: A002
    """A type and those above it: `agreement.signed`, `agreement`."""
    parts = type.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]

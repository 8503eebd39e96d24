"""What stands around the sections of a report: title, what it is told of, bibliography and colophon."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version

from chronicle.narrative.document import Document, Paragraph, Run, Section, Sentence
from chronicle.narrative.inert import plain
from chronicle.narrative.language import Slot
from chronicle.narrative.order import Kind
from chronicle.narrative.setting import Setting
from chronicle.narrative.summaries import paragraphs
from chronicle.state.answer import Basis
from chronicle.when import When

SOFTWARE = "chronicle-service"


def framed(
    setting: Setting,
    kind: Kind,
    sections: tuple[Section, ...],
    *,
    title: str | None = None,
    title_lang: str | None = None,
    description: str | None = None,
    since: Basis | None = None,
) -> Document:
    """The document of sections that have been told.

    A title other than that of the chronicle comes with its description. `since` is the earlier of two bases.
    """
    matter, text = setting.matter, setting.language.text
    about = matter.about.get(matter.chronicle)
    own = plain(about.title) if about is not None else matter.chronicle
    if title is None and about is not None:
        description = about.description
    used = setting.used()
    return Document(
        kind=kind,
        lang=setting.language.tag,
        chronicle=matter.chronicle,
        title=title or own,
        description=tuple(Paragraph((Sentence(runs),)) for runs in paragraphs(description or "", setting.author_lang)),
        told=Sentence(told(setting, since)),
        sections=sections,
        notes_heading=text("Sources"),
        notes=setting.bibliography.notes(),
        colophon_heading=text("Colophon"),
        colophon_note=text(
            "This text was composed from the log: from the titles, summaries and facts of its events, and the labels "
            "of its glossary."
        ),
        colophon=_colophon(setting),
        facts=used,
        basis=matter.basis.as_json(),
        title_lang=setting.author_lang if title is None else title_lang,
    )


def told(setting: Setting, since: Basis | None = None) -> tuple[Run, ...]:
    """Of which day, and from which knowledge, the report is told, compared with what, and what it leaves out."""
    language, basis = setting.language, setting.matter.basis
    gone = [one for one in basis.redacted if one[0] == setting.matter.chronicle]
    if basis.known is None:
        said = [language.say("Told {as_of:as-of}.", as_of=setting.as_of)]
    else:
        known = language.end_of(basis.known)
        said = [
            language.say(
                "Told {as_of:as-of}, from what had been reported {known:by}.", as_of=setting.as_of, known=known
            )
        ]
    if since is not None and since.as_of is not None:
        said.append(_compared(setting, since))
    if basis.zone != "UTC":
        said.append(language.say("Days are those of {zone}.", zone=basis.zone))
    if setting.matter.narrowing:
        said.append(_narrowing(setting))
    if gone:
        said.append(
            language.counted(
                "The content of {count} document has been redacted, and is not told.",
                "The content of {count} documents has been redacted, and is not told.",
                len(gone),
            )
        )
    return tuple(run for index, runs in enumerate(said) for run in ((Run(" "), *runs) if index else runs))


def _compared(setting: Setting, since: Basis) -> tuple[Run, ...]:
    language = setting.language
    assert since.as_of is not None
    as_of = language.end_of(since.as_of)
    if since.known is not None:
        known = language.end_of(since.known)
        return language.say(
            "Compared with what was told {as_of:as-of}, from what had been reported {known:by}.",
            as_of=as_of,
            known=known,
        )
    if since.position != setting.matter.basis.position:
        return language.say(
            "Compared with what was told {as_of:as-of}, from the log up to position {position}.",
            as_of=as_of,
            position=since.position,
        )
    return language.say("Compared with what was told {as_of:as-of}.", as_of=as_of)


def _narrowing(setting: Setting) -> tuple[Run, ...]:
    language, narrowing = setting.language, setting.matter.narrowing
    given: list[tuple[str, list[Slot]]] = [
        (language.text("theme"), [language.label(tag) for tag in narrowing.tags]),
        (language.text("type"), [Run(name) for name in narrowing.types]),
        (language.text("name"), [language.label(name) for name in narrowing.entities]),
        (language.text("from"), [language.when(When.parse(narrowing.since))] if narrowing.since else []),
        (language.text("to"), [language.end_of(narrowing.until)] if narrowing.until else []),
    ]
    limits = [
        language.say("{limit}: {names}", limit=limit, names=language.listed(names, "or"))
        for limit, names in given
        if names
    ]
    return language.say("Only some events are told ({limits}).", limits=language.listed(limits))


def _colophon(setting: Setting) -> tuple[tuple[str, str], ...]:
    matter, text = setting.matter, setting.language.text
    basis = matter.basis
    given = (
        (text("archive"), matter.archive),
        (text("chronicle"), matter.chronicle),
        (text("position"), str(basis.position)),
        (text("root of the log"), matter.root),
        (text("as of"), basis.as_of),
        (text("known by"), basis.known),
        (text("zone"), basis.zone),
        (text("resolution"), basis.resolution),
        (text("schema"), str(basis.schema)),
        (text("software"), software()),
    )
    return tuple((label, plain(said)) for label, said in given if said is not None)


@cache
def software() -> str:
    """Name and version of the software that composes."""
    try:
        return f"{SOFTWARE} {version(SOFTWARE)}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return SOFTWARE

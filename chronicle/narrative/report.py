"""What a report is made from, and the report as text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from chronicle.narrative.markdown import Markdown, escaped, finished, light
from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.naming import Names
from chronicle.narrative.outline import sections
from chronicle.narrative.particulars import Setting
from chronicle.narrative.passage import Entry, Sentence
from chronicle.narrative.phrase import end_of
from chronicle.narrative.sources import Bibliography
from chronicle.narrative.standing import state_table
from chronicle.narrative.tell import Teller

SOFTWARE = "chronicle-service"


def render_report(matter: ReportMatter) -> str:
    """The report as CommonMark, with tables. The same matter gives the same bytes."""
    names = Names(matter.entities, matter.attributes)
    assert matter.basis.as_of is not None, "a report is told as of a date"
    as_of = end_of(matter.basis.as_of)
    outlined = sections(matter.events, matter.last_second)
    teller = Teller(outlined, names, Setting(names, matter.last_second, as_of))
    bibliography = Bibliography(matter.sources)
    about = matter.about.get(matter.chronicle)
    # In the order of the text: the bibliography numbers by first use.
    shown = [
        {
            "heading": section.heading,
            "note": section.note,
            "slight": all(entry.slight for entry in entries),
            "entries": [_entry(entry, bibliography) for entry in entries],
        }
        for section in outlined
        for entries in [[teller.tell(one, section) for one in section.events]]
    ]
    return _template().render(
        title=about.title if about is not None else matter.chronicle,
        description=light(about.description) if about is not None and about.description else [],
        told=_told(matter, as_of),
        as_of=as_of,
        sections=shown,
        state=state_table(matter.state, names, bibliography),
        sources=bibliography.listed(),
        colophon=_colophon(matter),
    )


def _entry(entry: Entry, bibliography: Bibliography) -> dict[str, object]:
    paragraphs: list[list[Markdown]] = [[]]
    for sentence in entry.sentences:
        for index, text in enumerate(_texts(sentence)):
            if index:
                paragraphs.append([])
            paragraphs[-1].append(_marked(text, sentence, bibliography))
    return {
        "title": entry.title,
        "item": _marked(escaped(_ended(entry.title)), entry.sentences[0], bibliography) if entry.slight else "",
        "paragraphs": [Markdown(" ".join(parts)) for parts in paragraphs if parts],
        "listings": [
            {"lead": one.lead, "items": [_marked(escaped(item.text), item, bibliography) for item in one.items]}
            for one in entry.listings
        ],
    }


def _ended(title: str) -> str:
    return title if title.endswith((".", "!", "?", "…")) else f"{title}."


def _texts(sentence: Sentence) -> Sequence[Markdown]:
    return light(sentence.text) if sentence.light else [escaped(sentence.text)]


def _marked(text: Markdown, sentence: Sentence, bibliography: Bibliography) -> Markdown:
    mark = bibliography.mark(sentence.cites)
    return Markdown(f"{text} {mark}" if mark else text)


def _told(matter: ReportMatter, as_of: str) -> str:
    """One line that says of which day, and from which knowledge, the text is told, and what it cannot tell."""
    basis = matter.basis
    gone = [one for one in basis.redacted if one[0] == matter.chronicle]
    said = f"Told as of {as_of}"
    if basis.known is not None:
        said += f", from what had been reported by {end_of(basis.known)}"
    if basis.zone != "UTC":
        said += f"; days are those of {basis.zone}"
    if gone:
        what = "one document" if len(gone) == 1 else f"{len(gone)} documents"
        said += f". The content of {what} has been redacted, and is not told"
    return f"{said}."


def _colophon(matter: ReportMatter) -> list[tuple[str, str]]:
    basis = matter.basis
    given = {"as of": basis.as_of, "known by": basis.known, "zone": basis.zone, "resolution": basis.resolution}
    return [
        ("archive", matter.archive),
        ("chronicle", matter.chronicle),
        ("position", str(basis.position)),
        *((name, text) for name, text in given.items() if text is not None),
        ("schema", str(basis.schema)),
        ("software", _software()),
    ]


@cache
def _software() -> str:
    try:
        return f"{SOFTWARE} {version(SOFTWARE)}"
    except PackageNotFoundError:  # run from a checkout that is not installed
        return SOFTWARE


@cache
def _template() -> Template:
    environment = SandboxedEnvironment(
        loader=PackageLoader("chronicle.narrative"),
        undefined=StrictUndefined,
        finalize=finished,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.md.j2")

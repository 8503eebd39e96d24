"""A document as a file of Word: headings, links and tables are its own, so that it can be worked on.

The body is written as WordprocessingML (ECMA-376, part 1); styles and the rest of the package are python-docx's.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from chronicle.errors import MissingExtraError
from chronicle.narrative.document import (
    Block,
    Chart,
    Document,
    Entry,
    Listing,
    Note,
    Paragraph,
    Run,
    Section,
    Sentence,
    Table,
    Timeline,
)
from chronicle.narrative.formats.citing import shown
from chronicle.narrative.formats.drawn import pixels
from chronicle.narrative.formats.levels import levelled
from chronicle.narrative.formats.runs import merged
from chronicle.narrative.formats.words import Words, mark_text, status_word, words, working_text
from chronicle.narrative.inert import plain, web_address

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
"""The first date that a ZIP file can hold."""

_BREADTH = 5_486_400
"""Of a picture, between the margins of a page: 6 inches in English Metric Units."""

_STYLES = {"plain": "", "emphasis": "<w:i/>", "strong": "<w:b/>"}
_MARK = '<w:color w:val="7F7F7F"/><w:sz w:val="16"/>'
_DEEPEST = 9


def write(document: Document) -> bytes:
    """The document as a DOCX file. Raises MissingExtraError where python-docx is not installed."""
    try:
        import docx  # noqa: PLC0415 - an extra, and slow to load
        from docx.oxml.parser import parse_xml  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingExtraError("Reports as DOCX", "docx", "python-docx") from error
    file = docx.Document()
    said = words(document)

    def link(url: str) -> str:
        return str(file.part.relate_to(url, _LINK, is_external=True))

    def picture(png: bytes, alt: str, number: int) -> str:
        inline = file.part.new_pic_inline(io.BytesIO(png), width=_BREADTH)
        inline.docPr.set("id", str(number))
        inline.docPr.set("descr", alt)
        return str(inline.xml)

    parts = "".join(_Body(document, said, link, picture).parts())
    names = f'xmlns:w="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    # In one piece: a tree that takes elements one by one looks at all it has for each.
    whole, empty = parse_xml(f"<w:body {names}>{parts}</w:body>"), file.element.body
    whole.append(empty.sectPr)
    file.element.replace(empty, whole)
    _describe(file, document)
    made = io.BytesIO()
    file.save(made)
    return _dateless(made)


def _describe(file: Any, document: Document) -> None:
    """The properties of the file, and how its styles look; it was made on the day that it is told of."""
    as_of = str(document.basis.get("as_of"))
    made = datetime.fromisoformat(f"{as_of}T00:00:00+00:00") if _DAY.fullmatch(as_of) else _EPOCH
    about = file.core_properties
    about.title, about.language, about.author, about.comments = plain(document.title), document.lang, "", ""
    about.created = about.modified = made
    for name, font, size in (
        ("Normal", "Cambria", 11),
        ("Title", "Cambria", 26),
        ("Subtitle", "Cambria", 13),
        *((f"Heading {level}", "Cambria", max(17 - 2 * level, 11)) for level in range(1, _DEEPEST + 1)),
        ("Caption", "Cambria", 10),
    ):
        style = file.styles[name]
        style.font.name, style.font.size = font, size * 12_700  # English Metric Units in a point
        for properties in style.element.iter(f"{{{_MAIN}}}rPr"):
            for color in properties.findall(f"{{{_MAIN}}}color"):
                properties.remove(color)
            for fonts in properties.findall(f"{{{_MAIN}}}rFonts"):
                for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
                    del fonts.attrib[theme]
    for default in file.styles.element.iter(f"{{{_MAIN}}}lang"):
        default.set(f"{{{_MAIN}}}val", document.lang)


def _dateless(made: io.BytesIO) -> bytes:
    """The same ZIP file with its members dated alike."""
    whole = io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            member = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            after.writestr(member, before.read(name))
    return whole.getvalue()


class _Body:
    """The document as WordprocessingML. `link` gives an address an id in the package, `picture` takes a PNG into it."""

    def __init__(
        self, document: Document, said: Words, link: Callable[[str], str], picture: Callable[[bytes, str, int], str]
    ) -> None:
        self._document = document
        self._said = said
        self._link = link
        self._picture = picture
        self._marks = 0
        self._events = {
            f"#event-{block.event}": f"event_{number}" for number, block in enumerate(_entries(document.sections), 1)
        }

    def parts(self) -> Iterator[str]:
        """The paragraphs and tables of the body, in the order of the text."""
        document = self._document
        yield _paragraph(_run(plain(document.title), lang=document.title_lang), "Title")
        for paragraph in document.description:
            yield _paragraph(self._sentences(paragraph.sentences), "Subtitle")
        yield _paragraph(self._sentence(document.told))
        for section, level in levelled(document.sections, 1):
            yield _heading(_run(plain(section.heading)), level)
            for block in section.blocks:
                yield from self._block(block, level + 1)
        yield _heading(_run(plain(document.notes_heading)), 1)
        for note in document.notes:
            yield from self._note(note)
        if not document.notes:
            yield _paragraph(_run(self._said("No source is cited.")))
        yield _heading(_run(plain(document.colophon_heading)), 1)
        yield _paragraph(_run(plain(document.colophon_note)))
        for name, text in document.colophon:
            yield _paragraph(_run(f"{plain(name)}{self._said(': ')}", "<w:b/>") + _run(plain(text)), "List Bullet")

    def _block(self, block: Block, level: int) -> Iterator[str]:
        match block:
            case Paragraph():
                yield _paragraph(self._sentences(block.sentences))
            case Listing():
                yield _paragraph(self._sentence(block.lead), keep=True)
                yield from (_paragraph(self._sentence(item), "List Bullet") for item in block.items)
            case Table():
                yield from self._table(block, block.caption)
            case Chart() | Timeline():
                yield from self._drawn(block)
            case Entry():
                yield from self._entry(block, level)

    def _entry(self, entry: Entry, level: int) -> Iterator[str]:
        yield _heading(self._anchor(self._events[f"#event-{entry.event}"], self._sentence(entry.title)), level)
        status = status_word(entry.status, self._said)
        date = self._runs((entry.date,)) + (_run(f" ({status})") if status else "")
        yield _paragraph(date, keep=True)
        for block in entry.blocks:
            yield from self._block(block, level + 1)

    def _note(self, note: Note) -> Iterator[str]:
        number = self._anchor(f"note_{note.number}", _run(f"{note.number}."))
        yield _paragraph(f"{number}{_run(' ')}{self._sentence(note.text)}")
        yield from (_paragraph(self._sentence(quote), "List Bullet") for quote in note.quotes)

    def _drawn(self, block: Chart | Timeline) -> Iterator[str]:
        yield _paragraph(_run(plain(block.caption)), "Caption", keep=True)
        png = pixels(block, self._document.lang)
        if png is not None:
            self._marks += 1
            drawing = self._picture(png, plain(block.alt), self._marks)
            yield _paragraph(f"<w:r><w:drawing>{drawing}</w:drawing></w:r>")
        yield from self._table(block.table, None)

    def _table(self, table: Table, caption: str | None) -> Iterator[str]:
        if caption:
            yield _paragraph(_run(plain(caption)), "Caption", keep=True)
        head = "".join(
            _cell(_run(plain(name), "<w:b/>"), right=at in table.numeric) for at, name in enumerate(table.columns)
        )
        rows = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{self._cells(table, row)}</w:tr>" for row in table.rows)
        rules = "".join(
            f'<w:{side} w:val="single" w:sz="{size}" w:color="{color}"/>'
            for side, size, color in (("top", 8, "000000"), ("bottom", 8, "000000"), ("insideH", 4, "BFBFBF"))
        )
        columns = "<w:gridCol/>" * len(table.columns)
        yield (
            f'<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{rules}</w:tblBorders></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{rows}</w:tbl>"
        )
        yield _paragraph("")

    def _cells(self, table: Table, row: tuple[Sentence, ...]) -> str:
        return "".join(_cell(self._sentence(cell), right=at in table.numeric) for at, cell in enumerate(row))

    def _sentences(self, sentences: Sequence[Sentence]) -> str:
        return _run(" ").join(self._sentence(one.sentence) for one in shown(sentences))

    def _sentence(self, sentence: Sentence) -> str:
        said = self._runs(sentence.runs)
        parts = [
            f'<w:hyperlink w:anchor="note_{mark.number}">{_run(mark_text(mark, self._said), _MARK)}</w:hyperlink>'
            for mark in sentence.marks
        ]
        if sentence.working is not None:
            parts.append(_run(working_text(sentence.working, self._said), _MARK))
        return (
            f"{said}{_run(' [', _MARK)}{_run(self._said('; '), _MARK).join(parts)}{_run(']', _MARK)}" if parts else said
        )

    def _runs(self, runs: Iterable[Run]) -> str:
        return "".join(map(self._one, merged(runs)))

    def _one(self, run: Run) -> str:
        said = _run(run.text, _STYLES[run.style], run.lang)
        if run.href in self._events:
            return f'<w:hyperlink w:anchor="{self._events[run.href]}">{said}</w:hyperlink>'
        url = web_address(run.href) if run.href is not None else None
        if url is None:
            return said
        shown = _run(run.text, f'{_STYLES[run.style]}<w:u w:val="single"/>', run.lang)
        return f"<w:hyperlink r:id={quoteattr(self._link(url))}>{shown}</w:hyperlink>"

    def _anchor(self, name: str, content: str) -> str:
        self._marks += 1
        start = f'<w:bookmarkStart w:id="{self._marks}" w:name="{name}"/>'
        return f'{start}{content}<w:bookmarkEnd w:id="{self._marks}"/>'


def _entries(sections: Iterable[Section]) -> Iterator[Entry]:
    for section, _ in levelled(sections, 1):
        yield from (block for block in section.blocks if isinstance(block, Entry))


def _run(text: str, properties: str = "", lang: str | None = None) -> str:
    if lang is not None:
        properties += f"<w:lang w:val={quoteattr(lang)}/>"
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""


def _paragraph(content: str, style: str = "", *, keep: bool = False) -> str:
    properties = f'<w:pStyle w:val="{style.replace(" ", "")}"/>' if style else ""
    properties += "<w:keepNext/>" if keep else ""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def _heading(content: str, level: int) -> str:
    return _paragraph(content, f"Heading {min(level, _DEEPEST)}")


def _cell(content: str, *, right: bool) -> str:
    aligned = '<w:jc w:val="right"/>' if right else ""
    spacing = '<w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
    return f"<w:tc><w:tcPr/><w:p><w:pPr>{spacing}{aligned}</w:pPr>{content}</w:p></w:tc>"

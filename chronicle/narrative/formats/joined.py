"""PDFs joined to one by qpdf: pages, the names of places, links between them, and an outline."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from chronicle.errors import MissingExtraError


class Joined:
    """A document that grows by parts. Terms are those of PDF 1.7 (ISO 32000-1)."""

    def __init__(self) -> None:
        try:
            import pikepdf  # noqa: PLC0415 - an extra, and slow to load
        except ImportError as error:
            raise MissingExtraError("Long reports as PDF", "pdf", "pikepdf") from error
        self._qpdf: Any = pikepdf
        self._whole: Any = pikepdf.new()
        self._places: dict[str, Any] = {}
        self._digest = hashlib.sha256()
        self.numbers: dict[str, int] = {}
        """The page, counted from 1, on which a labelled heading is."""

    @property
    def count(self) -> int:
        """How many pages there are."""
        return len(self._whole.pages)

    def pages_in(self, content: bytes) -> int:
        """How many pages a PDF has."""
        return len(self._qpdf.open(BytesIO(content)).pages)

    def append(self, content: bytes) -> None:
        """Let a part follow."""
        part = self._open(content)
        numbers = {page.objgen: index for index, page in enumerate(part.pages, self.count + 1)}
        self._whole.pages.extend(part.pages)
        pairs = list(part.Root.Names.Dests.Names) if "/Dests" in part.Root.get("/Names", {}) else []
        for name, place in zip(map(str, pairs[::2]), pairs[1::2], strict=True):
            self.numbers[name] = numbers[place[0].objgen]
            self._places[name] = self._copied(part, place)

    def put_before(self, content: bytes) -> None:
        """Put a part, which has no labels, before all others; what it says of the document holds for the whole."""
        part = self._open(content)
        for index, page in enumerate(part.pages):
            self._whole.pages.insert(index, page)
        for name in ("/Metadata", "/Lang", "/ViewerPreferences"):
            self._whole.Root[name] = self._copied(part, part.Root[name])
        self._whole.docinfo = self._copied(part, part.docinfo)

    def lay_over(self, content: bytes) -> None:
        """Lay the pages of a document over all pages, one over each."""
        before, after = (self._whole.make_stream(code) for code in (b"q\n", b"\nQ\n/Over Do\n"))
        for page, over in zip(self._whole.pages, self._open(content).pages, strict=True):
            if "/XObject" not in page.Resources:
                page.Resources.XObject = self._qpdf.Dictionary()
            page.Resources.XObject.Over = self._whole.copy_foreign(over.as_form_xobject())
            page.Contents = self._qpdf.Array([before, page.Contents, after])

    def finished(self, outline: Iterable[tuple[int, str, str]]) -> bytes:
        """The whole as a PDF with an outline of level, text and label of each item. The same parts, the same bytes."""
        names = sorted(self._places, key=str.encode)
        pairs = [each for name in names for each in (self._qpdf.String(name), self._places[name])]
        self._whole.Root.Names = self._qpdf.Dictionary(Dests=self._qpdf.Dictionary(Names=self._qpdf.Array(pairs)))
        self._lead_links()
        self._write_outline(outline)
        with self._whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["{http://ns.adobe.com/xap/1.0/t/pg/}NPages"] = str(self.count)
            for identity in ("xmpMM:InstanceID", "xmpMM:DocumentID"):
                metadata[identity] = b64encode(self._digest.digest()[:16]).decode()
        made, streams = BytesIO(), self._qpdf.ObjectStreamMode.generate
        self._whole.save(made, min_version="1.7", object_stream_mode=streams, deterministic_id=True)
        return made.getvalue()

    def _open(self, content: bytes) -> Any:
        self._digest.update(content)
        return self._qpdf.open(BytesIO(content))

    def _copied(self, part: Any, thing: Any) -> Any:
        return self._whole.copy_foreign(thing if thing.is_indirect else part.make_indirect(thing))

    def _lead_links(self) -> None:
        """Lead links within the document, addresses such as `#note-1` in the parts, to the places of these names."""
        for page in self._whole.pages:
            for link in page.get("/Annots", ()):
                address = str(link.A.get("/URI", "")) if "/A" in link else ""
                if address.startswith("#") and address[1:] in self._places:
                    del link.A
                    link.Dest = self._qpdf.String(address[1:])

    def _write_outline(self, items: Iterable[tuple[int, str, str]]) -> None:
        with self._whole.open_outline() as outline:
            above = [(0, outline.root)]
            for level, text, label in items:
                while above[-1][0] >= level:
                    above.pop()
                item = self._qpdf.OutlineItem(text, self._qpdf.String(label))
                item.is_closed = True
                above[-1][1].append(item)
                above.append((level, item.children))

"""The references of Wikidata statements as sources, and the item itself as one."""

from __future__ import annotations

import json
from typing import Any

from chronicle.errors import WhenError
from chronicle.exchange.identity import short_hash
from chronicle.exchange.intake import Intake, Plain
from chronicle.exchange.json_text import fields, items, text_of
from chronicle.exchange.prose import one_line
from chronicle.exchange.web import web_address
from chronicle.exchange.wikidata_terms import (
    AUTHOR,
    IMPORTED_FROM,
    LABELS,
    PAGES,
    PUBLISHED,
    PUBLISHER,
    REFERENCE_URL,
    RETRIEVED,
    SECTION,
    STATED_IN,
    TITLE,
)
from chronicle.exchange.wikidata_values import item_id, text_value
from chronicle.when import When

_MAPPED = {AUTHOR, PAGES, PUBLISHED, PUBLISHER, REFERENCE_URL, SECTION, TITLE}
_SAID = {STATED_IN: "stated in", IMPORTED_FROM: "imported from", RETRIEVED: "retrieved"}


class Sources:
    """Makes sources for the statements of one item; `names` are the labels that the file has."""

    def __init__(self, item: Plain, title: str, names: dict[str, str], intake: Intake) -> None:
        self._item = item
        self._title = title
        self._names = names
        self._intake = intake

    def cited(self, property_: str, references: list[Any], line: int) -> list[Plain]:
        """The citations of a statement: the item at this property, and its references."""
        own = self._own(line)
        citations = [{"source": own, "locator": property_}] if own is not None else []
        for reference in references:
            if (found := self._reference(fields(reference), line)) is not None and found not in citations:
                citations.append(found)
        return citations

    def _own(self, line: int) -> str | None:
        """The item on Wikidata, published when it was last changed if the file says when."""
        name = item_id(self._item)
        return self._intake.source(
            line,
            id=f"wikidata-{name.lower()}",
            title=f"Wikidata: {self._title} ({name})",
            publisher="Wikidata",
            published=_instant(text_of(self._item.get("modified"))),
            url=f"https://www.wikidata.org/wiki/{name}",
        )

    def _reference(self, reference: Plain, line: int) -> Plain | None:
        said: dict[str, list[str]] = {}
        for name, snaks in fields(reference.get("snaks")).items():
            said[name] = [self._told(fields(snak)) for snak in items(snaks)]
        said = {name: known for name, texts in said.items() if (known := [text for text in texts if text])}
        if not said:
            return None

        def first(*names: str) -> str:
            return next((said[name][0] for name in names if name in said), "")

        where = [f"{_SAID[name]} {first(name)}" for name in (STATED_IN, IMPORTED_FROM) if name in said]
        unmapped = [
            f"{_SAID.get(name) or LABELS.get(name) or name}: {', '.join(texts)}"
            for name, texts in said.items()
            if name not in _MAPPED
        ]
        url = web_address(first(REFERENCE_URL))
        stamp = text_of(reference.get("hash"))[:10] or short_hash(json.dumps(reference, sort_keys=True))
        source = self._intake.source(
            line,
            id=f"wikidata-ref-{stamp}",
            title=first(TITLE)
            or _begun(" and ".join(where))
            or url
            or _begun("; ".join(unmapped))
            or f"Reference {stamp}",
            publisher=first(PUBLISHER),
            author=", ".join(said.get(AUTHOR, [])),
            published=first(PUBLISHED),
            url=url,
            note="; ".join(unmapped),
        )
        place = ", ".join(filter(None, (first(SECTION), f"page {first(PAGES)}" if PAGES in said else "")))
        return None if source is None else {"source": source, **({"locator": place} if place else {})}

    def _told(self, snak: Plain) -> str:
        if snak.get("snaktype") != "value":
            return ""
        try:
            text = text_value(fields(snak.get("datavalue")))
        except ValueError as error:
            self._intake.remark(0, "reference", f"{self._title}: a reference {error}")
            return ""
        return one_line(self._names.get(text) or text)


def _begun(text: str) -> str:
    """Text with a capital letter."""
    return text[:1].upper() + text[1:]


def _instant(modified: str) -> str:
    """A time stamp of the API, if it is one."""
    try:
        return When.parse(modified).edtf
    except WhenError:
        return ""

"""Foreign text as ours: HTML to plain text, and text to what a document may hold."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_PARAGRAPHS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table tr ul".split()
)
_UNSEEN = frozenset("script style template noscript head title".split())
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_HALVES = re.compile("[\ud800-\udfff]")
_UNCLOSED = re.compile("<(?![^<>]*>)")
_DECLARATION = re.compile("<[!?][^<>]*>")
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")


def plain_text(html: str) -> str:
    """What a reader of the HTML would read, paragraphs apart by blank lines; scripts and styles are left out.

    A tag that is not closed before the next begins is read as text. The answer is text, and holds no markup even where
    the HTML spelled some out.
    """
    return tidy("".join(_read(html).heard))


def links(html: str) -> list[str]:
    """The addresses that the HTML links to or embeds, in order, each once."""
    return list(dict.fromkeys(_read(html).links))


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(_DECLARATION.sub("", _UNCLOSED.sub("&lt;", _without_comments(html))))
    reader.close()
    return reader


def _without_comments(html: str) -> str:
    """`html.parser` takes quadratic time for what is never closed, so that it is given only what is."""
    kept, at = [], 0
    while (begin := html.find("<!--", at)) >= 0 and (end := html.find("-->", begin + 4)) >= 0:
        kept.append(html[at:begin])
        at = end + 3
    return "".join((*kept, html[at:]))


def tidy(text: str) -> str:
    """Text that a summary may hold: NFC, no control characters, no raw HTML, no blanks at the ends of lines."""
    text = _HALVES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _UNFIT.sub("", text).replace("\t", " ")
    lines = (re.sub("[ \u00a0]+", " ", line).strip() for line in text.split("\n"))
    paragraphs = re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
    return _MARKUP.sub("< ", unicodedata.normalize("NFC", paragraphs))


def one_line(text: str) -> str:
    """Text that a title may hold; empty if nothing is left."""
    return " ".join(tidy(text).split())


class _Reader(HTMLParser):
    """Gathers the text that is seen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.heard: list[str] = []
        self.links: list[str] = []
        self._unseen: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen is None and tag in _UNSEEN:
            self._unseen = tag
        if tag == "br":
            self.heard.append("\n")
        elif tag in _PARAGRAPHS:
            self.heard.append("\n\n")
        self.links += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = None
        elif tag in _PARAGRAPHS:
            self.heard.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._unseen is None:
            self.heard.append(re.sub(r"\s+", " ", data))

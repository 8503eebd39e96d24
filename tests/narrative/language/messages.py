"""All messages of the reports and pages, collected from the source: what a catalogue has to translate.

    python -m tests.narrative.language.messages > new.po

writes an empty catalogue, the beginning of a new language.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog
from babel.messages.pofile import write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

PACKAGE = Path(__file__).parents[3] / "chronicle" / "narrative"
PAGES = PACKAGE.parent / "web" / "pages"
_SAID = ("say", "text")
_SAID_BY_FORMATS = ("said", "_said")
_COUNTED = ("counted", "Message")
_DATED = ("phrase", "day_phrase", "_endless")


class Found(NamedTuple):
    """A message of the source; `many` is its plural, blank if it has none."""

    context: str
    one: str
    many: str = ""


@cache
def messages() -> tuple[Found, ...]:
    """Every message once, in the order of the files and lines."""
    found: dict[Found, None] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= dict.fromkeys(_of(node, path.parent.name))
    for path in [*sorted(PACKAGE.glob("templates/*.j2")), *sorted(PAGES.glob("templates/*.j2"))]:
        parsed = Environment(autoescape=True).parse(path.read_text("utf-8"))
        texts = (text for _, _, text in extract_from_ast(parsed, gettext_functions=_SAID_BY_FORMATS))
        found |= dict.fromkeys(Found("", text) for text in texts if isinstance(text, str))
    return tuple(found)


def template() -> Catalog:
    """A catalogue with all messages and no translation."""
    catalog = Catalog(charset="utf-8")
    for one in messages():
        catalog.add((one.one, one.many) if one.many else one.one, context=one.context or None)
    return catalog


def _of(call: ast.Call, room: str) -> Iterator[Found]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [_texts(argument) for argument in call.args]
    if texts and (name in _SAID or (room == "formats" and name in _SAID_BY_FORMATS)):
        context = texts[1][0] if len(texts) > 1 and texts[1] else ""
        yield from (Found(context, text) for text in texts[0])
    elif name in _COUNTED and texts and texts[0] and (name == "Message" or (len(texts) > 1 and texts[1])):
        context = texts[3][0] if len(texts) > 3 and texts[3] else ""
        many = texts[1][0] if len(texts) > 1 and texts[1] else ""
        yield Found(context, texts[0][0], many)
    elif name == "noted" or (name == "noted_plural" and texts[0]):
        yield Found(texts[0][0], texts[1][0], texts[2][0] if len(texts) > 2 else "")
    elif room == "language" and name in _DATED and texts:
        yield from (Found("date", text) for literals in texts[: 2 if name == "_endless" else 1] for text in literals)


def _texts(node: ast.expr) -> list[str]:
    """The literal texts that an argument can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return []


if __name__ == "__main__":
    written = BytesIO()
    write_po(written, template(), width=120)
    sys.stdout.write(written.getvalue().decode())

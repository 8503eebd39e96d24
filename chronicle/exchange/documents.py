"""Documents as text that `load` reads: JSON Lines for programs, YAML for people. Numbers keep their digits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
import yaml

from chronicle.event.canonical import to_plain
from chronicle.event.model import AnyDocument
from chronicle.event.value import is_number, with_numbers, written


def to_json_line(document: AnyDocument, chronicle: str) -> bytes:
    """One line of JSON Lines, which says its chronicle."""
    return msgspec.json.encode(written(_plain(document, chronicle))) + b"\n"


def to_yaml(documents: Iterable[AnyDocument], chronicle: str) -> bytes:
    """All documents in one YAML text, UTF-8, each as an author would write it."""
    plain = (with_numbers(_plain(document, chronicle), _Digits) for document in documents)
    text: str = yaml.dump_all(
        plain, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, explicit_start=True
    )
    return text.encode()


def _plain(document: AnyDocument, chronicle: str) -> dict[str, Any]:
    """The kind where it is not that of events, then the chronicle, then the fields in their order."""
    kind = {} if document.kind == "event" else {"kind": document.kind}
    fields = to_plain(document)
    fields.pop("chronicle", None)
    return {**kind, "chronicle": chronicle, **fields}


class _Digits(str):
    """A number, to be written without quotes."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes text so that it is read as text, and nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


_NOT_BY_LINE = re.compile(r"[ \t]\n|[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029\ufeff]")


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = None
    if is_number(text):
        style = "'"
    elif "\n" in text and not _NOT_BY_LINE.search(text):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _digits(dumper: yaml.SafeDumper, digits: _Digits) -> yaml.Node:
    """Plain, whatever YAML 1.1 takes the digits for."""
    tag: str = dumper.resolve(yaml.ScalarNode, str(digits), (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(tag, str(digits))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Digits, _digits)

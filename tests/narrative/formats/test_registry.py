from __future__ import annotations

import sys

import pytest

from chronicle.errors import MissingExtraError, QuestionError
from chronicle.narrative.formats.registry import FORMATS, write
from tests.narrative.documents import document


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_what_it_says(name: str) -> None:
    """Every format gives text or bytes as it says, and the same each time."""
    made = write(document(), name)
    assert isinstance(made, str if FORMATS[name].kind == "text" else bytes)
    assert made == write(document(), name)


def test_an_unknown_format() -> None:
    """An unknown format is refused, with those that there are."""
    with pytest.raises(QuestionError, match="there is no format 'mdx': there are md, html, txt, json, pdf, docx"):
        write(document(), "mdx")


@pytest.mark.parametrize(("name", "module"), [("pdf", "typst"), ("docx", "docx")])
def test_what_is_not_installed_is_named(name: str, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format whose part is not installed says how to install it."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=rf"pip install 'chronicle-service\[{name}\]'"):
        write(document(), name)


@pytest.mark.parametrize("name", FORMATS)
def test_without_charts_there_are_their_tables(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing draws charts, their figures are still there."""
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert write(document(), name)

from __future__ import annotations

import json

import pytest

from chronicle.errors import QuestionError
from chronicle.narrative.formats.registry import COMPANIONS
from tests.builders import CHRONICLE, an_archive
from tests.narrative.audit.composed import GLOSSARY, events


@pytest.mark.parametrize("name", COMPANIONS)
def test_a_companion_is_one_json_document(name: str) -> None:
    """What goes beside a report is one JSON document that names its sources, and the same each time."""
    archive = an_archive(*GLOSSARY, *events())
    made = [archive.report(CHRONICLE, format=name, as_of="2025-07-01") for _ in range(2)]
    assert made[0] == made[1]
    assert "Source gazette" in json.dumps(json.loads(made[0]))


def test_an_unknown_format_names_companions_too() -> None:
    """An unknown format names those there are, and what goes beside them."""
    with pytest.raises(QuestionError, match=r"there is no format 'bib': there are md, .*, csl, prov"):
        an_archive(*GLOSSARY).report(CHRONICLE, format="bib")

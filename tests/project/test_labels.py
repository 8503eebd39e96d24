"""What the curated chronicles speak of has a name in every language that reports are to be told in."""

from __future__ import annotations

import pytest

from chronicle.event.model import Attribute, Entity
from chronicle.files.folder import read_paths
from tests.project.checkout import ROOT

LANGUAGES = {"az", "tr", "ru", "de", "fr"}
WITHOUT_AZERBAIJANI = {
    "azerbaijan-us": {"caleb-orr"},
    "us-executive": {
        "john-nance-garner",
        "henry-a-wallace",
        "alben-w-barkley",
        "hubert-h-humphrey",
        "spiro-agnew",
        "dan-quayle",
    },
}
"""People whose usual Azerbaijani spelling is not certain; their English names are used."""


@pytest.mark.parametrize("chronicle", WITHOUT_AZERBAIJANI)
def test_labels_are_complete(chronicle: str) -> None:
    """Every entity and attribute has a label in each language, but for those that are known to have none."""
    documents = [draft.document for draft in read_paths([str(ROOT / "events" / chronicle)]).drafts]
    glossary = [one for one in documents if isinstance(one, Entity | Attribute)]
    missing = {(one.id, language) for one in glossary for language in LANGUAGES - one.labels.keys()}

    assert {(name, "az") for name in WITHOUT_AZERBAIJANI[chronicle]} == missing


@pytest.mark.parametrize("chronicle", WITHOUT_AZERBAIJANI)
def test_labels_are_distinct(chronicle: str) -> None:
    """No two entities, and no two attributes, are called the same in one language."""
    documents = [draft.document for draft in read_paths([str(ROOT / "events" / chronicle)]).drafts]
    for kind in (Entity, Attribute):
        for language in sorted(LANGUAGES):
            labels = [one.labels[language] for one in documents if isinstance(one, kind) and language in one.labels]
            assert sorted(set(labels)) == sorted(labels)

"""Foreign text as documents, and whether those are fit to be loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chronicle.authoring import check
from chronicle.exchange.formats import IMPORTS
from chronicle.exchange.intake import Imported, Intake
from tests.builders import CHRONICLE
from tests.exchange.archives import an_empty_archive, load_text

FILES = Path(__file__).parents[1] / "data" / "timeline-files"


def imported(text: str, from_: str) -> Imported:
    """What an import makes of a text."""
    intake = Intake("file", CHRONICLE)
    IMPORTS[from_](text, intake)
    return intake.done()


def documents(found: Imported, kind: str = "event") -> list[Any]:
    """The documents of a kind."""
    return [document for document in found.documents if document.kind == kind]


def only(found: Imported, kind: str = "event") -> Any:
    """The one document of a kind, with nothing refused."""
    assert [] == refusals(found)
    [document] = documents(found, kind)
    return document


def refusals(found: Imported) -> list[str]:
    """What was left out because it could not be taken, each with its line."""
    return [f"{problem.line}: {problem.message}" for problem in found.problems if problem.is_error]


def remarks(found: Imported) -> list[str]:
    """The codes of what lost something, or was left out on purpose."""
    return [problem.code for problem in found.problems if not problem.is_error]


def assert_it_loads(found: Imported, folder: Path) -> None:
    """It passes `check`, warnings aside, and loads, as YAML and as JSON Lines alike."""
    if not found.documents:
        return
    for suffix, text in ((".yaml", found.as_yaml()), (".jsonl", found.as_jsonl())):
        path = folder / f"converted{suffix}"
        path.write_bytes(text)
        assert [] == [str(problem) for problem in check(str(path)) if problem.is_error]
    with an_empty_archive() as archive:
        assert {"new"} == set(load_text(archive, found.as_yaml(), ".yaml"))
        assert {"unchanged"} == set(load_text(archive, found.as_jsonl()))

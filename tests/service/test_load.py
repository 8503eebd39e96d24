"""Loading folders: what is missing from them, retracting that, and passing over what is bad."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.errors import InputError, QuestionError, RefusedError, StoreError
from chronicle.event.canonical import canonical
from chronicle.event.model import Retraction
from chronicle.files.folder import read_paths
from chronicle.loading import Loaded
from chronicle.service import Archive
from tests.builders import (
    Mapping,
    a_fact,
    a_retraction,
    a_source,
    an_archive,
    an_attribute,
    an_entity,
    an_event,
    contents,
    outcomes,
)
from tests.files.reading import CURATED

BAD = {"occurred": "1994-13"}
WHY = "no longer told"


def put(folder: Path, *documents: Mapping, chronicle: str = "c", name: str = "x.jsonl") -> str:
    """Write documents into the folder of a chronicle, and give the path of that."""
    inside = folder / chronicle
    inside.mkdir(exist_ok=True)
    lines = (json.dumps(document) + "\n" for document in documents)
    (inside / name).write_text("".join(lines), encoding="utf-8")
    return str(inside)


def refused_ids(loaded: Loaded) -> list[str]:
    """The ids of what was passed over."""
    assert loaded.refused is not None
    return [one.id[2] for one in loaded.refused if one.id is not None]


def reasons(loaded: Loaded) -> list[str]:
    """The codes of all that is wrong with what was passed over."""
    return [problem.code for one in loaded.refused or () for problem in one.problems]


def there(archive: Archive) -> Any:
    """Every row of every table."""
    return contents(archive._store)  # noqa: SLF001 - nothing else shows that nothing was written


# What is missing


def test_missing(archive: Archive, tmp_path: Path) -> None:
    """What the log has and the folder no longer has is named, and stays."""
    archive.load(put(tmp_path, a_source("s"), an_event("x"), an_event("y", sources=["s"])))
    loaded = archive.load(put(tmp_path, an_event("x")))
    assert (("c", "event", "y"), ("c", "source", "s")) == loaded.missing
    assert archive.show("y")


def test_a_file_misses_nothing(archive: Archive, tmp_path: Path) -> None:
    """A single file does not hold all of its chronicle."""
    folder = put(tmp_path, an_event("x"))
    archive.load(folder)
    put(tmp_path, an_event("y"), name="y.jsonl")
    assert () == archive.load(f"{folder}/y.jsonl").missing


def test_a_guest_misses_nothing(archive: Archive, tmp_path: Path) -> None:
    """A document of another chronicle does not make a folder that chronicle's."""
    archive.load(put(tmp_path, an_event("x"), an_event("y"), chronicle="other"))
    assert () == archive.load(put(tmp_path, an_event("z"), an_event("x", chronicle="other"))).missing


@pytest.mark.parametrize(
    "broken",
    [an_event("x", **BAD), an_event("x", kind="evnt"), an_event("x", tittle="T")],
    ids=["date", "kind", "field"],
)
def test_broken_is_not_missing(archive: Archive, tmp_path: Path, broken: Mapping) -> None:
    """A document that is there and bad is not missing."""
    archive.load(put(tmp_path, an_event("x")))
    folder = put(tmp_path, an_event("y"), broken)
    assert () == archive.load(folder, skip_bad=tmp_path / "bad.jsonl").missing


@pytest.mark.parametrize("text", ["id: [\n", "", "occurred: 2025\n", "\udcff"])
def test_unread_is_not_missing(archive: Archive, tmp_path: Path, text: str) -> None:
    """If something cannot be read nobody knows what is missing, and nothing is said to be."""
    archive.load(put(tmp_path, an_event("x")))
    folder = put(tmp_path, an_event("y"))
    (tmp_path / "c" / "z.yaml").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert () == archive.load(folder, skip_bad=tmp_path / "bad.jsonl").missing


# Retracting it


def test_retract_missing(archive: Archive, tmp_path: Path) -> None:
    """It is retracted, with the note, in one append with the rest: events before what they cite."""
    before = (a_source("s"), an_entity("e"), an_attribute("a"), an_event("x", sources=["s"], stated_by="e"))
    archive.load(put(tmp_path, *before, an_event("y")))
    loaded = archive.load(put(tmp_path, an_event("y", title="Y"), an_event("z")), retract_missing=True, note=WHY)
    assert ["corrected", "new", *["retracted"] * 4] == outcomes(loaded.appended)
    expected = [("c", "attribute", "a"), ("c", "entity", "e"), ("c", "event", "x"), ("c", "source", "s")]
    assert (expected, ()) == (sorted(loaded.retracted), loaded.missing)
    assert ["x", "a", "e", "s"] == [receipt.id for receipt in loaded.appended.receipts[2:]]
    last = archive.show("x")[-1]
    assert isinstance(last.document, Retraction)
    assert (WHY, 2) == (last.document.note, last.header.version)
    assert 1 == len({archive.show(one)[-1].header.recorded for one in "xaesyz"})


def test_retracting_nothing(archive: Archive, tmp_path: Path) -> None:
    """Where nothing is missing nothing is retracted, and what is retracted is missing no more."""
    archive.load(put(tmp_path, an_event("x"), an_event("y")))
    folder = put(tmp_path, an_event("x"))
    archive.load(folder, retract_missing=True, note=WHY)
    again = archive.load(folder, retract_missing=True, note=WHY)
    assert (["unchanged"], (), ()) == (outcomes(again.appended), again.retracted, again.missing)


def test_retracting_what_is_still_cited(archive: Archive, tmp_path: Path) -> None:
    """A source that an event of the folder cites is refused with the names of those that cite it, and nothing moves."""
    archive.load(
        put(tmp_path, a_source("s"), an_event("x", sources=["s"]), an_event("y", sources=["s"]), an_event("z"))
    )
    before = there(archive)
    folder = put(tmp_path, an_event("x", sources=["s"]), an_event("y", sources=["s"]), an_event("new"))
    with pytest.raises(RefusedError, match="source s is still cited by x, y: correct those first"):
        archive.load(folder, retract_missing=True, note=WHY)
    assert before == there(archive)


def test_retracting_in_a_dry_run(archive: Archive, tmp_path: Path) -> None:
    """A dry run says what would be retracted and writes nothing."""
    archive.load(put(tmp_path, an_event("x"), an_event("y")))
    before = there(archive)
    loaded = archive.load(put(tmp_path, an_event("x")), retract_missing=True, note=WHY, dry_run=True)
    assert ((("c", "event", "y"),), ["unchanged", "retracted"]) == (loaded.retracted, outcomes(loaded.appended))
    assert before == there(archive)


def test_other_chronicles_stay(archive: Archive, tmp_path: Path) -> None:
    """Only chronicles whose folder was read lose something."""
    archive.load(put(tmp_path, an_event("x")), put(tmp_path, an_event("x"), chronicle="other"))
    loaded = archive.load(put(tmp_path, an_event("y")), retract_missing=True, note=WHY)
    assert (("c", "event", "x"),) == loaded.retracted


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"retract_missing": True}, "needs --note"),
        ({"retract_missing": True, "note": " "}, "is blank"),
        ({"retract_missing": True, "note": "a\x1bb"}, "control character"),
        ({"note": WHY}, "goes with --retract-missing"),
        ({"retract_missing": True, "note": WHY, "skip_bad": "bad.jsonl"}, "cannot go with --skip-bad"),
    ],
)
def test_arguments_that_do_not_go_together(
    archive: Archive, tmp_path: Path, arguments: dict[str, Any], told: str
) -> None:
    """Arguments that do not go together are refused before anything is read."""
    with pytest.raises(QuestionError, match=told):
        archive.load(put(tmp_path, an_event("x")), **arguments)
    assert 0 == archive.position()


def test_retracting_for_a_file(archive: Archive, tmp_path: Path) -> None:
    """What a single file lacks is not missing, so there is nothing to retract for it."""
    folder = put(tmp_path, an_event("x"))
    with pytest.raises(QuestionError, match="needs a whole folder"):
        archive.load(f"{folder}/x.jsonl", retract_missing=True, note=WHY)
    assert 0 == archive.position()


# Passing over what is bad


def test_skip_bad(archive: Archive, tmp_path: Path) -> None:
    """What is sound is loaded in one append, and what is not is in the file."""
    file = tmp_path / "bad.jsonl"
    loaded = archive.load(put(tmp_path, an_event("x"), an_event("y", **BAD), an_event("z")), skip_bad=file)
    assert (["new", "new"], ["y"], ["date"]) == (outcomes(loaded.appended), refused_ids(loaded), reasons(loaded))
    assert ["y"] == [json.loads(line)["document"]["id"] for line in file.read_text().splitlines()]
    assert {"position", "receipts", "missing", "refused"} == loaded.as_json().keys()


def test_nothing_bad(archive: Archive, tmp_path: Path) -> None:
    """If all is sound the file is empty, whatever was in it before."""
    file = tmp_path / "bad.jsonl"
    file.write_text("before")
    assert () == archive.load(put(tmp_path, an_event("x")), skip_bad=file).refused
    assert "" == file.read_text()


REFERRING: dict[str, Mapping] = {
    "source": an_event("x", sources=["bad"]),
    "participant": an_event("x", participants=["bad"]),
    "who stated it": an_event("x", stated_by="bad"),
    "value": an_event("x", a_fact({"entity": "bad"})),
}


@pytest.mark.parametrize("name", REFERRING)
def test_who_needs_a_refused_one_is_refused(archive: Archive, tmp_path: Path, name: str) -> None:
    """A document that refers to a refused one is refused too, and its reason says where that stands."""
    bad = a_source("bad", published="1994-13") if name == "source" else an_entity("bad", labels={"no language": "L"})
    folder = put(tmp_path, REFERRING[name], an_event("y"), bad)
    loaded = archive.load(folder, skip_bad=tmp_path / "bad.jsonl")
    assert (["x", "bad"], ["y"]) == (refused_ids(loaded), [one.id for one in loaded.appended.receipts])
    assert loaded.refused is not None
    (reason,) = loaded.refused[0].problems
    assert ("refers-to-refused", True) == (reason.code, f"x.jsonl:3:{1}" in reason.message)


def test_who_needs_what_the_log_has_is_loaded(archive: Archive, tmp_path: Path) -> None:
    """If only a correction was refused, the version in the log is there to refer to."""
    archive.load(put(tmp_path, a_source("s")))
    folder = put(tmp_path, a_source("s", published="1994-13"), an_event("x", sources=["s"]))
    loaded = archive.load(folder, skip_bad=tmp_path / "bad.jsonl")
    assert (["s"], ["new"]) == (refused_ids(loaded), outcomes(loaded.appended))


def test_what_the_log_refuses(archive: Archive, tmp_path: Path) -> None:
    """What only the log can refuse is passed over too, and what follows from it, to the end."""
    archive.load(put(tmp_path, a_source("s"), a_source("t"), an_event("x", sources=["s"])))
    documents = [
        a_source("bad", published="1994-13"),
        an_event("x", sources=["bad"]),  # refers to what is refused, so the log keeps its x, which cites s
        a_retraction("s", "source"),  # is still cited, therefore
        a_retraction("nobody"),  # was never there
        an_event("y", stated_by="nobody"),
        an_event("z"),
    ]
    loaded = archive.load(put(tmp_path, *documents), skip_bad=tmp_path / "bad.jsonl")
    assert ["bad", "x", "s", "nobody", "y"] == refused_ids(loaded)
    assert ["date", "refers-to-refused", "still-cited", "unknown-id", "undeclared"] == reasons(loaded)
    assert ["z"] == [receipt.id for receipt in loaded.appended.receipts]


def test_later_versions_of_what_the_log_refuses(archive: Archive, tmp_path: Path) -> None:
    """A version is not loaded without the one before it, whoever refused that."""
    documents = [an_event("x"), an_event("x", stated_by="nobody"), an_event("x", title="Mended")]
    loaded = archive.load(put(tmp_path, *documents), skip_bad=tmp_path / "bad.jsonl")
    assert (["new"], ["undeclared", "after-refused"]) == (outcomes(loaded.appended), reasons(loaded))


def test_skipping_in_a_dry_run(archive: Archive, tmp_path: Path) -> None:
    """A dry run says what would be refused, and writes neither the log nor the file."""
    file = tmp_path / "bad.jsonl"
    loaded = archive.load(put(tmp_path, an_event("x"), an_event("y", **BAD)), skip_bad=file, dry_run=True)
    assert (["y"], ["new"]) == (refused_ids(loaded), outcomes(loaded.appended))
    assert (0, False) == (archive.position(), file.exists())


def test_the_file_is_among_what_is_loaded(archive: Archive, tmp_path: Path) -> None:
    """A file that is itself loaded is not written over."""
    folder = put(tmp_path, an_event("x", **BAD))
    for file in (f"{folder}/x.jsonl", f"{folder}/new.jsonl"):
        with pytest.raises(QuestionError, match="is among what is loaded"):
            archive.load(folder, skip_bad=file)
    assert ["x.jsonl"] == [path.name for path in Path(folder).iterdir()]


@pytest.mark.parametrize("file", ["none/bad.jsonl", ".", "nul\0"])
def test_a_file_that_cannot_be_written(archive: Archive, tmp_path: Path, file: str) -> None:
    """If the file cannot be written nothing is loaded."""
    with pytest.raises(QuestionError, match="cannot be written"):
        archive.load(put(tmp_path, an_event("x"), an_event("y", **BAD)), skip_bad=f"{tmp_path}/{file}")
    assert 0 == archive.position()


def test_nothing_is_lost(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the append begins the file is there already: whatever happens then, no refused document is lost."""
    file, seen = tmp_path / "bad.jsonl", []

    def fail(*_: Any, **__: Any) -> None:
        seen.append([json.loads(line)["document"]["id"] for line in file.read_text().splitlines()])
        raise StoreError("the disk is gone")

    monkeypatch.setattr("chronicle.recording.append", fail)
    with pytest.raises(StoreError):
        archive.load(put(tmp_path, an_event("x"), an_event("y", **BAD)), skip_bad=file)
    assert [["y"]] == seen


def test_a_path_may_be_a_path(archive: Archive, tmp_path: Path) -> None:
    """Paths are given as text or as Path."""
    assert ["new"] == outcomes(archive.load(Path(put(tmp_path, an_event("x")))).appended)


def test_progress(archive: Archive, tmp_path: Path) -> None:
    """Whoever wants to know is told how much is done, each document in two steps, until all is."""
    told: list[tuple[int, int]] = []
    archive.load(put(tmp_path, *map(an_event, "xyz")), progress=lambda done, total: told.append((done, total)))
    assert [(steps // 2, 3) for steps in range(1, 7)] == told


CURATED_PLAIN = [
    {"kind": draft.document.kind, **json.loads(re.sub(rb'\{"\$number":"([^"]*)"\}', rb"\1", canonical(draft.document)))}
    for draft in read_paths([str(CURATED)]).drafts
]
"""The curated documents as lines of JSON hold them; that some figures lose zeros does not matter here."""
BREAKS: list[Mapping] = [{"colour": "red"}, {"labels ": {"az": 1.50}}]


@given(
    broken=st.dictionaries(st.integers(0, len(CURATED_PLAIN) - 1), st.sampled_from(BREAKS), min_size=1, max_size=6),
    order=st.permutations(range(len(CURATED_PLAIN))),
)
@settings(max_examples=40)
def test_skipping_then_mending(broken: dict[int, Mapping], order: list[int]) -> None:
    """Loading what is sound and then FILE, mended, comes to the same as loading all of it, in whatever order."""
    with tempfile.TemporaryDirectory() as name, an_archive() as archive, an_archive() as whole:
        folder, file = Path(name), Path(name) / "bad.jsonl"
        documents = [{**CURATED_PLAIN[index], **broken.get(index, {})} for index in order]
        loaded = archive.load(put(folder, *documents), skip_bad=file)
        assert {CURATED_PLAIN[index]["id"] for index in broken} <= set(refused_ids(loaded))
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for line in lines:
            line["document"] = {key: one for key, one in line["document"].items() if key not in ("colour", "labels ")}
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        archive.load(file)
        whole.load(put(folder, *CURATED_PLAIN))
        for document in CURATED_PLAIN:
            [one], [other] = archive.show(document["id"]), whole.show(document["id"])
            assert canonical(one.document) == canonical(other.document)


def test_input_errors() -> None:
    """All that a load refuses is an InputError, so that one except clause is enough."""
    assert issubclass(RefusedError, InputError)
    assert issubclass(QuestionError, InputError)

"""What is kept of documents that are refused, and how it comes back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from chronicle.files.folder import MOST_ERRORS, Reading, read_paths
from chronicle.files.refused import would_be_read, write_refused
from tests.files.reading import SOUND, SOUND_JSON, write

BAD = SOUND.replace("2020", "1994-13")


def kept(*paths: str) -> Reading:
    """What is read of some paths if refused documents are kept."""
    return read_paths(paths, keep_refused=True)


def lines(reading: Reading, folder: Path) -> list[dict[str, Any]]:
    """What is written about the refused."""
    file = folder / "refused.jsonl"
    write_refused(str(file), reading.refused)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_line(tmp_path: Path) -> None:
    """A line says where the document stands, each error, and the document with its chronicle."""
    path = write(tmp_path, BAD + "tittle: T\n", "c/x.yaml")
    (line,) = lines(kept(path), tmp_path)
    document = {"chronicle": "c", "id": "e", "type": "any.thing", "occurred": "1994-13", "title": "T"}
    assert {**document, "sources": [{"source": "s"}], "tittle": "T"} == line["document"]
    assert (path, 1, 1) == (line["file"], line["line"], line["column"])
    assert [(3, 1, "date"), (6, 1, "unknown-field")] == sorted(
        (problem["line"], problem["column"], problem["code"]) for problem in line["problems"]
    )


def test_no_document(tmp_path: Path) -> None:
    """What could not be read as a document is told without one."""
    paths = [write(tmp_path, "id: [\n"), write(tmp_path, '{"id":\n', "x.jsonl"), str(tmp_path / "none.yaml")]
    found = [(line["line"], line["problems"][0]["code"], line["document"]) for line in lines(kept(*paths), tmp_path)]
    assert [(2, "syntax", None), (1, "syntax", None), (0, "file", None)] == found


def test_nothing(tmp_path: Path) -> None:
    """If nothing was refused the file is empty."""
    assert [] == lines(kept(write(tmp_path, SOUND, "c/x.yaml")), tmp_path)


def test_sound_ones_are_drafts(tmp_path: Path) -> None:
    """What is sound is read, and only warnings stay among the problems."""
    path = write(tmp_path, f"{BAD}---\n{SOUND.replace('id: e', 'id: f')}---\nid: g\n", "c/x.yaml")
    reading = kept(path)
    assert ["f"] == [draft.document.id for draft in reading.drafts]
    assert [("c", "event", "e"), ("c", "event", "g")] == [one.id for one in reading.refused]
    assert not any(problem.is_error for problem in reading.problems)


def test_later_versions_wait(tmp_path: Path) -> None:
    """A version is not loaded without the one before it: mended, that one would seem to be the later."""
    sound = SOUND_JSON + ',"note":"n"}\n'
    path = write(tmp_path, SOUND_JSON + "}\n" + SOUND_JSON + ',"note":""}\n' + sound, "c/x.jsonl")
    reading = kept(path)
    assert (1, [2, 3]) == (len(reading.drafts), [one.line for one in reading.refused])
    (reason,) = reading.refused[1].problems
    assert (3, "after-refused", True) == (reason.line, reason.code, f"{path}:2:1" in reason.message)


def test_no_limit(tmp_path: Path) -> None:
    """Who keeps what is refused means to mend it, however much it is."""
    path = write(tmp_path, "1\n" * (MOST_ERRORS + 9), "c/x.jsonl")
    assert MOST_ERRORS + 9 == len(kept(path).refused)


def test_limit(tmp_path: Path) -> None:
    """Otherwise a file is given up after so many errors, and says where."""
    *_, last = read_paths([write(tmp_path, "1\n" * (MOST_ERRORS + 9), "c/x.jsonl")]).problems
    assert (MOST_ERRORS + 1, 1, "errors") == (last.line, last.column, last.code)


def test_mended(tmp_path: Path) -> None:
    """Once its documents are mended the file is loaded like any other, into the chronicles they are of."""
    value = (
        "facts: [{subject: a, attribute: b, value: 1.50}, {subject: a, attribute: b, value: x, dimensions: {p: q}}]\n"
    )
    paths = [write(tmp_path, BAD + value, "c/x.yaml"), write(tmp_path, BAD, "d/x.yaml")]
    file = tmp_path / "refused.jsonl"
    write_refused(str(file), kept(*paths).refused)
    file.write_text(file.read_text(encoding="utf-8").replace("1994-13", "2020"), encoding="utf-8")
    mended = read_paths([str(file)])
    write(tmp_path, SOUND + value, "c/x.yaml")
    write(tmp_path, SOUND, "d/x.yaml")
    assert [] == mended.problems
    sound = {draft.id: draft.document for draft in read_paths(paths).drafts}
    assert sound == {
        draft.id: type(draft.document)(**{**fields(draft.document), "chronicle": None}) for draft in mended.drafts
    }


def fields(document: Any) -> dict[str, Any]:
    """The fields of a typed document."""
    return {name: getattr(document, name) for name in document.__struct_fields__}


def test_not_mended(tmp_path: Path) -> None:
    """Before that its faults have places in the file itself; what holds no document is refused too."""
    paths = [write(tmp_path, BAD, "c/x.yaml"), write(tmp_path, "id: [\n", "c/y.yaml")]
    file = tmp_path / "refused.jsonl"
    write_refused(str(file), kept(*paths).refused)
    text = file.read_text(encoding="utf-8").splitlines()
    found = [(p.line, p.column, p.code) for p in read_paths([str(file)]).problems]
    assert [(1, text[0].index('"1994-13"') + 1, "date"), (2, text[1].index("null}") + 1, "shape")] == found


def test_written_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the new file cannot be finished the old one stays, and nothing else is left behind."""
    file = tmp_path / "refused.jsonl"
    file.write_text("before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_refused(str(file), kept(write(tmp_path, BAD, "c/x.yaml")).refused)
    assert ("before", {"c", "refused.jsonl"}) == (file.read_text(), {path.name for path in tmp_path.iterdir()})


def test_through_a_link(tmp_path: Path) -> None:
    """A link to the file stays a link."""
    (tmp_path / "link").symlink_to("refused.jsonl")
    write_refused(str(tmp_path / "link"), kept(write(tmp_path, BAD, "c/x.yaml")).refused)
    assert (True, True) == ((tmp_path / "link").is_symlink(), (tmp_path / "refused.jsonl").is_file())


def test_into_a_pipe(tmp_path: Path) -> None:
    """What is no ordinary file is written to and not replaced."""
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_refused(str(tmp_path / "pipe"), kept(write(tmp_path, BAD, "c/x.yaml")).refused)
    with os.fdopen(reading) as pipe:
        assert ["e"] == [json.loads(line)["document"]["id"] for line in pipe]


@pytest.mark.parametrize(
    ("file", "paths", "expected"),
    [
        ("x.yaml", ["x.yaml"], True),
        ("./d/../x.yaml", ["x.yaml"], True),
        ("bad.jsonl", ["."], True),
        ("d/e/bad.jsonl", ["d"], True),
        ("linked/bad.jsonl", ["d"], True),
        ("bad.txt", ["."], False),
        (".bad.jsonl", ["."], False),
        ("d/.e/bad.jsonl", ["d"], False),
        ("dd/bad.jsonl", ["d"], False),
        ("bad.jsonl", ["d", "x.yaml"], False),
    ],
)
def test_would_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, paths: list[str], *, expected: bool
) -> None:
    """A file is recognised among the paths, and in their folders if it would be read there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    (tmp_path / "linked").symlink_to("d")
    assert expected == would_be_read(file, paths)

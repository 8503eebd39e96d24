"""Which files are read, in which order, into which chronicle."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chronicle.errors import Problem
from chronicle.event.model import KINDS
from chronicle.files import content
from chronicle.files.folder import read_paths
from chronicle.files.place import printable
from tests.files.reading import CURATED, SOUND, SOUND_JSON, write

SOURCE = "kind: source\nid: s\ntitle: T\npublished: 2020\n"
ENTITY = "kind: entity\nid: e\nlabel: L\n"
ATTRIBUTE = "kind: attribute\nid: a\n"
CHRONICLE = "kind: chronicle\nid: c\ntitle: T\n"


def event(name: str) -> str:
    """A sound event of another id."""
    return SOUND.replace("id: e", f"id: {name}")


def ids(*paths: Path | str, chronicle: str | None = None) -> list[tuple[str, str, str]]:
    """What is read from some paths, which has no problems."""
    reading = read_paths(list(map(str, paths)), chronicle)
    assert [] == reading.problems
    return [draft.id for draft in reading.drafts]


def problems(*paths: Path | str, chronicle: str | None = None) -> list[tuple[str, int, int, str]]:
    """The problems of some paths."""
    found = read_paths(list(map(str, paths)), chronicle).problems
    return [(problem.file, problem.line, problem.column, problem.code) for problem in found]


def test_order(tmp_path: Path) -> None:
    """A folder gives the chronicle, sources, entities, attributes, then events, each by file name and as they stand."""
    write(tmp_path, event("z"), "c/1.yaml")
    write(tmp_path, f"{event('b')}---\n{event('a')}---\n{SOURCE}", "c/2.yml")
    write(tmp_path, SOUND_JSON + "}\n", "c/10.jsonl")
    write(tmp_path, f"{ATTRIBUTE}---\n{ENTITY}---\n{CHRONICLE}", "c/y.yaml")
    write(tmp_path, SOURCE.replace("id: s", "id: r"), "c/z.yaml")
    expected = ["c", "s", "r", "e", "a", "z", "e", "b", "a"]
    assert expected == [name for _, _, name in ids(tmp_path / "c")]


def test_file_order(tmp_path: Path) -> None:
    """A single file is read as it stands."""
    path = write(tmp_path, f"{event('b')}---\n{SOURCE}---\n{event('a')}", "c/x.yaml")
    assert ["b", "s", "a"] == [name for _, _, name in ids(path)]


def test_given_order(tmp_path: Path) -> None:
    """Files are read in the order in which they are given."""
    first, second = write(tmp_path, event("b"), "c/b.yaml"), write(tmp_path, event("a"), "c/a.yaml")
    assert ["b", "a"] == [name for _, _, name in ids(first, second)]


@pytest.mark.parametrize(
    ("text", "argument", "chronicle"),
    [
        (SOUND, None, "folder"),
        (SOUND, "argument", "argument"),
        (f"{SOUND}chronicle: own\n", None, "own"),
        (f"{SOUND}chronicle: own\n", "argument", "own"),
        ("kind: chronicle\nid: itself\ntitle: T\n", "argument", "itself"),
        ("kind: chronicle\nid: itself\ntitle: T\nchronicle: own\n", None, "itself"),
        ("kind: chronicle\nid: itself\nretracted: true\n", None, "itself"),
    ],
)
def test_chronicle(tmp_path: Path, text: str, argument: str | None, chronicle: str) -> None:
    """A document's own chronicle wins over the argument, that over the folder; a chronicle belongs to itself."""
    assert [chronicle] == [where for where, _, _ in ids(write(tmp_path, text, "folder/x.yaml"), chronicle=argument)]


def test_chronicle_of_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare file name takes the name of the folder one is in."""
    write(tmp_path, SOUND, "here/x.yaml")
    monkeypatch.chdir(tmp_path / "here")
    assert [("here", "event", "e")] == ids("x.yaml")
    assert [("here", "event", "e")] == ids(".")


def test_bad_folder_name(tmp_path: Path) -> None:
    """A folder whose name is no name asks for --chronicle."""
    path = write(tmp_path, SOUND, "my events/x.yaml")
    (problem,) = read_paths([path]).problems
    assert (1, 1, "chronicle", True) == (problem.line, problem.column, problem.code, "--chronicle" in problem.message)


def test_bad_folder_name_does_not_matter(tmp_path: Path) -> None:
    """Where the chronicle is named otherwise, a folder may have any name."""
    path = write(tmp_path, SOUND, "my events/x.yaml")
    assert [("c", "event", "e")] == ids(path, chronicle="c")


def test_bad_argument(tmp_path: Path) -> None:
    """An argument that is no name is refused."""
    path = write(tmp_path, SOUND, "c/x.yaml")
    assert [(path, 1, 1, "chronicle")] == problems(path, chronicle="no name")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("x.yaml", text) for text in ("", "\n\n", "\ufeff", "# nothing\n", "---\n---\n")),
        *(("x.jsonl", text) for text in ("", "\n\n", "\ufeff", " \r\n")),
    ],
)
def test_empty_file(tmp_path: Path, name: str, text: str) -> None:
    """A file without a document is a problem of the whole file."""
    path = write(tmp_path, text, f"c/{name}")
    assert [(path, 0, 0, "empty")] == problems(path)


def test_versions_in_two_files(tmp_path: Path) -> None:
    """Versions of one id may stand in several files; a file that is named twice is read once."""
    one = write(tmp_path, SOUND_JSON + "}\n", "c/1.jsonl")
    two = write(tmp_path, SOUND_JSON + ',"note":"n"}\n', "c/2.jsonl")
    assert [("c", "event", "e")] * 2 == ids(one, two, tmp_path / "c")


def test_not_there(tmp_path: Path) -> None:
    """A path that is not there is a problem, and the others are read."""
    there, missing = write(tmp_path, SOUND, "c/x.yaml"), str(tmp_path / "none" / "x.yaml")
    reading = read_paths([missing, there])
    assert ([Problem(missing, 0, 0, "file", "is not there")], 1) == (reading.problems, len(reading.drafts))


@pytest.mark.parametrize("name", ["x.txt", "x.json", "x", ".yaml.bak", "nul\0.txt"])
def test_suffix(tmp_path: Path, name: str) -> None:
    """A file of another suffix is refused where it is named, whether it is there or not."""
    assert [(printable(f"{tmp_path}/{name}"), 0, 0, "suffix")] == problems(f"{tmp_path}/{name}")


def test_impossible_path() -> None:
    """A path that no file can have is not there."""
    assert [("nul\\x00.yaml", 0, 0, "file")] == problems("nul\0.yaml")


def test_no_ordinary_file(tmp_path: Path) -> None:
    """A pipe is not waited for."""
    path = str(tmp_path / "x.yaml")
    os.mkfifo(path)
    assert [(path, 0, 0, "file")] == problems(path)


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused before it is read."""
    monkeypatch.setattr(content, "LARGEST_YAML", len(SOUND) - 1)
    path = write(tmp_path, SOUND, "c/x.yaml")
    assert [(path, 0, 0, "size")] == problems(path)


def test_passed_over(tmp_path: Path) -> None:
    """In a folder, hidden files and folders and files of other suffixes are passed over."""
    for name in ("x.yaml", ".x.yaml", ".git/x.yaml", "README.md", "x.yaml~", "x.YAML"):
        write(tmp_path, SOUND, f"c/{name}")
    assert [("c", "event", "e")] == ids(tmp_path / "c")


@pytest.mark.parametrize("names", [[], ["README.md", "x.json"], [".x.yaml"], ["below/x.txt"]])
def test_nothing_to_read(tmp_path: Path, names: list[str]) -> None:
    """A folder with nothing to read is a problem, for nobody means to load nothing."""
    (tmp_path / "c").mkdir()
    for name in names:
        write(tmp_path, SOUND, f"c/{name}")
    assert [(str(tmp_path / "c"), 0, 0, "empty")] == problems(tmp_path / "c")


def test_linked_file(tmp_path: Path) -> None:
    """A symbolic link in a folder is refused, not followed and not passed over."""
    target = write(tmp_path, SOUND, "elsewhere/x.yaml")
    write(tmp_path, SOUND, "c/x.yaml")
    (tmp_path / "c" / "y.yaml").symlink_to(target)
    reading = read_paths([str(tmp_path / "c")])
    expected = [Problem(str(tmp_path / "c" / "y.yaml"), 0, 0, "link", "is a symbolic link, which is not followed")]
    assert (expected, 1) == (reading.problems, len(reading.drafts))


def test_linked_folder(tmp_path: Path) -> None:
    """A linked folder is refused too, so that nothing in it goes missing unsaid."""
    write(tmp_path, SOUND, "elsewhere/x.yaml")
    write(tmp_path, SOUND, "c/x.yaml")
    (tmp_path / "c" / "d").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert [(str(tmp_path / "c" / "d"), 0, 0, "link")] == problems(tmp_path / "c")


def test_unreadable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be read is a problem, not an empty folder."""

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [(str(tmp_path), 0, 0, "file")] == problems(tmp_path)


def test_folders_within(tmp_path: Path) -> None:
    """Folders within a folder are chronicles of their own, each in its order."""
    for name in ("b", "a"):
        write(tmp_path, f"{SOUND}---\n{SOURCE}", f"events/{name}/x.yaml")
    expected = [("a", "source", "s"), ("a", "event", "e"), ("b", "source", "s"), ("b", "event", "e")]
    assert expected == ids(tmp_path / "events")


def test_whole_folders(tmp_path: Path) -> None:
    """Chronicles read from whole folders are told from those of single files."""
    write(tmp_path, SOUND, "a/x.yaml")
    path = write(tmp_path, SOUND, "b/x.yaml")
    assert {"a"} == read_paths([str(tmp_path / "a"), path]).folders


def test_guests(tmp_path: Path) -> None:
    """A document that names another chronicle is a guest: its folder is not that chronicle's."""
    write(tmp_path, f"{SOUND}---\n{event('f')}chronicle: other\n", "a/x.yaml")
    assert {"a"} == read_paths([str(tmp_path / "a")]).folders


def test_the_folder_of_a_chronicle(tmp_path: Path) -> None:
    """A folder that holds a chronicle's own document is its folder, whatever it is called."""
    write(tmp_path, f"{CHRONICLE}---\n{SOUND}chronicle: c\n---\n{event('f')}chronicle: other\n", "a/x.yaml")
    assert {"c"} == read_paths([str(tmp_path / "a")]).folders


@pytest.mark.parametrize("line", ["id: [\n", "title: T\n", ""])
def test_not_whole(tmp_path: Path, line: str) -> None:
    """A document without an id, and a file that cannot be read, might be anything."""
    write(tmp_path, line, "c/x.yaml")
    assert not read_paths([str(tmp_path / "c")], keep_refused=True).whole


def test_a_kind_that_cannot_be_read(tmp_path: Path) -> None:
    """A document of an unknown kind may be a version of any kind."""
    path = write(tmp_path, "kind: evnt\nid: e\n", "c/x.yaml")
    assert {("c", kind, "e") for kind in KINDS} == read_paths([path]).named


def test_faulty_are_named(tmp_path: Path) -> None:
    """A faulty document still names its id, so that who cites it is not blamed."""
    path = write(tmp_path, "kind: source\nid: s\n", "c/x.yaml")
    assert {("c", "source", "s")} == read_paths([path]).named


def test_curated() -> None:
    """The curated chronicle is read whole and without a problem."""
    kinds = [kind for _, kind, _ in ids(CURATED)]
    assert (1, 1, True) == (kinds.count("chronicle"), kinds.count("source"), kinds.count("event") > 10)

"""What a file is opened as: an ordinary one, itself and no link, that stays as it is while it is read."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chronicle.errors import Problem
from chronicle.files import content, walk
from chronicle.files.content import read_lines, read_text
from chronicle.files.folder import read_paths
from chronicle.files.plain import SyntaxFault
from tests.files.reading import SOUND, SOUND_JSON, write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and devices as POSIX has them")

LINK = "is a symbolic link, which is not followed"


def told(*paths: Path | str) -> list[tuple[str, str]]:
    """The codes and messages of what is wrong with some paths."""
    return [(problem.code, problem.message) for problem in read_paths(list(map(str, paths)), "c").problems]


def link_to(target: str) -> Callable[[Path], Path]:
    """Makes a link named x.yaml to somewhere."""

    def make(folder: Path) -> Path:
        write(folder, SOUND, "there.yaml")
        (folder / "there").mkdir()
        path = folder / "x.yaml"
        path.symlink_to(target)
        return path

    return make


def pipe(folder: Path) -> Path:
    """A pipe into which nobody writes."""
    os.mkfifo(folder / "x.yaml")
    return folder / "x.yaml"


def socket_file(folder: Path) -> Path:
    """A socket, which cannot be opened as a file."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(folder / "x.yaml"))
    return folder / "x.yaml"


def forbidden(folder: Path) -> Path:
    """A name longer than a name may be."""
    return folder / f"{'x' * 300}.yaml"


def through_a_file(folder: Path) -> Path:
    """A file as if it were a folder."""
    return Path(write(folder, SOUND)) / "x.yaml"


ODD: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "a link to a file": (link_to("there.yaml"), "link", LINK),
    "a link to nothing": (link_to("nothing"), "link", LINK),
    "a link to itself": (link_to("x.yaml"), "link", LINK),
    "a link to a folder": (link_to("there"), "link", LINK),
    "a link to a device": (link_to("/dev/zero"), "link", LINK),
    "a link out of the folder": (link_to("/etc/passwd"), "link", LINK),
    "a pipe": (pipe, "file", "is no ordinary file"),
    "a socket": (socket_file, "file", "cannot be read: No such device or address"),
    "a name too long": (forbidden, "file", "cannot be read: File name too long"),
    "a file for a folder": (through_a_file, "file", "cannot be read: Not a directory"),
}


@pytest.mark.parametrize("name", ODD)
def test_named_outright(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What is no ordinary file is refused where it is named, and nothing is waited for."""
    monkeypatch.chdir(tmp_path)
    make, code, message = ODD[name]
    assert [(code, message)] == told(make(Path()))


@pytest.mark.parametrize("name", [name for name in ODD if name not in ("a name too long", "a file for a folder")])
def test_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """And where it lies in a folder."""
    monkeypatch.chdir(tmp_path)
    make, code, message = ODD[name]
    make(Path())
    assert [(code, message)] == told(".")


def test_below_a_link(tmp_path: Path) -> None:
    """A path may lead through a linked folder: it is what the path ends in that must be no link."""
    write(tmp_path, SOUND, "real/events/x.yaml")
    (tmp_path / "linked").symlink_to(tmp_path / "real", target_is_directory=True)
    assert [] == told(tmp_path / "linked" / "events")
    assert [] == told(tmp_path / "linked" / "events" / "x.yaml")
    assert [("link", LINK)] == told(tmp_path / "linked")


def test_a_folder_that_is_its_own_parent(tmp_path: Path) -> None:
    """A path through a link that leads to itself is refused."""
    (tmp_path / "loop").symlink_to("loop")
    assert [("file", "cannot be read: Too many levels of symbolic links")] == told(tmp_path / "loop" / "x.yaml")


def test_folders_without_end(tmp_path: Path) -> None:
    """Folders are followed to a depth, and what lies deeper is not passed over in silence."""
    deep = tmp_path.joinpath(*["d"] * (walk.DEEPEST_FOLDER + 2))
    deep.mkdir(parents=True)
    write(deep, SOUND)
    write(tmp_path, SOUND)
    (problem,) = read_paths([str(tmp_path)], "c").problems
    assert (str(deep.parent.parent), "file") == (problem.file, problem.code)
    assert "name them" in problem.message
    assert [] == told(deep)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_file_that_says_it_is_empty() -> None:
    """Files of the kernel say a size of 0; they are not read as if they were documents."""
    with pytest.raises(SyntaxFault, match="says a size that it has not"):
        read_text("/proc/self/status")


def test_a_device() -> None:
    """A device is not read, however much it has to say."""
    with pytest.raises(SyntaxFault, match="is no ordinary file"):
        read_text("/dev/zero")


@pytest.mark.parametrize("change", [b"{}\n", b""], ids=["grows", "is touched"])
def test_lines_that_change(tmp_path: Path, change: bytes) -> None:
    """A file that changes while it is read is refused, though every line of it was sound."""
    path = Path(write(tmp_path, f"{SOUND_JSON}}}\n" * 9, "x.jsonl"))
    lines = read_lines(str(path))
    next(lines)
    with path.open("ab") as file:
        file.write(change)
    os.utime(path, ns=(0, 0))
    with pytest.raises(SyntaxFault, match="changed while it was read"):
        list(lines)


def test_a_text_that_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one that is another once its size is known."""
    path = write(tmp_path, SOUND)
    fstat = os.fstat

    def fstat_then_change(descriptor: int) -> os.stat_result:
        known = fstat(descriptor)
        write(tmp_path, f"{SOUND}note: n\n")
        return known

    monkeypatch.setattr(os, "fstat", fstat_then_change)
    assert ["file"] == [code for code, _ in told(path)]


def test_a_line_too_long_does_not_end_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What follows a line that is too long is read."""
    monkeypatch.setattr(content, "LARGEST_DOCUMENT", len(SOUND_JSON) + 2)
    text = f"{SOUND_JSON}}}\n{' ' * 300}{SOUND_JSON}}}\n{SOUND_JSON}}}\n"
    reading = read_paths([write(tmp_path, text, "x.jsonl")], "c")
    assert (2, [(2, "size")]) == (len(reading.drafts), [(p.line, p.code) for p in reading.problems])


def test_a_line_of_bytes_does_not_end_the_file(tmp_path: Path) -> None:
    """Nor does a line that is no UTF-8."""
    sound = f"{SOUND_JSON}}}\n".encode()
    reading = read_paths([write(tmp_path, sound + b'{"a":"\xff"}\n' + sound, "x.jsonl")], "c")
    assert (2, [(2, 7, "encoding")]) == (
        len(reading.drafts),
        [(p.line, p.column, p.code) for p in reading.problems],
    )


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\nb.yaml", "a\\nb.yaml"),
        (b"a\x1b[31m.yaml", "a\\x1b[31m.yaml"),
        (b"a\xff.yaml", "a\\udcff.yaml"),
        ("a\u202eb.yaml".encode(), "a\\u202eb.yaml"),
        ("b\u0259ba.yaml".encode(), "b\u0259ba.yaml"),
    ],
)
def test_names_cannot_pass_for_something_else(tmp_path: Path, name: bytes, shown: str) -> None:
    """A file is called by one line that can be printed and encoded, whatever its name."""
    (tmp_path / os.fsdecode(name)).write_bytes(b"id: [\n")
    (problem,) = read_paths([str(tmp_path)], "c").problems
    assert Problem(f"{tmp_path}/{shown}", 2, 1, "syntax", problem.message) == problem
    assert problem.file.encode()

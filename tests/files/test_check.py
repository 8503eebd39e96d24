"""Every problem of every file."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle.files.check import check
from tests.files.reading import CURATED, SOUND, SOUND_JSON, write

GROUND = """\
- {kind: source, id: s, title: T, published: 2020}
- {kind: entity, id: azerbaijan, label: Azerbaijan}
- {kind: attribute, id: partner, cardinality: many}
"""
FACT = "facts: [{subject: azerbaijan, attribute: partner, value: x}]\n"

Told = list[tuple[str, int, int, str, str]]


def found(base: Path, *names: str) -> Told:
    """The problems of some paths in a folder, but for what is declared and not used: place, code and severity."""
    problems = [one for one in check([str(base / name) for name in names]) if one.code != "unused"]
    return [(str(Path(p.file).relative_to(base)), p.line, p.column, p.code, p.severity) for p in problems]


def test_curated() -> None:
    """The curated chronicle has no problem at all, not even a warning."""
    assert () == check([str(CURATED)])


@pytest.mark.parametrize("path", sorted(CURATED.iterdir()), ids=lambda path: path.stem)
def test_each_curated_file(path: Path) -> None:
    """Each file of it is sound on its own, for it is read with its folder."""
    assert () == check([str(path)])


def test_sound(tmp_path: Path) -> None:
    """References to what is declared in the folder are sound."""
    write(tmp_path, GROUND, "c/ground.yaml")
    write(tmp_path, SOUND + FACT, "c/x.yaml")
    assert [] == found(tmp_path, "c")


def test_single_file(tmp_path: Path) -> None:
    """A single file may refer to its folder, whose own problems are not told."""
    write(tmp_path, GROUND, "c/ground.yaml")
    write(tmp_path, "colour: red\n", "c/bad.yaml")
    write(tmp_path, SOUND + FACT, "c/x.yaml")
    assert [] == found(tmp_path, "c/x.yaml")


def test_folders_below_do_not_matter(tmp_path: Path) -> None:
    """A single file does not refer to folders below its own."""
    write(tmp_path, GROUND.replace("}", ", chronicle: c}"), "c/below/ground.yaml")
    path = write(tmp_path, SOUND, "c/x.yaml")
    assert ["undeclared"] == [problem.code for problem in check([path])]


def test_bare_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare file name is read with the folder one is in."""
    write(tmp_path, GROUND, "c/ground.yaml")
    write(tmp_path, SOUND + FACT, "c/x.yaml")
    monkeypatch.chdir(tmp_path / "c")
    assert () == check(["x.yaml"])


def test_several_files(tmp_path: Path) -> None:
    """Files of several folders each refer to their own chronicle."""
    write(tmp_path, GROUND, "c/ground.yaml")
    write(tmp_path, SOUND, "c/x.yaml")
    write(tmp_path, SOUND, "d/x.yaml")
    assert [("d/x.yaml", 5, 12, "undeclared", "error")] == found(tmp_path, "c/x.yaml", "d/x.yaml")


def test_sorted(tmp_path: Path) -> None:
    """Problems of all files and documents come by file, line and column, whatever found them."""
    write(tmp_path, GROUND, "c/ground.yaml")
    write(tmp_path, f"{SOUND}tags: [' ', ok, ' ']\nnotes: x\n", "c/z.yaml")
    write(tmp_path, f"{SOUND}stated_by: none\n---\n{SOUND.replace('2020', 'x')}", "c/a.yaml")
    write(tmp_path, f'{SOUND_JSON},"note":""}}\n{{\n', "c/m.jsonl")
    assert [
        ("c/a.yaml", 6, 1, "undeclared", "error"),
        ("c/a.yaml", 10, 1, "date", "error"),
        ("c/m.jsonl", 1, len(SOUND_JSON) + 9, "blank", "error"),
        ("c/m.jsonl", 2, 2, "syntax", "error"),
        ("c/z.yaml", 6, 8, "blank", "error"),
        ("c/z.yaml", 6, 17, "blank", "error"),
        ("c/z.yaml", 7, 1, "unknown-field", "error"),
    ] == found(tmp_path, "c")


def test_warnings(tmp_path: Path) -> None:
    """Warnings are told as warnings, which are no errors."""
    write(tmp_path, GROUND, "c/ground.yaml")
    path = write(tmp_path, f"{SOUND}{FACT.replace('partner', 'other')}", "c/x.yaml")
    (problem,) = check([path])
    assert ("undeclared-attribute", "warning", False) == (problem.code, problem.severity, problem.is_error)


@pytest.mark.parametrize("second", ["c/y.yaml", "c/x.yaml"])
def test_duplicates(tmp_path: Path, second: str) -> None:
    """In YAML an id stands once, in one file or several; the second is told where the first stands."""
    write(tmp_path, GROUND, "c/ground.yaml")
    if second == "c/x.yaml":
        write(tmp_path, f"{SOUND}---\n{SOUND}", second)
    else:
        write(tmp_path, SOUND, "c/x.yaml")
        write(tmp_path, SOUND, second)
    (problem,) = (one for one in check([str(tmp_path / "c")]) if one.code != "unused")
    told = (problem.file, problem.code, problem.message.endswith(f"after {tmp_path}/c/x.yaml:1"))
    assert (str(tmp_path / second), "duplicate-id", True) == told


def test_versions(tmp_path: Path) -> None:
    """In JSON Lines an id may stand in several versions, as in an export."""
    write(tmp_path, GROUND, "c/ground.yaml")
    write(tmp_path, f'{SOUND_JSON}}}\n{SOUND_JSON},"note":"n"}}\n', "c/x.jsonl")
    assert [] == found(tmp_path, "c")


def test_same_id_elsewhere(tmp_path: Path) -> None:
    """An id is its own in each kind and chronicle."""
    write(tmp_path, GROUND, "c/ground.yaml")
    write(tmp_path, f"{SOUND}---\nkind: entity\nid: e\nlabel: L\n", "c/x.yaml")
    write(tmp_path, GROUND, "d/ground.yaml")
    write(tmp_path, SOUND, "d/x.yaml")
    assert [] == found(tmp_path, "c", "d")


def test_retracted(tmp_path: Path) -> None:
    """A retracted declaration declares nothing."""
    write(tmp_path, SOUND, "c/x.yaml")
    write(tmp_path, "kind: source\nid: s\nretracted: true\n", "c/y.yaml")
    assert [("c/x.yaml", 5, 12, "undeclared", "error")] == found(tmp_path, "c")


@pytest.mark.parametrize(("last", "codes"), [("", ["undeclared"]), ('{"kind":"source","id":"s","title":"T"}\n', [])])
def test_last_version_counts(tmp_path: Path, last: str, codes: list[str]) -> None:
    """Of several versions the last says whether an id is declared."""
    lines = '{"kind":"source","id":"s","title":"T"}\n{"kind":"source","id":"s","retracted":true}\n'
    write(tmp_path, SOUND, "c/x.yaml")
    write(tmp_path, lines + last, "c/y.jsonl")
    errors = [problem.code for problem in check([str(tmp_path / "c")]) if problem.is_error]
    assert codes == errors


def test_faulty_declarations(tmp_path: Path) -> None:
    """Who cites a faulty document is not blamed for it."""
    write(tmp_path, "kind: source\nid: s\n", "c/ground.yaml")
    write(tmp_path, SOUND, "c/x.yaml")
    assert [("c/ground.yaml", 1, 1, "missing", "error")] == [
        told for told in found(tmp_path, "c") if told[-1] == "error"
    ]  # fmt: skip


def test_missing_path(tmp_path: Path) -> None:
    """What is not there is a problem and no more than that."""
    assert [("none/x.yaml", 0, 0, "file", "error"), ("none/y", 0, 0, "suffix", "error")] == found(
        tmp_path, "none/y", "none/x.yaml"
    )


def test_chronicle_argument(tmp_path: Path) -> None:
    """The argument names the chronicle of the folder around a file too."""
    write(tmp_path, GROUND, "my events/ground.yaml")
    path = write(tmp_path, SOUND + FACT, "my events/x.yaml")
    assert () == check([path], "c")


def test_a_chronicle_in_a_folder_of_another_name(tmp_path: Path) -> None:
    """The documents beside it would belong to the folder's name: that is told, unless a name was given."""
    path = write(tmp_path, "{kind: chronicle, id: other, title: T}\n", "c/chronicle.yaml")

    assert [("c/chronicle.yaml", 1, 19, "folder", "warning")] == found(tmp_path, "c")
    assert () == check([path], "c")


def test_figures_are_compared_across_files(tmp_path: Path) -> None:
    """A share in one file is tried against its part and whole in others; any file of theirs that is named tells."""
    write(tmp_path, GROUND, "c/ground.yaml")
    event = "id: {}\ntype: any.thing\noccurred: 2020\ntitle: T\nsources: [{{source: s}}]\nfacts:\n- {}\n"
    figure = "{{subject: azerbaijan, attribute: {}, value: {{amount: '{}', unit: '{}'}}, period: 2020}}"
    write(tmp_path, "{kind: attribute, id: share, share_of: {part: part, whole: whole}}\n", "c/share.yaml")
    write(tmp_path, "- {kind: attribute, id: part}\n- {kind: attribute, id: whole}\n", "c/attributes.yaml")
    for name, amount, unit in (("part", "1", "USD"), ("whole", "10", "USD"), ("share", "20", "%")):
        write(tmp_path, event.format(f"e-{name}", figure.format(name, amount, unit)), f"c/e-{name}.yaml")

    assert [("c/e-share.yaml", 7, 43, "share", "error")] == found(tmp_path, "c")
    assert [("c/e-share.yaml", 7, 43, "share", "error")] == found(tmp_path, "c/e-share.yaml")
    assert [("c/e-part.yaml", 7, 42, "share", "error")] == found(tmp_path, "c/e-part.yaml")

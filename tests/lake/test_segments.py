"""Sealed segments: what is in the files, which of them change, and what is never left in one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock
from unittest.mock import Mock

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from chronicle import sealing
from chronicle.errors import ConflictError, InputError, QuestionError, StoreError
from chronicle.event.tree import root
from chronicle.lake import manifest as manifests
from chronicle.lake.manifest import SMALL, SPAN, ranges, read_manifest
from chronicle.projection.counts import EventCounts
from chronicle.service import Archive
from chronicle.store import sealed, tree
from tests.builders import CHRONICLE, a_fact, a_retraction, a_source, an_archive, an_event, instant, url_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where to seal."""
    return tmp_path / "sealed"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of four positions."""
    monkeypatch.setattr(manifests, "SPAN", 4)


DOCUMENTS = (a_source(), an_event("e1", a_fact(1)), an_event("e2", sources=["s"]))


@pytest.fixture
def archive() -> Iterator[Archive]:
    """A source and two events."""
    with an_archive(*DOCUMENTS) as opened:
        yield opened


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    """All rows of a table, as the manifest names its files."""
    segments = json.loads((folder / "manifest.json").read_bytes())["segments"]
    return [row for one in segments for row in parquet.read_table(folder / one[table]["file"]).to_pylist()]


def files(folder: Path) -> dict[str, str]:
    """Every file that is there but for the lock, with the digest of its content."""
    there = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in there}


def add(archive: Archive, *documents: dict[str, Any]) -> None:
    """Append to the one chronicle."""
    archive.append(documents, chronicle=CHRONICLE)


def test_a_fact_has_its_place_its_value_and_its_event(archive: Archive, folder: Path) -> None:
    """One table answers most questions."""
    amount = {"amount": "1.55e9", "unit": "USD"}
    fact = a_fact(amount, dimensions={"b": "2", "a": "1"}, period="2025", sources=[{"source": "s", "locator": "p. 5"}])
    add(archive, an_event("e3", a_fact(16), fact, sources=["s"], occurred="2025-03", type="statistic.reported"))
    archive.seal(folder)
    row = rows(folder, "facts")[-1]

    assert (4, 4, 1, CHRONICLE, "e3", 1) == tuple(
        row[name] for name in ("position", "first", "version", "chronicle", "event", "ordinal")
    )
    assert ("statistic.reported", "2025", "2025") == (row["type"], row["earliest_year"], row["latest_year"])
    assert (1740787200, 1743465599) == (row["earliest"], row["latest"])
    assert (1748822399, 1748822399) == (row["reported"], row["visible"])
    assert instant("2026-03-01") <= row["recorded"].timestamp() * 1_000_000 < instant("2026-03-02")
    assert [("a", "1"), ("b", "2")] == row["dimensions"]
    assert (amount, Decimal("1.55e9"), "USD") == (json.loads(row["value"]), row["amount"], row["unit"])
    assert ("2025", 1767225599, 1767225600, None) == tuple(row[n] for n in ("period", "from_lo", "from_hi", "until_hi"))
    assert [{"source": "s", "locator": "p. 5", "quote": None}] == row["sources"]


def test_every_version_is_there_and_a_retraction_too(archive: Archive, folder: Path) -> None:
    """The last one of those with the same `first` stands."""
    add(archive, an_event("e1", a_fact(2), title="Mended"))
    add(archive, a_retraction("e1"))
    archive.seal(folder)

    found = [
        (row["position"], row["first"], row["version"], row["retracted"], row["title"])
        for row in rows(folder, "events")
    ]
    assert [
        (2, 2, 1, False, "Event e1"),
        (3, 3, 1, False, "Event e2"),
        (4, 2, 2, False, "Mended"),
        (5, 2, 3, True, None),
    ] == found
    assert ["1", "2"] == [row["value"] for row in rows(folder, "facts")]


def test_a_new_date_of_a_source_is_a_row_and_changes_no_file(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the position of the source on, the event counts as reported otherwise."""
    monkeypatch.setattr(manifests, "SPAN", 100)
    archive.seal(folder)
    before = files(folder)
    add(archive, a_source(published="2024-12-31"))
    archive.seal(folder)

    second = 1735689599
    assert [{"position": 3, "since": 4, "reported": second, "visible": second}] == rows(folder, "revisions")
    assert before.items() - {("manifest.json", before["manifest.json"])} <= files(folder).items()


def test_a_full_segment_stays_and_the_tail_grows(archive: Archive, folder: Path) -> None:
    """What is sealed again and again is read once, and is one file in the end."""
    made = []
    for number in range(3, 10):
        archive.seal(folder)
        segments = read_manifest((folder / "manifest.json").read_bytes()).segments
        made.append([one.range for one in segments])
        add(archive, an_event(f"e{number}"))

    assert [[(1, 3)], [(1, 4)], [(1, 4), (5, 5)], [(1, 4), (5, 5), (6, 6)]] == made[:4]
    assert [(1, 4), (5, 8)] == made[5]
    assert [f"e{number}" for number in range(1, 9)] == [row["event"] for row in rows(folder, "events")]
    assert {file for file in files(folder) if file.startswith("events")} == {one.events.file for one in segments}


def test_sealing_again_changes_nothing(archive: Archive, folder: Path) -> None:
    """The same log gives the same bytes, here and in another folder."""
    archive.seal(folder)
    before = files(folder)
    assert 0 == archive.seal(folder).written
    archive.seal(folder.with_name("other"))
    assert before == files(folder) == files(folder.with_name("other"))


def test_every_backend_gives_the_same_files(archive: Archive, url: str, folder: Path) -> None:
    """What is sealed is the log, wherever it lies; the manifest alone says which archive it is of."""
    with an_archive(*DOCUMENTS, url=url) as other:
        for one, where in ((archive, folder), (other, folder.with_name("other"))):
            add(one, an_event("e1", a_fact(2)), a_source(published="2024"), a_retraction("e2"))
            one.redact("e1", reason="a person asked")
            add(one, a_source(published="2023"))
            one.seal(where)
    named = [{file: digest for file, digest in files(one).items() if "/" in file} for one in (folder, where)]
    assert 6 == len(named[0])
    assert named[0] == named[1]


def test_the_manifest_says_of_which_log_the_files_are(archive: Archive, folder: Path) -> None:
    """By the root of its tree at the last position; each file by its digest, which is in its name."""
    archive.seal(folder)
    manifest = read_manifest((folder / "manifest.json").read_bytes())
    with archive._store.reading() as connection:  # noqa: SLF001 - the tree is no question
        assert root(3, partial(tree.tile, connection)).hex() == manifest.root
    for one in manifest.segments:
        for table in one.tables:
            assert table.sha256 == files(folder)[table.file]
            assert table.sha256[:16] in table.file


def test_what_is_redacted_is_in_no_file_any_more(archive: Archive, folder: Path) -> None:
    """Not the version, its facts, nor that it was reported anew; other segments are not touched."""
    add(archive, a_source(published="2024"), *(an_event(f"e{n}", title="Others") for n in range(5, 8)))
    add(archive, an_event("e2", a_fact("secret"), title="A secret", sources=["s"]))
    archive.seal(folder)
    before = files(folder)
    assert archive.redact("e2", reason="a person asked").remark is None

    assert "e2" not in {row["event"] for table in ("events", "facts") for row in rows(folder, table)}
    assert [] == rows(folder, "revisions")
    left = {file for file in before.keys() & files(folder).keys() if "000000000001" in file or "000000000005" in file}
    assert {"facts", "revisions"} >= {file.split("/")[0] for file in left}
    assert b"A secret" not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_copy_that_may_hold_what_was_redacted_is_not_asked(archive: Archive, folder: Path) -> None:
    """The folder itself answers without it at once; the copy has to be sealed again first."""
    archive.seal(folder)
    shutil.copytree(folder, copy := folder.with_name("copy"))
    archive.redact("e1", reason="a person asked")
    states = archive.project(EventCounts, sealed=folder).states
    assert {CHRONICLE: {"any.thing": {"2025": 1}}} == states
    with pytest.raises(QuestionError, match="may hold what was redacted since: seal again"):
        archive.project(EventCounts, sealed=copy, position=3)
    archive.seal(copy)
    assert states == archive.project(EventCounts, sealed=copy).states


def test_files_that_cannot_be_written_anew_are_removed(archive: Archive, folder: Path) -> None:
    """What was redacted is gone even so; the others stay, and the next seal makes the folder whole."""
    add(archive, *(an_event(f"e{n}") for n in range(3, 9)))
    archive.seal(folder)
    before = files(folder)
    with FileLock(folder / ".lock"):
        remark = archive.redact("e1", reason="a person asked").remark
    assert remark is not None
    assert f"the files that held the content are removed: run chronicle seal {folder}" in remark
    assert {"events", "facts", "revisions"} == {file.split("/")[0] for file in before.keys() - files(folder).keys()}
    assert [5, 9] == sorted(int(path.name.split("-")[0]) for path in (folder / "events").iterdir())
    with pytest.raises(QuestionError, match="seal again"):
        archive.project(EventCounts, sealed=folder, position=3)
    archive.seal(folder)
    assert {CHRONICLE: {"any.thing": {"2025": 7}}} == archive.project(EventCounts, sealed=folder, check=True).states


def test_what_was_said_of_the_redacted_elsewhere_is_removed_too(archive: Archive, folder: Path) -> None:
    """A later segment that tells when it came to be reported."""
    add(archive, an_event("e3"), a_source(published="2024"))
    archive.seal(folder)
    assert [3] == [row["position"] for row in rows(folder, "revisions")]
    with FileLock(folder / ".lock"):
        archive.redact("e2", reason="a person asked")
    assert [] == list((folder / "revisions").iterdir())


@pytest.mark.parametrize("is_there", [False, True])
def test_a_redaction_while_it_is_sealed_is_in_no_file_at_the_end(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    """Whoever redacts finds the folder locked, or empty at the first time; whoever seals looks again."""
    if is_there:
        archive.seal(folder)
    add(archive, an_event("e3", title="A secret"), an_event("e4"))
    sealed_one = sealing._segment  # noqa: SLF001 - between two segments
    gone: list[Any] = []

    def segment(*given: Any) -> Any:
        made = sealed_one(*given)
        if not gone:
            gone.append(archive.redact("e3", reason="a person asked"))
        return made

    monkeypatch.setattr(sealing, "_segment", segment)
    archive.seal(folder)
    assert is_there == ("another process is sealing into it" in str(gone[0].remark))
    assert ["e1", "e2", "e4"] == [row["event"] for row in rows(folder, "events")]
    assert b"A secret" not in b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_folder_that_is_gone_is_forgotten(archive: Archive, folder: Path) -> None:
    """Or one that holds another log now; one on another machine, or that cannot be read, is named."""
    archive.seal(folder)
    archive.seal(other := folder.with_name("other"))
    shutil.rmtree(folder)
    shutil.rmtree(other)
    with an_archive(an_event("e")) as another:
        another.seal(other)
    before = files(other)
    with archive._store.writing() as engine, engine.begin() as connection:  # noqa: SLF001 - another machine's
        sealed.note_folder(connection, "elsewhere", "/srv/sealed")
    said = "/srv/sealed on elsewhere may hold what was sealed: run chronicle seal there"
    assert said == archive.redact("e1", reason="a person asked").remark
    assert before == files(other)
    assert not folder.exists()
    with archive._store.reading() as connection:  # noqa: SLF001 - what is remembered
        assert [("elsewhere", "/srv/sealed")] == sealed.folders(connection)


def test_an_archive_that_cannot_be_written_is_sealed_all_the_same(tmp_path: Path, folder: Path) -> None:
    """And it is said that redactions do not reach the folder. A writer that holds the file is as good as no right."""
    url = url_of(tmp_path / "chronicle.db")
    an_archive(*DOCUMENTS, url=url).close()
    with (
        mock.patch("chronicle.store.dialect.LOCK_MILLISECONDS", 10),
        Archive.open(url, create=False) as archive,
        Archive.open(url, create=False) as other,
        other._store.writer.begin(),  # noqa: SLF001 - as said
    ):
        remark = archive.seal(folder).remark
    assert remark is not None
    assert "so that redactions do not reach it: seal again after each" in remark
    assert ["e1", "e2"] == [row["event"] for row in rows(folder, "events")]


def test_a_damaged_file_is_written_anew(archive: Archive, folder: Path) -> None:
    """One that is shorter at once, one with another bit when all are read."""
    archive.seal(folder)
    before = files(folder)
    [facts] = (folder / "facts").iterdir()
    facts.write_bytes(facts.read_bytes()[:-1])
    assert 1 == archive.seal(folder).written
    content = bytearray(facts.read_bytes())
    content[100] ^= 1
    facts.write_bytes(content)
    assert 0 == archive.seal(folder).written
    assert 1 == archive.seal(folder, check=True).written
    assert before == files(folder)


def test_what_fails_leaves_the_folder_as_it_was(
    archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers see the segments of before, and the next seal takes away what was begun."""
    archive.seal(folder)
    before = files(folder)
    add(archive, *(an_event(f"e{number}") for number in range(3, 9)))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", Mock(side_effect=[None, None, None, OSError(28, "No space left on device")]))
        with pytest.raises(StoreError, match="No space left on device"):
            archive.seal(folder)
    (folder / "events" / ".9-9.unfinished").write_bytes(b"PAR1")
    assert before.items() <= files(folder).items()
    assert ["e1", "e2"] == [row["event"] for row in rows(folder, "events")]
    archive.seal(folder)
    archive.seal(folder.with_name("other"))
    assert files(folder.with_name("other")).keys() == files(folder).keys()


def test_a_folder_of_something_else_is_not_touched(archive: Archive, folder: Path) -> None:
    """Neither one with files of others, nor the segments of another log, nor a manifest that names other files."""
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(QuestionError, match=r"has other files, and no manifest\.json: name a new folder"):
        archive.seal(folder)
    (folder / "thesis.txt").unlink()
    archive.seal(folder)
    with (
        an_archive(an_event("other")) as other,
        pytest.raises(ConflictError, match="holds the segments of another log"),
    ):
        other.seal(folder)
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    (folder / "manifest.json").write_text(text.replace("facts/", "../../"), encoding="utf-8")
    with pytest.raises(InputError, match="is not one that this program has written"):
        archive.seal(folder)


def test_two_do_not_seal_into_a_folder_at_once(archive: Archive, folder: Path) -> None:
    """The second is told so."""
    archive.seal(folder)
    with FileLock(folder / ".lock"), pytest.raises(StoreError, match="another process is sealing into it"):
        archive.seal(folder)


def test_an_empty_log_is_not_sealed(folder: Path) -> None:
    """There is nothing to say."""
    with an_archive() as archive, pytest.raises(QuestionError, match="there is nothing to seal"):
        archive.seal(folder)
    assert not folder.exists()


@given(st.lists(st.integers(1, 3 * SPAN), min_size=1, max_size=30).map(sorted))
def test_segments_follow_each_other_and_full_ones_stay(positions: list[int]) -> None:
    """However a log grows, they cover it once, none crosses a border, and the tail is never in many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifests, "SPAN", SPAN)
        there: list[tuple[int, int]] = []
        for position in positions:
            grown = ranges(there, position)
            assert [one for one in there if one[1] % SPAN == 0 and one[0] % SPAN == 1] == [
                one for one in grown if one in there and one[1] % SPAN == 0 and one[0] % SPAN == 1
            ]
            there = grown
            assert list(range(1)) == [one[0] - 1 for one in there][:1]
            assert [one[1] + 1 for one in there[:-1]] == [one[0] for one in there[1:]]
            assert position == there[-1][1]
            assert all((one[0] - 1) // SPAN == (one[1] - 1) // SPAN for one in there)
            assert len(there) <= position // SPAN + SMALL

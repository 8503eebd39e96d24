"""A copy that begins with a snapshot and goes on with the log is what a copy of the whole log is."""

from __future__ import annotations

import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_fact, a_retraction, a_source, an_event, url_of
from tests.web.conftest import Client, client_of

LAST = "2100"
"""A date by which everything of these histories has happened."""

Key = tuple[str, str]


class Copy:
    """What a program keeps that follows the log: the events as they stand, and the state of each key.

    It takes events from the records themselves. Of the state it asks again what a record may have changed, as of the
    position of that record: for a new event the keys of its facts, for anything else all of them.
    """

    def __init__(self, client: Client, position: int | None = None) -> None:
        self._client = client
        bound = {} if position is None else {"position": position}
        told = client.get("/api/state", params={"as_of": LAST, **bound}).json()
        self.position: int = told["basis"]["position"]
        self.rows = self._by_key(told["facts"])
        standing = client.get("/api/events", params={"as_of": LAST, "position": self.position}).json()
        self.events: dict[str, int] = {one["id"]: one["version"] for one in standing["events"]}

    def catch_up(self, limit: int) -> None:
        """Take everything after the position of the snapshot, or of the last record, page by page."""
        place: str | int = self.position
        while True:
            page = self._client.get("/api/log", params={"after": place, "limit": limit}).json()
            for record in page["records"]:
                assert record["position"] == self.position + 1
                self.position += 1
                self._take(record)
            place = page["cursor"]
            if page["up_to_date"]:
                return

    def _take(self, record: dict[str, Any]) -> None:
        document = record["document"]
        if record["kind"] == "event":
            if document.get("retracted"):
                self.events.pop(record["id"], None)
            else:
                self.events[record["id"]] = record["version"]
        if record["kind"] == "event" and record["version"] == 1 and not document.get("retracted"):
            for key in {(fact["subject"], fact["attribute"]) for fact in document.get("facts", [])}:
                self._ask(key)
        else:
            self._ask(None)

    def _ask(self, key: Key | None) -> None:
        narrow = {} if key is None else {"subject": key[0], "attribute": key[1]}
        told = self._client.get("/api/state", params={"as_of": LAST, "position": self.position, **narrow}).json()
        found = self._by_key(told["facts"])
        if key is None:
            self.rows = found
        else:
            self.rows.pop(key, None)
            self.rows.update(found)

    @staticmethod
    def _by_key(facts: list[Any]) -> dict[Key, list[Any]]:
        rows: dict[Key, list[Any]] = {}
        for fact in facts:
            rows.setdefault((fact["subject"], fact["attribute"]), []).append(fact)
        return rows


def an_append(step: tuple[str, str, int, int]) -> dict[str, Any]:
    """A document: an event with a fact, its correction, its retraction, or a source that is dated anew."""
    what, id_, year, value = step
    if what == "source":
        return a_source("s", published=f"20{value + 10}-01-01")
    if what == "retraction":
        return a_retraction(id_, note="wrong")
    subject = f"subject-{value % 2}"
    return an_event(id_, {**a_fact(value), "subject": subject}, occurred=f"20{year:02}", sources=["s"])


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["event", "event", "event", "retraction", "source"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 9),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=10,
)


@given(STEPS, st.data())
@settings(max_examples=25)
def test_a_snapshot_and_what_came_after_it(steps: list[tuple[str, str, int, int]], data: st.DataObject) -> None:
    """Whatever the history and the position of the snapshot, the copy is that of the whole log, and the archive's."""
    with TemporaryDirectory() as folder:
        url, clock = url_of(Path(folder) / "chronicle.db"), Clock()
        with Archive.open(url, now=clock) as archive:
            archive.append([a_source("s")], chronicle=CHRONICLE)
            there: set[str] = set()
            for step in steps:
                document = an_append(step)
                if step[0] == "retraction":
                    if step[1] not in there:
                        continue
                    there.discard(step[1])
                elif step[0] == "event":
                    there.add(step[1])
                clock.now += 1_000_000
                archive.append([document], chronicle=CHRONICLE)
            head = archive.position()
        position = data.draw(st.integers(0, head))
        with client_of(url, clock=clock) as client:
            snapshot, replay, now = Copy(client, position), Copy(client, 0), Copy(client)
            for copy in (snapshot, replay):
                copy.catch_up(limit=data.draw(st.integers(1, 4)))

    assert (replay.rows, replay.events) == (snapshot.rows, snapshot.events)
    assert (now.rows, now.events, head) == (snapshot.rows, snapshot.events, snapshot.position)


def test_a_snapshot_while_others_append(tmp_path: Path) -> None:
    """The position of a snapshot is that of what it says: nothing is missed or taken twice after it."""
    url = url_of(tmp_path / "chronicle.db")
    Archive.open(url).close()
    half, copied = threading.Event(), threading.Event()

    def write() -> None:
        with Archive.open(url) as archive:
            for number in range(60):
                subject = f"subject-{number % 3}"
                archive.append([an_event(f"e{number}", {**a_fact(number), "subject": subject})], chronicle=CHRONICLE)
                if number == 20:
                    half.set()
                    copied.wait(60)

    writer = threading.Thread(target=write)
    with client_of(url) as client:
        writer.start()
        assert half.wait(60)
        copied.set()  # it goes on while the snapshots are made
        copies = [Copy(client) for _ in range(5)]
        writer.join()
        now = Copy(client)
        for copy in copies:
            copy.catch_up(limit=7)

    assert [(now.rows, now.events, 60)] * 5 == [(one.rows, one.events, one.position) for one in copies]

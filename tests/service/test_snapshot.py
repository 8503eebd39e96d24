"""A snapshot and what comes after it are the whole log, whatever is written meanwhile."""

from __future__ import annotations

import random
import threading
from typing import Any

from chronicle.service import Archive
from tests.builders import CHRONICLE, a_fact, a_retraction, an_attribute, an_event


def facts_of(archive: Archive, position: int | None = None) -> Any:
    """The state at a position, without its basis."""
    return archive.state(as_of="2030", position=position).as_json()["facts"]


def test_snapshot_then_stream(url_on_disk: str) -> None:
    """The state at a position, taken while others write, is the same ever after, and so is what `follow` adds to it."""
    with Archive.open(url_on_disk) as archive:
        archive.append([an_attribute()], chronicle=CHRONICLE)

        def write(writer: int) -> None:
            random_ = random.Random(writer)  # noqa: S311 - not for secrets
            with Archive.open(url_on_disk) as own:
                for number in range(12):
                    name = f"{writer}-{random_.randint(0, 3)}"
                    if random_.random() < 0.2 and number:
                        own.append([an_event(name, a_fact(number)), a_retraction(name)], chronicle=CHRONICLE)
                    own.append(
                        [an_event(name, a_fact(number, subject=f"s{random_.randint(0, 5)}"))], chronicle=CHRONICLE
                    )

        writers = [threading.Thread(target=write, args=[writer]) for writer in range(4)]
        for writer in writers:
            writer.start()
        taken: dict[int, Any] = {}
        while any(writer.is_alive() for writer in writers):
            state = archive.state(as_of="2030")
            taken[state.basis.position] = state.as_json()["facts"]
        for writer in writers:
            writer.join()
        whole = [(one.position, one.header.leaf()) for one in archive.follow(wait=False)]
        assert len(taken) > 5
        for position, facts in taken.items():
            assert facts == facts_of(archive, position)
            after = [(one.position, one.header.leaf()) for one in archive.follow(after=position, wait=False)]
            assert whole == [*whole[:position], *after]

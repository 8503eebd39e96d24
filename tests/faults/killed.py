"""Processes that are killed at every point of an append, and what the log is afterwards.

`python -m tests.faults.killed URL ROUNDS SEED`: in each round a process appends, under idempotency keys, until it kills
itself (SIGKILL) at a point drawn from the seed. A model that knows only what was acknowledged is then compared with the
log, and whoever comes next sends what was not acknowledged once more.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, func, select

from chronicle.service import Archive
from chronicle.store import dialect, prepared, schema
from chronicle.store.archive import Store
from tests.builders import CHRONICLE, an_entity, an_event

MOST_STATEMENTS = 250
"""About as many as the appends of a round make, checkpoint and all: a process that gets that far ends by itself."""


@dataclass
class Model:
    """What has been acknowledged: the receipts of each key."""

    acknowledged: dict[str, list[list[Any]]] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    killed: int = 0


def documents_of(key: str) -> list[dict[str, Any]]:
    """What is appended under a key: one to twelve documents, some of them corrections of what others wrote."""
    random_ = random.Random(key)  # noqa: S311 - not for secrets
    made = [an_entity(f"{key}-{number}") for number in range(random_.randint(0, 9))]
    corrected = [an_event(f"shared-{number}", title=key) for number in random_.sample(range(5), random_.randint(1, 3))]
    return [*made, *corrected]


def append_until_killed(url: str, keys: list[str], point: int, out: int) -> None:
    """Append under each key and write each answer down; die at the point, counted in statements and commits."""
    archive = Archive.open(url, recorded_by="tester")
    left = [point]

    def step(*_: object, **__: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    engine = archive._store.writer  # noqa: SLF001 - the points are its statements
    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "after_cursor_execute", step)
    for owner, name in ((prepared.Prepared, "_run"), (dialect, "insert_together"), (dialect, "commit")):
        _around(owner, name, step)
    event.listen(engine, "commit", step)
    commit = engine.dialect.do_commit

    def after_commit(connection: Any) -> None:
        commit(connection)
        step()

    engine.dialect.do_commit = after_commit  # type: ignore[method-assign, assignment]
    _around(archive._prover, "appended", step)  # noqa: SLF001 - committed, and not yet told
    _around(archive._prover, "checkpoint", step)  # noqa: SLF001 - as above
    for key in keys:
        appended = archive.append(documents_of(key), chronicle=CHRONICLE, key=key)
        receipts = [[one.id, one.version, one.position, one.outcome] for one in appended.receipts]
        os.write(out, json.dumps([key, receipts]).encode() + b"\n")
    archive.close()


def _around(owner: Any, name: str, step: Callable[[], None]) -> None:
    """Let a step be taken before and after what a function does."""
    wrapped = getattr(owner, name)

    def around(*given: Any, **named: Any) -> Any:
        step()
        done = wrapped(*given, **named)
        step()
        return done

    setattr(owner, name, around)


def play(url: str, rounds: int, seed: int) -> tuple[Model, str]:
    """The model after all rounds, each of which was compared with the log; and a digest of the log."""
    random_, model = random.Random(seed), Model()  # noqa: S311 - not for secrets
    for number in range(rounds):
        keys = [*model.unanswered, *(f"k{seed}-{number}-{one}" for one in range(random_.randint(1, 3)))]
        _round(url, keys, random_.randint(1, MOST_STATEMENTS), model)
        digest = compare(url, model)
    _round(url, model.unanswered, 10**9, model)
    assert [] == model.unanswered
    digest = compare(url, model)
    with Archive.open(url, create=False) as archive:
        assert () == archive.verify().findings
    return model, digest


def _round(url: str, keys: list[str], point: int, model: Model) -> None:
    there, out = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(there)
            append_until_killed(url, keys, point, out)
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(out)
    with os.fdopen(there, "rb") as answers:
        told = [json.loads(line) for line in answers.read().splitlines()]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the process failed by itself"
    model.killed += os.WIFSIGNALED(status)
    for key, receipts in told:
        assert model.acknowledged.setdefault(key, receipts) == receipts, f"{key} was answered otherwise before"
    model.unanswered = [key for key in keys if key not in model.acknowledged]


def compare(url: str, model: Model) -> str:
    """Hold the log against the model; the answer is a digest of positions, ids, versions and payload digests."""
    store = Store.open(url, create=False)
    with store.reading() as connection:
        head = connection.execute(select(schema.head)).one()
        record, node = schema.record, schema.node
        rows = connection.execute(select(record).order_by(record.c.position)).all()
        payloads = connection.execute(select(func.count()).select_from(schema.payload)).scalar_one()
        leaves = connection.execute(select(func.count()).where(node.c.level == 0)).scalar_one()
    store.close()
    assert list(range(1, len(rows) + 1)) == [row.position for row in rows], "positions have a gap"
    assert head.position == len(rows) == payloads == leaves, "head, records, payloads and leaves differ"
    assert sorted(row.recorded for row in rows) == [row.recorded for row in rows], "recorded times fall"
    there = {(row.id, row.version, row.position) for row in rows}
    told = [(id_, version, position) for one in model.acknowledged.values() for id_, version, position, _ in one]
    assert set(told) <= there, "something acknowledged is not there"
    assert len(set(told)) == len(told), "something acknowledged is there twice"
    for key in model.unanswered:
        own = sum(row.id.startswith(f"{key}-") for row in rows)
        expected = sum(one["id"].startswith(f"{key}-") for one in documents_of(key))
        assert own in (0, expected), f"{key} is half there"
    told_of = hashlib.sha256()
    for row in rows:
        told_of.update(f"{row.position} {row.id} {row.version} {row.digest.hex()}\n".encode())
    return told_of.hexdigest()


if __name__ == "__main__":
    played, of_log = play(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    print(f"{sys.argv[2]} rounds, {played.killed} killed, {len(played.acknowledged)} acknowledged, log {of_log}")

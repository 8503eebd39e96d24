"""MariaDB beside Chronicle, in short: a peer of the benchmarks, which measure it where it is there."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks import mariadb, run
from tests.benchmarks.filled import filled
from tests.benchmarks.memory import Peak
from tests.benchmarks.places import Postgresql
from tests.benchmarks.race import Figure
from tests.benchmarks.writes import single
from tests.postgresql import Server

SCALE = 200


def test_system_versioned_tables_have_the_same_answers(postgresql: Server, tmp_path: Path) -> None:
    """To all that they can be asked."""
    assert mariadb.missing() is None, f"{mariadb.missing()}: on Debian, apt-get install mariadb-server"
    with mariadb.a_server() as server:
        place = Postgresql(postgresql)
        found: list[Figure | Peak] = [*single(place, 1, 2, server)]
        found += run.written(place, SCALE, tmp_path, server, rounds=1)
        with filled(place, SCALE, tmp_path, server) as at:
            found += run.asked(at, rounds=1, questions=3)
    of_it = {one.benchmark for one in found if isinstance(one, Figure) and one.contestant.startswith("mariadb")}
    assert of_it == {
        "one durable append",
        "bulk",
        "state of a key",
        "state of an entity",
        "state of the whole world",
        "what was learned",
    }

from __future__ import annotations

import subprocess
import sys

from tests.faults import projections
from tests.project.checkout import ROOT


def test_killed_runs_leave_rows_and_checkpoint_agreeing(url_on_disk: str) -> None:
    """Wherever a run or a rebuild is killed; `make torture` kills 200 of them."""
    command = [sys.executable, "-m", "tests.faults.projections", "kills", url_on_disk, "8", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("8 rounds, ")


def test_readers_never_see_an_empty_or_a_mixed_table(url_on_disk: str) -> None:
    """While others write, and the table is made again and again; not even within a transaction that began before."""
    assert " events written, " in projections.play_switches(url_on_disk, 3.0, 200)

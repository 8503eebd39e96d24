"""A short form of what `python -m tests.faults.sinks` does."""

from __future__ import annotations

from pathlib import Path

from tests.faults import sinks


def test_killed_senders_and_servers_lose_nothing(tmp_path: Path) -> None:
    """Wherever they are killed, the stream is the log, and the webhook hears of every record in order."""
    assert "the stream has each once" in sinks.play(tmp_path, 300, 3, 1)

"""Servers that crash, come back, or are replaced by their standby."""

from __future__ import annotations

from tests.faults.failover import failed_over, restarted
from tests.postgresql import DURABLE, a_server


def test_a_killed_server_comes_back_with_all() -> None:
    """Whatever was acknowledged is there after the server is killed and started again, and appends go on."""
    with a_server(DURABLE) as server:
        server.prepare()
        outcome = restarted(server, 2, 15)
    assert outcome.acknowledged == outcome.there


def test_a_synchronous_standby_has_all() -> None:
    """When the primary is killed in the midst of appends, its synchronous standby lacks nothing acknowledged."""
    outcome = failed_over(synchronous=True, acknowledged=20)
    assert outcome.acknowledged >= 20
    assert (outcome.acknowledged, "sound") == (outcome.there, outcome.says)


def test_an_asynchronous_standby_is_found_out() -> None:
    """What an asynchronous standby lacks is noticed and named before anything is appended to it."""
    outcome = failed_over(synchronous=False, acknowledged=10)
    assert outcome.there < outcome.acknowledged
    assert "it has lost records, or is an older copy" in outcome.says

"""What takes too long is given up, and nothing else is."""

from __future__ import annotations

import threading

from chronicle.feed.deadline import Deadline


def test_what_takes_too_long_is_given_up_each_time() -> None:
    """Whoever waits is called off, also when something was called off before."""
    called = threading.Semaphore(0)
    deadline = Deadline(0.02, called.release)
    for _ in range(3):
        with deadline.over() as is_over:
            assert called.acquire(timeout=30)
        assert is_over()
    deadline.close()


def test_what_is_done_is_not_given_up() -> None:
    """However much is done in turn, only the one that stands still is called off, and one thread watches all."""
    calls: list[str] = []
    called = threading.Event()

    def give_up() -> None:
        calls.append(threading.current_thread().name)
        called.set()

    deadline = Deadline(0.5, give_up)
    for _ in range(1_000):
        with deadline.over() as is_over:
            pass
        assert not is_over()
    watching = [thread for thread in threading.enumerate() if thread.name == "chronicle-deadline"]
    with deadline.over():
        assert called.wait(30)
    deadline.close()

    assert (1, ["chronicle-deadline"]) == (len(watching), calls)
    assert not watching[0].is_alive()

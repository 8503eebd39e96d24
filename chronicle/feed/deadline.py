"""An end to what takes too long, watched by one thread for all that is done one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic


class Deadline:
    """Calls `give_up`, from a thread of its own, while something that was begun takes longer than so many seconds.

    A thread for each delivery costs about as much as signing and sending it.
    """

    def __init__(self, seconds: float, give_up: Callable[[], None]) -> None:
        self._seconds = seconds
        self._give_up = give_up
        self._until: float | None = None
        self._is_over = False
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self) -> Iterator[Callable[[], bool]]:
        """Within this something is done; what it gives says whether it was given up. `give_up` is not called after."""
        with self._lock:
            self._until, self._is_over = monotonic() + self._seconds, False
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="chronicle-deadline", daemon=True)
            self._thread.start()
        try:
            yield lambda: self._is_over
        finally:
            with self._lock:
                self._until = None

    def close(self) -> None:
        """Watch no more."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        """Whatever is begun during a pause ends after it, for no pause is longer than what is allowed."""
        pause = self._seconds
        while not self._closed.wait(pause):
            with self._lock:
                left = self._seconds if self._until is None else self._until - monotonic()
                if left <= 0:
                    self._until, self._is_over = None, True
                    self._give_up()
            pause = left if left > 0 else self._seconds

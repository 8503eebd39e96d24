"""Work that has to follow other work soon, but not each time: at once after a pause, else before a while is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic

from chronicle.errors import Problem

Work = Callable[[], list[Problem]]
"""Does what is to be done for all that went before, and says what went wrong. Raises nothing."""


SHARE = 20
"""Work that takes long is done no more often than that it takes one part in so many of the time."""


class Trailing:
    """Work that is done at most once in `seconds`, and not later than that after it was asked for.

    Where it takes long the pause is longer, `SHARE` times that; without a pause it is done each time.
    """

    def __init__(self, work: Work, seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._one = threading.Lock()
        self._next = 0.0
        self._timer: threading.Timer | None = None
        self._untold: list[Problem] = []

    def ask(self) -> list[Problem]:
        """Have it done, now or by a thread; what went wrong, now or the time before."""
        with self._one:
            if self._timer is None:
                wait = self._next - monotonic()
                if wait <= 0:
                    self._do()
                else:
                    self._timer = threading.Timer(wait, self.settle)
                    self._timer.start()
            told, self._untold = self._untold, []
        return told

    def settle(self) -> None:
        """Do now what was asked for and is not done yet."""
        with self._one:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
                self._do()

    def _do(self) -> None:
        began = monotonic()
        self._untold += self._work()
        now = monotonic()
        self._next = now + (max(self._seconds, SHARE * (now - began)) if self._seconds else 0)

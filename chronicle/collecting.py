"""Cyclic garbage while much is loaded or compared: it is looked for seldom, for there is next to none.

The collector goes through all that a batch has made again and again while the batch grows, which is a third of the time
of a load, and an eighth of that of a diff. Documents, rows, drafts and facts refer to nothing that refers back to them:
they go when nobody holds them.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 100)
"""After how many new objects, and how many collections of younger ones, the collector of Python looks (`gc`)."""

_lock = threading.Lock()
_others: list[tuple[int, int, int]] = []


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let garbage be looked for seldom in this process, until the last of those who ask for it at once has ended."""
    with _lock:
        _others.append(gc.get_threshold())
        gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        with _lock:
            before = _others.pop()
            if not _others:
                gc.set_threshold(*before)

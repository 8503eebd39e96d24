"""What an examination of an archive and its surroundings says."""

from __future__ import annotations

from typing import NamedTuple


class Condition(NamedTuple):
    """One thing that was looked at. `status` is ok, warning or bad; the message says what to do if it is not ok."""

    name: str
    status: str
    message: str

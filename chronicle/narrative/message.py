"""A message of the catalogues, kept in a table until it is said."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """A whole sentence in English with named slots; `many` where it differs for more than one."""

    one: str
    many: str | None = None

"""Which code a projection is: what its snapshots were made by, and may be gone on with by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from types import CodeType
from typing import Any

import msgspec

from chronicle.event.upcast import LIFTS
from chronicle.projection.projection import Projection


def code_of(projection: type[Projection]) -> str:
    """The version, and a digest of the compiled methods of the class and of all lifts: another whenever one is edited.

    What they call elsewhere is not looked at: a change there needs a new `version`, as the outcome is another.
    """
    made = hashlib.sha256()
    for cls in projection.__mro__:
        if cls in (Projection, object):
            continue
        for name, item in sorted(vars(cls).items()):
            code = getattr(item, "__code__", None)
            if isinstance(code, CodeType):
                heard = getattr(item, "_hears", ())
                made.update(repr((name, heard, list(_told(code)))).encode())
    for type_, lifts in sorted(LIFTS.items()):
        for lift in lifts:
            code = getattr(lift, "__code__", None)
            made.update(repr((type_, list(_told(code)) if isinstance(code, CodeType) else repr(lift))).encode())
    made.update(repr([(field.name, str(field.type)) for field in msgspec.structs.fields(projection.reads)]).encode())
    return f"{projection.version}-{made.hexdigest()[:32]}"


def _told(code: CodeType) -> Iterator[Any]:
    """What a function does, without where it stands."""
    yield code.co_code, code.co_names, code.co_varnames, code.co_argcount
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _told(constant)
        elif isinstance(constant, frozenset):
            yield sorted(map(repr, constant))  # its own order is another in each process
        else:
            yield constant

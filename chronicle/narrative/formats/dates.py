"""Dates as HTML and schema.org read them: whole years, months, days and instants, and nothing vaguer."""

from __future__ import annotations

import re

_DATE = re.compile(
    r"(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01])(?:T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))?)?)?"
)


def machine_date(edtf: str | None) -> str | None:
    """An EDTF date as the `datetime` of HTML; None for what that cannot say, so that it is not made more exact."""
    return edtf if edtf is not None and _DATE.fullmatch(edtf) else None

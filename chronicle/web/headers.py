"""What every answer tells browsers."""

from __future__ import annotations

from typing import Any

from litestar import Response

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""What every answer says to browsers, unless its route says something else."""

STYLED = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'"
}
"""The same for a report in HTML, whose own policy names the digest of the one style sheet that it allows."""


async def secured(response: Response[Any]) -> Response[Any]:
    """The same answer with what browsers must know."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    return response

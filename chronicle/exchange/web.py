"""Addresses on the web, as foreign files write them."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(text: str) -> str:
    """An http or https address; `//host/path` counts as https. Empty for anything else."""
    text = "".join(text.split())
    if text.startswith("//"):
        text = f"https:{text}"
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_sound = parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable()
    return text if is_sound else ""

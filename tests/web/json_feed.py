"""JSON Feed 1.1 (jsonfeed.org/version/1.1) as a JSON Schema, from the text of the specification."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://"}
_INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
_EXTENSIONS = {"^_[A-Za-z]": {"type": "object"}}

AUTHORS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "url": _ADDRESS, "avatar": _ADDRESS},
        "anyOf": [{"required": ["name"]}, {"required": ["url"]}, {"required": ["avatar"]}],
        "additionalProperties": False,
    },
}

ITEM = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": _TEXT,
        "url": _ADDRESS,
        "external_url": _ADDRESS,
        "title": _TEXT,
        "content_html": _TEXT,
        "content_text": _TEXT,
        "summary": _TEXT,
        "image": _ADDRESS,
        "banner_image": _ADDRESS,
        "date_published": _INSTANT,
        "date_modified": _INSTANT,
        "authors": AUTHORS,
        "tags": {"type": "array", "items": _TEXT},
        "language": _TEXT,
    },
    "patternProperties": _EXTENSIONS,
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _TEXT,
        "home_page_url": _ADDRESS,
        "feed_url": _ADDRESS,
        "description": _TEXT,
        "user_comment": _TEXT,
        "next_url": _ADDRESS,
        "icon": _ADDRESS,
        "favicon": _ADDRESS,
        "authors": AUTHORS,
        "language": _TEXT,
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {"type": "array", "items": ITEM},
    },
    "patternProperties": _EXTENSIONS,
    "additionalProperties": False,
}

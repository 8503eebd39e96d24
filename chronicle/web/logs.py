"""What a server says of itself: one JSON object a line on stderr, its own and those of the libraries alike."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from chronicle.errors import QuestionError, shown

LEVELS = ("debug", "info", "warning", "error")


class JsonLines(logging.Formatter):
    """A record as JSON: time in UTC, level, logger, message; what `extra={"about": {…}}` says, and the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "about", {}),
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return msgspec.json.encode(told).decode()


def logging_config(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The configuration of `logging.config`; CHRONICLE_LOG is the least level that is told. Raises QuestionError."""
    level = environment.get("CHRONICLE_LOG") or "info"
    if level not in LEVELS:
        raise QuestionError(f"CHRONICLE_LOG: {shown(level)} is none of {', '.join(LEVELS)}")
    named = {"handlers": ["stderr"], "level": level.upper(), "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "chronicle.web.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "json"}},
        "loggers": {"chronicle": named, "_granian": named, "granian.access": named},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
    }

"""Spans of what takes long, by OpenTelemetry where it is installed (the extra `telemetry`); else nothing.

Only its API is used: without an SDK that somebody has set up, a span costs next to nothing and goes nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Attributes = Mapping[str, str | int]


def traced(name: str, about: Callable[..., Attributes]) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Make each call of a function a span, with what `about` says of its arguments; an error is recorded in it."""

    def decorated(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(function)
        def spanned(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            trace = _trace()
            if trace is None:
                return function(*args, **kwargs)
            with trace.get_tracer("chronicle").start_as_current_span(name) as span:
                if span.is_recording():
                    span.set_attributes(dict(about(*args, **kwargs)))
                return function(*args, **kwargs)

        return spanned

    return decorated


@cache
def _trace() -> Any:
    """The API, loaded when it is first needed; None where it is not installed."""
    try:
        from opentelemetry import trace  # noqa: PLC0415 - an extra, and slow to load
    except ImportError:
        return None
    return trace

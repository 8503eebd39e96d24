"""Templates of reports: sandboxed Jinja2, the shipped ones or those that a reader has put in their place.

A template sees a document and prints its parts; what a part looks like, and that it is inert, is the format's matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import (
    ChoiceLoader,
    Environment,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from chronicle.errors import QuestionError

Templates = Mapping[str, str]
"""Texts of templates by name; names use `/`. What is not here is the shipped one."""

NO_TEMPLATES: Templates = {}

_SHIPPED = PackageLoader("chronicle.narrative")


def environment(templates: Templates, finalize: Callable[[object], object], *, autoescape: bool = False) -> Environment:
    """An environment that knows the templates given and, by their names or below `shipped/`, the shipped ones.

    Whatever is printed goes through `finalize`, and is escaped for HTML after that with `autoescape`.
    """

    def given(name: str) -> tuple[str, str, None] | None:
        return (templates[name], name, None) if name in templates else None

    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FunctionLoader(given), _SHIPPED, PrefixLoader({"shipped": _SHIPPED})]),
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=autoescape,
    )


def rendered(environment: Environment, name: str, **context: object) -> str:
    """A template with a context filled in. Raises QuestionError that names file and line."""
    try:
        return environment.get_template(name).render(**context)
    except TemplateSyntaxError as error:
        raise QuestionError(f"{error.name or name}:{error.lineno}: {error.message}") from error
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise QuestionError(f"{_place(error, name)}: {error}") from error


def _place(error: Exception, name: str) -> str:
    """The template and line in which an error arose; the innermost."""
    place, trace = name, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            place = f"{file}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place

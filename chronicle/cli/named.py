"""Projections by name: one that comes with Chronicle, or a class in a file or a module."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from chronicle.errors import ChronicleError, QuestionError, near, shown
from chronicle.projection.projection import Projection
from chronicle.projection.shipped import SHIPPED


def projection_named(name: str) -> type[Projection]:
    """A projection that comes with Chronicle, or a class: FILE.py:CLASS or MODULE:CLASS. Raises QuestionError.

    The file or module is run: name only what you trust. What lies beside a file can be imported by it, as in a script.
    """
    place, colon, class_name = name.rpartition(":")
    if not colon:
        if name not in SHIPPED:
            known = ", ".join(sorted(SHIPPED))
            raise QuestionError(
                f"there is no projection {shown(name)}: expected one of {known}, or FILE.py:CLASS{near(name, SHIPPED)}"
            )
        return SHIPPED[name]
    try:
        module = _of_file(Path(place)) if place.endswith(".py") else importlib.import_module(place)
    except ChronicleError:
        raise
    except Exception as error:
        raise QuestionError(f"{shown(place)} cannot be run: {_said(error, place)}") from error
    found = getattr(module, class_name, None)
    if not (isinstance(found, type) and issubclass(found, Projection) and hasattr(found, "name")):
        there = [
            one
            for one, item in vars(module).items()
            if isinstance(item, type) and issubclass(item, Projection) and hasattr(item, "name")
        ]
        has = f"; it has {', '.join(there)}" if there else ""
        raise QuestionError(f"{shown(place)} has no projection {shown(class_name)}{has}{near(class_name, there)}")
    return found


def _of_file(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(path.stem, path)
    if specification is None or specification.loader is None or not path.is_file():
        raise QuestionError(f"there is no file {shown(str(path))}")
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = importlib.util.module_from_spec(specification)
    if path.stem not in sys.modules:
        sys.modules[path.stem] = module  # dataclasses and pickle look a class's module up there
    specification.loader.exec_module(module)
    return module


def _said(error: Exception, place: str) -> str:
    """What went wrong, and in which line of the file where that is known."""
    line = error.lineno if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if Path(trace.tb_frame.f_code.co_filename).resolve() == Path(place).resolve():
            line = trace.tb_lineno
        trace = trace.tb_next
    where = "" if line is None else f"line {line}: "
    return f"{where}{type(error).__name__}: {error}"

"""Many values in one parameter, which is a JSON array, as each database reads it."""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class is_among(ColumnElement[bool]):  # noqa: N801 - it is used as a function is
    """A column is one of the values in a parameter, which is a JSON array: any number of them in one statement."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], values: ColumnElement[str]) -> None:
        self.column = column
        self.values = values

    def self_group(self, against: Any = None) -> Self:  # noqa: ARG002 - as its base has it
        """It stands in a condition as it is: SQLAlchemy would have SQLite compare it with 1, which no index helps."""
        return self


@compiles(is_among, "sqlite")
def _(element: is_among, compiler: Any, **_: Any) -> str:
    column, values = map(compiler.process, (element.column, element.values))
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - a column and a parameter


@compiles(is_among, "postgresql")
def _(element: is_among, compiler: Any, **_: Any) -> str:
    column, values = map(compiler.process, (element.column, element.values))
    kind = "text" if isinstance(element.column.type, String) else "bigint"
    chosen = f"SELECT CAST(value AS {kind}) FROM jsonb_array_elements_text(CAST({values} AS jsonb))"  # noqa: S608 - as above
    return f"{column} = ANY(ARRAY({chosen}))"  # an array is sought in an index whatever its length is taken for


class elements(FunctionElement[str]):  # noqa: N801 - as above
    """The elements of a JSON array in a parameter, a row each."""

    inherit_cache = True


@compiles(elements, "sqlite")
def _(element: elements, compiler: Any, **_: Any) -> str:
    return f"json_each({compiler.process(element.clauses)})"


@compiles(elements, "postgresql")
def _(element: elements, compiler: Any, **_: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses)} AS jsonb))"


class item(ColumnElement[str]):  # noqa: N801 - as above
    """The text at a place of a JSON array."""

    inherit_cache = True
    type = String()

    def __init__(self, column: ColumnElement[Any], number: int) -> None:
        self.column = column
        self.number = number


@compiles(item, "sqlite")
def _(element: item, compiler: Any, **_: Any) -> str:
    return f"json_extract({compiler.process(element.column)}, '$[{element.number}]')"


@compiles(item, "postgresql")
def _(element: item, compiler: Any, **_: Any) -> str:
    return f"({compiler.process(element.column)} ->> {element.number})"

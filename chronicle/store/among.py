"""Being among many values that one parameter has, as each database says it."""

from __future__ import annotations

from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, String
from sqlalchemy.ext.compiler import compiles


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

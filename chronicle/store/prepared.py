"""Statements that are asked over and over: compiled once for each database, and run on the driver's own connection."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, exc
from sqlalchemy.sql import ClauseElement

from chronicle.errors import StoreError

FORESEEN = "foreseen"
"""The option of a connection with the answers to what was asked before it is needed, by marks (`store.foreseen`)."""

Mark = tuple[int, frozenset[tuple[str, Any]]]
"""A statement with its values."""


class Prepared:
    """A statement with named parameters, for numbers, text, bytes and truth values only.

    Rows come as the driver has them: tuples, and truth values as 0 and 1 where the database knows no others. What the
    driver raises comes as SQLAlchemy would raise it. A transaction begins with the first one, as with any statement.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Any]:
        """What a query answers."""
        if foreseen := connection.get_execution_options().get(FORESEEN):
            found: list[Any] | None = foreseen.pop(self.mark(values), None)
            if found is not None:
                return found
        return list(self._run(connection, values).fetchall())

    def mark(self, values: Mapping[str, Any]) -> Mark:
        """What names the statement with these values."""
        return id(self), frozenset(values.items())

    def ask(self, connection: Connection, **values: Any) -> Any:
        """The driver's cursor, whose rows are there once what was asked together has been sent (`dialect.together`)."""
        return self._run(connection, values)

    def run(self, connection: Connection, **values: Any) -> None:
        """Let a statement that answers nothing do its work."""
        self._run(connection, values)

    def _run(self, connection: Connection, values: dict[str, Any]) -> Any:
        text, names, fixed = self._compiled.get(connection.dialect.name) or self._compile(connection)
        if fixed:
            values = fixed | values
        if not connection.in_transaction():
            connection.begin()  # as its own statements do: a reader sees one moment
        return execute(connection, text, values if names is None else [values[name] for name in names])

    def _compile(self, connection: Connection) -> tuple[str, tuple[str, ...] | None, dict[str, Any]]:
        compiled: Any = self._statement.compile(dialect=connection.dialect)
        fixed = {name: value for name, value in compiled.params.items() if value is not None}
        names = None if compiled.positiontup is None else tuple(compiled.positiontup)
        made = self._compiled[connection.dialect.name] = (str(compiled), names, fixed)
        return made


Question = tuple[Prepared, dict[str, Any]]
"""A statement with its values by name."""


def execute(connection: Connection, statement: str, values: dict[str, Any] | list[Any] | tuple[()] = ()) -> Any:
    """Run a statement by the driver itself; its cursor."""
    driver: Any = connection.connection.driver_connection
    try:
        return driver.execute(statement, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise failure(connection, statement, error) from error


def failure(connection: Connection, statement: str, error: Exception) -> Exception:
    """What the driver raised, as SQLAlchemy raises it for what goes through its own hands."""
    return exc.DBAPIError.instance(
        statement, None, error, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect
    )


def driver_query(connection: Connection, query: Select[Any]) -> Callable[..., list[Any]]:
    """A query for millions of rows, compiled once: it takes values by name and gives the rows as the driver has them.

    It is for numbers, text and bytes only. Raises StoreError where the driver fails.
    """
    chunks = driver_chunks(connection, query, None)

    def rows(**values: Any) -> list[Any]:
        [found] = chunks(**values)
        return found

    return rows


def driver_chunks(connection: Connection, query: Select[Any], size: int | None) -> Callable[..., Iterator[list[Any]]]:
    """The same in lists of so many rows, as they are asked for; in one list if `size` is None."""
    compiled = query.compile(dialect=connection.dialect)
    statement, names = str(compiled), compiled.positiontup
    driver: Any = connection.connection.driver_connection

    def chunks(**values: Any) -> Iterator[list[Any]]:
        bound = compiled.params | values
        try:
            answer = driver.execute(statement, bound if names is None else tuple(bound[name] for name in names))
            if size is None:
                yield list(answer.fetchall())
                return
            while some := answer.fetchmany(size):
                yield some
        except connection.dialect.loaded_dbapi.Error as error:  # SQLAlchemy does not see what the driver is asked for
            raise StoreError(f"the database failed: {error}") from error

    return chunks

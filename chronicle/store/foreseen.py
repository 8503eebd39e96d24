"""What a question is about to ask the database for, asked together: where that is elsewhere, each message costs most.

`Prepared.rows` answers from it, each once, and asks for what nobody foresaw. Only transactions that read foresee:
they see one moment, so that it does not matter when in them something is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from chronicle.store import dialect
from chronicle.store.claims import LATEST_DOCUMENT
from chronicle.store.head import HEAD
from chronicle.store.prepared import FORESEEN, Question
from chronicle.store.read import GONE, questions_of_following

DECLARED = "declared"
"""The option of a connection that holds the attributes whose declarations it was asked for, with the positions."""


def beginning(connection: Connection) -> None:
    """What every question needs, along with the beginning of its transaction."""
    if dialect.only_reads(connection) and not connection.in_transaction():
        _ask(connection, [(HEAD, {}), (GONE, {})], begin=True)


def following(connection: Connection, position: int, most: int) -> None:
    """What a reader of the log needs that has read up to a position, along with the beginning of its transaction."""
    if dialect.only_reads(connection) and not connection.in_transaction():
        _ask(connection, [(HEAD, {}), *questions_of_following(position, most)], begin=True)


def declarations(
    connection: Connection, position: int, chronicle: str, attributes: Iterable[str], facts: Sequence[Question] = ()
) -> None:
    """How attributes are declared that have not been asked for yet; if there are any, `facts` along with them."""
    if not dialect.only_reads(connection):
        return
    declared = _kept(connection, DECLARED, set)
    new = {(position, chronicle, attribute) for attribute in attributes} - declared
    declared |= new
    asked = [
        (LATEST_DOCUMENT, {"chronicle": chronicle, "kind": "attribute", "id": attribute, "position": position})
        for _, _, attribute in sorted(new)
    ]
    if new and len(asked) + len(facts) > 1:
        _ask(connection, [*asked, *facts])


def _ask(connection: Connection, questions: Sequence[Question], *, begin: bool = False) -> None:
    found = dialect.answers(connection, questions, begin=begin)
    marks = (question.mark(values) for question, values in questions)
    _kept(connection, FORESEEN, dict).update(zip(marks, found, strict=True))


def _kept(connection: Connection, name: str, kind: type[Any]) -> Any:
    """What a connection keeps under a name until it is given back; at first nothing."""
    if name not in connection.get_execution_options():
        connection.execution_options(**{name: kind()})
    return connection.get_execution_options()[name]

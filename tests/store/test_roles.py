"""The role that the README makes for programs: it appends and answers, and cannot do away with anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from chronicle.service import Archive
from tests.builders import CHRONICLE, Clock, a_fact, an_attribute, an_entity, an_event
from tests.postgresql import SUPERUSER, Server
from tests.project.readme import README

FORBIDDEN = [
    "UPDATE record SET recorded_by = 'forger'",
    "UPDATE payload SET payload = ''",
    "UPDATE node SET hash = ''",
    "DELETE FROM record",
    "DELETE FROM payload",
    "DELETE FROM fact",
    "TRUNCATE record CASCADE",
    "ALTER TABLE record DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "DROP TRIGGER record_refuses_update ON record",
    "DROP TABLE redacted",
    "CREATE OR REPLACE FUNCTION chronicle_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
]


@pytest.fixture
def url(postgresql: Server) -> Iterator[str]:
    """An archive of the superuser's, as the README's role reaches it."""
    archive = postgresql.archive()
    found = re.search(
        r"^ *```sql\n(?P<grants>.*?)^ *```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None, "the README shows no grants"
    with psycopg.connect(archive, autocommit=True) as connection:
        connection.execute(found["grants"].encode())
    yield archive.replace(f"{SUPERUSER}@", "chronicle_writer@")
    with psycopg.connect(archive, autocommit=True) as connection:
        connection.execute("DROP OWNED BY chronicle_writer")
        connection.execute("DROP ROLE chronicle_writer")


def test_it_appends_and_answers(url: str) -> None:
    """Appends, corrections, retries, questions and verification need no more than the role has."""
    with Archive.open(url, create=False, now=Clock()) as archive:
        archive.append([an_attribute(), an_event("x", a_fact("a"))], chronicle=CHRONICLE, key="k")
        archive.append([an_event("x", a_fact("b"))], chronicle=CHRONICLE)
        assert ["b"] == [str(fact.value.written()) for fact in archive.state(as_of="2026").facts]
        assert () == archive.verify().findings


def test_it_serves(url: str) -> None:
    """With what the README grants to whoever serves, tokens are looked at, and sessions begin and end."""
    owner = url.replace("chronicle_writer@", f"{SUPERUSER}@")
    with Archive.open(owner, create=False, now=Clock()) as archive:
        text, _ = archive.tokens().create("desk", ["read"])
    grants = re.findall(r"`(GRANT [A-Z, ]+ ON (?:token|session))`", " ".join(README.read_text("utf-8").split()))
    with psycopg.connect(owner, autocommit=True) as connection:
        for grant in grants:
            connection.execute(f"{grant} TO chronicle_writer".encode())
    with Archive.open(url, create=False, now=Clock()) as archive:
        bearer = archive.tokens().admit(text)
        assert bearer is not None
        secret = archive.sessions().begin(bearer, 1)
        assert archive.sessions().find(secret) is not None
        archive.sessions().end(secret)
        assert archive.sessions().find(secret) is None


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_it_can_do_away_with_nothing(url: str, statement: str) -> None:
    """Even where a trigger would not stop it, the role may not."""
    with Archive.open(url, create=False) as archive:
        archive.append([an_entity("a")], chronicle=CHRONICLE)
    with psycopg.connect(url, autocommit=True) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())

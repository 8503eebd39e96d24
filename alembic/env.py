"""How Alembic reaches an archive.

`chronicle/store/migrate.py` hands its own connection over, inside a transaction of its own: nothing here begins or
commits. By hand, in a checkout: `alembic -x url=sqlite:///some.db upgrade head`.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from chronicle.store.schema import is_declared, metadata


def migrate(connection: Connection) -> None:
    """Run the migrations in the transaction that the caller holds."""
    # Never in batch mode: on SQLite it rebuilds a table and loses its triggers, which keep the log append-only.
    context.configure(connection=connection, target_metadata=metadata, include_name=is_declared, render_as_batch=False)
    context.run_migrations()


def main() -> None:
    """Take the connection that was given, else the URL that was given."""
    if context.is_offline_mode():
        raise SystemExit("migrations look at the database they change: `--sql` cannot work")
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not isinstance(url, str):
        raise SystemExit("which database? Say: alembic -x url=sqlite:///chronicle.db …")
    with create_engine(url, poolclass=NullPool).begin() as connection:
        migrate(connection)


main()

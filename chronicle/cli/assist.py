"""The command that opens the door for assistants: mcp."""

from __future__ import annotations

import typer

from chronicle.cli.options import Db
from chronicle.errors import MissingExtraError
from chronicle.service import Archive


def mcp(
    *,
    allow_append: bool = typer.Option(False, "--allow-append", help="Let assistants record documents, too."),
    db: Db = None,
) -> None:
    """Answer an assistant over the Model Context Protocol, on stdin and stdout, until it hangs up.

    Its tools ask what the commands of the same names ask, and each answer carries its basis and its citations.

    Example: chronicle mcp --db sqlite:///chronicle.db
    """
    try:
        from chronicle.mcp.server import server  # noqa: PLC0415 - an extra, and slow to load
    except ModuleNotFoundError as error:
        raise MissingExtraError("Assistants", "mcp", "mcp") from error
    with Archive.open(db, create=False) as archive:
        server(archive, append=allow_append).run("stdio")

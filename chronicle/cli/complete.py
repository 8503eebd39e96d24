"""What a shell completes: names in the archive that the command line or CHRONICLE_DB says."""

from __future__ import annotations

from collections.abc import Callable

import typer

from chronicle.errors import ChronicleError


def names(what: str) -> Callable[[typer.Context, str], list[str]]:
    """Completes the names of a `chronicle`, `subject`, `attribute` or `id`; none where there is no archive."""

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        from chronicle.service import Archive  # noqa: PLC0415 - options are defined without a database

        try:
            with Archive.open(context.params.get("db"), create=False) as archive:
                return archive.names(what, incomplete)
        except ChronicleError:  # a line that is being typed is no place for an error
            return []

    return complete

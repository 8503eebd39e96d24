"""Commands that help to write documents: new, schema."""

from __future__ import annotations

import sys
from typing import Annotated

import msgspec
import typer

from chronicle import authoring
from chronicle.cli.output import print_note, write_output
from chronicle.errors import QuestionError

Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to stdout; FILE must be new.")
]


def new(
    what: Annotated[
        str, typer.Argument(metavar="TYPE|KIND", help="A type of event, or source, entity, attribute, chronicle.")
    ],
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of the new document.")],  # noqa: A002
    *,
    occurred: Annotated[str | None, typer.Option(metavar="DATE", help="When the event occurred.")] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="The event's title.")] = None,
    output: Output = None,
) -> None:
    """Print a new document to fill in, with comments that say how.

    What is still in angle brackets is refused by check and load.

    Example: chronicle new agreement.signed charter-2026 --occurred 2026-02
    """
    text = authoring.new(what, id, occurred=occurred, title=title)
    if output is None:
        sys.stdout.buffer.write(text.encode())
        return
    _write_new(output, text.encode())
    print_note(f"{output}: fill in what is in angle brackets, then: chronicle check {output}")


def schema(
    *,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here, not to stdout.")
    ] = None,
) -> None:
    """Print a JSON Schema of the documents, for editors of YAML.

    Editors find it by the line `# yaml-language-server: $schema=…` at the top of a file.

    Example: chronicle schema -o events/.schema.json
    """
    text = msgspec.json.format(msgspec.json.encode(authoring.schema()), indent=2) + b"\n"
    write_output(output, (text,))
    if output is not None:
        print_note(f"the schema is at {output}")


def _write_new(path: str, content: bytes) -> None:
    try:
        with open(path, "xb") as file:  # noqa: PTH123 - the path is named as it was given
            file.write(content)
    except OSError as error:
        raise QuestionError(f"--output: {path} cannot be written: {error.strerror}") from error

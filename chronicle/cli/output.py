"""How the shell door writes: JSON with the digits of numbers kept, tables, and untrusted text made harmless."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.progress import Progress, ProgressColumn, Task
from rich.table import Table
from rich.text import Text

_SPACES = "\n\t\u00a0\u202f"
"""What is no printable character and does no harm; the last two are spaces within a figure."""


def print_json(document: object) -> None:
    """One JSON document and a line end on stdout, UTF-8, numbers as written."""
    sys.stdout.buffer.write(_formatted(document) + b"\n")


def print_json_rows(head: Mapping[str, object], name: str, rows: Iterable[object]) -> None:
    """What `print_json` prints of a head with rows as its last member `name`, each written before the next is made."""
    out = sys.stdout.buffer
    out.write(_formatted({**head, name: []}).removesuffix(b"]\n}"))
    between = b"\n  "
    for row in rows:
        out.write(between + _formatted([row])[2:-2].replace(b"\n", b"\n  "))
        between = b",\n  "
    out.write(b"]\n}\n" if between == b"\n  " else b"\n  ]\n}\n")


def print_json_line_of_rows(head: Mapping[str, object], name: str, rows: Iterable[object]) -> None:
    """The same on one line, as `print_json_line` prints it."""
    out = sys.stdout.buffer
    out.write(msgspec.json.encode({**head, name: []}).removesuffix(b"]}"))
    between = b""
    for row in rows:
        out.write(between + msgspec.json.encode(row))
        between = b","
    out.write(b"]}\n")
    out.flush()


def _formatted(document: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def print_json_line(document: object) -> None:
    """One JSON document on one line of stdout, written at once."""
    sys.stdout.buffer.write(msgspec.json.encode(document) + b"\n")
    sys.stdout.buffer.flush()


def write_output(path: str | None, chunks: Iterable[bytes]) -> None:
    """What a command makes, to stdout or, as a whole or not at all, to a file. Raises QuestionError."""
    if path is None:
        sys.stdout.buffer.writelines(chunks)
    else:
        from chronicle.authoring import save  # noqa: PLC0415 - loads what reads files, and most commands write none

        save(path, chunks)


def print_note(text: str) -> None:
    """A remark for the person at the terminal, on stderr."""
    print(harmless(text), file=sys.stderr)


def print_error(text: str) -> None:
    """What went wrong, on stderr; red on a terminal that has colours and no NO_COLOR."""
    console = Console(stderr=True, highlight=False)
    console.print(Text(harmless(text), style="red"), soft_wrap=True)


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table that fits the terminal, where cells go on below, or of full width where stdout is no terminal.

    Words are not broken; where they do not fit side by side, each row is told as lines of heading and cell.
    """
    titles = [Text(harmless(heading)) for heading in headings]
    cells = [[Text(harmless(cell)) for cell in row] for row in rows]
    console = _SCREENS[-1] if _SCREENS else Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDEST)
    columns = [[title.plain, *(row[index].plain for row in cells)] for index, title in enumerate(titles)]
    widths = _widths(columns, console.width)
    if widths is None:
        table = _one_below_the_other(titles, cells)
    else:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for title, width in zip(titles, widths, strict=True):
            table.add_column(title, overflow="fold", width=width)
        for row in cells:
            table.add_row(*row)
    with console.capture() as capture:
        console.print(table)
    print("\n".join(line.rstrip() for line in capture.get().splitlines()))


def _widths(columns: Sequence[Sequence[str]], available: int) -> list[int] | None:
    """How wide each column is to be: as its cells need, or down to its longest word; None if that is too wide.

    What is missing is taken from the columns that can spare most.
    """
    widths = [max((cell_len(line) for text in texts for line in text.split("\n")), default=0) for texts in columns]
    least = [max((cell_len(word) for text in texts for word in text.split()), default=0) for texts in columns]
    missing = sum(widths) + GAP * (len(widths) - 1) - available
    for _ in range(missing):
        spare = [width - word for width, word in zip(widths, least, strict=True)]
        if max(spare) <= 0:
            return None
        widths[spare.index(max(spare))] -= 1
    return widths


def _one_below_the_other(titles: Sequence[Text], cells: Sequence[Sequence[Text]]) -> Table:
    """The same cells as lines of heading and cell, with a blank line after each row."""
    lines = Table(box=None, show_header=False, pad_edge=False)
    lines.add_column(style="bold", no_wrap=True)
    lines.add_column(overflow="fold")
    for row in cells:
        for title, cell in zip(titles, row, strict=True):
            lines.add_row(title, cell)
        lines.add_row()
    return lines


GAP = 3
"""Columns between two columns of a table."""

WIDEST = 100_000
"""Columns of a table that goes into a file or another program: nothing is wrapped there."""

_SCREENS: list[Console] = []


@contextmanager
def as_wide_as(columns: int) -> Iterator[None]:
    """Print for a terminal of so many columns though stdout is none: it leads to one through a pager."""
    _SCREENS.append(Console(highlight=False, width=columns, force_terminal=True))
    try:
        yield
    finally:
        _SCREENS.pop()


def screen() -> Console | None:
    """The terminal that stdout leads to, through a pager or at once; None if it leads to none."""
    if _SCREENS:
        return _SCREENS[-1]
    return Console(highlight=False) if sys.stdout.isatty() else None


@contextmanager
def progress_bar(what: str, rate: str | None = None) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr while something long is done, moved by (done, of how much); None if stderr is no terminal.

    `rate` names what is done, to say how many of it are done in a second.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    speed = [] if rate is None else [_Speed(rate)]
    with Progress(*Progress.get_default_columns(), *speed, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Speed(ProgressColumn):
    """How many are done in a second, over the last while."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f} {self._what}/s")


def harmless(text: str) -> str:
    """Text that cannot command a terminal: control and bidirectional characters are shown as escapes."""
    return "".join(c if c.isprintable() or c in _SPACES else f"\\u{ord(c):04x}" for c in text)

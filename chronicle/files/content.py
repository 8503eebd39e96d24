"""What a file holds: opened once, no link followed, nothing waited for, and no more read than is allowed.

YAML is written by people and read whole; JSON Lines are written by programs and read line by line.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from chronicle.files.plain import LARGEST_DOCUMENT, TOO_LARGE, SyntaxFault

LARGEST_YAML = 16 * 1024 * 1024
LARGEST_LINES = 1024 * 1024 * 1024
MOST_LINES = 2_000_000
MOST_BLANK_LINES = 100_000

LINK = "is a symbolic link, which is not followed"
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe without a writer opens at once
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: str) -> str:
    """The text of a file, without its byte order mark. Raises SyntaxFault."""
    with _opened(path, LARGEST_YAML) as file:
        content = file.read(LARGEST_YAML + 1)
    return decoded(content)


def read_lines(path: str, *, at_once: bool = True) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1; of one that is too long only the beginning.

    What is kept in memory `at_once` is limited. Raises SyntaxFault where the file as a whole cannot be read, at its end
    if it changed meanwhile.
    """
    with _opened(path, LARGEST_LINES if at_once else sys.maxsize) as file:
        number = blank = 0
        while line := file.readline(LARGEST_DOCUMENT + 1):
            number += 1
            if at_once and number > MOST_LINES:
                raise SyntaxFault(number, 1, f"has more than {MOST_LINES} lines: split it", "size")
            if number == 1:
                if line.startswith(_UTF_16):
                    decoded(line)
                line = line.removeprefix(b"\xef\xbb\xbf")  # the mark is no part of the first line
            if line.strip() or len(line) > LARGEST_DOCUMENT:
                yield number, line
            elif (blank := blank + 1) > MOST_BLANK_LINES:
                raise SyntaxFault(number, 1, f"has more than {MOST_BLANK_LINES} blank lines: remove them", "size")
            while len(line) > LARGEST_DOCUMENT and not line.endswith(b"\n"):
                line = file.readline(LARGEST_DOCUMENT + 1)  # passed over


def count_lines(path: str) -> int:
    """How many lines are not blank, as far as the file can be read; why it cannot be is told by who reads it."""
    count = 0
    with suppress(SyntaxFault):
        for _ in read_lines(path, at_once=False):
            count += 1
    return count


def line_text(line: bytes, number: int) -> str:
    """The text of a line, without its end. Raises SyntaxFault, after which the next line may be read all the same."""
    if len(line) > LARGEST_DOCUMENT:
        raise SyntaxFault(number, 1, TOO_LARGE, "size")
    return decoded(line, number).rstrip("\r\n")


def decoded(content: bytes, line: int = 1) -> str:
    """UTF-8 as text; `line` is where it begins in its file. Raises SyntaxFault at the first byte that is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        column = len(before) - before.rfind("\n")
        hint = "; it looks like UTF-16: save it as UTF-8" if content.startswith(_UTF_16) else ""
        message = f"is no UTF-8 here: byte 0x{error.object[error.start]:02x}{hint}"
        raise SyntaxFault(line + before.count("\n"), column, message, "encoding") from None


@contextmanager
def _opened(path: str, largest: int) -> Iterator[BinaryIO]:
    """An ordinary file of at most `largest` bytes that is read to its end and stays as it is meanwhile."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise _unopened(path, error) from None
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise SyntaxFault(0, 0, "is no ordinary file", "file")
        if before.st_size > largest:
            raise SyntaxFault(0, 0, f"is larger than {largest >> 20} MB: split it", "size")
        try:
            yield file
        except OSError as error:
            raise SyntaxFault(0, 0, f"cannot be read: {error.strerror}", "file") from None
        after = os.fstat(descriptor)
        if not file.tell() == before.st_size == after.st_size or before.st_mtime_ns != after.st_mtime_ns:
            message = "changed while it was read, or says a size that it has not: make a copy of it and load that"
            raise SyntaxFault(0, 0, message, "file")


def _unopened(path: str, error: OSError | ValueError) -> SyntaxFault:
    if isinstance(error, FileNotFoundError) or not isinstance(error, OSError):
        return SyntaxFault(0, 0, "is not there", "file")
    if error.errno in (errno.ELOOP, errno.EMLINK) and os.path.islink(path):  # BSD says EMLINK
        return SyntaxFault(0, 0, LINK, "link")
    return SyntaxFault(0, 0, f"cannot be read: {error.strerror}", "file")

"""Files that are written as a whole, or stay what they were."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """A file to write: whoever looks at the path sees what was there before, or all of it, with the same permissions.

    A link stays a link to what is replaced. A device or a pipe cannot be replaced and is written at once. Raises
    OSError, and then, as after an error of the writer, nothing has changed.
    """
    path = os.path.realpath(path)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as there:
            yield there
        return
    made = f"{path}.{secrets.token_hex(8)}"
    try:
        with open(made, "xb") as new:
            yield new
            new.flush()
            os.fsync(new.fileno())
        if os.path.exists(path):
            os.chmod(made, os.stat(path).st_mode & 0o7777)
        os.replace(made, path)
    finally:
        with contextlib.suppress(OSError):  # gone once it has taken the other's place
            os.unlink(made)

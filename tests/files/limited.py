"""Checks files one after another, each in a process that may use little memory and little time.

Run as a program: paths on stdin, one a line; for each a line of JSON with the problems and the seconds it took.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time

MEGABYTES = 512
SECONDS = 2


def main() -> None:
    """Answer until stdin ends. What is killed, or fails, answers with null."""
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            answer(line.rstrip("\n"), writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        sys.stdout.write((said.decode() or "null") + "\n")
        sys.stdout.flush()


def answer(path: str, writing: int) -> None:
    """Check one file within the limits, say what was found, and end this process."""
    from chronicle.files.check import check  # noqa: PLC0415 - loaded by the parent already

    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    began = time.process_time()
    problems = check([path], "c")
    took = time.process_time() - began
    first = [[p.line, p.column, p.code, p.message] for p in problems if p.is_error][:1]
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps({"first": first, "count": len(problems), "took": took}).encode())
    os._exit(0)


if __name__ == "__main__":
    import chronicle.files.check  # noqa: F401 - once, so that no child spends its time on it

    main()

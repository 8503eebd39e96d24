"""`python -m tests.foreign.every_report FOLDER`: both chronicles in every type, language and format, each audited.

Exits with 1 if an audit finds anything. The files are for looking at, too.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from chronicle.narrative.formats.registry import COMPANIONS, FORMATS
from chronicle.narrative.language.wording import languages
from tests.foreign.reports import ALL, LANGUAGES, Press


def run(folder: Path) -> int:
    """Write them all; the number of findings, each of which is printed."""
    folder.mkdir(parents=True, exist_ok=True)
    press, found, files = Press(folder), 0, 0
    orders = [one for one in ALL if one.lang == LANGUAGES[0]]
    for order in orders:
        for lang in languages():
            report = replace(order, lang=lang)
            for finding in press.audited(report):
                found += 1
                sys.stdout.write(f"{report}: {finding}\n")
            for format_ in (*FORMATS, *COMPANIONS):
                press.written(report, format_)
                files += 1
        sys.stdout.write(f"{order.chronicle} {order.kind}: {files} files, {found} findings so far\n")
        sys.stdout.flush()
    return found


if __name__ == "__main__":
    sys.exit(1 if run(Path(sys.argv[1])) else 0)

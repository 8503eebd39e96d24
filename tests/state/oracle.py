"""Ask the archive and the oracle the same questions about a random history."""

from __future__ import annotations

from itertools import product
from typing import TypedDict

from chronicle import Archive
from chronicle.asking import Bounds
from tests.state import model
from tests.state.histories import ATTRIBUTES, BEFORE, LAST_DAY, Append, day_text

DAY = 86_400
DAYS = range(BEFORE + 1, LAST_DAY + 2)
CHRONICLE = "c"


class Part(TypedDict, total=False):
    """What a question is about."""

    subject: str
    attribute: str


WHOLE: tuple[Part, ...] = ({},)
EACH: tuple[Part, ...] = tuple({"subject": "s", "attribute": attribute} for attribute in ATTRIBUTES)
OF_ANY: tuple[Part, ...] = tuple({"attribute": attribute} for attribute in ATTRIBUTES)
OF_ONE: tuple[Part, ...] = ({"subject": "s"},)


def disagreements(
    appends: list[Append], horizons: int = 4, *, url: str = "sqlite://", parts: tuple[Part, ...] = WHOLE
) -> tuple[int, list[str]]:
    """How many questions were asked, and those on which the two disagree, in words.

    The state is asked for as a whole, or in parts that make it.
    """
    log = model.log_of(appends)
    asked, wrong = 0, []
    clock = [0]
    with Archive.open(url, recorded_by="oracle", now=lambda: clock[0]) as archive:
        for day, documents in appends:
            clock[0] = (day - 1) * DAY * 1_000_000 + DAY // 2 * 1_000_000
            archive.append([d if isinstance(d, dict) else d.document for d in documents], chronicle=CHRONICLE)
        assert archive.position() == len(log)
        positions = sorted({len(log), *range(len(log), 0, -max(1, len(log) // horizons))})
        for position, known in product(positions, (None, 0, 2, 3, 5)):
            for day, resolution in product(DAYS, (None, "latest-from", "latest-reported")):
                by_report = None if resolution is None else resolution == "latest-reported"
                expected = model.state(log, position, known, day, by_report=by_report)
                bounds: Bounds = {
                    "as_of": day_text(day),
                    "known": None if known is None else day_text(known),
                    "position": position,
                    "resolution": resolution,
                }
                answer = [fact for part in parts for fact in archive.state(**part, **bounds).facts]
                asked += 1
                found = {
                    (
                        fact.fact.attribute,
                        bool(fact.fact.dimensions),
                        fact.row.key.shape,
                        fact.fact.value.plain() if fact.row.key.value else None,  # type: ignore[union-attr]
                        fact.value.plain(),
                        fact.row.certain,
                        fact.row.may_be_absent,
                        fact.row.fact.position,
                        fact.row.fact.ordinal,
                    )
                    for fact in answer
                }
                if found != expected:
                    wrong.append(f"day {day} known {known} position {position} {resolution}: {found} not {expected}")
    return asked, wrong

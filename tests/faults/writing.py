"""A log of documents of all kinds, which grows while it is sent.

`python -m tests.faults.writing URL RECORDS`: appends until the log has so many records; each line of its input is a
position, beyond which nothing is appended until the next one comes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from chronicle import Archive
from tests.builders import CHRONICLE, a_fact, a_retraction, a_source, an_attribute, an_entity, an_event

AT_ONCE = 100
"""Events of an append."""

PEOPLE = 50


def beginning() -> list[dict[str, Any]]:
    """What events cite: entities, attributes and sources."""
    people = [an_entity(f"p{number}") for number in range(PEOPLE)]
    return [*people, an_attribute("attribute"), *(a_source(f"s{number}", "2024-05-01") for number in range(10))]


def documents(first: int) -> Iterator[dict[str, Any]]:
    """The events of some numbers on, with facts, participants and sources, corrections and retractions of earlier ones.

    Of twenty events one is corrected and of a hundred one is retracted, once two hundred others have come; of ten one
    is the signing of an agreement.
    """
    for number in range(first, first + AT_ONCE):
        yield event(number, f"Event {number}")
        earlier = number - 200
        if earlier >= 0 and earlier % 20 == 3:
            yield event(earlier, f"Event {earlier}, corrected")
        if earlier >= 0 and earlier % 100 == 7:
            yield a_retraction(f"e{earlier}")


def event(number: int, title: str) -> dict[str, Any]:
    """An event."""
    people = [f"p{number % PEOPLE}", f"p{number // 7 % PEOPLE}"]
    return an_event(
        f"e{number}",
        a_fact(number, subject=people[0]),
        sources=[f"s{number % 10}"],
        type="agreement.signed" if number % 10 == 0 else "any.thing",
        occurred=f"{2000 + number % 20}-{1 + number % 12:02d}",
        title=title,
        participants=list(dict.fromkeys(people)),
    )


def write(url: str, records: int) -> None:
    """Append as much as is allowed. Of ten thousand events one is redacted."""
    with Archive.open(url, recorded_by="writer") as archive:
        position = archive.append(beginning(), chronicle=CHRONICLE).position
        first = 0
        for line in sys.stdin:
            while position < min(int(line), records):
                some = list(documents(first))[: records - position]
                position = archive.append(some, chronicle=CHRONICLE).position
                if first % 10_000 == 5_000 and position < records:
                    archive.redact(f"e{first - 4_901}", reason="a person asked")
                    position = archive.position()
                first += AT_ONCE


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))

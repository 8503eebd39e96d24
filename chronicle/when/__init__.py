"""When something happened, and how precisely that is known: EDTF dates of levels 0 to 2.

    text -> reader, instant, compound -> Date, Range -> When -> phrase
    When, When -> allen.relations
    text, zone, now -> question.resolve_bound -> Bound

`question` alone knows zones and the clock; `calendar` counts days over any year.
"""

from chronicle.when.allen import Relation, relates, relations
from chronicle.when.question import Bound, check_zone, clock, instant_text, resolve_bound
from chronicle.when.when import When, describe

__all__ = [
    "Bound",
    "Relation",
    "When",
    "check_zone",
    "clock",
    "describe",
    "instant_text",
    "relates",
    "relations",
    "resolve_bound",
]

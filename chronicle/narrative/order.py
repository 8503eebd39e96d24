"""What is ordered of a report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from chronicle.narrative.matter import ReportMatter
from chronicle.narrative.templating import Templates
from chronicle.state.diff import Diff

Kind = Literal["narrative", "timeline", "brief", "changes", "profile"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Kind and language of a report.

    `since` is the matter of the earlier basis and `diff` what differs in the state from there, for `changes`; `entity`
    is whom a `profile` is of. `pictures` are a drawn timeline and charts, where the kind has them. `templates` may tell
    events of their types; see `authored`.
    """

    kind: Kind = "narrative"
    lang: str = "en"
    since: ReportMatter | None = None
    diff: Diff | None = None
    entity: str | None = None
    pictures: bool = True
    templates: Templates = field(default_factory=dict)

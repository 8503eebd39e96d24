"""Who took part in what, and as what: the profile of each participant, and who signed which agreement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chronicle.event.model import Event
from chronicle.projection.projection import Moment, Projection, on


class Participants(Projection):
    """Who took part in what, and as what; a row for each part that an entity had in an event."""

    name = "participants"
    columns = {"chronicle": str, "entity": str, "role": str, "event": str, "type": str, "occurred": str, "title": str}

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return {f"{moment.chronicle}/{entity}" for entity, _ in _roles(event)}

    @on("*")
    def _take_part(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
        return [*(state or []), [event.id, event.type, event.occurred, event.title, _roles(event)]]

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        chronicle, entity = part.split("/")
        for event, type_, occurred, title, roles in state:
            for who, role in roles:
                if who == entity:
                    yield chronicle, entity, role, event, type_, occurred, title


def _roles(event: Event) -> list[list[str | None]]:
    """[entity, role] for each participant; who states something takes part as `speaker`."""
    roles = [[one, None] if isinstance(one, str) else [one.entity, one.role] for one in event.participants]
    return roles if event.stated_by is None else [*roles, [event.stated_by, "speaker"]]

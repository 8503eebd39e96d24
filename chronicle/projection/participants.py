"""Who took part in what, and as what; the profile of each participant; and who signed which agreement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chronicle.event.model import Event
from chronicle.projection.projection import Moment, Projection, on

AGREEMENT = "agreement.signed"
SPEAKER = "speaker"
SIGNING = (None, "party", "parties", "signatory", "signatories")
"""The roles of those who sign; who takes part in the signing of an agreement without a role is a party to it."""


class Participations(Projection):
    """Who took part in what, and as what; a row for each part that an entity had in an event."""

    name = "participations"
    columns = {"chronicle": str, "event": str, "type": str, "occurred": str, "title": str, "entity": str, "role": str}
    columnar = """
        SELECT
            chronicle || '/' || event,
            json_array(type, occurred, title, to_json(list_transform(
                list_filter(given, lambda one, number: list_position(given, one) = number),
                lambda one: json_array(one.entity, one.role)
            )))
        FROM (
            SELECT *, participants || list_filter(
                [{'entity': stated_by, 'role': 'speaker'}], lambda one: one.entity IS NOT NULL
            ) AS given
            FROM events
        )
    """

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return (f"{moment.chronicle}/{event.id}",)

    @on("*")
    def _take_part(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
        return _kept(event, _roles(event))

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        return _told(state, part)


class Participants(Projection):
    """The profile of each participant: in how many events, from when to when, as what, what it signed and stated.

    `first` and `last` are the dates, as written, of its first and last event in the order of occurrence; `roles` are
    all that it had, sorted, separated by commas; `signed` counts agreements, `stated` statements.
    """

    name = "participants"
    columns = {
        "chronicle": str,
        "entity": str,
        "events": int,
        "first": str,
        "last": str,
        "roles": str,
        "signed": int,
        "stated": int,
    }

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return {f"{moment.chronicle}/{entity}" for entity, _ in _roles(event)}

    @on("*")
    def _count(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
        """A part's own entity is in all of its events: only those who have been so far are kept."""
        profiles = {}
        for entity in sorted({entity for entity, _ in _roles(event)}):
            roles = [role for one, role in _roles(event) if one == entity]
            before = state.get(entity)
            if before is None and state:
                continue
            own = before or {"events": 0, "first": event.occurred, "roles": [], "signed": 0, "stated": 0}
            profiles[entity] = {
                "events": own["events"] + 1,
                "first": own["first"],
                "last": event.occurred,
                "roles": sorted({*own["roles"], *filter(None, roles)}),
                "signed": own["signed"] + (event.type == AGREEMENT and any(role in SIGNING for role in roles)),
                "stated": own["stated"] + (event.stated_by == entity),
            }
        return profiles

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        chronicle, entity = part.split("/")
        own = state[entity]
        roles = ", ".join(own["roles"]) or None
        yield chronicle, entity, own["events"], own["first"], own["last"], roles, own["signed"], own["stated"]


class Signatures(Projection):
    """Who signed what: a row for each party to and each signatory of an agreement."""

    name = "signatures"
    columns = {
        "chronicle": str,
        "agreement": str,
        "type": str,
        "occurred": str,
        "title": str,
        "entity": str,
        "role": str,
    }

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:
        return (f"{moment.chronicle}/{event.id}",)

    @on(AGREEMENT)
    def _sign(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
        return _kept(event, [(entity, role) for entity, role in _roles(event) if role in SIGNING])

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
        return _told(state, part)


def _kept(event: Event, roles: Iterable[tuple[str, str | None]]) -> list[Any]:
    """An event and some who took part in it, as plain values."""
    return [event.type, event.occurred, event.title, [list(one) for one in roles]]


def _told(state: list[Any], part: str) -> Iterable[tuple[Any, ...]]:
    """A row for each of those."""
    *about, roles = state
    return ((*part.split("/"), *about, *one) for one in roles)


def _roles(event: Event) -> list[tuple[str, str | None]]:
    """(entity, role) for each participant, each pair once; who states something takes part as `speaker`."""
    given = [(one, None) if isinstance(one, str) else (one.entity, one.role) for one in event.participants]
    return list(dict.fromkeys(given if event.stated_by is None else [*given, (event.stated_by, SPEAKER)]))

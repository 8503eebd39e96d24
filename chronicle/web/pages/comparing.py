"""The page that compares two dates, or two states of knowledge."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from chronicle.errors import QuestionError, shown
from chronicle.state.diff import Change
from chronicle.web.pages.page import page
from chronicle.web.pages.telling import Teller, key_row
from chronicle.web.pages.view import InPath, TheArchive, TheForm, TheView

_BOUNDS = ("as_of", "known", "position")


@get("/chronicles/{chronicle:str}/compare", sync_to_thread=True, include_in_schema=False)
def compare(request: Request[Any, Any, Any], archive: TheArchive, view: TheView, chronicle: InPath) -> Response[str]:
    """What differs from one basis to another, each change with the events that caused it.

    `before_as_of`, `before_known` and `before_position` say the one, `after_…` the other; what they leave out, the
    view says. Without any of them nothing is compared yet.
    """
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    sides = {
        side: {name: given[f"{side}_{name}"] for name in _BOUNDS if f"{side}_{name}" in given}
        for side in ("before", "after")
    }
    found = following = None
    if any(sides.values()):
        before, after = (_basis(sides[side]) for side in ("before", "after"))
        leaf, diff = archive.compared(chronicle, before, after, turn=given.get("turn"), **view.bounds)
        teller = Teller(leaf.matter, view)
        found = [changed(teller, one) for one in diff.changes]
        if diff.next is not None:
            asked = {f"{side}_{name}": value for side, named in sides.items() for name, value in named.items()}
            following = teller.link("compare", **asked, turn=diff.next, position=leaf.matter.basis.position)
    else:
        teller = Teller(archive.forms_leaf(chronicle, **view.bounds).matter, view)
    return page(
        view,
        "compare.html.j2",
        chronicle=teller,
        changes=found,
        before=sides["before"],
        after=sides["after"],
        following=following,
    )


def changed(teller: Teller, change: Change) -> dict[str, Any]:
    """A change as a row."""
    subject, attribute = key_row(teller, change.key)
    name = str(change.key["attribute"])
    return {
        "kind": change.kind,
        "subject": subject,
        "attribute": attribute,
        "before": teller.held(change.before, name),
        "after": teller.held(change.after, name),
        "doubtful": (
            change.before is not None and not change.before.certain,
            change.after is not None and not change.after.certain,
        ),
        "events": [teller.event(one) for one in change.caused_by],
    }


def _basis(given: TheForm) -> dict[str, Any]:
    """Bounds as `Archive.diff` takes them. Raises QuestionError."""
    basis: dict[str, Any] = dict(given)
    position = given.get("position")
    if position is not None:
        if not (position.isascii() and position.isdigit() and len(position) <= 18):
            raise QuestionError(f"position: {shown(position)} is not the number of a record")
        basis["position"] = int(position)
    return basis

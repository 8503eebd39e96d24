"""The same id again: what a document does to the versions of its id (DESIGN section 3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle.errors import RefusedError
from chronicle.store.append import Appended
from chronicle.store.archive import Store
from tests.builders import IN_MEMORY, a_retraction, an_entity, an_event, codes, column, load, outcomes

A = an_event("x", title="A")
B = an_event("x", title="B")
C = an_event("x", title="C")
GONE = a_retraction("x", note="withdrawn")


def story(appended: Appended) -> list[tuple[str, int, int, int | None]]:
    """The outcome, version and position of each document, and which version is back."""
    return [(one.outcome, one.version, one.position, one.reverted_to) for one in appended.receipts]


def test_new(store: Store) -> None:
    """The first document of an id is new."""
    assert [("new", 1, 1, None)] == story(load(store, A))


def test_corrected(store: Store) -> None:
    """Other content is a correction, one version on."""
    load(store, A)

    assert [("corrected", 2, 2, None)] == story(load(store, B))


def test_reverted(store: Store) -> None:
    """The content of an earlier version is a reversion, and the receipt says to which."""
    load(store, A)
    load(store, B)

    assert [("reverted", 3, 3, 1)] == story(load(store, A))


def test_reverted_to_the_latest_alike(store: Store) -> None:
    """Of several earlier versions alike the receipt names the last."""
    for document in (A, B, A, C):
        load(store, document)

    assert [("reverted", 5, 5, 3)] == story(load(store, A))


def test_retracted(store: Store) -> None:
    """A retraction is a version too."""
    load(store, A)

    assert [("retracted", 2, 2, None)] == story(load(store, GONE))


@pytest.mark.parametrize("again", [A, B])
def test_reasserted(store: Store, again: dict[str, Any]) -> None:
    """After a retraction any content is a reassertion, be it the old one."""
    load(store, A)
    load(store, GONE)

    assert [("reasserted", 3, 3, None)] == story(load(store, again))


@pytest.mark.parametrize("document", [A, GONE])
def test_unchanged(store: Store, document: dict[str, Any]) -> None:
    """The content of the latest version is no new one; the receipt names the position it stands at."""
    load(store, A)
    position = load(store, document).position

    assert [("unchanged", position, position, None)] == story(load(store, document))


def test_content_is_compared_in_canonical_form(store: Store) -> None:
    """Defaults, the order of fields and the normal form of letters make no other content."""
    load(store, an_event("x", title="Caf\u00e9", tags=[]))

    assert ["unchanged"] == outcomes(load(store, dict(reversed(an_event("x", title="Cafe\u0301").items()))))


def test_ids_of_other_kinds_and_chronicles_are_others(store: Store) -> None:
    """An id belongs to its chronicle and kind."""
    load(store, A)

    assert ["new", "new"] == outcomes(load(store, an_entity("x"), {**A, "chronicle": "other"}))


def test_twice_in_one_load(store: Store) -> None:
    """A document that stands twice in a load is appended once; both receipts name its position."""
    assert [("new", 1, 1, None), ("unchanged", 1, 1, None)] == story(load(store, A, A))


def test_a_run_in_one_load(store: Store) -> None:
    """Documents of one id in one load become its versions, in order."""
    appended = load(store, A, B, GONE, A)

    assert ["new", "corrected", "retracted", "reasserted"] == outcomes(appended)
    assert [1, 2, 3, 4] == column(store, "version")


def test_a_run_between_others(store: Store) -> None:
    """A run keeps the places of its documents among those of other ids."""
    load(store, A, an_entity("e"), B, an_entity("f"))

    assert ["x", "e", "x", "f"] == column(store, "id")


def test_a_longer_run_appends_the_rest(store: Store) -> None:
    """Of a run whose beginning is there only the rest is appended."""
    load(store, A, B)

    assert ["unchanged", "unchanged", "reverted", "corrected"] == outcomes(load(store, A, B, A, C))


def test_a_run_is_compared_with_the_last_versions(store: Store) -> None:
    """What equals only earlier versions is not there: it mends the latest."""
    load(store, A, B, C)

    assert [("reverted", 4, 4, 1), ("reverted", 5, 5, 2)] == story(load(store, A, B))


def test_the_longest_beginning_counts(store: Store) -> None:
    """A run that equals the last versions in two ways is there as far as it can be."""
    load(store, A, B, A)

    assert ["unchanged", "corrected"] == outcomes(load(store, A, C))
    assert ["unchanged", "unchanged"] == outcomes(load(store, A, C))


def test_retracting_what_never_was(store: Store) -> None:
    """There is nothing to retract of an id that the log does not have."""
    with pytest.raises(RefusedError, match="there is no event x to retract") as refused:
        load(store, GONE)

    assert {"unknown-id"} == codes(refused.value.problems)


def test_retracting_again_with_another_note(store: Store) -> None:
    """Another reason for a retraction is another version of it."""
    load(store, A, GONE)

    assert ["retracted"] == outcomes(load(store, a_retraction("x", note="for another reason")))


@settings(max_examples=25)
@given(st.lists(st.sampled_from([A, B, C, GONE]), min_size=1, max_size=7), st.integers(1, 7))
def test_an_export_reloaded_repeats_nothing(run: list[dict[str, Any]], cut: int) -> None:
    """However much of a history is there, loading all of it leaves that history and no more."""
    history = [A, *run]
    history = [one for index, one in enumerate(history) if index == 0 or one != history[index - 1]]
    store = Store.open(IN_MEMORY, create=True)
    try:
        load(store, *history[:cut])
        load(store, *history)

        assert list(range(1, len(history) + 1)) == column(store, "version")
        assert ["unchanged"] * len(history) == outcomes(load(store, *history))
    finally:
        store.close()

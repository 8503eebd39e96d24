"""References, citers and attributes in use: what the log and a load together must satisfy."""

from __future__ import annotations

from typing import Any

import pytest

from chronicle.errors import RefusedError
from chronicle.store.archive import Store
from tests.builders import (
    a_fact,
    a_retraction,
    a_source,
    an_attribute,
    an_entity,
    an_event,
    codes,
    column,
    load,
    outcomes,
)

REFERRING = {
    "cited source": an_event("x", sources=["s"]),
    "participant": an_event("x", participants=["e"]),
    "participant with a role": an_event("x", participants=[{"entity": "e", "role": "buyer"}]),
    "who stated it": an_event("x", stated_by="e"),
    "value": an_event("x", a_fact({"entity": "e"})),
}
DECLARED = (a_source("s"), an_entity("e"))


def refusal(store: Store, *documents: dict[str, Any]) -> RefusedError:
    """Why a load is refused."""
    with pytest.raises(RefusedError) as refused:
        load(store, *documents)
    return refused.value


@pytest.mark.parametrize("referring", REFERRING.values(), ids=REFERRING.keys())
def test_undeclared(store: Store, referring: dict[str, Any]) -> None:
    """Sources, participants, entity values and who stated it must be declared."""
    assert {"undeclared"} == {one.code for one in refusal(store, referring).problems if one.is_error}


@pytest.mark.parametrize("referring", REFERRING.values(), ids=REFERRING.keys())
def test_declared_before(store: Store, referring: dict[str, Any]) -> None:
    """What an earlier load declared may be referred to."""
    load(store, *DECLARED)

    assert ["new"] == outcomes(load(store, referring))


@pytest.mark.parametrize("referring", REFERRING.values(), ids=REFERRING.keys())
def test_declared_later_in_the_same_load(store: Store, referring: dict[str, Any]) -> None:
    """Within a load the order does not matter: what comes later may be referred to."""
    assert ["new", "new", "new"] == outcomes(load(store, referring, *DECLARED))


def test_declared_in_another_chronicle(store: Store) -> None:
    """Each chronicle declares for itself."""
    load(store, a_source("s", chronicle="other"))

    assert "undeclared" in codes(refusal(store, an_event("x", sources=["s"])).problems)


def test_referring_to_what_is_retracted(store: Store) -> None:
    """A retracted source can no longer be cited."""
    load(store, a_source("s"), a_retraction("s", "source"))

    assert "undeclared" in codes(refusal(store, an_event("x", sources=["s"])).problems)


def test_every_fault_of_every_document_is_named(store: Store) -> None:
    """A refusal names all that is wrong, not the first."""
    refused = refusal(store, an_event("x", sources=["s"], stated_by="e"), an_event("y", sources=["s"]))

    assert 3 == sum(problem.is_error for problem in refused.problems)
    assert str(refused).endswith("3 refused; nothing was written")


@pytest.mark.parametrize(("kind", "id"), [("source", "s"), ("entity", "e")])
def test_retracting_what_is_cited(store: Store, kind: str, id: str) -> None:  # noqa: A002
    """A source or entity cannot go while others cite it; the refusal names them."""
    load(store, *DECLARED, an_event("x", sources=["s"], stated_by="e"))
    load(store, an_event("y", sources=["s"], participants=["e"]))

    refused = refusal(store, a_retraction(id, kind))

    assert {"still-cited"} == codes(refused.problems)
    assert f"{kind} {id} is still cited by x, y: correct those first" in str(refused)


@pytest.mark.parametrize(
    "without",
    [an_event("x"), a_retraction("x"), an_event("x", sources=["other"])],
    ids=["corrected", "retracted", "cites another"],
)
@pytest.mark.parametrize("first", [True, False], ids=["citer first", "source first"])
def test_retracting_with_the_citers(store: Store, without: dict[str, Any], *, first: bool) -> None:
    """A source goes in the load that corrects or retracts those that cite it, in either order."""
    load(store, a_source("s"), a_source("other"), an_event("x", sources=["s"]))
    gone = a_retraction("s", "source")

    assert 5 == load(store, *((without, gone) if first else (gone, without))).position


def test_retracting_what_was_cited(store: Store) -> None:
    """An earlier version that cites a source does not hold it."""
    load(store, a_source("s"), an_event("x", sources=["s"]))
    load(store, an_event("x"))

    assert ["retracted"] == outcomes(load(store, a_retraction("s", "source")))


def test_retracting_with_an_unchanged_citer(store: Store) -> None:
    """A citer that the load merely repeats still cites."""
    load(store, a_source("s"), an_event("x", sources=["s"]))

    assert {"still-cited"} == {
        one.code
        for one in refusal(store, an_event("x", sources=["s"]), a_retraction("s", "source")).problems
        if one.is_error
    }


def test_a_new_citer_in_the_load_that_retracts(store: Store) -> None:
    """A load cannot retract a source and cite it in the end."""
    load(store, a_source("s"))

    assert "undeclared" in codes(refusal(store, a_retraction("s", "source"), an_event("x", sources=["s"])).problems)


def test_a_history_may_cite_what_it_retracts(store: Store) -> None:
    """A whole history in one load, as an export holds it, may cite a source that it later lets go."""
    history = (
        a_source("s"),
        an_event("x", sources=["s"]),
        an_event("x"),
        a_retraction("s", "source"),
    )

    assert 4 == load(store, *history).position
    assert ["source", "event", "event", "source"] == column(store, "kind")


def test_a_history_cannot_cite_what_never_was(store: Store) -> None:
    """What a load itself supersedes must have been declared at some time too."""
    assert "undeclared" in codes(refusal(store, an_event("x", sources=["s"]), an_event("x")).problems)


def test_a_history_may_change_an_attribute(store: Store) -> None:
    """A superseded fact need not fit what its attribute has become since."""
    history = (
        an_attribute("attribute"),
        an_event("x", a_fact(holds=False)),
        an_event("x", a_fact("a", holds=False)),
        an_attribute("attribute", cardinality="many"),
    )

    assert 4 == load(store, *history).position


@pytest.mark.parametrize(
    ("fact", "cardinality"),
    [
        (a_fact("a", holds=False), "one"),
        (a_fact(holds=False), "many"),
        (a_fact(1, period="2025"), "many"),
    ],
    ids=["denied value", "denial of any", "period"],
)
def test_a_cardinality_that_facts_do_not_fit(store: Store, fact: dict[str, Any], cardinality: str) -> None:
    """An attribute cannot change in a way that its facts do not fit; the refusal names their events."""
    other = {"one": "many", "many": "one"}[cardinality]
    load(store, an_attribute("attribute", cardinality=other), an_event("x", fact))

    refused = refusal(store, an_attribute("attribute", cardinality=cardinality))

    assert {"attribute-in-use"} == codes(refused.problems)
    assert f"cardinality: {cardinality} does not fit facts of x" in str(refused)


def test_a_cardinality_that_facts_fit(store: Store) -> None:
    """Plain values fit either cardinality."""
    load(store, an_attribute("attribute"), an_event("x", a_fact("a")))

    assert ["corrected"] == outcomes(load(store, an_attribute("attribute", cardinality="many")))


def test_a_cardinality_changed_with_its_facts(store: Store) -> None:
    """The attribute and the facts that would not fit may change in one load."""
    load(store, an_attribute("attribute"), an_event("x", a_fact(holds=False)))

    changed = load(store, an_attribute("attribute", cardinality="many"), an_event("x", a_fact("a", holds=False)))

    assert ["corrected", "corrected"] == outcomes(changed)


def test_a_first_declaration_must_fit_too(store: Store) -> None:
    """An attribute declared after its facts is held against them."""
    load(store, an_event("x", a_fact(1, period="2025")))

    assert {"attribute-in-use"} == codes(refusal(store, an_attribute("attribute", cardinality="many")).problems)


def test_an_attribute_whose_facts_need_it_cannot_go(store: Store) -> None:
    """Values denied of an attribute of many would mean nothing once it is read as one value."""
    load(store, an_attribute("attribute", cardinality="many"), an_event("x", a_fact("a", holds=False)))

    refused = refusal(store, a_retraction("attribute", "attribute"))

    assert {"attribute-in-use"} == codes(refused.problems)
    assert "facts of x would be read as one value" in str(refused)


def test_an_attribute_of_plain_values_can_go(store: Store) -> None:
    """Values that are stated, not denied, read as well without their attribute."""
    load(store, an_attribute("attribute"), an_event("x", a_fact("a")))

    assert ["retracted"] == outcomes(load(store, a_retraction("attribute", "attribute")))


def test_an_undeclared_attribute_is_a_warning(store: Store) -> None:
    """A fact of an undeclared attribute is let through, with a warning."""
    assert "undeclared-attribute" in codes(load(store, an_event("x", a_fact("a"))).warnings)

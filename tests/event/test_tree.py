"""The tree is that of RFC 6962: its own figures, another library's, and the laws of its proofs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from chronicle.event.tree import (
    TILE,
    Tiles,
    consistency_proof,
    fold,
    inclusion_proof,
    leaf_hash,
    root,
    root_of_inclusion,
    roots_of_consistency,
)

MOST = 3 * TILE + 5

# The leaves and roots with which Certificate Transparency's own implementations are tested.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tiles_of(leaves: Sequence[bytes]) -> Tiles:
    """The tiles over some leaves."""
    levels = [list(leaves)]
    while len(levels[-1]) >= TILE:
        below = levels[-1]
        levels.append([fold(below[at * TILE : (at + 1) * TILE]) for at in range(len(below) // TILE)])
    return lambda level, index: levels[level][index * TILE : (index + 1) * TILE]


@cache
def many() -> tuple[list[bytes], Tiles]:
    """Some hundreds of leaves, over several tiles."""
    leaves = [leaf_hash(str(number).encode()) for number in range(MOST)]
    return leaves, tiles_of(leaves)


@cache
def other() -> Any:
    """The same leaves in another library's tree."""
    tree = InmemoryTree(algorithm="sha256")
    for number in range(MOST):
        tree.append_entry(str(number).encode())
    return tree


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_of_the_standard(size: int) -> None:
    """Eight leaves that everybody tests with have the roots that everybody has."""
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    assert ROOTS[size] == root(size, tiles_of(leaves)).hex() == fold(leaves[:size]).hex()


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 511, 512, 513, 767, 768, MOST])
def test_roots_of_another_library(size: int) -> None:
    """Below, at and above the bounds of tiles the root is the one that pymerkle computes."""
    assert other().get_root(size) == root(size, many()[1])


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 7), (6, 7), (255, 256), (256, 257), (300, 700), (772, 773)])
def test_inclusion_proofs_of_another_library(index: int, size: int) -> None:
    """An audit path is the one that pymerkle gives, but for the leaf that it puts in front."""
    path = other().prove_inclusion(index + 1, size).path
    assert [node for node in path if node != many()[0][index]] == inclusion_proof(index, size, many()[1])


@given(st.integers(1, MOST).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_an_inclusion_proof_leads_to_the_root(at: tuple[int, int]) -> None:
    """Each leaf has a path to the root of each tree that it is in."""
    leaves, tiles = many()
    index, size = at
    assert root(size, tiles) == root_of_inclusion(index, size, leaves[index], inclusion_proof(index, size, tiles))


@given(st.integers(0, MOST).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))))
def test_a_consistency_proof_leads_to_both_roots(sizes: tuple[int, int]) -> None:
    """Each tree is shown to begin with each smaller one."""
    _, tiles = many()
    old, new = sizes
    first, second = roots_of_consistency(old, new, root(old, tiles), consistency_proof(old, new, tiles))
    assert root(old, tiles) == first
    assert root(new if old else 0, tiles) == second


@given(
    st.integers(2, MOST).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))),
    st.integers(0, 20),
    st.integers(0, 255),
)
def test_a_changed_inclusion_proof_leads_elsewhere(at: tuple[int, int], which: int, bit: int) -> None:
    """Whichever bit of a path is turned, the root is another one."""
    leaves, tiles = many()
    index, size = at
    proof = inclusion_proof(index, size, tiles)
    which %= len(proof)
    turned = bytearray(proof[which])
    turned[bit // 8] ^= 1 << bit % 8
    assert root(size, tiles) != root_of_inclusion(
        index, size, leaves[index], [*proof[:which], bytes(turned), *proof[which + 1 :]]
    )


@given(st.integers(1, MOST).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size))))
def test_a_proof_of_another_length_is_none(at: tuple[int, int]) -> None:
    """A path that is too long or too short is refused, never read as another."""
    leaves, tiles = many()
    index, size = at
    proof = inclusion_proof(index, size, tiles)
    with pytest.raises(ValueError, match="long"):
        root_of_inclusion(index, size, leaves[index], [*proof, bytes(32)])
    if proof:
        with pytest.raises(ValueError, match="short"):
            root_of_inclusion(index, size, leaves[index], proof[:-1])
    consistency = consistency_proof(index, size, tiles)
    with pytest.raises(ValueError, match="long"):
        roots_of_consistency(index, size, root(index, tiles), [*consistency, bytes(32)])
    if consistency:
        with pytest.raises(ValueError, match="short"):
            roots_of_consistency(index, size, root(index, tiles), consistency[:-1])


@pytest.mark.parametrize(
    "call", [lambda tiles: inclusion_proof(5, 5, tiles), lambda tiles: inclusion_proof(-1, 5, tiles)]
)
def test_leaves_outside_the_tree(call: Any) -> None:
    """There is no proof of a leaf that is not there."""
    with pytest.raises(ValueError, match="not in a tree of 5"):
        call(many()[1])


def test_trees_that_shrink() -> None:
    """No tree begins with a larger one."""
    with pytest.raises(ValueError, match="not older"):
        consistency_proof(6, 5, many()[1])
    with pytest.raises(ValueError, match="not older"):
        roots_of_consistency(6, 5, bytes(32), [])


def test_a_tile_that_is_not_whole() -> None:
    """A tree of which hashes are missing has no root."""
    leaves = many()[0]
    with pytest.raises(ValueError, match="lacks hashes"):
        root(300, tiles_of(leaves[:280]))

"""Merkle trees as in certificate logs (RFC 6962 §2.1; proofs are checked as RFC 9162 §2.1.3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def hash_leaf(data: bytes) -> bytes:
    """Return the SHA-256 hash of a leaf of a Merkle tree."""
    return sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the SHA-256 hash of an inner node of a Merkle tree."""
    return sha256(b"\x01" + left + right).digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """Return the root hash of the Merkle tree of these leaves in this order."""
    return _levels(leaves)[-1][0] if leaves else sha256(b"").digest()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes on the way from the leaf at `index` up to the root of a Merkle
    tree.

    Lowest first, for `is_included` (RFC 6962 §2.1.1). Raises `IndexError` if there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path = []
    for level in _levels(leaves)[:-1]:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        index //= 2
    return path


def is_included(data: bytes, index: int, size: int, path: Sequence[bytes], top: bytes) -> bool:
    """Return whether `path` proves that `data` is leaf `index` of the Merkle tree
    with `size` leaves and the root `top`."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, hash_leaf(data)
    for beside in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = hash_node(beside, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = hash_node(found, beside)
        here, last = here >> 1, last >> 1
    return last == 0 and found == top


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return every level of the tree from the leaves up. A node without a sibling moves up."""
    levels = [[hash_leaf(data) for data in leaves]]
    while len(levels[-1]) > 1:
        row = levels[-1]
        above = [hash_node(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        levels.append(above + row[len(row) & ~1 :])
    return levels

"""Merkle trees keep what RFC 6962 promises, for every size and every leaf."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from commands.ballot_secrecy.files import merkle

trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70)


def by_the_letter(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1 as it is written: split at the largest power of two below the size."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = by_the_letter(leaves[:split]), by_the_letter(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_the_standards(leaves: list[bytes]) -> None:
    assert merkle.root_hash(leaves) == by_the_letter(leaves)


def test_the_roots_that_certificate_logs_publish_as_examples() -> None:
    """From the test data of certificate-transparency."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    data.append("606162636465666768696a6b6c6d6e6f")
    leaves = [bytes.fromhex(d) for d in data]
    assert merkle.root_hash([]).hex().startswith("e3b0c44298fc1c149afbf4c8996fb924")
    assert merkle.root_hash(leaves[:1]).hex().startswith("6e340b9cffb37a989ca544e6bb780a2c")
    assert merkle.root_hash(leaves).hex().startswith("5dc9da79a70659a9ad559cb701ded9a2")


@given(trees, st.data())
def test_each_leaf_has_a_proof_and_only_it(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, top, size = merkle.inclusion_path(leaves, index), merkle.root_hash(leaves), len(leaves)
    assert merkle.is_included(leaves[index], index, size, path, top)
    assert not merkle.is_included(leaves[index] + b"!", index, size, path, top)
    assert not merkle.is_included(leaves[index], index, size, path, b"\x00" * 32)
    assert not merkle.is_included(leaves[index], size, size, path, top)
    assert not merkle.is_included(leaves[index], index, size, [*path, b"\x00" * 32], top)
    if path:
        assert not merkle.is_included(leaves[index], index, size, path[:-1], top)
        beside = data.draw(st.integers(0, len(path) - 1))
        bent = [*path]
        bent[beside] = bytes(b ^ 1 for b in bent[beside])
        assert not merkle.is_included(leaves[index], index, size, bent, top)


@given(trees, st.binary(max_size=8), st.data())
def test_no_change_keeps_the_root(leaves: list[bytes], new: bytes, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves]
    changed[index] = new
    assert (merkle.root_hash(changed) == merkle.root_hash(leaves)) == (changed == leaves)
    assert merkle.root_hash([*leaves, new]) != merkle.root_hash(leaves)

"""What is sealed for one contact opens there, for the other of the two, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commands.shares.contact import sealed_address
from commands.shares.contact.sealed_address import SEALED_SIZE, ContactBinding, UnsealError

ADDRESS = "@bea:example.org"
LOW_ORDER = (
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)
"""Every point whose multiples are few, as others write them down (RFC 7748 §7)."""


class Two:
    """The two sides of a contact, each with its key."""

    def __init__(self) -> None:
        self.asker, asker_key = sealed_address.new_key()
        self.author, author_key = sealed_address.new_key()
        self.contact = ContactBinding(
            "l" * 32, "c" * 32, "t" * 32, "network A", asker_key, "network B", author_key
        )

    def sealed(self) -> str:
        contact = self.contact
        return sealed_address.seal_address(
            self.author, contact.asker_key, contact, contact.author, ADDRESS
        )

    def opened(
        self, sealed: str, contact: ContactBinding | None = None, by: str = "network B"
    ) -> str:
        known = contact or self.contact
        return sealed_address.unseal_address(self.asker, known.author_key, known, by, sealed)


def test_each_reads_what_the_other_sealed() -> None:
    two = Two()
    contact = two.contact
    assert two.opened(two.sealed()) == ADDRESS
    back = sealed_address.seal_address(
        two.asker, contact.author_key, contact, contact.asker, "@ana:otra.org"
    )
    assert (
        sealed_address.unseal_address(two.author, contact.asker_key, contact, contact.asker, back)
        == "@ana:otra.org"
    )


def test_its_length_says_nothing_and_two_are_never_alike() -> None:
    two = Two()
    contact = two.contact
    for address in ("@a:b", "@" + "a" * 242 + ":example.org"):
        sealed = sealed_address.seal_address(
            two.author, contact.asker_key, contact, contact.author, address
        )
        assert len(sealed) == 2 * SEALED_SIZE
    assert two.sealed() != two.sealed()
    assert ADDRESS.encode().hex() not in two.sealed()


@pytest.mark.parametrize("part", ["link", "id", "thing", "asker", "author"])
def test_moved_to_another_link_contact_thing_or_network_it_opens_not(part: str) -> None:
    two = Two()
    with pytest.raises(UnsealError):
        two.opened(two.sealed(), replace(two.contact, **{part: "another"}))


def test_neither_is_given_its_own_words_back_as_the_others() -> None:
    two = Two()
    with pytest.raises(UnsealError):
        two.opened(two.sealed(), by="network A")


def test_a_third_key_opens_nothing() -> None:
    two, other = Two(), Two()
    with pytest.raises(UnsealError):
        sealed_address.unseal_address(
            other.asker, two.contact.author_key, two.contact, "network B", two.sealed()
        )
    with pytest.raises(UnsealError):
        two.opened(other.sealed())


def test_what_was_changed_on_the_way_opens_not() -> None:
    two = Two()
    good = two.sealed()
    other = {"0": "1"}
    first, last = other.get(good[0], "0") + good[1:], good[:-1] + other.get(good[-1], "0")
    for sealed in (first, last, good[:-2], good + "00", "", "zz"):
        with pytest.raises(UnsealError):
            two.opened(sealed)


@pytest.mark.parametrize("point", [*LOW_ORDER, "", "00", "zz" * 32, "11" * 33])
def test_a_key_that_is_none_or_that_all_know_is_refused(point: str) -> None:
    two = Two()
    contact = replace(two.contact, asker_key=point, author_key=point)
    with pytest.raises(UnsealError):
        sealed_address.seal_address(two.author, point, contact, "network B", ADDRESS)
    with pytest.raises(UnsealError):
        two.opened(two.sealed(), contact)


def test_what_is_no_address_is_not_cut_off_but_refused() -> None:
    two = Two()
    contact = two.contact
    with pytest.raises(ValueError, match="too long"):
        sealed_address.seal_address(
            two.author, contact.asker_key, contact, contact.author, "@" + "a" * 300
        )

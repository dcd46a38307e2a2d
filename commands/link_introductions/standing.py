"""How each network of a link is known here: compared, introduced and by whom, or neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from bot.api import Context, Number, UserId
from commands.link_introductions import introduction_store, trust_paths
from commands.link_introductions.declaration import NEEDED
from commands.link_introductions.introduction_store import (
    Acceptance,
    Refutation,
    StoredIntroduction,
)
from commands.links import store
from commands.links.connection import hello_steps
from commands.links.store import Peer, PeerState

COUNTING = (PeerState.CODE, PeerState.LINKED)
"""States of networks whose introductions count; those that wait for us too, as part of a way."""


@dataclass(frozen=True)
class LinkStanding:
    """All that is known in one link. `needed`: introducers that a network must have; 0: never."""

    me: UserId
    key: str
    master: str
    now: float
    needed: int
    peers: Sequence[Peer]
    introductions: Sequence[StoredIntroduction]
    accepted: Mapping[UserId, Acceptance]

    @cached_property
    def by_key(self) -> Mapping[str, Peer]:
        """The other networks by their key."""
        return {peer.key: peer for peer in self.peers if peer.key}

    @cached_property
    def by_bot(self) -> Mapping[UserId, Peer]:
        """The other networks of the link, by the account of their bot."""
        return {peer.bot: peer for peer in self.peers}

    def is_false(self, one: StoredIntroduction) -> bool:
        """Return whether an introduction contradicts itself, our moderators, us or the bot
        itself."""
        if one.refuted is not Refutation.NONE:
            return True
        if one.bot == self.me:
            return (one.key, one.master) != (self.key, self.master)
        peer = self.by_bot.get(one.bot)
        known = peer is not None and peer.key is not None
        return known and peer is not None and (one.key, one.master) != (peer.key, peer.master)

    @cached_property
    def false_introductions(self) -> Sequence[StoredIntroduction]:
        """The false introductions of networks that we know."""
        return [
            one
            for one in self.introductions
            if one.introducer in self.by_key and self.is_false(one)
        ]

    @cached_property
    def deceivers(self) -> Set[str]:
        """The keys of networks that introduced another falsely: none of their statements counts."""
        return {one.introducer for one in self.false_introductions}

    @cached_property
    def _counting(self) -> Sequence[StoredIntroduction]:
        """The introductions that count now, of known networks by known networks."""
        return [
            one
            for one in self.introductions
            if one.until > self.now
            and one.introducer not in self.deceivers
            and one.key in self.by_key
            and (by := self.by_key.get(one.introducer)) is not None
            and by.state in COUNTING
        ]

    @cached_property
    def _compared(self) -> Set[str]:
        """The keys of linked networks whose code we compared: all trust begins there."""
        return {
            peer.key
            for peer in self.peers
            if peer.key and peer.compared and peer.state is PeerState.LINKED
        }

    @cached_property
    def _introductions_by(self) -> trust_paths.Introductions:
        return trust_paths.introductions_by((one.introducer, one.key) for one in self._counting)

    @cached_property
    def _reached(self) -> Set[str]:
        """The keys of networks to which we compared a code, or introductions lead."""
        return trust_paths.find_vouched(self._compared, self._introductions_by)

    @cached_property
    def vouched(self) -> Set[str]:
        """The keys of the networks that are vouched for: those whose code we compared, and those to
        which introductions lead from these, over two separate ways if two introducers are `needed`.
        Empty if `needed` is 0."""
        if not self.needed:
            return frozenset()
        if self.needed == 1:
            return self._reached
        return trust_paths.find_vouched_twice(self._compared, self._introductions_by)

    def stands_without(self, peer: Peer, bad: Set[str]) -> bool:
        """Return whether a network would still be accepted on others' word if the introductions by
        the networks `bad` did not count. So no single network can hold up another that several
        introduced."""
        one = self.accepted.get(peer.bot)
        rest = set(one.introducers) - bad if one is not None else set()
        if not rest or not self.needed:
            return False
        left = (
            (word.introducer, word.key)
            for word in self._counting
            if word.introducer not in bad and (word.key != peer.key or word.introducer in rest)
        )
        find = trust_paths.find_vouched if self.needed == 1 else trust_paths.find_vouched_twice
        return peer.key in find(self._compared - bad, trust_paths.introductions_by(left))

    def introducers(self, peer: Peer) -> list[Peer]:
        """Return the networks on whose word another one could be accepted, those with compared
        codes first."""
        found = [
            self.by_key[one.introducer]
            for one in self._counting
            if one.bot == peer.bot and one.introducer in self._reached
        ]
        return sorted(found, key=lambda by: (not by.compared, by.name))

    def is_acceptable(self, peer: Peer) -> bool:
        """Return whether our moderators may accept a network now on others' word."""
        waits = peer.state is PeerState.DOUBTED or (peer.state is PeerState.CODE and not peer.ours)
        return waits and peer.key in self.vouched and bool(self.introducers(peer))

    def relied_on(self, peer: Peer) -> list[Peer]:
        """Return the networks on whose word another one was accepted; none where its code was
        compared."""
        one = self.accepted.get(peer.bot)
        keys = one.introducers if one is not None and not peer.compared else ()
        return [self.by_key[key] for key in keys if key in self.by_key]


async def get_standing(ctx: Context, link: Number) -> LinkStanding:
    """Return how far each network of a link is trusted here, and by whom it was introduced."""
    own = hello_steps.own_side(ctx, "")
    return LinkStanding(
        ctx.me,
        own.key,
        own.master,
        ctx.now.timestamp(),
        int(await ctx.setting_value(NEEDED)),
        await store.peers_of_link(ctx.db, link),
        await introduction_store.introductions_in(ctx.db, link),
        await introduction_store.acceptances_in(ctx.db, link),
    )

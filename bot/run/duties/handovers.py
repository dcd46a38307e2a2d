"""Rooms that go to another bot: who says what, until only one of the two is there.

The bot that has a room answers for it. The other asks (`ask`); what it is answered (`yours`) is the
instant at which it begins and the first one's rows are deleted; then it says so (`here`), and the
first one leaves. Each step may be repeated (docs/decisions/0048).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from bot.capability.context import Context, Origin
from bot.capability.feature import Answer
from bot.delivery.effects import Invite, Join, Leave, Say
from bot.delivery.kinds.handovers import SendHandover
from bot.i18n import _
from bot.lines import Person
from bot.run.duties.restore_notice import NOWHERE, own_context
from bot.run.environment import Environment
from bot.signing.canonical_json import canonical_json
from bot.signing.signer import is_signed
from bot.types import BotInvited, LinkMessage, Membership, MembershipChanged, RoomId, Trust
from storage import outbox_entries, rooms
from storage.database import Tx
from storage.rows.core_rows import CORE_ROWS
from storage.sections import cut, handovers
from storage.sections.cut import SplitRule
from storage.sections.handovers import Handover

ASK, YOURS, HERE, TAKEN_BACK = "ask", "yours", "here", "taken back"

CORE_RULES = (
    SplitRule(
        "delayed_message",
        "waits",
        says=_("Number {number} has a message at the homeserver that waits for its time."),
    ),
)


def split_rules(features: Mapping[str, Any]) -> list[SplitRule]:
    """Return the rules, of the core and of all capabilities, by which each table is divided when a
    network is split."""
    return [*CORE_RULES, *itertools.chain(*(f.split_rules for f in features.values()))]


def all_rows(features: Mapping[str, Any]) -> list[Any]:
    """Return the declarations, of the core and of all capabilities, of which columns hold a room or
    a person."""
    return [*CORE_ROWS, *itertools.chain(*(f.declared_rows for f in features.values()))]


def word_of(section: str, room: RoomId) -> bytes:
    """Return the canonical JSON that one bot signs when it hands a room over to another."""
    return canonical_json({"section": section, "room": room})


# --- the bot that hands over ------------------------------------------------------------------


async def announce_handovers(env: Environment) -> bool:
    """Tell the rooms that are handed over that another bot goes on there, and invite it.

    Return False if there were no new handovers.
    """
    async with env.db.transaction() as tx:
        fresh = [one for one in await handovers.all_of(tx, "out") if not one.told]
        if not fresh:
            return False
        ctx = await own_context(tx, env)
        effects: list[Any] = []
        for one in fresh:
            other = Person(one.peer, full=True)
            for room in await handovers.idle_rooms(tx, one.id):
                lines = (
                    _("From now on {bot} does here what I did: nothing is lost.", bot=other),
                    _("It goes on as soon as it is in this room. Until then nobody does."),
                    _("If it does not come, invite it: {address}", address=one.peer),
                )
                effects += [Say(lines, room=room, loud=True), Invite(one.peer, room)]
            await handovers.mark_told(tx, one.id)
        await env.answers.write_answer(tx, effects, Origin(NOWHERE), ctx.said_at)
    return True


async def answer_in_idle_room(ctx: Context, one: Handover) -> Answer:
    """Return who answers here from now on, to a line in a room that is being handed over.

    Return None if the room is given already, or is to become ours.
    """
    if one.way == "in" or await handovers.is_given(ctx.db, ctx.room):
        return None
    return (
        _("{bot} goes on here, as soon as it is in this room.", bot=Person(one.peer, full=True)),
        _("I note nothing more: please say it again to it."),
    )


async def refuse_vote(ctx: Context, one: Handover) -> Answer:
    """Return the message to a voter that their tap is not counted, because the room is handed over
    to another bot.

    Return None if the room is to become ours.
    """
    if one.way == "in":
        return None
    lines = (
        _("I could not count your tap: {bot} goes on there.", bot=Person(one.peer, full=True)),
        _("Please vote once more when it is in the room."),
    )
    return Say(lines, to=ctx.who, loud=True)


# --- both ---------------------------------------------------------------------------------------


async def answer_event(
    ctx: Context, what: LinkMessage | MembershipChanged | BotInvited, one: Handover
) -> Answer:
    """Take the next step of a handover that this event of the other bot allows, and return the
    answer."""
    if isinstance(what, BotInvited):
        return Join(what.room) if one.way == "in" else None
    if isinstance(what, MembershipChanged):
        came = what.user == ctx.me and what.after is Membership.JOIN
        return _asking(one, what.room) if came and one.way == "in" else None
    if what.sender != one.peer or what.trust is not Trust.SIGNED:
        return None
    if what.content.get("section") != one.id:
        return await answer_stray_step(ctx, what)
    step = what.content.get("step")
    if one.way == "out" and step == ASK:
        return await _hand_over(ctx, what.room, one)
    if one.way == "out" and step == HERE and await handovers.is_given(ctx.db, what.room):
        await handovers.end(ctx.db, what.room)
        return Leave(what.room)
    if one.way == "in" and step == YOURS:
        return await _begin(ctx, what, one)
    if one.way == "in" and step == TAKEN_BACK:
        await outbox_entries.delete_room(ctx.db, what.room)
        return Leave(what.room)
    return None


def _asking(one: Handover, room: RoomId) -> SendHandover:
    return SendHandover(room, {"section": one.id, "step": ASK})


async def _hand_over(ctx: Context, room: RoomId, one: Handover) -> Answer:
    """Delete what was ours here, and say in the same transaction that it is the other bot's."""
    if not await handovers.is_given(ctx.db, room):
        features = ctx.registry.features
        rules = split_rules(features)
        leaving = await cut.plan_cut(ctx.db, [room], rules)
        await cut.cut_out(ctx.db, leaving, all_rows(features), rules)
        await handovers.mark_given(ctx.db, room)
    signature = ctx.signer.sign(word_of(one.id, room))
    content = {"section": one.id, "step": YOURS, "signature": signature}
    return SendHandover(room, content)


async def _begin(ctx: Context, what: LinkMessage, one: Handover) -> Answer:
    """Begin here, if the bot that handed over has signed it by the key that signed the section."""
    signature = str(what.content.get("signature", ""))
    if not is_signed(one.public, word_of(one.id, what.room), signature):
        return None
    await handovers.end(ctx.db, what.room)
    ctx.has_scheduled = True
    return SendHandover(what.room, {"section": one.id, "step": HERE})


async def answer_stray_step(ctx: Context, what: LinkMessage) -> Answer:
    """Tell the other bot that a room which it asks for was taken back, so is not handed over.
    Return what to say, if anything."""
    if what.content.get("step") != ASK or what.trust is not Trust.SIGNED:
        return None
    section = what.content.get("section")
    for one in await handovers.all_of(ctx.db, "out"):
        if (one.id, one.peer) == (section, what.sender):
            return SendHandover(what.room, {"section": one.id, "step": TAKEN_BACK})
    return None


async def ask_again(env: Environment) -> bool:
    """Ask the other bot once more for the rooms that it has not handed over to us. Return whether
    any is missing."""
    async with env.db.transaction() as tx:
        effects = [
            _asking(one, room)
            for one in await handovers.all_of(tx, "in")
            for room in await handovers.idle_rooms(tx, one.id)
            if (known := await rooms.get(tx, room)) is not None and known.joined
        ]
        if effects:
            now = env.clock.now()
            await env.answers.write_answer(tx, effects, Origin(NOWHERE), now)
    return bool(effects)


# --- the bot that takes over --------------------------------------------------------------------


def is_authentic(one: Handover) -> bool:
    """Return whether the signature of the section (the part of a network handed over) still fits
    its content."""
    return is_signed(one.public, one.statement.encode(), one.signature)


async def taken_section(tx: Tx) -> Handover | None:
    """Return the handover by which this database began as a part of another network, or None."""
    return next(iter(await handovers.all_of(tx, "in")), None)

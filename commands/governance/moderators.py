"""Make and unmake moderators, within the power of the bot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    CREATOR,
    MODERATOR_LEVEL,
    ActRequest,
    Answer,
    CommandPlace,
    Context,
    Membership,
    People,
    Person,
    Room,
    RoomId,
    Sentence,
    SetPowerLevel,
    UserError,
    UserId,
    _,
    carry_out,
    has_moderator_power,
    is_moderator_level,
    log,
    moderators,
    require_rank,
    rooms,
    words,
)
from commands.governance.declaration import GOVERNANCE, feature, require_may

POWER_LEVELS_EVENT = "m.room.power_levels"
REPORT_DELAY = timedelta(minutes=10)
"""How long the server may take to report a power that was taken away."""
MAKE = words("dar-moderación", "dar-moderação", "make-moderator")
UNMAKE = words("quitar-moderación", "tirar-moderação", "unmake-moderator")

feature.stands_for(
    words(
        "haz",
        "faz",
        "make",
        "haz a, pon a, pon, nombra a, nombra | faz a, coloca a, coloca, põe a, torna a | promote",
    ),
    "make-moderator",
    takes=re.compile(
        r".{1,60} (?:(?:de|como|a|an|as|the) )?(?:moderador[ae]?s?|moderadores|moderators?|mods?)"
        r"[\s.!]{0,5}",
        re.IGNORECASE,
    ),
)
_MODERATES_TOO = re.compile(
    r"(?:que (?:(?:a|o) )?|let |make |(?:haz|pon|nombra) (?:de |como )?moderador[ae]? (?:a )?"
    r"|faz (?:d[ao] )?)(@?[^\s,;]{1,60})"
    r"(?: (?:tambien|tambem))?"
    r"(?: (?:modere|moderate|(?:as )?an? (?:mod|moderator)|moderador[ae]?))?"
    r"(?: (?:tambien|tambem|too|as well|aqui|here|(?:en )?la sala))?[\s.!]{0,5}"
)
_OF_MODERATING = re.compile(r"\bmod(?:era(?:dor[ae]?|tor|te)|ere)?\b", re.IGNORECASE)
feature.sentences.append(
    Sentence(
        _MODERATES_TOO,
        "make-moderator {}",
        only_if=lambda text: _OF_MODERATING.search(text) is not None,
    )
)


@feature.command(
    MAKE,
    help=_("make somebody a moderator of this room"),
    example=_("For example: `!make-moderator @bea:example.org`"),
    topic=GOVERNANCE,
    where=CommandPlace.ROOM,
)
async def make_moderator(ctx: Context, people: People) -> Answer:
    """Make a person a moderator under the rules of the room. Return the answer."""
    room, person = ctx.target_room, _single_person(people)
    await require_may(ctx, "promote")
    await _require_can_make(ctx, room, person)
    what = _("make {person} a moderator", person=Person(person, full=True))
    ctx.confirm(_("In this room: {what}.", what=what))
    return await carry_out(ctx, ActRequest("promote", room.room, what, {"user": person}))


@feature.command(
    UNMAKE,
    help=_("take the right to moderate this room from somebody"),
    example=_("For example: `!unmake-moderator @bea:example.org`"),
    topic=GOVERNANCE,
    where=CommandPlace.ROOM,
)
async def unmake_moderator(ctx: Context, people: People) -> Answer:
    """Take moderation from a person under the rules of the room. Return the answer.

    Nobody has to agree if it is one's own.
    """
    room, person = ctx.target_room, _single_person(people)
    await require_may(ctx, "demote")
    await _require_can_unmake(ctx, room, person)
    what = _("take the right to moderate from {person}", person=Person(person, full=True))
    ctx.confirm(_("In this room: {what}.", what=what))
    return await carry_out(ctx, ActRequest("demote", room.room, what, {"person": person}))


def _single_person(people: People) -> UserId:
    if len(people) != 1:
        raise UserError(_("One person at a time, please."))
    return people[0]


def _require_bot_power(ctx: Context, room: Room, least: int) -> None:
    """Raise `UserError` that says which power the bot lacks."""
    mine = room.power_of(ctx.me)
    needed = max(room.power_for(POWER_LEVELS_EVENT, state=True), least)
    if mine < needed:
        raise UserError(
            _(
                "I can't change powers in this room: I have {mine} and it takes {needed}.",
                mine=mine,
                needed=needed,
            ),
            _("Whoever has that power can give it to me in their app, or do this there."),
        )


async def _require_can_make(ctx: Context, room: Room, person: UserId) -> None:
    _require_bot_power(ctx, room, MODERATOR_LEVEL)
    if await rooms.membership(ctx.db, room.room, person) is not Membership.JOIN:
        raise UserError(_("{person} is not in this room.", person=Person(person, full=True)))
    if has_moderator_power(room, person):
        raise UserError(_("{person} moderates here already.", person=Person(person, full=True)))


async def _require_can_unmake(ctx: Context, room: Room, person: UserId) -> None:
    level = room.power_of(person)
    if not has_moderator_power(room, person):
        raise UserError(
            _("{person} has no power to moderate here.", person=Person(person, full=True))
        )
    if level >= CREATOR:
        raise UserError(
            _(
                "{person} made this room, and nobody can take that power away in a room"
                " of this version.",
                person=Person(person, full=True),
            )
        )
    _require_bot_power(ctx, room, level + 1)
    if not set(await moderators(ctx, room.room)) - {person, *await _losing_power(ctx, room)}:
        raise UserError(
            _("Nobody else moderates here. Make somebody else a moderator first: `!make-moderator`")
        )


async def _losing_power(ctx: Context, room: Room) -> set[UserId]:
    """Return whose power was taken a moment ago and may not be reported by the server yet."""
    recent = await log.newest_entries(ctx.db, room.room, 20)
    return {
        UserId(entry.facts["user"])
        for entry in recent
        if (entry.feature, entry.act) == (feature.name, "demote")
        and ctx.now - entry.at < REPORT_DELAY
    }


@feature.act("promote", MAKE, _("make somebody a moderator"), urgent=False)
async def promote_person(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act: give a person the power to moderate. Return what to say, if anything."""
    known, person = await ctx.joined_room(room), UserId(payload["user"])
    await _require_can_make(ctx, known, person)
    return [
        _("{person} moderates this room from now on.", person=Person(person, full=True)),
        await _set_power(ctx, known, "promote", person, MODERATOR_LEVEL),
    ]


@feature.act("demote", UNMAKE, _("take the right to moderate from somebody"))
async def demote_person(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act: take the power to moderate from a person. Return what to say, if anything.

    The payload names them `person`, like all acts against somebody: see `services.forget_person`.
    """
    known, person = await ctx.joined_room(room), UserId(payload["person"])
    await require_rank(ctx, known, person)
    await _require_can_unmake(ctx, known, person)
    return [
        _("{person} does not moderate this room any more.", person=Person(person, full=True)),
        await _set_power(ctx, known, "demote", person, 0),
    ]


def _moderator(facts: Mapping[str, Any]) -> dict[str, Any]:
    user = facts.get("user")
    return {"person": Person(UserId(user)) if user else _("somebody who is gone")}


feature.log_line("promote", _("{person} moderates"), values=_moderator)
feature.log_line("demote", _("{person} does not moderate any more"), values=_moderator)


async def _set_power(
    ctx: Context, room: Room, act: str, person: UserId, level: int
) -> SetPowerLevel:
    undo = {"user": person, "level": room.power_of(person), "now": level, "by": ctx.who}
    await ctx.log(act, {"user": person}, room=room.room, undo=undo)
    return SetPowerLevel(person, level, room.entry_of(person), room.room)


@feature.undo("promote")
@feature.undo("demote")
async def restore_power(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Give a person the power level they had before, if it was not changed since and the bot can
    give it. Return what to say, if anything.

    Also to somebody who has left: otherwise an urgent act in their absence would need nobody's
    consent.
    """
    room, person, level = ctx.target_room, UserId(kept["user"]), int(kept["level"])
    if room.power_of(person) != kept["now"]:
        raise UserError(_("That was changed again since then."))
    if not is_moderator_level(level):
        if kept.get("by") != ctx.who:
            await require_rank(ctx, room, person)
        await _require_can_unmake(ctx, room, person)
    elif await rooms.membership(ctx.db, room.room, person) is Membership.BAN:
        raise UserError(_("{person} is not in this room.", person=Person(person, full=True)))
    _require_bot_power(ctx, room, level)
    return SetPowerLevel(person, level, room.entry_of(person), room.room)

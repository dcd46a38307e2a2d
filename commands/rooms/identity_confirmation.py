"""`!confirm @bea`: somebody who knows a person says that the new Matrix identity is theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.api import (
    YES,
    Answer,
    Context,
    Effect,
    Line,
    MissingArgument,
    Moment,
    People,
    Person,
    Room,
    Say,
    Topic,
    UserError,
    UserId,
    _,
    fold_answer,
    identities,
    may_speak,
    named_people,
    rooms,
    words,
)
from commands.rooms.declaration import feature
from commands.rooms.identity_changes import accept_identity

_NO_WORDS = frozenset({"no", "nao", "no es", "nao e", "no fue", "nao foi", "not them", "not her"})

SAFETY = Topic(
    "safety",
    words("protección", "proteção", "protection", "seguridad | segurança | safety"),
    _("To be safe"),
)
"""The same subject as that of the alarm, and there without it."""


@feature.command(
    words(
        "confirmar",
        "confirmar",
        "confirm",
        "confirmar identidad, confirma | confirmar identidade, confirma | confirm identity",
    ),
    help=_("say that a person's new Matrix identity is really theirs"),
    example=_("For example: `!confirm @bea:server.org`. If it isn't them, `no` behind it"),
    topic=SAFETY,
)
async def confirm(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Confirm a person's new identity, or say that it is not theirs. Logged in the rooms shared
    with that person. Return the answer."""
    # A number shows that another command was meant.
    if not people and re.fullmatch(r"\s*#?\d{1,9}\s*", text):
        raise UserError(
            _("`!confirm` is for a person's new identity: `!confirm @bea:server.org`"),
            _(
                "To say that you come: `!going {number}`. To take part in what is decided:"
                " `!pending`",
                number=text.strip(" #"),
            ),
        )
    if not people:
        people, text = await named_people(ctx, text)
    if not people:
        raise MissingArgument("people", _("the person, as `@name:server`"))
    if len(people) != 1:
        raise UserError(_("One person at a time, please: ask each of them first."))
    person = people[0]
    shared = await _permitting_rooms(ctx, person)
    new = await identities.waiting_identity(ctx.db, person)
    if new is None:
        raise UserError(
            _(
                "{person} has no new identity that waits: there is nothing to confirm.",
                person=Person(person),
            )
        )
    if fold_answer(text) in _NO_WORDS:
        return await _disown_identity(ctx, new, shared)
    if fold_answer(text) and fold_answer(text) not in YES:
        raise UserError(  # `no sé` confirms nothing
            _("I changed nothing: of “{text}” I don't know whether it is a yes.", text=text[:40]),
            _(
                "It is {person}: `!confirm {address}`. It is not: `!confirm {address} no`",
                person=Person(person),
                address=person,
            ),
        )
    return await _confirm_identity(ctx, new, shared)


async def _permitting_rooms(ctx: Context, person: UserId) -> list[Room]:
    """Return the rooms shared with the person where the asker may write. Raises `UserError`."""
    if person == ctx.who:
        raise UserError(_("Nobody confirms themselves: ask somebody who knows you."))
    if not ctx.is_trusted:
        raise UserError(_("Not from this device: it is not confirmed as yours. Nothing was done."))
    shared = await rooms.shared_rooms(ctx.db, person)
    mine = [room for room in shared if await may_speak(ctx, room.room, ctx.who)]
    if not mine and ctx.who not in ctx.defaults.moderators:
        raise UserError(
            _(
                "Only somebody who is in a room with that person and me, and may write there, can"
                " confirm it."
            )
        )
    return mine


async def _confirm_identity(
    ctx: Context, new: identities.WaitingIdentity, mine: list[Room]
) -> Answer:
    person, who = Person(new.person, full=True), Person(ctx.who, full=True)
    if new.key != new.told:
        await identities.mark_told(ctx.db, new.person, new.key, ctx.said_at)
        return _(
            "{person}'s identity changed once more, on {moment}. Ask about that change too,"
            " then write it again.",
            person=person,
            moment=Moment(new.changed),
        )
    if new.denied and not await _moderates_any(ctx, mine):
        raise UserError(
            _(
                "Somebody said that this is not {person}. Now only a moderator of a room with them"
                " can confirm it.",
                person=person,
            )
        )
    done = _(
        "{who} confirmed that it is {person}: the new identity counts from now on.",
        who=who,
        person=person,
    )
    wrong = _("Is that not right? Tell the moderators at once. It stands in `!log`.")
    effects = await accept_identity(ctx, new, "confirmed", done, wrong)
    return _answer_here(ctx, effects, done, wrong)


async def _disown_identity(
    ctx: Context, new: identities.WaitingIdentity, mine: list[Room]
) -> Answer:
    await identities.mark_denied(ctx.db, new.person)
    shared = await rooms.shared_rooms(ctx.db, new.person)
    for room in shared:
        await ctx.log("disowned", {"user": new.person}, room=room.room)
    lines = (
        _(
            "{who} says that the new identity is not {person}. It won't count by itself any more.",
            who=Person(ctx.who, full=True),
            person=Person(new.person, full=True),
        ),
        _(
            "Moderators: `!remove {address} …` takes it out of the room until they have their"
            " account again.",
            address=new.person,
        ),
        _("If it was them after all: `!confirm {address}`", address=new.person),
    )
    return _answer_here(ctx, [Say(lines, room=one.room, loud=True) for one in shared], *lines)


def _answer_here(ctx: Context, effects: Sequence[Line | Effect], *lines: Line) -> Answer:
    """Answer here, and announce it in the other rooms."""
    told = [one for one in effects if not (isinstance(one, Say) and one.room == ctx.room)]
    return [*lines, *told]


async def _moderates_any(ctx: Context, mine: list[Room]) -> bool:
    if ctx.who in ctx.defaults.moderators:
        return True
    return any([await ctx.moderates(room.room) for room in mine])

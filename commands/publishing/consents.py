"""Ask people whether their name may stand in what is public, and keep to what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    DONE_LINES,
    LATE_LINES,
    SAID,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Number,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    localpart,
    may_speak,
    one_line,
    public_services,
    rooms,
    shorten_line,
)
from commands.decision_rules.vote_rules import label_look
from commands.publishing import publication, store
from commands.publishing.declaration import REMAKE_JOB, feature
from commands.publishing.publication import MadePublication
from storage.database import Tx

LONGEST_NAME, MOST_LATE = 40, 3
MOST_YES = 3
"""How often somebody can let their name stand in one public item. Each yes after a no, and each no
after it, is a line of a log that never gets shorter."""
_DECEIVING = re.compile(r"@|//|www\.|\w\.[^\W\d_]{2}")
"""An address, a handle or a link in a name."""
LooksByRoom = dict[RoomId, dict[str, set[UserId]]]
"""Who goes by a name that looks so, of rooms that were read already."""


async def people_to_ask(ctx: Context, item: Item, made: MadePublication) -> list[UserId]:
    """Return the people who would be named in public, were not asked yet and may speak in the room.

    Nobody else is: whom a text names by their address would tell that they are in another room.
    """
    new = made.named - await store.asked_people(ctx.db, item.number)
    return [person for person in sorted(new) if await may_speak(ctx, item.room, person)]


async def ask_named(ctx: Context, item: Item, made: MadePublication) -> None:
    """Ask the people in private who would be named in public, each of them once."""
    looks: LooksByRoom = {}
    for person in await people_to_ask(ctx, item, made):
        if await ctx.begin_dialogue("consent", person, {"number": item.number}):
            name = await _own_name(ctx, person, item, looks)
            await store.put_answer(ctx.db, item.number, person, None, name, ctx.now)


@feature.dialogue("consent", can_wait=True)
async def ask_consent(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask one person whether they may be named in one public item, and store their answer."""
    number = Number(data["number"])
    item = await items.get(ctx.db, number)
    if item is None or not await store.is_public(ctx.db, number):
        return None
    if await store.answer_of(ctx.db, number, ctx.who) is not None:
        return None
    answer = ctx.ask(
        "consent",
        SAID,
        _(
            "{number}, “{title}”, is public. Your name would stand in it: “{name}”.",
            number=number,
            title=shorten_line(item.title),
            name=await _name_asked(ctx, number),
        ),
        _("Now it says “{somebody}” there.", somebody=public_services.SOMEBODY),
        _("If you say yes, whoever keeps a copy keeps your name, even if you change your mind."),
        _("May it? `yes` or `no`"),
    )
    return await settle_consent(ctx, number, yes=answer == "yes")


@feature.offers(LATE_LINES.of("consent"))
async def late_lines(ctx: Context, answer: str) -> list[Line]:
    """Return how somebody can still agree to be named whose yes came too late."""
    if answer != "yes":
        return []
    asked = await store.answers_of(ctx.db, ctx.who)
    return [
        _("To say yes now: `publish my name {number}`", number=number)
        for number, said in asked.items()
        if said is None and await store.is_public(ctx.db, number)
    ][-MOST_LATE:]


@feature.offers(DONE_LINES)
async def done_lines(ctx: Context, answer: str) -> list[Line]:
    """Return that the name stands there already to a second yes within a day of the question."""
    number = await _last_yes(ctx.db, ctx.who, ctx.now - timedelta(days=1))
    if answer != "yes" or number is None or not await store.is_public(ctx.db, number):
        return []
    return [
        _("It is done: you agreed that your name stands in {number}.", number=number),
        _("To take that back: `withdraw my name {number}`", number=number),
    ]


async def _last_yes(tx: Tx, person: UserId, since: datetime) -> Number | None:
    """Return the item where this person, last asked after `since`, agreed to be named, or None."""
    row = await tx.one(
        "SELECT number FROM publishing_consent WHERE person = ? AND answer = 1 AND asked >= ?"
        " ORDER BY asked DESC LIMIT 1",
        person,
        since.timestamp(),
    )
    return None if row is None else Number(row["number"])


async def settle_consent(ctx: Context, number: Number, *, yes: bool) -> list[Line | Effect]:
    """Store a person's answer about being named, and make the public document anew. Return the
    answer to them.

    The name is the one that the question showed. The room reads which came in, so a yes takes the
    right to speak there. A no always counts; a yes after `MOST_YES` others does not.
    """
    before, item = await store.answer_of(ctx.db, number, ctx.who), await items.get(ctx.db, number)
    if yes and item is not None and not await may_speak(ctx, item.room, ctx.who):
        line = _(
            "I don't put your name into {number}: only who may write in its room can say yes.",
            number=number,
        )
        return [line]
    times = 0 if not yes or before else 1 + await store.times_agreed(ctx.db, number, ctx.who)
    if times > MOST_YES:
        return [
            _(
                "Your name went into {number} {times} times and out again. Now it stays out.",
                number=number,
                times=MOST_YES,
            )
        ]
    name = await _name_asked(ctx, number) if yes else ""
    await store.put_answer(ctx.db, number, ctx.who, yes, name, ctx.now)
    if yes != bool(before):
        facts = {"number": number, "erased": not yes, "person": None if yes else ctx.who}
        await ctx.schedule(REMAKE_JOB, ctx.now, payload=facts)
    if yes:
        return [
            _("Your name will stand in {number}: “{name}”.", number=number, name=name),
            _("To take that back: `withdraw my name {number}`", number=number),
            *((_("If you take it back once more, it stays out."),) if times == MOST_YES else ()),
            *(() if before or item is None else _tell_room(ctx, item, name)),
        ]
    if before:
        return [
            _("I take your name out of {number}.", number=number),
            _("Whoever has the earlier one keeps it."),
        ]
    if written := await publication.own_lines(ctx, number):
        return [*written]
    return [_("Your name does not stand in {number}.", number=number)]


def _tell_room(ctx: Context, item: Item, name: str) -> list[Effect]:
    line = _(
        "{person} lets their name stand in {number}, “{title}”: “{name}”.",
        person=Person(ctx.who),
        number=item.number,
        title=shorten_line(item.title),
        name=name,
    )
    return [Say((line,), room=item.room, item=item.number)]


async def withdraw_names(ctx: Context, person: UserId) -> int:
    """Delete every yes of a person to being named in public. Return how many there were."""
    given = [number for number, yes in (await store.answers_of(ctx.db, person)).items() if yes]
    for number in given:
        await store.put_answer(ctx.db, number, person, False, "", ctx.now)
        facts = {"number": number, "erased": True, "person": person}
        await ctx.schedule(REMAKE_JOB, ctx.now, payload=facts)
    return len(given)


async def refuse_open(ctx: Context, person: UserId) -> int:
    """Store a no wherever a person was asked about being named and has not answered. Return how
    many there were."""
    asked = await store.answers_of(ctx.db, person)
    unanswered = [number for number, yes in asked.items() if yes is None]
    for number in unanswered:
        await store.put_answer(ctx.db, number, person, False, "", ctx.now)
    await ctx.end_own_question(person)
    return len(unanswered)


async def require_named(ctx: Context, number: Number) -> None:
    """Raise `UserError` if the person was never asked about their name in this item."""
    known = await store.answers_of(ctx.db, ctx.who)
    if not await store.is_public(ctx.db, number):
        raise UserError(
            _("Nothing of {number} is public.", number=number),
            _("What is public: `!publish`"),
        )
    if number not in known:
        if written := await publication.own_lines(ctx, number):
            raise UserError(*written)
        raise UserError(
            _("Your name is not in what is public of {number}.", number=number),
            _("There is nothing to do. If I ever need your yes for it, I ask you in private."),
        )


async def _name_asked(ctx: Context, number: Number) -> str:
    """Return the name that the person was asked about; the one they have now after a no."""
    if name := await store.name_of(ctx.db, number, ctx.who):
        return name
    return await _own_name(ctx, ctx.who, await items.get(ctx.db, number), {})


async def _own_name(ctx: Context, person: UserId, item: Item | None, looks: LooksByRoom) -> str:
    """Return the name that the people of the item's room see. Their localpart, if it may deceive.

    An address, a link or another's name would stand in public as if that other had agreed.
    """
    name = await rooms.display_name(ctx.db, person, item.room if item else None)
    shown = one_line(name)[:LONGEST_NAME].strip()
    if not shown or _DECEIVING.search(shown) or await _is_of_another(ctx, person, shown, looks):
        return localpart(person)
    return shown


async def _is_of_another(ctx: Context, person: UserId, name: str, looks: LooksByRoom) -> bool:
    """Return whether somebody else who shares a room with the person is called so, or looks so."""
    look = label_look(name)
    for room in await rooms.shared_rooms(ctx.db, person):
        if room.room not in looks:
            looks[room.room] = await _looks_in(ctx, room.room)
        if looks[room.room].get(look, set()) - {person}:
            return True
    return False


async def _looks_in(ctx: Context, room: RoomId) -> dict[str, set[UserId]]:
    found: dict[str, set[UserId]] = {}
    for person, shown in (await rooms.member_names(ctx.db, room)).items():
        for name in (shown, localpart(person)):
            found.setdefault(label_look(name), set()).add(person)
    return found

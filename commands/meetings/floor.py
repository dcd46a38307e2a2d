"""The queue of speakers, in the order of raised hands; those who have not spoken go first."""

from __future__ import annotations

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Edit,
    Effect,
    Line,
    MessageRef,
    Person,
    Reach,
    Rest,
    Say,
    SubCommands,
    UserError,
    _,
    acknowledge,
    words,
)
from commands.meetings import declaration, floor_store, store
from commands.meetings.declaration import MEETINGS, feature
from commands.meetings.store import Meeting

SHOWN = 20
LIST_SLOT = "speakers"
NEXT = words("siguiente", "seguinte", "next", "sigue, pasar, próximo, próxima")
LIST = words(
    "lista", "lista", "list", "listar, ver, quién, quiénes, fila, cola | quem | queue, who"
)
LOWER = words(
    "bajar",
    "baixar",
    "lower",
    "no, baja, retirar, sacar, salir | não, sair, tirar | down, off",
)
HAND = SubCommands()


@feature.command(
    words(
        "palabra",
        "inscrição",
        "hand",
        "pido la palabra, mano, levantar la mano, levanto la mano, quiero hablar, pido "
        "palabra, pido turno, fila | "
        "palavra, inscrever, mão, peço a palavra, levantar a mão, levanto a mão, quero "
        "falar, fala, me inscreve para falar, me inscreve pra falar, quero a palavra | "
        "floor, raise hand, raise my hand",
    ),
    help=_("raise your hand in a meeting; `!hand next` gives the floor to who is next"),
    example=_("For example: `!hand`, `!hand list`, `!hand next`"),
    topic=MEETINGS,
    reach=Reach.ROOM,
    subs=HAND,
)
async def raise_hand(ctx: Context, *, words: Rest = NOTHING) -> Answer:
    """Put the person on the list of who wants to speak in the meeting. What they want to say is not
    stored. Return the answer."""
    meeting = await _meeting(ctx)
    await floor_store.raise_hand(ctx.db, meeting.item, ctx.who)
    place = (await floor_store.speaker_queue(ctx.db, meeting.item)).index(ctx.who) + 1
    lines = [_("Noted: you are number {place} to speak.", place=place)]
    if place > 1:
        lines.append(_("Who has not spoken yet goes first. To leave the list: `!hand no`"))
    return await _acknowledge(ctx, meeting, *lines)


async def _acknowledge(ctx: Context, meeting: Meeting, *lines: Line) -> Answer:
    """Answer with the lines, or where a ✓ is enough with that and the list of who speaks."""
    said = Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=meeting.item)
    sign = await acknowledge(ctx, said)
    return said if sign is said else [sign, await _show_list(ctx, meeting)]


async def _show_list(ctx: Context, meeting: Meeting) -> Effect:
    """Return the one message with who speaks and who is next, or its edit."""
    waiting = await floor_store.speaker_queue(ctx.db, meeting.item)
    names = tuple(
        Line("{place} {person}", {"place": place, "person": Person(one)})
        for place, one in enumerate(waiting[:SHOWN], start=1)
    )
    line = _("Next: {people}", people=names) if names else _("Nobody waits to speak.")
    if await floor_store.note_listed(ctx.db, meeting.item):
        return Edit(MessageRef(meeting.item, LIST_SLOT), (line,), room=meeting.room)
    return declaration.meeting_message(meeting, line, slot=LIST_SLOT)


async def _meeting(ctx: Context) -> Meeting:
    """Return the meeting here, and record that it is used."""
    meeting = await declaration.current_meeting(ctx)
    await store.record_activity(ctx.db, meeting.item, ctx.said_at)
    return meeting


@HAND.sub(LOWER, help=_("lower your hand"))
async def lower_hand(ctx: Context) -> Answer:
    """Take the person off the list of who wants to speak in the meeting. Return the answer."""
    meeting = await _meeting(ctx)
    gone = await floor_store.lower_hand(ctx.db, meeting.item, ctx.who)
    if not gone:
        return _("You are not on the list.")
    return await _acknowledge(ctx, meeting, _("You are off the list."))


@HAND.sub(LIST, help=_("who waits to speak"))
async def list_hands(ctx: Context) -> Answer:
    """List who waits to speak in the meeting. Return the answer."""
    return await _list(ctx, await _meeting(ctx))


@HAND.sub(NEXT, help=_("give the floor to who is next"))
async def give_floor(ctx: Context) -> Answer:
    """Let the next person on the meeting's list speak. Return the answer."""
    return await _next(ctx, await _meeting(ctx))


async def _list(ctx: Context, meeting: Meeting) -> Answer:
    waiting = await floor_store.speaker_queue(ctx.db, meeting.item)
    lines: list[Line] = []
    if meeting.speaker:
        lines.append(_("Speaking: {person}", person=Person(meeting.speaker)))
    if not waiting:
        return [*lines, _("No hand is raised. To speak: `!hand`")]
    names = tuple(Person(one) for one in waiting[:SHOWN])
    return [
        *lines,
        _("Next, first those who have not spoken yet: {people}", people=names),
        _("To go on: `!hand next`"),
    ]


async def _next(ctx: Context, meeting: Meeting) -> Answer:
    """Give the floor to the next. Whoever has it and whoever leads the meeting may."""
    if ctx.who != meeting.speaker and not await declaration.leads(ctx, meeting):
        raise UserError(
            _(
                "You can't give the floor: that is for who has it, who began the meeting or the"
                " moderators."
            )
        )
    waiting = await floor_store.speaker_queue(ctx.db, meeting.item)
    if not waiting:
        return _("No hand is raised. To speak: `!hand`")
    first, *others = waiting
    await floor_store.give_floor(ctx.db, meeting.item, first)
    line = _("{person} has the floor.", person=Person(first))
    listed = await floor_store.is_listed(ctx.db, meeting.item)
    if others and not listed:
        then = tuple(Person(one) for one in others[:3])
        line = _("{person} has the floor. Then: {people}", person=Person(first), people=then)
    floor = Say((line,), room=meeting.room, thread=meeting.thread, mentions=(first,), loud=True)
    return [floor, await _show_list(ctx, meeting)] if listed else floor

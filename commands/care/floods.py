"""Flood detection by limits that a room sets: mute the person, or alert the moderators."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Length,
    Line,
    Person,
    Room,
    RoomFlood,
    Setting,
    UserId,
    WholeNumber,
    _,
    answer_parts,
    moderators,
    rooms,
    tell_moderators,
    words,
)
from commands.care import measures, permission
from commands.care.declaration import feature
from commands.care.measure_store import Deed

MOST_TOLD = 5


PERSON_LIMIT = Setting(
    "flood_person",
    words("mensajes-por-minuto", "mensagens-por-minuto", "messages-per-minute"),
    WholeNumber(3, 600, off=True),
    "0",
    _("Who writes more messages than this in a minute is silenced for some minutes."),
)
MENTION_LIMIT = Setting(
    "flood_mentions",
    words("menciones-por-mensaje", "menções-por-mensagem", "mentions-per-message"),
    WholeNumber(2, 100, off=True),
    "0",
    _("Who mentions more people than this in one message is silenced for some minutes."),
)
INVITE_LIMIT = Setting(
    "flood_invites",
    words("invitaciones-por-persona", "convites-por-pessoa", "invites-per-person"),
    WholeNumber(2, 500, off=True),
    "0",
    _("Who invites more people than this in ten minutes is silenced for some minutes."),
)
SERVER_LIMIT = Setting(
    "flood_server",
    words("mensajes-por-servidor", "mensagens-por-servidor", "messages-per-server"),
    WholeNumber(5, 6000, off=True),
    "0",
    _("With more messages than this in a minute from one server the moderators are told."),
)
ROOM_LIMIT = Setting(
    "flood_room",
    words("mensajes-en-la-sala", "mensagens-na-sala", "messages-in-room"),
    WholeNumber(5, 6000, off=True),
    "0",
    _("With more messages than this in a minute in the room the moderators are told."),
)
JOIN_LIMIT = Setting(
    "join_wave",
    words("ola-de-ingresos", "onda-de-entradas", "join-wave"),
    WholeNumber(3, 2000, off=True),
    "0",
    _(
        "With more people than this coming in within ten minutes a public room is closed for an"
        " hour, and the moderators are told."
    ),
)
MUTE_LENGTH = Setting(
    "flood_silence",
    words("silencio-por-exceso", "silêncio-por-excesso", "flood-silence"),
    Length(timedelta(minutes=1), timedelta(days=1)),
    str(10 * 60),
    _("How long somebody is silenced for too much at once."),
)
feature.settings += [
    PERSON_LIMIT,
    MENTION_LIMIT,
    INVITE_LIMIT,
    SERVER_LIMIT,
    ROOM_LIMIT,
    JOIN_LIMIT,
    MUTE_LENGTH,
]


@feature.on(RoomFlood)
async def handle_flood(ctx: Context, what: RoomFlood) -> Answer:
    """Mute a person who floods a room. For a server or a whole room, tell the moderators. Return
    what to say, if anything."""
    room = await rooms.get(ctx.db, what.room)
    if room is None:
        return None
    if what.kind == PERSON_LIMIT.key:
        return await mute_flooder(ctx, room, what.user, _("many messages at once"))
    if what.kind == MENTION_LIMIT.key:
        return await mute_flooder(ctx, room, what.user, _("many people mentioned at once"))
    named = {"room": room.name or room.room, "count": what.most}
    if what.kind == SERVER_LIMIT.key:
        server = what.user.partition(":")[2]
        said = _(
            "In “{room}” there are more than {count} messages a minute from {server}.",
            server=server,
            **named,
        )
    else:
        said = _("In “{room}” there are more than {count} messages a minute.", **named)
    step = _("To silence somebody: `!mute @name:server 1h` and the reason")
    return await alert_moderators(ctx, room, said, step)


async def mute_flooder(ctx: Context, room: Room, person: UserId, why: Line) -> list[Line | Effect]:
    """Mute somebody who floods briefly in the bot's own name, and tell the moderators. The muted
    person can appeal. Return what to say."""
    named = {"who": Person(person, full=True), "room": room.name or room.room, "why": why}
    seconds = int(await ctx.setting_value(MUTE_LENGTH, room.room))
    if await permission.find_hindrance(ctx, Deed.MUTE, room, person) is not None:
        said = _("In “{room}”, {who}: {why}. I can't silence them there.", **named)
        return await alert_moderators(ctx, room, said)
    reason = await ctx.render_line(why, room.room)
    given = {"person": person, "seconds": seconds, "reason": reason}
    answer = await measures.mute(ctx, room.room, given)
    said = _(
        "In “{room}” I silenced {who} for {minutes} min: {why}.", minutes=seconds // 60, **named
    )
    done = [one for one in answer_parts(answer) if not isinstance(one, Line)]
    return [
        *done,
        *await alert_moderators(ctx, room, said, _("It stands in `!log`. To go back: `!undo`")),
    ]


async def alert_moderators(ctx: Context, room: Room, *lines: Line) -> list[Line | Effect]:
    """Return the effect that writes to the moderators' room, or to the room's moderators if none is
    set."""
    here = await moderators(ctx, room.room)
    return [*await tell_moderators(ctx, lines, here[:MOST_TOLD])]

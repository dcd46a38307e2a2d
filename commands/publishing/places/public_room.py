"""`!publish room #name`: a room that everybody can read, in which the bot alone writes."""

from __future__ import annotations

import re

from bot.api import (
    NOTHING,
    Answer,
    Callback,
    Context,
    Job,
    Line,
    Number,
    Rest,
    RoomId,
    Say,
    TakesBack,
    UserError,
    _,
    network_only,
    public_services,
    words,
)
from commands.publishing.declaration import PUBLISH_SUBS, feature
from commands.publishing.places import room_store
from commands.publishing.places.room_store import PublicRoom

OPENED_JOB = feature.job("room opened")
EXAMPLE = _("For example: `!publish room #news`, and to end it `!publish room no`")
ALIAS = re.compile(r"[a-z0-9][a-z0-9._-]{1,49}")
_OWN = "minga-"
"""How the addresses of the bot's other rooms begin."""
ClosePublicRoom = public_services.public_posts.ClosePublicRoom
OpenPublicRoom = public_services.public_posts.OpenPublicRoom


@PUBLISH_SUBS.sub(
    words(
        "sala",
        "sala",
        "room",
        "sala pública, en una sala, en la sala, una sala, canal, la sala, sala nueva"
        " | sala pública, numa sala, na sala, uma sala, canal, a sala, sala nova"
        " | public room, in a room, a room, the room, channel, new room",
    ),
    help=_("post what is public in a room that everybody can read"),
    example=EXAMPLE,
)
async def publish_room(ctx: Context, back: TakesBack, *, rest: Rest = NOTHING) -> Answer:
    """Open the public room with this address, or close it; without words, say which one there
    is."""
    if ctx.who not in ctx.defaults.moderators:
        raise network_only(ctx.defaults.moderators)
    place = await room_store.open_room(ctx.db)
    if back:
        return await _end(ctx, place)
    if not rest.strip():
        return [_place_line(ctx, place), EXAMPLE]
    if place is not None:
        raise UserError(
            _place_line(ctx, place),
            _("There is one at most. To end it: `!publish room no`"),
        )
    alias = _alias(ctx, rest)
    if ctx.defaults.practice:
        return [
            _(
                "Outside of practice I would open {address} now, for everybody to read.",
                address=alias,
            ),
            _("Here nothing becomes public, whatever you try."),
        ]
    ctx.confirm(
        _(
            "I open the room {address}. I post there what becomes public from now on.",
            address=alias,
        ),
        _("Only I write there. It is not encrypted: everybody can read it, all servers too."),
        _("Who joins it is seen by all. Who is in danger better reads it without joining."),
        _("I hear nothing there, and it counts in nothing as a room of the network."),
        to=alias,
    )
    name = alias.removeprefix("#").partition(":")[0]
    await room_store.begin_room(ctx.db, name, ctx.room, ctx.now)
    topic = _("What {network} makes public. Only its bot writes here.", network=_network(ctx))
    return [
        _("I open {address}. I tell you as soon as it is there.", address=alias),
        OpenPublicRoom(
            name,
            _network(ctx),
            await ctx.render_line(topic, ctx.room),
            Callback.of(OPENED_JOB, Number(0)),
        ),
    ]


async def _end(ctx: Context, place: PublicRoom | None) -> Answer:
    if place is None:
        raise UserError(_place_line(ctx, place), EXAMPLE)
    ctx.confirm(
        _(
            "I post nothing more in {address}, and let nobody else in.",
            address=_address(ctx, place),
        ),
        _("What stands there stays, and can be read. What changes or is withdrawn I take away."),
    )
    await room_store.end_room(ctx.db, place.alias, ctx.now)
    said = _("Nothing more is posted in {address}.", address=_address(ctx, place))
    if not place.room:
        return said
    return [said, ClosePublicRoom(place.room, await ctx.render_line(_CLOSED, ctx.room))]


_CLOSED = _("Nothing more is posted here.")


@feature.runs(OPENED_JOB)
async def note_opened(ctx: Context, job: Job) -> Answer:
    """Store which room the new public room is, and say so where it was asked for; or why there is
    none."""
    place = await room_store.open_room(ctx.db)
    if place is None:  # it was ended meanwhile
        made = RoomId(str(job.payload["room"]))
        closing = ClosePublicRoom(made, await ctx.render_line(_CLOSED, made))
        return None if job.payload["code"] else closing
    address = _address(ctx, place)
    if job.payload["code"]:
        await room_store.forget_room(ctx.db, place.alias)
        lines: tuple[Line, ...] = (
            _("I could not open {address} ({code}).", address=address, code=job.payload["code"]),
            _("Perhaps somebody has this address: try another one, `!publish room #other`"),
        )
        return Say(lines, room=place.asked_in, loud=True)
    await room_store.set_room(ctx.db, place.alias, RoomId(str(job.payload["room"])))
    lines = (
        _("{address} is open: everybody can read it.", address=address),
        _("What becomes public from now on I post there too."),
    )
    return Say(lines, room=place.asked_in, loud=True)


def _place_line(ctx: Context, place: PublicRoom | None) -> Line:
    if place is None:
        return _("There is no public room.")
    return _("The public room is {address}.", address=_address(ctx, place))


def _address(ctx: Context, place: PublicRoom) -> str:
    return f"#{place.alias}:{_server(ctx)}"


def _alias(ctx: Context, said: str) -> str:
    """Return the address that was meant. Raises `UserError` for one that can't be."""
    name, _sign, server = said.strip().strip("`\"'").removeprefix("#").partition(":")
    name = name.strip().lower()
    if server and server.strip() != _server(ctx):
        raise UserError(
            _("I open it at my own server: {server}", server=_server(ctx)),
            EXAMPLE,
        )
    if not ALIAS.fullmatch(name) or name.startswith(_OWN):
        raise UserError(
            _("An address has letters from a to z, digits, `-`, `_` and `.`, and no spaces."),
            EXAMPLE,
        )
    return f"#{name}:{_server(ctx)}"


def _server(ctx: Context) -> str:
    return ctx.me.partition(":")[2]


def _network(ctx: Context) -> str:
    return ctx.defaults.network or "Minga"

"""`!introduce-yourself`: the first message for a room, and a poster with a QR to the bot."""

from __future__ import annotations

from functools import partial

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Line,
    Person,
    RoomId,
    Say,
    SendFile,
    SubCommands,
    UserError,
    _,
    moderators,
    words,
)
from commands.care.declaration import MODERATE
from commands.introduction.declaration import feature

SUBS = SubCommands()
MOST_NAMED = 4
"""How many moderators the first message names, to whom people can turn."""
FILE_STEM = words("cartel", "cartaz", "poster")
POSTER_LINES = (
    _("Point your camera here to write to me in private."),
    _("To vote: tap the option, or reply with its number."),
    _("To go to an event: `going` and its number."),
    _("What is open: `pending`. What comes: `events`. What was agreed: `decisions`."),
    _("If somebody hurt you: `incident`. In danger now: `panic`."),
)


@feature.command(
    words(
        "presentarte",
        "apresente-se",
        "introduce-yourself",
        "preséntate, presentación, presentarse"
        " | apresentar-se, apresentação, se apresente | introduction",
    ),
    help=_("say to the room what I am; with `poster` behind it, a poster to print"),
    example=_("For example: `!introduce-yourself` or `!introduce-yourself poster`"),
    topic=MODERATE,
    where=CommandPlace.ROOM,
    subs=SUBS,
)
async def introduce(ctx: Context) -> Answer:
    """Post the message by which the bot introduces itself in a room. Return the answer. Raises
    `UserError` for who doesn't moderate it."""
    room = await _moderated_room(ctx)
    lines = [
        _(
            "From today I live in this room. I am a program that {network} hosts for itself.",
            network=ctx.defaults.network,
        ),
        _("I read the messages to find those that are for me, and I don't keep the talk."),
        _("Nothing to learn: when there is a vote, tap an option or reply with its number."),
        _("To see what there is: `!pending` · `!events`"),
        *await _whom_to_ask(ctx, room),
        _("If something hurt you, write to me in private: `incident`. In danger now: `panic`"),
    ]
    return Say(tuple(lines), room=room, loud=True)


@SUBS.sub(
    words("cartel", "cartaz", "poster", "afiche, póster, pared | pôster, parede | wall"),
    help=_("a poster with a QR that opens a chat with me, to print"),
    example=_("For example: `!introduce-yourself poster`"),
)
async def send_poster(ctx: Context) -> Answer:
    """Send the poster that introduces the bot to the moderator in private, in their language.
    Return the answer."""
    await _moderated_room(ctx)
    language = (await ctx.policy_of_person(ctx.who)).language
    # Pillow and segno take 5 MiB: they are loaded for the first picture.
    from commands.introduction import poster

    drawn = partial(poster.draw_poster, ctx.defaults.network, ctx.me, POSTER_LINES)
    caption = _(
        "A poster for the wall, to print. The QR opens a private chat with {me}.", me=ctx.me
    )
    name = f"{FILE_STEM.in_language(language)}.png"
    return SendFile(name, "image/png", drawn, (caption,), to=ctx.who)


async def _moderated_room(ctx: Context) -> RoomId:
    """Return the room that is meant. Raises `UserError` if the person doesn't moderate it."""
    if ctx.target is None or not await ctx.moderates(ctx.target.room):
        raise UserError(_("You can't do that here: it is for the room's moderators."))
    return ctx.target.room


async def _whom_to_ask(ctx: Context, room: RoomId) -> list[Line]:
    """Return a line with a few who moderate the room, none if nobody does."""
    found = await moderators(ctx, room)
    if not found:
        return []
    return [_("Questions: {people}", people=tuple(Person(one) for one in found[:MOST_NAMED]))]

"""Is the bot well, what it reads and keeps, and what it may not do in a room."""

from __future__ import annotations

from importlib.metadata import version

from bot.api import (
    Answer,
    Context,
    Line,
    Moment,
    Person,
    Room,
    Where,
    _,
    n_,
    words,
)
from commands.rooms.base import ROOMS, feature, here


@feature.command(
    words("estado", "status", "status", "cómo estás | |"),
    help=_("whether I am well"),
    example=_("For example: `!status`"),
    topic=ROOMS,
)
async def status(ctx: Context) -> Answer:
    """Encryption, version, clock, and what waits to be delivered."""
    room = ctx.policy.room
    lines = [_("I am here and answering. Version {version}.", version=version("minga"))]
    if room is not None and room.encrypted:
        lines.append(_("This room is encrypted: its servers can't read what is said."))
    else:
        lines.append(_("This room is not encrypted: its servers can read all that is said."))
    if ctx.policy.values.get("unsigned") == "yes":
        lines.append(_("Here I also obey devices that nobody confirmed as theirs."))
    lines.append(_("My clock: {moment}", moment=Moment(ctx.now)))
    lines.append(_("The key I sign results with: {key}", key=ctx.signer.public))
    count = await ctx.waiting_letters(ctx.who)
    if count:
        lines.append(
            n_(
                "{count} message of mine to you is still on its way.",
                "{count} messages of mine to you are still on their way.",
                count,
            )
        )
    else:
        lines.append(_("Nothing of mine to you is still on its way."))
    return lines


@feature.command(
    words(
        "privacidad",
        "privacidade",
        "privacy",
        "que-ves | o-que-voce-ve | what-you-see",
    ),
    help=_("what I read, what I keep and for how long"),
    example=_("For example: `!privacy`"),
    topic=ROOMS,
)
async def privacy(ctx: Context) -> Answer:
    """True, short, and the same for everybody."""
    lines = [
        _("I read every message of the rooms I am in, to find what is meant for me."),
        _("I keep no talk: only what you ask of me (polls, votes, reminders, settings)."),
        _("For 90 days I keep marks of messages I have seen, so as not to act twice; no text."),
        _("On disk all is encrypted. Whoever runs my machine could read it while I run."),
        _("Servers see who writes and when, not what. The room sees votes tapped on a poll."),
    ]
    if ctx.registry.find("forget-me"):
        lines.append(_("It stays while its room uses it, or until you write `!forget-me`."))
    return lines


@feature.command(
    words("permisos", "permissoes", "permissions"),
    help=_("what I may not do here, and how to let me"),
    example=_("For example: `!permissions`"),
    topic=ROOMS,
    where=Where.ROOM,
)
async def permissions(ctx: Context) -> Answer:
    """Compare my power with what the room's acts take."""
    room = here(ctx)
    own = room.power_of(ctx.me)
    lacking = [(what, level) for what, level in _acts(room) if own < level]
    if not lacking:
        return _("I may do all that I need here.")
    lines = [_("Here I may not:")]
    lines += [_("{what} (takes {power})", what=what, power=level) for what, level in lacking]
    lines.append(
        _(
            "To let me: in the room's settings, Roles and permissions, give {bot} power {power}.",
            bot=Person(ctx.me),
            power=max(level for _what, level in lacking),
        )
    )
    lines.append(_("I have {power} now. What isn't needed can stay as it is.", power=own))
    return lines


def _acts(room: Room) -> list[tuple[Line, int]]:
    """What the capabilities do in a room, and the power each takes."""
    return [
        (_("write and open polls"), room.power_for("m.room.encrypted", state=False)),
        (_("take messages away that show too much"), room.power_to("redact")),
        (_("invite people"), room.power_to("invite")),
        (_("remove people"), room.power_to("kick")),
        (_("change who has which role"), room.power_for("m.room.power_levels", state=True)),
    ]

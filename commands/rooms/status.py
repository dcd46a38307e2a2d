"""`!status` and `!privacy`: whether the bot is well, and what it reads and keeps."""

from __future__ import annotations

from importlib.metadata import version

from bot.api import (
    RETENTION_LINES,
    Answer,
    Context,
    ItemAccess,
    Line,
    Moment,
    Reach,
    _,
    fingerprint,
    n_,
    read_machine_state,
    words,
)
from commands.rooms.bot_permissions import missing_acts
from commands.rooms.declaration import YOURS, feature
from commands.rooms.identity_changes import unconfirmed_lines


@feature.command(
    words("estado", "status", "status", "cómo estás | |"),
    help=_("whether I am well"),
    example=_("For example: `!status`"),
    topic=YOURS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def status(ctx: Context) -> Answer:
    """Show the room's encryption, the bot's rights, version, clock, and what waits or is late.
    Return the answer.

    To a moderator of the network, in private, also how the machine is.
    """
    room = ctx.policy.room
    lines = [_("I am here and answering. Version {version}.", version=version("minga"))]
    if room is not None and room.is_encrypted:
        lines.append(_("This room is encrypted: its servers can't read what is said."))
    else:
        lines.append(_("This room is not encrypted: its servers can read all that is said."))
    if ctx.policy.values.get("unsigned") == "yes":
        lines.append(_("Here I also obey devices that nobody confirmed as theirs."))
    lines += await unconfirmed_lines(ctx)
    if room is not None and not ctx.is_private and missing_acts(ctx, room):
        lines.append(_("There are things that I may not do here: `!permissions`"))
    lines.append(_("My clock: {moment}", moment=Moment(ctx.said_at)))
    lines.append(_("My address: {address}", address=ctx.me))
    lines += _key_lines(ctx)
    lines.append(_("The key I sign results with: {key}", key=ctx.signer.public))
    count = await ctx.count_undelivered(ctx.who)
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
    late, since = await ctx.late_jobs()
    if since is not None:
        lines.append(
            n_(
                "{count} thing that I have to do is late, since {moment}.",
                "{count} things that I have to do are late, the first since {moment}.",
                late,
                moment=Moment(since),
            )
        )
    return lines + await _machine_lines(ctx)


async def _machine_lines(ctx: Context) -> list[Line]:
    """Return how the machine is, in words; nothing to who does not look after it."""
    state = await read_machine_state(ctx)
    if state is None:
        return []
    lines = []
    if state.last_sync is not None:
        lines.append(_("I last read the homeserver {moment}.", moment=Moment(state.last_sync)))
    if state.oldest_letter is not None:
        lines.append(
            n_(
                "{count} message waits, since {moment}: for the homeserver or its reader.",
                "{count} messages wait, since {moment}: for the homeserver or their readers.",
                state.letters_late,
                moment=Moment(state.oldest_letter),
            )
        )
    lines.append(
        _("The disk is nearly full. Whoever runs me has to make room.")
        if state.disk_is_low
        else _("There is room on the disk.")
    )
    if state.last_backup is None:
        lines.append(_("There is no backup of me yet. Whoever runs me can make one."))
    elif state.backup_is_old:
        old = _("The last backup is old: {moment}.", moment=Moment(state.last_backup))
        lines.append(old)
    else:
        lines.append(_("The last backup: {moment}.", moment=Moment(state.last_backup)))
    return lines


def _key_lines(ctx: Context) -> list[Line]:
    """Return our keys as `minga doctor` tells them, to compare with what an app shows of us."""
    own = ctx.fetched.devices(ctx.me)
    keys = [
        _("My device {device} has the key: {key}", device=name, key=fingerprint(key))
        for name, key in own.keys.items()
        if key
    ]
    if own.master is None:
        return keys
    return [_("The key of my identity: {key}", key=fingerprint(own.master)), *keys]


feature.stands_for(
    words(
        "quién puede ver esto",
        "quem pode ver isso",
        "who can see this",
        "quién ve esto, quién puede leer esto, quién lee esto, quién puede ver lo que escribo,"
        " quién puede ver lo que yo escribo, quién puede ver lo que te escribo, quién ve lo que"
        " escribo, quién ve lo que te escribo, quién lee lo que escribo, quién lee lo que te"
        " escribo, quién puede leer lo que escribo, quién puede leer lo que te escribo,"
        " esto es privado, esto queda entre nosotros, quién ve mi voto, quién puede ver mi voto,"
        " quién ve lo que voté, quién puede ver lo que voté"
        " | quem pode ver isto, quem vê isso, quem pode ler isso, quem lê isso,"
        " quem pode ver o que escrevo, quem pode ver o que eu escrevo, quem vê o que escrevo,"
        " quem vê o que eu escrevo, quem lê o que escrevo, quem lê o que eu escrevo,"
        " você conta pra alguém o que eu escrevo, você conta pra alguém, isso é privado,"
        " isso fica entre nós, quem vê meu voto, quem vê o meu voto, quem pode ver meu voto,"
        " quem pode ver o meu voto, quem vê o que votei"
        " | who can see that, who can read this, who sees this, who reads this,"
        " who can see what I write, who can see what I write to you, who can read what I write,"
        " who can read what I write to you, who sees what I write, who reads what I write,"
        " is this private, do you tell anyone, who sees my vote, who can see my vote,"
        " who can see how I voted, who sees how I voted",
    ),
    "privacy",
)


@feature.command(
    words(
        "privacidad",
        "privacidade",
        "privacy",
        "que-ves | o-que-voce-ve | what-you-see",
    ),
    help=_("what I read, what I keep and for how long"),
    example=_("For example: `!privacy`"),
    topic=YOURS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def privacy(ctx: Context) -> Answer:
    """Show what the bot reads and stores. The same for everybody. Return the answer."""
    lines = [
        _(
            "I read every message of the rooms I am in, to find what is meant for me and"
            " who calls for help."
        ),
        _(
            "I keep no talk, only what you ask of me (votes, events, tasks…), the library, who is"
            " here, and the `!log`."
        ),
        _(
            "Marks without text or name: of messages I saw, 90 days; of who left, a year, to notice"
            " if somebody else comes back."
        ),
        _("On disk all is encrypted. Whoever runs my machine could read it while I run."),
        _("Servers see who writes and when, not what. The room sees votes tapped on a poll."),
    ]
    lines += [line for kept in ctx.registry.offers(RETENTION_LINES) for line in await kept(ctx)]
    if ctx.registry.find_command("forget-me"):
        lines.append(
            _(
                "It stays while its room uses it, or until you write `!forget-me`. All that is"
                " yours: `!my-data`"
            )
        )
    return lines

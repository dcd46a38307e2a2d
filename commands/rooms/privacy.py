"""`!privacy`: what the bot reads and keeps. `!visible 57`: who can see one thing."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import (
    ITEM_READERS,
    NETWORK_WIDE,
    RETENTION_LINES,
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    MissingArgument,
    Reach,
    Sentence,
    _,
    items,
    n_,
    rooms,
    shorten_line,
    split_number,
    verbatim,
    words,
)
from commands.rooms.declaration import YOURS, feature

_THING = re.compile(r"(?:(?:el|la|lo|a|o|the)\s)?(?:[^\W\d_]{3,14}\s)?#?(?=\d)", re.IGNORECASE)
"""What stands before a thing's number: `la 57`, `el evento 57`."""
_NUMBERED = re.compile(rf"{_THING.pattern}\d{{1,9}}[\s.?!]{{0,5}}", re.IGNORECASE)

feature.stands_for(
    words(
        "quién puede ver lo que escribo",
        "quem pode ver o que escrevo",
        "who can see what I write",
        "quién puede ver lo que yo escribo, quién puede ver lo que te escribo, quién ve lo que"
        " escribo, quién ve lo que te escribo, quién lee lo que escribo, quién lee lo que te"
        " escribo, quién puede leer lo que escribo, quién puede leer lo que te escribo, quiénes"
        " pueden leer lo que escribimos, quiénes leen lo que escribimos, quién puede leer lo que"
        " escribimos, quién lee lo que escribimos, quiénes pueden ver lo que escribimos,"
        " quién te maneja, quién te controla, esto es privado, esto queda entre nosotros, quién"
        " ve mi voto, quién puede ver mi voto, es secreto el voto, el voto es secreto, es secreta"
        " la votación, la votación es secreta, no publiques nada de mí, no publiques nada mío,"
        " quién ve lo que voté, quién puede ver lo que voté"
        " | quem pode ver o que eu escrevo, quem vê o que escrevo,"
        " quem vê o que eu escrevo, quem lê o que escrevo, quem lê o que eu escrevo, quem lê o que"
        " eu falo, quem consegue ler o que eu falo, quem consegue ler o que eu escrevo, quem"
        " consegue ver o que eu escrevo, quem consegue ver o que eu falo, quem pode ler o que eu"
        " escrevo, quem pode ler o que escrevo, quem pode ler o que eu falo,"
        " quem te controla, quem manda em você, você conta pra alguém o que eu escrevo, você"
        " conta pra alguém, isso é privado,"
        " o voto é secreto, meu voto é secreto, a votação é secreta, não publica nada sobre mim,"
        " não publique nada sobre mim, não publica nada meu,"
        " isso fica entre nós, quem vê meu voto, quem vê o meu voto, quem pode ver meu voto,"
        " quem pode ver o meu voto, quem vê o que votei"
        " | who can see what I write to you, who can read what I write,"
        " who can read what I write to you, who sees what I write, who reads what I write,"
        " is this private, do you tell anyone, who runs you, who runs your machine, who sees my"
        " vote, who can see my vote, is the vote secret, is my vote secret, is the poll secret,"
        " publish nothing about me, publish nothing of mine, don't publish anything about me,"
        " who can see how I voted, who sees how I voted",
    ),
    "privacy",
)
_WHO_READS = re.compile(
    r"¿?(?:y |e |and )?(?:(?:quien(?:es)?(?: mas)?|quem(?: mais)?|who(?: else)?)"
    r" (?:(?:puede|pueden|pode|consegue|can) )?"
    r"(?:leer|lee|leen|ler|le|read|reads|ver|ve|ven|see|sees)"
    r" (?:(?:lo que|o que|what)(?: te| le| yo| eu| i| we)?"
    r" (?:escrib[oa]|escribimos|mando|digo|escrev[oa]|escrevemos|falo|write|type|say|send)"
    r"|(?:mis|los|as minhas|minhas|os meus|meus|my) (?:mensajes|mensagens|messages))"
    r"(?: (?:aca|aqui|here|contigo|por aqui|com voce|pra voce|to you|in here))*)[\s.?!]{0,5}"
)
"""Who reads what is written to the bot: `quem consegue ler o que eu escrevo aqui`."""
feature.sentences.append(Sentence(_WHO_READS, "privacy"))
feature.stands_for(
    words(
        "quién puede ver esto",
        "quem pode ver isso",
        "who can see this",
        "quién ve esto, quién puede leer esto, quién lee esto, quiénes ven esto, quiénes pueden ver"
        " esto"
        " | quem pode ver isto, quem vê isso, quem pode ler isso, quem lê isso, quem consegue ver"
        " isso"
        " | who can see that, who can read this, who sees this, who reads this, who can see it,"
        " who sees it",
    ),
    "visible",
)
feature.stands_for(
    words(
        "quién puede ver",
        "quem pode ver",
        "who can see",
        "quién ve, quiénes ven, quiénes pueden ver, quién puede leer, quiénes pueden leer, quién"
        " lee, es pública, es público, es visible, a quién le aparece"
        " | quem vê, quem consegue ver, quem pode ler, quem consegue ler, quem lê, é pública, é"
        " público, tá pública, está pública"
        " | who sees, who can read, who reads, is public, who gets to see",
    ),
    "visible",
    takes=_NUMBERED,
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


async def _find_item(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return the item named by number or replied to, and the text left over; None if the text
    names none. What is for the whole network is found from any of its rooms."""
    said = _THING.sub("", text.strip(" .?!"), count=1)
    numbered = split_number(said) if ctx.is_trusted else None
    if numbered is not None and await rooms.shares_room(ctx.db, ctx.who):
        item = await items.get(ctx.db, numbered[0])
        if item is not None and await _is_network_wide(ctx, item):
            return ctx.answer_privately_about(item), numbered[1]
    try:
        return await ctx.parse_item(said, takes=0)
    except MissingArgument:
        return None, text


async def _is_network_wide(ctx: Context, item: Item) -> bool:
    """Return whether everybody who shares a room with the bot sees the item."""
    for is_network_wide in ctx.registry.offers(NETWORK_WIDE.of(item.kind)):
        if await is_network_wide(ctx, item):
            return True
    return False


@feature.command(
    words("visible", "visível", "visible"),
    help=_("who can see something"),
    example=_("For example: `!visible {number}`", number=57),
    topic=YOURS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def show_readers(ctx: Context, item: Annotated[Item | None, _find_item] = None) -> Answer:
    """Show who can see an item: whoever is in its rooms, and what capabilities know besides.

    Without one, answer as `!privacy` does.
    """
    if item is None:
        return await privacy(ctx)
    number, title = item.number, shorten_line(item.title)
    lines = [
        _("Who can see {number}, “{title}”:", number=number, title=title)
        if title
        else _("Who can see {number}:", number=number)
    ]
    lines += await _room_lines(ctx, item)
    lines += [line for of in ctx.registry.offers(ITEM_READERS) for line in await of(ctx, item)]
    return [*lines, _("What I read and keep myself: `!privacy`")]


async def _room_lines(ctx: Context, item: Item) -> list[Line]:
    """Return who sees an item by its rooms. The others of a room don't learn of further ones.

    Another person's private room, or none at all, says nothing: `ITEM_READERS` does.
    """
    if await _is_network_wide(ctx, item):
        return [_("whoever is in any room of this network")]
    mine = {room.room: room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    private = await rooms.private_rooms(ctx.db, ctx.who)
    others = 0
    lines: list[Line] = []
    for place in item.rooms:
        if place in private:
            lines.append(_("you, here in private"))
        elif place in mine and (ctx.answers_one_person or place == ctx.room):
            name = verbatim(mine[place].name or place)
            lines.append(_("whoever is in “{room}”, now or later", room=name))
        elif (room := await rooms.get(ctx.db, place)) is not None and room.private_of is None:
            others += 1
    if others:
        more = n_(
            "whoever is in {count} room besides, now or later",
            "whoever is in {count} rooms besides, now or later",
            others,
        )
        lines.append(more)
    return lines

"""`!withdraw 57`: hand it out no more. `!withdraw my name 57`: take back one's own yes."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import (
    NO_NUMBER,
    NOTHING,
    UNMATCHED_LINES,
    ActRequest,
    Answer,
    Bare,
    Context,
    ItemAccess,
    Line,
    Number,
    Rest,
    UserError,
    _,
    carry_out,
    fold,
    is_author,
    items,
    may_act,
    moderators_only,
    n_,
    network_only,
    own_words,
    public_services,
    rooms,
    run_line,
    shorten_line,
    words,
)
from commands.publishing import consents, making, publication, room_acts, store
from commands.publishing.declaration import (
    NAME_WORDS,
    PUBLISHING,
    WITHDRAW_ACT,
    WITHDRAW_SUBS,
    WITHDRAW_WORDS,
    feature,
)
from commands.publishing.unnumbered import find_item_to_withdraw

_NOWHERE = _("Your name is in nothing public, and without your yes I put it nowhere.")
EXAMPLE = _("For example: `!withdraw {number}`", number=57)
feature.stands_for(
    words(
        "quitar mi nombre",
        "tirar meu nome",
        "remove my name",
        "quita mi nombre, quiten mi nombre, sacar mi nombre, saca mi nombre, saquen mi nombre,"
        " me arrepentí quita mi nombre, me arrepentí saca mi nombre, me arrepentí borra mi nombre,"
        " borrar mi nombre, borra mi nombre, borren mi nombre, eliminar mi nombre, elimina mi"
        " nombre, eliminen mi nombre, guardar mi nombre, guarda mi nombre"
        " | tire meu nome, tira meu nome, tirem meu nome, tirar o meu nome, tira o meu nome, tire o"
        " meu nome, tirem o meu nome, retirem meu nome, retirem o meu nome, remover meu nome,"
        " remove meu nome, remova meu nome, remova o meu nome, apagar meu nome, apaga meu nome,"
        " apague meu nome, apagar o meu nome, apaga o meu nome, apague o meu nome, guardar meu"
        " nome, guarde meu nome, guarda meu nome, me arrependi tira meu nome, me arrependi tira o"
        " meu nome, me arrependi tire meu nome"
        " | take my name out, take my name off, take my name down, delete my name,"
        " take down my name, keep my name, keep me out, i changed my mind take my name down,"
        " i changed my mind take my name off, i changed my mind take my name out,"
        " i changed my mind remove my name",
    ),
    "withdraw my name",
)


feature.stands_for(
    words(
        "quitar de la web",
        "tirar do site",
        "take off the site",
        "quita de la web, quita eso de la web, quita esto de la web, quítalo de la web,"
        " quiten eso de la web, quitar eso de la web, quita eso del sitio, quita del sitio,"
        " saca de la web, saca eso de la web, sacar de la web, baja eso de la web, bájalo de"
        " la web, quita de internet, quita eso de internet, quítalo de internet, saca de"
        " internet, saca eso de internet, sácalo de internet, saca del sitio, baja de la web,"
        " bajar de la web, baja de internet, quita el aviso de la web, saca el aviso de la"
        " web, borra lo público, quita lo público, saca lo público, borra de la web, borra eso"
        " de la web, borra de internet"
        " | tira do site, tira isso do site, tire do site, tire isso do site, tirem isso do"
        " site, tira da web, tira isso da web, tirar isso do site, tira o aviso do site, apaga"
        " o público, tira o público, tirar da web, tira da internet, tira isso da internet,"
        " tire da internet, apaga do site, apaga isso do site, apaga da internet, tira do ar,"
        " tira isso do ar, tirar do ar"
        " | take it off the site, take that off the site, take off the website, take it off the"
        " website, take that off the website, remove from the website, remove from the site,"
        " remove it from the site, delete what is public, delete from the site, take off the"
        " internet, take it off the internet, remove from the internet, take down, take it"
        " down, take that down",
    ),
    "withdraw",
)


feature.stands_for(
    words(
        "quita la decisión",
        "tira a decisão",
        "take the decision off",
        "quiten la decisión, saca la decisión, saquen la decisión, sacar la decisión"
        " | tire a decisão, tirem a decisão, tirar a decisão"
        " | take the decision down, take down the decision, remove the decision",
    ),
    "withdraw decision",
)


async def find_number(_ctx: Context, text: str) -> tuple[Number, str]:
    """Return the number typed, or `NO_NUMBER` for words without any: `keep my name out of it`."""
    match re.findall(r"\d+", text):
        case []:
            return NO_NUMBER, ""
        case [digits] if len(digits) < 10:
            return Number(int(digits)), ""
    raise UserError(_("Which number? For example: `!withdraw my name {number}`", number=57))


async def find_public(ctx: Context, text: str) -> tuple[Number | None, str]:
    """Return the number of the public item that the text names, and the text left over.

    What is public of an item that is gone, or of a room in which the bot is no more, only the
    network's moderators may name.
    """
    try:
        item, left = await find_item_to_withdraw(ctx, text)
    except UserError as refusal:
        digits = text.strip().lstrip("#")
        number = Number(int(digits)) if digits.isdecimal() and len(digits) < 10 else NO_NUMBER
        if ctx.who not in ctx.defaults.moderators or not await _is_left(ctx, number):
            if number == NO_NUMBER:
                raise
            raise UserError(refusal.lines[0], _("What is public: `!publish`")) from None
        return number, ""
    return (item.number if item else None), left


async def _is_left(ctx: Context, number: Number) -> bool:
    """Return whether something is public of an item whose room nobody can reach any more."""
    item = await items.get(ctx.db, number)
    room = await rooms.get(ctx.db, item.room) if item else None
    return (room is None or not room.joined) and await store.is_public(ctx.db, number)


@feature.command(
    WITHDRAW_WORDS,
    help=_("take something out of what is public"),
    example=EXAMPLE,
    topic=PUBLISHING,
    does=ItemAccess.TAKES_BACK,
    subs=WITHDRAW_SUBS,
    bare=Bare.REPLY,
)
async def withdraw(
    ctx: Context, number: Annotated[Number, find_public], *, why: Rest = NOTHING
) -> Answer:
    """Withdraw a public item, by the rules of its room.

    It protects, so a moderator may do it alone whatever the rules are: harm goes on meanwhile, and
    the room can turn it back.
    """
    item = await items.get(ctx.db, number)
    if item is not None:
        for take_back in ctx.registry.offers(public_services.BEFORE_WITHDRAWING.of(item.kind)):
            if (answer := await take_back(ctx, item)) is not None:
                return answer
    if not await store.is_public(ctx.db, number):
        raise UserError(
            _("Nothing of {number} is public.", number=number),
            _("What is public: `!publish`"),
        )
    if item is None or await _is_left(ctx, number):
        if not (ctx.who in ctx.defaults.moderators or (item and is_author(ctx, item))):
            raise network_only(ctx.defaults.moderators)
        await making.withdraw(ctx, number, store.ASKED)
        if (place := await ctx.moderators_room()) is not None:
            await ctx.log("withdrawn", {"number": number}, room=place)
        return room_acts.withdrawn_lines(number, "")
    entitled = is_author(ctx, item)
    if not (entitled or await may_act(ctx, WITHDRAW_ACT, item.room)):
        raise moderators_only()
    title = shorten_line(item.title)
    what = _("withdraw {number}, “{title}”, from what is public", number=number, title=title)
    wish = ActRequest(WITHDRAW_ACT, item.room, what, {"number": number}, entitled=entitled)
    answer = await carry_out(ctx, wish)
    if why and isinstance(answer, list):
        return [*answer, _("The reason that you wrote is not made public.")]
    return answer


@WITHDRAW_SUBS.sub(
    NAME_WORDS,
    help=_("take your name out of something public, or out of all of it"),
    example=_("For example: `!withdraw my name {number}`", number=57),
)
async def withdraw_name(ctx: Context, number: Annotated[Number, find_number] = NO_NUMBER) -> Answer:
    """Take back one's own yes to being named in public, for one item or for all."""
    if number != NO_NUMBER:
        await consents.require_named(ctx, number)
        await ctx.end_own_question(ctx.who)
        return await consents.settle_consent(ctx, number, yes=False)
    return await withdraw_everywhere(ctx)


async def withdraw_everywhere(ctx: Context) -> list[Line]:
    """Remove the person's name from all public items, and store a no wherever they were asked."""
    written = await publication.all_own_lines(ctx)
    await consents.refuse_open(ctx, ctx.who)
    count = await consents.withdraw_names(ctx, ctx.who)
    if not count:
        return written or [_NOWHERE]
    return [
        n_(
            "I take your name out of {count} thing that is public.",
            "I take your name out of {count} things that are public.",
            count,
        ),
        _("Whoever has the earlier one keeps it."),
        *written,
    ]


_FROM = re.compile(r"(?:de|del|da|do|of|from|en|em|na|no|in|on)\b", re.IGNORECASE)
"""What joins the vote to its number: `my vote on 57`."""


@WITHDRAW_SUBS.sub(
    words("mi voto", "meu voto", "my vote", "mi voto de, mi voto en | meu voto de | my vote from"),
    help=_("take your vote back"),
    example=_("For example: `!vote {number} withdraw`", number=57),
)
async def withdraw_vote(ctx: Context, *, rest: Rest = NOTHING) -> Answer:
    """Pass the line on to the command that withdraws votes, whose words these are too."""
    link = "from " if rest and _FROM.match(rest) is None else ""
    return await run_line(ctx, f"vote withdraw my vote {link}{rest}")


# --- in words that are no command ---------------------------------------------------------------

_MY_NAME = re.compile(
    r"\b(?:mi nombre|meu nome|my name|me nombr\w{1,5}|me mencion\w{1,6}|me cit[ae]\w{0,2}"
    r"|me nomei\w{1,3}|name me|mention me)\b"
)
_OUT_OF_SIGHT = re.compile(
    r"(?:ya |que ya )?(?:no|nao|i dont|i don't|i do not)"
    r"(?: (?:quiero|quero|want|mais|mas|que|eso|esto|isso|isto|it|this|that|to|be)){0,6}"
    r" (?:se vea|se ve|aparezca|salga|se muestre|apareca|saia|seja visto|seen|shown|show up|show"
    r"|visible|public)(?: (?:mas|mais|nunca|anymore|any more|ya|nunca mais|ahi|ali|there)){0,2}\W*"
)
"""A wish that something should be seen no more, which does not say what. Folded."""
_HIDING = re.compile(
    r"\b(?:secret\w|privad\w|private|fuera|fora|out|off|down|hide|esconde\w{0,3}|quit\w{1,3}"
    r"|quiten|sac[ao]\w{0,3}|saquen|borr\w{1,4}|elimin\w{1,3}|retir\w{1,3}|tir[aeo]\w{0,3}"
    r"|apag\w{1,3}|remov\w{1,3}|delete|erase)\b"
)


@feature.offers(UNMATCHED_LINES)
async def settle_own_name(ctx: Context, text: str) -> list[Line]:
    """Remove the name of a person who does not want it in a public item, or say how it becomes
    public."""
    said = fold(text)
    if _OUT_OF_SIGHT.fullmatch(said) is not None:
        return [
            _("If it is your name: `withdraw my name`"),
            _(
                "If it is something public, who moderates can take it out: `withdraw {number}`",
                number=57,
            ),
        ]
    if _MY_NAME.search(said) is None:
        refused = own_words.read_yes_no(text) == "no"
        if refused and await consents.refuse_open(ctx, ctx.who):
            return await publication.all_own_lines(ctx) or [_NOWHERE]
        return []
    if own_words.has_no(text) or _HIDING.search(said) is not None:
        return await withdraw_everywhere(ctx)
    if own_words.read_yes_no(text) == "yes":
        return [_("In what? For example: `publish my name {number}`", number=57)]
    return []

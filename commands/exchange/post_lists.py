"""List open offers and needs by theme, and let people hide what they don't want to see."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.api import (
    FIRST_PAGE,
    LINKED_NETWORKS,
    NO_NUMBER,
    NOTHING,
    Answer,
    Context,
    ItemAccess,
    Line,
    Number,
    Page,
    Reach,
    Rest,
    Say,
    TakesBack,
    UserError,
    UserId,
    _,
    search,
    words,
)
from commands.exchange import post_meaning, store, texts, visibility
from commands.exchange.declaration import EXCHANGE_TOPIC, feature
from commands.exchange.store import NEED, OFFER, Post

PAGE_SIZE = 10


@feature.command(
    words(
        "ofertas",
        "ofertas",
        "offers",
        "mis ofertas, qué se ofrece | minhas ofertas, o que se oferece | my offers",
    ),
    help=_("what is offered, of a theme or all"),
    example=_("For example: `!offers` or `!offers #transport`"),
    topic=EXCHANGE_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_offers(
    ctx: Context,
    number: Number = NO_NUMBER,
    page: Page = FIRST_PAGE,
    *,
    theme: Rest = NOTHING,
) -> Answer:
    """List the open offers, of a theme or all, a page at a time; or show one by its number. Return
    the answer."""
    return await _list_posts(ctx, OFFER, number, page, theme)


@feature.command(
    words(
        "pedidos",
        "pedidos",
        "needs",
        "necesidades, mis pedidos, qué se necesita"
        " | necessidades, meus pedidos, o que se precisa | my needs",
    ),
    help=_("what is needed, of a theme or all"),
    example=_("For example: `!needs` or `!needs #transport`"),
    topic=EXCHANGE_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_needs(
    ctx: Context,
    number: Number = NO_NUMBER,
    page: Page = FIRST_PAGE,
    *,
    theme: Rest = NOTHING,
) -> Answer:
    """List the open needs, of a theme or all, a page at a time; or show one by its number. Return
    the answer."""
    return await _list_posts(ctx, NEED, number, page, theme)


async def _list_posts(ctx: Context, side: str, number: Number, page: Page, theme: str) -> Answer:
    """List open posts, the newest first; in a room those of the room and of the network.

    A number shows that post. Words name a theme or a linked network.
    """
    if number != NO_NUMBER:
        return await show_post(ctx, str(number))
    theme = " ".join(theme.split()).lstrip("#").strip()
    known = await post_meaning.load_lexicon(ctx.db)
    keys = post_meaning.theme_keys(theme, known) if theme else []
    keys += [post_meaning.network_key(theme)] if theme else []
    viewer = ctx.who if ctx.is_private else None
    places = await visibility.visible_rooms(ctx)
    found = await store.list_posts(
        ctx.db, side, places, viewer, PAGE_SIZE + 1, (page - 1) * PAGE_SIZE, keys
    )
    if not found:
        return _empty_lines(side, theme)
    lines = [
        texts.post_line(one, mine=ctx.is_private and one.person == ctx.who)
        for one in found[:PAGE_SIZE]
    ]
    if len(found) > PAGE_SIZE:
        lines.append(_more_line(side, page + 1))
    else:
        lines.append(_hint_line(found, ctx.who))
    return lines


async def show_post(ctx: Context, text: str) -> Answer:
    """Show one need or offer and what can be done with it. Return what to say, if anything. Raises
    `UserError` and `MissingArgument`."""
    post, _rest = await visibility.find_post(ctx, text)
    lines = texts.open_post_lines(post) if post.is_open else texts.closed_post_lines(post)
    if post.is_open and post.person == ctx.who:
        lines = (
            texts.post_line(post, mine=ctx.is_private),
            _("When it is settled: `!solved {number}`", number=post.item),
        )
    return Say(lines, item=post.item)


def _hint_line(found: Sequence[Post], who: UserId) -> Line:
    """Return a hint about the first post that is somebody else's."""
    for post in found:
        if post.person != who:
            if post.side == NEED:
                return _("Can you? `!interested {number}`", number=post.item)
            return _("Of use to you? `!interested {number}`", number=post.item)
    return _("When it is settled: `!solved {number}`", number=found[0].item)


def _more_line(side: str, page: int) -> Line:
    if side == NEED:
        return _("More: `!needs p{page}`", page=page)
    return _("More: `!offers p{page}`", page=page)


def _empty_lines(side: str, theme: str) -> list[Line]:
    if side == NEED:
        none = _("Nothing is needed of that theme.") if theme else _("Nothing is needed just now.")
        return [none, _("To say what you need: `!need a projector tomorrow`")]
    none = _("Nothing is offered of that theme.") if theme else _("Nothing is offered just now.")
    return [none, _("To offer something: `!offer a van on Saturdays`")]


# --- hidden posts ---------------------------------------------------------------------------------


@feature.command(
    words(
        "ocultar",
        "ocultar",
        "hide",
        "no me muestres, no mostrar | não me mostre, não mostrar | do not show me, don't show me",
    ),
    help=_("an offer, a need, a theme or a network that I am not to show you again"),
    example=_(
        "For example: `!hide {number}` or `!hide #transport`; again: `!hide {number} no`", number=57
    ),
    topic=EXCHANGE_TOPIC,
    does=ItemAccess.READS,
    of=visibility.POST_KINDS,
)
async def hide_from_person(ctx: Context, back: TakesBack, *, said: Rest = NOTHING) -> Answer:
    """Hide a need or offer, a theme or a network from the asker, or show it again. Return the
    answer.

    Always answered in private. Raises `UserError` and `MissingArgument`.
    """
    ctx.answer_privately = ctx.answer_privately or not ctx.is_private
    if not said and ctx.origin.reply_to is None:
        return await _list_hidden(ctx)
    if said.startswith("#") and not said[1:].isdigit():
        return await _hide_theme(ctx, said, back=back)
    if (name := await _named_network(ctx, said)) is not None:
        return await _hide_network(ctx, name, back=back)
    post, _rest = await visibility.find_post(ctx, said)
    if back:
        await store.show_post(ctx.db, ctx.who, post.item)
        return _("I show it to you again: {what}.", what=texts.post_name(post))
    if post.person == ctx.who:
        raise UserError(
            _("That is your own: {what}.", what=texts.post_name(post)),
            _("To take it back: `!cancel {number}`", number=post.item),
        )
    await store.hide_post(ctx.db, ctx.who, post.item)
    return _(
        "I don't show it to you again: {what}. Back: `!hide {number} no`",
        what=texts.post_name(post),
        number=post.item,
    )


async def _hide_theme(ctx: Context, said: str, *, back: bool) -> Answer:
    known = await post_meaning.load_lexicon(ctx.db)
    keys = [key for key in post_meaning.theme_keys(said[1:], known) if key.strip("~")]
    if not keys:
        raise UserError(_("Which theme? For example: `!hide #transport`"))
    shown = "#" + search.theme_key(said)
    for key in keys:
        change = store.show_theme if back else store.hide_theme
        await change(ctx.db, ctx.who, key)
    if back:
        return _("I show you {theme} again.", theme=shown)
    return _("I show you nothing more of {theme}. Back: `!hide {theme} no`", theme=shown)


async def _named_network(ctx: Context, said: str) -> str | None:
    """Return the name of a linked network, or of one that the person hides, or None."""
    key = post_meaning.network_key(said)
    if re.fullmatch(r"#?\d{1,9}", said):  # a number is never the name of a network
        return None
    for linked in ctx.registry.offers(LINKED_NETWORKS):
        for name in await linked(ctx):
            if post_meaning.network_key(name) == key:
                return str(name)
    return said if await store.hides_theme(ctx.db, ctx.who, key) else None


async def _hide_network(ctx: Context, name: str, *, back: bool) -> Answer:
    """Hide or show all that comes from a network, and questions from its people."""
    change = store.show_theme if back else store.hide_theme
    await change(ctx.db, ctx.who, post_meaning.network_key(name))
    if back:
        return _(
            "I show you again what {network} shares, and ask you again for its people.",
            network=name,
        )
    return [
        _(
            "I show you nothing more of {network}, and ask you nothing more for its people.",
            network=name,
        ),
        _("Back: `!hide {network} no`", network=name),
    ]


async def _list_hidden(ctx: Context) -> Answer:
    items, themes = await store.list_hidden(ctx.db, ctx.who)
    if not items and not themes:
        return [
            _("You hide nothing."),
            _(
                "For example: `!hide {number}` or `!hide #transport`; again: `!hide {number} no`",
                number=await ctx.example_number(feature.name),
            ),
        ]
    shown = post_meaning.hidden_names(items, themes)
    return _(
        "You hide: {things}. To see one again: `!hide {first} no`",
        things=shown,
        first=shown[0] if shown else "57",
    )

"""Publish an offer or a need, and look for what fits it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.api import (
    ADVICE_LINES,
    LINKED_NETWORKS,
    REDACTED_NOTICE,
    YES_NO,
    Answer,
    CommandPlace,
    Context,
    Effect,
    Findable,
    ItemAccess,
    Line,
    Reach,
    Room,
    Say,
    UserError,
    _,
    asks_secrecy,
    may_redact,
    search,
    verbatim,
    words,
)
from commands.exchange import (
    confidence,
    fitting_posts,
    lifecycle,
    post_lists,
    post_meaning,
    store,
    texts,
    visibility,
)
from commands.exchange.args import LONGEST_TEXT, PostDraft, parse_draft
from commands.exchange.declaration import EXCHANGE_TOPIC, feature
from commands.exchange.deeds import is_deed
from commands.exchange.store import NEED, OFFER, Post

MOST_OPEN = 40
"""How many open posts one person may have."""
MOST_NETWORKS_NAMED = 5


async def _refuse_secret(ctx: Context, text: str) -> None:
    """Raise `UserError`, with who can be told in confidence, if not everybody is to read it."""
    if not asks_secrecy(text) or confidence.is_for_few(text):
        return
    ctx.discreet = not ctx.is_private
    lines = [_("I published nothing: in a room everybody who is in it reads it.")]
    if may_redact(ctx):
        lines.append(REDACTED_NOTICE)
    for told in ctx.registry.offers(ADVICE_LINES.of("confidence")):
        lines += await told(ctx)
    raise UserError(
        *lines, _("To put it in the room all the same, write it without who must not know.")
    )


_SECOND_WISH = re.compile(
    r"(?<=[\s,.;])(?:y|e|and|pero|mas|but|tambi[eé]n|tamb[eé]m)\s+(?:yo |eu |tamb\w+ )?"
    r"(?P<wish>(?:(?P<need>necesit(?:o|amos)|precis(?:o|amos)|(?:i|we) need)"
    r"|(?:ofrez|ofre[cç])(?:co|o|emos)|(?:i|we) offer)\s+(?!que |de que |pag|cobr|to pay)\S.*)",
    re.IGNORECASE | re.DOTALL,
)


def _refuse_second_wish(side: str, text: str) -> None:
    """Raise `UserError`, with how each is written, for an offer and a need in one line."""
    found = _SECOND_WISH.search(text[:LONGEST_TEXT])
    if found is None or (side == NEED) == bool(found["need"]):
        return
    named = {
        "first": verbatim(text[: found.start()].strip(" ,.;\n")),
        "second": verbatim(found["wish"]),
    }
    raise UserError(
        _("An offer and a need are two posts, so I published neither. Please send each alone:"),
        _("`!need {first}`", **named) if side == NEED else _("`!offer {first}`", **named),
        _("`!{second}`", **named),
    )


async def _any_room(ctx: Context, text: str) -> list[Room]:
    """Return no room in particular. Raises `UserError` for what no room is to read."""
    await _refuse_secret(ctx, text)
    return []


@feature.command(
    words("necesito", "preciso", "need", "necesitamos | precisamos | we need, i need"),
    help=_("say what you need; in private I ask you before anybody sees it"),
    example=_("For example: `!need a projector tomorrow #equipment place: Recife`"),
    topic=EXCHANGE_TOPIC,
    where=CommandPlace.ROOM,
    homes=_any_room,
    begins_calls=True,
)
async def publish_need(ctx: Context, *, text: str = "") -> Answer:
    """Publish a need. Return the answer. Raises `UserError`, `MissingArgument` and
    `AnswerNeeded`."""
    # What is needed is a sentence with theme, place and time in it.
    return await _publish_side(ctx, NEED, text)


@feature.command(
    words(
        "ofrezco",
        "ofereço",
        "offer",
        "ofrecemos, ofrecer | oferecemos, oferecer | i offer, we offer",
    ),
    help=_("say what you offer; in private I ask you before anybody sees it"),
    example=_("For example: `!offer a van on Saturdays, Olinda #transport until in 3 months`"),
    topic=EXCHANGE_TOPIC,
    where=CommandPlace.ROOM,
    homes=_any_room,
)
async def publish_offer(ctx: Context, *, text: str = "") -> Answer:
    """Publish an offer. Return the answer. Raises `UserError`, `MissingArgument` and
    `AnswerNeeded`."""
    # What is offered is a sentence with theme, place and time in it.
    return await _publish_side(ctx, OFFER, text)


async def _publish_side(ctx: Context, side: str, text: str) -> Answer:
    if re.fullmatch(r"#?\d{1,9}", text.strip()):
        return await post_lists.show_post(ctx, text)
    await _refuse_secret(ctx, text)
    _refuse_second_wish(side, text)
    room = ctx.target or await ctx.choose_room()
    draft = await parse_draft(ctx, side, text, room)
    await _check_limits(ctx, draft, room)
    _confirm(ctx, draft, room)
    return await publish_post(ctx, draft, room)


def _confirm(ctx: Context, draft: PostDraft, room: Room) -> None:
    """Ask for confirmation, showing the text and who will read it. Raises `UserError` on a no.

    What stands in its room already and is for nobody else is not asked about, unless it may be
    meant for the bot, or for few.
    """
    for_few = asks_secrecy(draft.text)
    if room.room == ctx.room and not (draft.network or for_few or is_deed(ctx, draft)):
        return
    where = room.name or room.room
    asked = {"room": where, "text": draft.text}
    lines: list[Line] = []
    if for_few:
        lines.append(_("In a room everybody who is in it reads it, not only who you mean."))
    if draft.network:
        lines.append(_("Whoever is in a room with me may find it, not only this room."))
    if ctx.is_private:
        lines.append(_("Your name is not shown; it passes only if you say yes to somebody."))
    line = _("I publish in the room {room}: “{text}”? `yes` or `no`", **asked)
    if ctx.ask("sure", YES_NO, *lines, line) != "yes":
        raise UserError(_("I published nothing."))


async def _check_limits(ctx: Context, draft: PostDraft, room: Room) -> None:
    again = await store.same_open_post(ctx.db, ctx.who, draft.side, draft.text, room.room)
    if again is not None:
        raise UserError(
            _("That stands there already, with the number {number}.", number=again),
            _("To take it back: `!cancel {number}`", number=again),
        )
    if not ctx.defaults.unlimited and await store.count_open(ctx.db, ctx.who) >= MOST_OPEN:
        raise UserError(
            _("You have {count} open; that is all I keep for one person.", count=MOST_OPEN),
            _(
                "To take one back: `!cancel {number}`",
                number=await ctx.example_number(feature.name),
            ),
        )


async def publish_post(ctx: Context, draft: PostDraft, room: Room) -> Answer:
    """Store a new need or offer, announce it in its room, and propose what fits. Return what to
    say, if anything."""
    number = await ctx.add_item(draft.side, draft.text, room.room)
    post = Post(
        number,
        draft.side,
        draft.text,
        room.room,
        ctx.who,
        draft.kind,
        draft.place,
        draft.network,
        draft.until,
        draft.zone,
        draft.themes,
        quiet=ctx.is_private,
    )
    await store_post(ctx, post)
    networks = [
        name for linked in ctx.registry.offers(LINKED_NETWORKS) for name in await linked(ctx)
    ]
    return _announcements(ctx, post, networks)


async def store_post(ctx: Context, post: Post) -> None:
    """Store and index a need or an offer, schedule its end, and propose matches to its author."""
    known = await post_meaning.load_lexicon(ctx.db)
    meaning = post_meaning.meaning_of(post, known)
    themes = post_meaning.theme_entries(meaning, post.origin)
    await store.save_post(ctx.db, post, themes, post_meaning.search_terms(meaning))
    await search.index_entry(ctx.db, index_entry(ctx, post))
    await lifecycle.schedule_end(ctx, post)
    await fitting_posts.propose_matches(ctx, post)


def index_entry(ctx: Context, post: Post) -> Findable:
    """Return the entry of the search index for a need or offer. It does not say whose post it
    is."""
    return Findable(
        feature.name,
        str(post.item),
        post.side,
        post.room,
        post.text,
        ctx.said_at,
        post.place,
        post.themes,
        item=post.item,
        network=post.network,
    )


def _announcements(ctx: Context, post: Post, networks: Sequence[str]) -> list[Effect]:
    """Return the answer where it was typed and, if that is elsewhere, the message in the room."""
    opening = texts.open_post_lines(post)
    if post.room == ctx.room:
        return [
            Say(
                opening,
                reply_to=ctx.origin.event,
                thread=ctx.origin.thread,
                item=post.item,
                slot="post",
            )
        ]
    published = (
        _("Published: need {number}.", number=post.item)
        if post.side == NEED
        else _("Published: offer {number}.", number=post.item)
    )
    more = _(
        "If something fits I ask you here. To take it back: `!cancel {number}`", number=post.item
    )
    lines = [published, more]
    if networks:
        lines.append(
            _(
                "For other networks too ({names}): `!network share {number}`",
                names=tuple(networks[:MOST_NETWORKS_NAMED]),
                number=post.item,
            )
        )
    return [
        Say(tuple(lines), item=post.item),
        Say(opening, room=post.room, item=post.item, slot="post"),
    ]


@feature.command(
    words(
        "busco",
        "procuro",
        "seek",
        "buscamos, estoy buscando | procuramos, estou procurando | i am looking for, looking for",
    ),
    help=_("look among what is offered, and publish a need if nothing fits"),
    example=_("For example: `!seek a projector`"),
    topic=EXCHANGE_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    begins_calls=True,
)
async def seek_offers(ctx: Context, *, text: str = "") -> Answer:
    """Show the offers that fit, then publish the need if the person wants that. Return the answer.

    Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    # What is sought is a sentence; `post_meaning` reads it.
    await _refuse_secret(ctx, text)
    room = await ctx.choose_room()
    draft = await parse_draft(ctx, NEED, text, room)
    found = await fitting_posts.offers_for_need(ctx, draft)
    lines = [_("Offers like that:")] if found else [_("I found no offer like that.")]
    lines += [texts.post_line(one) for one in found]
    if found:
        lines.append(_("Of use to you? `!interested {number}`", number=found[0].item))
    lines += await _search_hint(ctx, draft)
    await _check_limits(ctx, draft, room)
    ask = _(
        "Shall I publish in the room {room} that you need it? `yes` or `no`",
        room=room.name or room.room,
    )
    if ctx.ask("sure", YES_NO, *lines, ask) != "yes":
        raise UserError(_("I published nothing."))
    return await publish_post(ctx, draft, room)


async def _search_hint(ctx: Context, draft: PostDraft) -> list[Line]:
    """Return a hint if the search finds something about it in other capabilities."""
    if ctx.registry.find_command("find") is None:
        return []
    query = search.Query(words=draft.text)
    found = await search.search(ctx.db, query, await visibility.visible_rooms(ctx), 10)
    if found.near or all(one.feature == feature.name for one in found.found):
        return []
    return [_("Something is kept about it too: `!find {words}`", words=draft.text)]

"""`!publish 57`: show what becomes public, and make it so by the room's rules. Alone: the list."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import (
    FIRST_PAGE,
    ITEM_NAMED,
    NO_NUMBER,
    NOTHING,
    ActRequest,
    Answer,
    Context,
    Item,
    Line,
    MissingArgument,
    Moment,
    NamedPage,
    Number,
    Rest,
    UserError,
    _,
    carry_out,
    items,
    may_act,
    moderators_only,
    names_page,
    public_services,
    shorten_line,
    words,
)
from commands.publishing import consents, preview, standing, store
from commands.publishing.declaration import (
    NAME_WORDS,
    PAGE_LINES,
    PUBLISH_ACT,
    PUBLISH_SUBS,
    PUBLISH_WORDS,
    PUBLISHING,
    feature,
)
from commands.publishing.publication import make_publication

_BEFORE_NUMBER = re.compile(r"(?:[^\W\d_]{1,20}\s{1,3}){1,2}(?=#?\d)")
"""Up to two words before a number: `la 57`, `decisión 57`."""
_MOST_LOOKED_AT, _MOST_FITTING = 20, 3
"""Things of the room that are looked at, and named, where the number is missing."""
EXAMPLE = _("For example: `!publish {number}`", number=57)


feature.stands_for(
    words(
        "qué es público",
        "o que é público",
        "what's public",
        "qué hay público, qué hay de público, qué está público, qué se publicó, público, publicado,"
        " publicados, haz público, hagan público, hagamos público, hacer públicas"
        " | que é público, o que há de público, o que está público, publicados, faz público,"
        " torna público, torne público, faça público"
        " | what did we publish, make public, published",
    ),
    "publish",
)
feature.stands_for(
    words(
        "todas las decisiones desde ahora",
        "todas as decisões a partir de agora",
        "all decisions from now on",
        "desde ahora todas las decisiones"
        " | todas as decisões de agora em diante | from now on all decisions",
    ),
    "publish decisions",
)


async def find_item(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return the item named by number, by its name in the library or replied to, and the text left
    over.

    None if the text names a page of the list.
    """
    text = text.strip(' "“”«»')
    if names_page(text):
        return None, text
    for offer in ctx.registry.offers(ITEM_NAMED):
        number = await offer(ctx, text.strip())
        item = await items.get(ctx.db, number) if number is not None else None
        if item is not None:
            return ctx.answer_privately_about(item), ""
    return await ctx.parse_item(_BEFORE_NUMBER.sub("", text, count=1), takes=0)


async def find_item_to_publish(ctx: Context, text: str) -> tuple[Item | None, str]:
    """Return the item to publish, as `find_item` does.

    Without a number it raises `UserError`, which names some items that fit.
    """
    try:
        return await find_item(ctx, text)
    except MissingArgument:
        fitting = await _fitting_lines(ctx) if text.strip() else []
        if not fitting:
            raise
        raise UserError(
            _("Which one? With its number:"),
            *fitting,
            _("An announcement has a number if `read` stands at its end."),
        ) from None


async def _fitting_lines(ctx: Context) -> list[Line]:
    """Return how the newest things of the room that can become public now are named."""
    room = (await ctx.choose_room()).room
    lines: list[Line] = []
    for number in await store.newest_unpublished(ctx.db, room, _MOST_LOOKED_AT):
        item = await items.get(ctx.db, number)
        if item is None or not await ctx.may_see(item):
            continue
        try:
            made = await make_publication(ctx, item)
        except UserError:
            continue
        kind, title = preview.KIND_NAMES[made.document.kind], shorten_line(item.title)
        lines.append(
            _("`!publish {number}`: {kind}, “{title}”", number=number, kind=kind, title=title)
        )
        if len(lines) == _MOST_FITTING:
            break
    return lines


ItemToPublish = Annotated[Item | None, find_item_to_publish]


@feature.command(
    PUBLISH_WORDS,
    help=_("make something public, for everybody; what waits under an embargo comes out"),
    example=EXAMPLE,
    topic=PUBLISHING,
    subs=PUBLISH_SUBS,
)
async def publish(
    ctx: Context, item: ItemToPublish = None, page: NamedPage = None, *, when: Rest = NOTHING
) -> Answer:
    """Make an item public after showing what of it, or list the public items.

    What waits under an embargo of one's own comes out, now or at the time named.
    """
    if item is None:
        return await _list_public(ctx, page or FIRST_PAGE)
    for release in ctx.registry.offers(public_services.RELEASE.of(item.kind)):
        return await release(ctx, item, when)
    if when:
        raise UserError(
            _("I don't know what “{words}” asks of me.", words=when[:40]),
            EXAMPLE,
        )
    for ask in ctx.registry.offers(public_services.BEFORE_PUBLISHING.of(item.kind)):
        if (answer := await ask(ctx, item)) is not None:
            return answer
    return await _publish(ctx, item)


async def _publish(ctx: Context, item: Item) -> Answer:
    if not await may_act(ctx, PUBLISH_ACT, item.room):
        raise moderators_only()
    made = await make_publication(ctx, item)
    before = await store.get_record(ctx.db, item.number)
    if before is not None and before.is_public and before.content == made.content:
        raise UserError(
            _("{number} is public already.", number=item.number),
            _("To take it out of what I hand out: `!withdraw {number}`", number=item.number),
        )
    shown = await preview.make_preview(ctx, item, made)
    ctx.confirm(*shown.lines, final=True, to=made.content, files=shown.files)
    title = shorten_line(item.title)
    what = _("make {number}, “{title}”, public", number=item.number, title=title)
    payload = {"number": item.number, "content": made.content}
    return await carry_out(ctx, ActRequest(PUBLISH_ACT, item.room, what, payload))


async def _list_public(ctx: Context, page: int) -> Answer:
    """List what of the room is public, the newest first."""
    room = await ctx.choose_room()
    more = [await standing.standing_line(ctx, room.room)]
    example = [EXAMPLE] if await may_act(ctx, PUBLISH_ACT, room.room) else []
    pages = -(-await store.count_public(ctx.db, room.room) // PAGE_LINES)
    if not pages:
        return [_("Nothing of this room is public."), *more, *example]
    start = (min(page, pages) - 1) * PAGE_LINES
    found = await store.public_in(ctx.db, room.room, PAGE_LINES, start)
    lines: list[Line] = [_("What of this room is public:")]
    lines += [_listed(one) for one in found]
    if page < pages:
        lines.append(_("Next page: `!publish p{page}`", page=page + 1))
    return [*lines, *more, *await preview.place_lines(ctx)]


def _listed(one: store.PublicTitle) -> Line:
    line = _(
        "{number}: {kind}, “{title}”, since {moment}",
        number=one.number,
        kind=preview.KIND_NAMES[one.kind],
        title=shorten_line(one.title),
        moment=Moment(one.since),
    )
    if not one.waits:
        return line
    return _(
        "{line}; it has changed, and that is not public: `!publish {number}`",
        line=line,
        number=one.number,
    )


@PUBLISH_SUBS.sub(
    NAME_WORDS,
    help=_("let your name stand in something public"),
    example=_("For example: `!publish my name {number}`", number=57),
)
async def publish_name(ctx: Context, number: Number = NO_NUMBER) -> Answer:
    """Agree to be named, by one's own name, in a public item that would name one."""
    if number == NO_NUMBER:
        raise MissingArgument("number", _("the number"))
    await consents.require_named(ctx, number)
    if await items.get(ctx.db, number) is None:
        raise UserError(_("There is no number {number} here.", number=number))
    await ctx.end_own_question(ctx.who)
    return await consents.settle_consent(ctx, number, yes=True)

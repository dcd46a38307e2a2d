"""`!publish 57`: show what becomes public, and make it so by the room's rules. Alone: the list."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import (
    FIRST_PAGE,
    NO_NUMBER,
    NOTHING,
    ActRequest,
    Answer,
    Bare,
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
    own_words,
    public_services,
    shorten_line,
    words,
)
from commands.publishing import consents, preview, standing, store, unnumbered
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
        "publicar esto",
        "publicar isto",
        "publish this",
        "publica esto, publica eso, publícalo, publiquen esto, publíquenlo, publicar eso,"
        " publica este aviso, publica ese aviso, publicar ese aviso, publicar este aviso,"
        " hazlo público, haz esto público, hacer público, hacer pública, pon en la web, pon"
        " esto en la web, ponlo en la web, sube a la web, sube esto a la web, súbelo a la web"
        " | publica isso, publica isto, publique isso, publiquem isso, publicar isso, publica"
        " esse aviso, publicar esse aviso, publica este aviso, torna isso público, tornar"
        " público, tornar pública, deixar público, põe no site, põe isso no site, coloca no"
        " site, coloca isso no site, bota no site, bota isso no site"
        " | publish that, publish it, publish this announcement, publish that announcement, make"
        " it public, make this public, make that public, put on the site, put it on the site,"
        " put this on the site, put on the website, put this on the website",
    ),
    "publish",
)
feature.stands_for(
    words(
        "todas las decisiones desde ahora",
        "todas as decisões de agora",
        "all decisions from now on",
        "desde ahora todas las decisiones, todas las decisiones de ahora, a partir de ahora todas"
        " | todas as decisões a partir de, a partir de agora todas"
        " | from now on all decisions, all the decisions from now on, every decision from now on",
    ),
    "publish decisions",
)


_ON_THE_WEB = re.compile(
    r"(?:en|a|na|no|em|on|to|in)\s(?:(?:la|el|o|a|the|nuestr[ao]|noss[ao]|our)\s)?"
    r"(?:(?:p[aá]gina|sitio|site)\s)?(?:web ?site|web|p[aá]gina|sitio|site|internet|page)"
    r"(?:\s(?:de|da|do|of)\s(?:(?:la|a|the)\s)?(?:red|rede|network|grupo|group))?[\s.!?]{0,5}",
    re.IGNORECASE,
)
"""Where it becomes public, which needs no saying: `en la página web de la red`."""


ItemToPublish = Annotated[Item | None, unnumbered.find_item_to_publish]


@feature.command(
    PUBLISH_WORDS,
    help=_("make something public, for everybody; what waits under an embargo comes out"),
    example=EXAMPLE,
    topic=PUBLISHING,
    subs=PUBLISH_SUBS,
    bare=Bare.REPLY,
)
async def publish(
    ctx: Context, item: ItemToPublish = None, page: NamedPage = None, *, when: Rest = NOTHING
) -> Answer:
    """Make an item public after showing what of it, or list the public items.

    What waits under an embargo of one's own comes out, now or at the time named.
    """
    if item is None:
        return await _list_public(ctx, page or FIRST_PAGE)
    when = NOTHING if _ON_THE_WEB.fullmatch(when) else when
    for release in ctx.registry.offers(public_services.RELEASE.of(item.kind)):
        return await release(ctx, item, when)
    if when and not own_words.says_now(when):
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

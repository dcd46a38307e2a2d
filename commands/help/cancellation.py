"""`!cancel`: takes back what has that number."""

from __future__ import annotations

import re

from bot.api import (
    ADVICE_LINES,
    CANCEL,
    Answer,
    AnswerNeeded,
    Context,
    Effect,
    ItemAccess,
    Line,
    MissingArgument,
    Reach,
    UserError,
    _,
    answer_parts,
    fold,
    is_author,
    items,
    log,
    shorten_line,
    words,
)
from commands.help.declaration import HELP, feature

_SEVERAL_NUMBERS = re.compile(
    r"\s*#?\d{1,9}(?:[\s,;&+]+(?:(?:y|e|and)\s+)?#?\d{1,9}\b(?![\d:/.\-]))+", re.IGNORECASE
)
"""Several numbers that are no date: `2 3`, `2, 3 y 4`."""
_WORDS_BEFORE_NUMBER = re.compile(r"^(?:[^\W\d]+\s+){1,2}(?=#?\d+\s*$)")
"""One or two words before a number: `el 5`, `el recordatorio 5`."""
_MOST_OWN = 3
"""Things of one's own that are named where a number is none."""
_ALL = re.compile(r"\W*(?:tod[oa]s?|tudo|everything|all|my data|mis datos|meus dados)\b")
_ARTICLE = re.compile(
    r"^(?:(?:el|la|mi|o|a|meu|minha|the|my|este|esta|ese|esa|esse|essa|this|that)\s+)+",
    re.IGNORECASE,
)


@feature.command(
    words(
        "cancelar",
        "cancelar",
        "cancel",
        "anular, quitar, eliminar, borrar, cancela, suspender, anula, suspende | "
        "desmarcar, apagar, excluir, cancela, suspender, desmarca | call off, delete, erase",
    ),
    help=_("take back what has that number"),
    example=_("For example: `!cancel {number}`", number=57),
    topic=HELP,
    does=ItemAccess.TAKES_BACK,
    reach=Reach.ROOM,
    clears=True,
)
async def cancel_items(ctx: Context, *, text: str = "") -> Answer:
    """Cancel the item of that number or reply. Of several numbers, cancel all or none. Return the
    answer."""
    # Several numbers may be named in words: `2, 3 and 4`.
    text = _WORDS_BEFORE_NUMBER.sub("", text)
    numbers = _SEVERAL_NUMBERS.match(text)
    if numbers is None:
        try:
            item, _rest = await ctx.parse_item(text, takes=0)
        except UserError as refusal:
            raise await _with_own(ctx, refusal) from None
        except MissingArgument as missing:
            named = await _only_item_called(ctx, text)
            if named is None:
                await _refuse_all(ctx, text)
                raise MissingArgument("text", missing.label) from None
            item = named
        return await _cancel_item(ctx, item)
    answers: list[Line | Effect] = []
    for number in dict.fromkeys(re.findall(r"\d+", numbers[0])):
        item, _rest = await ctx.parse_item(number)
        answers += answer_parts(await _cancel_one_of_many(ctx, item))
    return answers


async def _with_own(ctx: Context, refusal: UserError) -> UserError:
    """Return the refusal of a number, in private with the person's own open things instead of all
    that is open.

    A room must not read whose something is: an offer may have no name.
    """
    mine = await _own_lines(ctx) if ctx.is_private else []
    return UserError(refusal.lines[0], *mine) if mine else refusal


async def _own_lines(ctx: Context) -> list[Line]:
    """Return lines that name a few things of the person's own, or none if nothing is open."""
    mine = [
        _("`!cancel {number}`: “{title}”", number=item.number, title=shorten_line(item.title))
        for item in await items.items_by(ctx.db, ctx.who)
        if item.open and await ctx.may_see(item)
    ][:_MOST_OWN]
    return [_("What you can take back:"), *mine] if mine else []


async def _refuse_all(ctx: Context, text: str) -> None:
    """Raise `UserError` if all is to be deleted: whoever wants that is asked in private for no
    number, which would take back something else."""
    if not ctx.is_private or _ALL.match(fold(text)) is None:
        return
    lines: list[Line] = []
    for forgetting in ctx.registry.offers(ADVICE_LINES.of("forgetting")):
        lines += await forgetting(ctx)
    if lines:
        raise UserError(*lines, *await _own_lines(ctx))


async def _only_item_called(ctx: Context, text: str) -> items.Item | None:
    """Return the one thing whose title the words are (`cancela el asado`), or the asker's only open
    one of what they name (`cancelar mi regreso`). Or None.

    In a room only what is of that room counts.
    """
    called = await ctx.item_called(text)
    if called is not None and not called[1]:
        return called[0]
    found = ctx.registry.find_command(_ARTICLE.sub("", text.strip()))
    if found is None or found[2].strip():
        return None
    mine = [
        item
        for item in await items.items_by(ctx.db, ctx.who)
        if item.open
        and item.feature == found[0].feature
        and (ctx.is_private or item.room == ctx.room)
        and await ctx.may_see(item)
    ]
    return mine[0] if len(mine) == 1 else None


async def _cancel_one_of_many(ctx: Context, item: items.Item) -> Answer:
    """Cancel one of several items, each with its own confirmation."""
    key = f"sure:{item.number}"
    ctx.answers.pop("sure", None)
    if key in ctx.answers:
        ctx.answers["sure"] = ctx.answers[key]
    try:
        return await _cancel_item(ctx, item)
    except AnswerNeeded as asking:
        raise AnswerNeeded(key, asking.wants, asking.lines, patience=asking.patience) from None


feature.log_line("cancelled", _("cancelled {number}"))


async def _cancel_item(ctx: Context, item: items.Item) -> Answer:
    """Have the item's feature cancel it. Its author and the room's moderators may."""
    if not await ctx.may_change(item):
        raise UserError(
            _(
                "You can't cancel {number}: that is for its author or the moderators.",
                number=item.number,
            )
        )
    last = await log.last_id(ctx.db)
    for offer in ctx.registry.offers(CANCEL.of(item.kind)):
        ctx.feature = item.feature
        answer: Answer = await offer(ctx, item)
        ctx.feature = feature.name
        if not is_author(ctx, item) and await log.last_id(ctx.db) == last:
            await ctx.log("cancelled", {"number": item.number}, room=item.room)
        return answer
    raise UserError(_("{number} can't be cancelled.", number=item.number))

"""Replies to messages about drafts and amendments: accept, turn down, comment."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Item,
    ItemAccess,
    Reach,
    Say,
    UserError,
    _,
    acknowledge,
    fold_answer,
    one_line,
    words,
)
from commands.drafts import acceptance, amendment_store, lookup
from commands.drafts.amendment_store import Comment
from commands.drafts.declaration import DRAFTS, LONGEST_COMMENT, MOST_COMMENTS, feature

_ACCEPTS = frozenset(
    [
        "acepto",
        "aceptar",
        "acepta",
        "aceptada",
        "aceptado",
        "aceito",
        "aceitar",
        "aceita",
        "aceite",
        "accept",
        "accepted",
        "agree",
        "iagree",
        "iaccept",
        "deacuerdo",
    ]
)
_TURNS_DOWN = frozenset(
    [
        "rechazo",
        "rechazar",
        "rechaza",
        "noacepto",
        "recuso",
        "recusar",
        "recusa",
        "naoaceito",
        "rejeito",
        "rejeitar",
        "reject",
        "rejected",
        "refuse",
        "idontaccept",
    ]
)
_COMMENT = re.compile(
    r"(?:comentarios?|coment[aá]rios?|comento|comments?)\s*(?:[:.,]\s*|\s+)(.+)", re.I | re.S
)


@feature.reply("amendment", does=ItemAccess.CHANGES, reach=Reach.ROOM)
async def answer_amendment(ctx: Context, item: Item, text: str) -> Answer:
    """Accept or reject an amendment by a reply to it, or store a comment on it. Return None for
    other text."""
    found = await lookup.find_amendment(ctx, item.number)
    if found is None:
        return None
    said = fold_answer(text.lstrip("!/ ")).replace(" ", "")
    if said in _ACCEPTS:
        return await acceptance.accept(ctx, *found)
    if said in _TURNS_DOWN:
        return await acceptance.reject(ctx, *found)
    return await _comment(ctx, item, text)


@feature.command(
    words(
        "rechazo",
        "rejeito",
        "turn-down",
        "no acepto la enmienda | recuso, não aceito a emenda | I don't accept the amendment",
    ),
    help=_("turn down an amendment to your draft"),
    example=_("For example: `!turn-down {number}`", number=57),
    topic=DRAFTS,
    reach=Reach.ROOM,
    of=("amendment",),
)
async def turn_down(ctx: Context, item: Item) -> Answer:
    """Reject the amendment of that number, or replied to. Return the answer. Raises `UserError` as
    `reject` does, and if there is no such amendment."""
    found = await lookup.find_amendment(ctx, item.number)
    return await acceptance.reject(ctx, *found) if found else None


@feature.reply("draft", does=ItemAccess.CHANGES, reach=Reach.ROOM)
async def answer_draft(ctx: Context, item: Item, text: str) -> Answer:
    """Store a reply to a draft as a comment on it. Return None for other text."""
    return await _comment(ctx, item, text)


async def _comment(ctx: Context, item: Item, text: str) -> Answer:
    """Keep what is called a comment; talk in reply is never kept. Raises `UserError`."""
    found = _COMMENT.fullmatch(text.strip())
    said = one_line(found[1]) if found else ""
    if not any(map(str.isalnum, said)):
        return None
    if len(said) > LONGEST_COMMENT:
        raise UserError(_("A comment has up to {most} letters.", most=LONGEST_COMMENT))
    if len(await amendment_store.comments_on(ctx.db, item.number)) >= MOST_COMMENTS:
        raise UserError(_("There are {count} comments; that is all I keep.", count=MOST_COMMENTS))
    await amendment_store.add_comment(ctx.db, item.number, Comment(ctx.said_at, ctx.who, said))
    told = _("Noted as a comment on {number}: “{text}”", number=item.number, text=said)
    return await acknowledge(ctx, Say((told,), reply_to=ctx.origin.event, item=item.number))

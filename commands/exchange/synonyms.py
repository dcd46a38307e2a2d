"""Synonyms of this network, which make more offers and needs fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Line,
    Need,
    UserError,
    _,
    fold,
    words,
)
from commands.exchange import store
from commands.exchange.declaration import EXCHANGE_TOPIC, feature
from commands.exchange.matching.lexicon import LONGEST_PHRASE, stem_phrase

feature.log_line("named", _("added the synonym {one} = {other}"))
feature.log_line("unnamed", _("took out the synonym {one} = {other}"))

MOST_PAIRS, PAGE_SIZE = 500, 20
LONGEST_WORDS = 60
_PAIR = re.compile(r"^(.+?) ?(?:=|\bes lo mismo que\b|\bé o mesmo que\b|\bis\b) ?(.+)$")
_OUT = re.compile(r"^(?:quitar|sacar|borrar|tirar|remover|apagar|remove|delete)\s+(.+)$", re.I)
EXAMPLE = _("For example: `!synonym guagua = bus`; out again: `!synonym remove guagua = bus`")


@feature.command(
    words("sinónimo", "sinônimo", "synonym", "sinónimos | sinônimos | synonyms"),
    help=_("words that mean the same in this network, so that offers and needs find each other"),
    example=EXAMPLE,
    topic=EXCHANGE_TOPIC,
    need=Need.MODERATOR,
    where=CommandPlace.ROOM,
)
async def edit_synonyms(ctx: Context, *, text: str = "") -> Answer:
    """List the synonyms, or add or remove a pair for the whole network. Return the answer.

    `text` is `ride = car`, `remove ride = car`, a page of the list, or empty for its first page.
    Raises `UserError` for anything else, and for who may not change it. A change is logged in the
    room and can be undone.
    """
    # Two words with a sign between them, or a page.
    if not text.strip() or text.strip().isdigit():
        return await _list_synonyms(ctx, int(text.strip() or 1))
    out = _OUT.match(text.strip())
    one, other = _parse_pair(out[1] if out else text)
    room = ctx.place
    facts = {"one": one, "other": other}
    if out:
        if not await store.delete_synonym(ctx.db, one, other):
            raise UserError(_("I don't have that pair."), _("All of them: `!synonym`"))
        await ctx.log("unnamed", facts, room=room, undo=facts)
        return _("Taken out: {one} = {other}.", **facts)
    if len(await store.list_synonyms(ctx.db)) >= MOST_PAIRS:
        raise UserError(_("That is all I keep: {count} pairs.", count=MOST_PAIRS))
    await store.add_synonym(ctx.db, one, other)
    await ctx.log("named", facts, room=room, undo=facts)
    return [
        _("Noted for the whole network: {one} = {other}.", **facts),
        _("Out again: `!synonym remove {one} = {other}`", **facts),
    ]


def _parse_pair(text: str) -> tuple[str, str]:
    match = _PAIR.match(" ".join(fold(text).replace('"', "").split()))
    if match is None:
        raise UserError(_("Which two words mean the same?"), EXAMPLE)
    one, other = sorted((match[1].strip(" .,"), match[2].strip(" .,")))
    for said in (one, other):
        if (
            not stem_phrase(said)
            or len(stem_phrase(said)) > LONGEST_PHRASE
            or len(said) > LONGEST_WORDS
        ):
            raise UserError(
                _("“{words}” is too short or too long for that.", words=said[:40]), EXAMPLE
            )
    if stem_phrase(one) == stem_phrase(other):
        raise UserError(
            _("Those are one word for me already: {one} = {other}.", one=one, other=other)
        )
    return one, other


async def _list_synonyms(ctx: Context, page: int) -> Answer:
    every = await store.list_synonyms(ctx.db)
    part = every[(page - 1) * PAGE_SIZE : page * PAGE_SIZE] if page > 0 else []
    if not part:
        return [_("This network has no words of its own yet."), EXAMPLE]
    lines: list[Line] = [_("{one} = {other}", one=one, other=other) for one, other in part]
    if len(every) > page * PAGE_SIZE:
        lines.append(_("More: `!synonym {page}`", page=page + 1))
    return lines


@feature.undo("named")
async def undo_added(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Undo an added synonym. Return what to say, if anything."""
    await store.delete_synonym(ctx.db, str(kept["one"]), str(kept["other"]))
    return None


@feature.undo("unnamed")
async def undo_removed(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Undo a removed synonym. Return what to say, if anything."""
    await store.add_synonym(ctx.db, str(kept["one"]), str(kept["other"]))
    return None

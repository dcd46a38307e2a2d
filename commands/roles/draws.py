"""Draw lots for a role: a promise, words from members, then a count that all can repeat."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    FileContent,
    Item,
    Job,
    Line,
    MessageRef,
    Moment,
    Number,
    RenderLine,
    RoomId,
    Say,
    SendFile,
    UserError,
    UserId,
    _,
    fold_answer,
    items,
    n_,
    one_line,
    outsiders,
    rooms,
)
from commands.roles import grant, lot, store, terms
from commands.roles.declaration import DRAWN_JOB, feature
from commands.roles.store import Candidate, Draw, Role

LONGEST_WORD = 60
REFUSAL_WORDS = frozenset({"no", "nao", "yo no", "eu nao", "not me", "no quiero", "nao quero"})
_BOT = re.compile(r"^@(?:bot[-_.]|[^:]*bot:)", re.IGNORECASE)


async def drawable_people(ctx: Context, known: Role) -> list[UserId]:
    """Return who can be drawn for a role: people in the room, without bots, bridges and present
    holders."""
    here = await rooms.members(ctx.db, known.room)
    bridged = await outsiders.surely_bridged(ctx.db, known.room, here)
    wanted = await outsiders.count_as_members(ctx, known.room)
    left_out = {ctx.me} | (set() if wanted else bridged)
    every = [who for who in here if who not in left_out and not _BOT.match(who)]
    has = {one.person for one in await store.list_holders(ctx.db, known.item)}
    return [who for who in every if who not in has]


async def begin_draw(ctx: Context, known: Role, seats: int, within: timedelta) -> Answer:
    """Start to draw people for a role by lot, and return the message for its room: the number of
    those drawn, the hash of a secret and that of the list of people. Raises `UserError` if a draw
    for the role goes on already, or too few people can be drawn."""
    if await store.get_draw_for_role(ctx.db, known.item) is not None:
        raise UserError(_("A draw for that role goes on already."))
    found = await drawable_people(ctx, known)
    if len(found) < seats:
        raise UserError(
            n_("Only {count} person can be drawn.", "Only {count} people can be drawn.", len(found))
        )
    number = await ctx.add_item("draw", known.title, known.room)
    draw = Draw(number, known.item, seats, secrets.token_hex(32))
    await store.add_draw(ctx.db, draw, found)
    ends = ctx.now + within
    await ctx.schedule(DRAWN_JOB, ends, item=number, room=known.room)
    lines = (
        n_(
            "Draw {number}: {count} person is drawn for “{name}”, {moment}.",
            "Draw {number}: {count} people are drawn for “{name}”, {moment}.",
            seats,
            number=number,
            name=known.title,
            moment=Moment(ends),
        ),
        _(
            "Answer this with any word to put it into the draw. Who does not want the role"
            " answers `no`."
        ),
        n_(
            "{count} person can be drawn; the mark of the list: `{mark}`",
            "{count} people can be drawn; the mark of the list: `{mark}`",
            len(found),
            mark=lot.list_hash(found)[:16],
        ),
        _(
            "My promise, the SHA-256 of a secret that I show at the end: `{promise}`",
            promise=lot.promise(draw.secret),
        ),
    )
    return Say(lines, room=known.room, loud=True, item=number, slot="draw")


@feature.reply("draw")
async def answer_draw(ctx: Context, item: Item, text: str) -> Answer:
    """Add the person's word to a draw by lot, or take them out of it with `no`. Return what to say,
    if anything."""
    if not item.open or await store.get_draw(ctx.db, item.number) is None:
        return None
    word = one_line(text)
    if not word:
        return None
    if fold_answer(word) in REFUSAL_WORDS:
        if await store.set_stands(ctx.db, item.number, ctx.who, stands=False):
            return _("Noted: you won't be drawn.")
        return _("You are not among those who can be drawn.")
    if len(word) > LONGEST_WORD:
        raise UserError(_("A word has up to {most} letters here.", most=LONGEST_WORD))
    first = all(
        one.person != ctx.who or one.word is None
        for one in await store.list_candidates(ctx.db, item.number)
    )
    await store.put_word(ctx.db, item.number, ctx.who, word)
    return (
        _("Noted: “{word}” is in the draw.", word=word)
        if first
        else (_("Noted: “{word}”, in the place of your word before.", word=word))
    )


@feature.runs(DRAWN_JOB)
async def finish_draw(ctx: Context, job: Job) -> Answer:
    """Draw the people for a role, give it to them, and publish everything needed to repeat the
    count. Return what to say, if anything."""
    draw = await store.get_draw(ctx.db, Number(job.item)) if job.item is not None else None
    known = await store.get_role(ctx.db, draw.role) if draw else None
    if draw is None or known is None:
        return None
    found = await store.list_candidates(ctx.db, draw.item)
    words = {one.person: one.word for one in found if one.word is not None}
    order = lot.draw_order(draw.secret, words, [one.person for one in found if one.stands])
    won = (await _present(ctx, known.room, order))[: draw.seats]
    lines = [_("Draw {number} for “{name}” is over.", number=draw.item, name=known.title)]
    for person in won:
        until = ctx.now + known.term if known.term else None
        lines.append(await grant.grant_role(ctx, known, person, until))
    if not won:
        lines.append(_("Nobody who could be drawn is here any more."))
    await items.close(ctx.db, draw.item)
    await store.delete_draw(ctx.db, draw.item)
    lines += _trust_lines(words)
    if ctx.said_at - job.due > terms.LATE_AFTER:
        lines.append(
            _("I say this late, for I was away: it was due {moment}.", moment=Moment(job.due))
        )
    return [
        Say(
            tuple(lines),
            room=known.room,
            mentions=tuple(won),
            loud=True,
            item=draw.item,
            reply_to=MessageRef(draw.item, "draw"),
        ),
        _count_file(draw, known, words, order, found),
    ]


async def _present(ctx: Context, room: RoomId, order: list[UserId]) -> list[UserId]:
    here = set(await rooms.members(ctx.db, room))
    return [who for who in order if who in here]


def _trust_lines(words: dict[UserId, str]) -> list[Line]:
    """Say how far the draw can be trusted."""
    if not words:
        return [_("Nobody put a word in, so it rests on my word alone.")]
    return [
        n_(
            "{count} person put a word in. The file has all it takes to count again.",
            "{count} people put a word in. The file has all it takes to count again.",
            len(words),
        )
    ]


def _count_file(
    draw: Draw, known: Role, words: dict[UserId, str], order: list[UserId], found: list[Candidate]
) -> Effect:
    out = [one.person for one in found if not one.stands and one.word is None]
    gone = [f"# no: {who}" for who in sorted(out)]
    text = "\n".join([*lot.sheet_lines(draw.secret, words, order), *gone, ""])

    def made(tell: RenderLine) -> FileContent:
        head = tell(
            _(
                "Draw {number} for “{name}”: the smallest number is drawn first.",
                number=draw.item,
                name=known.title,
            )
        )
        return FileContent(f"{head}\n\n{text}".encode())

    caption = (_("The draw, to count again"),)
    return SendFile(
        f"sorteo-{draw.item}.txt", "text/plain", made, caption, room=known.room, item=draw.item
    )

"""Rooms of which everything that is decided from now on becomes public."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.api import (
    NOTHING,
    ActRequest,
    Answer,
    Context,
    Item,
    Job,
    Line,
    Moment,
    Number,
    Rest,
    RoomId,
    Say,
    TakesBack,
    TranslatedText,
    UserError,
    UserId,
    _,
    carry_out,
    items,
    may_act,
    moderators_only,
    public_services,
    rooms,
    run_line,
    shorten_line,
    was_removed,
    words,
)
from commands.publishing import making, preview, store
from commands.publishing.declaration import (
    DECIDED_JOB,
    ENDING_ACT,
    FINAL,
    PUBLISH_ACT,
    PUBLISH_SUBS,
    STANDING_ACT,
    STANDING_WORDS,
    feature,
)
from commands.publishing.publication import find_named, make_publication
from commands.publishing.standing_words import ENDS, FROM_NOW, words_of
from storage.database import Tx

EXAMPLE = _("For example: `!publish decisions`, and to end it `!publish decisions no`")
MOST_NAMED = 5
"""Words that are said to be names where a decision opens. The end says all of them."""


@PUBLISH_SUBS.sub(
    STANDING_WORDS,
    help=_("make everything public that this room decides from now on"),
    example=EXAMPLE,
)
async def publish_decisions(ctx: Context, back: TakesBack, *, rest: Rest = NOTHING) -> Answer:
    """Set that all decisions of the room become public from now on, by its rules; or end that.

    To end it protects, as withdrawing does: what becomes public meanwhile can't be taken back.
    Words that end it withdraw something whose number they have: `stop publishing 57`.
    """
    said = words_of(rest)
    if back and re.search(r"\d", rest):
        return await run_line(ctx, f"withdraw {rest}")
    if not (FROM_NOW | ENDS).issuperset(said):
        raise UserError(
            _("I don't know what “{words}” asks of me.", words=rest[:40]),
            _("It holds for what is decided from now on. One from before: `!publish 57`"),
            EXAMPLE,
        )
    back |= not ENDS.isdisjoint(said)
    room, act = (await ctx.choose_room()).room, ENDING_ACT if back else STANDING_ACT
    if not await may_act(ctx, act, room):
        raise moderators_only()
    since = await standing_since(ctx.db, room)
    if (since is None) == back:
        raise UserError(await standing_line(ctx, room))
    if back:
        what = _("what is decided here does not become public any more")
    else:
        ctx.confirm(
            _("From now on everything that this room decides becomes public once it is final:"),
            _("the question, the rule and the result, without names of who voted what."),
            _("Each decision says so when it opens. What is open now does not become public."),
            _("Where the text may name somebody, I ask who moderates first."),
            _("What we decide with other networks I ask them first: they read our network's name."),
            FINAL,
            *await preview.place_lines(ctx),
        )
        what = _("what is decided here from now on becomes public")
    return await carry_out(ctx, ActRequest(act, room, what, {"on": not back}))


async def standing_line(ctx: Context, room: RoomId) -> Line:
    """Return the line that says whether the room's decisions become public, and how to change
    that."""
    since = await standing_since(ctx.db, room)
    may = await may_act(ctx, STANDING_ACT if since is None else ENDING_ACT, room)
    if since is None and not may:
        return _("What is decided here does not become public by itself.")
    if since is None:
        return _("What is decided here does not become public by itself: `!publish decisions`")
    if not may:
        return _("What is decided here becomes public, since {moment}.", moment=Moment(since))
    return _(
        "What is decided here becomes public, since {moment}. To end it: `!publish decisions no`",
        moment=Moment(since),
    )


feature.log_line("standing", _("made public what is decided here from now on"))
feature.log_line("ended", _("ended that what is decided here becomes public"))


@feature.act(
    STANDING_ACT,
    words("publicar decisiones", "publicar decisões", "publish decisions"),
    _("make all decisions public"),
    like=PUBLISH_ACT,
    urgent=False,
    value=True,
)
@feature.act(
    ENDING_ACT,
    words("no publicar decisiones", "não publicar decisões", "keep decisions"),
    _("stop making decisions public"),
    like=STANDING_ACT,
    urgent=False,
    protects=True,
)
async def carry_out_standing(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Set that the room's decisions become public from now on, or not any more."""
    begins = bool(payload["on"])
    await set_standing(ctx.db, room, ctx.now if begins else None, ctx.who)
    act = "standing" if begins else "ended"
    await ctx.log(act, {}, room=room, undo={"on": begins})
    return _in_room(ctx, room, begins)


def _in_room(ctx: Context, room: RoomId, begins: bool) -> Answer:
    begun = (
        _("From now on what this room decides becomes public once it is final."),
        _("The question, the rule and the result are, without names of who voted what."),
        _("Who moderates can end it: `!publish decisions no`"),
    )
    ended = (
        _("What this room decides does not become public any more."),
        _("What is public stays: `!publish`"),
    )
    lines: tuple[Line, ...] = begun if begins else ended
    if ctx.room == room:
        return list(lines)
    return [lines[0], Say(lines, room=room)]


@feature.undo("standing")
@feature.undo("ended", final=FINAL)
async def undo_standing(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Undo the change of whether the room's decisions become public, if it was not changed
    since."""
    began = bool(kept["on"])
    if (await standing_since(ctx.db, ctx.place) is not None) != began:
        raise UserError(_("That was changed again since then."))
    await set_standing(ctx.db, ctx.place, None if began else ctx.now, ctx.who)
    return _in_room(ctx, ctx.place, not began)


# --- decisions ------------------------------------------------------------------------------------


@feature.offers(public_services.BECOMES_PUBLIC)
async def opening_lines(ctx: Context, item: Item, texts: Sequence[str]) -> list[Line]:
    """Return the line under a new decision that says that its result becomes public, or that
    moderators are asked first since `texts` may name somebody; an empty list if neither."""
    if await _vote_to_publish(ctx, item) is None:
        return []
    typed = [one for text in texts for one in _with_translations(text)]
    named = await public_services.typed_names.find_name_words(ctx, item.room, typed, unseen=True)
    if named:
        line = _(
            "The text may name somebody ({words}): at the end I first ask who moderates.",
            words=tuple(named[:MOST_NAMED]),
        )
        return [line]
    if await _has_handle(ctx, item, typed):
        return [_("The text may name somebody: at the end I first ask who moderates.")]
    return [_("What comes out becomes public once it is final, without names of who voted what.")]


def _with_translations(text: str) -> tuple[str, ...]:
    return (text, *text.translations.values()) if isinstance(text, TranslatedText) else (text,)


async def _has_handle(ctx: Context, item: Item, texts: Sequence[str]) -> bool:
    """Return whether the texts hold an address or a handle, which is nobody's name here."""
    names = public_services.PublicNames({}, await rooms.member_names(ctx.db, item.room))
    for text in texts:
        public_services.typed_text(ctx, names)(text)
    return names.in_typed


@feature.offers(public_services.DECIDED)
async def note_decided(ctx: Context, item: Item) -> None:
    """Schedule that a final decision is made public, if its room publishes its decisions."""
    for part_of in ctx.registry.offers(public_services.PART_OF):
        if await part_of(ctx, item) is not None:
            return  # the whole is final by itself
    if await _vote_to_publish(ctx, item) is not None:
        await ctx.schedule(DECIDED_JOB, ctx.now, item=item.number, room=item.room)


async def _vote_to_publish(ctx: Context, item: Item) -> Item | None:
    """Return the room's vote by which a decision goes if the room published what it decides when
    that opened, and does so still; None if not.

    Not what the bot asks for others: to let somebody in, or to remove them.
    """
    own = await _own_vote(ctx, item)
    if own is None or own.author == ctx.me or not await opened_since(ctx.db, own):
        return None
    return own


async def _own_vote(ctx: Context, item: Item) -> Item | None:
    """Return the vote by which a decision goes: of a joint one the room's own, which only what the
    room itself proposed has."""
    for own_part in ctx.registry.offers(public_services.OWN_PART.of(item.kind)):
        return await own_part(ctx, item)
    return item


@feature.runs(DECIDED_JOB)
async def publish_decided(ctx: Context, job: Job) -> Answer:
    """Publish a decision once, if its room still publishes its decisions. Return what the room
    reads: that it is public, or why it can't be.

    If others have to agree, they are asked first, and this runs again once they have.
    """
    item = await items.get(ctx.db, Number(job.item)) if job.item is not None else None
    if item is None or await store.get_record(ctx.db, item.number) is not None:
        return None
    if (own := await _vote_to_publish(ctx, item)) is None:
        return None  # the room may have ended it since the job was planned
    values = {"number": item.number, "title": shorten_line(item.title)}
    if await was_removed(ctx, own.room, own.author):
        told = _(
            "{number}, “{title}”, does not become public by itself: whoever asked for it can no"
            " longer write here.",
            **values,
        )
        return _tell_waiting(item, told)
    try:
        for ask in ctx.registry.offers(public_services.ASK_BY_RULE.of(item.kind)):
            by = await standing_author(ctx.db, item.room) or ctx.me
            if (answer := await ask(ctx, item, by)) is not None:
                return answer
        made = await make_publication(ctx, item)
    except UserError as error:
        told = _("{number}, “{title}”, does not become public:", **values)
        return Say((told, *error.lines), room=item.room, item=item.number)
    named = await find_named(ctx, item, made, unseen=True)
    if made.in_typed or named:
        told = _(
            "{number}, “{title}”, does not become public by itself: the text may name somebody.",
            **values,
        )
        return _tell_waiting(item, told, *public_services.typed_names.name_word_lines(named))
    lines = await making.make_public(ctx, item, made)
    return Say(tuple(lines), room=item.room, item=item.number)


def _tell_waiting(item: Item, *why: Line) -> Say:
    """Say why somebody has to look at it first."""
    look = _("To see what would become public: `!publish {number}`", number=item.number)
    return Say((*why, look), room=item.room, item=item.number)


# --- which rooms, since when, by whom ------------------------------------------------------------


async def standing_since(tx: Tx, room: RoomId) -> datetime | None:
    """Return since when (UTC) the room's decisions become public by themselves, or None if they do
    not."""
    row = await tx.one("SELECT since FROM publishing_standing WHERE room = ?", room)
    return datetime.fromtimestamp(row["since"], UTC) if row else None


async def set_standing(tx: Tx, room: RoomId, since: datetime | None, by: UserId) -> None:
    """Store that the room's decisions become public from now on; None ends it."""
    await tx.run("DELETE FROM publishing_standing WHERE room = ?", room)
    if since is not None:
        await tx.run(
            "INSERT INTO publishing_standing (room, since, last, by)"
            " SELECT ?, ?, coalesce(max(number), 0), ? FROM item",
            room,
            since.timestamp(),
            by,
        )


async def standing_author(tx: Tx, room: RoomId) -> UserId | None:
    """Return who had the room publish what it decides; None if it does not, or if they are gone."""
    found = await tx.column(str, "SELECT by FROM publishing_standing WHERE room = ?", room)
    return UserId(found[0]) if found and found[0] else None


async def opened_since(tx: Tx, item: Item) -> bool:
    """Return whether the item was opened in a room since that room publishes its decisions."""
    query = "SELECT 1 FROM publishing_standing WHERE room = ? AND last < ?"
    return await tx.exists(query, item.room, item.number)


async def restart_standing(tx: Tx) -> set[RoomId]:
    """Set that rooms which publish their decisions do so only with what is opened from now on.
    Return these rooms."""
    await tx.run(
        "UPDATE publishing_standing SET last = (SELECT coalesce(max(number), 0) FROM item)"
    )
    return {RoomId(room) for room in await tx.column(str, "SELECT room FROM publishing_standing")}


async def standing_by(tx: Tx, person: UserId) -> list[RoomId]:
    """Return the rooms in which a person set that decisions become public."""
    query = "SELECT room FROM publishing_standing WHERE by = ? ORDER BY room"
    return [RoomId(room) for room in await tx.column(str, query, person)]

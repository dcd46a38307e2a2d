"""`!network announce`: send an announcement to linked networks, and change it later."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Line,
    MessageRef,
    Number,
    UserError,
    _,
    fold_answer,
    items,
    quotable_line,
)
from commands.links import store
from commands.links.network_names import links_named, names_of, split_names
from commands.shares import outbound_shares, share_store
from commands.shares.announcements import notices
from commands.shares.announcements.announcement_text import LONGEST_ANNOUNCEMENT, account_in
from commands.shares.announcements.notices import KIND
from commands.shares.declaration import feature

_QUOTED = re.compile(r'\s*"([^"]+)"\s*(.*)', re.DOTALL)
_WITH = re.compile(r"(?:^|\s)(?:con|com|with|para|a|to|for)\s+", re.IGNORECASE)
SHORT_WORD = 2
"""Letters of a word such as `la`, which does not name a network by itself."""
_NUMBER = re.compile(r"\s*#?(\d{1,9})\s+(?=\S)")


async def announce_or_change(ctx: Context, *, text: str = "") -> Answer:
    """Send an announcement (`“words” with Red B`) to other networks after a confirmation, or change
    a sent one, if the line begins with its number or replies to it. Return what to say.

    Raises `UserError` without the right, for an unknown network, and for words that can't go out.
    """
    # Words to send, quoted or not, with networks behind `with`, or a number before them.
    item, words = await _announcement_meant(ctx, text)
    if item is not None:
        return await _change_announcement(ctx, item, words)
    room = await ctx.choose_room()
    await ctx.require_moderator(room.room)
    words, named = await _split_networks(ctx, text)
    links = await links_named(ctx, named)
    if not named and not _QUOTED.fullmatch(text):
        await _require_clear_networks(ctx, words)
    text = _checked_text(ctx, words)
    names = tuple(peer.name for _one, peers in links for peer in peers)
    ctx.confirm(
        _("This goes to {names}, in just these words:", names=names),
        notices.in_quotes(text),
        _("There a moderator decides whether it is shown."),
    )
    number = await items.add(ctx.db, feature.name, KIND, room.room, ctx.who, text[:80], ctx.said_at)
    await notices.complete_notice(ctx, number, text)
    made = await items.get(ctx.db, number)
    assert made is not None
    thing = await notices.share_notice(ctx, number)
    effects: list[Line | Effect] = [*await outbound_shares.send_out(ctx, made, links, thing)]
    if room.room != ctx.room:
        effects.append(_("Sent. It stands in {room}.", room=room.name or room.room))
    return [*effects, await notices.notice_message(ctx, number, room.room)]


async def _announcement_meant(ctx: Context, rest: str) -> tuple[Item | None, str]:
    """Return the announcement to change, if any, and the words."""
    found = _NUMBER.match(rest)
    if found:
        item = await items.get(ctx.db, Number(int(found[1])))
        if item is not None and item.kind == KIND and await ctx.may_see(item):
            return ctx.answer_privately_about(item), rest[found.end() :]
    return await ctx.replied_item(KIND), rest


async def _change_announcement(ctx: Context, item: Item, words: str) -> Answer:
    if not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't change {number}: that is for the moderators of its room.",
                number=item.number,
            )
        )
    if await share_store.received_by_copy(ctx.db, item.number) is not None:
        raise UserError(
            _("{number} is another network's: only they change it.", number=item.number)
        )
    every = await share_store.sent_shares(ctx.db, item.number)
    if not every or await notices.text_of(ctx.db, item.number) is None:
        raise UserError(
            _("{number} is shared with no other network.", number=item.number),
            _("To say it anew: `!network announce “March on Saturday at 18h”`"),
        )
    text = _checked_text(ctx, (await _split_networks(ctx, words))[0])
    ctx.confirm(
        _("Announcement {number} changes, in the other networks too:", number=item.number),
        notices.in_quotes(text),
        _("Where our announcements are not trusted, a moderator there reads it anew."),
    )
    await notices.put_text(ctx.db, item.number, text)
    await outbound_shares.schedule_share_update(ctx, item.number)
    await ctx.log("reworded", {"number": item.number}, room=item.room)
    lines = await notices.notice_lines(ctx, item.number)
    return [
        _("Changed. The other networks hear of it in a minute."),
        Edit(MessageRef(item.number, "opening"), lines, room=item.room),
    ]


async def _split_networks(ctx: Context, rest: str) -> tuple[str, str]:
    """Split the line into words and names of networks: at quotes, else before known names."""
    quoted = _QUOTED.fullmatch(rest)
    if quoted and (not quoted[2] or _WITH.match(quoted[2])):
        return quoted[1], _WITH.sub("", quoted[2], count=1)
    known = {n for p in await store.linked_peers(ctx.db) for n in names_of(p) - {str(p.link)}}
    for found in _WITH.finditer(rest[-1000:]):
        start = max(len(rest) - 1000, 0) + found.start()
        named = rest[-1000:][found.end() :]
        if split_names(named, known):
            return rest[:start], named
    return rest, ""


async def _require_clear_networks(ctx: Context, words: str) -> None:
    """Raise `UserError` if words that would go to all networks may end with the name of one."""
    every = await store.linked_peers(ctx.db)
    said = {word for peer in every for word in fold_answer(peer.name).split()}
    for found in _WITH.finditer(words[-1000:]):
        tail = words[-1000:][found.end() :]
        first, *more = fold_answer(tail).split() or [""]
        if first.strip("\"'“”.,") in said and (len(first) > SHORT_WORD or not more):
            raise UserError(
                _("Is “{words}” a network, or part of what is announced?", words=tail[:60]),
                _(
                    "What is announced goes in quotes:"
                    " `!network announce “March on Saturday at 18h” with {network}`",
                    network=every[0].name,
                ),
            )


def _checked_text(ctx: Context, words: str) -> str:
    """Return the words to send.

    Raises `UserError` if they mention an account, are empty or are too long.
    """
    if {*ctx.origin.mentions} - {ctx.me}:
        raise UserError(_("An announcement calls nobody. Please write it without the mention."))
    account = account_in(words)
    if account is not None:
        raise UserError(
            _(
                "An announcement calls nobody and names no account. Please write it without"
                " “{word}”.",
                word=account[:80],
            )
        )
    text = quotable_line(words)
    if not re.search(r"[^\W\d_]", text):
        raise UserError(
            _("What is to be announced?"),
            _("For example: `!network announce “March on Saturday at 18h” with Red Sur`"),
        )
    if len(text) > LONGEST_ANNOUNCEMENT:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_ANNOUNCEMENT))
    return text

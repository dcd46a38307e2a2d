"""`!box`: have words passed on without a name; the readers answer by number, through the bot."""

from __future__ import annotations

import re

from bot.api import (
    NOTHING,
    REDACTED_NOTICE,
    Answer,
    Behind,
    Context,
    Moment,
    Number,
    Rest,
    RoomId,
    Say,
    UserError,
    _,
    bar_lines,
    fold,
    fold_answer,
    is_in,
    may_redact,
    moderators_only,
    require_voice,
    rooms,
    split_arguments,
    verbatim,
    words,
)
from commands.anonymous_box import new_note, note_store
from commands.anonymous_box.declaration import (
    ARGS,
    EXAMPLE,
    MUTE_WORDS,
    MUTED_FOR,
    feature,
)
from commands.anonymous_box.note_store import Note
from commands.care import person_hash
from commands.care.declaration import CARE
from commands.incidents import care_team

_ABOUT = re.compile(r"\s*#?(\d{1,9})(?!\S)\s*(.*)", re.DOTALL)

feature.log_line("muted", _("had nothing more passed on from who wrote anonymous message {number}"))


@feature.command(
    words(
        "buzón",
        "caixa",
        "box",
        "buzón anónimo, anónimo | caixinha, caixa anônima, anônimo | anonymous box, anonymous",
    ),
    help=_("write without your name to the care team, or to a room that wants it"),
    example=EXAMPLE,
    topic=CARE,
    behind=Behind.TEXT,
    beside_call=True,
)
async def box(ctx: Context, text: Rest = NOTHING) -> Answer:
    """Pass an anonymous message on; or, with a message's number, answer it, add to it or mute its
    sender. Return the answer."""
    about = _ABOUT.fullmatch(text)
    note = await note_store.get_note(ctx.db, Number(int(about[1]))) if about else None
    if about is not None and note is not None:
        return await _about(ctx, note, about[2].strip())
    if about is not None and not about[2].strip():
        raise _unknown(about[1])
    if not text.strip():
        return await _explain(ctx)
    if not ctx.is_private:
        raise UserError(
            _("That stood in the room with your name, so I passed nothing on."),
            REDACTED_NOTICE
            if may_redact(ctx)
            else _("I can't take your message out of the room: please delete it there."),
            _("Write it to me in private: `box` and the words"),
            gone=True,
        )
    return await new_note.pass_on(ctx, split_arguments(text, ARGS, lambda _words: False), text)


def _unknown(number: str) -> UserError:
    return UserError(_("There is no anonymous message {number} here.", number=number))


async def _explain(ctx: Context) -> Answer:
    names = tuple(one.name for one in await new_note.targets(ctx))
    if not names:
        return _("There is no box here: no care team, and none of your rooms wants one.")
    return [
        _("Without your name you can write to: {names}.", names=names),
        new_note.retention_line(),
        EXAMPLE,
    ]


# --- about one ----------------------------------------------------------------------------------


async def _about(ctx: Context, note: Note, said: str) -> Answer:
    """Add to a message as its sender, in private; else answer it or mute its sender."""
    sender = await note_store.sender_of(ctx.db, note.item)
    if ctx.is_private and sender == ctx.who:
        return await _add(ctx, note, said)
    if not await _reads(ctx, note):
        raise _unknown(str(note.item))
    if note.room is not None and not ctx.is_private and ctx.room != note.room:
        raise UserError(_("Please write that in its room, or to me in private."))
    if sender is None:
        raise UserError(
            _(
                "I don't know any more who wrote message {number}: it is too long ago.",
                number=note.item,
            )
        )
    if fold_answer(said) in {fold(one) for one in MUTE_WORDS}:
        return await _mute(ctx, note)
    if not said:
        raise UserError(_("To answer, through me: `!box {number}` and the words", number=note.item))
    if note.room is not None:
        await require_voice(ctx, note.room)
    if not await rooms.shares_room(ctx.db, sender):
        raise UserError(_("Who wrote it is in none of our rooms any more, so I passed nothing on."))
    lines = (
        _("Answer to your message {number}:", number=note.item),
        verbatim(bar_lines(new_note.clean_note(said))),
        _(
            "They don't know who you are. To add something: `box {number}` and the words",
            number=note.item,
        ),
    )
    return [_("I passed your answer on."), Say(lines, to=sender, loud=True)]


async def _reads(ctx: Context, note: Note) -> bool:
    """Return whether the person is one of those who read the message."""
    if note.room is not None:
        return await is_in(ctx, note.room, ctx.who)
    mark = await person_hash.hash_person(ctx.db, ctx.who)
    return await note_store.is_reader(ctx.db, note.item, mark)


async def _add(ctx: Context, note: Note, said: str) -> Answer:
    """Pass on more words of the same sender, under the same number."""
    if not said:
        raise UserError(
            _("To add something: `box {number}` and the words", number=note.item),
            new_note.retention_line(),
        )
    await new_note.check_sender(ctx)
    lines = new_note.note_lines(note.item, new_note.clean_note(said))
    if note.room is not None:
        if not await is_in(ctx, note.room, ctx.who) and not await _is_care_room(ctx, note.room):
            raise UserError(_("You are not in that room any more, so I passed nothing on."))
        passed = [new_note.to_room(note.room, lines, note.item)]
    else:
        passed = [
            Say(lines, to=one, loud=True, item=note.item)
            for one in await care_team.possible_readers(ctx)
            if await note_store.is_reader(
                ctx.db, note.item, await person_hash.hash_person(ctx.db, one)
            )
        ]
    mark = await person_hash.hash_person(ctx.db, ctx.who)
    await note_store.add_sent(ctx.db, mark, ctx.now)
    return [_("I passed it on."), *passed]


async def _is_care_room(ctx: Context, room: RoomId) -> bool:
    found = await care_team.team_room(ctx)
    return found is not None and found.room == room


async def _may_mute(ctx: Context, room: RoomId) -> bool:
    return await ctx.moderates(room) or await _is_care_room(ctx, room)


async def _mute(ctx: Context, note: Note) -> Answer:
    """Pass on nothing more from who wrote it, for some time, without naming them."""
    if note.room is not None and not await _may_mute(ctx, note.room):
        raise moderators_only()
    sender = await note_store.sender_of(ctx.db, note.item)
    assert sender is not None
    until = ctx.now + MUTED_FOR
    await note_store.mute(ctx.db, await person_hash.hash_person(ctx.db, sender), until)
    if note.room is not None:
        await ctx.log("muted", {"number": note.item}, room=note.room)
    return [
        _(
            "Until {at} I pass nothing on from who wrote {number}. I named nobody.",
            at=Moment(until),
            number=note.item,
        )
    ]

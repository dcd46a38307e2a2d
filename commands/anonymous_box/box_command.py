"""`!box`: have words passed on without a name; the readers answer by number, through the bot."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from bot.api import (
    REDACTED_NOTICE,
    Answer,
    Context,
    Effect,
    Line,
    Moment,
    Number,
    ParsedArguments,
    Room,
    RoomId,
    Say,
    UserError,
    _,
    bar_lines,
    choice_of,
    fold,
    fold_answer,
    is_cry,
    is_in,
    items,
    may_redact,
    moderators_only,
    n_,
    require_voice,
    rooms,
    settings,
    split_arguments,
    strip_hidden,
    verbatim,
    words,
)
from commands.anonymous_box import note_store
from commands.anonymous_box.declaration import (
    ARGS,
    BOX,
    CARE_WORDS,
    EXAMPLE,
    FORGET_JOB,
    KIND,
    LINK_KEPT,
    LONGEST,
    MOST_A_DAY,
    MUTE_WORDS,
    MUTED_FOR,
    TO,
    feature,
)
from commands.anonymous_box.note_store import Note
from commands.care import person_hash
from commands.care.declaration import CARE
from commands.incidents import care_team, concerned_people
from commands.incidents.care_team import IncidentTeam

_ABOUT = re.compile(r"\s*#?(\d{1,9})(?!\S)\s*(.*)", re.DOTALL)

feature.log_line("muted", _("had nothing more passed on from who wrote anonymous message {number}"))


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: to a room with a box, or to the care team (`room` is None)."""

    room: Room | None

    @property
    def name(self) -> Line:
        """Return what it is called."""
        if self.room is None:
            return _("the care team")
        return _("the room “{room}”", room=self.room.name or self.room.room)


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
)
async def box(ctx: Context, *, text: str = "") -> Answer:
    """Pass words on without a name; by a number, answer them, add to them or mute their sender."""
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
    return await _pass_on(ctx, split_arguments(text, ARGS, lambda _words: False), text)


def _unknown(number: str) -> UserError:
    return UserError(_("There is no anonymous message {number} here.", number=number))


async def _explain(ctx: Context) -> Answer:
    names = tuple(one.name for one in await _targets(ctx))
    if not names:
        return _("There is no box here: no care team, and none of your rooms wants one.")
    return [
        _("Without your name you can write to: {names}.", names=names),
        _kept_line(),
        EXAMPLE,
    ]


def _kept_line() -> Line:
    return n_(
        "For {count} day I keep, sealed, who wrote it, so that answers come to you; then no more.",
        "For {count} days I keep, sealed, who wrote it, so that answers come to you; then no more.",
        LINK_KEPT.days,
    )


# --- a new message ------------------------------------------------------------------------------


async def _pass_on(ctx: Context, parts: ParsedArguments, typed: str) -> Answer:
    """Choose where it goes, show what will be passed on, and pass it on after a yes."""
    await _check_sender(ctx)
    named = parts.named.get(TO.key, "")
    target = await _choose_target(ctx, named)
    said = _clean(parts.typed or parts.free if named else typed)
    ctx.confirm(
        *([_danger_line()] if is_cry(said) else []),
        _("To {name} goes, without your name:", name=target.name),
        verbatim(bar_lines(said)),
        _("If it says what only you know, they know you by it."),
        _kept_line(),
    )
    team = await _team_for(ctx, said) if target.room is None else None
    number = await _store(ctx, target, team)
    lines = _note_lines(number, said)
    passed = (
        await team.tell(ctx, lines, number)
        if team is not None
        else [_to_room(target.room.room, lines, number)] if target.room else []
    )  # fmt: skip
    told = Say(
        (
            _("Passed on to {name}: number {number}.", name=target.name, number=number),
            _("Answers come here. To add something: `box {number}` and the words", number=number),
        ),
        room=ctx.room,
        reply_to=ctx.origin.event,
    )
    return [told, *passed]


async def _check_sender(ctx: Context) -> None:
    """Raise `UserError` for who is muted, wrote enough for a day, or is in no room of ours."""
    if not await rooms.shares_room(ctx.db, ctx.who):
        raise UserError(_("We share no room yet. Ask the moderators of your network."))
    mark = await person_hash.hash_person(ctx.db, ctx.who)
    until = await note_store.muted_until(ctx.db, mark, ctx.now)
    if until is not None:
        raise UserError(
            _("Until {at} I pass nothing on for you.", at=Moment(until)),
            _danger_line(),
        )
    if await note_store.count_sent(ctx.db, mark, ctx.now) >= MOST_A_DAY:
        raise UserError(
            n_(
                "I pass on {count} message a day from one person. Tomorrow again.",
                "I pass on {count} messages a day from one person. Tomorrow again.",
                MOST_A_DAY,
            ),
            _danger_line(),
        )


def _danger_line() -> Line:
    """Return where to turn to in danger, which never waits for a box."""
    return _("In danger: `panic`. If somebody harmed you: `incident` and what happened.")


def _clean(text: str) -> str:
    text = strip_hidden(text).strip()
    if len(text) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    if not re.search(r"\w", text):
        raise UserError(_("Missing: the words."), EXAMPLE)
    return text


async def _targets(ctx: Context) -> list[Target]:
    """Return where this person can write: the care team, and their rooms that want it."""
    found = [Target(None)] if (await care_team.team_without(ctx)).people else []
    for place in await settings.rooms_with(ctx.db, BOX.key, "yes"):
        room = await rooms.get(ctx.db, place)
        if room is not None and room.joined and await is_in(ctx, place, ctx.who):
            found.append(Target(room))
    return found


async def _choose_target(ctx: Context, named: str) -> Target:
    found = await _targets(ctx)
    if named:
        wanted = fold(named.strip(" ."))
        found = [
            one
            for one in found
            if (wanted in {fold(word) for word in CARE_WORDS} if one.room is None
                else wanted in fold(one.room.name))
        ]  # fmt: skip
    if not found:
        raise UserError(
            _("There is no such box.") if named else _("There is no box that you can write to."),
            _("Where you can write: `box`"),
        )
    if len(found) == 1:
        return found[0]
    lines = [_("{n}) {name}", n=n, name=one.name) for n, one in enumerate(found[:12], start=1)]
    names = [one.room.name if one.room else "" for one in found[:12]]
    chosen = ctx.ask("to", choice_of(len(lines), names=names), _("To whom?"), *lines)
    return found[int(chosen) - 1]


async def _team_for(ctx: Context, said: str) -> IncidentTeam:
    """Return the care team without whom the words may be about, as with incidents."""
    out = await concerned_people.find_concerned(
        ctx, said, (), lambda without: care_team.team_without(ctx, without)
    )
    team = await care_team.team_without(ctx, out)
    if not team.people:
        raise UserError(_("There is nobody left who could read it, so I passed nothing on."))
    return team


async def _store(ctx: Context, target: Target, team: IncidentTeam | None) -> Number:
    """Store the message's number, its readers and the sealed sender. Its author is the bot."""
    place = target.room.room if target.room is not None else team.room if team else None
    number = await items.add(
        ctx.db, feature.name, KIND, place or RoomId(""), ctx.me, "", ctx.said_at
    )
    alone = team.people if team is not None and place is None else ()
    readers = [await person_hash.hash_person(ctx.db, one) for one in alone]
    await note_store.add_note(ctx.db, number, place, ctx.who, readers)
    await note_store.add_sent(ctx.db, await person_hash.hash_person(ctx.db, ctx.who), ctx.now)
    await ctx.schedule(FORGET_JOB, ctx.now + LINK_KEPT, item=number, room=place or RoomId(""))
    return number


def _note_lines(number: Number, said: str) -> tuple[Line, ...]:
    return (
        _("Anonymous message {number}:", number=number),
        verbatim(bar_lines(said)),
        _("To answer, through me: `!box {number}` and the words", number=number),
        _("To hear nothing more from who wrote it: `!box {number} mute`", number=number),
    )


def _to_room(room: RoomId, lines: tuple[Line, ...], number: Number) -> Effect:
    slot = f"note {secrets.token_hex(4)}"
    return Say(lines, room=room, loud=True, item=number, slot=slot)


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
            _("I don't know any more who wrote message {number}: it is too long ago.",
              number=note.item)
        )  # fmt: skip
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
        verbatim(bar_lines(_clean(said))),
        _("They don't know who you are. To add something: `box {number}` and the words",
          number=note.item),
    )  # fmt: skip
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
            _("To add something: `box {number}` and the words", number=note.item), _kept_line()
        )
    await _check_sender(ctx)
    lines = _note_lines(note.item, _clean(said))
    if note.room is not None:
        if not await is_in(ctx, note.room, ctx.who) and not await _is_care_room(ctx, note.room):
            raise UserError(_("You are not in that room any more, so I passed nothing on."))
        passed = [_to_room(note.room, lines, note.item)]
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
        _("Until {at} I pass nothing on from who wrote {number}. I named nobody.",
          at=Moment(until), number=note.item)
    ]  # fmt: skip

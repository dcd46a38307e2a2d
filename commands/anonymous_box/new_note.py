"""A new anonymous message: where it goes, what is shown before, and what its readers get."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from bot.api import (
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
    danger_line,
    fold,
    is_cry,
    is_in,
    items,
    n_,
    rooms,
    settings,
    strip_hidden,
    verbatim,
)
from commands.anonymous_box import note_store
from commands.anonymous_box.declaration import (
    BOX,
    CARE_WORDS,
    EXAMPLE,
    FORGET_JOB,
    KIND,
    LINK_KEPT,
    LONGEST,
    MOST_A_DAY,
    TO,
    feature,
)
from commands.care import person_hash
from commands.incidents import care_team, concerned_people
from commands.incidents.care_team import IncidentTeam


@dataclass(frozen=True, slots=True)
class Target:
    """Where a message goes: to a room with a box, or to the care team (`room` is None)."""

    room: Room | None

    @property
    def name(self) -> Line:
        """The name of the team or room that reads the anonymous message."""
        if self.room is None:
            return _("the care team")
        return _("the room “{room}”", room=self.room.name or self.room.room)


def retention_line() -> Line:
    """Return a line that says how long it stays known who wrote an anonymous message."""
    return n_(
        "For {count} day I keep, sealed, who wrote it, so that answers come to you; then no more.",
        "For {count} days I keep, sealed, who wrote it, so that answers come to you; then no more.",
        LINK_KEPT.days,
    )


async def pass_on(ctx: Context, parts: ParsedArguments, typed: str) -> Answer:
    """Ask where an anonymous message is to go, show it as it will be read, and pass it on after a
    yes. Return what to say, if anything."""
    await check_sender(ctx)
    named = parts.named.get(TO.key, "")
    target = await _choose_target(ctx, named)
    said = clean_note(parts.typed or parts.free if named else typed)
    ctx.confirm(
        *([danger_line(ctx.registry)] if is_cry(said) else []),
        _("To {name} goes, without your name:", name=target.name),
        verbatim(bar_lines(said)),
        _("If it says what only you know, they know you by it."),
        retention_line(),
    )
    team = await _team_for(ctx, said) if target.room is None else None
    number = await _store(ctx, target, team)
    lines = note_lines(number, said)
    passed = (
        await team.tell(ctx, lines, number)
        if team is not None
        else [to_room(target.room.room, lines, number)]
        if target.room
        else []
    )
    told = Say(
        (
            _("Passed on to {name}: number {number}.", name=target.name, number=number),
            _("Answers come here. To add something: `box {number}` and the words", number=number),
        ),
        room=ctx.room,
        reply_to=ctx.origin.event,
    )
    return [told, *passed]


async def check_sender(ctx: Context) -> None:
    """Raise `UserError` for a person who is muted, wrote enough anonymous messages for a day, or is
    in no room of ours."""
    if not await rooms.shares_room(ctx.db, ctx.who):
        raise UserError(_("We share no room yet. Ask the moderators of your network."))
    mark = await person_hash.hash_person(ctx.db, ctx.who)
    until = await note_store.muted_until(ctx.db, mark, ctx.now)
    if until is not None:
        raise UserError(
            _("Until {at} I pass nothing on for you.", at=Moment(until)),
            danger_line(ctx.registry),
        )
    if await note_store.count_recent_sent(ctx.db, mark, ctx.now) >= MOST_A_DAY:
        raise UserError(
            n_(
                "I pass on {count} message a day from one person. Tomorrow again.",
                "I pass on {count} messages a day from one person. Tomorrow again.",
                MOST_A_DAY,
            ),
            danger_line(ctx.registry),
        )


def clean_note(text: str) -> str:
    """Return the anonymous message without invisible characters. Raises `UserError` if it is empty
    or too long."""
    text = strip_hidden(text).strip()
    if len(text) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    if not re.search(r"\w", text):
        raise UserError(_("Missing: the words."), EXAMPLE)
    return text


async def targets(ctx: Context) -> list[Target]:
    """Return where this person can send an anonymous message: the care team, and those of their
    rooms that take them."""
    found = [Target(None)] if (await care_team.team_without(ctx)).people else []
    for place in await settings.rooms_with(ctx.db, BOX.key, "yes"):
        room = await rooms.get(ctx.db, place)
        if room is not None and room.joined and await is_in(ctx, place, ctx.who):
            found.append(Target(room))
    return found


async def _choose_target(ctx: Context, named: str) -> Target:
    found = await targets(ctx)
    if named:
        wanted = fold(named.strip(" ."))
        found = [
            one
            for one in found
            if (
                wanted in {fold(word) for word in CARE_WORDS}
                if one.room is None
                else wanted in fold(one.room.name)
            )
        ]
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


def note_lines(number: Number, said: str) -> tuple[Line, ...]:
    """Return an anonymous message as its readers get it: number, words, how to answer and how to
    mute."""
    return (
        _("Anonymous message {number}:", number=number),
        verbatim(bar_lines(said)),
        _("To answer, through me: `!box {number}` and the words", number=number),
        _("To hear nothing more from who wrote it: `!box {number} mute`", number=number),
    )


def to_room(room: RoomId, lines: tuple[Line, ...], number: Number) -> Effect:
    """Return the effect that posts an anonymous message in a room, so that replies are about its
    number."""
    slot = f"note {secrets.token_hex(4)}"
    return Say(lines, room=room, loud=True, item=number, slot=slot)

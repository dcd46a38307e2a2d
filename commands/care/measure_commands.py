"""Commands `!warn`, `!mute`, `!remove` and `!ban`. Each needs a reason and obeys the room's rules.

Where the bot may, it redacts the command from the room: what is said about somebody is between them
and the moderation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.api import (
    ActRequest,
    Answer,
    Behind,
    CommandPlace,
    Context,
    Effect,
    Line,
    MissingArgument,
    Number,
    People,
    Person,
    Room,
    Say,
    Span,
    UserError,
    UserId,
    _,
    answer_parts,
    carry_out,
    choice_of,
    dates,
    n_,
    one_line,
    words,
)
from commands.care import measure_store, person_hash, removed_things, target_rooms
from commands.care.declaration import LONGEST_MUTE, LONGEST_REASON, MODERATE, SHORTEST_MUTE, feature
from commands.care.extensions import ban_by_number
from commands.care.measure_store import Deed, Measure
from commands.care.target_rooms import TargetRooms

_LINKING_WORDS = re.compile(
    r"^(?:(?:por|durante|for|during|a|al|ao|à|to|,|;|:|-)\s+)+", re.IGNORECASE
)
_UNTIL = re.compile(r"^(?:hasta|at[eé]|until)\s+", re.IGNORECASE)
MOST_SHOWN = 10


@feature.command(  # The place is in the words too (`in press`), before or after the reason.
    words("advertir", "advertir", "warn", "amonestar, llamar la atención | advertência |"),
    help=_("a word to somebody in private: first without counting it, then a warning"),
    example=_("For example: `!warn @bea:server.org insults in the evening`"),
    topic=MODERATE,
    where=CommandPlace.PRIVATE,  # nobody else must see who is warned
    behind=Behind.TEXT,
)
async def warn(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Write somebody a private word, or give them a warning that is counted. Return the answer."""
    person, text = await target_rooms.find_person(ctx, Deed.WARN, people, text)
    places, text = await target_rooms.find_targets(ctx, Deed.WARN, person, text)
    reason = _read_reason(ctx, text)
    if not places.area and await _wants_private_word(ctx, places.rooms[0], person):
        return _private_word(ctx, places.rooms[0], person, reason)
    return await _carry_out(ctx, Deed.WARN, places, person, {"reason": reason})


async def _wants_private_word(ctx: Context, room: Room, person: UserId) -> bool:
    """Ask a moderator whether they want an uncounted private word. Non-moderators are not asked."""
    if not await ctx.moderates(room.room):
        return False
    count = await measure_store.count_warnings(
        ctx.db, room.room, await person_hash.hash_person(ctx.db, person), ctx.now
    )
    answer = ctx.ask(
        "how",
        choice_of(2),
        _("How shall I say it to {who}? Nobody else reads it.", who=Person(person, full=True)),
        n_(
            "There is {count} warning that counts.", "There are {count} warnings that count.", count
        ),
        _("1) as a private word from you: it is not counted and stands nowhere"),
        _("2) as a warning: it is counted, and the log keeps the reason without their name"),
        _("Answer with the number."),
    )
    return answer == "1"


def _private_word(ctx: Context, room: Room, person: UserId, reason: str) -> Answer:
    lines = (
        _(
            "{who} has a word for you, from “{room}”: {reason}",
            who=Person(ctx.who, full=True),
            room=room.name or room.room,
            reason=reason,
        ),
        _("It is a private word: nobody else reads it, and it counts nowhere."),
    )
    return [_("Said in private. It counts nowhere."), Say(lines, to=person, loud=True)]


@feature.command(  # Place, time and reason stand in any order.
    words("silenciar", "silenciar", "mute", "callar, enmudecer | calar |"),
    help=_("somebody can't write in the room for a time"),
    example=_("For example: `!mute @bea:server.org 2h insults`"),
    topic=MODERATE,
    where=CommandPlace.PRIVATE,
)
async def mute(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Mute somebody for a time; then their earlier power level is back. Return the answer."""
    person, text = await target_rooms.find_person(ctx, Deed.MUTE, people, text)
    places, text = await target_rooms.find_targets(ctx, Deed.MUTE, person, text)
    length, text = _split_length(ctx, text)
    payload = {"reason": _read_reason(ctx, text), "seconds": int(length.total_seconds())}
    return await _carry_out(
        ctx, Deed.MUTE, places, person, payload, _("For {span}.", span=Span(length))
    )


def _split_length(ctx: Context, text: str) -> tuple[timedelta, str]:
    """Return the duration that the text begins with (`2h`, `por 30 minutos`), and the rest."""
    if (answered := ctx.answers.get("part:length")) is not None:
        text = f"{answered} {text}"
    text = _LINKING_WORDS.sub("", text.replace('"', " ").strip())
    if (until := _UNTIL.match(text)) is not None:
        return _split_end(ctx, text[until.end() :])
    parts = text.split()
    for count in range(min(len(parts), 4), 0, -1):
        length = dates.read_duration(" ".join(parts[:count]).rstrip(",;:"))
        if length is not None:
            return _checked_length(length), " ".join(parts[count:])
    raise MissingArgument("length", _("how long"))


def _split_end(ctx: Context, text: str) -> tuple[timedelta, str]:
    """Return the time from now until a date such as `hasta mañana 18h`, and the rest of the
    text."""
    found = dates.find_date(text, ctx.said_at, ctx.policy.zone)
    if found is None:
        raise MissingArgument("length", _("how long"))
    until = ctx.choose_reading(found.phrase, found.reading).at
    return _checked_length(until - ctx.said_at), found.rest


def _checked_length(length: timedelta) -> timedelta:
    if not SHORTEST_MUTE <= length <= LONGEST_MUTE:
        raise UserError(
            _("From {least} to {most}.", least=Span(SHORTEST_MUTE), most=Span(LONGEST_MUTE))
        )
    return length


@feature.command(  # The place is in the words too (`in press`), before or after the reason.
    words("expulsar", "expulsar", "remove", "sacar, remover, kick, echar | retirar da sala |"),
    help=_("take somebody out of the room"),
    example=_("For example: `!remove @bea:server.org advertising`"),
    topic=MODERATE,
    where=CommandPlace.PRIVATE,
)
async def remove(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Remove somebody after a confirmation. They get the reason in private. Return the answer."""
    if not people and await removed_things.names_thing(ctx, text):
        return await removed_things.cancel_openly(ctx, text)
    return await _put_out(ctx, Deed.REMOVE, people, text)


@feature.command(  # A rule of a ban list may stand for a person; a place anywhere.
    words(
        "vetar",
        "banir",
        "ban",
        "banear, bloquear entrada, prohibir entrada | vetar, proibir entrada |",
    ),
    help=_("take somebody out of the room and keep them out"),
    example=_("For example: `!ban @bea:server.org threats`"),
    topic=MODERATE,
    where=CommandPlace.PRIVATE,
)
async def ban(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Ban somebody after a confirmation. With a number: everybody whom that ban list rule names.
    Return the answer."""
    number = re.fullmatch(r"\s*#?(\d{1,9})\s*", text)
    if number and not people:
        return await ban_by_number(ctx, Number(int(number[1])))
    return await _put_out(ctx, Deed.BAN, people, text)


async def _put_out(ctx: Context, deed: Deed, people: People, text: str) -> Answer:
    person, text = await target_rooms.find_person(ctx, deed, people, text)
    places, text = await target_rooms.find_targets(ctx, deed, person, text)
    reason = _read_reason(ctx, text)
    if not places.area:
        line = _title(deed, person)
        ctx.confirm(
            _("{what}. Reason: {reason}", what=line, reason=reason),
            _(
                "They read the reason in private, and how to appeal. `!log` keeps the reason,"
                " without their name."
            ),
        )
    return await _carry_out(ctx, deed, places, person, {"reason": reason})


# --- the same for all -----------------------------------------------------------------------------


def _read_reason(ctx: Context, text: str) -> str:
    """Return the reason as the person reads it. Raises `MissingArgument` and `UserError`."""
    typed = ctx.answers.get("part:reason") or _LINKING_WORDS.sub("", text.strip())
    reason = one_line(typed).strip(' "“”,;:-')
    if not re.search(r"\w", reason):
        raise MissingArgument("reason", _("the reason"))
    if len(reason) > LONGEST_REASON:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_REASON))
    return reason


def _title(deed: Deed, person: UserId) -> Line:
    """Name the act in one line."""
    who = Person(person, full=True)
    if deed is Deed.WARN:
        return _("Warn {who}", who=who)
    if deed is Deed.MUTE:
        return _("Silence {who} for a time", who=who)
    if deed is Deed.REMOVE:
        return _("Take {who} out", who=who)
    return _("Ban {who}", who=who)


async def _carry_out(
    ctx: Context,
    deed: Deed,
    places: TargetRooms,
    person: UserId,
    payload: dict[str, Any],
    more: Line | None = None,
) -> Answer:
    """Take the measure in one room as its rules say, or in an area's rooms after a confirmation."""
    what = _title(deed, person)
    given = {**payload, "person": person}
    if not places.area:
        here = ActRequest(deed, places.rooms[0].room, what, given, personal=True)
        return await carry_out(ctx, here)
    _preview(ctx, deed, places, what, str(payload["reason"]), more)
    before = {one.item for one in await measure_store.measures_of(ctx.db, person)}
    answers: list[Line | Effect] = []
    for room in places.rooms:
        quiet = {**given, "quiet": True}
        answer = await carry_out(ctx, ActRequest(deed, room.room, what, quiet, personal=True))
        answers += answer_parts(answer)
    done = [
        one for one in await measure_store.measures_of(ctx.db, person) if one.item not in before
    ]
    return [*_summary(places, done), *answers, *_tell_person(places, done, person)]


def _preview(
    ctx: Context, deed: Deed, places: TargetRooms, what: Line, reason: str, more: Line | None
) -> None:
    names = tuple(room.name or room.room for room in places.rooms[:MOST_SHOWN])
    ctx.confirm(
        _("{what}. Reason: {reason}", what=what, reason=reason),
        *((more,) if more else ()),
        n_(
            "In {count} room of the area “{area}”: {rooms}",
            "In {count} rooms of the area “{area}”: {rooms}",
            len(places.rooms),
            area=places.area,
            rooms=names,
        ),
        *places.without,
        final=deed in (Deed.REMOVE, Deed.BAN),
    )


def _summary(places: TargetRooms, done: Sequence[Measure]) -> list[Line]:
    """Say in how many rooms it is done, and in how many the room's rules ask for more people."""
    lines: list[Line] = []
    if done:
        numbers = tuple(str(one.item) for one in done[:MOST_SHOWN])
        lines.append(
            n_(
                "Done in {count} room. Numbers: {numbers}",
                "Done in {count} rooms. Numbers: {numbers}",
                len(done),
                numbers=numbers,
            )
        )
    waits = len(places.rooms) - len(done)
    if waits:
        lines.append(
            n_(
                "In {count} room it waits for what the room's rules ask.",
                "In {count} rooms it waits for what the room's rules ask.",
                waits,
            )
        )
    return lines


def _tell_person(places: TargetRooms, done: Sequence[Measure], person: UserId) -> list[Effect]:
    """Write the person one letter for all rooms."""
    if not done:
        return []
    names = {room.room: room.name or room.room for room in places.rooms}
    lines = (
        _heading(done[0], tuple(names[one.room] for one in done[:MOST_SHOWN])),
        _("Reason: {reason}", reason=done[0].reason),
        _(
            "If you see it differently: `appeal {number}` and why. Others look at it than who"
            " decided.",
            number=Number(done[0].item),
        ),
    )
    return [Say(lines, to=person, loud=True, item=done[0].item)]


def _heading(one: Measure, names: tuple[str, ...]) -> Line:
    if one.act is Deed.WARN:
        return _("A warning from the moderation of: {rooms}", rooms=names)
    if one.act is Deed.MUTE:
        return _("For a time you can't write in: {rooms}", rooms=names)
    if one.act is Deed.REMOVE:
        return _("You were taken out of: {rooms}", rooms=names)
    return _(
        "You were taken out of these rooms, and can't come in until that is lifted: {rooms}",
        rooms=names,
    )

"""What the bot itself, outside of its features, keeps of a person."""

from __future__ import annotations

from bot.api import (
    Context,
    Line,
    Moment,
    Person,
    Room,
    _,
    describe_log_entry,
    log,
    n_,
    people,
)


async def core_data_lines(ctx: Context) -> list[Line]:
    """Return lines with the asker's address, settings, rooms, items, jobs, log entries and waiting
    messages."""
    held = await people.data_of(ctx.db, ctx.who)
    said = [_("Your address: {person}", person=ctx.who)]
    if held.language is not None:
        said.append(_("The language you chose: {language}", language=held.language))
    if held.zone is not None:
        said.append(_("The clock you chose: {zone}", zone=held.zone))
    said += [_membership_line(ctx, room, name) for room, name in held.rooms]
    if ctx.who in ctx.defaults.moderators:
        said.append(_("The configuration names you among the network's moderators."))
    said += [
        _(
            "Number {number}, which you made {moment}: {title}",
            number=one.number,
            moment=Moment(one.at),
            title=one.title or "–",
        )
        for one in held.items
    ]
    said += [
        _("Due {moment}, number {number}", moment=Moment(due), number=number)
        if number is not None
        else _("Due {moment}", moment=Moment(due))
        for due, number in held.due
    ]
    said += [_log_line(await describe_log_entry(ctx, entry), entry) for entry in held.log]
    return [*said, *_waiting_lines(held)]


def _membership_line(ctx: Context, room: Room, name: str) -> Line:
    where = room.name or room.room
    if room.private_of == ctx.who:
        return _("Our private room; there you are called “{name}”", name=name)
    power = min(room.power_of(ctx.who), 100)
    return _(
        "In the room {room} you are called “{name}” and have power {power}",
        room=where,
        name=name,
        power=power,
    )


def _log_line(what: Line, entry: log.LogEntry) -> Line:
    who = Person(entry.who) if entry.who else _("somebody")
    return _(
        "In a room's log: {moment}, {who}: {what}", moment=Moment(entry.at), who=who, what=what
    )


def _waiting_lines(held: people.PersonData) -> list[Line]:
    said = [
        n_(
            "{count} message of mine to you is on its way",
            "{count} messages of mine to you are on their way",
            held.letters,
        ),
        n_(
            "{count} question of mine waits for your answer",
            "{count} questions of mine wait for your answer",
            held.questions,
        ),
        n_(
            "{count} message of yours waits until I can read it or know what it is about",
            "{count} messages of yours wait until I can read them or know what they are about",
            held.unread,
        ),
        n_(
            "{count} message of mine names you, so that your phone rings or its words can be"
            " changed",
            "{count} messages of mine name you, so that your phone rings or their words can be"
            " changed",
            held.named,
        ),
    ]
    return [line for line in said if line.count]

"""Begin and end a meeting, and show how it stands."""

from __future__ import annotations

from bot.api import (
    NO_NUMBER,
    NOTHING,
    TASK_LINES,
    Answer,
    Context,
    ItemAccess,
    Line,
    Moment,
    Number,
    Reach,
    Rest,
    SubCommands,
    UserError,
    _,
    is_author,
    n_,
    words,
)
from commands.meetings import (
    agenda,
    agenda_store,
    declaration,
    floor_store,
    idle_meetings,
    meeting_end,
    store,
)
from commands.meetings.declaration import MEETINGS, feature
from commands.meetings.store import Meeting

LONGEST_TITLE = 200
START = words(
    "empezar",
    "começar",
    "start",
    "empieza, empezamos, iniciar, inicia, iniciamos, comenzar, comienza, comenzamos, abrir, abre"
    " | começa, começamos, inicie | begin, open",
)
END = words(
    "cerrar",
    "encerrar",
    "end",
    "cierra, cerramos, terminar, termina, terminamos, acabar, acaba, finalizar, fin"
    " | fim, encerra, encerramos, fechar, fecha | close, finish, stop",
)
GO_ON = words(
    "seguir", "continuar", "continue", "sigue, sigamos, seguimos, continua | segue | go on"
)
MEETING = SubCommands()
feature.stands_for(
    words(
        "empezar reunión",
        "começar reunião",
        "start meeting",
        "iniciar reunión, comenzar reunión, empezar la reunión, empezar asamblea, abrir reunión"
        " | iniciar reunião, começar a reunião, começar assembleia, abrir reunião"
        " | begin meeting, start the meeting",
    ),
    "meeting start",
)
feature.stands_for(words("plenaria", "plenária", "plenary"), "meeting start", is_kept=True)


@feature.command(
    words("reunión", "reunião", "meeting"),
    help=_("a meeting with minutes: only marked lines are kept"),
    example=_("For example: `!meeting start`, and in the end `!meeting end`"),
    topic=MEETINGS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    subs=MEETING,
)
async def show_meeting(ctx: Context, number: Number = NO_NUMBER, *, day: Rest = NOTHING) -> Answer:
    """Show the state of the meeting here, or the minutes of the one with this number. Return the
    answer."""
    if number != NO_NUMBER and not day:
        item, _left = await ctx.parse_item(str(number), "meeting")
        found: Answer = await meeting_end.show_minutes(ctx, item)
        return found
    declaration.require_room(ctx)
    said = f"{number or ''} {day}".strip()
    if said:
        raise UserError(
            _("To begin one now: `!meeting start`. To end it: `!meeting end`"),
            *_event_hint(ctx, said),
        )
    return await _show_state(ctx)


@MEETING.sub(START, help=_("begin a meeting, with a title if you like"))
async def start_meeting(ctx: Context, *, title: Rest = NOTHING) -> Answer:
    """Begin a meeting in this room or thread. Return the answer."""
    declaration.require_room(ctx)
    return await _begin(ctx, title)


@MEETING.sub(END, help=_("end it, and get the minutes"))
async def end_meeting(ctx: Context) -> Answer:
    """End the meeting that is going on in this room or thread. Return the answer."""
    declaration.require_room(ctx)
    return await _end(ctx, await declaration.current_meeting(ctx))


@MEETING.sub(GO_ON, help=_("go on with a meeting in which nobody wrote for long"))
async def continue_meeting(ctx: Context) -> Answer:
    """Keep a quiet meeting open, by its leader's or anybody's word. Return the answer."""
    declaration.require_room(ctx)
    return await _continue_meeting(ctx, await declaration.current_meeting(ctx))


def _event_hint(ctx: Context, said: str) -> list[Line]:
    """Suggest an event to somebody who writes a date."""
    if ctx.registry.find_command("event") is None:
        return []
    return [_("For another day: `!event Meeting {words}`", words=said[:60])]


async def _begin(ctx: Context, title: str) -> Answer:
    thread = ctx.origin.thread or ""
    there = await store.find_open_meeting(ctx.db, ctx.room, thread)
    if there is not None and (there.thread or "") == thread:
        raise UserError(
            _(
                "Meeting {number} is going on since {moment}.",
                number=there.item,
                moment=Moment(there.started),
            ),
            _("To end it: `!meeting end`"),
        )
    title = " ".join(title.strip(' ".!').split())
    if len(title) > LONGEST_TITLE:
        raise UserError(
            _("That is too long for a title: {count} letters at most.", count=LONGEST_TITLE)
        )
    number = await ctx.add_item("meeting", title)
    begun = await store.begin_meeting(ctx.db, number, ctx.room, thread, ctx.said_at)
    await store.record_attendance(ctx.db, number, ctx.who)
    await agenda_store.take_up_proposed(ctx.db, ctx.room, thread, number)
    await idle_meetings.watch_meeting(ctx, begun)
    lines = [*await _opening(ctx, begun), *await _agenda(ctx, begun), *await _open_tasks(ctx)]
    return declaration.meeting_message(begun, *lines, loud=True, slot="opening")


async def _opening(ctx: Context, begun: Meeting) -> list[Line]:
    number, title = begun.item, begun.title
    first = (
        _("Meeting {number} begins: {title}", number=number, title=title)
        if title
        else _("Meeting {number} begins.", number=number)
    )
    named = await ctx.setting_value(declaration.NAMES_IN_MINUTES) == "yes"
    return [
        first,
        _("I keep only lines that begin with `agreed:`, `task:` or `info:`; nothing else you say."),
        _("A line that you delete is taken out. To be counted: `present`. Minutes name who came.")
        if named
        else _(
            "A line that you delete is taken out. To be counted: `present`. Only how many came is"
            " kept."
        ),
        _("To speak: `!hand`. A show of hands: `!hands Shall we go on?` To end: `!meeting end`"),
    ]


async def _agenda(ctx: Context, begun: Meeting) -> list[Line]:
    found = await agenda_store.points_of_meeting(ctx.db, begun.item)
    if not found:
        return []
    return [
        _("Agenda:"),
        *agenda.point_lines(found, ctx.said_at),
        _("To begin with the first: `!topic next`"),
    ]


async def _open_tasks(ctx: Context) -> list[Line]:
    """Return the tasks left open by earlier meetings."""
    for offer in ctx.registry.offers(TASK_LINES):
        found: list[Line] = await offer(ctx, ctx.room, None)
        return [_("Open tasks:"), *found] if found else []
    return []


async def _end(ctx: Context, found: Meeting) -> Answer:
    if not await declaration.leads(ctx, found):
        raise UserError(_("You can't end the meeting: that is for who began it or the moderators."))
    if not is_author(ctx, found):
        await ctx.log("ended", {"number": found.item}, room=found.room)
    return await meeting_end.finish_meeting(ctx, found, ctx.said_at)


async def _continue_meeting(ctx: Context, found: Meeting) -> Answer:
    await store.record_activity(ctx.db, found.item, ctx.said_at)
    return _("Good, meeting {number} goes on.", number=found.item)


async def _show_state(ctx: Context) -> Answer:
    found = await store.find_open_meeting(ctx.db, ctx.room, ctx.origin.thread or "")
    if found is None:
        last = await store.last_ended_meeting(ctx.db, ctx.room)
        before = (
            [_("The last one was {number}; its minutes: `!meeting {number}`", number=last.item)]
            if last
            else []
        )
        return [
            _("No meeting is going on here."),
            _("To begin one: `!meeting start`"),
            *before,
        ]
    kept = await store.count_lines(ctx.db, found.item)
    hands = len(await floor_store.speaker_queue(ctx.db, found.item))
    points = await agenda_store.points_of_meeting(ctx.db, found.item)
    return [
        _(
            "Meeting {number} is going on since {moment}.",
            number=found.item,
            moment=Moment(found.started),
        ),
        n_("{count} line is kept.", "{count} lines are kept.", kept),
        *([n_("{count} hand is raised.", "{count} hands are raised.", hands)] if hands else []),
        *agenda.point_lines([one for one in points if one.is_current], ctx.said_at, points),
        _("To end it: `!meeting end`"),
    ]

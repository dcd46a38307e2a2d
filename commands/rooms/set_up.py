"""Five questions in private that set a room up: language, zone, kind, who welcomes, who cares.

They begin by themselves with whoever brought the bot in, if they moderate the room. `later` keeps
the answers, and the bot asks on a day later; `skip` leaves one as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.api import (
    LANGUAGE_CHOSEN,
    LANGUAGE_WORDS,
    ROOM_ENTERED,
    STOP_LINES,
    WELCOMERS_NAMED,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    Person,
    Room,
    RoomId,
    UserId,
    _,
    answer_parts,
    dates,
    rooms,
    verbatim,
    words,
)
from commands.rooms import bulk_changes, care_room, set_up_questions, set_up_store, templates
from commands.rooms.declaration import (
    SET_UP_JOB,
    effective_value,
    feature,
    show_value,
    stored_value,
)
from commands.rooms.room_selection import RoomSelection, room_name
from commands.rooms.set_up_questions import PATIENCE, Postponed, SetUpQuestion
from commands.rooms.setting_changes import require_may_set, setting_of_key

SET_UP_WORDS = words(
    "preguntas", "perguntas", "questions", "empezar, inicio, preparar | começar, início | start"
)
NOBODY = words("nadie", "ninguém", "nobody", "tú, el bot | você, o bot | you, the bot")
MODERATION = words(
    "moderación",
    "moderação",
    "moderators",
    "moderadoras, moderadores, las que moderan | moderation",
)
TEAM = words("equipo", "equipe", "team", "sala propia | sala própria |")
RESUMED_AFTER, KEPT = timedelta(days=1), timedelta(days=30)
"""When somebody who put the questions off is asked on, and how long their answers are kept."""
_LANGUAGES = verbatim("Español: `idioma es` · Português: `idioma pt` · English: `language en`")
_NAMES = _("Or write who: for example “Ana and Bea”")

feature.rows("rooms_set_up", room="room", on_clash="drop", person="person")


# --- when they are asked ------------------------------------------------------------------------


@feature.offers(ROOM_ENTERED)
async def begin_with_inviter(ctx: Context, room: RoomId, inviter: UserId) -> list[Line]:
    """Begin the questions of a room's set-up with whoever brought the bot in, if they moderate;
    else say how. Return what to say.

    Somebody who brings it into several rooms is asked about the first, not twenty questions.
    """
    asked = await set_up_store.is_asked_anywhere(ctx.db, inviter)
    if asked or not await ctx.moderates(room, inviter):
        return [_("To set this room up in five questions, in private: `!config questions`")]
    await _begin(ctx, room, inviter)
    return [
        _("To set this room up I ask {person} five questions in private.", person=Person(inviter))
    ]


async def begin_set_up(ctx: Context) -> Answer:
    """Begin the questions of a room's set-up in private, or go on with them, with whoever may set
    the room up. Return what to say, if anything."""
    room = ctx.target_room
    await require_may_set(ctx, setting_of_key(ctx, "language"))
    if not await _begin(ctx, room.room, ctx.who):
        await ctx.end_own_question(ctx.who)  # so that it is asked once more
    return None if ctx.is_private else _("I ask you five questions in private.")


async def _begin(ctx: Context, room: RoomId, person: UserId) -> bool:
    await set_up_store.begin(ctx.db, room, person)
    return await ctx.begin_dialogue("set up", person, {"room": room}, patience=PATIENCE)


@feature.runs(SET_UP_JOB)
async def resume_set_up(ctx: Context, job: Job) -> Answer:
    """Ask on from where the person put the set-up's questions off a day ago, or delete their
    answers. Return what to say, if anything."""
    if job.payload.get("forgets"):
        await set_up_store.end(ctx.db, job.room)
    elif job.person is not None and await set_up_store.is_asked(ctx.db, job.room, job.person):
        await _begin(ctx, job.room, job.person)
    return None


@feature.offers(STOP_LINES.of("set up"))
async def stop_set_up(ctx: Context, data: Mapping[str, Any]) -> list[Line]:
    """Delete the answers about a room when a person stops its set-up. Return what to say."""
    if "room" in data:
        await set_up_store.end(ctx.db, RoomId(data["room"]))
    return [_("I stopped. Nothing was changed."), _("From the start: `!config questions`")]


@feature.offers(LANGUAGE_CHOSEN)
async def ask_in_language(ctx: Context) -> list[Line]:
    """Ask the set-up's pending question once more in the language that the person has just chosen.
    Return what to say."""
    if await set_up_store.is_asked_anywhere(ctx.db, ctx.who):
        await ctx.end_own_question(ctx.who)
    return []


# --- the questions ------------------------------------------------------------------------------


@feature.dialogue("set up", can_wait=True)
async def ask_set_up(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the questions of a room's set-up, then show all that would change and ask for a yes.
    Return what to say, if anything."""
    room = await rooms.get(ctx.db, RoomId(data["room"]))
    if room is None or not room.joined or not await ctx.moderates(room.room):
        return None
    ctx.target = room
    for key, said in (await set_up_store.kept_answers(ctx.db, room.room, ctx.who)).items():
        ctx.answers.setdefault(key, said)
    try:
        return await _ask_all(ctx, room)
    except Postponed as left:
        return await _postpone(ctx, room, left.key)


async def _postpone(ctx: Context, room: Room, key: str) -> Line:
    kept = {name: said for name, said in ctx.answers.items() if name not in (key, "sure", "plan")}
    if not await set_up_store.postpone(ctx.db, room.room, ctx.who, kept):
        return _("I keep your answers. To go on: `!config questions`")
    for after, forgets in ((RESUMED_AFTER, False), (KEPT, True)):
        at = ctx.now + after
        await ctx.schedule(SET_UP_JOB, at, room=room.room, person=ctx.who, forgets=forgets)
    return _("I keep your answers and ask on tomorrow. Sooner: `!config questions`")


async def _ask_all(ctx: Context, room: Room) -> Answer:
    welcome, care = ctx.registry.offers(WELCOMERS_NAMED), await care_room.can_name_team(ctx)
    count = 3 + bool(welcome) + care
    wanted = await _ask_settings(ctx, room, count)
    welcomers = await _ask_welcomers(ctx, count) if welcome else ()
    carers = await _ask_carers(ctx, count) if care else ()
    said = await _change(ctx, room, wanted, named=bool(welcomers or carers))
    await set_up_store.end(ctx.db, room.room)
    for ask in welcome:
        said += await ask(ctx, room.room, welcomers)
    return said + (await care_room.open_care_room(ctx, room, carers) if carers else [])


async def _ask_settings(ctx: Context, room: Room, count: int) -> dict[str, str | None]:
    """Ask for language, zone and kind of room. Return the values to set."""
    wanted: dict[str, str | None] = {}
    for number, key, question in (
        (1, "language", _("Which language do I speak in “{room}”?", room=room_name(room))),
        (2, "timezone", _("On which city's clock? For example `Bogotá`")),
    ):
        setting = setting_of_key(ctx, key)
        now = effective_value(ctx, setting, await stored_value(ctx, setting, room.room))
        value = show_value(ctx, setting, now)
        hints: tuple[Line, ...] = (_("Now: {value}", value=value),)
        if key == "language":
            names = tuple(LANGUAGE_WORDS.values())
            hints = (_("{options}. Now: {value}", options=names, value=value), _LANGUAGES)
        elif key not in ctx.answers and (shown := ctx.fetched.zone(ctx.who)) not in (None, now):
            place = dates.zone_label(shown or "", "es")
            hints += (_("Your app's profile says {place}: to take it, answer so.", place=place),)
        asked = SetUpQuestion(key, number, count, question, hints)
        if (found := set_up_questions.ask_value(ctx, asked, setting.kind.read)) is not None:
            wanted[key] = found
    return wanted | _ask_kind(ctx, count)


def _ask_kind(ctx: Context, count: int) -> dict[str, str | None]:
    found = [_("{name}: {about}", name=one.name, about=one.about) for one in templates.TEMPLATES]
    question = _("What kind of room is it?")
    asked = SetUpQuestion("kind", 3, count, question, _numbered(found))
    names = [list(one.name) for one in templates.TEMPLATES]
    place = set_up_questions.ask_option(ctx, asked, names)
    if place is None:
        return {}
    return templates.applicable_values(ctx, templates.TEMPLATES[place])


async def _ask_welcomers(ctx: Context, count: int) -> tuple[UserId, ...]:
    options = (_("I greet them, and nobody else has to"), _("you go with them too"))
    question = _("Who welcomes people who arrive?")
    asked = SetUpQuestion("welcome", 4, count, question, (*_numbered(options), _NAMES))
    return await set_up_questions.ask_people(ctx, asked, ((NOBODY, ()), ((), (ctx.who,))))


async def _ask_carers(ctx: Context, count: int) -> tuple[UserId, ...]:
    options = (_("the moderators"), _("a team with a room of its own"))
    question = _("Who cares for people when somebody was hurt?")
    asked = SetUpQuestion("care", count, count, question, (*_numbered(options), _NAMES))
    return await set_up_questions.ask_people(ctx, asked, ((MODERATION, ()), (TEAM, None)))


def _numbered(options: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(
        Line("{place}) {option}", {"place": place, "option": one})
        for place, one in enumerate(options, start=1)
    )


async def _change(
    ctx: Context, room: Room, wanted: Mapping[str, str | None], *, named: bool
) -> list[Line | Effect]:
    """Change the settings that would become another one, after a yes to all of them."""
    for key, value in wanted.items():
        setting = setting_of_key(ctx, key)
        now = effective_value(ctx, setting, await stored_value(ctx, setting, room.room))
        if now != value:
            done = await bulk_changes.change_settings(ctx, RoomSelection((room,)), wanted)
            return list(answer_parts(done))
    return [] if named else [_("“{room}” stays as it is.", room=room_name(room))]

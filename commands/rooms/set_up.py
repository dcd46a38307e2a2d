"""Five questions in private that set a room up: language, zone, kind, who welcomes, who cares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    LANGUAGE_WORDS,
    TEXT,
    Answer,
    Context,
    Line,
    Room,
    RoomId,
    Say,
    UnfitValue,
    UserError,
    _,
    fold,
    rooms,
    words,
)
from commands.rooms import bulk_changes, templates
from commands.rooms.declaration import (
    effective_value,
    feature,
    show_value,
    stored_value,
)
from commands.rooms.room_selection import RoomSelection, room_name
from commands.rooms.setting_changes import require_may_set, setting_of_key

SET_UP_WORDS = words(
    "preguntas", "perguntas", "questions", "empezar, inicio, preparar | começar, início | start"
)
KEEP_WORDS = words(
    "igual", "igual", "same", "sí, así, ok, dejar, siguiente | sim, assim, deixar | yes, keep, next"
)
PATIENCE = timedelta(days=7)
QUESTIONS = 5


async def begin_set_up(ctx: Context) -> Answer:
    """Begin the questions in private, with whoever may set the room's language."""
    room = ctx.target_room
    await require_may_set(ctx, setting_of_key(ctx, "language"))
    await ctx.begin_dialogue("set up", ctx.who, {"room": room.room}, patience=PATIENCE)
    return None if ctx.is_private else _("I ask you five questions in private.")


@feature.dialogue("set up")
async def ask_set_up(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the five questions, then show all that would change and ask for a yes."""
    room = await rooms.get(ctx.db, RoomId(data["room"]))
    if room is None or not await ctx.moderates(room.room):
        return None
    ctx.target = room
    wanted: dict[str, str | None] = {}
    wanted |= await _ask_value(ctx, room, 1, "language", _("Which language do I speak there?"))
    wanted |= await _ask_value(
        ctx, room, 2, "timezone", _("On which city's clock? For example `Bogotá`")
    )
    wanted |= _ask_kind(ctx)
    welcomes = _ask_option(
        ctx,
        4,
        _("Who welcomes people who arrive?"),
        (_("I greet them, and nobody else has to"), _("you go with them too")),
    )
    cares = _ask_option(
        ctx,
        5,
        _("Who cares for people when somebody was hurt?"),
        (_("the moderators"), _("a team with a room of its own")),
    )
    steps = _next_steps(welcomes, cares)
    if not await _changes(ctx, room, wanted):
        return Say((_("“{room}” stays as it is.", room=room_name(room)), *steps))
    done = await bulk_changes.change_settings(ctx, RoomSelection((room,)), wanted)
    said = [done] if isinstance(done, Line) else [*done] if isinstance(done, list | tuple) else []
    return [*said, *steps]


async def _ask_value(
    ctx: Context, room: Room, number: int, key: str, question: Line
) -> dict[str, str | None]:
    """Ask for a setting's value. Return it, or nothing if it is to stay."""
    setting = setting_of_key(ctx, key)
    now = effective_value(ctx, setting, await stored_value(ctx, setting, room.room))
    shown = _("Now: {value}", value=show_value(ctx, setting, now))
    head = _head(number, question)
    if key == "language":
        names = tuple(LANGUAGE_WORDS.values())
        shown = _("{options}. Now: {value}", options=names, value=show_value(ctx, setting, now))
    said = ctx.ask(key, TEXT, head, shown, _HOW, patience=PATIENCE)
    if _keeps(said):
        return {}
    try:
        return {key: setting.kind.read(said.strip())}
    except UnfitValue as unfit:
        fits = _("What fits: {expected}", expected=unfit.expected)
        ctx.ask_again(key, TEXT, fits, head, _HOW, patience=PATIENCE)
        raise


def _ask_kind(ctx: Context) -> dict[str, str | None]:
    """Ask for the kind of room. Return the values that suit it, or nothing."""
    found = [(one.name, one.about) for one in templates.TEMPLATES]
    options = tuple(_("{name}: {about}", name=name, about=about) for name, about in found)
    place = _ask_option(ctx, 3, _("What kind of room is it?"), options, preset=0)
    return templates.applicable_values(ctx, templates.TEMPLATES[place - 1]) if place else {}


def _ask_option(
    ctx: Context, number: int, question: Line, options: tuple[Line, ...], *, preset: int = 1
) -> int:
    """Ask which of the options it is. Return its place, or `preset` if nothing is to change."""
    listed = [
        Line("{place}) {option}", {"place": place, "option": one})
        for place, one in enumerate(options, start=1)
    ]
    key = f"option {number}"
    asked = (_head(number, question), *listed, _HOW)
    said = ctx.ask(key, TEXT, *asked, patience=PATIENCE).strip(" .)")
    if _keeps(said):
        return preset
    if said.isdecimal() and 1 <= int(said) <= len(options):
        return int(said)
    ctx.ask_again(key, TEXT, *asked, patience=PATIENCE)
    raise UserError(_HOW)


_HOW = _("To leave it so: `same`. To stop: `cancel`; from the start again: `!config questions`")


def _head(number: int, question: Line) -> Line:
    return _("{n} of {count}: {question}", n=number, count=QUESTIONS, question=question)


def _keeps(said: str) -> bool:
    return fold(said.strip(" .!")) in {fold(word) for word in KEEP_WORDS}


async def _changes(ctx: Context, room: Room, wanted: Mapping[str, str | None]) -> bool:
    """Return whether any of these values is another one than now."""
    for key, value in wanted.items():
        setting = setting_of_key(ctx, key)
        now = effective_value(ctx, setting, await stored_value(ctx, setting, room.room))
        if now != value:
            return True
    return False


def _next_steps(welcomes: int, cares: int) -> list[Line]:
    """Return what is still to be done by somebody, as far as it was chosen."""
    steps: list[Line] = []
    if welcomes == 2:
        steps.append(_("To go with people who arrive: `accompany yes`"))
    if cares == 2:
        steps.append(_("For the care team: invite me to its room, and there `!config care yes`"))
    return steps

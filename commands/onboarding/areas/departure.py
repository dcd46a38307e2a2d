"""`!leave`: leave all rooms of the network, or those of an area; data stays."""

from __future__ import annotations

import re
from collections import Counter

from bot.api import (
    NOTHING,
    Answer,
    CommandPlace,
    Context,
    Line,
    Membership,
    Message,
    Remove,
    Rest,
    Room,
    Say,
    UserError,
    _,
    choice_of,
    compact,
    danger_line,
    fold,
    fold_in_place,
    n_,
    rooms,
    verbatim,
    words,
)
from commands.onboarding.areas import permissions, store
from commands.onboarding.declaration import NEWCOMERS, feature

SHOWN = 10
UNSUBSCRIBE = words("darme de baja", "me descadastrar", "unsubscribe")
"""Words that may mean leaving or being forgotten, so the person is asked which."""

feature.stands_for(  # in danger people say more shortly that they want to leave
    words(
        "me quiero salir",
        "quero sair do grupo",
        "I want to leave the group",
        "quiero salir, quiero salirme, quiero salirme del grupo, quiero salir del grupo, me quiero"
        " salir del grupo, me quiero ir del grupo, me salgo del grupo, me voy del grupo, irme del"
        " grupo, irme de la red, quiero irme de la red, quiero irme del grupo, quiero salir de la"
        " red, me quiero salir de la red, quiero salir de todo, quiero salir de todas las salas,"
        " quiero salir de todos los grupos"
        " | quero sair, quero sair desse grupo, quero sair deste grupo, me tira do grupo, vou sair"
        " do grupo, to saindo do grupo, quero sair da rede, quero sair de tudo, quero sair de todas"
        " as salas, quero sair de todos os grupos"
        " | I want to leave, I want to leave this group, I want to leave the room, take me out of"
        " the group, I'm leaving the group, I am leaving the group, I want to leave the network,"
        " I want to leave everything, I want to leave all rooms, I want to leave all groups",
    ),
    "leave",
    by_number=True,
)
_OF = re.compile(
    r"(?i)^(?:(?:de las?|de los|del?|d[aeo]s?|dest[ae]|dess[ae]|the|from)\s+){1,2}(?=\S)"
)
"""What stands before a room's name: `de la cocina`."""
_ROOM_WORD = re.compile(
    r"(?i)^(?:sala|grupo|equipo|equipe|time|chat|canal|room|group|team)\s+"
    r"(?:(?:de las?|de los|del?|d[aeo]s?|of)\s+)?(?=\S)"
)
_BEHIND = re.compile(
    r"(?i)(?<!\s)(?P<room>\s{1,3}(?:room|group|team|chat))?"
    r"(?:\s{1,3}(?:ya|ahora|j[aá]|agora|now|por favor|porfa|please|pfv|quietly|silently|secretly"
    r"|en silencio|em sil[eê]ncio|sin avisar|sem avisar|without telling anyone))?$"
)
"""What people say around a room's name: `la sala de cocina`, `kitchen room quietly`."""
_WANTS_OUT = re.compile(
    r"(?:(?:me )?(?:quiero|quisiera|necesito|queria|gustaria) (?:salir(?:me)?|irme|retirarme)"
    r"|(?:me )?salgo|me voy|saca?(?:me|nme)|saquenme|(?:quero|preciso|queria|gostaria de) sair"
    r"|me (?:tira|tire|tirem|saca|remove)|vou sair"
    r"|(?:i )?(?:want|wanna|would like|need)(?: to)? leave"
    r"|i'?m leaving|(?:take|get) me out of|remove me from) (?=\S)"
)
"""The beginning of a wish to leave a room: `quiero salir de la cocina`. Folded."""
_ALL = re.compile(
    r"(?:tod[oa]s?|tudo|all|everything|red|rede|network"
    r"|(?:(?:tod[oa]s|all) )?(?:(?:las|los|as|os|the) )?(?:sala|grupo|chat|room|group)s?)"
    r"(?: (?:ya|ahora|ja|agora|now|por favor|porfa|please))?"
)
"""All rooms of somebody: `todas las salas`, `the group`."""


@feature.command(
    words("salir", "sair", "leave", f"{UNSUBSCRIBE.es} | {UNSUBSCRIBE.pt} | {UNSUBSCRIBE.en}"),
    help=_("leave the network's rooms, or those of an area"),
    example=_("For example: `!leave` or `!leave press`"),
    topic=NEWCOMERS,
    where=CommandPlace.PRIVATE,  # the room must not read which rooms somebody is in
    begins_calls=True,
)
async def leave(ctx: Context, *, place: Rest = NOTHING) -> Answer:
    """Remove the person from the rooms of an area where the bot may, after a confirmation. Return
    the answer.

    Raises `UserError` if there is no such area or room, or if the bot has the right in none.
    """
    if not place and compact(ctx.text) in map(compact, UNSUBSCRIBE) and not _means_leaving(ctx):
        return _forget_me_answer(ctx)
    mine = await _rooms(ctx, place)
    return _leave_rooms(ctx, mine, _danger_lines(ctx, place) if _OF.match(place) else ())


feature.wants_line = lambda text: _WANTS_OUT.match(fold_in_place(text)) is not None
feature.listens_in_private_only = True


@feature.on(Message)
async def leave_named(ctx: Context, _message: Message) -> Answer:
    """Do what `!leave` does where somebody wishes in private to leave rooms that they name.

    Return None if they are in no room of that name: who wants to get out of a house needs other
    help. A room may be called like a house, so help is named first.
    """
    wish = _WANTS_OUT.match(fold_in_place(ctx.text))
    if wish is None:
        return None
    mine = await _joined_rooms(ctx)
    typed = ctx.text[wish.end() :].strip(" .!")
    found = await _find_named(ctx, mine, typed)
    if found:
        return _leave_rooms(ctx, found, _danger_lines(ctx, typed))
    named = _OF.sub("", typed, count=1)
    if _ROOM_WORD.match(named) is None:
        return None
    raise await _unknown_room(ctx, _bare_name(named))


def _danger_lines(ctx: Context, typed: str) -> tuple[Line, ...]:
    """Return what to do in danger, unless the words say that rooms are meant: `get me out of the
    house` may be a cry for help even where a room is called so."""
    named = _OF.sub("", typed.strip(" .!"), count=1)
    behind = _BEHIND.search(named)
    says_room = _ROOM_WORD.match(named) or (behind is not None and behind["room"])
    return () if says_room or _is_all(named) else (danger_line(ctx.registry),)


def _leave_rooms(ctx: Context, mine: list[Room], first: tuple[Line, ...] = ()) -> Answer:
    """Remove the person from these rooms where the bot may, after a confirmation that begins with
    the lines `first`. Return the answer. Raises `UserError` if the bot has the right in none."""
    able = [room for room in mine if _can_remove(ctx, room)]
    unable = [room for room in mine if not _can_remove(ctx, room)]
    if not able:
        raise UserError(
            *first,
            _(
                "I don't have the right to take you out of these rooms: {rooms}",
                rooms=_names(unable),
            ),
            _("In your app: open the room, then its settings, then leave."),
        )
    ctx.confirm(
        *first,
        n_(
            "You leave {count} room: {rooms}",
            "You leave {count} rooms: {rooms}",
            len(able),
            rooms=_names(able),
        ),
        *_one_only(able),
        _("Who is there sees that you left. To come back somebody has to invite you again."),
        *_kept(ctx),
        final=True,
    )
    lines = [_("Done: you are leaving these rooms.")]
    if unable:
        lines.append(
            _(
                "These you leave in your app, as I have no right to there: {rooms}",
                rooms=_names(unable),
            )
        )
    return [
        Say((*lines, *_kept(ctx)), to=ctx.who, loud=True),
        *(Remove(ctx.who, room.room) for room in able),
    ]


def _means_leaving(ctx: Context) -> bool:
    """Ask whether the person means leaving or being forgotten."""
    answer = ctx.ask(
        "which",
        choice_of(2),
        _("Leave, or be forgotten?"),
        _("1) leave the network's rooms; what I keep of you stays"),
        _("2) have me delete what I keep of you; you stay in the rooms"),
        _("Answer with the number."),
    )
    return answer == "1"


def _forget_me_answer(ctx: Context) -> Answer:
    """Answer how to be forgotten."""
    if ctx.registry.find_command("forget-me") is None:
        return _("I can't delete it by a command yet: ask the moderators of your network.")
    return _("For that write `!forget-me`. It says first what goes, and asks.")


async def _rooms(ctx: Context, name: str) -> list[Room]:
    """Return the rooms that this person would leave: an area's, one, or all.

    Raises `UserError` if there are none.
    """
    mine = await _joined_rooms(ctx)
    if name:
        mine = await _named_rooms(ctx, mine, name)
    if not mine:
        raise UserError(_("We share no room, so there is nothing to leave."))
    return sorted(mine, key=permissions.room_label)


async def _joined_rooms(ctx: Context) -> list[Room]:
    """Return the rooms of the network that the person is in."""
    return [
        room
        for room in await rooms.network_rooms(ctx.db)
        if await rooms.membership(ctx.db, room.room, ctx.who) is Membership.JOIN
    ]


async def _find_named(ctx: Context, mine: list[Room], typed: str) -> list[Room]:
    """Return those rooms whose name or area the words are, or an empty list."""
    name = _OF.sub("", typed, count=1)
    for called in dict.fromkeys((typed, name, _bare_name(name))):
        area, heard = await store.find_area(ctx.db, called), store.comparison_key(called)
        of_area = area.rooms if area is not None else ()
        found = [r for r in mine if r.room in of_area or heard in _keys(r)]
        if found:
            return found
    return []


def _bare_name(name: str) -> str:
    return _ROOM_WORD.sub("", _BEHIND.sub("", name, count=1), count=1)


def _keys(room: Room) -> tuple[str, str]:
    """Return what the room may be called, for comparison: `Sala de Cocina`, `Cocina`."""
    return store.comparison_key(room.name), store.comparison_key(_bare_name(room.name))


async def _named_rooms(ctx: Context, mine: list[Room], typed: str) -> list[Room]:
    """Return those rooms that the words name: an area's, one, or all. Raises `UserError`."""
    if found := await _find_named(ctx, mine, typed):
        return found
    name = _OF.sub("", typed, count=1)
    if _is_all(name):
        return mine
    raise await _unknown_room(ctx, _bare_name(name), _danger_lines(ctx, typed))


def _is_all(name: str) -> bool:
    """Return whether the words mean all rooms of somebody."""
    return _ALL.fullmatch(fold(name).rstrip(" .!")) is not None


async def _unknown_room(ctx: Context, name: str, first: tuple[Line, ...] = ()) -> UserError:
    """Return the refusal, begun with the lines `first`, of a name that none of the person's rooms
    has: it names those that they can leave."""
    areas, mine = await permissions.visible_areas(ctx), await _joined_rooms(ctx)
    unknown = permissions.unknown_area(name, areas).lines
    return UserError(
        *first,
        *(unknown if areas else unknown[:1]),
        _("Your rooms: {rooms}", rooms=_names(sorted(mine, key=permissions.room_label))),
        *_one_only(mine),
        _("To leave all your rooms: `leave`"),
    )


def _one_only(able: list[Room]) -> list[Line]:
    """Return how to leave one room only, if there are several and one has a name of its own."""
    called = Counter(key for room in able for key in {*_keys(room)})
    own = [room.name for room in able if room.name and called[_keys(room)[0]] == 1]
    if len(able) < 2 or not own:
        return []
    return [_("To leave only one of them: `leave {room}`", room=verbatim(own[0]))]


def _can_remove(ctx: Context, room: Room) -> bool:
    mine = room.power_of(ctx.me)
    return mine >= room.power_to("kick") and mine > room.power_of(ctx.who)


def _names(found: list[Room]) -> tuple[str, ...]:
    return tuple(permissions.room_label(room) for room in found[:SHOWN])


def _kept(ctx: Context) -> list[Line]:
    """Return a line about what leaving does not delete."""
    if ctx.registry.find_command("forget-me") is None:
        return [_("What I keep of you stays.")]
    return [_("What I keep of you stays until you write `!forget-me`.")]

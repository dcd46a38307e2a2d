"""Reads in which rooms an announcement is to be said, from the words that it begins or ends with.

`in the kitchen: no water` may speak of a kitchen, or name the room: nothing in doubt is said to a
room at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.api import (
    YES_NO,
    Context,
    Membership,
    Room,
    RoomId,
    UserError,
    _,
    choice_of,
    fold,
    fold_in_place,
    moderated_rooms,
    require_voice,
    room_named,
    rooms,
    shorten_line,
    verbatim,
    words,
)
from commands.announcements.declaration import feature
from commands.many_rooms.room_choice import ALL_ROOMS, BOTH_ROOMS, rooms_example

_EDGE = r"(?![\w-])[ ,:;.]{0,5}(?:(?:que|that|q) )?(?=\S)"
"""Behind the name of a place, before the text."""
_TO_ALL = re.compile(
    rf"(?:(?:a|às|en|em|nas|nos|para|pra|to|in) (?:{ALL_ROOMS}|(?P<both>{BOTH_ROOMS}))"
    r"|(?:en|em|in) (?:tod[oa]s|all)(?=[:,;]| (?:que|q|that) )"
    r"|(?:a|para|pra|to) (?:tod[oa]s|todo (?:o |el )?mundo|all|everyone|everybody))"
    rf"(?! (?:l?[ao]s|the|of|who|d[aeo]l?) ){_EDGE}",
    re.IGNORECASE,
)
"""At the beginning of an announcement: to whom it is told."""
_IN_ALL = re.compile(
    rf"[ ,]{{1,3}}(?:en|em|nas|nos|in) (?:{ALL_ROOMS}|(?P<both>{BOTH_ROOMS})|tod[oa]s|all)"
    r"[ .!]{0,5}$",
    re.IGNORECASE,
)
_READERS = rf"(?:{ALL_ROOMS}|{BOTH_ROOMS}|tod[oa]s|todo (?:o |el |a )?mundo|all|every(?:one|body))"
_NO_TEXT = re.compile(
    rf"(?:(?:(?:(?:a|as|en|em|nas|nos|para|pra|to|in) )?{_READERS}"
    r"|(?:a |para |pra )?(?:(?:la |a |toda (?:la |a ))?gente|o pessoal|a galera|el[ae]s|ell[ao]s)"
    r"|know|them|that|que|q|ya|ja|now|ahora|agora|por ?favor|porfa|please|pls|plz)(?!\w)"
    r"[\s,.:;!]*)*"
)
"""What says only to whom, or how, and not what: folded."""
_IN = r"(?:en|em|in|na|no|nas|nos|at)"
_ARTICLE = r"(?:(?:el|la|los|las|o|a|os|as|the)\s{1,3})?"
_ROOM = re.compile(r"(?:sala|grupo|room|group|chat)\s{1,3}(?:(?:del?|d[ao]|of)\s{1,3})?")
_ENDING = re.compile(rf"(?<=\w)[ ,]{{1,3}}{_IN}\s{{1,3}}{_ARTICLE}")
_AND = rf"(?:\s?,\s{{0,3}}|\s{{1,3}}(?:y|e|and|&)\s{{1,3}})(?:{_IN}\s{{1,3}})?{_ARTICLE}"
_MOST_ASKED = 20
_CHOSEN = "rooms "
"""Begins the key of the question for which of the rooms it names: a number answers only that
list."""
_NO_PLACE = re.compile(
    r"\W{0,3}(?:(?!avis)[^\W\d_]{1,12}\W{1,3}){0,3}avis(?:a|e|en)\s{1,3}(?:en|em|na|no|nas|nos)\b",
    re.IGNORECASE,
)
"""What may be asked of the bot in other matters too: `avisa en cuanto llegues`."""
_EVERY_ANSWER = (
    *("todas", "todos", "en todas", "em todas", "all", "all of them", "in all", "all rooms"),
    *("todas las salas", "todas as salas", "en todas las salas", "em todas as salas"),
)
_BOTH_ANSWER = (
    *("las dos", "en las dos", "las dos salas", "ambas", "as duas", "nas duas", "as duas salas"),
    *("both", "both of them", "both rooms", "in both", "the two"),
)

for _in in ("en", "em", "na", "no", "nas", "nos"):
    _heard = f"avisa {_in}"
    feature.stands_for(
        words(_heard, _heard, _heard, f"avise {_in}, avisen {_in}"),
        f"announce {_in}",
        begins_calls=True,
    )
feature.stands_for(
    words("avisa a las dos salas", "avisa às duas salas", "tell both rooms"),
    "announce in both rooms",
    begins_calls=True,
)


@dataclass(frozen=True, slots=True)
class ForAll:
    """An announcement for all rooms, or for `both`: the text without these words, if they were
    at its beginning (`is_opening`) or at its end."""

    text: str
    both: bool
    is_opening: bool


def has_text(said: str) -> bool:
    """Return whether there is something to announce: `to everyone, please` is nothing."""
    words_only = re.sub(r"^\W+", "", fold(said))
    return re.search(r"\w", said) is not None and _NO_TEXT.fullmatch(words_only) is None


def find_all(said: str) -> ForAll | None:
    """Return what is for all rooms or for both, or None."""
    if (begins := _TO_ALL.match(said)) is not None:
        return ForAll(said[begins.end() :], begins["both"] is not None, is_opening=True)
    if (ends := _IN_ALL.search(said)) is not None:
        return ForAll(said[: ends.start()], ends["both"] is not None, is_opening=False)
    return None


async def ask_for_all(ctx: Context, found: ForAll) -> str | None:
    """Ask whether it is to stand in all the rooms that the person moderates, if there are several.

    Return the name of these rooms for the argument, or None. `to everyone` may as well mean the
    people of one room. Raises `UserError` where they say `both` and moderate another number.
    """
    count = len(await moderated_rooms(ctx))
    if found.both and count != 2 and (found.is_opening or count > 2):
        raise UserError(_("Which rooms?"), rooms_example())
    if (
        count < 2
        or ctx.ask("all", YES_NO, _("In all the rooms that you moderate? `yes` or `no`")) != "yes"
    ):
        return None
    return "both" if found.both else "all"


async def choose_home(ctx: Context, mine: Sequence[Room]) -> list[Room]:
    """Ask for which of these rooms a private line is. Return it, or the first for all of them."""
    if len(mine) < 2 or len(mine) > _MOST_ASKED or "place" in ctx.answers:
        return list(mine)  # what was chosen before stays
    lines = [_("{n}) {name}", n=n, name=room.name or room.room) for n, room in enumerate(mine, 1)]
    lines.append(_("{n}) all of them", n=len(lines) + 1))
    every = (*_EVERY_ANSWER, *(_BOTH_ANSWER if len(mine) == 2 else ()))
    names = (*(room.name for room in mine), *every)
    key = _CHOSEN + " ".join(room.room for room in mine)
    answer = int(ctx.ask(key, choice_of(len(lines), names=names), _("For which room?"), *lines))
    return [mine[answer - 1]] if answer <= len(mine) else list(mine[:1])


def is_home_chosen(ctx: Context) -> bool:
    """Return whether the person was asked for which room the line is, and answered."""
    return any(key.startswith(_CHOSEN) for key in ctx.answers)


def chosen_for_all(ctx: Context) -> bool:
    """Return whether the person chose all of the rooms that they were last asked about."""
    asked = [key for key in ctx.answers if key.startswith(_CHOSEN)]
    return bool(asked) and int(ctx.answers[asked[-1]]) > len(asked[-1].split()) - 1


def is_for_no_room(ctx: Context) -> bool:
    """Return whether a line is an order (`avisa en …`), which `find_opening` found no room in."""
    return _NO_PLACE.match(ctx.text) is not None


@dataclass(frozen=True, slots=True)
class NamedRooms:
    """The rooms that an announcement begins or ends with, and the text without them."""

    rooms: tuple[Room, ...]
    text: str


async def find_opening(ctx: Context, said: str) -> NamedRooms | None:
    """Return the rooms that the text begins with, of those that the person moderates, or None.

    Raises `UserError` if an `and` behind them joins something else.
    """
    folded = fold_in_place(said)
    if (begins := re.match(rf"{_IN}\s{{1,3}}{_ARTICLE}", folded)) is None:
        return None
    mine = sorted(
        await moderated_rooms(ctx), key=lambda room: (-len(room.name), room.room != ctx.room)
    )
    found: dict[RoomId, Room] = {}
    end, joined = begins.end(), re.compile(_AND)
    further: re.Match[str] | None = begins
    while further and (named := _room_at(mine, folded, further.end())) is not None:
        found[named[0].room], end = named[0], named[1]
        further = joined.match(folded, end)
    if found and further is not None and "," not in further[0]:
        raise UserError(_("I know no room of yours that is called so."), rooms_example())
    behind = re.compile(rf"(?: (?:room|group))?{_EDGE}").match(folded, end)
    if not found or behind is None:
        return None
    return NamedRooms(tuple(found.values()), said[behind.end() :])


async def find_ending(ctx: Context, said: str) -> NamedRooms | None:
    """Return the other room that a line typed in a room ends with, of those that the person is in,
    and the text before it; or None.

    Without the word `room` its name may be that of a place: it is taken for a room only if
    everybody here is in it too, for the question would tell the others of it.
    """
    folded = fold_in_place(said).rstrip(" .!")
    known = [one for one in await rooms.shared_rooms(ctx.db, ctx.who) if one.room != ctx.room]
    mine = {room.room for room in await moderated_rooms(ctx)}
    known.sort(key=lambda one: (-len(one.name), one.room not in mine))
    here = set(await rooms.members(ctx.db, ctx.room, Membership.JOIN, Membership.INVITE))
    for begins in _ENDING.finditer(folded):
        is_room = _ROOM.match(folded, begins.end()) is not None
        for one in known:
            named = _room_at([one], folded, begins.end())
            if named is None or named[1] != len(folded):
                continue
            if is_room or here <= set(await rooms.members(ctx.db, one.room)):
                return NamedRooms((one,), said[: begins.start()].rstrip(" ,"))
    return None


def _room_at(mine: Sequence[Room], folded: str, place: int) -> tuple[Room, int] | None:
    """Return the room whose name stands at this place, and where it ends, or None."""
    lead = _ROOM.match(folded, place)
    for begin in dict.fromkeys((place, lead.end() if lead else place)):
        for room in mine:
            parts = re.findall(r"\w+", fold_in_place(room.name))
            pattern = r"\W{1,3}".join(map(re.escape, parts))
            if parts and (found := re.compile(rf"{pattern}(?![\w-])").match(folded, begin)):
                return room, found.end()
    return None


async def is_said_here(ctx: Context, said: str) -> bool:
    """Ask a person whether a text, which ends with the name of a room where they can't announce, is
    to be announced in this room. Return whether the answer was yes."""
    here = verbatim(shorten_line(said, most=60))
    question = _("Do I say it here: “{text}”? `yes` or `no`", text=here)
    return ctx.ask("here", YES_NO, question) == "yes"


async def require_one_name(ctx: Context, named: NamedRooms) -> None:
    """Raise `UserError` if several rooms that the person moderates have the name of one of these.
    It lists them, so it is said in private."""
    mine = await moderated_rooms(ctx)
    for room in named.rooms:
        try:
            if room.room != ctx.room:
                room_named(mine, room.name)
        except UserError:
            ctx.answer_privately |= not ctx.is_private
            raise


async def is_said_there(ctx: Context, said: str, named: NamedRooms, *, may_here: bool) -> bool:
    """Return whether it is for the rooms that it begins or ends with; in a room ask, if that is
    another one. Several are shown before a yes."""
    if ctx.is_private or len(named.rooms) > 1:
        return True
    (room,) = named.rooms
    if room.room == ctx.room:
        return False
    await require_voice(ctx, room.room)
    text, here = (verbatim(shorten_line(one, most=60)) for one in (named.text, said))
    lines = [_("1) in {room}, not here: “{text}”", room=verbatim(room.name), text=text)]
    if may_here:
        lines.append(_("2) here: “{text}”", text=here))
    answer = ctx.ask(
        "there",
        choice_of(len(lines), names=[room.name]),
        _("Where do I announce it?"),
        *lines,
        _("Answer with the number."),
    )
    return answer == "1"

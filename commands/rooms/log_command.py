"""`!log`: the room's log by page, person, kind and date, and a check that it is whole."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    DESCRIBE_LOG_ENTRY,
    MOVE_ROOM,
    Answer,
    CommandPlace,
    Context,
    Effect,
    ItemAccess,
    Line,
    Moment,
    People,
    Person,
    Reach,
    RoomId,
    UserError,
    UserId,
    _,
    compact,
    dates,
    describe_log_entry,
    fold,
    localpart,
    log,
    n_,
    rooms,
    split_page,
    words,
)
from commands.rooms.declaration import PAGE_LINES, ROOMS, feature, show_value

CHECKED_LINES = 200
"""How many lines every reading verifies; `!log check` verifies all."""
CHECK_WORDS = words("comprobar", "verificar", "check", "revisar | conferir | verify")
_FOLDED_CHECK_WORDS = {fold(word) for word in CHECK_WORDS}
_MARK = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")
_SINCE = re.compile(r"\b(?:desde|since)\s+(.+?)(?=\s+(?:hasta|até|ate|until)\s|$)", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:hasta|até|ate|until)\s+(.+)$", re.IGNORECASE)
_DATE_END = re.compile(r"(?:desde|since|hasta|at[eé]|until|de|of)\s+\d+$")


@feature.command(
    words("historial", "histórico", "log", "bitácora, registro | registro |"),
    help=_("who changed what here, also by person, kind or date"),
    example=_("For example: `!log`, `!log since Monday` or `!log check`"),
    topic=ROOMS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
)
async def history(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Show the room's log of uses of power, newest first. Everybody in the room may read it. Return
    the answer."""
    # Person, kind and dates stand in any order.
    first, _sep, rest = text.strip().partition(" ")
    if fold(first) in _FOLDED_CHECK_WORDS:
        return await _check_log(ctx, rest.strip().upper())
    page, sought, again = await _read_query(ctx, people, text.strip())
    room = ctx.target_room.room
    found = await log.find_entries(ctx.db, room, sought, PAGE_LINES + 1, (page - 1) * PAGE_LINES)
    lines: list[Line] = []
    if not (await log.check_log(ctx.db, room, CHECKED_LINES)).is_whole:
        lines += [
            _("Careful: this log was changed or lines are missing. Tell the moderators."),
            _("Where: `!log check`"),
        ]
    if not found:
        return [*lines, _nothing_found(sought, page)]
    lines += [await _entry_line(ctx, entry) for entry in found[:PAGE_LINES]]
    if len(found) > PAGE_LINES:
        lines.append(_("Older: `!log {page}`", page=f"{again} {page + 1}".strip()))
    return lines


def _nothing_found(sought: log.LogFilter, page: int) -> Line:
    if page == 1 and sought == log.LogFilter():
        return _("Nothing has been changed here yet.")
    return _("I find no such line. All of them: `!log`")


async def _entry_line(ctx: Context, entry: log.LogEntry) -> Line:
    who = Person(entry.who) if entry.who else _("a person")
    when, what = Moment(entry.at, with_zone=False), await describe_log_entry(ctx, entry)
    return _("{when}, {who}: {what}", when=when, who=who, what=what)


# --- which lines ------------------------------------------------------------------------------


async def _read_query(ctx: Context, people: People, text: str) -> tuple[int, log.LogFilter, str]:
    """Return the page, the query, and the query as typed, for the hint at the next page."""
    page, text = split_page(text, bare=_DATE_END.search(text) is None)
    typed = " ".join(("@" + who[1:] if who in text else who) for who in people)
    again = f"{typed} {text}".strip()
    sought = log.LogFilter(people[0] if people else None)
    if match := _UNTIL.search(text):
        sought, text = replace(sought, until=_date_span(ctx, match[1])[1]), text[: match.start()]
    if match := _SINCE.search(text):
        sought, text = replace(sought, since=_date_span(ctx, match[1])[0]), text[: match.start()]
    names = await rooms.member_names(ctx.db, ctx.target_room.room)
    for word in await _query_words(ctx, people, text, names):
        if (kind := _feature_named(ctx, word)) is not None:
            family = ctx.registry.family(kind)
            kinds = {name for one in family for name in (one.name, one.cut_from) if name}
            sought = replace(sought, features=(*sought.features, *kinds))
        elif (who := _person_named(word, names)) is not None:
            sought = replace(sought, who=who)
        else:
            span = _date_span(ctx, word)
            sought = replace(sought, since=span[0], until=span[1])
    return page, sought, again


async def _query_words(
    ctx: Context, people: People, text: str, names: dict[UserId, str]
) -> list[str]:
    """Return what is left to be read: a date as one phrase; kinds and people word by word."""
    for who in people:  # the text has a mention's display name
        text = text.replace(names.get(who, "") or who, " ")
    text = " ".join(text.replace(",", " ").split()).strip("@ ")
    if not text or dates.past.read_period(text, ctx.said_at, ctx.policy.zone) is not None:
        return [text] if text else []
    return text.split()


def _feature_named(ctx: Context, word: str) -> str | None:
    """Return the feature that people call so: by a help topic, a command or an act."""
    heard = compact(word)
    for command in ctx.registry.commands:
        if heard in {compact(name) for name in (*command.topic.name, *command.name)}:
            return command.feature
    for name, of in ctx.registry.features.items():
        if any(heard in {compact(one) for one in act.name} for act in of.acts.values()):
            return name
    return None


def _person_named(word: str, names: dict[UserId, str]) -> UserId | None:
    """Return the person for `@ana` without a server, if only one here is called so."""
    found = [who for who in names if fold(localpart(who)) == fold(word.lstrip("@"))]
    return found[0] if len(found) == 1 else None


def _date_span(ctx: Context, phrase: str) -> dates.past.Period:
    found = dates.past.read_period(phrase.strip(), ctx.said_at, ctx.policy.zone)
    if found is None:
        raise UserError(
            _("I can't read “{words}” as a person, a kind or a date.", words=phrase[:80]),
            _("For example: `!log @ana`, `!log polls`, `!log since Monday`"),
        )
    return found


# --- is it whole ------------------------------------------------------------------------------


async def _check_log(ctx: Context, mark: str) -> Answer:
    """Verify every line, or whether the line with a mark noted earlier still stands."""
    room = ctx.target_room.room
    if mark:
        return await _check_mark(ctx, room, mark)
    found = await log.check_log(ctx.db, room)
    if found.broken is not None:
        return [
            _("This log does not fit together: lines were changed or taken out before this one."),
            await _entry_line(ctx, found.broken),
            _("Tell the moderators, and whoever runs my machine."),
        ]
    if found.missing:
        return [
            _("Lines at the end of this log were taken out."),
            _("Tell the moderators, and whoever runs my machine."),
        ]
    if not found.lines:
        return _("Nothing has been changed here yet.")
    return [
        n_(
            "The log is whole: {count} line, and none was changed or taken out.",
            "The log is whole: {count} lines, and none was changed or taken out.",
            found.lines,
        ),
        _("The newest line's mark: `{mark}`. Note it down, outside of this room.", mark=found.mark),
        _("Later `!log check {mark}` says whether all up to it still stands.", mark=found.mark),
    ]


async def _check_mark(ctx: Context, room: RoomId, mark: str) -> Answer:
    if not _MARK.fullmatch(mark):
        raise UserError(
            _("That is no mark of a log. It looks like this: `ABCD-EFGH-IJKL-MNOP`"),
            _("The mark of today: `!log check`"),
        )
    entry = await log.entry_marked(ctx.db, room, mark)
    check = await log.check_log(ctx.db, room)
    if entry is None and check.broken is None and await log.is_pruned(ctx.db, room):
        return _(
            "No line of this log has that mark. Old lines have gone, as the network chose, and"
            " it may be of one of them; what is left stands as it was written."
        )
    if entry is None or (check.broken is not None and check.broken.id <= entry.id):
        return [
            _("No line of this log has that mark: something before it was changed or taken out."),
            _("If you noted it here, tell the moderators, and whoever runs my machine."),
        ]
    return [
        _("All up to this line stands as it did when you noted the mark:"),
        await _entry_line(ctx, entry),
    ]


# --- what a line says -------------------------------------------------------------------------


feature.log_line(
    "wide",
    n_("changed settings in {count} room", "changed settings in {count} rooms", 0),
    values=lambda facts: {"count": facts["rooms"]},
)


@feature.offers(DESCRIBE_LOG_ENTRY)
async def describe_own_entry(ctx: Context, entry: log.LogEntry) -> Line | None:
    """Return the line of a room's log about a changed setting, or about what was undone."""
    facts = entry.facts
    if entry.act == "set":
        return _setting_line(ctx, entry)
    if entry.act == "undone" and "line" in facts:
        taken = await log.get(ctx.db, int(facts["line"]))
        if taken is not None and taken.act != "undone":
            return _("took back: {what}", what=await describe_log_entry(ctx, taken))
    return None


def _setting_line(ctx: Context, entry: log.LogEntry) -> Line | None:
    setting = ctx.registry.setting_named(str(entry.facts.get("key", "")))
    if setting is None or "after" not in entry.facts:
        return None
    before, after = (show_value(ctx, setting, entry.facts.get(k)) for k in ("before", "after"))
    line = _("{name}: {before} → {after}", name=setting.name, before=before, after=after)
    why = entry.facts.get("why")
    return _("{what}, because: {why}", what=line, why=why) if why else line


feature.log_line("moved", _("replaced the room; this one goes on"))
feature.log_line("handed_over", _("handed the room over to {to}"))


@feature.offers(MOVE_ROOM)
async def log_move(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Log in the new room that it replaced the old one, whose log it has taken over. Return what to
    send."""
    await ctx.log("moved", {}, room=new)
    return []

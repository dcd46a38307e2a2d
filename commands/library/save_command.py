"""Save a text, a link, or the message or file replied to, under a name."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    YES_NO,
    Answer,
    Behind,
    CommandPlace,
    Context,
    Line,
    Message,
    MissingArgument,
    Room,
    RoomId,
    Say,
    UserError,
    _,
    compact,
    may_change_for,
    verbatim,
    words,
)
from commands.embargo import holding, typed_times
from commands.library import embargoed, revisions, store, texts
from commands.library.content import typed_entries
from commands.library.content.collection import Content, collect_content
from commands.library.content.typed_entries import TypedEntry
from commands.library.declaration import LIBRARY_TOPIC, feature
from commands.library.store import Resource, Visibility


@feature.command(
    words("guardar", "guardar", "save", "guarda | salvar, guarde | keep"),
    help=_("keep a text or a link; in a reply, that message or file"),
    example=_("For example: `!save accord We meet on Mondays #meetings`"),
    topic=LIBRARY_TOPIC,
    where=CommandPlace.ROOM,
    behind=Behind.TEXT,
)
async def save_typed(ctx: Context, *, text: str = "") -> Answer:
    """Save in the library under the name that comes first, with the themes given by `#`. Return the
    answer.

    The message replied to is fetched only now. Raises `UserError`, `MissingArgument` and
    `AnswerNeeded`.
    """
    # The name comes first and themes stand anywhere: `typed_entries` reads it.
    message = replied_message(ctx)
    text, later = typed_times.split_time(text)
    typed = typed_entries.parse_entry(text)
    name = typed.name or _answered_name(ctx, message)
    typed = replace(typed, name=name, text=typed.text or ctx.answers.get("part:what", ""))
    if later is None:
        return await save_or_correct(ctx, ctx.target_room, typed, message)
    with typed_times.answer_privately(ctx):
        holding.read_time(ctx, later)
        return await save_or_correct(ctx, ctx.target_room, typed, message, later)


def replied_message(ctx: Context) -> Message | None:
    """Return the message replied to, or None if the line brings a file itself.

    Also remembers the typed line as the source of the resource.
    """
    ctx.answers.setdefault("event", ctx.origin.event or "")
    return None if ctx.origin.media else ctx.replied_message()


def _answered_name(ctx: Context, message: Message | None) -> str:
    """Return the name answered in private.

    Raises `MissingArgument` to ask for it, or in a room `UserError` with a suggested name.
    """
    if "part:name" in ctx.answers:
        return typed_entries.make_name(ctx.answers["part:name"])
    words = message.text or (message.media.name if message.media else "") if message else ""
    if not ctx.is_private and (near := typed_entries.suggest_name(words)):
        raise UserError(_("Which name? For example: `!save {name}`", name=near))
    raise MissingArgument("name", _("the name"))


async def save_or_correct(
    ctx: Context,
    room: Room,
    typed: TypedEntry,
    message: Message | None,
    later: str | None = None,
) -> Answer:
    """Save a new resource of the library, or after a question correct the one with that name.
    Return what to say, if anything.

    With a time in `later` a new one waits for it, and none is corrected. Raises `UserError`,
    `MissingArgument` and `AnswerNeeded`.
    """
    await _check_limits(ctx, typed, room)
    sight = Visibility((room.room,), network=room.is_encrypted)
    before = await _existing_resource(ctx, typed, sight)
    if typed.seen == "network":
        await revisions.check_may_publish(ctx, room.room)
    taken = await collect_content(ctx, typed.text, message)
    if before is not None and later is not None:
        raise _name_taken(before)
    if before is not None:
        return await _replace_content(ctx, before, typed, taken)
    double = await _find_duplicate(ctx, taken, sight)
    if double is not None and not _wants_duplicate(ctx, double):
        return [_("I kept nothing new. It is here: `#{name}`", name=double.name)]
    if later is not None:
        return await embargoed.hold_resource(ctx, room, typed, taken, later)
    return await store_new(ctx, room, typed, taken)


async def save_unasked(ctx: Context, room: Room, typed: TypedEntry, message: Message) -> Answer:
    """Save a message in the library without the questions of the dialogue. Return what to say, if
    anything. What is kept already is not saved again: the answer says where it is.

    Raises `UserError` if it may not be kept."""
    await _check_limits(ctx, typed, room)
    taken = await collect_content(ctx, typed.text, message)
    double = await _find_duplicate(ctx, taken, Visibility((room.room,), network=room.is_encrypted))
    if double is not None:
        return texts.resource_message(
            ctx, double, _("That is kept already: #{name}.", name=double.name)
        )
    return await store_new(ctx, room, typed, taken, named=False)


async def _check_limits(ctx: Context, typed: TypedEntry, room: Room) -> None:
    await check_name(ctx, typed.name, room.room)
    await check_themes(ctx, typed, room.room)
    await revisions.check_may_keep_more(ctx)


async def check_name(ctx: Context, name: str, room: RoomId) -> None:
    """Raise `UserError` if the name of a resource is a theme of the room or the network."""
    if await store.is_theme(ctx.db, name, Visibility((room,), network=True)):
        raise UserError(
            _("#{name} is a theme, so nothing else can be called that.", name=name),
            _("Choose another name. What has that theme: `#{name}`", name=name),
        )


async def check_themes(ctx: Context, typed: TypedEntry, room: RoomId) -> None:
    """Raise `UserError` if a theme is the name of a resource, since `#press` can't mean both."""
    for theme in typed.themes:
        taken = compact(theme) == compact(typed.name)
        if taken or await store.resources_named(ctx.db, theme, Visibility((room,), network=True)):
            raise UserError(
                _("#{name} is the name of something, so it can't be a theme.", name=theme),
                _("Choose another theme."),
            )


async def _existing_resource(ctx: Context, typed: TypedEntry, sight: Visibility) -> Resource | None:
    """Return the resource of this name in this room, or None.

    Raises `UserError` if the person may not change it.
    """
    found = [
        one
        for one in await store.resources_named(ctx.db, typed.name, sight)
        if one.room == sight.rooms[0]
    ]
    if not found:
        return None
    one = found[0]
    if one.origin or not await may_change_for(ctx, one.room, one.keeper):
        raise _name_taken(one)
    return one


def _name_taken(one: Resource) -> UserError:
    return UserError(
        _(
            "There is something called #{name} already: {text}",
            name=one.name,
            text=texts.short_content(one),
        ),
        _(
            "Choose another name, or ask who kept it to correct it. To see it: `#{name}`",
            name=one.name,
        ),
    )


async def _replace_content(
    ctx: Context, before: Resource, typed: TypedEntry, taken: Content
) -> Answer:
    answer = ctx.ask(
        "instead",
        YES_NO,
        _(
            "There is something called #{name} already: {text}",
            name=before.name,
            text=texts.short_content(before),
        ),
        _("Put this in its place? What was there stays among its versions. `yes` or `no`"),
    )
    if answer != "yes":
        raise UserError(_("I left it as it was."))
    return await revisions.correct_resource(ctx, before, typed, taken)


async def _find_duplicate(ctx: Context, taken: Content, sight: Visibility) -> Resource | None:
    """Return a resource with the same link or file that everybody in this room may see, or None."""
    found = [link.known for link in taken.links] if taken.kind == "link" else []
    mark = taken.file.mark if taken.file else None
    if not found and mark is None:
        return None
    return await store.find_duplicate(ctx.db, sight, links=found, mark=mark)


def _wants_duplicate(ctx: Context, double: Resource) -> bool:
    told = (
        _("That file is kept already: #{name}.", name=double.name)
        if double.file
        else _(
            "That link is kept already: #{name}, {text}",
            name=double.name,
            text=texts.short_content(double),
        )
    )
    return ctx.ask("double", YES_NO, told, _("Keep it once more? `yes` or `no`")) == "yes"


async def store_new(
    ctx: Context, room: Room, typed: TypedEntry, taken: Content, *, named: bool = True
) -> Answer:
    """Store a new resource of the library and start its room's reviews. Return what to say, if
    anything.

    `named` is False if the bot chose the name.
    """
    one = await embargoed.keep_resource(ctx, room.room, typed, taken)
    other = _("Another name for it: `!update {number} name:other`", number=one.item)
    further = [
        *texts.link_warnings(taken.links),
        *_visibility_lines(ctx, one, room),
        *([] if named else [other]),
    ]
    return _confirmation(ctx, one, further)


def _confirmation(ctx: Context, one: Resource, further: list[Line]) -> Say:
    themes = (verbatim(texts.format_themes(one.themes)),) if one.themes else ()
    return texts.resource_message(
        ctx,
        one,
        _(
            "Kept as #{name} ({number}): {text}",
            name=one.name,
            number=one.item,
            text=texts.short_content(one),
        ),
        *([_("Themes: {themes}", themes=themes)] if themes else []),
        *further,
        _(
            "To see it again: `#{name}`. To take it out: `!cancel {number}`",
            name=one.name,
            number=one.item,
        ),
    )


def _visibility_lines(ctx: Context, one: Resource, room: Room) -> list[Line]:
    """Return a line that says who can find the resource, where that is not obvious."""
    if one.seen == "network":
        return [_("Everybody in the network can find it.")]
    if ctx.is_private:
        return [_("Whoever is in {room} can find it.", room=room.name or _("that room"))]
    return []

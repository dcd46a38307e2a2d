"""Save a text, a link, or the message or file replied to, under a name."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Line,
    Message,
    Missing,
    Room,
    RoomId,
    Say,
    UserError,
    Where,
    _,
    glued,
    has_say,
    verbatim,
    words,
)
from commands.library import reviews, revisions, store, texts
from commands.library.content import typed_entries
from commands.library.content.collection import Taken, take
from commands.library.content.typed_entries import Typed
from commands.library.declaration import KIND, LIBRARY, MOST, feature
from commands.library.store import Resource, Sight


@feature.command(
    words("guardar", "guardar", "save", "guarda | salvar, guarde | keep"),
    help=_("keep a text or a link; in a reply, that message or file"),
    example=_("For example: `!save accord We meet on Mondays #meetings`"),
    topic=LIBRARY,
    where=Where.ROOM,
)
async def save(ctx: Context, *, text: str = "") -> Answer:
    """Save under the name that comes first, with the themes given by `#`.

    The message replied to is fetched only now. Raises `UserError`, `Missing` and `Asking`.
    """
    message = replied(ctx)
    typed = typed_entries.take_apart(text)
    name = typed.name or _asked_name(ctx, message)
    typed = replace(typed, name=name, text=typed.text or ctx.known.get("part:what", ""))
    return await keep(ctx, _room(ctx), typed, message)


def replied(ctx: Context) -> Message | None:
    """Return the message replied to, unless the line brings a file itself.

    Also remembers the typed line as the source of the resource.
    """
    ctx.known.setdefault("event", ctx.origin.event or "")
    return None if ctx.origin.media else ctx.replied_message()


def _asked_name(ctx: Context, message: Message | None) -> str:
    """Return the name answered in private.

    Raises `Missing` to ask for it, or in a room `UserError` with a suggested name.
    """
    if "part:name" in ctx.known:
        return typed_entries.slug(ctx.known["part:name"])
    words = message.text or (message.media.name if message.media else "") if message else ""
    if not ctx.private and (near := typed_entries.suggested(words)):
        raise UserError(_("Which name? For example: `!save {name}`", name=near))
    raise Missing("name", _("the name"))


def _room(ctx: Context) -> Room:
    assert ctx.target is not None
    return ctx.target


async def keep(ctx: Context, room: Room, typed: Typed, message: Message | None) -> Answer:
    """Save a new resource, or after a question correct the one with that name.

    Raises `UserError`, `Missing` and `Asking`.
    """
    await _bounds(ctx, typed, room)
    sight = Sight((room.room,), network=room.encrypted)
    before = await _before(ctx, typed, sight)
    if typed.seen == "network":
        await revisions.check(ctx, room.room)
    taken = await take(ctx, typed.text, message)
    if before is not None:
        return await _instead(ctx, before, typed, taken)
    double = await _double(ctx, taken, sight)
    if double is not None and not _wanted(ctx, double):
        return [_("I kept nothing new. It is here: `#{name}`", name=double.name)]
    return await kept(ctx, room, typed, taken)


async def keep_unasked(ctx: Context, room: Room, typed: Typed, message: Message) -> Answer:
    """Save a message where nobody can be asked. What is saved already is not saved again."""
    await _bounds(ctx, typed, room)
    taken = await take(ctx, typed.text, message)
    double = await _double(ctx, taken, Sight((room.room,), network=room.encrypted))
    if double is not None:
        return texts.said(ctx, double, _("That is kept already: #{name}.", name=double.name))
    return await kept(ctx, room, typed, taken, named=False)


async def _bounds(ctx: Context, typed: Typed, room: Room) -> None:
    await check_name(ctx, typed.name, room.room)
    await check_themes(ctx, typed, room.room)
    if not ctx.defaults.unlimited and await store.count_of(ctx.db, ctx.who) >= MOST:
        raise UserError(
            _("You have kept {most} things here; that is all I keep for one person.", most=MOST),
            _("Take out what is not needed any more: `!cancel {number}`",
              number=await ctx.known_number(feature.name)),
        )  # fmt: skip


async def check_name(ctx: Context, name: str, room: RoomId) -> None:
    """Raise `UserError` if the name is a theme of the room or the network."""
    if await store.is_theme(ctx.db, name, Sight((room,), network=True)):
        raise UserError(
            _("#{name} is a theme, so nothing else can be called that.", name=name),
            _("Choose another name. What has that theme: `#{name}`", name=name),
        )


async def check_themes(ctx: Context, typed: Typed, room: RoomId) -> None:
    """Raise `UserError` if a theme is a name, since `#press` can't mean both."""
    for theme in typed.themes:
        taken = glued(theme) == glued(typed.name)
        if taken or await store.named(ctx.db, theme, Sight((room,), network=True)):
            raise UserError(
                _("#{name} is the name of something, so it can't be a theme.", name=theme),
                _("Choose another theme."),
            )


async def _before(ctx: Context, typed: Typed, sight: Sight) -> Resource | None:
    """Return the resource of this name in this room, or None.

    Raises `UserError` if the person may not change it.
    """
    found = [one for one in await store.named(ctx.db, typed.name, sight)
             if one.room == sight.rooms[0]]  # fmt: skip
    if not found:
        return None
    one = found[0]
    if one.origin or not await has_say(ctx, one.room, one.keeper):
        raise UserError(
            _("There is something called #{name} already: {text}", name=one.name,
              text=texts.about(one)),
            _("Choose another name, or ask who kept it to correct it. To see it: `#{name}`",
              name=one.name),
        )  # fmt: skip
    return one


async def _instead(ctx: Context, before: Resource, typed: Typed, taken: Taken) -> Answer:
    answer = ctx.ask(
        "instead",
        YES_NO,
        _("There is something called #{name} already: {text}", name=before.name,
          text=texts.about(before)),
        _("Put this in its place? What was there stays among its versions. `yes` or `no`"),
    )  # fmt: skip
    if answer != "yes":
        raise UserError(_("I left it as it was."))
    return await revisions.correct(ctx, before, typed, taken)


async def _double(ctx: Context, taken: Taken, sight: Sight) -> Resource | None:
    """Return a resource with the same link or file that everybody in this room may see, or None."""
    found = [link.known for link in taken.links] if taken.kind == "link" else []
    mark = taken.file.mark if taken.file else None
    if not found and mark is None:
        return None
    return await store.same(ctx.db, sight, links=found, mark=mark)


def _wanted(ctx: Context, double: Resource) -> bool:
    told = (
        _("That file is kept already: #{name}.", name=double.name)
        if double.file
        else _("That link is kept already: #{name}, {text}", name=double.name,
               text=texts.about(double))
    )  # fmt: skip
    return ctx.ask("double", YES_NO, told, _("Keep it once more? `yes` or `no`")) == "yes"


async def kept(
    ctx: Context, room: Room, typed: Typed, taken: Taken, *, named: bool = True
) -> Answer:
    """Store a new resource and start its reviews.

    `named` is False if the bot chose the name.
    """
    number = await ctx.new_item(KIND, typed.name, room.room)
    one = Resource(
        number,
        room.room,
        typed.name,
        taken.kind,
        taken.text,
        taken.file,
        typed.seen or "room",
        ctx.who,
        ctx.now,
        ctx.now,
        ctx.now,
        typed.themes,
    )
    await revisions.write(ctx, one, taken)
    if one.seen == "network":
        await ctx.log("published", {"number": number}, room=room.room)
    await reviews.begin(ctx, room.room)
    other = _("Another name for it: `!update {number} name:other`", number=number)
    further = [*texts.warnings(taken.links), *_where(ctx, one, room), *([] if named else [other])]
    return _echo(ctx, one, further)


def _echo(ctx: Context, one: Resource, further: list[Line]) -> Say:
    themes = (verbatim(texts.tags(one.themes)),) if one.themes else ()
    return texts.said(
        ctx,
        one,
        _("Kept as #{name} ({number}): {text}", name=one.name, number=one.item,
          text=texts.about(one)),
        *([_("Themes: {themes}", themes=themes)] if themes else []),
        *further,
        _("To see it again: `#{name}`. To take it out: `!cancel {number}`", name=one.name,
          number=one.item),
    )  # fmt: skip


def _where(ctx: Context, one: Resource, room: Room) -> list[Line]:
    """Return a line that says who can find the resource, where that is not obvious."""
    if one.seen == "network":
        return [_("Everybody in the network can find it.")]
    if ctx.private:
        return [_("Whoever is in {room} can find it.", room=room.name or _("that room"))]
    return []

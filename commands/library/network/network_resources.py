"""Share resources with linked networks and take theirs: words and file keys, no people.

A file stays where it is: its address and key are shared. Here it is fetched only when somebody asks
for it, and shown only if it is what it claims to be.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from bot.api import (
    Context,
    Effect,
    EventId,
    Line,
    Number,
    RoomId,
    Say,
    Shared,
    UserError,
    UserId,
    _,
    glued,
    items,
    rooms,
    verbatim,
)
from commands.library import lookup, removal, search_index, store, texts
from commands.library.content import typed_entries
from commands.library.declaration import KIND, LARGEST, MEGABYTE, MOST, feature
from commands.library.network import shared_resource
from commands.library.network.shared_resource import Thing
from commands.library.sources import facts
from commands.library.store import NOBODY, Resource, Source

_PERSON = re.compile(r"@[\w.=\-/+]{1,200}:[\w.\-]{1,200}")


# --- out --------------------------------------------------------------------------------------


@feature.service("item_named")
async def item_named(ctx: Context, name: str) -> Number | None:
    """Return the number of the resource with this name, or None.

    Raises `UserError` for a `#name` that nothing has.
    """
    word = name.removeprefix("#")
    if not word or word.isdecimal() or word.split() != [word]:
        return None
    one = await lookup.by_name(ctx, word)
    if one is None and name.startswith("#"):
        raise UserError(
            _("Nothing is called “{name}” here.", name=word[:40]),
            _("What there is: `!resources`"),
        )
    return one.item if one else None


@feature.service(f"share:{KIND}")
async def share(ctx: Context, item: Number) -> Shared:
    """Return the content, themes and source facts of a resource, without people.

    Raises `UserError` if it holds the address of somebody in this network.
    """
    one = await store.get(ctx.db, item)
    if one is None:
        raise UserError(_("{number} is not in the library any more.", number=item))
    thing = shared_resource.thing_of(one, await facts.get(ctx.db, item))
    body = shared_resource.written(thing)
    await _names_nobody(ctx, one, body)
    lines = shared_resource.lines(thing)
    if one.file is not None:
        lines.append(
            _("The file stays where it is; its address and key go along, so that people there can"
              " open it. What is inside I don't read.")
        )  # fmt: skip
    return Shared(one.name, body, tuple(lines))


async def _names_nobody(ctx: Context, one: Resource, body: Mapping[str, str]) -> None:
    """Raise `UserError` if the content holds the address of somebody in this network."""
    said = unquote(" ".join(body.values())).casefold()
    for match in _PERSON.finditer(said):
        person = UserId(match[0].rstrip(".-"))
        if await rooms.shares_room(ctx.db, person):
            raise UserError(
                _("#{name} holds the address of somebody in this network: {person}", name=one.name,
                  person=verbatim(person)),
                _("Without it, it can be shared: `!update {number} new text`", number=one.item),
            )  # fmt: skip


# --- in ---------------------------------------------------------------------------------------


@feature.service(f"peek:{KIND}")
async def peek(_ctx: Context, body: Mapping[str, str]) -> Shared:
    """Return what a received resource says, to be shown before it is accepted."""
    thing = shared_resource.read(body)
    words = tuple(f"{key} {body[key]}" for key in sorted(body) if key != "doubtful")
    return Shared(thing.name, body, tuple(shared_resource.lines(thing)), words)


@feature.service(f"receive:{KIND}")
async def receive(
    ctx: Context,
    body: Mapping[str, str],
    room: RoomId,
    origin: str,
    copy: Number | None,
    mark: Callable[[Number], Awaitable[None]],
) -> list[Line | Effect]:
    """Add a received resource to the room, or update its copy silently. Raises `UserError`."""
    thing, before = shared_resource.read(body), None
    await _fits(ctx, thing, room)
    if copy is not None and (before := await store.get(ctx.db, copy)) is None:
        return []
    if before is not None:
        await _keep(ctx, await _as_told(ctx, before, thing), thing)
        return []
    if await store.count_from(ctx.db, origin) >= MOST:
        raise UserError(_("{network} has shared {most} things; that is all I keep of one.",
                          network=origin, most=MOST))  # fmt: skip
    number = await items.add(ctx.db, feature.name, KIND, room, ctx.me, thing.name, ctx.read)
    await mark(number)
    fresh = Resource(number, room, "", "", "", None, "room", NOBODY, ctx.read, ctx.read, ctx.read,
                     version=0, origin=origin)  # fmt: skip
    one = await _as_told(ctx, fresh, thing)
    await _keep(ctx, one, thing)
    lines = (
        _("{network} shared #{name} ({number}): {text}", network=origin, name=one.name,
          number=one.item, text=texts.about(one)),
        _("To see it: `#{name}`. To take it out: `!cancel {number}`", name=one.name,
          number=one.item),
    )  # fmt: skip
    return [Say(lines, room=room, item=one.item, slot="said:shared")]


@feature.service(f"recede:{KIND}")
async def recede(ctx: Context, copy: Number, origin: str) -> list[Line | Effect]:
    """Remove the copy of a resource that its network took back."""
    one = await store.get(ctx.db, copy)
    if one is None:
        return []
    line = _("{network} took back #{name}: it is out of the library.", network=origin,
             name=one.name)  # fmt: skip
    return [Say((line,), room=one.room), *await removal.take_out(ctx, one)]


async def _fits(ctx: Context, thing: Thing, room: RoomId) -> None:
    """Raise `UserError` for a file larger than this room allows."""
    most = int(await ctx.setting(LARGEST, room))
    if thing.file is not None and thing.file.media.size > most * MEGABYTE:
        raise UserError(_("Its file is larger than what this room keeps: {most} MB.", most=most))


async def _as_told(ctx: Context, before: Resource, thing: Thing) -> Resource:
    file, old = thing.file, before.file
    if file and old and (file.media.url, file.media.secret) == (old.media.url, old.media.secret):
        file = old  # the file was checked before
    corrected = (thing.text, file) != (before.text, old)
    free = await _themes(ctx, before, thing)
    return replace(
        before,
        name=await _name(ctx, before, thing.name, free),
        kind=thing.kind,
        text=thing.text,
        file=file,
        changed=ctx.read if corrected else before.changed,
        reviewed=ctx.read,
        themes=free,
        doubtful=thing.doubtful,
        version=before.version + corrected,
    )


async def _themes(ctx: Context, before: Resource, thing: Thing) -> tuple[str, ...]:
    """Return the themes without those that are a name here."""
    here = store.Sight((before.room,), network=True)
    return tuple(
        [theme for theme in thing.themes
         if not [o for o in await store.named(ctx.db, theme, here) if o.item != before.item]]
    )  # fmt: skip


async def _name(ctx: Context, before: Resource, wanted: str, themes: tuple[str, ...]) -> str:
    """Return the wanted name, with a number if something here has it already."""
    here = store.Sight((before.room,), network=True)
    name, n = wanted, 1
    while (
        glued(name) in map(glued, themes)
        or await store.is_theme(ctx.db, name, here)
        or [o for o in await store.named(ctx.db, name, here) if o.item != before.item]
    ):
        n += 1
        name = f"{wanted[: typed_entries.MOST_LETTERS - 5]}-{n}"
    return name


async def _keep(ctx: Context, one: Resource, thing: Thing) -> None:
    """Store and index the copy without earlier versions, which its network keeps."""
    await store.put(ctx.db, one, [link.known for link in thing.links])
    await store.forget_versions(ctx.db, one.item)
    await store.add_version(ctx.db, one, NOBODY, Source(EventId(""), one.room))
    await facts.drop(ctx.db, one.item)
    if thing.facts is not None:
        await facts.put(ctx.db, one.item, thing.facts)
    await search_index.put(ctx, one)
    ctx.db.shred()

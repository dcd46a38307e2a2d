"""List the library by theme, the newest first, or show what a line names that is only `#name`."""

from __future__ import annotations

from urllib.parse import quote

from bot.api import (
    FIRST_PAGE,
    NO_NUMBER,
    NOTHING,
    Answer,
    Context,
    ItemAccess,
    Line,
    Message,
    Number,
    Page,
    Reach,
    Rest,
    UserError,
    _,
    n_,
    rooms,
    search,
    words,
)
from commands.library import lookup, resource_view, store, texts, version_store
from commands.library.content.typed_entries import NAME_PATTERN
from commands.library.declaration import LIBRARY_TOPIC, PAGE_SIZE, feature, visible_here
from commands.library.store import Resource, Visibility

MOST_THEMES = 30
MOST_SEARCHED = 100
"""How many of the newest results are searched for things of other capabilities."""


@feature.command(
    words(
        "recursos",
        "recursos",
        "resources",
        "biblioteca, recurso, archivos, documentos, enlaces, materiales, links | "
        "biblioteca, recurso, arquivos, documentos, materiais, links, links úteis | "
        "library, resource, files, documents",
    ),
    help=_("the library, whole or of one theme"),
    example=_("For example: `!resources #press`"),
    topic=LIBRARY_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_resources(
    ctx: Context,
    number: Number = NO_NUMBER,
    page: Page = FIRST_PAGE,
    *,
    theme: Rest = NOTHING,
) -> Answer:
    """Show one resource of the library by number, one theme, or the themes and what is new. Return
    the answer.

    Raises `UserError` and `MissingArgument`.
    """
    if number != NO_NUMBER:
        found, _rest = await lookup.find_resource(ctx, str(number))
        return await resource_view.show_resource(ctx, found, *await _message_link(ctx, found))
    name = theme.removeprefix("#").strip()
    if not name:
        return await _list_all(ctx, page)
    if found_there := await list_theme(ctx, name, page):
        return found_there
    kept = await store.resources_named(ctx.db, name, await visible_here(ctx))
    if kept:
        return await resource_view.show_resource(ctx, kept[0])
    raise UserError(
        _("Nothing has the theme #{theme} here.", theme=name[:40]),
        _("Which themes there are: `!resources`"),
    )


async def _list_all(ctx: Context, page: int) -> Answer:
    here = await visible_here(ctx)
    rows, count = await store.newest_resources(ctx.db, here, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    if not rows and page > 1:
        return await _list_all(ctx, 1)
    if not rows:
        return [
            _("Nothing is kept here yet."),
            _("For example: `!save accord We meet on Mondays #meetings`"),
            _("A message or file: reply to it with `!save name`."),
        ]
    themes = await store.count_themes(ctx.db, here, MOST_THEMES) if page == 1 else []
    head = n_("In the library: {count} thing.", "In the library: {count} things.", count)
    told = tuple(_("#{theme} ({count})", theme=theme, count=n) for theme, n in themes)
    return [
        head,
        *([_("Themes: {themes}", themes=told)] if told else []),
        *map(texts.resource_row, rows),
        *_more_lines(count - page * PAGE_SIZE, page),
    ]


async def list_theme(ctx: Context, name: str, page: int = 1) -> list[Line]:
    """Return lines with the resources of this theme, and mention things of other capabilities.

    No lines if there are none.
    """
    here = await visible_here(ctx)
    rows, count = await store.resources_with_theme(
        ctx.db, name, here, PAGE_SIZE, (page - 1) * PAGE_SIZE
    )
    if not rows and page > 1:
        return await list_theme(ctx, name)
    beside = await _other_things_lines(ctx, name, here)
    if not rows:
        return beside
    head = n_("#{theme}: {count} thing.", "#{theme}: {count} things.", count, theme=name)
    more = count - page * PAGE_SIZE
    further = (
        [_("{count} more: `!resources #{theme} {page}`", count=more, theme=name, page=page + 1)]
        if more > 0
        else []
    )
    return [head, *map(texts.resource_row, rows), *further, *beside]


async def _other_things_lines(ctx: Context, name: str, here: Visibility) -> list[Line]:
    """Return how to find offers, needs and other things with this theme."""
    if ctx.registry.find_command("find") is None or not here.network:
        return []
    query = search.Query(themes=(name,))
    found = await search.newest_matches(ctx.db, query, here.rooms, MOST_SEARCHED)
    others = [one for one in found if one.feature != feature.name]
    if not others:
        return []
    return [
        n_(
            "{count} thing outside of the library has it too: `!find #{theme}`",
            "{count} things outside of the library have it too: `!find #{theme}`",
            len(others),
            theme=name,
        )
    ]


async def _message_link(ctx: Context, one: Resource) -> list[Line]:
    """Return a link to the original message, unless it was in a private room."""
    source = (await version_store.current_version(ctx.db, one)).source
    room = await rooms.get(ctx.db, source.room)
    if not source.said_by or room is None or room.private_of is not None:
        return []
    address = f"https://matrix.to/#/{quote(source.room)}/{quote(source.event)}"
    return [_("The message: {address}", address=address)]


def _more_lines(more: int, page: int) -> list[Line]:
    if more > 0:
        return [_("{count} more: `!resources page {page}`", count=more, page=page + 1)]
    return [_("To see one: its `#name` alone.")]


# --- a line that is only a name ------------------------------------------------------------------

MOST_SHOWN = 3
"""How many resources of one name, each of another room, are shown whole."""


def is_name(text: str) -> bool:
    """Return whether the line is only the name of a resource or a theme."""
    return NAME_PATTERN.fullmatch(text.strip()) is not None


feature.wants_line = is_name
feature.listens_within_room = True


@feature.on(Message)
async def answer_name(ctx: Context, _message: Message) -> Answer:
    """Answer a line that is just a `#name` with that resource, else with those of that theme.

    Return None for other text. In a room only what all of its members may see.
    """
    found = NAME_PATTERN.fullmatch(ctx.text.strip())
    if found is None:
        return None
    here = await visible_here(ctx)
    kept = await store.resources_named(ctx.db, found[1], here)
    if kept:
        own = [one for one in kept if one.room == ctx.room] or kept
        return [await resource_view.show_resource(ctx, one) for one in own[:MOST_SHOWN]]
    return await list_theme(ctx, found[1]) or None

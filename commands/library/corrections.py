"""Commands that correct a resource, show its versions and confirm that it is still right."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    Answer,
    Behind,
    Context,
    Day,
    ItemAccess,
    Line,
    Person,
    Reach,
    Say,
    SendFile,
    UserError,
    _,
    may_change_for,
    words,
)
from commands.library import (
    lookup,
    resource_view,
    reviews,
    revisions,
    save_command,
    store,
    texts,
    version_store,
)
from commands.library.content import typed_entries
from commands.library.content.collection import collect_content, content_of_version
from commands.library.content.typed_entries import TypedEntry
from commands.library.declaration import ITEM_KIND, LIBRARY_TOPIC, feature
from commands.library.store import Resource, Visibility
from commands.library.version_store import Version

MOST_VERSIONS = 10
_NAME = re.compile(r'(?:nombre|nome|name)\s*:\s*(#?\w[\w\-]*|"[^"\n]+")', re.IGNORECASE)
_VERSION = re.compile(r"v(?:ersi[oó]n|ers[aã]o|ersion)?\.?\s*(\d{1,4})", re.IGNORECASE)


@feature.command(
    words("actualizar", "atualizar", "update", "actualiza | atualiza |"),
    help=_("correct what is kept: its text, its themes, or in a reply its file"),
    example=_("For example: `!update #accord We meet on Tuesdays`"),
    topic=LIBRARY_TOPIC,
    behind=Behind.TEXT,
)
async def update_resource(ctx: Context, one: lookup.ResourceMeant, *, text: str = "") -> Answer:
    """Correct a resource of the library, for its keeper and the room's moderators. Return the
    answer. Raises `UserError` for others, a text that can't be kept, a version that is missing, and
    a name that is taken.

    The earlier content stays as a version. `v2` alone goes back to a version, and `name:other`
    renames.
    """
    # A version, a new name, or content with themes as `!save` takes it.
    rest = text
    if not await may_change_for(ctx, one.room, one.keeper):
        raise UserError(
            _(
                "You can't correct #{name}: that is for who kept it, or the moderators.",
                name=one.name,
            ),
            _("To see who kept it: `!resources {number}`", number=one.item),
        )
    if one.origin:
        return await _change_visibility(ctx, one, rest)
    old = _VERSION.fullmatch(rest.strip())
    if old is not None:
        version = await _find_version(ctx, one, int(old[1]))
        return await revisions.correct_resource(
            ctx, one, TypedEntry(one.name, "", ()), content_of_version(version)
        )
    if (name := _NAME.fullmatch(rest.strip())) is not None:
        return await _rename_resource(ctx, one, typed_entries.make_name(name[1].strip('#"')))
    of_it = (
        await ctx.replied_item(ITEM_KIND) is not None
    )  # a reply to the bot's message has no new content
    ctx.answers.setdefault("event", ctx.origin.event or "")
    message = None if of_it else save_command.replied_message(ctx)
    typed = typed_entries.parse_entry(f"#{one.name} {rest or ctx.answers.get('part:what', '')}")
    await save_command.check_themes(ctx, typed, one.room)
    themes_only = not typed.text and not message and not ctx.origin.media
    if themes_only and (typed.themes or typed.seen):
        return await revisions.change_themes(ctx, one, typed)
    taken = await collect_content(ctx, typed.text, message)
    if one.file is not None:
        taken = taken.with_earlier_file(await version_store.current_version(ctx.db, one))
    return await revisions.correct_resource(ctx, one, typed, taken)


async def _change_visibility(ctx: Context, one: Resource, rest: str) -> Answer:
    """Change who may see a copy of another network's resource; nothing else can be changed."""
    typed = typed_entries.parse_entry(f"#{one.name} {rest}")
    if typed.seen is None or typed.text or typed.themes:
        revisions.check_own_network(one)
    return await revisions.change_themes(ctx, one, typed)


async def _rename_resource(ctx: Context, one: Resource, name: str) -> Answer:
    """Rename a resource, such as one that was saved by 📌. Raises `UserError` for a taken name."""
    await save_command.check_name(ctx, name, one.room)
    for other in await store.resources_named(ctx.db, name, Visibility((one.room,), network=False)):
        if other.item != one.item:
            raise UserError(
                _(
                    "There is something called #{name} already: {text}",
                    name=other.name,
                    text=texts.short_content(other),
                ),
                _("Choose another name. To see it: `#{name}`", name=other.name),
            )
    await revisions.rename_resource(ctx, one, name)
    return texts.resource_message(
        ctx, one, _("{number} is called #{name} from now on.", number=one.item, name=name)
    )


@feature.command(
    words("versiones", "versões", "versions", "version | versão | version"),
    help=_("how something of the library was before"),
    example=_("For example: `!versions #accord`"),
    topic=LIBRARY_TOPIC,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
)
async def list_versions(ctx: Context, one: lookup.ResourceMeant, version: str = "") -> Answer:
    """List the versions of a resource, the newest first, or show the one with this number. Return
    the answer.

    Raises `UserError` and `MissingArgument`.
    """
    if one.origin:
        return await resource_view.show_resource(ctx, one)
    found = await version_store.list_versions(ctx.db, one.item)
    wanted = _VERSION.fullmatch(version) or re.fullmatch(r"(\d{1,4})", version)
    if wanted is not None:
        return _whole_version(ctx, one, await _find_version(ctx, one, int(wanted[1])))
    last = found[-1].version
    return [
        _("#{name} ({number}), its versions:", name=one.name, number=one.item),
        *(_version_row(version) for version in found[:MOST_VERSIONS]),
        _("One of them whole: `!versions {number} v{version}`", number=one.item, version=last),
        _("Back to it: `!update {number} v{version}`", number=one.item, version=last),
    ]


async def _find_version(ctx: Context, one: Resource, wanted: int) -> Version:
    for version in await version_store.list_versions(ctx.db, one.item):
        if version.version == wanted:
            return version
    raise UserError(
        _("#{name} has no version {version}.", name=one.name, version=wanted),
        _("All of them: `!versions {number}`", number=one.item),
    )


def _version_row(one: Version) -> Line:
    shown = texts.shorten_text(one.text) or (one.file.media.name if one.file else "")
    if not one.who:
        return _("{version}) {day}: {text}", version=one.version, day=Day(one.at), text=shown)
    return _(
        "{version}) {day}, {person}: {text}",
        version=one.version,
        day=Day(one.at),
        person=Person(one.who),
        text=shown,
    )


def _whole_version(ctx: Context, one: Resource, version: Version) -> Say | SendFile:
    head = _(
        "#{name}, version {version}, {day}:",
        name=one.name,
        version=version.version,
        day=Day(version.at),
    )
    return texts.content_message(ctx, replace(one, text=version.text, file=version.file), head)


@feature.command(
    words(
        "vigente",
        "vigente",
        "still right",
        "sigue bien, sigue vigente, sigue igual, está al día | "
        "continua certo, continua valendo, ainda vale, está em dia | "
        "still valid, up to date",
    ),
    help=_("say that something of the library is still right"),
    example=_("For example: `!still right #accord`"),
    topic=LIBRARY_TOPIC,
)
async def confirm_resource(ctx: Context, one: lookup.ResourceMeant) -> Answer:
    """Store that a resource of the library still holds; whoever may see it may say so. Return the
    answer. Raises `UserError` for another network's resource."""
    revisions.check_own_network(one)
    await reviews.confirm_resources(ctx, [one.item])
    return _("Thank you. #{name} counts as right again.", name=one.name)

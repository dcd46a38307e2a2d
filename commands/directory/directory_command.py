"""`!directory`: find people and organisations by theme, place and words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.api import (
    PEOPLE_WITH_PROFILE,
    Answer,
    Context,
    ItemAccess,
    Line,
    Number,
    ParsedArguments,
    Person,
    Reach,
    UserId,
    _,
    items,
    search,
    split_page,
    words,
)
from commands.directory import directory_store, entry_arguments, texts, visibility
from commands.directory.declaration import DIRECTORY, ENTRY_KIND, feature
from commands.directory.directory_store import DirectoryEntry

PAGE_ENTRIES = 8
MOST_PEOPLE = 5
_TAG = re.compile(r"(?<![\w#])#([^\W_][\w-]{0,39})")


@feature.command(
    words(
        "directorio",
        "diretório",
        "directory",
        "contactos, quién sabe de | contatos, quem sabe de | contacts, who knows about",
    ),
    help=_("people and organisations who offered to be found, by theme and place"),
    example=_("For example: `!directory #press Cali`"),
    topic=DIRECTORY,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    args=(entry_arguments.PLACE,),
)
async def directory(ctx: Context, parts: ParsedArguments) -> Answer:
    """Search the directory of members, best first: in a room what all its members may see, in
    private of all shared rooms. Return the answer."""
    text = " ".join([*parts.quoted, parts.free])
    themes = tuple(_TAG.findall(text))
    rest = _TAG.sub(" ", text).strip()
    if (one := await _show_entry(ctx, rest)) is not None:
        return one
    page, rest = split_page(rest)
    sought = f"{rest} {parts.named.get(entry_arguments.PLACE.key, '')}".strip()
    query = search.Query(words=sought, kinds=(ENTRY_KIND,), themes=themes)
    places = await visibility.searched_rooms(ctx)
    results = await search.search(ctx.db, query, places, PAGE_ENTRIES, (page - 1) * PAGE_ENTRIES)
    entries = await _visible_entries(
        ctx, [one.item for one in results.found if one.item is not None]
    )
    people = await _profile_lines(ctx, themes, sought) if page == 1 else []
    if not entries and not people:
        return _nothing_found(asked=bool(themes or sought))
    lines = [_("Nobody has all of that; near it:")] if results.near and entries else []
    lines += [*map(texts.entry_line, entries), *people]
    if results.count > page * PAGE_ENTRIES:
        lines.append(_("More: the same line with {page} behind it.", page=page + 1))
    return lines


async def _show_entry(ctx: Context, text: str) -> Answer:
    """Show one entry (`directorio 57`); None if the asker may not see it."""
    number = re.fullmatch(r"#?(\d{1,9})", text)
    found = await directory_store.get_entry(ctx.db, Number(int(number[1]))) if number else None
    if found is None or not await visibility.may_see(ctx, found, ctx.who):
        return None
    if (item := await items.get(ctx.db, found.item)) is not None and not found.network:
        ctx.answer_privately_about(item)
    return texts.entry_line(found)


async def _visible_entries(ctx: Context, numbers: Sequence[Number]) -> list[DirectoryEntry]:
    """Return the entries without those whose people have left meanwhile."""
    found = await directory_store.get_entries(ctx.db, numbers)
    return [one for one in found if await visibility.may_see(ctx, one, ctx.who)]


async def _profile_lines(ctx: Context, themes: Sequence[str], sought: str) -> list[Line]:
    """Return people who show such a theme or place in their profile. Only in private."""
    if not ctx.is_private:
        return []
    wanted = [("themes", theme.replace("-", " ")) for theme in themes]
    wanted += [("themes", sought), ("place", sought)] if sought else []
    people: dict[UserId, None] = {}
    for offer in ctx.registry.offers(PEOPLE_WITH_PROFILE):
        for part, said in wanted:
            people |= dict.fromkeys(await offer(ctx, part, said, ctx.who, MOST_PEOPLE))
    if not people:
        return []
    named = tuple(Person(one, full=True) for one in list(people)[:MOST_PEOPLE])
    return [_("They show it in their profile: {people}", people=named)]


def _nothing_found(*, asked: bool) -> list[Line]:
    none = _("I found nobody for that.") if asked else _("Nobody is in the directory yet.")
    return [none, _("To be found yourself: `!list-me Radio Sur #press place: Cali`")]

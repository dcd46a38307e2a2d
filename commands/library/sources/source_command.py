"""Save a data set or another source with licence, publisher and date, and list sources."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    Answer,
    Arg,
    Context,
    Line,
    Missing,
    Parts,
    Room,
    Say,
    UserError,
    _,
    has_say,
    n_,
    search,
    words,
)
from commands.library import (
    lookup,
    resource_view,
    revisions,
    save_command,
    search_index,
    store,
    texts,
)
from commands.library.content import typed_entries, web_links
from commands.library.declaration import LIBRARY, PAGE, feature, sight
from commands.library.sources import facts
from commands.library.sources.facts import LONGEST, Facts
from commands.library.store import Resource, Sight

LICENCE = Arg(words("licencia", "licença", "licence", "license"))
PUBLISHER = Arg(
    words("publica", "publica", "publisher", "editor, editora, organismo | órgão, editora | org")
)
DATE = Arg(words("fecha", "data", "date", "publicado, actualizado, año | publicado, ano | year"))
VISIBLE = Arg(words("visible", "visível", "visible"))
PAGE_OF = Arg(words("página", "página", "page", "pag"))
_THEME = re.compile(r"(?<!\S)#(\w[\w\-]*)")
_LICENCE = re.compile(r"[,;]\s*licen(?:cia|ça|ca|[cs]e)\s+([^\s#][^#\n]{1,80})$", re.IGNORECASE)
_ONE = re.compile(r"#?\d{1,9}|#\w[\w\-]*")


@feature.command(
    words(
        "fuente",
        "fonte",
        "source",
        "fuentes, datos abiertos | fontes, dados abertos | sources, dataset, open data",
    ),
    help=_("data sets and other sources: licence, who publishes it, date, link; and all of them"),
    example=_(
        "For example: `!source Census 2022 https://example.org/census licence:CC-BY"
        " publisher:INDEC date:2022 #housing`"
    ),
    topic=LIBRARY,
    args=(LICENCE, PUBLISHER, DATE, VISIBLE, PAGE_OF),
)
async def source(ctx: Context, parts: Parts) -> Answer:
    """Save a source by its link, change one by number or name, or list sources.

    Raises `UserError`, `Missing` and `Asking`.
    """
    ctx.known.setdefault("event", ctx.origin.event or "")
    parts = _licence_apart(_themes_apart(parts))
    told = _facts(parts)
    typed = " ".join((" ".join(parts.free.split()), *parts.quoted)).strip()
    if _ONE.fullmatch(typed) and any(told.words):
        return await _mended(ctx, typed, told)
    if "://" in typed:
        return await _kept(ctx, await ctx.place(), parts, told)
    if _ONE.fullmatch(typed) and await _is_one(ctx, typed.lstrip("#")):
        one, _rest = await lookup.meant(ctx, typed)
        return await resource_view.shown(ctx, one)
    if typed and not all(word.startswith("#") for word in typed.split()):
        raise Missing("parts", _("the link"))
    return await _list(ctx, typed, _page(parts))


async def _is_one(ctx: Context, typed: str) -> bool:
    """True for a number or the name of a resource, not for a theme."""
    return typed.isdigit() or bool(await store.named(ctx.db, typed, await sight(ctx)))


def _themes_apart(parts: Parts) -> Parts:
    """Take themes out of the named fields, as in `date:2022 #housing`."""
    themes = [theme for value in parts.named.values() for theme in _THEME.findall(value)]
    named = {key: _THEME.sub(" ", value).strip() for key, value in parts.named.items()}
    return replace(parts, free=" ".join((parts.free, *map("#{}".format, themes))), named=named)


def _licence_apart(parts: Parts) -> Parts:
    """Take a licence off the end that was typed without a colon: `…, licence CC0`."""
    match = _LICENCE.search(parts.free)
    if match is None or LICENCE.key in parts.named:
        return parts
    named = {**parts.named, LICENCE.key: match[1].strip()}
    return replace(parts, free=parts.free[: match.start()].strip(), named=named)


def _facts(parts: Parts) -> Facts:
    """Return the facts. Raises `UserError` for a value that is too long."""
    values = [" ".join(parts.named.get(arg.key, "").split()) for arg in (LICENCE, PUBLISHER, DATE)]
    if any(len(value) > LONGEST for value in values):
        raise UserError(
            _("Licence, publisher and date have {most} letters at most.", most=LONGEST),
            _("For example: `licence:CC-BY publisher:INDEC date:2022`"),
        )
    return Facts(*values)


# --- saving ---------------------------------------------------------------------------------------


async def _kept(ctx: Context, room: Room, parts: Parts, told: Facts) -> Answer:
    text = " ".join((*parts.quoted, parts.free))
    found = web_links.clean(text)[1]
    if len({link.known for link in found}) != 1:
        raise UserError(
            _("A source has one link; I see {count}.", count=len(found)),
            _("Write each source in a line of its own command."),
        )
    link = web_links.found(text)[0]  # as typed: removed trackers are told on saving
    title, notes = _title(text, link, found[0].host)
    typed = typed_entries.Typed(
        typed_entries.slug(typed_entries.suggested(title) or found[0].host),
        "\n".join(filter(None, (title, link, notes))),
        typed_entries.themes_of(_THEME.findall(text)),
        _seen(parts),
    )
    answer = await save_command.keep(ctx, room, typed, None)
    one = await _named(ctx, typed.name, room)
    if one is None:  # it was saved already, and is not wanted twice
        return answer
    await write(ctx, one, told)
    return _with(answer, facts.said(one, told))


def _title(text: str, link: str, otherwise: str) -> tuple[str, str]:
    """Return title and notes: the words before the link and those after it.

    Without words before it, those after it are the title.
    """
    before, _link, after = _THEME.sub(" ", text).partition(link)
    said = [" ".join(part.split()).strip(" ,;:-–") for part in (before, after)]
    first, *rest = [part for part in said if part] or [otherwise]
    return first, "".join(rest)


def _seen(parts: Parts) -> str | None:
    named = parts.named.get(VISIBLE.key)
    return typed_entries.take_apart(f"name visible:{named}").seen if named else None


async def _named(ctx: Context, name: str, room: Room) -> Resource | None:
    found = await store.named(ctx.db, name, Sight((room.room,), network=False))
    return found[0] if found else None


async def write(ctx: Context, one: Resource, told: Facts) -> None:
    """Store the facts and index the resource as a source."""
    await facts.put(ctx.db, one.item, told)
    await search_index.again(ctx, [one.item])


def _with(answer: Answer, further: list[Line]) -> Answer:
    if isinstance(answer, Say):
        return replace(answer, lines=(answer.lines[0], *further, *answer.lines[1:]))
    return answer


async def _mended(ctx: Context, typed: str, told: Facts) -> Answer:
    """Store the facts that were typed; the others stay. Raises `UserError`."""
    one, _rest = await lookup.meant(ctx, typed)
    if not await has_say(ctx, one.room, one.keeper):
        raise UserError(
            _("You can't change #{name}: that is for who kept it or the moderators.", name=one.name)
        )
    revisions.check_ours(one)
    before = await facts.get(ctx.db, one.item) or Facts()
    after = Facts(
        told.licence or before.licence,
        told.publisher or before.publisher,
        told.published or before.published,
    )
    if one.keeper != ctx.who:
        await ctx.log("corrected", {"number": one.item}, room=one.room)
    await write(ctx, one, after)
    return texts.said(ctx, one, texts.row(one), *facts.said(one, after))


# --- the list -------------------------------------------------------------------------------------


async def _list(ctx: Context, typed: str, page: int) -> Answer:
    """List sources, the newest first; in a room those that all of its members may see."""
    here = await sight(ctx)
    query = search.Query(kinds=(search_index.SOURCE,), themes=tuple(typed.split()))
    results = await search.search(
        ctx.db, query, here.rooms, PAGE, PAGE * (page - 1), network=here.network
    )
    if not results.found and page > 1:
        return await _list(ctx, typed, 1)
    if not results.found:
        raise UserError(
            _("No source is kept here yet.") if not typed else _("No source here has that theme."),
            _(
                "To add one: `!source Census 2022 https://example.org/census licence:CC-BY"
                " publisher:INDEC`"
            ),
        )
    count = results.count
    lines = [n_("{count} source:", "{count} sources:", count)]
    for found in results.found:
        assert found.item is not None
        one = await store.get(ctx.db, found.item)
        if one is not None:
            lines += [texts.row(one), *await facts.lines(ctx, one)]
    if count > PAGE * page:
        again = f"{typed} ".lstrip()
        lines.append(_("More: `!source {themes}page:{page}`", themes=again, page=page + 1))
    lines.append(_("All as files: `!export library`. Many at once: `!import sources`"))
    return lines


def _page(parts: Parts) -> int:
    match = re.search(r"\d{1,4}", parts.named.get(PAGE_OF.key, ""))
    return max(int(match[0]), 1) if match else 1

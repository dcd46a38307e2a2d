"""Save a data set or another source with licence, publisher and date, and list sources."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.api import (
    PAGE_ARGUMENT,
    Answer,
    Context,
    Line,
    MissingArgument,
    NamedArgument,
    ParsedArguments,
    Room,
    Say,
    UserError,
    _,
    may_change_for,
    n_,
    page_number,
    search,
    words,
)
from commands.library import (
    lookup,
    resource_view,
    revisions,
    save_command,
    search_index,
    source_facts,
    store,
    texts,
)
from commands.library.content import typed_entries, web_links
from commands.library.declaration import LIBRARY_TOPIC, PAGE_SIZE, visible_here
from commands.library.source_facts import LONGEST_VALUE, SourceFacts
from commands.library.store import Resource, Visibility
from commands.sources.declaration import feature

LICENCE = NamedArgument(words("licencia", "licença", "licence", "license"))
PUBLISHER = NamedArgument(
    words("publica", "publica", "publisher", "editor, editora, organismo | órgão, editora | org")
)
DATE = NamedArgument(
    words("fecha", "data", "date", "publicado, actualizado, año | publicado, ano | year")
)
VISIBLE = NamedArgument(words("visible", "visível", "visible"))
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
    topic=LIBRARY_TOPIC,
    args=(LICENCE, PUBLISHER, DATE, VISIBLE, PAGE_ARGUMENT),
)
async def edit_sources(ctx: Context, parts: ParsedArguments) -> Answer:
    """Save a source of data by its link, change one by number or name, or list sources. Return the
    answer.

    Raises `UserError`, `MissingArgument` and `AnswerNeeded`.
    """
    ctx.answers.setdefault("event", ctx.origin.event or "")
    parts = _split_licence(_split_themes(parts))
    told = _read_facts(parts)
    typed = " ".join((" ".join(parts.free.split()), *parts.quoted)).strip()
    if _ONE.fullmatch(typed) and any(told.known_values):
        return await _change_facts(ctx, typed, told)
    if "://" in typed:
        return await _save_source(ctx, await ctx.choose_room(), parts, told)
    if _ONE.fullmatch(typed) and await _is_resource(ctx, typed.lstrip("#")):
        one, _rest = await lookup.find_resource(ctx, typed)
        return await resource_view.show_resource(ctx, one)
    if typed and not all(word.startswith("#") for word in typed.split()):
        raise MissingArgument("parts", _("the link"))
    return await _list_sources(ctx, typed, page_number(parts.named.get(PAGE_ARGUMENT.key, "")))


async def _is_resource(ctx: Context, typed: str) -> bool:
    """True for a number or the name of a resource, not for a theme."""
    return typed.isdigit() or bool(
        await store.resources_named(ctx.db, typed, await visible_here(ctx))
    )


def _split_themes(parts: ParsedArguments) -> ParsedArguments:
    """Take themes out of the named fields, as in `date:2022 #housing`."""
    themes = [theme for value in parts.named.values() for theme in _THEME.findall(value)]
    named = {key: _THEME.sub(" ", value).strip() for key, value in parts.named.items()}
    return replace(parts, free=" ".join((parts.free, *map("#{}".format, themes))), named=named)


def _split_licence(parts: ParsedArguments) -> ParsedArguments:
    """Take a licence off the end that was typed without a colon: `…, licence CC0`."""
    match = _LICENCE.search(parts.free)
    if match is None or LICENCE.key in parts.named:
        return parts
    named = {**parts.named, LICENCE.key: match[1].strip()}
    return replace(parts, free=parts.free[: match.start()].strip(), named=named)


def _read_facts(parts: ParsedArguments) -> SourceFacts:
    """Return the facts. Raises `UserError` for a value that is too long."""
    values = [" ".join(parts.named.get(arg.key, "").split()) for arg in (LICENCE, PUBLISHER, DATE)]
    if any(len(value) > LONGEST_VALUE for value in values):
        raise UserError(
            _("Licence, publisher and date have {most} letters at most.", most=LONGEST_VALUE),
            _("For example: `licence:CC-BY publisher:INDEC date:2022`"),
        )
    return SourceFacts(*values)


# --- saving ---------------------------------------------------------------------------------------


async def _save_source(
    ctx: Context, room: Room, parts: ParsedArguments, told: SourceFacts
) -> Answer:
    text = " ".join((*parts.quoted, parts.free))
    found = web_links.clean_links(text)[1]
    if len({link.known for link in found}) != 1:
        raise UserError(
            _("A source has one link; I see {count}.", count=len(found)),
            _("Write each source in a line of its own command."),
        )
    link = web_links.find_links(text)[0]  # as typed: removed trackers are told on saving
    title, notes = _split_title(text, link, found[0].host)
    typed = typed_entries.TypedEntry(
        typed_entries.make_name(typed_entries.suggest_name(title) or found[0].host),
        "\n".join(filter(None, (title, link, notes))),
        typed_entries.unique_themes(_THEME.findall(text)),
        _read_visibility(parts),
    )
    answer = await save_command.save_or_correct(ctx, room, typed, None)
    one = await _resource_named(ctx, typed.name, room)
    if one is None:  # it was saved already, and is not wanted twice
        return answer
    await write_facts(ctx, one, told)
    return _add_lines(answer, source_facts.facts_lines(one, told))


def _split_title(text: str, link: str, otherwise: str) -> tuple[str, str]:
    """Return title and notes: the words before the link and those after it.

    Without words before it, those after it are the title.
    """
    before, _link, after = _THEME.sub(" ", text).partition(link)
    said = [" ".join(part.split()).strip(" ,;:-–") for part in (before, after)]
    first, *rest = [part for part in said if part] or [otherwise]
    return first, "".join(rest)


def _read_visibility(parts: ParsedArguments) -> str | None:
    named = parts.named.get(VISIBLE.key)
    return typed_entries.parse_entry(f"name visible:{named}").seen if named else None


async def _resource_named(ctx: Context, name: str, room: Room) -> Resource | None:
    found = await store.resources_named(ctx.db, name, Visibility((room.room,), network=False))
    return found[0] if found else None


async def write_facts(ctx: Context, one: Resource, told: SourceFacts) -> None:
    """Store the facts of a source of data and index its resource anew."""
    await source_facts.save_facts(ctx.db, one.item, told)
    await search_index.reindex(ctx, [one.item])


def _add_lines(answer: Answer, further: list[Line]) -> Answer:
    if isinstance(answer, Say):
        return replace(answer, lines=(answer.lines[0], *further, *answer.lines[1:]))
    return answer


async def _change_facts(ctx: Context, typed: str, told: SourceFacts) -> Answer:
    """Store the facts that were typed; the others stay. Raises `UserError`."""
    one, _rest = await lookup.find_resource(ctx, typed)
    if not await may_change_for(ctx, one.room, one.keeper):
        raise UserError(
            _("You can't change #{name}: that is for who kept it or the moderators.", name=one.name)
        )
    revisions.check_own_network(one)
    before = await source_facts.get_facts(ctx.db, one.item) or SourceFacts()
    after = SourceFacts(
        told.licence or before.licence,
        told.publisher or before.publisher,
        told.published or before.published,
    )
    if one.keeper != ctx.who:
        await ctx.log("corrected", {"number": one.item}, room=one.room)
    await write_facts(ctx, one, after)
    return texts.resource_message(
        ctx, one, texts.resource_row(one), *source_facts.facts_lines(one, after)
    )


# --- the list -------------------------------------------------------------------------------------


async def _list_sources(ctx: Context, typed: str, page: int) -> Answer:
    """List sources, the newest first; in a room those that all of its members may see."""
    here = await visible_here(ctx)
    query = search.Query(kinds=(search_index.SOURCE_KIND,), themes=tuple(typed.split()))
    results = await search.search(
        ctx.db, query, here.rooms, PAGE_SIZE, PAGE_SIZE * (page - 1), network=here.network
    )
    if not results.found and page > 1:
        return await _list_sources(ctx, typed, 1)
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
        one = await store.get_resource(ctx.db, found.item)
        if one is not None:
            lines += [texts.resource_row(one), *await source_facts.load_lines(ctx, one)]
    if count > PAGE_SIZE * page:
        again = f"{typed} ".lstrip()
        lines.append(_("More: `!source {themes}page:{page}`", themes=again, page=page + 1))
    lines.append(_("All as files: `!export library`. Many at once: `!import sources`"))
    return lines

"""`!find`: search what was saved, offered or published, as far as the asker may see it now.

In a room only what all members may see is shown; the rest goes to the asker in private. In an
unencrypted room, whose server reads along, only that room's own entries are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.api import (
    Answer,
    Context,
    FindableKind,
    ItemAccess,
    Line,
    MissingArgument,
    ParsedArguments,
    Reach,
    Room,
    Say,
    Sentence,
    UserError,
    _,
    find_help_kind,
    fold,
    n_,
    run_line,
    search,
    shorten_line,
    words,
)
from commands.finding import query_parser, texts
from commands.finding.declaration import FINDING, all_kinds, feature, visible_rooms
from commands.finding.query_parser import SearchRequest

PAGE_RESULTS = 8
_PORTUGUESE_SURVEY = re.compile(r"pesquisa\s[^?]+\?")
"""`pesquisa` also means survey in Portuguese, if a question follows."""


@dataclass(frozen=True, slots=True)
class RunningSearch:
    """One search: who searches where, what for, and the kinds of things there are."""

    ctx: Context
    asked: SearchRequest
    kinds: dict[str, FindableKind]

    async def results_in(self, places: list[Room], *, network: bool) -> search.SearchResults:
        """Return the requested page of the search's results in these rooms."""
        if self.asked.nobody:
            return search.SearchResults([], 0)
        here = [room.room for room in places]
        offset = PAGE_RESULTS * (self.asked.page - 1)
        return await search.search(
            self.ctx.db, self.asked.query, here, PAGE_RESULTS, offset, network=network
        )


_KEPT = re.compile(
    r"¿?(?:cual|qual|what|what's|whats) (?:(?:es|era|e|is|was) )?(?:(?:el|la|o|a|the) )?"
    r"((?:(?:numero de )?(?:telefono|telefone|celular)|clave|contrasena|senha|correo|email|password"
    r"|phone(?: number)?) (?:del?|d[ao]s?|of) (?=[^?]{2})[^\s?,;]{1,30}(?: [^\s?,;]{1,30}){0,5}"
    r"(?<![.!])|\w{2,30}'s (?:phone|number|password|email))"
    r"(?:,? (?:por favor|porfa|please|pls))?[?!.]{0,5}"
)
"""A question for what was kept: `what was the phone of julio`. Folded."""
feature.sentences.append(
    Sentence(_KEPT, "find {}", only_if=lambda text: find_help_kind(text) is None)
)


@feature.command(
    words(
        "buscar",
        "buscar",
        "find",
        "busca, buscador, búscame, encontrar, dónde está, quién tiene, "
        "alguien tiene, quién me presta, quién presta, alguien me presta | "
        "procurar, busca, pesquisar, pesquisa, achar, acha, encontrar, onde está, "
        "quem tem, alguém tem, quem me empresta, quem empresta, alguém me empresta | "
        "search, where is, who has, does anyone have, does anybody have, has anybody got, can"
        " anyone lend me, can "
        "anybody lend me, who can lend me",
    ),
    help=_("look for what was kept and offered, by words, `#theme`, kind, person and date"),
    example=_("For example: `!find march protocol` or `!find #health kind:file since October`"),
    topic=FINDING,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    args=query_parser.ARGS,
)
async def find(ctx: Context, parts: ParsedArguments) -> Answer:
    """Show the results of a search, best first. Near matches only if nothing has all the words.
    Return the answer."""
    if _PORTUGUESE_SURVEY.match(fold(ctx.text)) and ctx.registry.find_command("poll") is not None:
        return await run_line(ctx, f"poll {ctx.text.split(maxsplit=1)[1]}")
    known = await all_kinds(ctx)
    asked = await query_parser.read_request(ctx, parts, known)
    if not asked.again:
        raise MissingArgument("parts", _("the word or the `#theme`"))
    searching = RunningSearch(ctx, asked, known)
    shared = await visible_rooms(ctx)
    if ctx.is_private:
        found = await searching.results_in(shared, network=True)
        return await _result_lines(searching, found, shared) or _nothing_found(searching, found)
    here = [room for room in shared if room.room == ctx.room]
    others = [room for room in shared if room.room != ctx.room]
    encrypted = ctx.policy.room is not None and ctx.policy.room.is_encrypted
    found = await searching.results_in(here, network=encrypted and ctx.is_trusted)
    alone = await searching.results_in(others, network=not encrypted)
    if alone.found and (found.near or not found.found) and not alone.near:
        return [await _private_results(searching, alone, others), _private_notice()]
    said = await _result_lines(searching, found, [])
    if not alone.found or (alone.near and not found.near):
        return said or _nothing_found(searching, found)
    beside: list[Line | Say] = [await _private_results(searching, alone, others)]
    return [*beside, *said, _private_notice()]


async def _private_results(
    searching: RunningSearch, found: search.SearchResults, places: list[Room]
) -> Say:
    return Say(
        tuple(await _result_lines(searching, found, places)), to=searching.ctx.who, loud=True
    )


def _private_notice() -> Line:
    return _("What not everybody here may see I wrote to you in private.")


async def _result_lines(
    searching: RunningSearch, found: search.SearchResults, places: list[Room]
) -> list[Line]:
    """Return the page, and how to open a result and go on; [] without results."""
    if not found.found:
        return []
    names = {room.room: room.name for room in places} if len(places) > 1 else {}
    lines = [
        _heading(found),
        *await texts.result_lines(searching.ctx, found.found, searching.kinds, names),
    ]
    lines.append(
        _("To open one: {opens}", opens=texts.open_command(found.found[0], searching.kinds))
    )
    page = searching.asked.page
    if found.count > PAGE_RESULTS * page:
        again = searching.asked.again
        lines.append(_("More: `!find {words} page:{page}`", words=again, page=page + 1))
    return lines


def _heading(found: search.SearchResults) -> Line:
    if found.near:
        return _("Nothing has all of that. What is near:")
    if not found.whole:
        return _("More than {count} things, the best first:", count=search.MOST_RANKED)
    return n_("{count} thing that you may see:", "{count} things that you may see:", found.count)


def _nothing_found(searching: RunningSearch, found: search.SearchResults) -> list[Line]:
    """Always raises `UserError`, with what else can be tried."""
    if found.count:
        raise UserError(
            _("There is no page {page}.", page=searching.asked.page),
            _("The first one: `!find {words}`", words=searching.asked.again),
        )
    lines = [_("I find nothing like that among what you may see.")]
    query = searching.asked.query
    if query.kinds or query.themes or query.since or query.until or searching.asked.query.people:
        lines.append(_("With fewer conditions there may be more: `!find` and only the words."))
    ask = searching.ctx.registry.find_command("need")
    if ask is not None and query.words:
        typed = _("`!{word} {words}`", word=ask[0].name, words=shorten_line(query.words))
        lines.append(_("To ask the others for it: {command}", command=typed))
    raise UserError(*lines)

"""The command `!voters`: show who may vote here or in a poll, and change it."""

from __future__ import annotations

import re

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.api import (
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    Room,
    UserError,
    Words,
    _,
    fold,
    n_,
    rooms,
    words,
)
from commands.polls.declaration import DECISIONS, feature
from commands.polls.voters import organisation_changes, organisation_file, voter_store, voter_texts
from commands.polls.voters.people import Crowd

PAGE_SIZE = 20
PEOPLE_PAGE_SIZE = 100
"""A person takes one word, an organisation one line."""
ADD_WORDS = words(
    "agregar", "adicionar", "add", "añadir, acrescentar, incluir, cambiar, alterar, change"
)
REMOVE_WORDS = words(
    "quitar", "remover", "remove", "borrar, eliminar, sacar, tirar, excluir, delete"
)
IMPORT_WORDS = words("importar", "importar", "import")
EXPORT_WORDS = words("exportar", "exportar", "export", "descargar, baixar, download")
_VERBS = {
    fold(word): verb
    for verb in (ADD_WORDS, REMOVE_WORDS, IMPORT_WORDS, EXPORT_WORDS)
    for word in verb
}
_PAGE = re.compile(r"(?:^|\s)p[aá]g(?:ina|e)\s*:?\s*(\d{1,4})\s*$", re.IGNORECASE)
_PLACE = re.compile(r"(?:^|\s)(?:en|em|in|na|no)\s+([^\n\"]{1,60})$")
_NUMBER = re.compile(r"#?\d{1,9}\b")


@feature.command(
    words("votantes", "votantes", "voters", "padrón, censo, eleitorado, roll"),
    help=_("who may vote; organisations, their delegates and weights"),
    example=_("For example: `!voters` or `!voters 57`"),
    topic=DECISIONS,
    does=ItemAccess.READS,
)
async def handle_voters(ctx: Context, *, text: str = "") -> Answer:
    """Show the room's list or a poll's roll, or change the list as a moderator."""
    first, rest = _split_first_word(text)
    verb = _VERBS.get(fold(first))
    if verb is None:
        return await _show(ctx, text)
    room, rest = await _target_room(ctx, rest)
    if not await ctx.moderates(room.room):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("Who may vote here: `!voters`"),
        )
    if verb is EXPORT_WORDS:
        return await organisation_file.export_organisations(ctx, room)
    if verb is IMPORT_WORDS:
        return await organisation_file.import_organisations(ctx, room, rest)
    return await (
        organisation_changes.add_organisation
        if verb is ADD_WORDS
        else organisation_changes.remove_organisation
    )(ctx, room, rest)


def _split_first_word(text: str) -> tuple[str, str]:
    word, *rest = text.strip().split(maxsplit=1)[:2] or [""]
    return word.rstrip(":"), rest[0] if rest else ""


async def _target_room(ctx: Context, text: str) -> tuple[Room, str]:
    """Return the room that is meant, and the text without it.

    In private it is written `… en prensa`, or asked for.
    """
    place = _PLACE.search(text) if ctx.is_private else None
    if place is not None:
        wanted = fold(place[1].strip())
        for room in await rooms.shared_rooms(ctx.db, ctx.who):
            if fold(room.name) == wanted:
                return room, text[: place.start()].strip()
    return await ctx.choose_room(), text


# --- looking --------------------------------------------------------------------------------------


async def _show(ctx: Context, text: str) -> Answer:
    page, text = _split_page(text)
    replied = await ctx.replied_item("poll") if not text else None
    if replied is not None or _NUMBER.match(text):
        item, _rest = await ctx.parse_item(text, "poll", takes=0)
        return await _roll_page(ctx, item, page)
    room, wanted = await _target_room(ctx, text)
    every = await voter_store.organisations_in(ctx.db, room.room)
    if wanted:
        return await _find_by_part(ctx, room, wanted, every, page)
    if not every:
        return await _people(ctx, room)
    head = n_(
        "{count} organisation votes here, weight {weight} in all.",
        "{count} organisations vote here, weight {weight} in all.",
        len(every),
        weight=sum(one.weight for one in every),
    )
    pages = -(-len(every) // PAGE_SIZE)
    page = min(page, pages)
    lines = [
        head,
        *map(voter_texts.organisation_line, every[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        *voter_texts.next_page_lines(page, pages),
    ]
    if page < pages and page == 1:
        lines.append(_("One of them by name: `!voters {name}`", name=every[-1].name))
    return lines if page > 1 else [*lines, *await _hint(ctx, room)]


def _split_page(text: str) -> tuple[int, str]:
    found = _PAGE.search(text)
    if found is None:
        return 1, text.strip()
    return max(int(found[1]), 1), text[: found.start()].strip()


async def _people(ctx: Context, room: Room) -> list[Line]:
    """Say that without organisations the people in the room at the opening vote."""
    people = len((await Crowd.of(ctx, room.room)).people())
    said = n_(
        "Here whoever is in the room when a poll opens may vote: {count} person now.",
        "Here whoever is in the room when a poll opens may vote: {count} people now.",
        people,
    )
    return [said, *await _hint(ctx, room)]


async def _hint(ctx: Context, room: Room) -> list[Line]:
    return [organisation_changes.EXAMPLE] if await ctx.moderates(room.room) else []


async def _find_by_part(
    ctx: Context, room: Room, wanted: str, every: list[voter_store.Organisation], page: int
) -> Answer:
    """Find organisations by a part of their name."""
    heard = voter_store.comparable_name(wanted.strip("\"' "))
    found = [one for one in every if heard in voter_store.comparable_name(one.name)]
    if found:
        pages = -(-len(found) // PAGE_SIZE)
        page = min(page, pages)
        shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return [
            *map(voter_texts.organisation_line, shown),
            *voter_texts.next_page_lines(page, pages, f"{wanted} "),
        ]
    meant = _nearest_verb(_split_first_word(wanted)[0])
    if meant is not None:
        raise UserError(
            _(
                "I didn't understand “{typed}”. Is it `!voters {verb}`?",
                typed=_split_first_word(wanted)[0][:40],
                verb=meant,
            )
        )
    near = await organisation_changes.nearest_organisation(ctx, room.room, wanted)
    if near is not None:
        return [_("Perhaps you mean:"), voter_texts.organisation_line(near)]
    raise UserError(
        _("There is no organisation “{name}” here.", name=wanted[:60]),
        _("All there are: `!voters`"),
    )


def _nearest_verb(typed: str) -> Words | None:
    """Return the verb closest to what was typed, only to suggest it."""
    found = process.extractOne(
        fold(typed), list(_VERBS), scorer=DamerauLevenshtein.distance, score_cutoff=2
    )
    return _VERBS[found[0]] if found and len(typed) > 2 else None


async def _roll_page(ctx: Context, item: Item, page: int) -> list[Line]:
    size, weight = await voter_store.roll_totals(ctx.db, item.number)
    if not size and not item.open:
        return [_("Poll {number} has ended, and I don't keep its roll.", number=item.number)]
    if not size:
        return [
            _("Poll {number} has no roll: whoever is in its room may vote.", number=item.number)
        ]
    first = await voter_store.roll_page(ctx.db, item.number, 1)
    each = PAGE_SIZE if first[0].is_organisation else PEOPLE_PAGE_SIZE
    pages = -(-size // each)
    page = min(page, pages)
    part = await voter_store.roll_page(ctx.db, item.number, each, (page - 1) * each)
    return [
        *voter_texts.roll_lines(item.number, part, size, weight),
        *voter_texts.next_page_lines(page, pages, f"{item.number} "),
    ]

"""The command `!voters`: show who may vote here or in a poll, and change it."""

from __future__ import annotations

import re
from typing import Annotated

from bot.api import (
    FIRST_PAGE,
    NOTHING,
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    NamedPage,
    Page,
    Rest,
    Room,
    SubCommands,
    UserError,
    _,
    n_,
    split_room,
    words,
)
from commands.organisations import (
    chambers,
    organisation_changes,
    organisation_file,
    questions,
    voter_texts,
)
from commands.organisations.declaration import feature
from commands.poll_book import voter_store
from commands.poll_book.people import Crowd
from commands.polls.declaration import DECISIONS

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
CHAMBER_WORDS = words("cámara", "câmara", "chamber", "cámaras, câmaras, chambers")
QUESTION_WORDS = words(
    "cuestionar", "questionar", "question", "objetar, impugnar, dudar, duvidar, contest, doubt"
)
VOTERS = SubCommands()
_NUMBER = re.compile(r"#?\d{1,9}\b")


async def find_room_to_change(ctx: Context, text: str) -> tuple[Room, str]:
    """Return the room whose organisations are to be changed, and the rest of the text.

    Raises `UserError` unless the asker moderates it.
    """
    room, rest = await _target_room(ctx, text)
    if not await ctx.moderates(room.room):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("Who may vote here: `!voters`"),
        )
    return room, rest


async def _target_room(ctx: Context, text: str) -> tuple[Room, str]:
    """Return the room that is named or asked for, and the text without it."""
    room, rest = await split_room(ctx, f" {text}")
    return room or await ctx.choose_room(), rest.strip()


async def find_room(ctx: Context, text: str) -> tuple[Room, str]:
    """Return the room whose organisations the line is about, and the rest of the text."""
    return await _target_room(ctx, text)


RoomMeant = Annotated[Room, find_room]
RoomToChange = Annotated[Room, find_room_to_change]


@feature.command(
    words("votantes", "votantes", "voters", "padrón, censo, eleitorado, roll"),
    help=_("who may vote; organisations, their delegates and weights"),
    example=_("For example: `!voters` or `!voters 57`"),
    topic=DECISIONS,
    does=ItemAccess.READS,
    subs=VOTERS,
)
async def show_voters(ctx: Context, page: NamedPage = FIRST_PAGE, *, text: str = "") -> Answer:
    """Show the room's list of organisations that vote, or who may vote in a poll. Return the
    answer."""
    # A room, an organisation or a poll may be named.
    return await _show(ctx, text, page or FIRST_PAGE)


@VOTERS.sub(
    ADD_WORDS,
    help=_("add an organisation, or change its delegate or weight"),
    example=organisation_changes.EXAMPLE,
)
async def add_organisation(ctx: Context, room: RoomToChange, *, text: str = "") -> Answer:
    """Add or change an organisation of the room's list. Return the answer. Raises `UserError`
    without the right."""
    # Name, people and weight stand in any order, quoted or not.
    return await organisation_changes.add_organisation(ctx, room, text)


@VOTERS.sub(REMOVE_WORDS, help=_("take an organisation off the list"))
async def remove_organisation(ctx: Context, room: RoomToChange, *, name: Rest = NOTHING) -> Answer:
    """Remove an organisation from the room's list. Return the answer. Raises `UserError` without
    the right."""
    return await organisation_changes.remove_organisation(ctx, room, name)


@VOTERS.sub(EXPORT_WORDS, help=_("get the list as a table"))
async def export_organisations(ctx: Context, room: RoomToChange) -> Answer:
    """Send the room's list of organisations as a file. Return the answer. Raises `UserError`
    without the right."""
    return await organisation_file.export_organisations(ctx, room)


@VOTERS.sub(IMPORT_WORDS, help=_("replace the list by a table"), suggested=False)
async def import_organisations(
    ctx: Context, room: RoomToChange, *, table: Rest = NOTHING
) -> Answer:
    """Replace the room's list of organisations by a table. Return the answer. Raises `UserError`
    without the right."""
    return await organisation_file.import_organisations(ctx, room, table)


@VOTERS.sub(
    QUESTION_WORDS, help=_("say that you doubt who speaks for one"), example=questions.EXAMPLE
)
async def question_organisation(ctx: Context, room: RoomMeant, *, text: str = "") -> Answer:
    """Tell the room where an organisation votes that somebody doubts who speaks for it, and why.
    Return the answer to whoever doubts.

    Raises `UserError` if there is no such organisation, and for too long a reason.
    """
    # A name, quoted or not, and a reason behind it.
    return await questions.question_organisation(ctx, room, text)


@VOTERS.sub(
    CHAMBER_WORDS,
    help=_("put organisations into chambers, each of which must agree"),
    example=chambers.EXAMPLE,
)
async def put_into_chamber(ctx: Context, room: RoomToChange, *, text: str = "") -> Answer:
    """Put organisations into a chamber (a group that votes apart), or show them. Return the answer.
    Raises `UserError` without the right."""
    # A chamber, a colon and a list.
    return await chambers.put_into_chamber(ctx, room, text)


# --- looking --------------------------------------------------------------------------------------


async def _show(ctx: Context, text: str, page: Page) -> Answer:
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
    page = Page(min(page, pages))
    lines = [
        head,
        *map(voter_texts.organisation_line, every[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        *voter_texts.next_page_lines(page, pages),
    ]
    if page < pages and page == 1:
        lines.append(_("One of them by name: `!voters {name}`", name=every[-1].name))
    return lines if page > 1 else [*lines, *await _hint(ctx, room)]


async def _people(ctx: Context, room: Room) -> list[Line]:
    """Say that without organisations the people in the room at the opening vote."""
    crowd = await Crowd.read(ctx, room.room)
    said = n_(
        "Here whoever is in the room when a poll opens may vote: {count} person now.",
        "Here whoever is in the room when a poll opens may vote: {count} people now.",
        len(crowd.people()),
    )
    return [said, *crowd.bridged_lines(), *await _hint(ctx, room)]


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
        page = Page(min(page, pages))
        shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return [
            *map(voter_texts.organisation_line, shown),
            *voter_texts.next_page_lines(page, pages, f"{wanted} "),
        ]
    if VOTERS.nearest(wanted) is not None:
        raise VOTERS.unknown(wanted)
    near = await organisation_changes.nearest_organisation(ctx, room.room, wanted)
    if near is not None:
        return [_("Perhaps you mean:"), voter_texts.organisation_line(near)]
    raise UserError(
        _("There is no organisation “{name}” here.", name=wanted[:60]),
        _("All there are: `!voters`"),
    )


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
    page = Page(min(page, pages))
    part = await voter_store.roll_page(ctx.db, item.number, each, (page - 1) * each)
    return [
        *voter_texts.roll_lines(item.number, part, size, weight),
        *voter_texts.next_page_lines(page, pages, f"{item.number} "),
    ]

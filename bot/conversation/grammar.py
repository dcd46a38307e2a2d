"""Parses the text behind a command's word into the arguments of its handler."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from inspect import Parameter
from typing import Annotated, Any, NewType, get_origin

from bot import dates
from bot.capability.context import Context
from bot.capability.errors import MissingArgument, UserError
from bot.capability.feature import Command
from bot.capability.sub_commands import SubCommand
from bot.conversation.addresses import cut_addresses, find_addresses
from bot.conversation.arguments import ParsedArguments, split_arguments
from bot.conversation.mentions import named_people
from bot.conversation.pages import Page, names_page, split_page
from bot.i18n import _
from bot.lines import Line
from bot.text.normalisation import fold_in_place
from bot.text.numbers import split_number
from bot.types import Number, RoomId, UserId
from storage import items, rooms
from storage.database import Tx
from storage.items import Item

LABELS = {
    "number": _("the number"),
    "text": _("the text"),
    "word": _("the word"),
    "name": _("the name"),
    "people": _("the person, as `@name:server`"),
}

People = tuple[UserId, ...]
"""People named by mention or address. Required people may also be named as `@bea`."""
Rest = NewType("Rest", str)
"""Words that are taken as they are: a reason, a message, a name to look up."""
NOTHING = Rest("")
_WORDS_BEFORE = re.compile(r"\A(?:[^\W\d_]{1,20}\s{1,3}){0,2}(?=[#\d])")
"""Up to two words before a number: `el 57`."""
_BARE_NUMBER = re.compile(r"#?(\d{1,9})(?=\s|$)\s*")
_UNDO = r"(?:undo|quitar|retirar|tirar|remover?|deshacer|desfazer)"
_BEFORE = re.compile(rf"\s*(?:no|nao|not|{_UNDO})(?=[\s.,!])")
_BEHIND = re.compile(rf"(?:^|(?<=\s))(?:no|nao|not|{_UNDO}|(?:re)?(?:abrir|open))[\s.!]*$")
"""Only whole words at the ends: `open the door` and `he is my hermano del barrio` take nothing
back."""
NO_NUMBER = Number(0)
"""The default of a number that may be left out. No thing has it."""


async def find_taking_back(_ctx: Context, text: str) -> tuple[bool, str]:
    """Return whether `no` (`remove`, `undo`) stands before or behind the text, and the text without
    it."""
    folded = fold_in_place(text)
    found = _BEFORE.match(folded) or _BEHIND.search(folded)
    if found is None:
        return False, text
    return True, f"{text[: found.start()]}{text[found.end() :]}".strip()


async def find_named_page(_ctx: Context, text: str) -> tuple[Page | None, str]:
    """Return the page named by a word at the end of the text (`page 2`), and the text without
    it."""
    page, rest = split_page(text, bare=False)
    return page if names_page(text) else None, rest


NamedPage = Annotated[Page | None, find_named_page]
"""A page by its word (`p2`), where a bare number means something else."""
TakesBack = Annotated[bool, find_taking_back]
"""Whether what the command does is to be taken back: `57 no`."""


OpenIn = Callable[[Tx, RoomId], Awaitable[list[Number]]]
"""Returns the numbers of what is open in a room."""


async def open_here(ctx: Context, *open_in: OpenIn) -> list[Number]:
    """Return what is open in this room; in private, in all rooms shared with the person. Of several
    ways to look, the first that finds anything counts."""
    places = [ctx.room]
    if ctx.is_private:
        places = [room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)]
    for look in open_in:
        found = {number for place in places for number in await look(ctx.db, place)}
        if found:
            return sorted(found)
    return []


async def find_meant(
    ctx: Context, text: str, *kinds: str, open_in: Sequence[OpenIn], label: Line
) -> tuple[Item, str]:
    """Return the item that the text begins with by number, or the only open one here, and the text
    left over.

    Raises `MissingArgument` with the label if none is clear, and `UserError` for a number that
    names no item of these kinds.
    """
    try:
        return await ctx.parse_item(text, *kinds)
    except MissingArgument:
        numbers = await open_here(ctx, *open_in)
        only = await items.get(ctx.db, numbers[0]) if len(numbers) == 1 else None
        if only is None:
            raise MissingArgument("number", label) from None
        return only, text


async def parse_arguments(command: Command | SubCommand, rest: str, ctx: Context) -> dict[str, Any]:
    """Return the handler's keyword arguments, parsed in their order by their annotations.

    `Item` takes a number (or the item replied to) of the kinds that the command is `of`, `Item |
    None` also no text at all; `People` mentions and addresses; `Page` a page at the end; `int` a
    number; `Number` that of a thing; `str` a word; `Rest` what is left; `ParsedArguments` the whole
    text; `Annotated[Post, find_post]` what the finder `(ctx, text)` returns beside the text left
    over. A keyword-only `str` is raw text, which the handler parses.
    Raises `MissingArgument` for one without default, and `UserError` for a malformed number.
    """
    values: dict[str, Any] = {}
    for param in command.params:
        typed, before = ctx.answers.get(f"part:{param.name}"), rest
        try:
            value, rest = await _parse_argument(
                command, param, rest if typed is None else typed, rest, ctx
            )
        except MissingArgument as missing:
            raise MissingArgument(param.name, missing.label) from None
        if typed is not None and param.annotation != People:  # what was typed before still counts
            rest = rest or before
        if value is not None:
            values[param.name] = value
        elif param.default is Parameter.empty:
            raise MissingArgument(param.name, LABELS.get(param.name, _("the text")))
    return values


async def _parse_argument(
    command: Command | SubCommand, param: Parameter, text: str, rest: str, ctx: Context
) -> tuple[Any, str]:
    kind = param.annotation
    if get_origin(kind) is Annotated:
        return await _find_thing(kind.__metadata__[0](ctx, text), param, text)
    if kind is ParsedArguments:
        return split_arguments(text, command.args, lambda words: _is_date(words, ctx)), ""
    if kind in (Item, Item | None):  # in a reply a number for further arguments is left to them
        takes = 0 if param is command.params[-1] else 1
        found = ctx.parse_item(text, *command.item_kinds, takes=takes)
        return await _find_thing(found, param, text)
    if kind == People:
        return await _parse_people(param, text, rest, ctx)
    if kind is Page:
        return _parse_page(command, text)
    if param.kind is Parameter.KEYWORD_ONLY or kind is Rest:
        return text.strip() or None, ""
    if kind is Number:
        if param.default is not Parameter.empty:
            bare = _BARE_NUMBER.match(text)
            return (int(bare[1]), text[bare.end() :]) if bare else (None, rest)
        return split_number(_WORDS_BEFORE.sub("", text)) or (None, rest)
    word, left = (*text.split(maxsplit=1), "", "")[:2]
    if kind is int:
        if word and not re.fullmatch(r"#?\d{1,9}", word):
            raise UserError(_("“{word}” is not a number.", word=word[:40]))
        return int(word.lstrip("#")) if word else None, left.strip()
    return word or None, left.strip()


async def _parse_people(param: Parameter, text: str, rest: str, ctx: Context) -> tuple[Any, str]:
    """Return the people named. Short names count only if the command requires a person."""
    found = tuple(dict.fromkeys((*ctx.origin.mentions, *find_addresses(text))))
    found, rest = tuple(user for user in found if user != ctx.me), cut_addresses(rest)
    if found or param.default is not Parameter.empty:
        return found or None, rest
    found, rest = await named_people(ctx, rest)
    return found or None, rest


async def _find_thing(
    found: Awaitable[tuple[Any, str]], param: Parameter, text: str
) -> tuple[Any, str]:
    """Return the item, or what a capability's own finder makes of the text, and what is left.

    Without text it may be left out.
    """
    try:
        return await found
    except MissingArgument:
        if param.default is not Parameter.empty and not text.strip():
            return None, ""
        raise


def _parse_page(command: Command | SubCommand, text: str) -> tuple[Page, str]:
    """Return the page, by its word or as a bare number that no parameter before it took."""
    page, rest = split_page(text)
    if rest and command.params[-1].annotation is Page:
        raise UserError(_("“{word}” is not a number.", word=rest.split()[0][:40]))
    return page, rest


def _is_date(words: str, ctx: Context) -> bool:
    read = dates.read_date(words, ctx.said_at, ctx.policy.zone)
    return not isinstance(read, dates.UnreadableDate)

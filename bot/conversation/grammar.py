"""Parses the text behind a command's word into the arguments of its handler."""

from __future__ import annotations

import re
from inspect import Parameter
from typing import Any

from bot import dates
from bot.capability.context import Context
from bot.capability.errors import MissingArgument, UserError
from bot.capability.feature import Command
from bot.conversation.addresses import cut_addresses, find_addresses
from bot.conversation.arguments import ParsedArguments, split_arguments
from bot.conversation.mentions import named_people
from bot.i18n import _
from bot.types import UserId
from storage.items import Item

LABELS = {
    "number": _("the number"),
    "text": _("the text"),
    "word": _("the word"),
    "people": _("the person, as `@name:server`"),
}

People = tuple[UserId, ...]
"""People named by mention or address. Required people may also be named as `@bea`."""


async def parse_arguments(command: Command, rest: str, ctx: Context) -> dict[str, Any]:
    """Return the handler's keyword arguments, parsed by their annotations.

    `Item` takes a number (or the item replied to), `ParsedArguments` the whole text, `People` the
    mentions and addresses, `int` a number, `str` a word; a keyword-only `str` takes the rest.
    Raises `MissingArgument` for one without default, and `UserError` for a malformed number.
    """
    values: dict[str, Any] = {}
    for param in command.params:
        typed = ctx.answers.get(f"part:{param.name}")
        try:
            value, rest = await _parse_argument(
                command, param, rest if typed is None else typed, rest, ctx
            )
        except MissingArgument as missing:
            raise MissingArgument(param.name, missing.label) from None
        if value is not None:
            values[param.name] = value
        elif param.default is Parameter.empty:
            raise MissingArgument(param.name, LABELS.get(param.name, _("the text")))
    return values


async def _parse_argument(
    command: Command, param: Parameter, text: str, rest: str, ctx: Context
) -> tuple[Any, str]:
    kind = param.annotation
    if kind is ParsedArguments:
        return split_arguments(text, command.args, lambda words: _is_date(words, ctx)), ""
    if kind is Item:
        return await _parse_item(text, rest, ctx, optional=param.default is not Parameter.empty)
    if kind == People:
        return await _parse_people(param, text, rest, ctx)
    if param.kind is Parameter.KEYWORD_ONLY:
        return text or None, ""
    word, _sep, left = text.partition(" ")
    if kind is int:
        if word and not re.fullmatch(r"\d{1,9}", word):
            raise UserError(_("“{word}” is not a number.", word=word[:40]))
        return int(word) if word else None, left.strip()
    return word or None, left.strip()


async def _parse_people(param: Parameter, text: str, rest: str, ctx: Context) -> tuple[Any, str]:
    """Return the people named. Short names count only if the command requires a person."""
    found = tuple(dict.fromkeys((*ctx.origin.mentions, *find_addresses(text))))
    found, rest = tuple(user for user in found if user != ctx.me), cut_addresses(rest)
    if found or param.default is not Parameter.empty:
        return found or None, rest
    found, rest = await named_people(ctx, rest)
    return found or None, rest


async def _parse_item(
    text: str, rest: str, ctx: Context, *, optional: bool
) -> tuple[Item | None, str]:
    try:
        return await ctx.parse_item(text, takes=0)
    except MissingArgument:
        if optional:
            return None, rest
        raise


def _is_date(words: str, ctx: Context) -> bool:
    read = dates.read_date(words, ctx.said_at, ctx.policy.zone)
    return not isinstance(read, dates.UnreadableDate)

"""Runs a command: its room, its permissions, its arguments, its handler."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.capability.authority import room_bounds
from bot.capability.authority.access import Need
from bot.capability.authority.refusals import network_only
from bot.capability.authority.typed_forms import CommandPlace
from bot.capability.context import Context
from bot.capability.errors import MissingArgument, UserError
from bot.capability.feature import Answer, Command
from bot.conversation import disambiguation
from bot.conversation.grammar import parse_arguments
from bot.i18n import _
from bot.types import Membership, RoomId
from storage import rooms
from storage.membership.room import Room
from storage.rows import room_moves


async def run_command(ctx: Context, command: Command, rest: str) -> Answer:
    """Check permission, parse the arguments, run the command's handler and return its answer.

    Raises `UserError` for a line that is refused or malformed.
    """
    ctx.feature, ctx.does = command.feature, command.does
    room_bounds.require_reach(ctx, command)
    if command.where is CommandPlace.ROOM:
        named, rest = await disambiguation.split_room(ctx, rest, by_word=True)
        ctx.is_target_named = named is not None
        homes = [named] if named else []
        if ctx.is_private and named is None and command.homes is not None:
            homes = list(await command.homes(ctx, rest))
        ctx.target = await choose_target(ctx, among=homes)
    await _require_permission(ctx, command)
    run, rest = command.subs.find(rest) or (command, rest)
    try:
        return await run.handler(ctx, **await parse_arguments(run, rest, ctx))
    except MissingArgument as missing:
        shown = replace(command, example=run.example or command.example)
        missing.example = await ctx.example_line(shown)
        raise


async def run_line(ctx: Context, text: str) -> Answer:
    """Run the command line that stands behind another command's word (`!urgent remove …`) and
    return its answer.

    A sensitive command is answered in private. Raises `UserError` if the line is no command.
    """
    found = ctx.registry.find_command(text.strip().removeprefix(ctx.policy.prefix))
    if found is None:
        raise UserError(
            _("I didn't understand “{typed}”.", typed=text[:40]),
            _("All that can be done here: `!help`"),
        )
    ctx.discreet |= found[0].where is CommandPlace.PRIVATE and not ctx.is_private
    return await run_command(ctx, found[0], found[2])


async def _require_permission(ctx: Context, command: Command) -> None:
    if command.need is Need.NETWORK and ctx.who not in ctx.defaults.moderators:
        raise network_only(ctx.defaults.moderators)
    if command.need is Need.MODERATOR:
        room = ctx.place
        await ctx.require_moderator(room)


async def choose_target(ctx: Context, *, among: Sequence[Room]) -> Room:
    """Return the room that a command is for, the same as in its first run.

    In private it is one of `among`, by default of all that the person shares with the bot. Raises
    `UserError` or `AnswerNeeded`.
    """
    first = RoomId(ctx.answers.get("place", ""))
    kept = await rooms.get(ctx.db, await room_moves.successor_of(ctx.db, first) or first)
    here = kept and await rooms.membership(ctx.db, kept.room, ctx.who) is Membership.JOIN
    if kept is not None and kept.joined and here:
        return kept
    found = await ctx.choose_room(among=among)
    ctx.answers["place"] = found.room
    return found

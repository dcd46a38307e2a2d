"""`chambers: governments, organisations`: a text that must pass in each of them."""

from __future__ import annotations

import re

from bot.api import (
    Context,
    Line,
    NamedArgument,
    ParsedArguments,
    RoomId,
    UserError,
    _,
    words,
)
from commands.decision_rules.kinds import KINDS
from commands.poll_book import chamber_store, roll, voter_store
from commands.poll_book.chamber_store import Chamber
from commands.poll_book.extensions import CHAMBER_VOTERS
from commands.poll_book.poll import Electorate, Poll, PollRule
from commands.poll_book.roll import VOTERS_ARGUMENT, VoterGroup, VoterSpec
from commands.poll_book.voter_store import Voter
from storage.database import Tx

CHAMBERS = NamedArgument(
    words("cámaras", "câmaras", "chambers", "cámara, câmara, chamber, por cámaras, por câmaras")
)
MOST_CHAMBERS = 10
EXAMPLE = _('For example: `!proposal "We sign" chambers: governments, organisations`')


def chamber_names(parts: ParsedArguments, rule: PollRule) -> tuple[str, ...]:
    """Return the chambers (groups that must agree each by itself) that the line names. Raises
    `UserError` where there can be none."""
    typed = parts.named.get(CHAMBERS.key)
    if typed is None:
        return ()
    found = tuple(
        dict.fromkeys(part.strip() for part in re.split(r"[,;\n]|\s[ey]\s", typed) if part.strip())
    )
    if not 2 <= len(found) <= MOST_CHAMBERS:
        raise UserError(_("Chambers are two to {most}, by name.", most=MOST_CHAMBERS), EXAMPLE)
    if not KINDS[rule.kind].stances:
        raise UserError(_("By chambers only a text is decided, not options."), EXAMPLE)
    if rule.secret:
        raise UserError(_("A vote by chambers can't be secret: small chambers hide nobody."))
    if VOTERS_ARGUMENT.key in parts.named:
        raise UserError(_("With chambers, who votes is who is in one: leave `voters:` out."))
    return found


async def build_chambers(ctx: Context, room: RoomId, names: tuple[str, ...]) -> list[Chamber]:
    """Return the voters of each chamber of a decision. Raises `UserError` for one of which nobody
    is left.

    A chamber is one of the organisations (`!voters chamber`), or a room or an area by its name. Who
    is in several rooms votes in the first that is named.
    """
    found: list[Chamber] = []
    taken: set[str] = set()
    for name in names:
        voters = [one for one in await _voters_of(ctx, room, name) if one.key not in taken]
        if not voters:
            raise UserError(
                _("Everybody in {name} is in a chamber that stands before it.", name=name),
                _("Name the smaller one first."),
            )
        taken.update(voter.key for voter in voters)
        found.append((name, voters))
    if len({voters[0].is_organisation for _name, voters in found}) > 1:
        raise UserError(_("Chambers are all of organisations, or all of people."), EXAMPLE)
    return found


async def _voters_of(ctx: Context, room: RoomId, name: str) -> list[Voter]:
    for offer in ctx.registry.offers(CHAMBER_VOTERS):
        if voters := await offer(ctx, room, name):
            return voters
    if await voter_store.organisations_in(ctx.db, room):
        raise UserError(
            _("There is no chamber “{name}” here.", name=name[:60]),
            _("To make one: `!voters chamber {name}: South Co-op, Radio Sur`", name=name[:60]),
        )
    return await roll.build_roll(ctx, room, VoterSpec(VoterGroup.NAMED, (name,)))


async def opening_lines(tx: Tx, poll: Poll) -> list[Line]:
    """Return lines under a new decision that say in which chambers it must pass, and in which one
    somebody votes who is in several; an empty list if it has no chambers."""
    every = await chamber_store.chambers_of(tx, poll.number)
    if not every:
        return []
    named = tuple(Line("{name} ({size})", {"name": one.name, "size": one.size}) for one in every)
    lines = [_("It passes where it passes in each chamber: {names}.", names=named)]
    if poll.rule.voters is not Electorate.ORGANISATIONS:
        lines.append(_("Who is in several of them votes in the first."))
    return lines

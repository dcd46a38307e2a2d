"""Hands rooms of a stopped bot over to another account, in its database."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.capability.context import Context, Origin
from bot.capability.registry import Registry
from bot.capability.room_policy import Defaults, room_policy
from bot.capability.services import AREA_ROOMS
from bot.delivery.rendering import Renderer
from bot.i18n import Catalogue, _
from bot.lines import Line
from bot.operate.split.section_file import SplitError
from bot.run.duties.handovers import split_rules
from bot.signing.canonical_json import canonical_json
from bot.signing.signer import NAME, Signer
from bot.types import RoomId, UserId
from storage import log, rooms
from storage.database import Database, Tx
from storage.encryption import secrets as vault
from storage.sections import cut, handovers
from storage.sections.cut import Cut
from storage.sections.handovers import Handover

NOWHERE = RoomId("")
MOST_OBSTACLES = 10
"""How many of them are named."""


@dataclass(frozen=True, slots=True)
class Split:
    """What was handed over, and what of these rooms stays with this bot."""

    section: Handover
    plan: Cut


async def hand_over(
    db: Database,
    signing: bytes,
    registry: Registry,
    defaults: Defaults,
    me: UserId,
    peer: UserId,
    areas: Sequence[str],
    named: Sequence[RoomId],
) -> Split:
    """Store in one transaction that these rooms go to the other bot, and log it in each. Return
    what was handed over.

    `signing` is the key of the signing key's secret. Raises `SplitError`; then nothing changed.
    """
    if me == peer:
        raise SplitError(_("{account} is this bot: the section needs another account.", account=me))
    now = datetime.now(UTC).replace(microsecond=0)
    async with db.transaction() as tx:
        seed = await vault.get(tx, signing, NAME)
        if seed is None:
            raise SplitError(_("This bot has never run: there is nothing to split yet."))
        signer = Signer.from_seed(me, seed, dict)
        ctx = await _context(tx, registry, defaults, me, signer, now)
        chosen = await _chosen_rooms(ctx, areas, named)
        rules = split_rules(registry.features)
        plan = await cut.plan_cut(tx, chosen, rules)
        await _refuse_unready(tx, plan, await cut.find_obstacles(tx, plan, rules))
        one = _signed(signer, me, peer, plan, chosen, now)
        await handovers.add(tx, one, chosen)
        for room in chosen:
            await log.add(tx, room, now, "rooms", "handed_over", me, {"to": peer})
    return Split(one, plan)


def _signed(
    signer: Signer, me: UserId, peer: UserId, plan: Cut, chosen: Sequence[RoomId], now: datetime
) -> Handover:
    section = secrets.token_hex(8)
    statement = canonical_json(
        {
            "section": section,
            "from": me,
            "to": peer,
            "made": now.isoformat(),
            "rooms": sorted(chosen),
            "items": sorted(plan.items),
        }
    )
    signature = signer.sign(statement)
    return Handover(
        section, "out", peer, now, statement.decode(), signature, signer.public, told=False
    )


async def _context(
    tx: Tx, registry: Registry, defaults: Defaults, me: UserId, signer: Signer, now: datetime
) -> Context:
    return Context(
        feature="",
        who=me,
        me=me,
        said_at=now,
        now=now,
        db=tx,
        origin=Origin(NOWHERE),
        policy=await room_policy(tx, NOWHERE, defaults),
        defaults=defaults,
        registry=registry,
        signer=signer,
        renderer=Renderer(Catalogue.load(())),
    )


async def _chosen_rooms(
    ctx: Context, areas: Sequence[str], named: Sequence[RoomId]
) -> list[RoomId]:
    """Return the rooms of these areas and these rooms. Raises `SplitError` for unfit ones."""
    found = set(named)
    for area in areas:
        inside: set[RoomId] = set()
        for service in ctx.registry.offers(AREA_ROOMS):
            inside |= set(await service(ctx, area))
        if not inside:
            raise SplitError(
                _(
                    "There is no area “{area}”, or it has no rooms. `!area`, in a room, lists"
                    " them.",
                    area=area,
                )
            )
        found |= inside
    if not found:
        raise SplitError(_("Name the areas that go: --area, or rooms: --room"))
    ours = {room.room: room for room in await rooms.network_rooms(ctx.db)}
    for room in sorted(found):
        if room not in ours:
            raise SplitError(_("{room} is no room of this network.", room=room))
        if not ours[room].is_encrypted:
            raise SplitError(_("{room} is not encrypted: turn that on first.", room=room))
        if await handovers.is_idle(ctx.db, room):
            raise SplitError(_("{room} is being handed over already.", room=room))
    if not set(ours) - found:
        raise SplitError(_("No room would stay here. To move all: minga backup, minga restore"))
    return sorted(found)


async def _refuse_unready(tx: Tx, plan: Cut, obstacles: Sequence[Line]) -> None:
    """Raise `SplitError` if something is under way that nobody could go on with elsewhere."""
    waiting = await tx.count(
        "SELECT count(*) AS n FROM letter WHERE room IN (SELECT value FROM json_each(?1))"
        " OR item IN (SELECT value FROM json_each(?2))",
        cut.json_list(plan.rooms),
        cut.json_list(plan.items),
    )
    lines = list(obstacles[:MOST_OBSTACLES])
    if waiting:
        lines.append(
            _(
                "Messages that still have to go out there: {count}. Let the bot run on.",
                count=waiting,
            )
        )
    if lines:
        raise SplitError(*lines, _("Nothing was split. Try again when that is over."))

"""After a restore, tells those who may miss something, before anything else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.capability import room_policy
from bot.capability.context import Context, Origin
from bot.capability.services import AFTER_RESTORE
from bot.delivery.effects import Say
from bot.i18n import _
from bot.lines import Line, Moment, Person
from bot.run.environment import Environment
from bot.types import RoomId, UserId
from storage import rooms
from storage.database import Tx
from storage.files import restores
from storage.sections import handovers

NOWHERE = RoomId("")


async def announce_restore(env: Environment, forgotten: Collection[UserId] = ()) -> bool:
    """After a backup was restored, let capabilities correct what has become unknown, and tell rooms
    and moderators.

    Of rooms only those with open items are told; in private everybody is, for whom what they
    deleted since is there again, unless they were `forgotten` again. Returns False if nothing was
    restored.
    """
    async with env.db.transaction() as tx:
        made = await restores.pending_restore(tx)
        if made is None:
            return False
        rows = await tx.all(
            "SELECT room FROM item WHERE open UNION"
            " SELECT s.room FROM item_shown s JOIN item ON number = s.item WHERE open"
        )
        below: dict[RoomId, list[Line]] = {RoomId(row["room"]): [] for row in rows}
        effects: list[Any] = []
        ctx = await own_context(tx, env)
        for service in env.registry.offers(AFTER_RESTORE):
            for effect in await service(ctx, made):
                if isinstance(effect, Say) and effect.room is not None:
                    below.setdefault(effect.room, []).extend(effect.lines)
                else:
                    effects.append(effect)
        taken = [one for one in await handovers.all_of(tx, "in") if not one.told]
        lost = (
            _("I was restored from a copy of {moment}.", moment=Moment(made))
            if not taken
            else _(
                "I go on here with what {bot} had on {moment}.",
                bot=Person(taken[0].peer, full=True),
                moment=Moment(taken[0].made),
            ),
            _("What was voted or asked of me after that is missing; please do it again."),
        )
        told = {room.room for room in await rooms.network_rooms(tx)}
        awaited = await handovers.idle_rooms(tx) if taken else []
        effects += [
            Say((*lost, *below.get(room, ())), room=room, loud=True)
            for room in sorted({*(told & below.keys()), *awaited})
        ]
        effects += await _private_notices(
            tx, lost, env.defaults.moderators, forgotten, came_back=not taken
        )
        await env.answers.write_answer(tx, effects, Origin(NOWHERE), ctx.said_at)
        for one in taken:
            await handovers.mark_told(tx, one.id)
        await restores.mark_restore_told(tx)
    return True


async def _private_notices(
    tx: Tx,
    lost: tuple[Line, ...],
    moderators: Collection[UserId],
    forgotten: Collection[UserId],
    *,
    came_back: bool,
) -> list[Say]:
    """Return what moderators and, if what was deleted came back, everybody with a private room read
    in private. No room is opened for this but for moderators.

    Who shares no room any more may have been banned: they are not asked to do anything again.
    """
    undone = (*lost, *_UNDONE) if came_back else lost
    said = [
        Say((*undone, _TAKEN_BACK) if came_back else lost, to=one, loud=True)
        for one in sorted(moderators)
    ]
    if not came_back:
        return said
    for person, room in await rooms.people_with_private_room(tx):
        if person not in moderators:
            is_here = await rooms.shares_room(tx, person)
            told = undone if is_here else (lost[0], *_UNDONE)
            if person in forgotten:
                told = (lost[0], _FORGOTTEN)
            said.append(Say(told, room=room, loud=True))
    return said


_UNDONE = (
    _(
        "What you deleted or took back after that is here again. To see it: `my-data`. To delete"
        " it: `forget-me`"
    ),
)
_FORGOTTEN = _("You asked me after that to forget you: I have done so again.")
_TAKEN_BACK = _("So is what others deleted: data, delegations, entries of the directory, codes.")


async def own_context(tx: Tx, env: Environment) -> Context:
    """Return a context in which the bot itself writes, in no room and for nobody's request."""
    policy = await room_policy.room_policy(tx, NOWHERE, env.defaults)
    return env.context(tx, who=env.me, origin=Origin(NOWHERE), policy=policy)

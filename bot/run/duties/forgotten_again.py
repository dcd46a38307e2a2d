"""Forgets again who asked for it in a time that the database has lost, as after a restore."""

from __future__ import annotations

import structlog

from bot.capability.data.erasure import forget_person
from bot.gateway import AccountStore, Refused
from bot.run.duties.restore_notice import own_context
from bot.run.environment import Environment
from bot.types import UserId
from storage.rows import forgotten_people
from storage.rows.core_rows import CORE_ROWS
from storage.rows.declared_rows import people_in

log = structlog.get_logger()


async def forget_again(env: Environment, gateway: AccountStore) -> frozenset[UserId]:
    """Delete the data of everybody whom the list at the homeserver has and this database does not
    know to be forgotten. Return who it was.

    Raises `TryLater` while the list can't be read.
    """
    async with env.db.reading() as tx:
        key = await forgotten_people.list_key(tx)
    try:
        content = await gateway.account_data(forgotten_people.LIST_TYPE)
    except Refused as refused:
        log.warning("the list of forgotten people can't be read", code=refused.code)
        return frozenset()
    listed = forgotten_people.open_list(key, content)
    async with env.db.transaction() as tx:
        unknown = await forgotten_people.unknown_entries(tx, listed, env.clock.now())
        if not unknown:
            return frozenset()
        declared = [
            *CORE_ROWS,
            *(rows for one in env.registry.features.values() for rows in one.declared_rows),
        ]
        found = forgotten_people.find_people(key, unknown, await people_in(tx, declared))
        ctx = await own_context(tx, env)
        for person in found:
            await forget_person(ctx, person)
        await forgotten_people.mark_known(tx, unknown)
    log.warning("people were forgotten again", count=len(found))
    return frozenset(found)

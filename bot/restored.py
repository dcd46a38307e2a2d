"""After a backup was restored: who may miss something is told, once."""

from __future__ import annotations

import json
from datetime import datetime

from bot.context import Origin
from bot.i18n import _
from bot.post import Desk
from bot.types import Moment, RoomId, Say
from storage import rooms, settings
from storage.database import Database

FACT = "restored"


async def tell(db: Database, desk: Desk) -> bool:
    """Rooms with something open, and the network's moderators. False: nothing was restored."""
    async with db.transaction() as tx:
        kept = await settings.fact(tx, FACT)
        if kept is None:
            return False
        made = datetime.fromisoformat(json.loads(kept)["made"])
        lost = (
            _("I was restored from a copy of {moment}.", moment=Moment(made)),
            _("What was voted or asked of me after that is missing; please do it again."),
        )
        open_in = {row["room"] for row in await tx.all("SELECT room FROM item WHERE open")}
        effects = [
            Say(lost, room=room.room, loud=True)
            for room in await rooms.common_rooms(tx)
            if room.room in open_in
        ]
        effects += [Say(lost, to=one, loud=True) for one in sorted(desk.defaults.moderators)]
        await desk.post(tx, effects, Origin(RoomId("")), desk.now())
        await settings.drop_fact(tx, FACT)
    return True

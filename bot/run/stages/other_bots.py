"""The stages of events in rooms that are another bot's: handed over, or practice rooms."""

from __future__ import annotations

from bot.delivery.outbox import Outbox
from bot.run.duties import handovers as duty
from bot.run.practice_rooms import PracticeRooms
from bot.run.stages.incoming import Incoming, StageTools


class OtherBotStages:
    """What this bot does where another one handles what happens."""

    def __init__(self, tools: StageTools, practice: PracticeRooms, outbox: Outbox) -> None:
        self._tools = tools
        self._practice = practice
        self._outbox = outbox

    async def practise(self, incoming: Incoming) -> None:
        """Hand what a person said in a practice room to the room's own bot."""
        self._tools.drop(incoming)
        self._practice.add_event(incoming.event)

    async def take_step(self, incoming: Incoming) -> None:
        """Take the next step of a handover, or tell the other bot that there is none."""
        what, one = incoming.event, incoming.handover
        if one is None:
            await self._tools.run(
                incoming, lambda ctx: duty.answer_stray_step(ctx, what), lightly=True
            )
            return
        await self._tools.run(incoming, lambda ctx: duty.answer_event(ctx, what, one))
        self._outbox.release_held()  # it may be settled now, and what waited for that goes out

    async def refuse_vote(self, incoming: Incoming) -> None:
        """Tell a voter, at most once in ten minutes, that another bot counts votes there."""
        one = incoming.handover
        if one is not None and self._may_tell(incoming):
            await self._tools.run(incoming, lambda ctx: duty.refuse_vote(ctx, one))
        else:
            self._tools.drop(incoming)

    async def answer_line(self, incoming: Incoming) -> None:
        """Answer a line for the bot, at most once in ten minutes, with who goes on there; drop
        other lines."""
        one = incoming.handover
        if one is not None and incoming.concern is not None and self._may_tell(incoming):
            await self._tools.run(incoming, lambda ctx: duty.answer_in_idle_room(ctx, one))
        else:
            self._tools.drop(incoming)

    def _may_tell(self, incoming: Incoming) -> bool:
        what = incoming.event
        return self._tools.limits.may_tell(f"section:{what.room}:{what.sender}", what.at)

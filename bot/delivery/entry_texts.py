"""Renders the lines of an answer for whoever reads them: a room or a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.capability import room_policy
from bot.capability.room_policy import Defaults, Policy
from bot.delivery import rendering
from bot.delivery.rendering import Reader, RenderedText, Renderer
from bot.lines import Line
from bot.types import LANGUAGES, RoomId, UserId
from storage import rooms
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class EntryTexts:
    """Renders lines within one answer. `here` is the room that it answers in.

    `now` (UTC) is the instant by which the texts tell dates.
    """

    tx: Tx
    renderer: Renderer
    defaults: Defaults
    here: RoomId
    now: datetime

    async def render(
        self,
        lines: Iterable[Line],
        room: RoomId | None,
        to: UserId | None,
        mentions: tuple[UserId, ...] = (),
    ) -> RenderedText:
        """Return the lines as text in the language of this person, else of this room, else of
        `here`."""
        lines = tuple(lines)
        reader = await self.reader_of(room, to, lines, mentions)
        return self.renderer.render_lines(lines, reader)

    def render_all_languages(self, lines: tuple[Line, ...]) -> RenderedText:
        """Return the lines as text in all languages, for people whose language is unknown."""
        readers = [Reader(language, "UTC", "", self.now) for language in LANGUAGES]
        done = [self.renderer.render_lines(lines, reader) for reader in readers]
        return RenderedText(
            "\n\n".join(r.plain for r in done), "<br><br>".join(r.html for r in done)
        )

    async def room_policy(self, room: RoomId) -> Policy:
        """Return the room's settings, with the network's defaults where it has none."""
        return await room_policy.room_policy(self.tx, room, self.defaults)

    async def reader_of(
        self,
        room: RoomId | None,
        to: UserId | None,
        lines: tuple[Line, ...] = (),
        mentions: tuple[UserId, ...] = (),
    ) -> Reader:
        """Return the language, zone and prefix for whoever reads this room or person."""
        place = room or self.here
        known = (
            await room_policy.person_policy(self.tx, to, self.defaults)
            if to is not None
            else await self.room_policy(place)
        )
        named = dict.fromkeys(rendering.people_in(lines))
        names = {u: await rooms.display_name(self.tx, u, place) for u in named}
        return Reader(
            known.language,
            known.zone,
            known.shown_prefix,
            self.now,
            known.uses_twelve_hours,
            names,
            frozenset(mentions),
            not known.is_private,
        )

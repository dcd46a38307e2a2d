"""Prints the demo's conversation in a terminal."""

from __future__ import annotations

from collections.abc import Callable

import click

from bot.delivery.event_content import POLL_TYPE
from bot.demo.member import RoomEvent
from bot.demo.stage import Stage


class Transcript:
    """Prints what Ana sees, in order, and the others' private conversations."""

    def __init__(
        self,
        stage: Stage,
        show: Callable[[str], None] = click.echo,
        *,
        own: bool = True,
        mark: str = "",
    ) -> None:
        """`own`: print Ana's own lines too. `mark`: a suffix for every name."""
        self._stage, self._show, self._own, self._mark = stage, show, own, mark
        self._next = dict.fromkeys(stage.people, 0)

    async def follow(self) -> None:
        """Print what is said in the rooms, as it comes, until cancelled."""
        while True:
            await self._stage.ana.wait_for(lambda _: True, 10**6, self._next[self._stage.lead])
            self.catch_up()

    def catch_up(self) -> None:
        """Print the events that were not printed yet."""
        for name, person in self._stage.people.items():
            while self._next[name] < len(person.events):
                said = person.events[self._next[name]]
                self._next[name] += 1
                if self._shown(name, said):
                    self._line(name, said)

    def _shown(self, name: str, said: RoomEvent) -> bool:
        if name == self._stage.lead:
            return self._own or said.sender != self._stage.ana.user
        return said.room == self._stage.privates.get(name)

    def _line(self, name: str, said: RoomEvent) -> None:
        words = self._words(said)
        if not words:
            return
        start = f"{self._stage.name(said.sender)}{self._mark}{self._where(name, said)}> "
        first, *rest = strip_control(words).splitlines()
        self._show("\n".join([start + first, *(" " * len(start) + line for line in rest)]))

    def _where(self, name: str, said: RoomEvent) -> str:
        if said.room == self._stage.public:
            return " (en la sala pública)"
        if said.room != self._stage.privates.get(name):
            return ""
        if name == self._stage.lead or said.sender != self._stage.minga:
            return " (en privado)"
        return f" (en privado, a {name})"

    def _words(self, said: RoomEvent) -> str:
        if said.kind == f"{POLL_TYPE}.start":
            return "[encuesta para tocar] " + said.text
        if said.kind == f"{POLL_TYPE}.response":
            return f"[toca] {self._chosen(said)}"
        if said.kind == f"{POLL_TYPE}.end":
            return "[cierra la encuesta] " + said.text
        if said.invites_to:
            return f"[invita a la sala] {said.invites_to}"
        if said.kind == "m.room.redaction":
            return "[borra un mensaje]"
        if said.kind == "m.reaction":
            return str(said.content.get("m.relates_to", {}).get("key", ""))
        if said.kind != "m.room.message":
            return ""
        return ("[corrige] " if said.is_edit else "") + said.text

    def _chosen(self, said: RoomEvent) -> str:
        given = said.content.get(f"{POLL_TYPE}.response", {}).get("answers", [])
        polls = [one for one in self._stage.ana.events if one.event == said.target]
        names = {key: label for poll in polls for label, key in poll.options.items()}
        return ", ".join(names.get(key, "?") for key in given)


def strip_control(text: str) -> str:
    """Return untrusted text without characters that control a terminal."""
    return "".join(c for c in text if c == "\n" or c.isprintable()).strip()

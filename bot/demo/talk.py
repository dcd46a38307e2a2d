"""How the demo's conversation looks in a terminal."""

from __future__ import annotations

from collections.abc import Callable

import click

from bot.content import POLL
from bot.demo.member import Said
from bot.demo.stage import Stage


class Transcript:
    """Prints what Ana hears, in the order in which it comes."""

    def __init__(
        self, stage: Stage, show: Callable[[str], None] = click.echo, *, own: bool = True
    ) -> None:
        """`own`: also what Ana herself writes."""
        self._stage, self._show, self._own = stage, show, own
        self._next = 0

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            await self._stage.ana.hears(lambda _: True, 10**6, self._next)
            self.catch_up()

    def catch_up(self) -> None:
        """Print what has been heard and not printed."""
        heard = self._stage.ana.heard
        while self._next < len(heard):
            said = heard[self._next]
            self._next += 1
            if self._own or said.sender != self._stage.ana.user:
                self._line(said)

    def _line(self, said: Said) -> None:
        words = self._words(said)
        if not words:
            return
        where = " (en privado)" if said.room == self._stage.private else ""
        start = f"{self._stage.name(said.sender)}{where}> "
        first, *rest = clean(words).splitlines()
        self._show("\n".join([start + first, *(" " * len(start) + line for line in rest)]))

    def _words(self, said: Said) -> str:
        if said.kind == f"{POLL}.start":
            return "[encuesta para tocar] " + said.text
        if said.kind == f"{POLL}.response":
            return f"[toca] {self._chosen(said)}"
        if said.kind == f"{POLL}.end":
            return "[cierra la encuesta] " + said.text
        if said.kind == "m.room.redaction":
            return "[borra un mensaje]"
        if said.kind == "m.reaction":
            return str(said.content.get("m.relates_to", {}).get("key", ""))
        if said.kind != "m.room.message":
            return ""
        return ("[corrige] " if said.edited else "") + said.text

    def _chosen(self, said: Said) -> str:
        given = said.content.get(f"{POLL}.response", {}).get("answers", [])
        polls = [one for one in self._stage.ana.heard if one.event == said.about]
        names = {key: label for poll in polls for label, key in poll.options.items()}
        return ", ".join(names.get(key, "?") for key in given)


def clean(text: str) -> str:
    """Without what could steer a terminal: anybody may have written it."""
    return "".join(c for c in text if c == "\n" or c.isprintable()).strip()

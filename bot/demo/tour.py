"""The scripted tour: every capability in one conversation. A new capability adds its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.demo.member import Said
from bot.demo.stage import DemoError, Stage
from bot.demo.talk import Transcript

ROOM, PRIVATE = "sala", "privado"
TAP = "[toca] "
"""A line that begins so is a tap on that option of the last native poll."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line, and what the bot's answer must hold: a pattern, or nothing.

    A named group of the pattern can be written as `{name}` in later lines. `needs` names the
    folder in `commands/` without which the step is left out.
    """

    who: str
    place: str
    line: str
    expected: str = ""
    needs: str = "help"


TOUR: Sequence[Step] = (
    Step("ana", ROOM, "!ayuda", "`?!ayuda"),
    Step("bea", ROOM, "!ajuda", "`?!pendientes"),
    Step("ana", ROOM, "!help pendientes", "`?!pendientes"),
    Step("ana", ROOM, "!pendients", "(?s)[Nn]o entendí.*!pendientes"),
    Step("ana", PRIVATE, "hola", "ayuda"),
    Step("ana", PRIVATE, "pendientes", "abiert"),
    Step("bea", ROOM, "!pending", "abiert"),
)


async def play(stage: Stage, features: Iterable[str], steps: Sequence[Step] = TOUR) -> None:
    """Play and print the tour. Raises `DemoError` if an expected answer does not come."""
    found = set(features)
    transcript = Transcript(stage)
    transcript.catch_up()
    known: dict[str, str] = {}
    for step in steps:
        if step.needs in found:
            known |= await _play(stage, step, known)
            transcript.catch_up()


async def _play(stage: Stage, step: Step, known: dict[str, str]) -> dict[str, str]:
    """One step: say, wait until Ana heard it, wait for the answer."""
    member = stage.ana if step.who == "ana" else stage.bea
    room = stage.room if step.place == ROOM else await stage.in_private()
    line = step.line.format(**known)
    since = len(stage.ana.heard)
    if line.startswith(TAP):
        event = await member.vote(await _last_poll(stage, member.user), line.removeprefix(TAP))
    else:
        event = await member.say(room, line)
    await stage.heard(lambda said: said.event == event, f"la línea «{line}»", since)
    if not step.expected:
        return {}
    pattern = re.compile(step.expected)
    asked = f"«{step.expected}» después de «{line}»"
    said = await stage.expect(room, lambda said: pattern.search(said.text), asked, since)
    match = pattern.search(said.text)
    return match.groupdict() if match else {}


async def _last_poll(stage: Stage, who: str) -> Said:
    """The newest native poll, as the voter has heard it."""
    voter = stage.ana if who == stage.ana.user else stage.bea
    polls = [said for said in stage.ana.heard if said.options]
    if not polls:
        raise DemoError("No llegó la encuesta que se toca.")
    try:
        return await voter.hears(lambda said: said.event == polls[-1].event, 30)
    except TimeoutError:
        raise DemoError("A bea no le llegó la encuesta que se toca.") from None

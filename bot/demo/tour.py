"""The scripted tour: every capability in one conversation. A new capability adds its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.demo.member import Member, Said
from bot.demo.stage import WAIT, DemoError, Stage
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
    Step("ana", ROOM, "!ayuda", r"!ayuda"),
    Step("ana", ROOM, "!pendients", r"(?s)[Nn]o entendí.*!pendientes"),
    Step("bea", ROOM, "!privacidad", r"cifrado", "rooms"),
    Step(
        *("ana", ROOM, '!encuesta "¿Dónde nos vemos?" "Parque" "Biblioteca" hasta mañana 18h'),
        *(r"(?:Encuesta|Poll) (?P<poll>\d+)", "polls"),
    ),
    Step("bea", ROOM, TAP + "Biblioteca", needs="polls"),
    Step("ana", ROOM, "!votar {poll} 1", r"(?i)(?:anotado|noted).*Parque", "polls"),
    Step("ana", ROOM, "!votar {poll} 2", r"(?i)(?:anotado|noted).*Biblioteca", "polls"),
    Step("bea", ROOM, "!pendientes", r"¿Dónde nos vemos\?", "polls"),
    Step("ana", ROOM, "!resultados {poll}", r"Biblioteca: 2", "polls"),
    Step("ana", ROOM, "!cerrar {poll}", r"(?s)(?:gana|wins).*Biblioteca: 2", "polls"),
    Step(
        *("ana", ROOM, "!recordar mañana 17:00; llevar la pancarta"),
        *(r"(?P<reminder>\d+).*17:00 \(Bogotá\)", "reminders"),
    ),
    Step("bea", ROOM, "!recordatorios", r"{reminder}.*pancarta", "reminders"),
    Step("ana", ROOM, "!cancelar {reminder}", r"[Rr]ecordatorio {reminder}.*pancarta", "reminders"),
    Step("ana", ROOM, "!configurar idioma pt", r"antes.*→", "rooms"),
    Step("ana", ROOM, "sí", r"!historico", "rooms"),
    Step("bea", ROOM, "!ajuda", r"!pendentes", "rooms"),
    Step("bea", ROOM, "!historico", r"→", "rooms"),
    Step("ana", ROOM, "!desfazer", r"[Vv]ou desfazer", "rooms"),
    Step("ana", ROOM, "sim", r"Desfeito|Deshecho", "rooms"),
    Step("ana", PRIVATE, "hola", r"ayuda"),
    Step("ana", PRIVATE, "idioma en", r"From now on|Desde ahora", "rooms"),
    Step("ana", PRIVATE, "privacy", r"I keep no talk", "rooms"),
    Step("ana", PRIVATE, "remind me tomorrow 9:00; call Bea", r"Which do you mean", "reminders"),
    Step("ana", PRIVATE, "1", r"09:00 \(Bogotá\)", "reminders"),
    Step("bea", ROOM, "!estado", r"cifrada", "rooms"),
)


async def play(stage: Stage, features: Iterable[str], steps: Sequence[Step] = TOUR) -> None:
    """Play and print the tour. Raises `DemoError` if an expected answer does not come."""
    found = set(features)
    transcript = Transcript(stage)
    transcript.catch_up()
    known: dict[str, str] = {}
    for step in steps:
        if step.needs in found:
            try:
                known |= await _play(stage, step, known)
            finally:
                transcript.catch_up()


async def _play(stage: Stage, step: Step, known: dict[str, str]) -> dict[str, str]:
    """One step: say, wait until Ana heard it, wait for the answer."""
    member = stage.ana if step.who == "ana" else stage.bea
    room = stage.room if step.place == ROOM else await stage.in_private()
    line = filled(step.line, known)
    since = len(stage.ana.heard)
    if line.startswith(TAP):
        option = line.removeprefix(TAP)
        event = await member.vote(await _poll(member, option), option)
    else:
        event = await member.say(room, line)
    await stage.heard(lambda said: said.event == event, f"la línea «{line}»", since)
    if not step.expected:
        return {}
    pattern = re.compile(filled(step.expected, known))
    asked = f"«{pattern.pattern}» después de «{line}»"
    said = await stage.expect(room, lambda said: pattern.search(said.text), asked, since)
    match = pattern.search(said.text)
    return match.groupdict() if match else {}


def filled(text: str, known: Mapping[str, str]) -> str:
    """`text` with what earlier answers said in place of each `{name}`."""
    return re.sub(r"\{([a-z]+)\}", lambda found: known[found[1]], text)


async def _poll(voter: Member, option: str) -> Said:
    """The native poll with that option, as the voter has heard it."""
    try:
        return await voter.hears(lambda said: option in said.options, WAIT)
    except TimeoutError:
        raise DemoError(f"No llegó la encuesta en que se toca «{option}».") from None

"""The demo's chat in the terminal, as Ana."""

from __future__ import annotations

import asyncio
import contextlib

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from bot.demo.stage import ROOM, DemoError, Stage
from bot.demo.transcript import Transcript
from bot.gateway import Refused, TryLater

WELCOME = """\
Eres Ana, en la sala cifrada «{room}», con Bea, Celia y Minga.
Para empezar: !ayuda   Una encuesta: !encuesta ¿Dónde? Norte, Sur hasta mañana 18h
Para decidir con una regla: !propuesta "Firmamos la carta" tipo:consentimiento
En privado con Minga, sin «!»: /p ayuda   Para terminar: /salir (o Ctrl-D)
Em português também: !ajuda · !enquete · !proposta · !lembrar
In English too: !help · !poll · !proposal · !remind
Con cualquier cliente de Matrix en esta computadora: {url}
{accounts}
"""


async def run_chat(stage: Stage) -> None:
    """Show what is said and send what is typed, until /salir, Ctrl-D or Ctrl-C."""
    click.echo(welcome_text(stage))
    session: PromptSession[str] = PromptSession("ana> ")
    with patch_stdout():
        transcript = Transcript(stage, own=False)
        follower = asyncio.create_task(transcript.follow())
        try:
            with contextlib.suppress(EOFError, KeyboardInterrupt):
                while await _handle_line(stage, (await session.prompt_async()).strip()):
                    pass
        finally:
            follower.cancel()
            await asyncio.gather(follower, return_exceptions=True)


def welcome_text(stage: Stage) -> str:
    """Return the text that tells what to type, and how another client connects."""
    accounts = [
        f"  {person.user}   contraseña: {stage.passwords[name]}"
        for name, person in stage.people.items()
    ]
    return WELCOME.format(room=ROOM, url=stage.server.url, accounts="\n".join(accounts))


async def _handle_line(stage: Stage, line: str) -> bool:
    """Handle a typed line. Return False if it ends the chat."""
    if line == "/salir":
        return False
    try:
        if line.startswith("/p ") and line[3:].strip():
            await stage.ana.say(await stage.private_room(), line[3:].strip())
        elif line.startswith("/"):
            click.echo("Aquí hay dos: /p TEXTO escribe en privado a Minga, /salir termina.")
        elif line:
            await stage.ana.say(stage.room, line)
    except (Refused, TryLater, DemoError) as error:
        click.echo(f"No salió: {error}")
    return True

"""The pictures in the guides: a vote, an event, help, a result and settings, in three languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import FloatRect

from tests.clients.page import ClientPage
from tests.clients.pictures import keep_picture
from tests.clients.sizes import HEIGHTS, NARROW, WIDE
from tests.clients.stage import Stage

MARGIN = 8
"""CSS pixels that are left above the first message of a picture."""


@dataclass(frozen=True, slots=True)
class Script:
    """What is typed in a language, and the words in the answer by which it is found."""

    room: str
    poll: str
    voted: tuple[str, str]
    event: str
    going: tuple[str, str]
    room_help: str
    help: tuple[str, str]
    close: tuple[str, str]
    settings: tuple[str, str]


SCRIPTS = {
    "es": Script(
        "Asamblea",
        "!encuesta ¿Dónde nos vemos? Parque, Biblioteca hasta mañana 18h",
        ("!votar 1 2", "Anotado: Biblioteca"),
        "!evento Taller de radio mañana 19h lugar: Casa Azul cupo:10",
        ("voy 2", "Anotado: vas a"),
        "!ayuda",
        ("ayuda", "ayuda todo"),
        ("!cerrar 1", "Votaron"),
        ("!configurar", "configurar"),
    ),
    "pt": Script(
        "Assembleia",
        "!enquete Onde a gente se encontra? Parque, Biblioteca até amanhã 18h",
        ("!votar 1 2", "Anotado: Biblioteca"),
        "!evento Oficina de rádio amanhã 19h lugar: Casa Azul vagas:10",
        ("vou 2", "você vai"),
        "!ajuda",
        ("ajuda", "ajuda tudo"),
        ("!encerrar 1", "Votaram"),
        ("!configurar", "configurar"),
    ),
    "en": Script(
        "Assembly",
        "!poll Where do we meet? Park, Library until tomorrow 18h",
        ("!vote 1 2", "Noted: Library"),
        "!event Radio workshop tomorrow 19h place: Blue House seats:10",
        ("going 2", "you come"),
        "!help",
        ("help", "help all"),
        ("!close 1", "voted"),
        ("!config", "config"),
    ),
}


async def draw(stage: Stage, client: ClientPage, language: str, folder: Path) -> None:
    """Play what the guides tell, as Gina sees it on a phone, and keep its pictures."""
    script = SCRIPTS[language]

    async def keep(name: str, first: str, last: str) -> None:
        """Keep what is on the screen from the message with the first words on."""
        await client.resize(NARROW)
        await client.hears(last)
        await client.to_latest()
        await client.settle()
        begins = client.page.locator(client.message).filter(has_text=first).first
        box = await begins.bounding_box()
        above = max(0, round(box["y"]) - MARGIN) if box else 0
        seen = FloatRect(x=0, y=above, width=NARROW, height=HEIGHTS[NARROW] - above)
        shot = await client.page.screenshot(clip=seen)
        keep_picture(shot, folder / f"phone-{name}-{language}.png")
        await client.resize(WIDE)

    await client.resize(WIDE)
    await client.sign_in(stage.gina)
    await client.sign_first_device(stage.gina)
    await stage.gather(script.room)
    await client.accept(script.room)
    await stage.ana.joined(stage.room, stage.gina.id)
    await stage.trusts_gina()
    await stage.says("ana", script.poll)
    await client.hears("1 P")
    await client.say(script.voted[0])
    await keep("vote", script.poll, script.voted[1])
    await stage.says("ana", script.event)
    await client.hears("Casa Azul" if language != "en" else "Blue House")
    await client.say(script.going[0])
    await keep("event", script.event, script.going[1])
    for one in ("bea", "celia"):
        await stage.says(
            one, script.voted[0].replace("2", "1") if one == "bea" else script.voted[0]
        )
    await stage.says("ana", script.close[0])
    await keep("result", script.close[0], script.close[1])
    await stage.says("ana", script.settings[0])
    await keep("settings", *script.settings)
    await client.say(script.room_help)
    await client.accept("Minga")
    await client.say(script.help[0])
    await keep("help", *script.help)

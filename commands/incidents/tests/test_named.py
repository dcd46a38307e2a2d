"""What people write about somebody of the team: it never reaches whom they may mean.

The lines were written before the code that reads them, as people type on phones.
"""

from __future__ import annotations

import re

import pytest

from bot.testing.talk import Talk, user_id
from bot.types import RoomId
from storage.membership import room_state

CARE = RoomId("!cuidado:test")
TEAM = {
    "bea": "Bea",
    "luz.marina": "Luz Marina ✨",
    "jq84": "🌻 María José Quispe (ella)",
    "dora": "Dora",
    "thiago_s": "Thiago Souza",
    "paz": "★ P A Z ★",
    "eva": "Eva",
}

ABOUT = {
    # Spanish
    "incidente Bea me amenaza": "bea",
    "incidente bea me amenaza por las noches": "bea",
    "incidente BEA no para de gritarme": "bea",
    "incidente @bea me escribe cosas feas": "bea",
    "incidente @Bea:Test me amenaza": "bea",
    "incidente bea:test me manda fotos": "bea",
    "incidente https://matrix.to/#/%40bea%3Atest me insulta": "bea",
    "incidente la bea me dejó afuera de la reunión": "bea",
    "incidente Beatriz me está acosando": "bea",
    "incidente otra vez lo de Béa": "bea",
    "incidente Beíta me quitó el celular": "bea",
    "incidente Beaaaa no para": "bea",
    "incidente no quiero que lo lea *Bea*, fue ella": "bea",
    "incidente Luz Marina me quitó la plata": "luz.marina",
    "incidente luz me gritó delante de todas": "luz.marina",
    "incidente fue doña marina la que me empujó": "luz.marina",
    "incidente luzmarina me bloqueó": "luz.marina",
    "incidente maría josé me amenazó con contar lo mío": "jq84",
    "incidente la Quispe me tiene amenazada": "jq84",
    "incidente jq84 me escribe de madrugada": "jq84",
    "incidente Dorita me pegó": "dora",
    "incidente Paz me toca sin permiso": "paz",
    "incidente la moderadora me amenaza": "*",
    "incidente es alguien del equipo de cuidado, me da miedo": "*",
    # Portuguese
    "incidente a Bea está me perseguindo": "bea",
    "incidente a bia nao, a bea, me humilha": "bea",
    "incidente o Thiago me xingou na frente de todo mundo": "thiago_s",
    "incidente Tiago me ameaça": "thiago_s",
    "incidente o thi passou a mão em mim": "thiago_s",
    "incidente thiaguinho nao me deixa em paz": "thiago_s",
    "incidente foi o souza quem me seguiu": "thiago_s",
    "incidente a Evinha me chantageia": "eva",
    "incidente uma de vocês da moderação me persegue": "*",
    "incidente tenho medo da eva": "eva",
    # English
    "incident Bea's been threatening me": "bea",
    "incident bea_ keeps texting me at night": "bea",
    "incident it was Eva.": "eva",
    "incident thiago-s won't leave me alone": "thiago_s",
    "incident one of the moderators touched me": "*",
    "incident Maria Jose told everyone where I live": "jq84",
    "incident dora said she'd hurt me": "dora",
    "incident Mrs Souza threatens me": "thiago_s",
}
"""The line, and whom it is about: `*` is whoever the person says when asked."""

ABOUT_NOBODY = (
    "incidente otra vez mensajes feos de noche",
    "incidente alguien entró a la sala y mandó fotos",
    "incidente me siguieron al salir de la asamblea",
    "incidente Un hombre me esperó afuera de la sede",
    "incidente Carla me empujó en la marcha",
    "incidente me robaron el celular con las listas",
    "incidente un vecino me beatificó con su agua sucia",
    "incidente la evaluación del taller terminó en gritos",
    "incidente ayer en la Plaza Bolívar nos tiraron piedras",
    "incidente me acosan por teléfono desde un número oculto",
    "incidente recebo mensagens horríveis toda noite",
    "incidente um cara estranho me seguiu até em casa",
    "incidente roubaram meu celular na Avenida Paulista",
    "incidente O pessoal da outra sala me xinga",
    "incidente me ameaçaram de morte por causa da reportagem",
    "incident ugly messages at night",
    "incident Somebody followed me home after the meeting",
    "incident my ex found out where we meet",
    "incident a stranger beat me up near the station",
    "incident every evening there's a car outside the door",
)


async def a_team(talk: Talk, shown: dict[str, str]) -> None:
    """A room of the care team's, in which they show these names."""
    await talk.room(CARE, "Cuidado", [*shown])
    await talk.set("care", "yes", CARE)
    async with talk.machine.db.transaction() as tx:
        for who, name in shown.items():
            content = {"membership": "join", "displayname": name}
            event = {"type": "m.room.member", "state_key": user_id(who), "content": content}
            await room_state.apply_state(tx, CARE, [event], whole=False)


async def heard(talk: Talk) -> dict[str, str]:
    """What was said since, by reader: a person, or a room."""
    names = {"carla", "ana", "fe", *TEAM}
    places = {await talk.private(who): who for who in sorted(names)}
    found: dict[str, str] = {}
    for post in await talk.said():
        reader = places.get(post.room, post.room)
        found[reader] = f"{found.get(reader, '')}{post.plain}\n"
    return found


async def answers(talk: Talk, about: str) -> dict[str, str]:
    """Whatever is asked is answered truly, until nothing is asked."""
    every: dict[str, str] = {}
    for _question in range(9):
        said = await heard(talk)
        every |= {who: every.get(who, "") + text for who, text in said.items()}
        asked = said.get("carla", "")
        if "no debe leerlo?" in asked and "1)" in asked:
            (number,) = re.findall(rf"(\d+)\) [^\n]*@{re.escape(about)}:test", asked)
            await talk.tells("carla", number)
        elif "¿Es sobre" in asked:
            await talk.tells("carla", "sí" if f"@{about}:test" in asked else "no")
        else:
            break
    return every


@pytest.mark.parametrize("line", ABOUT)
async def test_whoever_is_meant_hears_nothing_of_it(talk: Talk, line: str) -> None:
    await a_team(talk, TEAM)
    about = "eva" if ABOUT[line] == "*" else ABOUT[line]
    await talk.tells("carla", line)
    said = await answers(talk, about)
    assert about not in said and CARE not in said, said
    assert {*said} >= {"carla", "bea" if about == "dora" else "dora"}
    assert (
        "No se muestra a: " in said["carla"]
        and TEAM[about] in said["carla"].split("No se muestra a: ")[1]
    )
    for more in (
        f"incidente 1 {line.partition(' ')[2]}",
        "incidente 1 hoy otra vez",
        "incidente 1",
    ):
        await talk.tells("carla", more)
        said = await answers(talk, about)
        assert about not in said and CARE not in said, (more, said)
    for asked in ("incidente 1", "atender 1", "resolver 1 listo"):
        await talk.tells(about, asked)
        assert "No existe el número 1" in (await heard(talk))[about]


@pytest.mark.parametrize("line", ABOUT_NOBODY)
async def test_what_names_nobody_goes_to_the_team_without_a_question(talk: Talk, line: str) -> None:
    await a_team(talk, TEAM)
    await talk.tells("carla", line)
    said = await heard(talk)
    assert {*said} == {"carla", CARE} and "?`" not in said["carla"], said
    assert "incidente 1" in said["carla"] and "No se muestra a" not in said["carla"]

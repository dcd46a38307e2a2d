"""Three networks, each with its homeserver, its bot and its members on Element's engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.demo.synapse import Homeserver
from tests.real.linking import CODE, Network, entered, linked, number_in
from tests.real.servers import Pair


@pytest.fixture
async def networks(pair: Pair, tmp_path: Path) -> AsyncIterator[list[Network]]:
    third = Homeserver(tmp_path / "c", federating=True)
    await asyncio.to_thread(third.start)
    try:
        async with AsyncExitStack() as stack:
            servers = {"Red A": pair.a, "Red B": pair.b, "Red C": third}
            yield list(
                await asyncio.gather(
                    *(entered(stack, pair, tmp_path, *one) for one in servers.items())
                )
            )
    finally:
        await asyncio.to_thread(third.stop)


async def joins(fresh: Network, one: Network, other: Network) -> None:
    """A third network comes into the link of two; each of them compares its own code with it."""
    await one.agrees(f"!red sumar {fresh.bot.user} 1", "Ya la invité")
    await fresh.hears("!red aceptar 1")
    await fresh.does("!red aceptar 1", "Voy")
    codes = {}
    for network in (one, other):
        heard = await network.hears(f"{fresh.name} .*{CODE.pattern}")
        codes[network.name] = CODE.findall(heard.text)[0]
    for network in (one, other):
        await fresh.hears(f"{network.name} .*{codes[network.name]}")
    for network in (one, other):
        await network.agrees("!red aceptar 1", "Anotado")
        await fresh.says("!red aceptar 1")
        asked = await fresh.hears("¿El código de qué red|El código del enlace")
        if "qué red" in asked.text:
            await fresh.says(network.name)
            asked = await fresh.hears("El código del enlace")
        assert codes[network.name] in asked.text
        await fresh.does("sí", f"{network.name} y esta red")
        await network.hears(f"{fresh.name} y esta red")


async def shared(a: Network, others: list[Network]) -> None:
    """An event goes out, is taken in, people answer there, and it is withdrawn."""
    made = await a.does("!evento Taller de radio; en 3 días a las 19h; lugar: Casa Azul", "Evento")
    number = number_in(r"Evento (\d+)", made)
    preview = await a.does(f"!red compartir {number}", "Esto irá a")
    assert "Taller de radio" in preview.text
    assert "Red B" in preview.text
    await a.does("sí", "Compartido con")
    copies = {}
    for one in others:
        incoming = number_in(r"aceptar (\d+)", await one.hears("comparte algo"))
        taken = await one.does(f"!red aceptar {incoming}", "Recibido de Red A")
        copies[one.name] = number_in(r"número (\d+)", taken)
    for one in others:
        await one.does(f"voy {copies[one.name]}", "Vas|Anotado|cuento")
    await a.hears("Red B: van: 1\nRed C: van: 1", 150)
    await a.does(f"!red retirar {number}", "Retirado")
    for one in others:
        await one.hears("Red A retiró el evento")


async def kept(a: Network, others: list[Network]) -> None:
    """A file of the library goes out, is found and opened in the others, and is taken back."""
    file = b"%PDF-1.4\nLlevar agua\n%%EOF\n"
    sent = await a.member.send_file(a.room, "guia.pdf", "application/pdf", file)
    await a.member.reply(a.room, "!guardar guia Llevar agua #marcha", sent)
    await a.hears("Guardado como #guia")
    await a.does("!red compartir #guia", "Esto irá a")
    await a.does("sí", "Compartido con")

    async def finds(one: Network) -> None:
        incoming = number_in(r"aceptar (\d+)", await one.hears("comparte algo"))
        await one.does(f"!red aceptar {incoming}", "Recibido de Red A")
        await one.does("!buscar agua", r"`#guia` Llevar agua: .*Compartido por Red A\b")
        told = await one.does("#guia", r"(?s)#guia:.*Lo comparte Red A")
        assert await one.member.download(told) == file

    await asyncio.gather(*map(finds, others))
    await a.does("!red retirar #guia", "Retirado")
    await asyncio.gather(*(one.hears("Red A retiró #guia") for one in others))


async def decided(a: Network, b: Network, c: Network) -> None:
    """A for, B against, C never answers: the same statement, to the byte, in both others."""
    await a.agrees("!configurar espera-redes 1 min", "Cambiado")
    poll = number_in(r"Propuesta (\d+)", await a.does(
        '!propuesta "Carta por el agua" hasta en 2 minutos', "Propuesta"))  # fmt: skip
    await a.agrees(f"!red proponer {poll} con Red B, Red C", "Decisión conjunta")
    polls = {}
    for one in (b, c):
        asked = number_in(r"aceptar (\d+)", await one.hears("propone decidir en conjunto"))
        await one.does(f"!red aceptar {asked}", "Esta red participa")
    for one in (b, c):
        polls[one.name] = number_in(r"Propuesta (\d+)", await one.hears("Carta por el agua.*"))
    await c.bot.kill()
    await a.does(f"!votar {poll} a favor", "Anotado")
    await b.does(f"!votar {polls['Red B']} en contra", "Anotado")
    for one in (a, b):
        said = await one.hears("Decisión conjunta [0-9]+, “Carta por el agua”: no aprobada", 240)
        for line in (
            "Red A: a favor: 1, en contra: 0, abstención: 0; votaron 1 de 1",
            "Red B: a favor: 0, en contra: 1, abstención: 0; votaron 1 de 1",
            "Red C: no respondió en el plazo",
        ):
            assert line in said.text


async def test_three_networks_link_share_and_decide(networks: list[Network]) -> None:
    a, b, c = networks
    await linked(a, b)
    await joins(c, a, b)
    await shared(a, [b, c])
    await kept(a, [b, c])
    await decided(a, b, c)

"""Three networks, each with its homeserver, its bot and its members on Element's engine."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.verify_page.tests.judges import PageJudge
from storage.database import Database
from storage.encryption.keys import DATABASE
from storage.encryption.root_key import unlock
from tests.real.heard import POLL_START, Heard
from tests.real.homeserver_nursery import ForkedHomeserver
from tests.real.joint_publication import handed_out, make_public, public_folder
from tests.real.judged import judge_result
from tests.real.linking import CODE, Network, entered, linked, number_in
from tests.real.patience import PATIENCE
from tests.real.servers import Pair
from tests.real.test_public_places import written

FULL = os.environ.get("MINGA_FULL") == "1"


@dataclass(frozen=True, slots=True)
class Votes:
    """How many of a network are for it and against it; who moderates votes with the most."""

    for_: int
    against: int

    @property
    def crowd(self) -> list[str]:
        """What each of the others taps."""
        every = ["a favor"] * self.for_ + ["en contra"] * self.against
        every.remove(self.most)
        return every

    @property
    def most(self) -> str:
        return "a favor" if self.for_ > self.against else "en contra"

    @property
    def said(self) -> str:
        every = self.for_ + self.against
        return (
            f"a favor: {self.for_}, en contra: {self.against}, abstención: 0;"
            f" participación {every} de {every}"
        )


A, B = (Votes(31, 4), Votes(12, 15)) if FULL else (Votes(4, 1), Votes(2, 3))
"""`make storm` has sixty-two people vote; `make test` the five that a sum of orders takes."""


@pytest.fixture
async def networks(pair: Pair, tmp_path: Path) -> AsyncIterator[list[Network]]:
    third = ForkedHomeserver(tmp_path / "c", federating=True)
    await asyncio.to_thread(third.start)
    try:
        async with AsyncExitStack() as stack:
            places = [
                ("Red A", pair.a, len(A.crowd)),
                ("Red B", pair.b, len(B.crowd)),
                ("Red C", third, 0),
            ]
            yield list(
                await asyncio.gather(
                    *(
                        entered(
                            *(stack, pair, tmp_path, name, server),
                            crowd=crowd,
                            public=public_folder(tmp_path, name),
                        )
                        for name, server, crowd in places
                    )
                )
            )
    finally:
        await asyncio.to_thread(third.stop)


async def joins(fresh: Network, one: Network, other: Network) -> None:
    """A third network comes into the link of two. One of them compares a code with it and
    introduces it to the other, which accepts it on that word, and it the other.
    """
    await one.agrees(f"!red sumar {fresh.bot.user} 1", "Ya la invité")
    await fresh.hears("!red aceptar 1")
    await fresh.does("!red aceptar 1", "Voy")
    heard = await one.hears(f"{fresh.name} .*{CODE.pattern}")
    await fresh.hears(f"{one.name} .*{CODE.findall(heard.text)[0]}")
    await one.agrees(f"!red comparar {fresh.name}", "Anotado")
    asked = await fresh.does(f"!red comparar {one.name}", "El código de la conexión")
    assert CODE.findall(heard.text)[0] in asked.text
    await fresh.does("sí", f"{one.name} y esta red")
    await one.hears(f"{fresh.name} y esta red")
    for network, unknown in ((fresh, other), (other, fresh)):
        await network.hears(f"{one.name} nos presenta a: {unknown.name}")
    for network, unknown in ((fresh, other), (other, fresh)):
        said = await network.does("!red aceptar 1", r"(?s)por palabra de otras.*¿Sigo\?")
        assert f"{unknown.name}: la presenta {one.name}" in said.text
        await network.does("sí", f"(?:En conexión|Anotado).*{unknown.name}")
    for network, unknown in ((fresh, other), (other, fresh)):
        await is_introduced(network, unknown, one)


async def is_introduced(network: Network, unknown: Network, one: Network) -> None:
    """Its list says it as soon as the other's yes has come."""
    wanted = f"{unknown.name}: en conexión, presentada por {one.name}"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        said = await network.does(f"!red {unknown.name}", f"{unknown.name}: ")
        if wanted in said.text:
            return
    pytest.fail(f"{network.name} never listed “{wanted}”")


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


async def decides(a: Network, b: Network, c: Network) -> None:
    """All three take part; then C is off, and the others vote."""
    await a.agrees("!configurar espera-redes 1 día", "Cambiado")
    await a.says('!propuesta "Carta por el agua" hasta en 2 horas')
    polls = {a.name: await ballot(a)}
    await a.agrees(f"!red proponer {polls[a.name][0]} con Red B, Red C", "Decisión conjunta")
    for one in (b, c):
        asked = number_in(r"aceptar (\d+)", await one.hears("propone decidir en conjunto"))
        await one.does(f"!red aceptar {asked}", "Esta red participa")
    for one in (b, c):
        polls[one.name] = await ballot(one)
    await c.bot.kill()
    await asyncio.gather(*(votes(one, *polls[one.name], what) for one, what in ((a, A), (b, B))))


async def ballot(one: Network) -> tuple[int, Heard]:
    """The vote's number, and what there is to tap."""
    number = number_in(r"Propuesta (\d+)", await one.hears("Carta por el agua.*"))
    return number, await one.hears(lambda heard: heard.type == POLL_START)


async def votes(one: Network, number: int, poll: Heard, what: Votes) -> None:
    await one.does(f"!votar {number} {what.most}", "Anotado")
    await one.crowd.vote(poll, what.crowd)


async def orders(a: Network, b: Network) -> None:
    """A and B put places in order: at home A has North first; East is before it with all of B."""
    await a.agrees("!publicar decisiones", "Quien modera puede terminarlo")
    asked = "!encuesta ¿Dónde? Norte, Sur, Este tipo:preferencia hasta en 2 horas"
    opened = await a.does(asked, "Encuesta .*¿Dónde.*")
    assert "El resultado se hará público" in opened.text
    polls = {a.name: number_in(r"Encuesta (\d+)", opened)}
    taps = {a.name: await a.hears(lambda heard: heard.type == POLL_START)}
    await a.agrees(f"!red proponer {polls[a.name]} con Red B", "Decisión conjunta")
    there = number_in(r"aceptar (\d+)", await b.hears("propone decidir en conjunto"))
    await b.does(f"!red aceptar {there}", "Esta red participa")
    polls[b.name] = number_in(r"Encuesta (\d+)", await b.hears("Encuesta .*¿Dónde.*"))
    taps[b.name] = await b.hears(lambda heard: heard.type == POLL_START)
    for one, first in ((a, "Norte"), (b, "Este")):
        await one.does(f"!votar {polls[one.name]} 3 1 2", "Anotado")
        await one.crowd.vote(taps[one.name], [first] * len(one.people[1:]))


async def ordered(one: Network) -> int:
    """What came of it, as that room reads it; its number there."""
    said = await one.hears("Decisión conjunta [0-9]+, “¿Dónde.”: gana Este")
    assert "En orden: Este > Norte > Sur" in said.text
    assert f"participación {len(one.people)} de" in said.text
    return number_in(r"Decisión conjunta (\d+)", said)


async def becomes_public(a: Network, b: Network) -> None:
    """A's room makes all that it decides public: B is asked by itself, and nobody types anything
    in A.
    """
    await a.hears("Pregunté a: Red B")
    asked = await b.hears("Red A pregunta: ¿puede hacerse público “¿Dónde")
    number = number_in(r"aceptar (\d+)", asked)
    await b.agrees(f"!red aceptar {number}", "Todas las redes aceptan")
    await a.hears("“¿Dónde.”, ahora es público")
    await b.agrees(f"!publicar {number}", "ahora es público")


async def result(one: Network) -> int:
    """The joint decision as that room reads it; its number there."""
    said = await one.hears("Decisión conjunta [0-9]+, “Carta por el agua”")
    assert "“Carta por el agua”: aprobada" in said.text
    for line in (f"Red A: {A.said}", f"Red B: {B.said}", "Red C: no respondió en el plazo"):
        assert line in said.text
    if one.name == "Red B":
        assert "Red B conoce a Red C por la palabra de Red A" in said.text
    return number_in(r"Decisión conjunta (\d+)", said)


async def proof(one: Network, number: int, folder: Path) -> bytes:
    """The file that this room gets of it."""
    await one.says(f"!exportar {number}")
    name = f"minga-{number}.json"
    event = await one.hears(lambda heard: heard.content.get("filename") == name)
    file = await one.member.download(event)
    (folder / f"{one.name}.json").write_bytes(file)
    return file


async def proofs(places: Sequence[tuple[Network, int]], folder: Path) -> list[bytes]:
    """The file that each room gets, once the last words are there that were still on their way."""
    files: list[bytes] = []
    until = time.monotonic() + PATIENCE
    while len(set(files)) != 1 and time.monotonic() < until:
        files = [await proof(*place, folder) for place in places]
    return files


async def proves(
    page: PageJudge, file: bytes, folder: Path, *names: str, public: bool = False
) -> None:
    """All of them signed the same, and whoever has nothing but the file sees that it is true.

    What is `public` does not tell who knows whom on another's word.
    """
    path = folder / "proof.json"
    path.write_bytes(file)
    finals = [word for word in json.loads(file)["said"] if word["kind"] == "final"]
    assert len({word["network"] for word in finals}) == len(names)
    assert len({word["body"]["statement"] for word in finals}) == 1
    is_true, told = await judge_result(page, path)
    assert is_true, told
    for name in names:
        assert name in told
    introduced = "Red B knows Red C on the word of Red A" in told
    assert introduced is ("Red C" in names and not public)


async def carried(one: Network) -> str:
    """Everything that was said in the link room, in the clear, as this bot sent and heard it."""
    await one.bot.stop()
    keys = unlock(one.bot.data, key_file=one.bot.folder / "secrets/key")
    db = await Database.open(one.bot.data / DATABASE, keys.db)
    try:
        async with db.reading() as tx:
            rows = await tx.all("SELECT content FROM links_message")
    finally:
        await db.close()
    return "\n".join(row["content"] for row in rows)


async def test_three_networks_link_share_and_decide(
    networks: list[Network], pair: Pair, page_judge: PageJudge, tmp_path: Path
) -> None:
    a, b, c = networks
    await linked(a, b)
    await joins(c, a, b)
    await kept(a, [b, c])
    await decides(a, b, c)
    await orders(a, b)
    async with AsyncExitStack() as stack:
        # While the vote is open, and C is away: a section on A's own homeserver.
        section = await entered(stack, pair, tmp_path, "Norte", pair.a)
        await linked(a, section)
        networks.append(section)
        later(networks, hours=3)
        await asyncio.gather(
            *(one.hears("lo que cuenta es la decisión conjunta") for one in (a, b))
        )
        # What comes after the sealed results has brought them: an event, and who goes.
        event = await shares(a)
        for one in (b, section):
            await takes_in(one)
        await a.hears(lambda heard: all(f"{n}: van: 1" in heard.text for n in ("Red B", "Norte")))
        pairs = [
            await proof(one, number, tmp_path)
            for one, number in ((a, await ordered(a)), (b, await ordered(b)))
        ]
        assert len(set(pairs)) == 1
        await proves(page_judge, pairs[0], tmp_path, "Red A", "Red B")
        later(networks, days=1)  # C did not answer in time
        here, there = await result(a), await result(b)

        # It comes back, and says what they say.
        await c.bot.start()
        late = await result(c)
        await takes_in(c)
        files = await proofs(((a, here), (b, there), (c, late)), tmp_path)
        assert len(set(files)) == 1, "the same bytes"
        await proves(page_judge, files[0], tmp_path, "Red A", "Red B", "Red C")

        await make_public([(a, here), (b, there), (c, late)])
        await a.does(f"!red retirar {event}", "Retirado")
        for one in (b, c, section):
            await one.hears("Red A retiró el evento")

        later(networks, days=2)  # what they worked out was compared
        await becomes_public(a, b)
        for one in (a, b):
            await written(public_folder(tmp_path, one.name), 2)

        people = [person[1:].partition(":")[0] for one in networks for person in one.people]
        plains = await asyncio.gather(*(carried(one) for one in networks))
        assert [name for name in people for plain in plains if name in plain] == []
        public = [handed_out(tmp_path, one.name) for one in (a, b)]
        assert public[0] == public[1], "the same bytes at the same path"
        assert len(public[0]) == 2
        for shown in public[0].values():
            named = (
                ("Red A", "Red B", "Red C") if b"Carta por el agua" in shown else ("Red A", "Red B")
            )
            await proves(page_judge, shown, tmp_path, *named, public=True)
        kinds = {json.loads(line)["kind"] for line in plains[0].splitlines()}
        assert {"share", "totals", "withdraw", "sign", "commit", "reveal", "seen"} <= kinds


def later(networks: list[Network], **by: float) -> None:
    for one in networks:
        one.bot.later(**by)


async def shares(one: Network) -> int:
    """An event goes to all networks of both links; its number."""
    made = await one.does(
        "!evento Taller de radio; en 3 días a las 19h; lugar: Casa Azul", "Evento"
    )
    event = number_in(r"Evento (\d+)", made)
    preview = await one.does(f"!red compartir {event}", "Esto irá a")
    for words in ("Taller de radio", "Red B", "Red C", "Norte"):
        assert words in preview.text
    await one.does("sí", "Compartido con")
    return event


async def takes_in(one: Network) -> None:
    """The event is shown in that room too, and somebody there goes."""
    incoming = number_in(r"aceptar (\d+)", await one.hears("comparte algo"))
    taken = await one.does(f"!red aceptar {incoming}", "Recibido de Red A")
    copy = number_in(r"número (\d+)", taken)
    await one.does(f"voy {copy}", "Vas|Anotado|cuento")

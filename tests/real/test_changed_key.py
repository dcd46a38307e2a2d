"""The data gets another key: people see the same bot, and all that was open goes on."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

from commands.verify_page.tests.judges import PageJudge
from tests.real.conftest import EnterPlain
from tests.real.judged import judge_result
from tests.real.linking import Network, entered, linked, number_in
from tests.real.plain import Member
from tests.real.servers import Pair
from tests.real.test_links_cut import share
from tests.real.test_operator import bad, minga, secret
from tests.real.test_secret import assembled, by_oneself, is_file, opened, saved

PHRASE = "seis palabras que nadie sabe decir"


async def test_people_see_the_same_bot_and_what_was_open_goes_on(
    pair: Pair, plain: EnterPlain, page_judge: PageJudge, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        a, b = await asyncio.gather(
            entered(stack, pair, tmp_path, "Red A", pair.a),
            entered(stack, pair, tmp_path, "Red B", pair.b),
        )
        await linked(a, b)
        ana, config = a.member, a.bot.config
        others, room = await assembled(ana, plain, a.bot.user)
        number = await opened(ana, room, a.bot.user)
        await ana.hears(is_file, room=room, sender=a.bot.user)
        own = await by_oneself(ana, a.bot.user)
        await ana.send(own, f"votar {number} a favor piedra azul")
        await ana.hears("Anotado: a favor", room=own, sender=a.bot.user)
        receipt = await saved(ana, await ana.hears(is_file, room=own, sender=a.bot.user), tmp_path)
        for member in others[:2]:
            await votes(member, number, a)
        shown = await ana.devices(a.bot.user)

        said = await minga("change-key", "--config", config, status=1)
        assert "A bot is running on" in said, "and it was left alone"
        await a.bot.stop()
        said = await minga("change-key", "--config", config)
        assert "is kept in" in said
        await comes_back(a)
        await shares(a, b, 1)
        await votes(others[2], number, a)

        await a.bot.stop()
        phrase = secret(tmp_path / "typed", PHRASE)
        place = a.bot.folder / "secrets/passphrase"
        words = ["--to", "passphrase", "--place", place, "--from", phrase, "--destroy-old"]
        await minga("change-key", "--config", config, *words)
        assert f"passphrase_file = {json.dumps(str(place))}" in config.read_text().splitlines()
        assert not (a.bot.folder / "secrets/key").exists()
        await comes_back(a)
        await shares(b, a, 2)
        await votes(others[3], number, a)

        assert await ana.devices(a.bot.user) == shown, "identity and device"
        await ana.send(room, f"!cerrar {number}")
        result = await ana.hears("no aprobada.", room=room, sender=a.bot.user)
        assert {"a favor: 1", "en contra: 4"} <= set(result.text.splitlines()), result.text
        file = await ana.hears(is_file, room=room, sender=a.bot.user)
        path = await saved(ana, file, tmp_path)
        is_true, said = await judge_result(page_judge, path, receipt)
        assert is_true, said
        heard = [one for one in await ana.timeline(room) if one.sender == a.bot.user]
        assert {(one.failure, one.shield) for one in heard if one.encrypted} == {(None, 0)}
        report = await minga("doctor", "--config", config)
        assert bad(report) == []


async def votes(member: Member, number: str, a: Network) -> None:
    """Vote against it, in a private room of the voter's."""
    place = await member.create_room(invite=[a.bot.user])
    await member.joined(place, a.bot.user)
    await member.send(place, f"votar {number} en contra hoja {member.user[1:4]}")
    await member.hears("Anotado: en contra", room=place, sender=a.bot.user)


async def comes_back(a: Network) -> None:
    await a.bot.start()
    await a.bot.ready()


async def shares(one: Network, other: Network, n: int) -> None:
    """An event goes through the link that was made before."""
    number = await share(one, n)
    await one.hears(f"Compartido con .*{number}")
    incoming = number_in(r"aceptar (\d+)", await other.hears("comparte algo"))
    await other.does(f"!red aceptar {incoming}", f"Recibido de {one.name}")

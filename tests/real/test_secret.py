"""Secret ballots on real servers: voted in private, their files checked by program and page."""

from __future__ import annotations

import re
from pathlib import Path

from commands.verify_page.tests.judges import PageJudge
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import POLL_START, Heard, all_read
from tests.real.judged import judge_result
from tests.real.plain import Member
from tests.real.servers import Pair

OPENING = re.compile(r"^Propuesta (\d+): Sede nueva\n")
ASK = '!propuesta "Sede nueva" secreta'


def is_file(event: Heard) -> bool:
    return event.content.get("msgtype") == "m.file"


async def saved(ana: Element, file: Heard, folder: Path) -> Path:
    path = folder / str(file.content["filename"])
    path.write_bytes(await ana.download(file))
    return path


async def assembled(ana: Element, plain: EnterPlain, bot: str) -> tuple[list[Member], str]:
    """Ana, on Element's engine, and four more in a room with the bot, which may redact."""
    others = [await plain(name) for name in ("eva", "bea", "luz", "sol")]
    room = await ana.create_room(invite=[bot, *(one.user for one in others)], name="Sala")
    for one in others:
        await one.accept(room)
        await ana.joined(room, one.user)
    await ana.joined(room, bot)
    await ana.greeted(room, bot)
    await ana.set_power(room, bot, 50)
    return others, room


async def opened(ana: Element, room: str, bot: str) -> str:
    await ana.send(room, ASK)
    found = OPENING.search((await ana.hears(OPENING, room=room, sender=bot)).text)
    assert found
    return found[1]


async def by_oneself(ana: Element, bot: str) -> str:
    room = await ana.create_room(invite=[bot], direct=True)
    await ana.joined(room, bot)
    return room


async def test_a_secret_proposal_is_voted_in_private_and_checked_by_its_file(
    pair: Pair, element: Enter, plain: EnterPlain, page_judge: PageJudge, tmp_path: Path
) -> None:
    account = pair.person("minga", pair.a)
    ana = await element("ana")
    async with BotProcess(tmp_path / "bot", account, moderators=[ana.user]) as bot:
        (eva, *others), room = await assembled(ana, plain, bot.user)
        number = await opened(ana, room, bot.user)
        manifest = await ana.hears(is_file, room=room, sender=bot.user)

        # By mistake in the room: it goes, and the bot opens a private room for the rest.
        wrong = await eva.send(room, f"!votar {number} en contra")
        private = await eva.called()
        await eva.hears("no lo conté", room=private, sender=bot.user)
        await ana.hears(lambda event: event.content.get("redacts") == wrong, room=room)
        await eva.send(private, f"votar {number} a favor lluvia fina")
        echo = await eva.hears("Anotado: a favor", room=private, sender=bot.user)
        assert "lluvia fina" in echo.text

        own = await by_oneself(ana, bot.user)
        await ana.send(own, f"votar {number} a favor piedra azul")
        echo = await ana.hears("Anotado: a favor", room=own, sender=bot.user)
        assert "piedra azul" in echo.text
        receipt = await saved(ana, await ana.hears(is_file, room=own, sender=bot.user), tmp_path)

        for one in others:
            place = await one.create_room(invite=[bot.user])
            await one.joined(place, bot.user)
            await one.send(place, f"votar {number} en contra hoja {one.user[1:4]}")
            await one.hears("Anotado: en contra", room=place, sender=bot.user)

        await ana.send(room, f"!cerrar {number}")
        result = await ana.hears("no aprobada.", room=room, sender=bot.user)
        assert {"a favor: 2", "en contra: 3"} <= set(result.text.splitlines())
        file = await ana.hears(is_file, room=room, sender=bot.user)
        path = await saved(ana, file, tmp_path)
        assert path.name == f"resultado-{number}.json"
        kept = await saved(ana, manifest, tmp_path)
        said = await all_read(ana, room, bot.user)
        assert POLL_START not in {one.type for one in said}
        assert {(one.failure, one.shield) for one in said if one.encrypted} == {(None, 0)}
        await bot.stop()

    for held in (receipt, kept):
        is_true, said_of_it = await judge_result(page_judge, path, held)
        assert is_true, said_of_it
    forged = tmp_path / "forged.json"
    forged.write_text(path.read_text().replace('"1:1"', '"2:1"', 1))
    assert not (await judge_result(page_judge, forged))[0]


async def test_an_author_who_closes_after_the_first_vote_learns_nothing(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    account = pair.person("minga", pair.a)
    ana = await element("ana")
    async with BotProcess(tmp_path / "bot", account, moderators=[ana.user]) as bot:
        (eva, *_others), room = await assembled(ana, plain, bot.user)
        number = await opened(ana, room, bot.user)
        before = await ana.hears(is_file, room=room, sender=bot.user)
        place = await eva.create_room(invite=[bot.user])
        await eva.joined(place, bot.user)
        await eva.send(place, f"votar {number} en contra lluvia fina")
        await eva.hears("Anotado: en contra", room=place, sender=bot.user)

        await ana.send(room, f"!cerrar {number}")
        await ana.hears("No puedes cerrar una votación secreta", room=room, sender=bot.user)
        await ana.send(room, f"!resultados {number}")
        await ana.hears("lo digo al final", room=room, sender=bot.user)
        await ana.send(room, f"!exportar {number}")
        await ana.hears("sigue abierta", room=room, sender=bot.user)
        await ana.send(room, f"!cancelar {number}")
        await ana.hears("Borro sus votos sin contarlos", room=room, sender=bot.user)
        await ana.send(room, "sí")
        await ana.hears("nadie sabe quién votó qué", room=room, sender=bot.user)

        said = [one for one in await ana.timeline(room) if one.sender == bot.user]
        files = [one for one in said if is_file(one)]
        assert [one.id for one in files] == [before.id], "only the opening"
        assert not any("en contra: " in one.text or "1 de 5" in one.text for one in said)
        await bot.stop()

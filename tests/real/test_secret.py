"""A secret ballot on real servers: voted in private, its file checked on the command line."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import POLL_START, Heard
from tests.real.servers import Pair

HELLO = re.compile("!ayuda")
OPENING = re.compile(r"^Propuesta (\d+): Sede nueva\n")
ASK = '!propuesta "Sede nueva" secreta'


def is_file(event: Heard) -> bool:
    return event.content.get("msgtype") == "m.file"


async def saved(ana: Element, file: Heard, folder: Path) -> Path:
    path = folder / str(file.content["filename"])
    path.write_bytes(await ana.download(file))
    return path


async def test_a_secret_proposal_is_voted_in_private_and_checked_by_its_file(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, eva = await asyncio.gather(element("ana"), plain("eva"))
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path / "bot", account, moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user, eva.user], name="Sala")
        await eva.accept(room)
        await ana.joined(room, eva.user)
        await ana.joined(room, bot.user)
        await ana.hears(HELLO, room=room, sender=bot.user)
        await ana.set_power(room, bot.user, 50)
        await ana.send(room, ASK)
        opening = await ana.hears(OPENING, room=room, sender=bot.user)
        found = OPENING.search(opening.text)
        assert found
        number = found[1]
        manifest = await ana.hears(is_file, room=room, sender=bot.user)

        # By mistake in the room: it goes, and the bot opens a private room for the rest.
        wrong = await eva.send(room, f"!votar {number} en contra")
        private = await eva.called()
        await eva.hears("no lo conté", room=private, sender=bot.user)
        await ana.hears(lambda event: event.content.get("redacts") == wrong, room=room)
        await eva.send(private, f"votar {number} a favor lluvia fina")
        echo = await eva.hears("Anotado: a favor", room=private, sender=bot.user)
        assert "lluvia fina" in echo.text

        own = await ana.create_room(invite=[bot.user], direct=True)
        await ana.joined(own, bot.user)
        await ana.send(own, f"votar {number} a favor luna llena")
        echo = await ana.hears("Anotado: a favor", room=own, sender=bot.user)
        assert "luna llena" in echo.text
        receipt = await saved(ana, await ana.hears(is_file, room=own, sender=bot.user), tmp_path)

        await ana.send(room, f"!cerrar {number}")
        result = await ana.hears("aprobada", room=room, sender=bot.user)
        assert {"a favor: 2", "en contra: 0"} <= set(result.text.splitlines())
        file = await ana.hears(is_file, room=room, sender=bot.user)
        path = await saved(ana, file, tmp_path)
        assert path.name == f"resultado-{number}.json"
        opened = await saved(ana, manifest, tmp_path)
        said = [one for one in await ana.timeline(room) if one.sender == bot.user]
        assert POLL_START not in {one.type for one in said}
        assert {(one.failure, one.shield) for one in said if one.encrypted} == {(None, 0)}
        await bot.stop()

    minga = [str(Path(sys.executable).with_name("minga")), "verify-result", str(path)]
    for held in (receipt, opened):
        checked = subprocess.run(  # noqa: ASYNC221, S603
            [*minga, "--receipt", str(held)], capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
    forged = tmp_path / "forged.json"
    forged.write_text(path.read_text().replace('"1:1"', '"2:1"', 1))
    checked = subprocess.run(  # noqa: ASYNC221, S603
        [*minga[:-1], str(forged)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 1

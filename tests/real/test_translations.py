"""One text in two languages on real servers, the bot killed before its author says yes."""

from __future__ import annotations

import re
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.heard import POLL_START, Heard
from tests.real.servers import Pair

OPENED = re.compile(r"^Encuesta (\d+): ¿Qué día\?\n1 martes\n2 jueves\n")
BOTH = "¿Qué día? / Que dia?\n1 martes / terça\n2 jueves / quinta\n"


def is_poll(event: Heard) -> bool:
    """Whether it is a native poll in two languages."""
    if event.type != POLL_START or POLL_START not in event.content:
        return False
    return str(event.content[POLL_START]["question"]["body"]) == "¿Qué día? / Que dia?"


async def test_a_poll_is_translated_accepted_through_a_kill_and_read_by_each(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, bruno = await element("ana"), await plain("bruno")
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await ana.create_room(invite=[bot.user, bruno.user], name="Sala", version="12")
        await bruno.accept(room)
        for user in (bot.user, bruno.user):
            await ana.joined(room, user)
        await ana.greeted(room, bot.user)
        await bruno.send(room, "!encuesta ¿Qué día? martes, jueves")
        opening = await ana.hears(OPENED, room=room, sender=bot.user)
        found = OPENED.search(opening.text)
        assert found
        number = found[1]

        await ana.send(room, f"!traduzo {number} pt: Que dia? terça, quinta")
        await ana.hears("lo escribió bruno", room=room, sender=bot.user)
        private = await bruno.called(60)
        await bruno.hears("¿Dice lo mismo?", 40, room=private, sender=bot.user)
        await bot.kill()
        await bruno.send(private, "sí")
        await bot.start()
        edit = await ana.hears(BOTH, 60, room=room, sender=bot.user)
        assert (edit.encrypted, edit.failure, edit.shield) == (True, None, 0)
        poll = await ana.hears(is_poll, 40, room=room, sender=bot.user)
        answers = [one["org.matrix.msc1767.text"] for one in poll.content[POLL_START]["answers"]]
        assert answers == ["martes / terça", "jueves / quinta"]

        await bruno.send(room, f"!votar {number} quinta")
        await ana.hears("Anotado: jueves / quinta", 30, room=room, sender=bot.user)
        await bruno.send(private, "idioma pt")
        await bruno.hears("De agora em diante", 40, room=private, sender=bot.user)
        await bruno.send(private, f"resultados {number}")
        shown = await bruno.hears(f"Enquete {number}: Que dia?", 40, room=private, sender=bot.user)
        assert "terça: 0\nquinta: 1" in shown.text
        assert "jueves" not in shown.text
        await bot.stop()

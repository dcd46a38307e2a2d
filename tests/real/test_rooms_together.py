"""An event in two rooms, and a room that is to be closed: real servers, Element, a kill between."""

from __future__ import annotations

import re
from pathlib import Path

from tests.real.hall import Hall
from tests.real.servers import Pair

EVENT = re.compile(r"^Evento (\d+): Taller")


async def test_an_event_stands_in_two_rooms_and_one_of_them_is_nearly_closed(
    pair: Pair, tmp_path: Path
) -> None:
    async with Hall.of(pair, tmp_path) as hall:
        press = await hall.gather_in("Prensa", "bruno", "celia")
        assert "¿Sigo?" in await hall.answer("ana", "!evento Taller en 3 días 19h en: Prensa")
        await hall.says("ana", "sí")
        here, there = await hall.hears(EVENT), await hall.hears(EVENT, room=press)
        assert here.text.splitlines()[0] == there.text.splitlines()[0]
        found = EVENT.search(here.text)
        assert found
        number = found[1]

        assert "vas a" in await hall.answer("bruno", f"!voy {number}", room=press)
        await hall.answer("bruno", f"!voy {number}")
        await hall.answer("dani", f"!voy {number}")
        await hall.bot.kill()
        await hall.bot.start()
        assert "vas a" in await hall.answer("celia", f"!voy {number}", room=press)
        assert "Van (3)" in await hall.answer("ana", f"!asistentes {number}")

        asked = await hall.answer("ana", "!cerrar-sala guardar: Sala", room=press)
        assert "¿Sigo?" in asked
        await hall.says("ana", "sí", room=press)
        await hall.hears("Esta sala se cierra el", room=press)
        await hall.hears("Lo que guarda llega a la biblioteca de aquí")
        await hall.bot.kill()
        await hall.bot.start()
        await hall.says("ana", "!cerrar-sala no", room=press)
        await hall.hears("no se cierra", room=press)

        assert "¿Sigo?" in await hall.answer("ana", f"!cancelar {number}")
        await hall.says("ana", "sí")
        await hall.hears(" canceló el evento", room=press)

"""A secret election in which two who stand go while the vote is open, on real servers."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from commands.verify_page.tests.judges import PageJudge
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import Heard
from tests.real.judged import judge_result
from tests.real.plain import Member
from tests.real.servers import Pair

CALL = "!elección Comité puestos:2 candidaturas hasta en 2 horas, voto hasta en 5 horas, secreta"
STAND = ("bea", "eva", "luz", "sol")
ON_BALLOT = re.compile(r"^(\d+) (\w+)-\w+: “la radio”$", re.MULTILINE)


def is_result(event: Heard) -> bool:
    return event.content.get("filename") == "resultado-2.json"


@pytest.mark.full
async def test_votes_for_who_steps_down_or_is_removed_go_to_the_next_through_a_kill(
    pair: Pair, element: Enter, plain: EnterPlain, page_judge: PageJudge, tmp_path: Path
) -> None:
    """Bea and Luz would be elected; one steps down, the other is removed after both got votes."""
    account = pair.person("minga", pair.a)
    ana = await element("ana")
    names = (*STAND, "mar")
    others: dict[str, Member] = dict(
        zip(names, await asyncio.gather(*map(plain, names)), strict=True)
    )
    people: dict[str, Member | Element] = {"ana": ana, **others}
    async with BotProcess(tmp_path / "bot", account, moderators=[ana.user]) as bot:
        room = await ana.create_room(
            invite=[bot.user, *(one.user for one in others.values())], name="Sala"
        )
        await asyncio.gather(*(one.accept(room) for one in others.values()))
        for user in (bot.user, *(one.user for one in others.values())):
            await ana.joined(room, user)
        await ana.greeted(room, bot.user)
        await ana.send(room, CALL)
        await ana.hears("Elección 1: Comité, 2 puestos", room=room, sender=bot.user)

        private = {"ana": await ana.create_room(invite=[bot.user], direct=True)}
        for name, member in others.items():
            private[name] = await member.create_room(invite=[bot.user])
        for name, one in people.items():
            await one.joined(private[name], bot.user)
        for name in STAND:
            await others[name].send(private[name], "me postulo 1 la radio")
            await others[name].hears("Anotado", room=private[name], sender=bot.user)

        bot.later(hours=3)
        opening = await ana.hears("La votación es la 2.", 60, room=room, sender=bot.user)
        place = {name: place for place, name in ON_BALLOT.findall(opening.text)}
        assert len(place) == 4, opening.text

        for voters, ranked in (
            (("mar", "bea", "ana"), ("bea", "eva")),
            (("eva", "luz", "sol"), ("luz", "sol")),
        ):
            order = " ".join(place[name] for name in ranked)
            for name in voters:
                await people[name].send(private[name], f"votar 2 {order}")
                await people[name].hears("Anotado: 1", room=private[name], sender=bot.user)

        await others["bea"].send(private["bea"], "desisto 2")
        await others["bea"].hears("ya no te postulas", room=private["bea"], sender=bot.user)
        await ana.hears(re.compile("^bea-.* ya no se postula"), room=room, sender=bot.user)
        await bot.kill()
        await ana.kick(room, others["luz"].user)
        await bot.start()
        await ana.hears(re.compile("^luz-.* ya no se postula"), 60, room=room, sender=bot.user)
        bot.later(hours=3)
        result = await ana.hears("Desistió durante la votación", 60, room=room, sender=bot.user)
        shown = {name: one.user[1:].split(":")[0] for name, one in others.items()}
        won = sorted(("eva", "sol"), key=place.__getitem__)
        assert f"ganan {' · '.join(shown[name] for name in won)}." in result.text
        assert "Votaron 6 de 6 personas." in result.text
        file = await ana.hears(is_result, room=room, sender=bot.user)
        path = tmp_path / "result.json"
        path.write_bytes(await ana.download(file))
        await bot.stop()
    is_true, said = await judge_result(page_judge, path)
    assert is_true, said
    gone = sorted(place[name] for name in ("bea", "luz"))
    assert f'"withdrawn":[{",".join(gone)}]' in path.read_text()

"""A poll made in Element is counted by the bot when somebody asks in reply to it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.heard import POLL_RESPONSE, POLL_START, Heard
from tests.real.plain import Member
from tests.real.servers import Pair
from tests.real.test_polls import a_room


async def counted(ana: Element, poll: Heard, bot: BotProcess) -> list[str]:
    """What the bot answers to `!resultados` in reply to the poll."""
    asked = await ana.reply(poll.room, "!resultados", poll.id)
    answer = await ana.hears(lambda event: event.reply_to == asked, room=poll.room, sender=bot.user)
    return answer.text.splitlines()


async def spoil(member: Member, poll: Heard) -> None:
    """Vote for an answer that there is not."""
    relates = {"rel_type": "m.reference", "event_id": poll.id}
    vote = {"m.relates_to": relates, POLL_RESPONSE: {"answers": ["nothing"]}}
    await member.send_event(poll.room, POLL_RESPONSE, vote)


async def test_a_poll_from_element_is_counted_as_far_as_it_can_be_read(
    pair: Pair, element: Enter, plain: EnterPlain, tmp_path: Path
) -> None:
    ana, eva, luz, rita = await asyncio.gather(
        element("ana"), plain("eva"), plain(pair.person("luz", pair.a)), plain("rita")
    )  # Luz's server is the bot's, which so knows the votes from while the bot is away
    account = pair.person("minga", pair.a)
    async with BotProcess(tmp_path, account, moderators=[ana.user]) as bot:
        room = await a_room(ana, bot, eva, luz, rita)
        event, _ids = await ana.start_poll(room, "¿Cine?", ["Sí", "No"])
        poll = await luz.hears(lambda one: one.id == event and one.type == POLL_START, room=room)
        await eva.vote(room, poll, "Sí")
        await eva.vote(room, poll, "No")  # the last one counts
        await luz.vote(room, poll, "Sí")
        await rita.vote(room, poll, "Sí")
        await spoil(rita, poll)
        said = await counted(ana, poll, bot)
        assert said[0].startswith("Encuesta de ") and said[0].endswith(": ¿Cine?")
        votes = ["Sí: 1", "No: 1", "Votaron 2 personas."]
        assert said[1:4] == votes
        assert "Sigue abierta" in said[4] and len(said) == 5
        await ana.kick(room, bot.user)
        await ana.hears(
            lambda one: one.state_key == bot.user and one.content.get("membership") == "leave",
            room=room,
            sender=ana.user,
        )
        await ana.vote(room, poll, "No")  # with a key that the bot was not given
        await ana.invite(room, bot.user)
        await ana.joined(room, bot.user)
        again = await counted(ana, poll, bot)
        assert again[1:4] == votes
        assert again[5].startswith("No pude leer 1 respuesta: ") and len(again) == 6

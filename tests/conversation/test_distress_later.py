"""What follows the question whether to call: a cry long after it, and lines before the yes."""

from __future__ import annotations

import pytest

from bot.conversation.distress_answers import CALL_PATIENCE
from bot.testing.talk import Talk


async def test_a_cry_long_after_the_last_one_is_asked_about_again(talk: Talk) -> None:
    first = await talk.answer("bea", "nos están desalojando")
    assert first
    await talk.answer("bea", "auxilio")  # asked already: nothing more in the room
    await talk.wait(CALL_PATIENCE * 1.5)
    await talk.sent()
    await talk.says("bea", "auxilio")
    assert any("¿Aviso ya a tu gente" in post.plain for post in await talk.said())


async def said_privately(talk: Talk, line: str) -> str:
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize("line", ["call ana", "busco abogada"])
async def test_a_commands_word_that_begins_a_cry_is_kept_for_the_call(
    talk: Talk, line: str
) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    said = await said_privately(talk, line)
    assert said == "Todavía no avisé a nadie. ¿Aviso, con todo lo que escribiste aquí? `sí` o `no`"
    assert f"“me están siguiendo {line}”" in await said_privately(talk, "sí")


async def test_help_on_a_subject_is_told_while_it_is_asked(talk: Talk) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    assert "`votar`" in await said_privately(talk, "ayuda encuestas")

"""What is asked after a cry in a room is asked anew once a yes to it would count no more."""

from __future__ import annotations

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

"""Who is not in the room any more casts no vote, whatever they were asked before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership

PROPOSE = '!propuesta "Firmamos la carta" tipo:consentimiento hasta en 3 horas'


@pytest.mark.parametrize("now", [Membership.BAN, Membership.LEAVE, None])
async def test_a_tapped_block_whose_reason_comes_after_they_went_does_not_count(
    talk: Talk, now: Membership | None
) -> None:
    await talk.says("ana", PROPOSE)
    _opening, native = await talk.sent()
    await talk.taps("bea", native, len(native.answers))
    await talk.sent()
    await talk.wait(timedelta(0))
    asked = "\n".join(post.plain for post in await talk.said())
    assert "bloqueas" in asked
    if now is not None:
        await talk.moves("bea", now, by="ana" if now is Membership.BAN else None)
    await talk.tells("bea", "nombra a personas sin preguntarles")
    said = "\n".join(post.plain for post in await talk.said())
    assert ("nombra a personas" in said) == (now is None)
    await talk.says("ana", "!votar 1 a favor")
    await talk.wait(timedelta(hours=4))
    ended = "\n".join(post.plain for post in await talk.said())
    assert ("nombra a personas" in ended) == (now is None)

"""What is proved of a roll, and where there is none."""

from __future__ import annotations

from bot.api import Number
from bot.testing.talk import Talk, user_id
from commands.ballot_secrecy import ballot_votes
from commands.ballot_secrecy.tests.secret_world import on_roll


async def test_of_what_is_no_secret_vote_nothing_is_proved(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    async with talk.machine.db.transaction() as tx:
        for number in (1, 99):
            assert (
                await ballot_votes.prove_roll(tx, Number(number), on_roll(user_id("ana"))) is None
            )

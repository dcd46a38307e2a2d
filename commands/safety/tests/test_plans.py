"""Who asks in a sentence that somebody be told: they read how. It is Wednesday, 10:00."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk

GO = "Antes de ir: `regreso 22:00 @ana:servidor.org`"


@pytest.mark.parametrize(
    ("line", "is_plan"),
    [
        ("salgo de la casa de mi ex, si en 40 min no escribo avisale a ana", True),
        ("to indo pra casa a pé, se eu não responder até as 23h avisa a ana", True),
        ("if you don't hear from me in 30 min tell ana", True),
        ("if im not back by 11 tell ana", True),
        ("si a las 22 no escribi avisa a ana", True),
        ("avisale a ana si no llego a las 22hs", True),
        ("si no llueve avisa a ana", False),
        ("avisa a ana que no llego", False),
    ],
)
async def test_who_wants_somebody_told_reads_how(talk: Talk, line: str, is_plan: bool) -> None:
    await talk.private("bea")
    await talk.said()
    await talk.tells("bea", line)
    heard = "\n".join(post.plain for post in await talk.said(await talk.private("bea")))
    assert (GO in heard) is is_plan

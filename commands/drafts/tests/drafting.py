"""A charter as a beginning, and a vote in which everybody is for it."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import Talk

CHARTER = (
    "1. Queremos agua limpia\n2. Nadie paga más del 30 % de los gastos\n3. Nos reunimos cada mes"
)
NOW = timedelta(0)


async def begun(talk: Talk) -> None:
    assert "Borrador 1, “carta”, versión 1" in await talk.answer(
        "bea", f"!borrador carta\n{CHARTER}"
    )


async def adopted(talk: Talk, number: int) -> str:
    """What the bot says when everybody has voted for a proposal and it is closed."""
    for who in ("ana", "bea", "carla"):
        await talk.says(who, f"!votar {number} a favor")
    await talk.says("carla" if number % 2 else "bea", f"!cerrar {number}")
    await talk.says("ana", f"!cerrar {number}")
    await talk.wait(NOW)
    return "\n".join(post.plain for post in await talk.said())

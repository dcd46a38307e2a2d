"""In which language somebody reads in private who has chosen none."""

from __future__ import annotations

from bot.testing.talk import Talk
from bot.types import RoomId

OTHER = RoomId("!outra:test")
MODERATORS_ALONE = {
    "pt": "Você não pode fazer isso aqui",
    "es": "No puedes hacer eso aquí",
    "en": "You can't do that here",
}


async def refused(talk: Talk) -> str:
    """Return what Bea reads in private of a command that is not for her."""
    await talk.said()
    await talk.says("bea", "!expulsar @carla:test")
    (answer,) = await talk.said(await talk.private("bea"))
    return answer.plain


async def test_it_is_that_of_all_the_persons_rooms(talk: Talk) -> None:
    await talk.set("language", "pt")
    assert MODERATORS_ALONE["pt"] in await refused(talk)


async def test_it_is_the_networks_where_their_rooms_differ(talk: Talk) -> None:
    await talk.set("language", "pt")
    await talk.room(OTHER, "Outra", ["ana", "bea"], {"ana": 50})
    assert MODERATORS_ALONE["es"] in await refused(talk)


async def test_it_is_their_own_if_they_chose_one(talk: Talk) -> None:
    await talk.set("language", "pt")
    await talk.tells("bea", "idioma en")
    assert MODERATORS_ALONE["en"] in await refused(talk)

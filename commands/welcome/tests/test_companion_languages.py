"""A companion who speaks the newcomer's language is asked before all others."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk
from commands.welcome.companions.languages import take_languages
from commands.welcome.tests.test_companions import HOUR, comes, private, read
from commands.welcome.tests.test_companions import capabilities as capabilities
from commands.welcome.tests.test_companions import talk as talk


@pytest.mark.parametrize(
    ("typed", "left", "codes"),
    [
        ("sí", "sí", []),
        ("", "", []),
        ("sí, hablo español y portugués", "si", ["es", "pt"]),
        ("español, inglés", "", ["es", "en"]),
        ("sí en portugués", "si", ["pt"]),
        ("en inglés y español", "", ["en", "es"]),
        ("es en", "", ["es", "en"]),
        ("en pt", "", ["en", "pt"]),
        ("sim, falo português e espanhol", "sim", ["pt", "es"]),
        ("sim em inglês", "sim", ["en"]),
        ("yes, I speak English and Spanish", "yes", ["en", "es"]),
        ("yes in portuguese", "yes", ["pt"]),
        ("no hablo inglés", "no", ["en"]),
    ],
)
def test_the_languages_of_a_line(typed: str, left: str, codes: list[str]) -> None:
    assert take_languages(typed) == (left, codes)


async def companions_asked(talk: Talk, newcomer: str) -> set[str]:
    """Who is asked to accompany somebody who has just come, and reads their summary meanwhile."""
    return set(await comes(talk, newcomer)) - {newcomer}


async def speaks_portuguese(talk: Talk, who: str) -> None:
    await talk.tells(who, "idioma pt")
    await talk.said()


async def test_who_named_the_newcomers_language_is_asked_first(talk: Talk) -> None:
    said = await private(talk, "carla", "acompañar español y portugués")
    assert "Primero con quien lee: español · portugués" in said["carla"]
    await speaks_portuguese(talk, "dora")
    await talk.restart()
    said = await comes(talk, "dora")
    assert "bea" not in said, "it was Bea's turn"
    assert "Lee en portugués." in said["carla"]
    said = await read(talk, 2 * HOUR)
    assert "Carla" in said["dora"] and "Fala" not in said["dora"]


async def test_who_named_none_accompanies_in_their_own(talk: Talk) -> None:
    await speaks_portuguese(talk, "carla")
    await speaks_portuguese(talk, "dora")
    said = await comes(talk, "dora")
    assert "bea" not in said and "Lê em" not in said["carla"]


async def test_nobody_stays_alone_for_their_language_and_both_hear_of_it(talk: Talk) -> None:
    await speaks_portuguese(talk, "dora")
    said = await comes(talk, "dora")
    assert "Lee en portugués, y nadie que esté libre lo habla." in said["bea"]
    said = await private(talk, "bea", "puedo")
    assert "Fala espanhol: ninguém que esteja livre fala o seu idioma." in said["dora"]


async def test_turns_go_round_among_those_who_speak_it(talk: Talk) -> None:
    await private(talk, "bea", "acompañar sí español portugués")
    await private(talk, "carla", "acompañar sí español portugués")
    asked = []
    for name in ("n1", "n2", "n3"):
        await speaks_portuguese(talk, name)
        asked.append(await companions_asked(talk, name))
    assert asked == [{"bea"}, {"carla"}, {"bea"}]


async def test_a_newcomer_whom_the_first_cant_accompany_goes_to_the_next(talk: Talk) -> None:
    await private(talk, "carla", "acompañar portugués")
    await speaks_portuguese(talk, "dora")
    await comes(talk, "dora")
    said = await private(talk, "carla", "no puedo")
    assert "nadie que esté libre lo habla" in said["bea"]


async def test_languages_are_changed_and_read_again(talk: Talk) -> None:
    await private(talk, "bea", "acompañar inglés")
    await private(talk, "bea", "acompañar español, inglés")
    assert "español · inglés" in (await private(talk, "bea", "acompañar"))["bea"]
    said = await private(talk, "ana", "olvida leer bea")
    assert "Ofreces acompañar a quienes llegan: español · inglés" in said["ana"]


@pytest.mark.parametrize("typed", ["no hablo inglés", "español mañana", "guaraní"])
async def test_what_is_not_understood_changes_nothing(talk: Talk, typed: str) -> None:
    said = await private(talk, "bea", f"acompañar {typed}")
    assert "No entendí" in said["bea"]
    assert "lee: español." in (await private(talk, "bea", "acompañar"))["bea"]

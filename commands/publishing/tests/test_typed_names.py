"""Words that are somebody's name are pointed out before they become public, as words."""

from __future__ import annotations

import pytest

from bot.capability.data.typed_names import find_names
from bot.testing.step_count import count_steps
from bot.testing.talk import Talk
from bot.types import Membership, UserId
from commands.publishing.tests.test_publishing import said_now

HERE = "Estas palabras son también nombres de gente de aquí, y a nadie le pregunté: "


async def shown(talk: Talk, text: str) -> str:
    """What is asked before an announcement with this text becomes public."""
    await talk.says("ana", f"!anunciar {text} leído")
    await said_now(talk)
    return await talk.answer("ana", "!publicar 1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Carla dijo que viene", "Carla"),
        ("dijo carla que el viernes no va", "carla"),
        ("CARLA Y BEA ESTÁN EN LA COMISARÍA", "CARLA · BEA"),
        ("preguntenle a cárla", "cárla"),
        ("a carla.la llevaron", "carla"),
        ("o carro da bea quebrou", "bea"),
        ("Bea's phone is off", "Bea"),
        ("avisar a bea/carla", "bea · carla"),
        ("carla carla Carla", "carla"),
        ("«Bea» habla el lunes", "Bea"),
    ],
)
async def test_lines_of_people_in_a_hurry(talk: Talk, text: str, words: str) -> None:
    said = await shown(talk, text)
    assert f"{HERE}{words}.\n" in said and "¿Sigo?" in said, said


async def test_words_that_are_no_names_are_not_pointed_out(talk: Talk) -> None:
    said = await shown(talk, "beata y carlanga no son nadie, anabel tampoco")
    assert HERE not in said and "no reconozco: léelo" in said, said


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Rosa Luz (ella)", "traigan una rosa", ["rosa"]),
        ("Los de la Radio", "los de la radio y los demás", ["los de la radio"]),
        ("La", "la puerta", []),
        ("José", "jose y josé", ["jose"]),
        ("Jo", "jo", []),
        ("@@ ::", "@@ ::", []),
        ("", "x1 dijo", []),
        ("", "Carla Gómez dijo", ["Carla"]),
        ("Тётя Оля", "тетя", ["тетя"]),
        ("Ana López", "Habló López ayer", ["López"]),
        ("Ana López", "habló ANA LOPEZ", ["ANA", "LOPEZ"]),
        ("compa Kike", "vino kike", ["kike"]),
        ("Ana (Kike en el barrio)", "el barrio de Kike", ["barrio", "Kike"]),
        ("María José de la O", "la o y de la maría", ["maría"]),
        ("Lu 2024 (ella/she)", "en 2024 ella fue", []),
    ],
)
def test_what_counts_as_a_name(name: str, text: str, found: list[str]) -> None:
    person = UserId("@carla.g:test" if "Carla" in text else "@x1y:test")
    assert find_names([text], {person: name}) == found


def test_a_localpart_is_a_name_in_all_its_parts() -> None:
    person = UserId("@compa_kike.lopez:test")
    assert find_names(["vino Kike, López no"], {person: ""}) == ["Kike", "López"]


WOMEN = {UserId(f"@p{n}:test"): f"{name} (Mujeres)" for n, name in enumerate(("Ana", "Eva", "Lía"))}


def test_what_stands_in_many_names_counts_only_where_nobody_looks() -> None:
    assert find_names(["Mujeres: habla Lía"], WOMEN) == ["Lía"]
    assert find_names(["Mujeres: habla Lía"], WOMEN, most_sharing=None) == ["Mujeres", "Lía"]
    assert find_names(["Mujeres"], dict(list(WOMEN.items())[:2])) == ["Mujeres"]


async def test_who_left_has_a_name_and_the_bot_has_none(talk: Talk) -> None:
    await talk.moves("carla", Membership.LEAVE)
    said = await shown(talk, "Carla llegó tarde a la minga de todas")
    assert f"{HERE}Carla." in said, said


async def test_who_agreed_is_not_pointed_out(talk: Talk) -> None:
    await talk.says("ana", "!anunciar Habla @bea leído")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    await said_now(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    await talk.says("ana", "!retirar 1")
    await said_now(talk)
    said = await talk.answer("ana", "!publicar 1")
    assert "Nombro a quien dijo que sí: Bea" in said and HERE not in said, said


def test_two_thousand_people_cost_little() -> None:
    people = {UserId(f"@p{n}:test"): f"Persona{n} de la red" for n in range(2_000)}
    text = " ".join(f"palabra{n}" for n in range(5_000))
    steps = count_steps(lambda: find_names([text, "y persona1999"], people))
    assert steps < 60 * 2_000 + 15 * 5_000
    assert find_names([text, "y persona1999"], people) == ["persona1999"]

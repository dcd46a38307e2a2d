"""Whom a call names is called only if it asks for them. Ana moderates, Carla was chosen."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.testing.talk import Talk

ALARM = "está en peligro y pide ayuda"


async def told(talk: Talk, line: str, who: str = "bea") -> dict[str, str]:
    """What Ana, Bea and Carla read in private after that person's line."""
    await talk.tells(who, line)
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    said = dict.fromkeys(rooms.values(), "")
    for post in await talk.said():
        said[rooms.get(post.room, "")] = said.get(rooms.get(post.room, ""), "") + post.plain + "\n"
    return said


async def carla_is_named(talk: Talk) -> None:
    await told(talk, "panico avisar a @carla:test")
    await talk.wait(timedelta(0))
    await talk.tells("carla", "si")
    await talk.sent()


NO_CALL_OF_HER = [
    *("panico dile a carla que me deje en paz", "panico quiero a carla lejos"),
    *("panic get carla off me", "panic i want carla gone", "panico preciso que a carla pare"),
    *("panico carla esta aca afuera con un cuchillo", "panico carla me encontro"),
    *("panico carla por favor basta", "panico carla estoy en la calle 5", "panico fue la carla"),
    *("panico estoy con carla y nos siguen", "panic carlas drunk and shes hitting me"),
    *("pânico a carla bebeu e me bateu", "panico me siguen carla"),
]


@pytest.mark.parametrize("line", NO_CALL_OF_HER)
async def test_whom_a_call_only_names_is_left_out_while_another_is_called(
    talk: Talk, line: str
) -> None:
    await carla_is_named(talk)
    heard = await told(talk, line)
    assert ALARM in heard["ana"] and heard["carla"] == "", heard
    assert "No le aviso a quien nombras: Carla" in heard["bea"]
    assert "Para avisarle de todos modos: `pánico` y el nombre." in heard["bea"]


SHORT = [
    *("panico carli me pega", "panico me siguen, carl me pega", "panico es carl, me pega"),
    *("panico no le digan a carli", "panic carls hitting me", "pânico carli tá me batendo"),
]


@pytest.mark.parametrize("line", SHORT)
async def test_whom_a_call_speaks_against_by_a_short_form_is_left_out_while_another_is_called(
    talk: Talk, line: str
) -> None:
    await carla_is_named(talk)
    heard = await told(talk, line)
    assert ALARM in heard["ana"] and heard["carla"] == "", heard
    assert "No le aviso a quien nombras: Carla" in heard["bea"]
    await told(talk, "falsa alarma")
    await told(talk, "panico me siguen")
    assert (await told(talk, line.replace("panico ", "")))["carla"] == ""


@pytest.mark.parametrize("line", ["panico carl esta en la plaza", "panico mi carro, me siguen"])
async def test_a_word_that_is_like_a_short_form_leaves_nobody_out_without_that(
    talk: Talk, line: str
) -> None:
    await carla_is_named(talk)
    assert ALARM in (await told(talk, line))["carla"]


ASKED_FOR = [
    *("panico avisale a carla", "panico carla", "panico carla y ana por favor"),
    *("panico decile a carla que venga", "panic call carla now", "panic tell carla they follow me"),
    *("panic alert carla", "pânico chama a carla", "panico que venga carla"),
]


@pytest.mark.parametrize("line", ASKED_FOR)
async def test_whom_a_call_asks_for_is_called(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    heard = await told(talk, line)
    assert ALARM in heard["ana"] and ALARM in heard["carla"], heard
    assert "No le aviso" not in heard["bea"]


NEVER_AGAIN = [
    *("carla por favor basta", "carla", "ayuda carla volvio", "dile a carla que pare"),
    *("quiero a carla lejos", "necesito que carla se vaya", "ana ven, carla no", "please carla"),
    *("tell carla to stop", "i need carla gone", "fala pra carla parar", "si, carla me pega"),
    *("call the cops on carla", "carla veni a pegarme", "ya viene carla apurense"),
]


@pytest.mark.parametrize("line", NEVER_AGAIN)
@pytest.mark.parametrize("asked", [False, True])
async def test_a_later_line_that_does_not_ask_for_her_brings_nobody_back(
    talk: Talk, line: str, *, asked: bool
) -> None:
    await carla_is_named(talk)
    first = "carla me esta pegando"
    assert (
        "No le aviso a quien nombras: Carla"
        in (await told(talk, first if asked else f"panico {first}"))["bea"]
    )
    heard = await told(talk, line)
    assert heard["carla"] == "", heard
    heard = await told(talk, "si" if asked else "estoy en la calle 5")
    assert heard["carla"] == "" and heard["ana"], heard
    await talk.wait(timedelta(minutes=6))
    assert await talk.private("carla") not in {post.room for post in await talk.said()}


async def test_what_was_promised_holds_however_much_is_written_before_the_yes(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "carla me esta pegando")
    for _line in range(9):
        await told(talk, "estoy en la calle 5 detras de la plaza grande del barrio de arriba")
    heard = await told(talk, "si")
    assert ALARM in heard["ana"] and heard["carla"] == "", heard
    assert "No le aviso a quien nombras: Carla" in heard["bea"]


async def test_who_is_brought_back_before_the_yes_is_named(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "carla me esta pegando")
    asked = (await told(talk, "no era ella, avisa a carla"))["bea"]
    assert "Carla (@carla:test)" in asked
    heard = await told(talk, "si")
    assert ALARM in heard["carla"] and "No le aviso" not in heard["bea"]


async def test_who_is_brought_back_into_an_open_call_is_named(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico carla me pego")
    assert "Aviso también, como pides: Carla" in (await told(talk, "avisa a carla"))["bea"]


async def test_where_she_hides_is_kept_from_whoever_is_named(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico")
    await talk.wait(timedelta(0))
    await talk.said()
    for line in ("carla me esta buscando no le digas donde estoy", "estoy en la calle 5"):
        heard = await told(talk, line)
        assert line in heard["ana"] and heard["carla"] == "", heard


async def test_what_is_said_to_the_bot_in_a_room_is_a_line_of_the_open_call(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico")
    await talk.wait(timedelta(0))
    await talk.said()
    await talk.says("bea", "minga carla me esta pegando")
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    said = [(rooms.get(post.room), post.plain) for post in await talk.said()]
    assert any(who == "ana" and "“carla me esta pegando”" in line for who, line in said), said
    assert any(who == "bea" and "No se lo paso a quien nombras: Carla" in x for who, x in said)
    assert not any("¿Aviso ya" in line for _who, line in said)
    await talk.wait(timedelta(minutes=3))
    rung = [post.room for post in await talk.said() if ALARM in post.plain]
    assert rung == [await talk.private("ana")]


STAYS = [
    *(
        "minga ana se desmayo ayuda",
        "minga, ana no respira ayuda",
        "minga, me siguen, estoy con ana",
    ),
    *("minga, me seguem, a ana ta comigo", "minga, im being followed, ana is with me"),
]
TAKEN_AWAY = [
    *("minga me pega el ana", "minga ana esta borracha y me esta pegando"),
    *("minga me siguen, que no se entere ana", "minga, ana is hitting me", "minga a ana me bateu"),
]


@pytest.mark.parametrize("line", STAYS)
async def test_a_cry_that_accuses_nobody_stays_in_the_room(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    posts = await talk.sent()
    assert "redact" not in {post.kind for post in posts}
    private = await talk.private("bea")
    assert any(re.search("Aviso ya|Shall I|Aviso já", p.plain) for p in posts if p.room == private)


@pytest.mark.parametrize("line", TAKEN_AWAY)
async def test_a_cry_that_accuses_a_member_is_taken_away(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert "redact" in {post.kind for post in await talk.sent()}


@pytest.mark.parametrize("line", ["ana y pedro me estan pegando", "pedro y ana me estan pegando"])
async def test_who_does_harm_with_somebody_unknown_is_not_called(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    heard = await told(talk, f"panico {line}")
    assert ALARM in heard["carla"] and heard["ana"] == "", heard

"""Whoever a call for help accuses is not called; in doubt somebody is. Ana alone moderates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import Talk

ALARM = {
    "es": "está en peligro y pide ayuda",
    "pt": "está em perigo e pede ajuda",
    "en": "is in danger and calls for help",
}
YES = {"es": "si", "pt": "sim", "en": "yes"}
NOBODY = {
    "es": "No le aviso a quien nombras: Ana",
    "pt": "Não aviso quem você citou: Ana",
    "en": "Not called, as you name them: Ana",
}
ABOUT_HER = [
    *(("es", "ana me amenaza con pegarme"), ("es", "ana me esta siguiendo")),
    *(("es", "@ana me esta siguiendo"), ("es", "avisa, ana me esta pegando")),
    *(("es", "me esta siguiendo ana, ayuda"), ("es", "no llames a ana, me esta pegando")),
    *(("es", "la que me amenaza se llama ana"), ("es", "necesito ayuda, ana me quiere pegar")),
    *(("es", "me llama ana y me amenaza"), ("es", "ayuda ana me esta pegando")),
    *(("pt", "a ana que modera ta me ameaçando"), ("pt", "ana esta me seguindo")),
    *(("pt", "nao avisa a ana, ela ta me batendo"), ("pt", "a ana me bateu com uma faca")),
    *(("en", "ana is threatening me"), ("en", "ana is threatening me with a knife")),
    *(("en", "dont call ana she is beating me"), ("en", "ana threatened to kill me")),
]
WANTED = [
    *(("es", "me estan siguiendo, avisa a ana"), ("es", "ana veni, me estan siguiendo")),
    *(("es", "llama a ana y a carla que me estan siguiendo"), ("es", "ana ayudame me siguen")),
    *(("es", "avísale a ana me estan persiguiendo"), ("es", "ayuda ana!! me estan siguiendo")),
    *(("pt", "chama a ana, estao me seguindo"), ("pt", "ana me ajuda estao me seguindo")),
    *(("es", "me siguen, avisa a ana"), ("pt", "me seguem, avisa a ana")),
    *(("en", "they follow me, tell ana"), ("es", "los pacos me rodean, dile a ana")),
    *(("en", "call ana they are following me"), ("en", "ana help me, im being followed")),
    *(("es", "me estan siguiendo"), ("pt", "estao me seguindo"), ("en", "im being followed")),
]


async def told(talk: Talk, line: str) -> dict[str, str]:
    """What Ana, Bea and Carla read in private after Bea's line."""
    await talk.tells("bea", line)
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    said = dict.fromkeys(rooms.values(), "")
    for post in await talk.said():
        said[rooms.get(post.room, "")] = said.get(rooms.get(post.room, ""), "") + post.plain + "\n"
    return said


@pytest.mark.parametrize(("language", "line"), ABOUT_HER)
async def test_who_is_named_is_not_called(tmp_path: Path, language: str, line: str) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    asked = (await told(talk, line))["bea"]
    assert NOBODY[language] in asked and asked.count("Ana (") == 1, asked
    heard = await told(talk, YES[language])
    assert NOBODY[language] in heard["bea"] and heard["ana"] == "", heard
    await talk.wait(timedelta(hours=1))
    assert not any(ALARM[language] in post.plain for post in await talk.said())
    await talk.close()


@pytest.mark.parametrize(("language", "line"), WANTED)
async def test_who_is_wanted_is_called(tmp_path: Path, language: str, line: str) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    assert NOBODY[language] not in (await told(talk, line))["bea"]
    assert ALARM[language] in (await told(talk, YES[language]))["ana"]
    await talk.close()


async def carla_is_named(talk: Talk) -> None:
    await told(talk, "panico avisar a @carla:test")
    await talk.wait(timedelta(0))
    await talk.tells("carla", "si")
    await talk.sent()


async def test_the_others_are_called_and_the_question_says_whom(talk: Talk) -> None:
    await carla_is_named(talk)
    asked = (await told(talk, "ana me amenaza"))["bea"]
    assert "Con un `sí` aviso a: Carla (@carla:test)." in asked
    heard = await told(talk, "si")
    assert ALARM["es"] in heard["carla"] and heard["ana"] == ""


async def test_panic_with_a_name_leaves_them_out(talk: Talk) -> None:
    await carla_is_named(talk)
    heard = await told(talk, "panico carla me esta pegando")
    assert ALARM["es"] in heard["ana"] and heard["carla"] == ""
    assert "No le aviso a quien nombras: Carla" in heard["bea"]
    assert heard["bea"].index("Estoy avisando ahora") == 0


async def test_with_nobody_left_the_call_stays_open_and_rings_nobody(talk: Talk) -> None:
    heard = await told(talk, "socorro ana me pegó")
    assert "No queda nadie más a quien pueda avisar" in heard["bea"] and heard["ana"] == ""
    await talk.wait(timedelta(hours=1))
    assert (await told(talk, "estoy en la calle 5"))["ana"] == ""


@pytest.mark.parametrize("line", ["panico sin ana", "panic without ana", "pânico sem a ana"])
async def test_without_her_is_without_her(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    heard = await told(talk, line)
    assert ALARM["es"] in heard["carla"] and heard["ana"] == ""
    assert "No le aviso a quien nombras: Ana" in heard["bea"]


TO_A_YES = [
    *("yes please ana and carla", "sí a ana", "yes, ana", "sí, ana por favor", "sim, a ana"),
    *("sí que venga ana", "sí, avisa a ana, tiene llave"),
]


@pytest.mark.parametrize("answer", TO_A_YES)
async def test_a_yes_that_lists_whom_to_call_leaves_nobody_out(talk: Talk, answer: str) -> None:
    await carla_is_named(talk)
    await told(talk, "me están siguiendo")
    heard = await told(talk, answer)
    assert ALARM["es"] in heard["ana"] and ALARM["es"] in heard["carla"], heard
    assert "No le aviso" not in heard["bea"]


CALLS_ANA = [
    *("Ana estoy en la calle 5", "ana!! me siguen", "ana por favor apurate"),
    *("ana no contesta y me estan siguiendo", "soy amiga de Ana, me siguen"),
    *("estoy con ana y nos siguen", "estoy en la calle Ana Bonilla 12"),
    *("soy ana, me estan siguiendo", "ana mi marido me pega", "anita me esta pegando"),
]


@pytest.mark.parametrize("note", CALLS_ANA)
async def test_in_doubt_she_is_called(talk: Talk, note: str) -> None:
    heard = await told(talk, f"panico {note}")
    assert ALARM["es"] in heard["ana"], heard
    assert "Estoy avisando ahora" in heard["bea"] and "Ana (@ana:test)" in heard["bea"]
    assert "No le aviso" not in heard["bea"]


async def test_a_doubt_leaves_out_where_somebody_else_is_called(talk: Talk) -> None:
    await carla_is_named(talk)
    heard = await told(talk, "panico anita me esta pegando")
    assert ALARM["es"] in heard["carla"] and heard["ana"] == ""
    assert "No le aviso a quien nombras: Ana" in heard["bea"]


async def test_one_of_several_who_do_harm_is_left_out(talk: Talk) -> None:
    await carla_is_named(talk)
    heard = await told(talk, "panico avisa a carla, ana y su hermano me estan pegando")
    assert ALARM["es"] in heard["carla"] and heard["ana"] == ""
    assert "No le aviso a quien nombras: Ana" in heard["bea"]


async def carla_is_on_the_way(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico")
    await talk.tells("carla", "voy")
    await talk.said()


async def test_who_is_on_the_way_is_spoken_to(talk: Talk) -> None:
    await carla_is_on_the_way(talk)
    heard = await told(talk, "carla apurate, me esta pegando")
    for who in ("ana", "carla"):
        assert "“carla apurate, me esta pegando”" in heard[who]
    assert "Responde: Carla" in heard["bea"] and "No se lo paso" not in heard["bea"]
    heard = await told(talk, "carlita me encontro")
    assert "“carlita me encontro”" in heard["carla"]


@pytest.mark.parametrize("asked", [False, True])
async def test_who_is_on_the_way_and_does_harm_is_not_and_the_others_are_called_at_once(
    talk: Talk, *, asked: bool
) -> None:
    await carla_is_on_the_way(talk)
    if asked:  # the call's own question stands; without it the line comes before that
        await talk.wait(timedelta(0))
        await talk.said()
    heard = await told(talk, "es carla la que me pega")
    assert heard["carla"] == "" and "es carla la que me pega" in heard["ana"]
    await talk.wait(timedelta(0))
    after = {post.room: post.plain for post in await talk.said()}
    assert ALARM["es"] in after[await talk.private("ana")]
    assert "Todavía no responde nadie" in heard["bea"] + after.get(await talk.private("bea"), "")
    assert "Responde: Carla" not in heard["bea"]


@pytest.mark.parametrize("again", ["panico avisa a ana", "panico ana", "avisa a ana"])
async def test_who_was_left_out_and_is_asked_for_is_called(talk: Talk, again: str) -> None:
    await carla_is_named(talk)
    await told(talk, "panico ana me pego")
    heard = await told(talk, again)
    await talk.wait(timedelta(0))
    rung = {post.room: post.plain for post in await talk.said() if ALARM["es"] in post.plain}
    assert rung.keys() == {await talk.private("ana"), await talk.private("carla")}
    if again.startswith("panico"):
        assert "Aviso una vez más, y sigo hasta que alguien responda: Carla" in heard["bea"]
        assert "Ana (@ana:test)" in heard["bea"] and "No le aviso" not in heard["bea"]


@pytest.mark.parametrize("line", ["ana esta en la puerta", "panico ana sigue aca"])
async def test_who_was_left_out_and_is_only_named_stays_out(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    await told(talk, "panico ana me pego")
    heard = await told(talk, line)
    await talk.wait(timedelta(minutes=20))
    home = await talk.private("ana")
    assert heard["ana"] == "" and not any(post.room == home for post in await talk.said())


async def test_called_once_more_it_says_who_is_left_out_since_before(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico ana me pego")
    heard = (await told(talk, "panico"))["bea"]
    assert "Aviso una vez más" in heard and ": Carla (@carla:test)" in heard
    assert "No le aviso a quien nombras: Ana" in heard
    heard = (await told(talk, "panico carla me pega tambien"))["bea"]
    assert "Aviso una vez más" not in heard and "No queda nadie más" in heard
    assert "Ana (@ana:test)" in heard and "Carla (@carla:test)" in heard


async def test_what_nobody_got_is_not_said_to_be_passed_on(talk: Talk) -> None:
    await told(talk, "panico")
    heard = await told(talk, "ana me esta pegando")  # before the call's own question
    await talk.wait(timedelta(0))
    assert "Eso no se lo pasé a nadie" in heard["bea"] and "Ya se lo pasé" not in heard["bea"]
    assert "No queda nadie más a quien pueda avisar" in heard["bea"] and heard["ana"] == ""
    await talk.tells("bea", "estoy en la calle 5")
    await talk.wait(timedelta(0))
    said = "\n".join(post.plain for post in await talk.said())
    assert "Eso no se lo pasé a nadie" in said and "Ya se lo pasé" not in said


async def test_without_somebody_while_a_call_rings_is_about_that_call(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico")
    heard = await told(talk, "panico sin carla")
    await talk.wait(timedelta(0))
    assert "No le aviso a quien nombras: Carla" in heard["bea"] and heard["carla"] == ""
    rung = [post.room for post in await talk.said() if ALARM["es"] in post.plain]
    assert rung == [await talk.private("ana")]


async def test_who_takes_a_contact_out_reads_that_nobody_was_called(talk: Talk) -> None:
    await carla_is_named(talk)
    heard = (await told(talk, "panico sin carla"))["bea"]
    assert "Ya no avisaré" in heard and "no avisé a nadie. Si hay peligro: `pánico`" in heard


async def test_in_a_room_it_is_the_same(talk: Talk) -> None:
    await carla_is_named(talk)
    await talk.says("bea", "carla me esta siguiendo")
    await talk.sent()
    heard = await told(talk, "si")
    assert ALARM["es"] in heard["ana"] and heard["carla"] == ""


async def test_a_name_that_comes_later_is_left_out_from_then_on(talk: Talk) -> None:
    await carla_is_named(talk)
    heard = await told(talk, "panico")
    assert ALARM["es"] in heard["carla"] and ALARM["es"] in heard["ana"]
    heard = await told(talk, "carla me esta pegando")
    assert "carla me esta pegando" in heard["ana"] and heard["carla"] == ""
    assert "No se lo paso a quien nombras: Carla" in heard["bea"]
    await talk.wait(timedelta(minutes=3))
    rung = [post.room for post in await talk.said() if ALARM["es"] in post.plain]
    assert rung == [await talk.private("ana")]


async def test_a_name_before_the_yes_is_left_out_too(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "me siguen")
    assert (
        "No le aviso a quien nombras: Carla"
        in (await told(talk, "es carla la que me sigue"))["bea"]
    )
    heard = await told(talk, "si")
    assert ALARM["es"] in heard["ana"] and heard["carla"] == ""


@pytest.mark.parametrize(
    ("first", "line"),
    [
        ("panic tell everyone", "ana harasses me"),
        ("Panic tell everyone", "ana harasses me"),
        ("panico avisar a todas", "me acosa ana en la sala"),
        ("me siguen", "me acosa ana en la sala"),
    ],
)
async def test_however_the_call_was_typed_a_named_helper_is_told_of(
    talk: Talk, first: str, line: str
) -> None:
    await told(talk, first)
    assert "No le aviso a quien nombras: Ana" in (await told(talk, line))["bea"]


@pytest.mark.parametrize("first", ["Incidente", "un compañero me manoseó"])
async def test_in_a_report_it_is_not_told_who_is_not_called(talk: Talk, first: str) -> None:
    await told(talk, first)
    assert "No le aviso a quien nombras" not in (await told(talk, "me acosa ana en la sala"))["bea"]

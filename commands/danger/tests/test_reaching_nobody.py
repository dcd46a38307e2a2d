"""A call for help that its words leave nobody for, and lines that are older than it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.danger.tests.test_called_by_name import carla_is_named, told

CALL = "está en peligro y pide ayuda"


async def test_a_bare_panic_calls_again_when_nobody_is_left(talk: Talk) -> None:
    """Whoever held her phone may have left all of them out."""
    await carla_is_named(talk)
    await told(talk, "panico me siguen")
    left = await told(talk, "no avises a ana ni a carla")
    assert "`pánico` y el nombre" in left["bea"]
    heard = await told(talk, "panico")
    assert "Aviso una vez más" in heard["bea"] and "Carla (@carla:test)" in heard["bea"]
    await talk.wait(timedelta(minutes=1))
    rung = {post.room for post in await talk.said() if CALL in post.plain}
    assert rung == {await talk.private("ana"), await talk.private("carla")}


ANSWERS = ("voy", "ya voy", "on my way", "voy 1", "acudo", "acudo 1", "no puedo")


async def answers_of(talk: Talk, who: str) -> list[str]:
    """Return what they read when they answer a call that does not ring for them."""
    read = []
    for line in ANSWERS:
        read.append((await told(talk, line, who))[who])
        await told(talk, "cancelar", who)
    return read


@pytest.mark.parametrize("line", ["no avises a ana ni a carla", "ana y carla me estan pegando"])
async def test_who_was_taken_out_reads_the_same_as_of_a_call_that_is_over(
    talk: Talk, line: str
) -> None:
    """Else whoever does harm could find out that she goes on calling, without them."""
    await carla_is_named(talk)
    await told(talk, "panico me siguen")
    await told(talk, line)
    taken_out = await answers_of(talk, "ana")
    assert "Ya no aviso a nadie" in (await told(talk, "falsa alarma"))["bea"]
    assert await answers_of(talk, "ana") == taken_out
    for said in taken_out[1:3]:
        assert said.strip() == "Nadie te avisa con ese número: ya pasó, o es otro número."


async def test_who_never_rang_is_told_nothing_of_a_call(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico carla me esta pegando")
    await talk.tells("carla", "voy")
    assert "Falta el número" in (await talk.said())[-1].plain


@pytest.mark.parametrize(
    "lines",
    [
        ("panico carla y ana me estan pegando", "panico ayuda"),
        ("panico me siguen", "carla y ana me estan pegando"),
        ("panico me siguen", "carla y ana me estan pegando", "no avises a ana ni a carla"),
        (f"panico {'ayuda ' * 100}, carla me pega, ana me pega",),
    ],
)
async def test_whom_any_words_accuse_a_bare_panic_does_not_call(
    talk: Talk, lines: tuple[str, ...]
) -> None:
    await carla_is_named(talk)
    for line in lines:
        await told(talk, line)
    await talk.wait(timedelta(minutes=1))
    await talk.sent()
    await told(talk, "panico")
    await talk.wait(timedelta(minutes=1))
    assert not [post for post in await talk.said() if CALL in post.plain]


async def test_whom_the_call_itself_accuses_a_bare_panic_does_not_call(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico carla y ana me estan pegando")
    await told(talk, "panico")
    await talk.wait(timedelta(minutes=1))
    assert not [post for post in await talk.said() if CALL in post.plain]


@pytest.mark.parametrize("line", ["carla, ven", "apurate carla", "carla ven ya por favor"])
async def test_who_is_bidden_to_come_is_not_lost(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    await told(talk, "panico me siguen")
    heard = await told(talk, line)
    assert line in heard["carla"] and line in heard["ana"]


@pytest.mark.parametrize("line", ["ya viene carla apurense", "carla ven no me pegues"])
async def test_who_is_named_besides_gets_no_such_line(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    await told(talk, "panico me siguen")
    assert (await told(talk, line))["carla"] == ""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        *(("private", line) for line in ("minga, falsa alarma", "panico cancelar", "cancelar")),
        ("room", "minga, falsa alarma"),
    ],
)
async def test_a_line_from_before_the_call_does_not_end_it(
    talk: Talk, place: str, line: str
) -> None:
    await told(talk, "panico me siguen")
    says = talk.tells if place == "private" else talk.says
    await says("bea", line, late=True, at=talk.clock.at - timedelta(hours=5))
    await talk.sent()
    await talk.wait(timedelta(minutes=4))
    assert any(CALL in post.plain for post in await talk.said())


@pytest.mark.parametrize("place", ["private", "room"])
async def test_who_names_their_only_helper_is_not_asked_whether_to_call(
    talk: Talk, place: str
) -> None:
    says = talk.tells if place == "private" else talk.says
    await says("bea", "minga ayuda, ana me está pegando")
    (heard,) = [post.plain for post in await talk.said()]
    assert heard.startswith("No le aviso a quien nombras: Ana (@ana:test).\nNo queda nadie más")
    assert "¿Aviso" not in heard and heard.count("emergencias") == 1
    for line in ("estoy en la calle 5", "eventos"):
        heard = (await told(talk, line))["bea"]
        assert "¿Aviso" not in heard and "No queda nadie más" in heard, heard


async def test_where_nobody_cares_for_the_network_the_one_who_does_is_not_asked(talk: Talk) -> None:
    await talk.tells("ana", "ayuda, me siguen")
    (heard,) = [post.plain for post in await talk.said()]
    assert heard.startswith("No tengo a quién avisar") and "¿Aviso" not in heard


async def test_their_words_are_kept_for_whom_they_ask_for_after_all(talk: Talk) -> None:
    await told(talk, "ayuda, ana me está pegando")
    heard = await told(talk, "llama a ana, fue sin querer")
    assert "¿Aviso" in heard["bea"] or "Le aviso" in heard["bea"], heard
    assert "me está pegando" in (await told(talk, "sí"))["ana"]


async def test_a_late_false_alarm_says_who_is_on_the_way(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, "panico me siguen")
    before = talk.clock.at - timedelta(hours=5)
    for taken, says in ((False, "Sigo intentando"), (True, "Carla (@carla:test) responde a tu")):
        if taken:
            await told(talk, "voy", "carla")
        await talk.tells("bea", "falsa alarma", late=True, at=before)
        (heard,) = [post.plain for post in await talk.said()]
        assert heard.startswith(says) and "`pánico cancelar`" in heard


@pytest.mark.parametrize("first", [True, False])
async def test_where_nobody_is_reached_it_is_not_said_what_a_yes_does(
    talk: Talk, *, first: bool
) -> None:
    lines = ["ana me está pegando, que nadie se entere de mi nombre"]
    if not first:
        lines = ["ayuda, ana me está pegando", "que nadie se entere de mi nombre"]
    heard = "\n".join([(await told(talk, line))["bea"] for line in lines])
    assert "No queda nadie más" in heard and "`sí`" not in heard

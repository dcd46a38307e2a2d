"""The call for help, as conversations. It is Wednesday 25 November 2026, 10:00 in Bogotá."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership
from commands.danger import feature

MINUTE = timedelta(minutes=1)
MACHINE_OFF = "Si mi computadora está apagada, no oigo ningún aviso"
ALARM = "está en peligro y pide ayuda"


async def letters(talk: Talk) -> dict[str, list[str]]:
    """What each person has read in private since."""
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    told: dict[str, list[str]] = {}
    for post in await talk.said():
        told.setdefault(rooms.get(post.room, post.room), []).append(post.plain)
    return told


async def carla_is_named(talk: Talk) -> None:
    await letters(talk)
    await talk.tells("bea", "panico avisar a @carla:test")
    await talk.wait(timedelta(0))
    assert "¿Responderías a un aviso así?" in (await letters(talk))["carla"][-1]
    await talk.tells("carla", "si")
    assert "respondería a un aviso tuyo" in (await letters(talk))["bea"][0]


async def test_it_rings_for_all_until_one_answers_and_nobody_else_reads_it(talk: Talk) -> None:
    await carla_is_named(talk)
    await talk.says("bea", "!socorro me siguen")
    sent = await talk.sent()
    assert [post.kind for post in sent].count("redact") == 1
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    said = {rooms[p.room]: p.plain for p in sent if p.kind == "m.room.message"}
    assert "Ana (@ana:test)" in said["bea"] and "Carla (@carla:test)" in said["bea"]
    for who in ("ana", "carla"):
        assert ALARM in said[who] and "“me siguen”" in said[who] and "`voy 1`" in said[who]
    await talk.wait(3 * MINUTE)
    told = await letters(talk)
    assert ALARM in told["ana"][0] and ALARM in told["carla"][0]
    assert "escribe dónde estás" in "\n".join(told["bea"])
    await talk.tells("bea", "calle 5 con 7")
    told = await letters(talk)
    assert "“calle 5 con 7”" in told["ana"][0] and "“calle 5 con 7”" in told["carla"][0]
    await talk.tells("carla", "voy")
    told = await letters(talk)
    assert "Anotado" in told["carla"][0]
    assert "Carla (@carla:test) responde al aviso de Bea" in told["bea"][0]
    assert "Carla (@carla:test) responde al aviso de Bea" in told["ana"][0]
    await talk.wait(timedelta(hours=1))
    assert not any(ALARM in text for texts in (await letters(talk)).values() for text in texts)


async def test_it_rings_on_after_a_restart(talk: Talk) -> None:
    await talk.tells("bea", "auxilio")
    await letters(talk)
    await talk.restart(after=timedelta(hours=2))
    await talk.wait(timedelta(0))
    assert ALARM in (await letters(talk))["ana"][0]


@pytest.mark.parametrize(
    "words",
    [
        *("cancelar", "panico fue sin querer", "Falsa alarma", "cancelar por favor"),
        *("cancel please", "false alarm sorry", "ja to bem, foi sem querer"),
        *("panico cancelar porfavor", "panico cancelar muito obrigada", "panic cancel plis"),
    ],
)
async def test_taken_back_everybody_hears_it_and_nothing_is_kept(talk: Talk, words: str) -> None:
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    await letters(talk)
    await talk.tells("bea", words)
    await talk.wait(timedelta(0))
    told = await letters(talk)
    assert "Ya no aviso a nadie" in "\n".join(told["bea"])
    assert "No cambié nada" not in "\n".join(told["bea"])  # people were called
    assert "escribió que ya pasó" in told["ana"][0]
    await talk.wait(timedelta(hours=1))
    assert not any(ALARM in text for texts in (await letters(talk)).values() for text in texts)
    async with talk.machine.db.reading() as tx:
        for table in ("danger_panic", "danger_called", "item"):
            assert not await tx.all(f"SELECT * FROM {table}"), table  # noqa: S608


@pytest.mark.parametrize(
    "line",
    [
        *("necesito q vengan al parque", "voy corriendo por la 7", "perfil bajo, me escondi"),
        *("no puedo hablar", "busco salida por la 7", "hola", "ayuda", "preciso sair daqui"),
    ],
)
async def test_what_is_written_during_a_call_is_passed_on_and_no_command(
    talk: Talk, line: str
) -> None:
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    await letters(talk)
    for said in (line, line):  # as the first answer, and as a further one
        await talk.tells("bea", said)
        await talk.wait(timedelta(0))
        told = await letters(talk)
        assert f"“{said}”" in told["ana"][0], told
        assert "Publico" not in "\n".join(told["bea"])


async def test_the_alarm_once_more_is_the_alarm(talk: Talk) -> None:
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    await letters(talk)
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    told = await letters(talk)
    assert ALARM in told["ana"][0] and "Aviso una vez más" in told["bea"][0]


async def test_taken_back_at_once_it_is_over(talk: Talk) -> None:
    await talk.tells("bea", "panico")
    await talk.tells("bea", "cancelar")  # before the bot asked where she is
    told = await letters(talk)
    assert "Ya no aviso a nadie" in "\n".join(told["bea"]) and "parar" not in str(told)
    await talk.wait(timedelta(hours=1))
    assert not any(ALARM in text for texts in (await letters(talk)).values() for text in texts)


async def test_no_flood_holds_it_up(tmp_path: Path) -> None:
    talk = await Talk.start(tmp_path / "flood.db", [feature], commands_per_minute=2)
    for _n in range(6):
        await talk.says("bea", "!acudo 1")
    await talk.sent()
    await talk.says("bea", "!panico")
    assert any(ALARM in post.plain for post in await talk.said())
    await talk.close()


async def test_who_cannot_be_reached_is_said_plainly(talk: Talk) -> None:
    talk.gateway.unconfirmed.add(user_id("carla"))
    await letters(talk)
    await talk.tells("bea", "panico avisar @carla:test")
    (said,) = (await letters(talk))["bea"]
    assert "falta confirmar su celular: Carla" in said
    assert MACHINE_OFF in said
    await talk.tells("bea", "panico avisar")
    assert MACHINE_OFF in (await letters(talk))["bea"][0]
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE danger_named SET agreed = 1")
    await talk.tells("bea", "panico")
    await letters(talk)
    await talk.wait(MINUTE)
    said = "\n".join((await letters(talk))["bea"])
    assert "Todavía no les llegó: Carla" in said
    assert "Avisé y todavía no responden: Ana" in said


async def test_who_is_named_may_say_no_then_and_later(talk: Talk) -> None:
    await letters(talk)
    await talk.tells("bea", "panico avisar @carla:test")
    await talk.wait(timedelta(0))
    await talk.tells("carla", "no")
    assert "no puede responder a un aviso tuyo" in (await letters(talk))["bea"][-1]
    await carla_is_named(talk)
    await talk.tells("carla", "panico sin mí")
    assert "no puede responder a un aviso tuyo" in (await letters(talk))["bea"][-1]
    await talk.tells("bea", "panico")
    assert "carla" not in await letters(talk)


async def test_a_no_to_a_misspelt_call_does_not_say_that_nobody_is_called(talk: Talk) -> None:
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    await letters(talk)
    await talk.says("bea", "!auxlio")
    await talk.said()
    await talk.tells("bea", "no")
    heard = "\n".join((await letters(talk))["bea"])
    assert "No avisé a nadie" not in heard
    assert "sigue" in heard
    await talk.tells("bea", "panico ya pasó")
    await talk.wait(timedelta(0))
    assert "Ya no aviso a nadie" in "\n".join((await letters(talk))["bea"])
    await talk.says("bea", "!auxlio")
    await talk.said()
    await talk.tells("bea", "no")
    assert "No avisé a nadie" in "\n".join((await letters(talk))["bea"])


@pytest.mark.parametrize(
    "line", ["no puedo hablar", "voy por la 7", "no voy a la casa", "tal vez me vio", "ayuda"]
)
async def test_talk_in_the_words_of_a_command_is_passed_on_before_the_call_has_asked(
    talk: Talk, line: str
) -> None:
    await letters(talk)
    await talk.tells("bea", "panico")
    await letters(talk)
    await talk.tells("bea", line)  # the call's own question comes after its commit
    told = await letters(talk)
    assert f"“{line}”" in told["ana"][0], told


@pytest.mark.parametrize(
    "line",
    ["no puedo hablar", "no puedo", "voy por la 7", "busco una salida por la plaza"],
)
async def test_talk_does_not_lose_the_question_whether_to_call(talk: Talk, line: str) -> None:
    await letters(talk)
    await talk.tells("bea", "me están siguiendo")
    await talk.hears("¿Aviso ya a tu gente")
    await talk.tells("bea", line)
    await letters(talk)
    await talk.tells("bea", "si")
    told = await letters(talk)
    assert ALARM in told["ana"][0] and f"“me están siguiendo {line}”" in told["ana"][0], told


async def test_a_whole_command_is_run_while_the_question_whether_to_call_is_open(
    talk: Talk,
) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    await talk.tells("bea", "regreso 22h @ana:test")
    assert "Hora de regreso" in (await talk.said())[0].plain


@pytest.mark.parametrize(
    "line",
    [
        *(
            "pánico avisar carla",
            "panic tell carla",
            "pánico avisar a carla",
            "panico avisar @carla",
        ),
        *("panico avisar a Carla.", "!panico avisar carla y @bea:test", "panic tell carla and ana"),
    ],
)
async def test_a_contact_may_be_named_shortly(talk: Talk, line: str) -> None:
    await letters(talk)
    await talk.tells("bea", line)
    told = await letters(talk)
    assert "Carla (@carla:test)" in told["bea"][0], told
    assert "no avisé a nadie. Si hay peligro: `pánico`" in told["bea"][0]
    assert ALARM not in str(told)


@pytest.mark.parametrize(
    "line",
    [
        "panico avisar @dora",
        "pánico avisar dora",
        "panico avisar @carla @dora",
        "panico avisar @hermana",
    ],
)
async def test_whom_nobody_knows_is_asked_for_and_calls_nobody(talk: Talk, line: str) -> None:
    await letters(talk)
    await talk.tells("bea", line)
    told = await letters(talk)
    assert "No sé quién es “@" in told["bea"][0]
    assert "no avisé a nadie" in told["bea"][0].casefold()
    assert ALARM not in str(told)
    await talk.tells("bea", "panico avisar")
    assert "Carla" not in (await letters(talk))["bea"][0]


@pytest.mark.parametrize("name", ["@carla", "carla"])
async def test_a_contact_is_taken_out_by_a_short_name(talk: Talk, name: str) -> None:
    await carla_is_named(talk)
    await talk.tells("bea", f"panico sin {name}")
    told = await letters(talk)
    assert ALARM not in str(told) and "Carla" in told["bea"][0]
    await talk.tells("bea", "panico avisar")
    assert "Carla" not in (await letters(talk))["bea"][0]


@pytest.mark.parametrize(
    "note",
    [
        *("avisar policia", "tell ana they are at the door", "call ana"),
        *("sin agua", "avisar ana ya", "avisar ya", "avisa que me siguen", "@carla me siguen"),
        *("avisar hermana ya", "avisar a mi hermana me pegan", "tell sister and ana"),
        *("avisa a todas", "llamar a mi hermana"),
        *("sin luz", "sem luz", "sin hermana"),
    ],
)
async def test_a_cry_in_such_words_calls(talk: Talk, note: str) -> None:
    await letters(talk)
    await talk.tells("bea", f"panico {note}")
    told = await letters(talk)
    assert ALARM in told["ana"][0] and f"“{note}”" in told["ana"][0], told


@pytest.mark.parametrize(
    "line",
    [
        *("panico avisar dora", "panic tell dora"),
        *("!pánico avisar a carla", "pánico avisar a ana"),
    ],
)
async def test_a_bare_name_that_may_be_a_cry_is_asked_about_and_a_yes_calls(
    talk: Talk, line: str
) -> None:
    await carla_is_named(talk)
    await talk.tells("bea", line)
    told = await letters(talk)
    assert ALARM not in str(told) and "Anotado" not in str(told), told
    assert "¿Aviso ya a tu gente?" in told["bea"][-1]
    await talk.tells("bea", "estoy en la 7")
    await letters(talk)
    await talk.tells("bea", "si, rapido")
    told = await letters(talk)
    note = line.split(" ", 1)[1]
    for who in ("ana", "carla"):
        assert ALARM in told[who][0] and f"“{note} estoy en la 7" in told[who][0], told
    await talk.tells("bea", line)  # a call rings already
    await talk.wait(timedelta(0))
    told = await letters(talk)
    assert f"“{note}”" in told["ana"][0] and "¿Aviso" not in str(told), told


async def test_a_no_to_it_calls_nobody(talk: Talk) -> None:
    await talk.tells("bea", "panico avisar dora")
    await talk.tells("bea", "no")
    told = await letters(talk)
    assert "No avisé a nadie" in told["bea"][-1] and ALARM not in str(told)


async def test_whoever_agreed_is_not_said_to_be_asked_again(talk: Talk) -> None:
    await carla_is_named(talk)
    await talk.tells("bea", "panico avisar @carla:test")
    (said,) = (await letters(talk))["bea"]
    assert "Si pides ayuda, aviso a: Carla" in said and "Anotado" not in said
    assert "¿Aviso" not in said


async def test_a_word_for_a_relative_is_no_strangers_name(talk: Talk) -> None:
    await talk.moves("@hermana:evil.org", Membership.JOIN)
    await letters(talk)
    await talk.tells("bea", "panico avisar hermana")
    told = await letters(talk)
    assert "¿Aviso ya a tu gente?" in told["bea"][0] and "hermana:evil.org" not in str(told), told


async def test_a_stranger_of_a_room_outside_the_network_has_no_short_name(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET kind = 'org.minga.public' WHERE room = ?", ROOM)
    await letters(talk)
    await talk.tells("bea", "panico avisar carla")
    assert "No sé quién es “@carla”" in (await letters(talk))["bea"][0]


@pytest.mark.parametrize(("name", "said"), [("@ana", "le aviso igual: Ana"), ("@carla", "Ya no")])
async def test_who_is_called_all_the_same_is_said(talk: Talk, name: str, said: str) -> None:
    await letters(talk)
    await talk.tells("bea", f"panico sin {name}")
    (heard,) = (await letters(talk))["bea"]
    assert said in heard and ("Ya no avisaré" in heard) == (name == "@carla"), heard


async def test_without_light_is_a_call_also_if_a_contact_is_called_so(talk: Talk) -> None:
    await talk.moves("luz", Membership.JOIN)
    await letters(talk)
    await talk.tells("bea", "panico avisar luz")
    assert "Anotado" in (await letters(talk))["bea"][0]
    await talk.tells("bea", "panico sin luz")
    assert ALARM in (await letters(talk))["ana"][0]


@pytest.mark.parametrize(
    "line",
    [
        *("avisar a mi hermana", "avisar a todas", "avisar a minha irmã", "tell my sister"),
        *("avisar hermana", "tell lawyer", "tell everyone"),
    ],
)
async def test_who_may_be_choosing_somebody_beforehand_is_asked(talk: Talk, line: str) -> None:
    await talk.tells("bea", f"panico {line}")
    told = await letters(talk)
    assert "Todavía no avisé a nadie. ¿Aviso ya a tu gente?" in told["bea"][0] and "ana" not in told

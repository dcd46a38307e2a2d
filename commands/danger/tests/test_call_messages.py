"""What is written during a call for help is passed on, and answered with how the call stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from commands.danger.tests.test_panic import ALARM, letters

GOES_ON, ENDS = "Tu aviso sigue", "Si ya pasó, o fue sin querer: `pánico ya pasó`"
OVER = [
    *(
        "estoy bien",
        "ya estoy bien gracias",
        "stoy bien",
        "todo bien",
        "no fue nada",
        "no paso nada",
    ),
    *("falsa alarma fue", "ya estoy en casa", "llegué bien", "ya se fueron", "me soltaron"),
    *("me equivoqué", "ya no hace falta", "olvídenlo", "apaga la alarma"),
    *("tô bem", "já tô em casa", "não foi nada", "foi engano", "já foram embora", "deixa pra lá"),
    *(
        "i'm ok now",
        "it was nothing",
        "never mind",
        "they let me go",
        "home now, im home",
        "all good",
    ),
    *("stop", "salir", "sair", "parar", "exit"),
]
NOT_OVER = [
    *("no estoy bien", "creo que no estoy a salvo", "todavía no se fueron", "voy por la 7"),
    *("não estou bem", "ainda não foram embora", "i'm not ok", "they have not left", "sigo aquí"),
    *("ya se fue con mi hija", "ele foi embora com minha filha", "he left with my daughter"),
]


async def calls(talk: Talk) -> None:
    await letters(talk)
    await talk.tells("bea", "panico")
    await talk.wait(timedelta(0))
    await letters(talk)


async def writes(talk: Talk, line: str) -> dict[str, list[str]]:
    await talk.tells("bea", line)
    told = await letters(talk)
    await talk.wait(timedelta(0))
    for who, texts in (await letters(talk)).items():
        told.setdefault(who, []).extend(texts)
    return told


@pytest.mark.parametrize("line", OVER)
async def test_a_line_that_may_mean_that_it_is_over_says_how_to_end_it_and_ends_nothing(
    talk: Talk, line: str
) -> None:
    """Whoever holds the phone may have written it, and would answer a question too."""
    await calls(talk)
    told = await writes(talk, line)
    assert f"“{line}”" in told["ana"][0]
    (answer,) = told["bea"]
    assert GOES_ON in answer and ENDS in answer
    await talk.wait(timedelta(minutes=3))
    assert ALARM in (await letters(talk))["ana"][0]
    assert "Ya no aviso a nadie" in (await writes(talk, "ya pasó"))["bea"][0]


@pytest.mark.parametrize("line", NOT_OVER)
async def test_who_is_not_well_is_not_told_how_to_end_it(talk: Talk, line: str) -> None:
    await calls(talk)
    (answer,) = (await writes(talk, line))["bea"]
    assert GOES_ON in answer and ENDS not in answer


@pytest.mark.parametrize("line", ["¿quién viene?", "quien biene", "hay alguien?", "quem vem?"])
async def test_each_answer_says_who_comes(talk: Talk, line: str) -> None:
    await calls(talk)
    assert "Todavía no responde nadie" in (await writes(talk, line))["bea"][0]
    await talk.tells("ana", "voy")
    await letters(talk)
    assert "Responde: Ana (@ana:test)" in (await writes(talk, line))["bea"][0]


@pytest.mark.parametrize("line", ["auxilio", "AUXILIOOO", "nos están siguiendo", "socorro"])
async def test_a_cry_in_the_room_is_answered_with_the_call_that_is_open(
    talk: Talk, line: str
) -> None:
    await calls(talk)
    for _ in range(2):
        await talk.says("bea", line)
        told = await letters(talk)
        assert list(told) == ["bea"] and GOES_ON in told["bea"][0]
        assert "no avisé a nadie" not in told["bea"][0]
        assert "una vez más, escribe aquí: `pánico`" in told["bea"][0]


async def test_the_end_written_as_a_reply_ends_it(talk: Talk) -> None:
    await calls(talk)
    await talk.tells("ana", "voy")
    await talk.sent()
    home = await talk.private("bea")
    (news,) = [
        p for p in talk.gateway.posted.values() if p.room == home and "responde al" in p.plain
    ]
    await talk.tells("bea", "ya pasó", reply=news)
    assert "Ya no aviso a nadie" in (await letters(talk))["bea"][0]


async def test_the_question_of_a_call_that_is_over_takes_nothing_from_the_next(talk: Talk) -> None:
    await calls(talk)
    await talk.tells("ana", "voy")
    await talk.sent()
    home = await talk.private("bea")
    (news,) = [
        p for p in talk.gateway.posted.values() if p.room == home and "responde al" in p.plain
    ]
    await talk.tells("bea", "ya pasó", reply=news)
    await talk.sent()
    await talk.tells("bea", "panico")
    await talk.sent()
    await talk.tells("bea", "calle 5 numero 7, me siguen")
    assert any("calle 5 numero 7" in line for line in (await letters(talk))["ana"])


@pytest.mark.parametrize("asking", ["recordar", "cancela", "regreso 22:00", "necesito"])
async def test_what_else_was_asked_holds_back_nothing_from_the_helpers(
    talk: Talk, asking: str
) -> None:
    await talk.tells("bea", asking)
    await letters(talk)
    await talk.says("bea", "!panico")
    await letters(talk)
    for line in ("estoy en la calle 5 con juarez", "son dos"):
        told = await writes(talk, line)
        assert f"“{line}”" in told["ana"][0], told


@pytest.mark.parametrize("line", ["no puedo", "ya no puedo ir", "no voy", "não posso"])
async def test_a_helper_who_can_not_come_after_all_is_no_helper(talk: Talk, line: str) -> None:
    await calls(talk)
    await talk.tells("ana", "si, voy")
    assert "responde al aviso" in (await letters(talk))["bea"][0]
    await talk.tells("ana", line)
    assert "ya no puede" in (await letters(talk))["bea"][0]
    await talk.wait(timedelta(0))
    assert ALARM in (await letters(talk))["ana"][0]
    assert "Todavía no responde nadie" in (await writes(talk, "quien viene?"))["bea"][0]


async def test_a_helper_who_is_not_understood_reads_how_to_answer(talk: Talk) -> None:
    await calls(talk)
    await talk.tells("ana", "enterada")
    assert "pide ayuda. Si te encargas: `voy 1`" in (await letters(talk))["ana"][0]


@pytest.mark.parametrize(
    "line", ["falsa alarma", "alarma falsa", "ya pasó", "foi alarme falso", "falso alarme"]
)
async def test_who_takes_back_what_is_over_reads_that_nobody_is_called(
    talk: Talk, line: str
) -> None:
    await calls(talk)
    await writes(talk, "ya pasó")
    told = await writes(talk, line)
    assert "no estoy avisando a nadie" in told["bea"][0] and "ana" not in told


@pytest.mark.parametrize("line", ["stop", "salir", "sair"])
async def test_a_bare_stop_before_the_call_has_asked_ends_nothing(talk: Talk, line: str) -> None:
    await letters(talk)
    await talk.tells("bea", "panico")
    await letters(talk)
    told = (await writes(talk, line))["bea"]
    assert GOES_ON in told[0] and ENDS in told[0]
    await talk.wait(timedelta(minutes=4))
    assert any(ALARM in text for text in (await letters(talk))["ana"])

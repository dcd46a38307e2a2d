"""Who doubts that the bot is the bot reads how to find out, and that its word proves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import Talk
from commands.verification.doubts import is_doubt

WORD = "Mi palabra no prueba nada"
SHIELD = "Un escudo rojo"
DOUBTS = [
    *("¿eres tú de verdad?", "eres tu?", "heres el bot", "sos vos?", "eres el verdadero bot"),
    *(
        "cómo sé que eres tú",
        "como se q eres tu",
        "como se si es minga",
        "te hackearon?",
        "te jaquearon",
    ),
    *(
        "puedo confiar en ti?",
        "eres policía?",
        "eres una persona?",
        "estás hackeado",
        "te jaquearon",
    ),
    *("você é mesmo você?", "vc é vc msm?", "é vc?", "como eu sei que é vc", "hackearam você?"),
    *("posso confiar em você?", "você é um robô?", "você é da polícia mesmo? você é a polícia?"),
    *("are you really the bot?", "r u the real bot", "is it really you?", "how do i know it's you"),
    *("how can i tell its you", "have you been hacked?", "can i trust you?", "are you the police?"),
]
SHIELDS = [
    *("me sale un escudo rojo", "qué es el escudo gris", "me sale un candado rojo en tus mensajes"),
    *("dice que no estás verificado", "dice que tu identidad cambió", "tem um escudo vermelho"),
    *(
        "there is a red shield",
        "red sheild",
        "it says you are not verified",
        "your identity changed",
    ),
]
ASKED = [
    *(
        "otro bot me pidió mi contraseña",
        "me piden la contraseña",
        "me pidio mi clave de recuperacion",
    ),
    *("alguien quiere mi contrasenia", "necesitas mi contraseña?", "le di mi contraseña a un bot"),
    *("um bot pediu minha senha", "estão pedindo a senha", "dei minha senha pro bot"),
    *("a bot asked for my password", "do you need my recovery key?", "i gave my password to a bot"),
]
OTHERS = [
    *("pide la contraseña del wifi", "olvidé mi contraseña", "quiero pedir la palabra"),
    *("a senha do zoom quem pede?", "i forgot my password", "esqueci minha senha"),
    *("quién viene?", "eres muy amable", "cómo sé si hay lugar", "é amanhã?", "are you there?"),
    *("how do i know when it is", "você é demais", "la reunión es real", "necesito una persona"),
]


@pytest.mark.parametrize("line", DOUBTS + SHIELDS + ASKED)
async def test_a_doubt_is_known(line: str) -> None:
    assert is_doubt(line)


@pytest.mark.parametrize("line", OTHERS)
async def test_what_is_no_doubt_is_left_alone(line: str) -> None:
    assert not is_doubt(line)


async def test_the_answer_names_the_comparison_and_the_key(tmp_path: Path) -> None:
    talk = await Talk.start(tmp_path / "minga.db", features())
    talk.gateway.masters[talk.gateway.me] = "abcdefgh"
    await talk.tells("bea", "otro bot me pidió mi contraseña")
    (answer,) = await talk.said()
    assert "no soy yo" in answer.plain and "cambia tu contraseña" in answer.plain
    for line, first in (("¿eres tú de verdad?", WORD), ("me sale un escudo rojo", SHIELD)):
        await talk.tells("bea", line)
        (answer,) = await talk.said()
        assert first in answer.plain and "`verificar`" in answer.plain
        assert "abcd efgh" in answer.plain and "por teléfono" in answer.plain
    await talk.close()

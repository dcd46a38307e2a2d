"""The commands that the bot teaches beside the question whether to call go before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import Talk

FIRST = {
    "es": ("quiero denunciar a pedro, me acosa", "no quiero que sepa que fui yo"),
    "pt": ("quero denunciar o pedro, ele me assedia", "nao quero que ele saiba que fui eu"),
    "en": ("i want to report pedro", "he must not know it was me"),
}
NO = {"es": "Bien. No avisé a nadie.", "pt": "Certo. Não avisei ninguém.", "en": "I told nobody."}
BAR = "│ "
BOXED = [
    *(("es", "buzon pedro me acosa por privado"), ("es", "Buzón: pedro me manda fotos")),
    *(("es", "anonimo pedro no me deja en paz"), ("pt", "caixa o pedro fica mandando foto")),
    *(("pt", "caixinha ele me persegue na sede"), ("en", "box pedro keeps harassing me")),
    *(("en", "anonymous he sends me pictures"), ("en", "!box he touches me")),
]


async def last(talk: Talk, line: str) -> str:
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize(("language", "line"), BOXED)
@pytest.mark.parametrize("lines", [1, 2])
async def test_the_box_goes_before_the_report(
    tmp_path: Path, language: str, line: str, lines: int
) -> None:
    talk = await Talk.start(tmp_path / "m.db", features(), language=language)
    for one in FIRST[language][:lines]:
        await last(talk, one)
    said = await last(talk, line)
    assert NO[language] in said and BAR in said
    told = await last(talk, {"es": "si", "pt": "sim", "en": "yes"}[language])
    assert BAR in told and "Bea" not in told
    await talk.close()


@pytest.mark.parametrize("line", ["borrarme", "borra mi cuenta", "Borrarme ya"])
async def test_who_has_all_deleted_rings_no_alarm(talk: Talk, line: str) -> None:
    await last(talk, "mi marido revisa mi celular")
    said = await last(talk, line)
    assert NO["es"] in said and "`pánico`" in said and said.endswith("¿Sigo? `sí` o `no`")
    said = await last(talk, "si")
    assert "ya no guardo nada tuyo" in said and "está en peligro" not in said


@pytest.mark.parametrize("line", ["buzón de correos de la esquina", "caja de la calle 5"])
async def test_a_place_in_danger_is_kept_for_the_call(talk: Talk, line: str) -> None:
    await last(talk, "me están siguiendo")
    assert "¿Aviso, con todo lo que escribiste aquí?" in await last(talk, line)
    assert f"“me están siguiendo {line}”" in await last(talk, "si")


async def test_words_for_the_box_in_danger_are_not_kept_without_a_warning(talk: Talk) -> None:
    await last(talk, "me están siguiendo")
    said = await last(talk, "buzón pedro me acosa")
    assert "Con un `sí`, quien reciba el aviso ve tu nombre" in said


async def test_a_sign_out_leaves_the_question_open(talk: Talk) -> None:
    await last(talk, "mi ex tiene mi celular y me amenaza")
    said = await last(talk, "cerrar sesión")
    assert "Element" in said and "¿Aviso? `sí` o `no`" in said

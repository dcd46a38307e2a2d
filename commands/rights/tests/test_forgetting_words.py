"""Who asks in their own words that all of them be deleted is asked whether to, and loses nothing
else on the way."""

from __future__ import annotations

import pytest

from bot.testing.talk import Talk

WISHES = [
    *("delete everything u have on me pls", "please delete all my data", "delete my data please"),
    *("erase everything you know about me", "delete all the data you have on me"),
    *("can you delete everything about me", "i want you to delete all my data", "wipe all my data"),
    *("delete everything youve got on me", "delete all my data and messages"),
    *("q sabes de mi borra todo", "borra todo lo q sabes de mi", "borra todos mis datos"),
    *("quiero que borres todo lo que tienes de mi", "puedes borrar mis datos?"),
    *("elimina toda mi informacion", "por favor borra todos mis datos", "borra lo que sabes de mi"),
    *("quero apagar os meus dados", "apaga todos os meus dados", "exclua meus dados"),
    *("apague tudo o que sabe sobre mim", "quero que você apague meus dados"),
    *("pode apagar meus dados?", "o que sabe de mim? apaga tudo"),
]
OTHERS = [
    *("borra mis recordatorios", "apaga os meus eventos", "delete my reminder", "borra todo"),
    *("delete everything you have on monday", "apaga os dados da reunião", "delete everything"),
    *("delete all my data from the poll 3", "borra todo lo que tienes del evento 3"),
    *("delete everything he's checking my phone", "borra todo lo del sábado", "olvida todo"),
]


@pytest.mark.parametrize("line", WISHES)
async def test_all_that_is_kept_is_deleted_after_a_question(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    said = (await talk.said())[-1].plain
    assert "borrar todo lo que guardo de ti" in said and said.endswith("¿Sigo? `sí` o `no`")


@pytest.mark.parametrize("line", OTHERS)
async def test_what_is_not_all_of_them_is_something_else(talk: Talk, line: str) -> None:
    found = talk.machine.registry.find_command(line)
    assert found is None or found[0].name.en != "forget-me"


@pytest.mark.parametrize("line", ["delete everything i told you", "cancel all of it for me"])
async def test_who_wants_all_deleted_is_asked_for_no_number(talk: Talk, line: str) -> None:
    await talk.tells("bea", "recordar en 3 horas; llamar a mamá")
    await talk.said()
    await talk.tells("bea", line)
    said = (await talk.said())[-1].plain
    assert "`borrarme`" in said and said.endswith("`cancelar 1`: “llamar a mamá”")
    await talk.tells("bea", "1")
    assert not any("Cancelé" in post.plain for post in await talk.said())
    await talk.tells("bea", "recordatorios")
    assert "llamar a mamá" in (await talk.said())[-1].plain

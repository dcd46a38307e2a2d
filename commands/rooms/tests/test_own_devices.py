"""Who wants to sign out a device hears how, and never that all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.run.app import features
from bot.testing.talk import ROOM, Talk

HOW = {
    "es": ("Solo tú puedes cerrar", "Sesiones", "Element X", "FluffyChat", "`pánico`", "PHONE"),
    "pt": ("Só você pode", "Sessões", "Element X", "FluffyChat", "`pânico`", "PHONE"),
    "en": ("Only you can sign out", "Sessions", "Element X", "FluffyChat", "`panic`", "PHONE"),
}
LINES = {
    "es": (
        "cerrar sesión en mi otro celular",
        "cierra la sesion de mi celu viejo",
        "como cierro sesion en todos lados",
        "desconecta mi otro celular",
        "cómo saco mi cuenta del otro celular",
        "cerrar todas las sesiones",
        "salir de mi cuenta en el otro teléfono",
        "desloguear mi celu",
        "quiero sacar mi celular perdido",
        "por favor cierra mi sesión en la compu",
    ),
    "pt": (
        "sair do meu outro celular",
        "desconecta meu celular velho",
        "como saio da conta no outro celular",
        "encerrar sessão",
        "desloga meu celular",
        "como faço pra deslogar",
        "sair de todos os aparelhos",
        "tira meu celular antigo",
        "fechar sessão no celular",
        "quero desconectar meu cel",
    ),
    "en": (
        "log out my other device",
        "log me out of everything",
        "sign out of my laptop",
        "logout my phone",
        "how do i sign out my old phone",
        "disconnect my other phone",
        "remove my old phone",
        "log off my tablet",
        "kick my old phone out",
        "end my other session",
    ),
}
WELL = ("Todo está bien", "Está tudo certo", "All is well")


@pytest.mark.parametrize("language", LINES)
async def test_who_wants_to_sign_out_a_device_hears_how(tmp_path: Path, language: str) -> None:
    talk = await Talk.start(tmp_path / "minga.db", features(), language=language)
    try:
        for line in LINES[language]:
            await talk.tells("bea", line)
            heard = "\n".join(post.plain for post in await talk.said())
            assert all(word in heard for word in HOW[language]), (line, heard)
            assert not any(word in heard for word in WELL), (line, heard)
    finally:
        await talk.close()


async def test_the_room_does_not_read_which_devices_somebody_has(talk: Talk) -> None:
    await talk.says("bea", "!cerrar sesión")
    here, aside = await talk.said()
    assert here.room == ROOM and "PHONE" not in here.plain
    assert aside.room == await talk.private("bea") and "PHONE" in aside.plain


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("salir de mi casa", "No existe el área “mi casa”"),
        ("sair do grupo de celulares", "No existe el área"),
        ("cerrar la sesión", "Falta el número"),
    ],
)
async def test_other_things_are_left_or_closed_by_the_same_words(
    talk: Talk, line: str, heard: str
) -> None:
    await talk.tells("bea", line)
    said = "\n".join(post.plain for post in await talk.said())
    assert "PHONE" not in said
    assert heard in said

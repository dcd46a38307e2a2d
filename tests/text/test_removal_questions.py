"""How somebody is taken out of a room is asked about; who is in danger asks otherwise."""

from __future__ import annotations

import pytest

from bot.text.removal_questions import asks_how_to_remove


@pytest.mark.parametrize(
    "line",
    [
        *("como hago para sacar a alguien que esta molestando", "¿Cómo saco a alguien de la sala?"),
        *("como echo a una persona que molesta", "como se saca a alguien que molesta"),
        *("como hacemos para expulsar a una persona que nos molesta", "how to ban somebody"),
        *("como faço para tirar alguém que está incomodando", "como remover alguém do grupo"),
        *("como faço pra expulsar uma pessoa que fica incomodando", "how do i kick someone out"),
        *("how do i remove someone who is harassing people", "hola, como saco a alguien de aqui"),
        *("how can i kick out someone whos bothering us", "how do i remove a person from the room"),
    ],
)
def test_how_somebody_is_taken_out(line: str) -> None:
    assert asks_how_to_remove(line)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "como hago para sacar a mi marido de la casa",
            "como saco a alguien que me esta molestando",
        ),
        *("como hago para salir de aqui", "como saco a ana que me acosa", "como tiro ele daqui"),
        *("how do i get him out of my house", "how do i kick someone out of my house"),
        *(
            "how do i remove someone who is harassing me",
            "como tiro alguém que está me perseguindo",
        ),
        *("alguien esta molestando", "como denuncio a alguien que esta molestando"),
        *("como saco a alguien que me pega", "how do i get rid of someone who follows me"),
        *("como saco a alguien de casa", "como saco a alguien que esta amenazando a bea"),
    ],
)
def test_who_is_harmed_asks_something_else(line: str) -> None:
    assert not asks_how_to_remove(line)

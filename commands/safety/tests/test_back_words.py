"""What says that somebody is back, or that nobody needs to wait for them. Pure."""

from __future__ import annotations

import pytest

from commands.safety import back_words


@pytest.mark.parametrize(
    "line",
    [
        *("cheguei em casa obrigada pode parar", "cheguei sim, esqueci de avisar", "i got home"),
        *("yes im home sorry forgot", "ya llegue gracias", "no need anymore, im home"),
        *("estoy bien perdon me quede sin bateria", "nao precisa mais, to em casa"),
        *("ya no me esperes, estoy en casa, cancela el aviso", "llegue a casa hace rato, perdón"),
        *("ya estoy en mi casa, se me acabó la pila", "sí llegué, se me olvidó avisarte"),
        *("já tô em casa, desculpa, esqueci de avisar", "cheguei bem, acabou a bateria"),
        *("to em casa, pode cancelar", "home now, phone died, sorry", "we're home, all good"),
        *("yes i made it home, forgot to text you", "im home you can stop waiting"),
    ],
)
def test_an_excuse_beside_it_is_a_return_all_the_same(line: str) -> None:
    assert back_words.says_back_somehow(line)


@pytest.mark.parametrize(
    "line",
    [
        *("llegué pero me están siguiendo", "ya casi llego", "still not home", "i'm not home"),
        *("estoy en casa de mi ex", "cheguei mas ele ta aqui", "home isnt safe", "não cheguei"),
        *("estoy bien no, ayuda", "me quedé sin batería", "no estoy bien", "gracias"),
        *("si llego a casa te aviso", "salí de la casa de mi ex", "i forgot my phone at home"),
    ],
)
def test_danger_a_no_and_what_is_yet_to_come_are_no_return(line: str) -> None:
    assert not back_words.says_back_somehow(line)
    assert not back_words.asks_to_stop(line)


@pytest.mark.parametrize("line", ["estoy en casa pronto", "home safe?", "im home?"])
def test_in_doubt_it_is_not_clear(line: str) -> None:
    assert not back_words.is_clearly_back(line)


@pytest.mark.parametrize(
    "line",
    [
        *("cancela el aviso", "cancel the check-in", "cancela o aviso", "deja de esperarme"),
        *("ya no salgo, deja el aviso", "ya no hace falta", "call it off", "nao precisa mais"),
        *("no need anymore", "ya no me esperen", "quita la alarma", "stop the alarm please"),
        *("já não vou sair, cancela o alarme", "i'm not going out anymore", "dont wait for me"),
    ],
)
def test_who_needs_nobody_to_wait_is_heard(line: str) -> None:
    assert back_words.asks_to_stop(line)


@pytest.mark.parametrize(
    "line",
    [
        *("no necesito el aviso de luz", "no me esperes viva", "no hace falta que vengas"),
        *("cancela el aviso de la asamblea", "no avises todavia", "¿cancelo el aviso?", "stop"),
        *("no salgo de esta", "cancel the alarm, he is making me write this", "not going"),
        *("cancelar mi regreso", "cancel my return", "anular mi vuelta"),
    ],
)
def test_what_says_more_stops_nothing(line: str) -> None:
    assert not back_words.asks_to_stop(line)


@pytest.mark.parametrize(
    "line", ["volví, lo siento", "thank you im safe", "estou bem muito obrigada", "volvi, disculpe"]
)
def test_thanks_or_an_excuse_beside_a_phrase(line: str) -> None:
    assert back_words.is_phrase(line)


@pytest.mark.parametrize("line", ["ok please", "todo bien porfa", "gracias", "sorry not back"])
def test_a_wish_beside_it_is_no_phrase(line: str) -> None:
    assert not back_words.is_phrase(line)

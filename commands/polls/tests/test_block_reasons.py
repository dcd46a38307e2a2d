"""What is written where a block's reason is asked for, and words that change meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import PostedEvent, Talk
from commands.polls.tests.test_decisions import heard, proposed
from commands.polls.tests.test_mandates import organised
from commands.polls.tests.test_replied_votes import PROPOSE, asked

OTHER_WORDS = "!cambiar 1 No firmamos nada"


async def blocked(talk: Talk, how: str) -> PostedEvent:
    """Let Bea block without a reason, by a tap or in words. Return the question for it."""
    _opening, native = await asked(talk, PROPOSE)
    if how == "tapped":
        await talk.taps("bea", native, 5)
        await talk.wait(timedelta(0))
    else:
        await talk.tells("bea", "votar 1 bloqueo")
    (question,) = await talk.said()
    assert "1" in question.plain
    return question


async def results(talk: Talk) -> str:
    return await talk.answer("ana", "!resultados 1")


@pytest.mark.parametrize("how", ["tapped", "typed"])
@pytest.mark.parametrize(
    ("line", "noted"),
    [
        ("a favor", "a favor"),
        ("1 a favor", "a favor"),
        ("a favor 1", "a favor"),
        ("me abstengo", "abstención"),
        ("en contra", "en contra"),
        ("a favor, me equivoqué", "a favor, “me equivoqué”"),
        ("for", "a favor"),
        ('1 bloqueo "no hay plata"', "bloqueo, “no hay plata”"),
    ],
)
async def test_a_vote_in_place_of_the_reason_is_the_vote(
    talk: Talk, how: str, line: str, noted: str
) -> None:
    await blocked(talk, how)
    await talk.tells("bea", line)
    await talk.hears(f"Anotado: {noted}")
    stance = noted.split(",")[0]
    assert f"{stance}: 1\nVotó 1 de 3" in await results(talk)


@pytest.mark.parametrize("how", ["tapped", "typed"])
@pytest.mark.parametrize(
    "line",
    [
        "no hay plata",
        "en contra de mi conciencia",
        "no, la carta nombra a personas",
        "contra, la carta nombra a personas",
        "2 personas no pueden",
        "si firmamos sube la cuota",
    ],
)
async def test_a_reason_that_begins_like_a_vote_stays_a_reason(
    talk: Talk, how: str, line: str
) -> None:
    await blocked(talk, how)
    await talk.tells("bea", line)
    await talk.hears(f"Anotado: bloqueo, “{line}”")
    assert "bloqueo: 1" in await results(talk)


@pytest.mark.parametrize("how", ["tapped", "typed"])
@pytest.mark.parametrize("line", ["no", "sí", "2", "bloqueo"])
async def test_what_may_be_either_is_asked_again(talk: Talk, how: str, line: str) -> None:
    await blocked(talk, how)
    await talk.tells("bea", line)
    (again,) = await talk.said()
    assert ("¿Es tu voto? Así cuenta: `votar 1 " in again.plain) is (line != "bloqueo")
    assert "Votaron 0 de 3" in await results(talk)
    await talk.tells("bea", "no hay plata")
    await talk.hears("Anotado: bloqueo, “no hay plata”")


@pytest.mark.parametrize("how", ["tapped", "typed in the room"])
async def test_a_vote_elsewhere_stands_whatever_is_written_next(talk: Talk, how: str) -> None:
    _opening, native = await asked(talk, PROPOSE)
    await talk.tells("bea", "votar 1 bloqueo")
    await talk.hears("Falta la razón")
    if how == "tapped":
        await talk.taps("bea", native, 1)
    else:
        await talk.says("bea", "!votar 1 a favor")
        await talk.hears("Anotado: a favor")
    await talk.tells("bea", "mañana llego tarde")
    await talk.hears("cuenta lo que tocaste o escribiste después")
    assert "a favor: 1\nVotó 1 de 3" in await results(talk)


async def test_one_that_is_written_after_the_end_changes_nothing(talk: Talk) -> None:
    await blocked(talk, "tapped")
    await talk.wait(timedelta(hours=4))
    await talk.sent()
    await talk.tells("bea", "a favor")
    await talk.hears("cerró")
    assert "nadie votó" in await results(talk)


async def test_an_alternate_is_told_while_what_theirs_does_not_count(talk: Talk) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, "!propuesta Olla tipo:consentimiento")
    await talk.taps("bea", native, 5)
    await talk.said()
    await talk.says("carla", "a favor", reply=opening)
    post = await heard(talk, "tu voto no cuenta mientras")
    assert "Anotado" not in post.plain
    assert "Votaron 0 de 2" in await talk.answer("ana", f"!resultados {number}")
    await talk.says("bea", f"!votar {number} ninguna")
    await heard(talk, "Ahora cuenta por Cooperativa Sur lo que votó Carla.")
    assert "a favor: 20" in await talk.answer("ana", f"!resultados {number}")


# --- the words change meanwhile -------------------------------------------------------------------


async def test_the_words_stay_once_somebody_tapped_block(talk: Talk) -> None:
    await blocked(talk, "tapped")
    assert "Ya hay votos" in await talk.answer("ana", OTHER_WORDS)
    await talk.tells("bea", "no hay plata")
    await talk.hears("Anotado: bloqueo")


@pytest.mark.parametrize("line", ["no hay plata", "a favor"])
async def test_a_reason_given_to_other_words_is_no_vote_on_them(talk: Talk, line: str) -> None:
    await blocked(talk, "typed")
    assert "No firmamos" in await talk.answer("ana", OTHER_WORDS)
    await talk.tells("bea", line)
    await talk.hears("dice otra cosa desde que empezaste a votar")
    assert "Votaron 0 de 3" in await results(talk)
    await talk.tells("bea", "1 a favor")
    await talk.hears("Anotado: a favor")


async def test_so_it_is_with_a_vote_that_was_asked_back(talk: Talk) -> None:
    """An app that puts outside of the ciphertext what a line replies to."""
    opening, _native = await asked(talk, PROPOSE)
    await talk.says("bea", "a favor", reply=opening, sealed=False)
    (question,) = await talk.said()
    assert "¿Tu “a favor” es para" in question.plain
    assert "No firmamos" in await talk.answer("ana", OTHER_WORDS)
    await talk.says("bea", "sí")
    await talk.hears("dice otra cosa desde que empezaste a votar")
    assert "Votaron 0 de 3" in await results(talk)

"""Votes that are changed or taken back in words, with the poll named behind `on`."""

from __future__ import annotations

import pytest

from bot.capability.registry import FoundCommand, Registry
from bot.testing.talk import Talk
from commands.polls.changed_votes import ChangedVote, read_change


async def _voted(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Qué color? rojo, azul, verde")
    await talk.says("carla", "!votar 1 3")
    await talk.sent()


@pytest.mark.parametrize(
    "line",
    [
        *("quiero cambiar mi voto en la 1", "cambia mi voto en 1", "cambiar mi boto en la 1"),
        *("mudar meu voto na 1", "quero mudar meu voto na 1", "muda meu voto na enquete 1"),
        *("change my vote in 1", "i want to change my vote in poll 1", "change my vote on 1"),
        *("cambiar mi voto", "mudar meu voto", "change my vote"),
    ],
)
async def test_a_change_without_an_option_is_asked_and_changes_nothing(
    talk: Talk, line: str
) -> None:
    await _voted(talk)
    await talk.tells("carla", line)
    await talk.hears("Tu voto en 1 es verde. ¿A qué lo cambias?")
    await talk.tells("carla", "2")
    await talk.hears("Anotado: azul")


@pytest.mark.parametrize(
    "line", ["quiero cambiar mi voto en la 1", "quero mudar meu voto na 1", "change my vote on 1"]
)
async def test_in_the_room_how_somebody_voted_is_not_said(talk: Talk, line: str) -> None:
    await _voted(talk)
    heard = await talk.answer("carla", f"minga, {line}")
    assert "`!votar 1 1`" in heard
    assert "Tu voto" not in heard
    assert "Anotado" not in heard


@pytest.mark.parametrize(
    "line",
    [
        *("cambiar mi voto a rojo en la 1", "cambiar mi voto en la 1 a rojo"),
        *("cambia mi voto de verde a rojo", "muda meu voto pra rojo", "change my vote to rojo"),
        *("muda meu voto pra 1", "change my vote from 3 to 1"),
    ],
)
async def test_a_change_to_a_named_option_counts(talk: Talk, line: str) -> None:
    await _voted(talk)
    await talk.tells("carla", line)
    await talk.hears("Anotado: rojo")


@pytest.mark.parametrize(
    "line",
    [
        *("quita mi voto de la 1", "quitar mi voto de la encuesta 1", "retirar mi voto de la 1"),
        *("withdraw my vote on 1", "retirar mi voto del 1", "withdraw my vote 1"),
        *("tira meu voto da 1", "apaga meu voto", "retirar meu voto de 1"),
        *("take my vote back from 1", "remove my vote from poll 1", "withdraw my vote from 1"),
    ],
)
async def test_a_vote_is_taken_back_in_words(talk: Talk, line: str) -> None:
    await _voted(talk)
    await talk.tells("carla", line)
    await talk.hears("Anotado: sin voto")


async def test_a_number_that_is_no_poll_is_never_an_option(talk: Talk) -> None:
    await _voted(talk)
    await talk.tells("carla", "cambiar mi voto en la 2")
    await talk.hears("No existe el número 2 aquí.")


@pytest.mark.parametrize(
    ("line", "number", "text"),
    [
        ("cambiar mi voto en la 12 a favor", 12, "a favor"),
        ("change my vote to against in proposal 12", 12, "against"),
        ("cambiar mi voto de la 1 a la 2", None, "la 2"),
        ("cambio mi voto a domingo", None, "domingo"),
        ("cambio mi voto a jardin 1", None, "jardin 1"),
        ("quita mi voto", None, "withdraw"),
    ],
)
def test_poll_and_vote_are_told_apart(line: str, number: int | None, text: str) -> None:
    assert read_change(line) == ChangedVote(number, text)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ["12 2", "1 cambio de fecha", "rojo", "a favor", "mi voto es no"])
def test_a_plain_vote_changes_nothing_else(line: str) -> None:
    assert read_change(line) is None


@pytest.mark.parametrize("line", ["!quitar mi voto 1", "!remove my vote 1", "!tirar meu voto 1"])
async def test_a_number_behind_a_vote_to_take_back_is_the_only_polls(talk: Talk, line: str) -> None:
    await _voted(talk)
    assert "sin voto" in await talk.answer("carla", line)


async def test_another_number_takes_nothing_back_and_says_how(talk: Talk) -> None:
    await _voted(talk)
    said = await talk.answer("carla", "!remove my vote 3")
    assert "tu voto sigue igual" in said and "`!quitar mi voto de la 1`" in said
    assert "sin voto" in await talk.answer("carla", "!quitar mi voto de la 1")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("!votar 1 2 y voy 7", "`!votar 1 2` · `!voy 7`"),
        ("!votar 1 2 e vou 7", "`!votar 1 2` · `!vou 7`"),
        ("!vote 1 2 and remind me tomorrow 10:00 call", "· `!remind me tomorrow 10:00 call`"),
    ],
)
async def test_a_vote_and_another_wish_are_shown_apart(talk: Talk, line: str, shown: str) -> None:
    await _voted(talk)
    said = await talk.answer("bea", line)
    assert "Son dos cosas en una línea" in said and shown in said and "Anotado" not in said


async def test_another_wish_is_looked_for_in_the_beginning_of_a_vote_alone(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _voted(talk)
    asked: list[str] = []
    find = Registry.find_command

    def note(registry: Registry, text: str) -> FoundCommand | None:
        asked.append(text)
        return find(registry, text)

    monkeypatch.setattr(Registry, "find_command", note)
    said = await talk.answer("bea", "!votar 1 " + "a, " * 3_000)
    assert "No encuentro la opción" in said and len(asked) < 20

"""People give their vote to somebody: accepted, overridden, taken back, ended, in the record."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot.api import Context, Membership, Number, forget_person
from bot.testing.talk import Talk, find_number, user_id
from commands.poll_book import vote_store

BEA = user_id("bea")


async def asked(talk: Talk, who: str) -> str:
    """Let the bot ask in private; return what it said there."""
    await talk.wait(timedelta(minutes=1))
    room = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


async def given(talk: Talk, line: str = "!delegar @ana", giver: str = "bea") -> None:
    """Somebody gives their vote, and whoever is asked says yes."""
    taker = line.split("@")[1].split()[0]
    said = await talk.answer(giver, line)
    assert "delega su voto en" in said, said
    assert "¿Aceptas?" in (said := await asked(talk, taker)), said
    await talk.tells(taker, "sí")
    await talk.said()


async def proposed(talk: Talk, text: str = "Compramos la olla") -> int:
    """A proposal in the room; returns its number."""
    await talk.says("ana", f"!propuesta {text}")
    return find_number((await talk.said())[0])


async def results(talk: Talk, number: int) -> str:
    return await talk.answer("carla", f"!resultados {number}")


@pytest.mark.parametrize(
    "line",
    [
        "!delegar @ana",
        "!delegar mi voto a @ana",
        "!delego en @ana",
        "!doy mi voto a @ana",
        "!delegar @ana hasta en 56 días",
        "!delegar @ana até em 56 dias",
        "!dou meu voto para @ana",
        "!delegate to @ana",
        "!i give my vote to @ana",
        "!delegate @ana until in 56 days",
    ],
)
async def test_a_vote_that_was_given_counts_where_its_owner_does_not_vote(
    talk: Talk, line: str
) -> None:
    await given(talk, line)
    number = await proposed(talk)
    assert "Cuenta también por Bea." in await talk.answer("ana", f"!votar {number} sí")
    assert "a favor: 2\nVotaron 2 de 3" in await results(talk, number)
    await talk.answer("ana", f"!cerrar {number}")
    assert "Ana votó por: Bea" in await talk.answer("carla", f"!acta {number}")
    assert "el voto de Bea lo tiene Ana" in await talk.answer("ana", "!historial")


async def test_ones_own_vote_goes_before_always(talk: Talk) -> None:
    await given(talk)
    number = await proposed(talk)
    await talk.answer("bea", f"!votar {number} no")
    assert "Cuenta también" not in await talk.answer("ana", f"!votar {number} sí")
    assert "a favor: 1\nen contra: 1" in await results(talk, number)
    await talk.answer("bea", f"!votar {number} ninguna")
    await talk.answer("ana", f"!votar {number} sí")
    assert "a favor: 2" in await results(talk, number)
    await talk.answer("bea", f"!votar {number} no")
    assert "a favor: 1\nen contra: 1" in await results(talk, number)


@pytest.mark.parametrize("first", ["sí", None])
@pytest.mark.parametrize("how", ["typed", "redacted"])
async def test_taken_back_the_holders_last_vote_counts_also_one_cast_meanwhile(
    talk: Talk, first: str | None, how: str
) -> None:
    await given(talk)
    await talk.says("ana", "!propuesta Compramos la olla")
    opening, native = await talk.sent()
    number = find_number(opening)
    if first is not None:
        await talk.answer("ana", f"!votar {number} {first}")
    tap = await talk.taps("bea", native, 1)
    assert "Cuenta también" not in await talk.answer("ana", f"!votar {number} no")
    assert "a favor: 1\nen contra: 1" in await results(talk, number)
    if how == "typed":
        await talk.answer("bea", f"!votar {number} ninguna")
    else:
        await talk.redacts("bea", tap)
    assert "olla\nen contra: 2\nVotaron 2 de 3" in await results(talk, number)


async def test_a_block_of_the_holder_names_only_for_whom_it_counts(talk: Talk) -> None:
    await given(talk)
    await talk.says("ana", "!propuesta Firmamos tipo:consentimiento")
    opening, native = await talk.sent()
    number = find_number(opening)
    await talk.answer("bea", f"!votar {number} a favor")
    await talk.taps("ana", native, 5)
    assert "¿Por qué bloqueas" in await asked(talk, "ana")
    await talk.tells("ana", "no hay plata")
    said = "\n".join(post.plain for post in await talk.said())
    assert "Anotado: bloqueo" in said
    assert "Cuenta también" not in said
    await talk.answer("bea", f"!votar {number} ninguna")
    assert "Votaron 2 de 3" in await results(talk, number)


@pytest.mark.parametrize("reason", ["no hay plata", None])
@pytest.mark.parametrize("again", [False, True])
async def test_a_block_that_waits_for_its_reason_is_no_vote_of_the_holder(
    talk: Talk, reason: str | None, again: bool
) -> None:
    await given(talk)
    await talk.says("ana", "!propuesta Firmamos tipo:consentimiento")
    opening, native = await talk.sent()
    number = find_number(opening)
    await talk.answer("bea", f"!votar {number} en contra")
    await talk.answer("ana", f"!votar {number} a favor")
    await talk.taps("bea", native, 5)
    assert "¿Por qué bloqueas" in await asked(talk, "bea")
    assert "a favor: 1\nVotó 1 de 3" in await results(talk, number)
    if again:
        assert "Cuenta también" not in await talk.answer("ana", f"!votar {number} abstención")
    stance = "abstención" if again else "a favor"
    assert f"{stance}: 1\nVotó 1 de 3" in await results(talk, number)
    if reason is not None:
        await talk.tells("bea", reason)
        assert "Anotado: bloqueo" in "\n".join(post.plain for post in await talk.said())
        assert "bloqueo: 1\nVotaron 2 de 3" in await results(talk, number)
    else:
        assert "Anotado" in await talk.answer("bea", f"!votar {number} ninguna")
        assert f"{stance}: 2\nVotaron 2 de 3" in await results(talk, number)


async def test_a_block_taken_back_before_its_reason_lets_the_vote_before_it_count(
    talk: Talk,
) -> None:
    await given(talk)
    await talk.says("ana", "!propuesta Firmamos tipo:consentimiento")
    opening, native = await talk.sent()
    number = find_number(opening)
    await talk.answer("ana", f"!votar {number} a favor")
    tap = await talk.taps("bea", native, 5)
    assert "Votó 1 de 3" in await results(talk, number)
    await talk.redacts("bea", tap)
    assert "a favor: 2\nVotaron 2 de 3" in await results(talk, number)


@pytest.mark.parametrize("how", ["deselected", "redacted"])
async def test_who_takes_a_tap_back_is_told_once_whose_vote_counts_now(
    talk: Talk, how: str
) -> None:
    await given(talk)
    await talk.says("ana", "!propuesta Compramos la olla")
    opening, native = await talk.sent()
    number = find_number(opening)
    tap = await talk.taps("bea", native, 2)
    await talk.taps("ana", native, 1)
    hers = await talk.taps("ana", native, 3)
    await talk.hears_nothing()
    await talk.redacts("ana", hers)
    await talk.hears_nothing()
    if how == "redacted":
        await talk.redacts("bea", tap)
    else:
        await talk.taps("bea", native)
    (told,) = await talk.said()
    assert told.room == await talk.private("bea")
    assert told.plain.startswith("Ahora cuenta por ti lo que votó Ana.")
    await talk.taps("bea", native, 2)
    await talk.taps("bea", native)
    await talk.hears_nothing()
    assert "a favor: 2" in await results(talk, number)


async def test_who_takes_a_vote_back_reads_whose_counts_now(talk: Talk) -> None:
    await given(talk)
    number = await proposed(talk)
    await talk.answer("bea", f"!votar {number} no")
    assert "cuenta por ti" not in await talk.answer("bea", f"!votar {number} ninguna")
    await talk.answer("bea", f"!votar {number} no")
    await talk.answer("ana", f"!votar {number} sí")
    said = await talk.answer("bea", f"!votar {number} ninguna")
    assert "Anotado: sin voto" in said
    assert "Ahora cuenta por ti lo que votó Ana." in said
    assert "a favor: 2" in await results(talk, number)
    assert "cuenta por" not in await talk.answer("ana", f"!votar {number} ninguna")


async def test_the_last_vote_counts_for_both_also_after_the_clock_was_set_back(
    talk: Talk,
) -> None:
    await given(talk)
    number = await proposed(talk)
    await talk.answer("ana", f"!votar {number} sí")
    talk.clock.at -= timedelta(minutes=30)
    await talk.answer("ana", f"!votar {number} no")
    assert "olla\nen contra: 2\nVotaron 2 de 3" in await results(talk, number)


async def test_a_tap_counts_for_both_and_is_taken_back_for_both(talk: Talk) -> None:
    await given(talk)
    await talk.says("ana", "!propuesta Compramos la olla")
    opening, native = await talk.sent()
    number = find_number(opening)
    tap = await talk.taps("ana", native, 1)
    assert "a favor: 2" in await results(talk, number)
    await talk.redacts("ana", tap)
    assert "Votaron 0 de 3" in await results(talk, number)


async def test_given_in_an_open_decision_it_counts_at_once(talk: Talk) -> None:
    number = await proposed(talk)
    await talk.answer("ana", f"!votar {number} sí")
    await given(talk)
    assert "a favor: 2" in await results(talk, number)
    assert "Retirado" in await talk.answer("bea", "!delegar no")
    assert "a favor: 1\nVotó 1 de 3" in await results(talk, number)


async def test_for_one_decision_and_for_one_theme(talk: Talk) -> None:
    first, health = await proposed(talk), await proposed(talk, "Abrimos la posta #salud")
    await given(talk, f"!delegar {first} @ana")
    await given(talk, "!delegar @carla #Salud")
    for who in ("ana", "carla"):
        for number in (first, health):
            await talk.answer(who, f"!votar {number} {'sí' if who == 'ana' else 'no'}")
    assert "a favor: 2\nen contra: 1" in await results(talk, first)
    assert "a favor: 1\nen contra: 2" in await results(talk, health)
    other = await proposed(talk, "Pintamos")
    assert "Cuenta también" not in await talk.answer("ana", f"!votar {other} sí")


async def test_it_ends_on_its_day_and_what_was_voted_stays(talk: Talk) -> None:
    await given(talk, "!delegar @ana hasta en 3 días")
    number = await proposed(talk)
    await talk.answer("ana", f"!votar {number} sí")
    await talk.wait(timedelta(days=4))
    assert "Terminó" in "\n".join(post.plain for post in await talk.said())
    assert "a favor: 2" in await results(talk, number)
    later = await proposed(talk, "Pintamos")
    assert "Cuenta también" not in await talk.answer("ana", f"!votar {later} sí")


async def test_a_vote_that_was_given_twice_goes_to_the_last_who_accepts(talk: Talk) -> None:
    await given(talk)
    assert "Ya está así" in await talk.answer("bea", "!delegar @ana")
    assert "Hasta entonces sigue con Ana" in await talk.answer("bea", "!delegar @carla")
    number = await proposed(talk)
    await talk.answer("ana", f"!votar {number} sí")
    await asked(talk, "carla")
    await talk.tells("carla", "sí")
    await talk.said()
    assert "a favor: 1\nVotó 1 de 3" in await results(talk, number)
    assert "Cuenta también por Bea" in await talk.answer("carla", f"!votar {number} no")


async def test_who_says_no_holds_nothing(talk: Talk) -> None:
    await talk.answer("bea", "!delegar @ana")
    await asked(talk, "ana")
    await talk.tells("ana", "no")
    assert "no aceptó tu voto" in await asked(talk, "bea")
    assert "No delegaste" in await talk.answer("bea", "!delegar")


@pytest.mark.parametrize("leaver", ["ana", "bea"])
@pytest.mark.parametrize("how", [Membership.LEAVE, Membership.BAN])
async def test_who_leaves_or_is_removed_gives_and_holds_nothing(
    talk: Talk, leaver: str, how: Membership
) -> None:
    await given(talk, "!delegar @carla", giver="ana")
    await given(talk, "!delegar @carla")
    number = await proposed(talk)
    await talk.answer("carla", f"!votar {number} sí")
    await talk.moves(leaver, how)
    await talk.said()
    assert "a favor: 3" in await results(talk, number), "what was voted stays"
    said = await talk.answer("carla", f"!votar {number} no")
    other = "Bea" if leaver == "ana" else "Ana"
    assert f"Cuenta también por {other}." in said


async def test_no_circles_no_chains_and_not_too_many(talk: Talk) -> None:
    await given(talk)
    assert "Ana te delegó" not in await talk.answer("ana", "!delegar @carla")
    assert "Bea te delegó el suyo" in await talk.answer("ana", "!delegar @bea")
    await asked(talk, "carla")
    await talk.tells("carla", "sí")
    await talk.said()
    assert "volvería a ti" in await talk.answer("carla", "!delegar @bea")
    number = await proposed(talk)
    assert "Cuenta también por Ana." in await talk.answer("carla", f"!votar {number} sí")
    assert "a favor: 2\nVotaron 2 de 3" in await results(talk, number), "no chain"
    await talk.set("delegations_held", "1")
    await talk.moves("dani", Membership.JOIN)
    assert "los votos que aquí" in await talk.answer("dani", "!delegar @carla")
    await talk.set("delegations_held", "0")
    assert "nadie delega" in await talk.answer("dani", "!delegar @carla")


async def test_a_chain_where_the_room_allows_it(talk: Talk) -> None:
    await talk.set("delegation_chain", "1")
    await given(talk)
    await given(talk, "!delegar @carla", giver="ana")
    number = await proposed(talk)
    await talk.answer("carla", f"!votar {number} sí")
    assert "a favor: 3\nVotaron 3 de 3" in await results(talk, number)
    await talk.answer("ana", f"!votar {number} no")
    assert "a favor: 1\nen contra: 2" in await results(talk, number), "ana is nearer to bea"
    await talk.answer("carla", f"!votar {number} sí")
    assert "a favor: 1\nen contra: 2" in await results(talk, number)


async def test_what_cannot_be_is_said(talk: Talk) -> None:
    await talk.answer("ana", "!votantes agregar Norte @carla")
    await talk.says("ana", "!propuesta Firmamos")
    organisations = find_number((await talk.said())[0])
    for line, answer in [
        ("!delegar @bea", "Esa persona eres tú"),
        ("!delegar @zoe:lejos.org", "no vota en esa sala"),
        ("!delegar @ana y @carla", "una persona a la vez"),
        ("!delegar @nadie", "@nadie"),
        ("!delegar 99 @ana", "No existe el número 99"),
        (f"!delegar {organisations} @ana", "Allí votan organizaciones"),
        ("!delegar hasta mañana", "Falta a quién"),
        ("!delegar no", "No encuentro ningún voto"),
        ("!delegar", "No delegaste tu voto"),
    ]:
        assert answer in await talk.answer("bea", line), line


async def test_in_a_secret_vote_each_votes_for_themselves(talk: Talk) -> None:
    for name in ("dani", "eva", "fede", "gala"):
        await talk.moves(name, Membership.JOIN)
    await given(talk)
    await talk.says("ana", "!propuesta secreta: Compramos la olla")
    number = find_number((await talk.said())[0])
    assert "cada quien vota por sí" in await talk.answer("bea", f"!delegar {number} @ana")
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM poll_book_proxy")


@pytest.mark.parametrize("who", ["ana", "bea"])
async def test_who_is_forgotten_is_in_no_row(talk: Talk, who: str) -> None:
    await given(talk)
    number = await proposed(talk)
    await talk.answer("ana", f"!votar {number} sí")
    async with talk.machine.db.transaction() as tx:
        registry, at = talk.machine.registry, talk.clock.at
        ctx = SimpleNamespace(db=tx, said_at=at, now=at, feature="", registry=registry)
        await forget_person(cast("Context", ctx), user_id(who))
        for table in ("delegation_given", "poll_book_proxy", "poll_book_ballot", "log"):
            rows = [dict(row) for row in await tx.all(f"SELECT * FROM {table}")]  # noqa: S608
            assert user_id(who) not in json.dumps(rows, default=str), table
        votes = sum((await vote_store.get_profile(tx, Number(number))).values())
    assert votes == 1, "the vote that was cast by the other, or for the other"

"""Organisations in decisions: one vote each, weights, split mandates, delegates and alternates."""

from __future__ import annotations

import pytest

from bot.api import Membership, RoomId
from bot.testing.talk import ROOM, PostedEvent, Talk, user_id
from commands.poll_book import vote_removal
from commands.polls.tests.test_decisions import closed, heard, proposed
from commands.polls.tests.test_polls import DAYS

SUR = '!votantes agregar "Cooperativa Sur" @bea suplente:@carla peso:20'
NORTE = "!votantes agregar Norte @dani peso:3"
OLLA = "!propuesta Compramos la olla"


async def organised(talk: Talk, *lines: str) -> None:
    """Dani comes, and the moderator adds organisations."""
    await talk.moves("dani", Membership.JOIN)
    for line in lines or (SUR, NORTE):
        await talk.says("ana", line)
    await talk.said()


async def to(talk: Talk, name: str) -> list[str]:
    """What this person was told in private since."""
    room = await talk.private(name)
    return [post.plain for post in await talk.said(room)]


async def results(talk: Talk, number: int) -> str:
    return await talk.answer("ana", f"!resultados {number}")


# --- weights and mandates -----------------------------------------------------------------------


async def test_organisations_have_one_vote_each_of_their_weight(talk: Talk) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, OLLA)
    assert f"Votan las 2 organizaciones de esta sala: `!votantes {number}`." in opening.plain
    await talk.says("bea", "a favor", reply=opening)
    await heard(talk, "Cooperativa Sur: Anotado: a favor")
    await talk.taps("dani", native, 2)
    await talk.says("ana", "a favor", reply=opening)
    await heard(talk, "No puedes votar", f"`!votantes {number}`")
    found = await results(talk, number)
    assert "a favor: 20\nen contra: 3" in found
    assert "Votaron 2 de 2 organizaciones" in found
    await talk.says("bea", "en contra", reply=opening)
    assert "en contra: 23" in await results(talk, number)
    assert "no aprobada" in await closed(talk, number)


@pytest.mark.parametrize(
    "line",
    [
        "!votar {} 12 sí 5 no 3 abst",
        "!votar {} sí:12 no:5 abst:3",
        "!vote {} 12 a favor, 5 en contra, 3 abstenciones",
        "voto {} sí:12 no:5 abst:3",
    ],
)
async def test_a_mandate_is_split(talk: Talk, line: str) -> None:
    await organised(talk)
    _opening, _native, number = await proposed(talk, OLLA)
    await talk.says("bea", line.format(number))
    await heard(talk, "Cooperativa Sur: Anotado: a favor: 12 · en contra: 5 · abstención: 3")
    found = await results(talk, number)
    assert "a favor: 12\nen contra: 5\nabstención: 3" in found
    assert "Votó 1 de 2 organizaciones" in found


async def test_a_mandate_in_reply_may_begin_with_the_number_of_the_poll(talk: Talk) -> None:
    await organised(talk)
    for _turn in range(11):
        await talk.says("ana", "!encuesta ¿Té? Sí, No")
    await talk.sent()
    opening, _native, number = await proposed(talk, OLLA)
    assert number == 12
    await talk.says("bea", "12 sí 5 no 3 abst", reply=opening)
    await heard(talk, "a favor: 12 · en contra: 5 · abstención: 3")
    await talk.says("bea", "!votar 12 no 5 sí", reply=opening)
    await heard(talk, "a favor: 5 · en contra: 12")


async def test_never_more_votes_than_the_weight_and_what_is_left_is_said(talk: Talk) -> None:
    await organised(talk)
    opening, _native, number = await proposed(talk, OLLA)
    await talk.says("bea", "13 sí 5 no 3 abst", reply=opening)
    await heard(talk, "Son 21 votos, y tienes 20")
    assert "Votaron 0 de 2" in await results(talk, number)
    await talk.says("bea", "12 sí 6 no", reply=opening)
    await heard(talk, "Anotado: a favor: 12 · en contra: 6", "sin usar: 2")
    await talk.says("bea", f"!votar {number} 12 sí 9 no")
    await heard(talk, "Son 21 votos, y tienes 20")
    assert "a favor: 12\nen contra: 6" in await results(talk, number), "what was cast stays"
    await talk.says("bea", f"!votar {number} ninguna")
    await talk.said()
    assert "Votaron 0 de 2" in await results(talk, number)


async def test_a_mandate_of_no_votes_is_no_vote(talk: Talk) -> None:
    await organised(talk)
    opening, _native, number = await proposed(talk, OLLA)
    await talk.says("bea", "12 sí 5 no", reply=opening)
    await talk.says("bea", "0 sí 0 no", reply=opening)
    await heard(talk, "Cooperativa Sur: Anotado: sin voto")
    assert "Votaron 0 de 2" in await results(talk, number)


async def test_a_person_has_no_mandate_to_split(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, OLLA)
    await talk.says("bea", "12 sí 5 no", reply=opening)
    await heard(talk, "Son 17 votos")
    assert "Votaron 0 de 3" in await results(talk, number)


async def test_options_are_split_too(talk: Talk) -> None:
    await organised(talk)
    opening, _native, number = await proposed(talk, "!encuesta ¿Dónde? Plaza, Río")
    await talk.says("bea", "Plaza:14 Río:6", reply=opening)
    await heard(talk, "Plaza: 14 · Río: 6")
    assert "Plaza: 14\nRío: 6" in await results(talk, number)
    assert "gana Plaza" in await closed(talk, number)


async def test_portuguese(talk: Talk) -> None:
    await talk.says("ana", "!config idioma pt")
    await talk.says("ana", "sim")
    await organised(
        talk, '!votantes adicionar "Cooperativa Sul" @bea suplente:@carla peso:20', NORTE
    )
    opening, _native, number = await proposed(talk, "!proposta Compramos a panela")
    assert "2 organizações" in opening.plain
    await talk.says("bea", "12 sim 9 não", reply=opening)
    await heard(talk, "21 votos", "20")
    await talk.says("bea", f"!votar {number} 12 sim 5 não")
    await heard(talk, "Cooperativa Sul: Anotado: a favor: 12 · contra: 5", "3")
    await talk.says("carla", "contra", reply=opening)
    await heard(talk, "Bea já votou", "seu voto não conta")
    await talk.says("dani", f"a favor {number}")
    await heard(talk, "Norte: Anotado: a favor")
    await talk.says("ana", f"!encerrar {number}")
    result = await heard(talk, f"Proposta {number}, “Compramos a panela”: aprovada")
    assert "a favor: 15\ncontra: 5" in result.plain


# --- delegate and alternate ---------------------------------------------------------------------


async def voted(
    talk: Talk, how: str, who: str, what: int, opening: PostedEvent, native: PostedEvent
) -> None:
    if how == "tap":
        await talk.taps(who, native, what)
    else:
        await talk.says(who, ("a favor", "en contra")[what - 1], reply=opening)


@pytest.mark.parametrize("first", ["tap", "text"])
@pytest.mark.parametrize("second", ["tap", "text"])
async def test_the_delegate_replaces_the_alternate(talk: Talk, first: str, second: str) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, OLLA)
    await voted(talk, first, "carla", 1, opening, native)
    await talk.said()
    assert "a favor: 20" in await results(talk, number)
    await voted(talk, second, "bea", 2, opening, native)
    every: dict[str, list[str]] = {"bea": [], "carla": [], "room": []}
    rooms = {await talk.private(name): name for name in ("bea", "carla")} | {ROOM: "room"}
    for post in await talk.said():
        every[rooms[post.room]].append(post.plain)
    assert [text for text in every["carla"] if "cuenta ese voto en lugar del tuyo" in text]
    assert [text for text in every["bea"] if "Ahora cuenta tu voto" in text]
    assert "en contra: 20" in await results(talk, number)
    await voted(talk, first, "carla", 1, opening, native)
    await voted(talk, second, "bea", 1, opening, native)
    await voted(talk, second, "bea", 2, opening, native)
    later = [post.plain for post in await talk.said()]
    assert not [text for text in later if "en lugar del tuyo" in text or "Ahora cuenta" in text]
    assert "en contra: 20" in await results(talk, number)


@pytest.mark.parametrize("first", ["tap", "text"])
@pytest.mark.parametrize("second", ["tap", "text"])
async def test_an_alternate_is_behind_the_delegate(talk: Talk, first: str, second: str) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, OLLA)
    await voted(talk, first, "bea", 1, opening, native)
    await talk.said()
    await voted(talk, second, "carla", 2, opening, native)
    said = await talk.said()
    refused = [p for p in said if "tu voto no cuenta" in p.plain]
    assert [p.room for p in refused] == [ROOM if second == "text" else await talk.private("carla")]
    told = [p for p in said if "también votó en nombre de Cooperativa Sur" in p.plain]
    assert [p.room for p in told] == [await talk.private("bea")]
    assert "a favor: 20" in await results(talk, number)
    await talk.taps("carla", native, 2)
    await talk.hears_nothing()


async def test_who_was_told_of_an_alternate_is_still_told_of_a_late_tap(talk: Talk) -> None:
    await organised(talk)
    _opening, native, number = await proposed(talk, OLLA)
    await talk.taps("bea", native, 1)
    await talk.taps("carla", native, 2)
    await closed(talk, number)
    await talk.wait(DAYS)
    await talk.said()
    await talk.taps("bea", native, 2)
    await talk.taps("carla", native, 2)
    assert [post.plain.count("no cuenta") for post in await talk.said()] == [1, 1]


async def test_an_alternate_takes_over_when_the_delegate_withdraws(talk: Talk) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, OLLA)
    await talk.taps("carla", native, 2)
    tap = await talk.taps("bea", native, 1)
    await talk.taps("carla", native, 3)
    assert "a favor: 20" in await results(talk, number)
    await talk.redacts("bea", tap)
    assert "abstención: 20" in await results(talk, number), "the alternate's last vote"
    await talk.taps("carla", native, 2)
    await talk.says("bea", f"!votar {number} ninguna")
    await talk.says("carla", "abstención", reply=opening)
    assert "abstención: 20" in await results(talk, number)


# --- who speaks for it changes ------------------------------------------------------------------


@pytest.mark.parametrize("how", ["replaced", "removed", "left"])
async def test_a_right_ends_at_once_and_what_was_voted_stays(talk: Talk, how: str) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, OLLA)
    tap = await talk.taps("bea", native, 1)
    if how == "left":
        await talk.moves("bea", Membership.LEAVE)
    else:
        who = "@ana" if how == "replaced" else "nadie"
        await talk.says("ana", f'!votantes agregar "Cooperativa Sur" titular: {who}')
    await talk.said()
    await talk.redacts("bea", tap)
    await talk.taps("bea", native, 2)
    await talk.says("bea", "en contra", reply=opening)
    text = "\n".join(post.plain for post in await talk.said())
    assert ("No puedes votar" in text) or how == "left"
    assert "a favor: 20" in await results(talk, number), "the organisation's vote stays"
    await talk.says("carla", "en contra", reply=opening)
    await heard(talk, "antes de cambiar de titular", "tu voto no cuenta")
    assert "a favor: 20" in await results(talk, number)
    await talk.says("ana", '!votantes agregar "Cooperativa Sur" titular: @dani')
    await talk.says("dani", f"!votar {number} en contra org: sur")
    said = await talk.said()
    assert not [p for p in said if p.room == await talk.private("bea")]
    assert "en contra: 20" in await results(talk, number)


async def test_a_taken_out_organisation_keeps_its_vote_and_its_place(talk: Talk) -> None:
    await organised(talk)
    opening, _native, number = await proposed(talk, OLLA + " quorum:2")
    await talk.says("bea", "a favor", reply=opening)
    await talk.says("ana", '!votantes quitar "Cooperativa Sur"')
    await talk.says("bea", "en contra", reply=opening)
    await talk.says("dani", "en contra", reply=opening)
    await talk.said()
    result = await closed(talk, number)
    assert "aprobada" in result.split("\n")[0]
    assert "a favor: 20\nen contra: 3" in result


async def test_a_former_alternates_vote_stands_until_somebody_votes_again(talk: Talk) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, OLLA)
    await talk.taps("carla", native, 1)
    await talk.says("ana", '!votantes agregar "Cooperativa Sur" suplente: @ana')
    await talk.said()
    await talk.taps("carla", native, 2)
    await talk.said()
    assert "a favor: 20" in await results(talk, number)
    await talk.says("ana", "en contra", reply=opening)
    await heard(talk, "Anotado")
    assert "en contra: 20" in await results(talk, number)
    await talk.taps("bea", native, 1)
    said = await talk.said()
    assert not [p for p in said if p.room == await talk.private("carla")], "she stands in no more"
    assert "a favor: 20" in await results(talk, number)


async def test_a_demoted_delegate_does_not_take_the_vote_back(talk: Talk) -> None:
    await organised(talk)
    _opening, native, number = await proposed(talk, OLLA)
    tap = await talk.taps("bea", native, 1)
    await talk.says("ana", '!votantes agregar "Cooperativa Sur" titular: @carla suplente: @bea')
    await talk.said()
    await talk.redacts("bea", tap)
    await talk.taps("bea", native, 2)
    await talk.said()
    assert "a favor: 20" in await results(talk, number)


# --- one person, several organisations ----------------------------------------------------------


async def test_a_delegate_of_two_votes_for_both_or_for_one(talk: Talk) -> None:
    await organised(talk, SUR, "!votantes agregar Norte @bea peso:3")
    opening, native, number = await proposed(talk, OLLA)
    await talk.says("bea", "a favor", reply=opening)
    await heard(talk, "Cooperativa Sur · Norte: Anotado: a favor")
    assert "a favor: 23" in await results(talk, number)
    await talk.says("bea", "en contra org: Sur", reply=opening)
    await heard(talk, "Cooperativa Sur: Anotado: en contra")
    assert "a favor: 3\nen contra: 20" in await results(talk, number)
    await talk.says("bea", "2 sí 1 no", reply=opening)
    await heard(talk, "Votas en nombre de varias organizaciones: Cooperativa Sur · Norte", "org: ")
    assert "a favor: 3\nen contra: 20" in await results(talk, number)
    await talk.says("bea", f"!votar {number} 2 sí 1 no org: Norte")
    await heard(talk, "Norte: Anotado: a favor: 2 · en contra: 1")
    await talk.says("bea", "a favor org: Este", reply=opening)
    await heard(talk, "¿Qué organización es “Este”?")
    assert "a favor: 2\nen contra: 21" in await results(talk, number)
    tap = await talk.taps("bea", native, 3)
    assert "abstención: 23" in await results(talk, number)
    await talk.says("ana", "!votantes agregar Norte titular: @dani")
    await talk.said()
    await talk.redacts("bea", tap)
    assert "en contra: 20\nabstención: 3" in await results(talk, number), "Norte is not hers now"


async def test_what_counts_for_one_and_not_for_another_is_said_so(talk: Talk) -> None:
    await organised(talk, SUR, "!votantes agregar Norte @dani suplente:@carla peso:3")
    opening, native, number = await proposed(talk, OLLA)
    await talk.taps("bea", native, 1)
    await talk.says("carla", "en contra", reply=opening)
    post = await heard(
        talk, "Norte: Anotado: en contra", "Bea ya votó en nombre de Cooperativa Sur"
    )
    assert "Cooperativa Sur · Norte" not in post.plain
    assert "a favor: 20\nen contra: 3" in await results(talk, number)


# --- who votes ----------------------------------------------------------------------------------


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_the_quorum_is_of_organisations_not_of_weight(talk: Talk) -> None:
    await organised(talk, SUR, NORTE, "!votantes agregar Este @ana")
    opening, _native, _number = await proposed(talk, OLLA + " quorum:60% hasta viernes 18h")
    assert "60%" in opening.plain
    await talk.says("bea", "a favor", reply=opening)
    await talk.said()
    await talk.wait(5 * DAYS)
    await heard(talk, "sin quórum", "1 de 3", "2")


@pytest.mark.parametrize(
    ("voters", "count"),
    [
        ("votan:personas", 4),
        ("votan: @ana, @bea", 2),
        ("votan: prensa", 2),
        ("votam: pessoas", 4),
        ("votan:organizaciones", 2),
        ("", 2),
    ],
)
async def test_who_votes_is_said_when_it_opens(talk: Talk, voters: str, count: int) -> None:
    await organised(talk)
    await talk.room(RoomId("!prensa:test"), "Prensa", ["ana", "carla"])
    opening, native, number = await proposed(talk, f"{OLLA} {voters}")
    everybody = voters in ("votan:personas", "votam: pessoas")  # that needs no words
    assert (f"{count} " in opening.plain.split("\n")[-2]) is not everybody
    await talk.taps("bea", native, 1)
    await talk.taps("carla", native, 1)
    heard_now = await results(talk, number)
    people = {"votan: @ana, @bea": 1, "votan: prensa": 1}.get(voters, 2)
    weight = people if "personas" in voters or "pessoas" in voters or people == 1 else 20
    assert f"a favor: {weight}" in heard_now


async def test_who_is_forgotten_leaves_the_organisations_vote_without_name_or_reason(
    talk: Talk,
) -> None:
    await organised(talk)
    opening, native, number = await proposed(talk, OLLA + " tipo:consentimiento")
    await talk.says("bea", 'bloqueo "vivo lejos"', reply=opening)
    await talk.said()
    async with talk.machine.db.transaction() as tx:
        await vote_removal.forget_person(tx, user_id("bea"))
        for table in ("poll_book_response", "poll_book_ballot"):
            rows = await tx.all(f"SELECT * FROM {table}")  # noqa: S608
            assert rows
            text = str([tuple(row) for row in rows])
            assert "bea" not in text
            assert "vivo lejos" not in text
    assert "bloqueo: 20" in await results(talk, number)
    await talk.taps("carla", native, 1)
    await talk.said()
    assert "bloqueo: 20" in await results(talk, number), "only a new delegate changes it"

"""Who offers and who needs, and how they are asked. It is Wednesday 25 November 2026, 10:00."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk
from bot.types import Membership
from commands.exchange.tests.exchange_talk import (
    NOW,
    OTHER,
    WEEK,
    in_private,
    names_nobody,
    publishes,
    told,
)


async def test_a_need_and_an_offer_find_each_other_as_people_expect(talk: Talk) -> None:
    """The conversation of the voice guide."""
    await talk.room(ROOM, "Apoio", ["ana", "bea", "carla"], {"ana": 50})
    await publishes(talk, "ana", "!ofrezco kombi aos sábados, Recife")
    await told(talk, "bea", "idioma pt")
    asked = await told(talk, "bea", "preciso de carro pra levar som sabado em olinda")
    assert "Publico na sala Apoio: “carro pra levar som sabado em olinda”?" in asked
    said = await told(talk, "bea", "ss")
    for part in (
        "Publicado: pedido 2",
        "Já há uma oferta parecida com o seu pedido 2: “kombi aos sábados, Recife”",
        "(mesmo tema: transporte · palavras: carro · lugares vizinhos: olinda, Recife)",
        "O contato só passa se as duas pessoas disserem sim. Você quer? `sim` ou `não`",
    ):
        assert part in said


async def test_the_contact_passes_only_when_both_said_yes(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco kombi aos sábados, Recife")
    await talk.tells("bea", "preciso de carro pra levar som sabado em olinda")
    await talk.tells("bea", "sim")
    await talk.wait(NOW)
    every = await talk.said()
    await names_nobody(every, "Ana", "@ana", "Bea", "@bea")
    question = every[-1].plain
    for part in ("“kombi aos sábados, Recife”", "transporte", "olinda, Recife", "las dos personas"):
        assert part in question
    assert "Le pregunto a la otra persona" in await told(talk, "bea", "sí")
    await talk.tells("ana", "sí")
    both = {post.room: post.plain for post in await talk.said()}
    assert "@bea:test" in both[await talk.private("ana")]
    assert "@ana:test" in both[await talk.private("bea")]


async def test_who_is_asked_second_reads_no_name_and_a_no_tells_none(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector")
    await publishes(talk, "bea", "!necesito un proyector para el cine")
    assert "proyector" in await in_private(talk, "bea")
    await talk.tells("bea", "sí")
    await talk.wait(NOW)
    posts = await talk.said()
    home = await talk.private("ana")
    question = next(post for post in posts if post.room == home)
    await names_nobody([question], "Bea", "@bea")
    await talk.tells("ana", "no")
    posts = await talk.said()
    await names_nobody(posts, "Ana", "@ana:test", "@bea:test")
    assert "Esta vez no se dio" in posts[-1].plain
    assert posts[-1].room == await talk.private("bea")
    await talk.answer("ana", "!cancelar 1")
    await publishes(talk, "ana", "!ofrezco un proyector otra vez")
    assert "proyector para el cine" not in await in_private(talk, "ana"), "it stays away"


async def test_a_no_of_the_first_asks_nobody_else_and_is_not_shown_again(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector")
    await publishes(talk, "bea", "!necesito un proyector")
    await in_private(talk, "bea")
    assert "No te lo muestro más" in await told(talk, "bea", "no")
    assert await in_private(talk, "ana") == ""
    assert "no hay ofertas" in await told(talk, "bea", "ofertas")
    assert "proyector" in await told(talk, "carla", "ofertas")


async def test_nobody_is_matched_with_themselves_nor_answers_to_their_own(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector")
    await publishes(talk, "ana", "!necesito proyector")
    assert await in_private(talk, "ana") == ""
    assert "Es algo tuyo" in await talk.answer("ana", "!me-interesa 1")


async def test_what_is_of_another_room_is_neither_shown_nor_matched(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["ana", "dora"])
    await publishes(talk, "dora", "!ofrezco proyector", room=OTHER)
    await publishes(talk, "bea", "!necesito proyector")
    assert await in_private(talk, "bea") == ""
    assert "1: “proyector”" in await talk.answer("ana", "!ofertas", room=OTHER)
    assert "proyector" not in await talk.answer("ana", "!ofertas"), "not in a room that is another"
    assert "No existe aquí" in await talk.answer("bea", "!me-interesa 1")
    assert "1: “proyector”" in await told(talk, "ana", "ofertas")
    await talk.moves("ana", Membership.LEAVE, OTHER)
    assert "proyector" not in await told(talk, "ana", "ofertas")


async def test_for_the_whole_network_it_is_found_from_other_rooms(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["dora"])
    asked = await talk.answer("dora", "!ofrezco proyector para toda la red", room=OTHER)
    assert "quien comparta una sala conmigo" in asked
    await talk.answer("dora", "sí", room=OTHER)
    assert "1: “proyector”" in await talk.answer("bea", "!ofertas")
    assert "Le pregunto en privado" in await talk.answer("bea", "!me-interesa 1")
    assert "A alguien le interesa" in await in_private(talk, "dora")
    await talk.tells("dora", "sí")
    assert any("@dora:test" in post.plain for post in await talk.said())


async def test_whoever_left_every_room_sees_nothing_of_the_network(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector para toda la red")
    assert "1: “proyector”" in await told(talk, "bea", "ofertas")
    await talk.moves("bea", Membership.LEAVE)
    for line in ("ofertas", "ofertas 1", "me interesa 1", "busco proyector", "buscar proyector"):
        assert "“proyector”" not in await told(talk, "bea", line), line


async def test_whoever_left_the_room_offers_nothing_there_any_more(talk: Talk) -> None:
    await publishes(talk, "bea", "!ofrezco proyector")
    await talk.moves("bea", Membership.LEAVE)
    assert "proyector" not in await told(talk, "carla", "ofertas")
    await publishes(talk, "carla", "!necesito proyector")
    assert await in_private(talk, "carla") == ""


async def test_between_question_and_answer_it_may_be_over(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector")
    await publishes(talk, "bea", "!necesito proyector")
    await in_private(talk, "bea")
    await talk.answer("ana", "!cancelar 1")
    assert "Eso ya no está" in await told(talk, "bea", "sí")
    assert await in_private(talk, "ana") == ""


async def test_who_said_yes_is_told_when_it_is_over_or_no_answer_comes(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector")
    await publishes(talk, "ana", "!ofrezco carpa")
    await talk.answer("bea", "!me-interesa 1 es para el cine")
    assert "Dice: “es para el cine”" in await in_private(talk, "ana")
    assert "Ya pregunté" in await talk.answer("bea", "!me-interesa 1")
    await talk.says("ana", "!resuelto 1")
    assert "Ya terminó: oferta 1" in await in_private(talk, "bea")
    await talk.answer("carla", "!me-interesa 2")
    await talk.wait(WEEK)
    assert any("todavía no respondió: oferta 2" in post.plain for post in await talk.said())


async def test_in_reply_to_what_was_published(talk: Talk) -> None:
    await talk.says("bea", "!necesito proyector")
    (post,) = await talk.said()
    assert "Le pregunto en privado" in await talk.answer("carla", "me interesa", reply=post)
    await talk.says("carla", "qué buena idea", reply=post)
    await talk.wait(NOW)
    assert all(one.room != ROOM for one in await talk.said())
    assert "Está resuelto" in await talk.answer("bea", "listo", reply=post)


async def test_questions_and_yeses_survive_restarts(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector")
    await publishes(talk, "bea", "!necesito proyector")
    await talk.restart()
    assert "¿Quieres?" in await in_private(talk, "bea")
    await talk.restart(after=timedelta(hours=5))
    assert "Le pregunto a la otra persona" in await told(talk, "bea", "sí")
    await talk.restart(after=timedelta(hours=5))
    await talk.wait(NOW)
    await talk.tells("ana", "sí")
    assert any("@ana:test" in post.plain for post in await talk.said())


async def test_a_kind_that_was_said_on_both_sides_must_be_the_same(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco computador tipo: servicio")
    await publishes(talk, "bea", "!necesito computador tipo: cosa")
    assert await in_private(talk, "bea") == ""
    await publishes(talk, "carla", "!necesito computador")
    assert "computador" in await in_private(talk, "carla")


async def test_a_place_said_apart_counts_whether_we_know_it_or_not(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco sillas lugar: Bogotá")
    await publishes(talk, "bea", "!necesito sillas lugar: Cali")
    assert await in_private(talk, "bea") == ""
    await publishes(talk, "bea", "!necesito veinte sillas lugar: Soacha")
    assert "lugares vecinos: Soacha, Bogotá" in await in_private(talk, "bea")
    await told(talk, "bea", "no")
    await publishes(talk, "ana", "!ofrezco carpa lugar: vereda La Unión")
    await publishes(talk, "carla", "!necesito carpa lugar: Vereda la union")
    assert "mismo lugar: vereda La Unión" in await in_private(talk, "carla")


async def test_the_best_three_are_put_to_whoever_publishes(talk: Talk) -> None:
    for n in range(5):
        await publishes(talk, "ana", f"!ofrezco silla {n} {'en Cali' if n == 2 else ''}")
    await publishes(talk, "bea", "!necesito sillas en Cali")
    asked = [await in_private(talk, "bea")]
    asked += [await told(talk, "bea", "no") for _again in range(4)]
    assert "silla 2 en Cali" in asked[0]
    assert sum("¿Quieres?" in one for one in asked) == 3

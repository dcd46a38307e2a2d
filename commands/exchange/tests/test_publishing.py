"""Publishing, lists, words and ends. Their dates are counted from the beginning."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, at_hour, dated, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded
from commands.exchange import introductions, publication
from commands.exchange.tests.exchange_talk import (
    DAY,
    NOW,
    in_private,
    publishes,
    told,
)


async def test_it_is_found_by_searching_and_opened_by_its_number(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco proyector portátil #cine")
    found = await talk.answer("bea", "!buscar proyectores")
    assert "`!ofertas 1`" in found
    assert "Ana" not in found
    assert "proyector portátil" in await talk.answer("bea", "!ofertas 1")
    assert "`!resuelto 1`" in await talk.answer("ana", "!ofrezco 1")
    await talk.answer("ana", "!resuelto 1")
    assert "proyector portátil" not in await talk.answer("bea", "!buscar proyectores")
    assert "ya se resolvió" in await talk.answer("bea", "!necesito 1")


async def test_the_day_before_its_end_its_author_is_asked(talk: Talk) -> None:
    await publishes(talk, "ana", dated("!ofrezco proyector hasta el {+15}"))
    await talk.wait_until(at_hour(15, 0))
    question = await in_private(talk, "ana")
    assert "¿Sigue?" in question
    assert dated("{+15 day}", now=talk.clock.at) in question
    await talk.tells("ana", "sí")
    assert any("Sigue hasta" in post.plain for post in await talk.said())
    await talk.wait(3 * DAY)
    assert "proyector" in await talk.answer("bea", "!ofertas")
    await talk.wait(70 * DAY)
    await talk.wait(2 * DAY)
    await talk.said()
    assert "proyector" not in await talk.answer("bea", "!ofertas")


async def test_away_at_its_end_the_bot_asks_late_and_gives_a_day(talk: Talk) -> None:
    await publishes(talk, "ana", dated("!necesito proyector hasta el {+15}"))
    await talk.restart(after=20 * DAY)
    await talk.wait(NOW)
    question = await in_private(talk, "ana")
    assert "Con retraso de" in question
    assert "¿Sigue?" in question
    assert "proyector" in await talk.answer("bea", "!pedidos")
    await talk.wait(DAY + timedelta(hours=1))
    ended = "\n".join(post.plain for post in await talk.said())
    assert "Se terminó el plazo: pedido 1" in ended
    assert "no hay pedidos" in await talk.answer("bea", "!pedidos")


async def test_it_is_settled_by_its_author_or_by_the_moderation_with_a_line(talk: Talk) -> None:
    await publishes(talk, "bea", "!necesito proyector")
    assert "No puedes cerrarlo" in await talk.answer("carla", "!resuelto 1")
    assert "Está resuelto" in await talk.answer("bea", "!hecho 1")
    assert "Ya terminó" in await talk.answer("bea", "!hecho 1")
    await publishes(talk, "bea", "!ofrezco carpa")
    assert "Está resuelto" in await talk.answer("ana", "resuelto 2")
    assert "como resuelto el pedido o la oferta 2" in await talk.answer("bea", "!historial")
    await publishes(talk, "bea", "!ofrezco sillas")
    assert "Se retiró: oferta 3" in await talk.answer("bea", "!cancelar 3")


async def test_a_theme_or_a_thing_stays_away_when_asked_to(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco kombi #transporte")
    await publishes(talk, "ana", "!ofrezco sillas")
    await talk.says("bea", "!ocultar #transporte")
    posts = {post.room: post.plain for post in await talk.said()}
    assert "No te muestro más #transporte" in posts[await talk.private("bea")]
    assert posts[ROOM] == "Te escribí en privado."
    assert "No te lo muestro más" in await told(talk, "bea", "ocultar 2")
    assert "Por ahora no hay ofertas" in await told(talk, "bea", "ofertas")
    assert "2 · #transporte" in await told(talk, "bea", "ocultar")
    await publishes(talk, "bea", "!necesito camioneta para un trasteo")
    assert await in_private(talk, "bea") == ""
    await told(talk, "bea", "ocultar #transporte no")
    await told(talk, "bea", "ocultar 2 no")
    both = await told(talk, "bea", "ofertas")
    assert ("kombi" in both, "sillas" in both) == (True, True)


async def test_lists_by_theme_written_or_guessed_and_in_pages(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco kombi")
    for n in range(12):
        await publishes(talk, "bea", f"!ofrezco silla número {n} #fiesta")
    assert "kombi" in await talk.answer("carla", "!ofertas #transporte")
    assert "kombi" not in await talk.answer("carla", "!ofertas #fiesta")
    first = await talk.answer("carla", "!ofertas")
    assert "Más: `!ofertas p2`" in first
    assert "kombi" in await talk.answer("carla", "!ofertas página 2")
    assert "No hay ofertas de ese tema" in await talk.answer("carla", "!ofertas #nada")


async def test_seeking_looks_first_and_offers_to_publish(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco camión los domingos")
    said = await told(talk, "bea", "busco camioneta para mudanza")
    assert "“camión los domingos”" in said
    assert "¿Publico en la sala Sala que lo necesitas?" in said
    assert "No publiqué nada" in await told(talk, "bea", "no")
    assert "No encontré una oferta así" in await told(talk, "bea", "procuro un piano")
    assert "Publicado: pedido 2" in await told(talk, "bea", "sí")


async def test_words_of_the_network_are_added_by_chat_and_taken_back(talk: Talk) -> None:
    await publishes(talk, "carla", "!ofrezco guagua los domingos")
    assert "No puedes" in await talk.answer("bea", "!sinonimo guagua = bus")
    assert "guagua" in await talk.answer("ana", "!sinonimo guagua = bus")
    await publishes(talk, "bea", "!necesito camión")
    assert "palabras de esta red" in await in_private(talk, "bea")
    assert "guagua" in await talk.answer("bea", "!historial")
    assert "Se quitó" in await talk.answer("ana", "!sinonimo quitar guagua = bus")
    assert "todavía no tiene" in await talk.answer("ana", "!sinonimo")
    for bad in ("!sinonimo hola", "!sinonimo a = de"):
        assert "`!sinónimo guagua = bus`" in await talk.answer("ana", bad)
    assert "ya son la misma palabra" in await talk.answer("ana", "!sinonimo silla = sillas")


WRONG = (
    ("!necesito", "Falta lo que necesitas"),
    ("!ofrezco #tema", "Falta lo que ofreces"),
    ("!ofrezco " + "x" * 400, "300 letras"),
    ("!necesito silla tipo: raro", "No conozco el tipo “raro”"),
    ("!necesito silla hasta ayer", "ya pasó"),
    ("!necesito silla hasta en 14 meses", "máximo un año"),
    ("!necesito #a #b #c #d #e #f silla", "máximo 5"),
    ("!me-interesa", "Falta"),
    ("!me-interesa 99", "No existe aquí"),
    ("!resuelto 99999999999", "Falta"),
    ("!ocultar #", "¿Qué tema?"),
)


async def test_what_cannot_be_understood_says_what_to_do(talk: Talk) -> None:
    for line, answer in WRONG:
        await talk.says("bea", line)
        said = "\n".join(post.plain for post in await talk.said())
        assert answer in said, line


async def test_the_same_twice_and_too_many_are_told(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publishes(talk, "bea", "!ofrezco sillas")
    assert "ya está ahí, con el número 1" in await talk.answer("bea", "!ofrezco Sillas")
    await talk.answer("bea", "!ofrezco mesas para toda la red")
    assert "No publiqué nada" in await talk.answer("bea", "no")
    monkeypatch.setattr(publication, "MOST_OPEN", 1)
    assert "Ya tienes 1 en curso" in await talk.answer("bea", "!ofrezco mesas")


async def test_it_goes_along_when_the_room_is_replaced(talk: Talk) -> None:
    await publishes(talk, "bea", dated("!ofrezco sillas hasta el {+15}"))
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "carla"], {"ana": 50})
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", new, ROOM)
        await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", ROOM, new)
    await talk.happens(
        RoomUpgraded(ROOM, EventId("$up"), user_id("ana"), talk.clock.at, new, authentic=True)
    )
    await talk.said()
    asked = await talk.answer("carla", "!me-interesa 1 hola", room=new)
    assert "No existe" not in asked, "who offers has not come along yet"
    await talk.moves("bea", Membership.JOIN, new)
    assert "sillas" in await talk.answer("carla", "!ofertas", room=new)


async def test_nobody_is_bothered_again_and_again_through_the_bot(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, thing in enumerate(("sillas", "mesas", "carpa"), start=1):
        await publishes(talk, "ana", f"!ofrezco {thing}")
        if n < 3:
            await talk.answer("bea", f"!me-interesa {n} hola otra vez")
            assert "hola otra vez" in await in_private(talk, "ana")
            await told(talk, "ana", "no")
    assert "No puedo pasar eso" in await talk.answer("bea", "!me-interesa 3 hola")
    assert await in_private(talk, "ana") == ""
    monkeypatch.setattr(introductions, "MOST_ANSWERS_A_DAY", 1)
    assert "Le pregunto" in await talk.answer("carla", "!me-interesa 3")
    await publishes(talk, "ana", "!ofrezco proyector")
    assert "mañana puedes seguir" in await talk.answer("carla", "!me-interesa 4")


async def test_what_is_over_is_gone_some_months_later(talk: Talk) -> None:
    await publishes(talk, "ana", "!ofrezco sillas")
    await talk.answer("bea", "!me-interesa 1")
    await talk.answer("ana", "!resuelto 1")
    await talk.wait(91 * DAY)
    assert "No existe aquí" in await talk.answer("bea", "!ofertas 1")
    async with talk.machine.db.reading() as tx:
        for table in ("exchange_post", "exchange_meeting", "exchange_term", "exchange_theme"):
            assert await tx.all(f"SELECT * FROM {table}") == [], table  # noqa: S608


async def test_what_a_room_needs_stands_among_what_is_open(talk: Talk) -> None:
    await publishes(talk, "ana", "!necesito sillas")
    assert "Pedido 1: “sillas”" in await talk.answer("bea", "!pendientes")


async def test_what_was_published_in_private_is_answered_there_alone(talk: Talk) -> None:
    """Else whoever types its number in the room tells everybody whose it is."""
    await talk.tells("ana", "ofrezco cama por una noche")
    await talk.tells("ana", "sí")
    await talk.sent()
    line = await talk.says("ana", "!resuelto 1")
    posts = await talk.sent()
    said = [p.plain for p in posts if p.room == ROOM and p.kind == "m.room.message"]
    assert [one for one in said if not one.startswith("* ")] == [], "its own line alone is over"
    assert line in [p.content["redacts"] for p in posts if p.kind == "redact"]
    assert any("resuelt" in p.plain and p.room != ROOM for p in posts)


async def test_what_stands_in_the_room_already_is_published_in_one_message(talk: Talk) -> None:
    await talk.says("bea", dated("!ofrezco camioneta #transporte lugar: Soacha hasta {+15}"))
    (post,) = await talk.said()
    first, second = post.plain.splitlines()
    assert first.startswith("Oferta 1: “camioneta” · #transporte · Soacha · hasta ")
    assert second.endswith("Para quitarla: `!cancelar 1`")


@pytest.mark.parametrize(
    "line",
    [
        "!necesito cerrar la votación",
        "!necesito convocar una reunión del comité para el jueves",
        "!necesitamos convocar reunion",
        "!necesito votar",
        "!necesito recordarles a todas la asamblea",
        "!necesito devolver la escalera",
        "!necesito que cierres la encuesta porfa",
        "!preciso fechar a enquete",
        "!preciso marcar reuniao sabado",
        "!preciso ficar mais uns dia com a caixa de som",
        "!need to close the poll",
        "!necesito irme de mi casa",
        "!necesito darme de baja",
        "!necesitamos irnos ya",
        "!necesito contar algo que me pasó",
        "!necesito ver quién votó",
        "!necesito saber si el voto es secreto",
        "!preciso me mudar",
        "!preciso falar com alguém sobre meu marido",
        "!preciso contar uma coisa",
        "!preciso ir embora",
        *("!necesito abortar", "!necesito llorar", "!preciso abortar", "!need an abortion"),
        *("!necesito terapia", "!necesito pastillas para abortar", "!preciso desabafar"),
    ],
)
async def test_a_need_that_may_be_an_order_to_the_bot_is_asked_about(talk: Talk, line: str) -> None:
    assert "¿Publico en la sala " in await talk.answer("bea", line)


@pytest.mark.parametrize(
    "line",
    [
        "!necesito azúcar",
        "!necesito azucar el sabado para la olla",
        "!necesito collar para el perro",
        "!necesito bazar",
        "!necesito líder",
        "!necesito auxiliar de cocina",
        "!necesito taller de costura",
        "!necesito cuadernos para los niños",
        "!necesito charla sobre derechos",
        "!necesito celular o computadora",
        "!preciso açúcar",
        "!preciso jantar para 10 pessoas",
        "!preciso cadernos e um alarme",
        "!preciso alarme",
        "!need sugar for the tea",
        "!ofrezco cuidar a los niños el sábado",
        "!ofrezco traducir el volante",
        "!ofrezco té",
        "!ofrezco te",
        "!preciso chá",
    ],
)
async def test_a_thing_is_published_unasked_where_it_was_typed(talk: Talk, line: str) -> None:
    assert re.match("(?:Pedido|Oferta) 1: “", await talk.answer("bea", line))


@pytest.mark.parametrize(
    ("line", "first", "second"),
    [
        (
            "ofrezco ropa de bebe y necesito un colchon",
            "`ofrezco ropa de bebe`",
            "`necesito un colchon`",
        ),
        ("ofereço um fogão e preciso de fralda", "`ofrezco um fogão`", "`preciso de fralda`"),
        ("i offer a stroller and i need a plumber", "`ofrezco a stroller`", "`i need a plumber`"),
        ("necesito clases, y ofrezco pan", "`necesito clases`", "`ofrezco pan`"),
    ],
)
async def test_an_offer_and_a_need_in_one_line_are_shown_apart(
    talk: Talk, line: str, first: str, second: str
) -> None:
    await talk.tells("bea", line)
    (said,) = await talk.said()
    assert "no publiqué nada" in said.plain and first in said.plain and second in said.plain
    assert "¿Publico" not in said.plain


@pytest.mark.parametrize(
    "line",
    [
        *("ofrezco sofa y necesito que lo retiren hoy", "necesito flete y ofrezco pagar la nafta"),
        *("need a van and offer to pay gas", "preciso de mesa e cadeira"),
        *("necesito pan y necesito leche", "ofrezco clases a quien necesite"),
    ],
)
async def test_one_wish_with_its_terms_is_one_post(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    await talk.hears("¿Publico en la sala")

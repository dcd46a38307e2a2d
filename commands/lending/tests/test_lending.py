"""Lending, as conversations. Their dates are counted from the beginning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, at_hour, dated, day_in_words
from bot.types import Membership, RoomId

LEND = "!presto proyector a @bea hasta {+5}"
DAY_BEFORE, THE_DAY, AFTER = 4, 5, 6
NOW = timedelta(0)


async def out(talk: Talk) -> None:
    """Bea has Ana's projector (thing 1, loan 2) for five days, and both have said so."""
    await talk.answer("ana", dated(LEND))
    await talk.tells("bea", "recibido 2")
    await talk.wait(NOW)
    await talk.said()


async def heard(talk: Talk, who: str) -> str:
    """All that the bot said to somebody in private since, with what falls due now."""
    await talk.wait(NOW)
    room = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


@pytest.mark.parametrize(
    ("language", "line", "echo"),
    [
        ("es", LEND, "Préstamo 2: Ana presta “proyector” a Bea, hasta el {+5 day}."),
        (
            "pt",
            "!empresto o meu projetor para @bea até {+5}",
            "Empréstimo 2: Ana empresta “projetor” para Bea, até {+5 day}.",
        ),
        (
            "en",
            "!lend my projector to @bea until {+5} 18:00",
            "Loan 2: Ana lends “projector” to Bea, until {+5 day}, 18:00",
        ),
        (
            "es",
            '!presto "silla grande" a @bea:test por 3 días',
            "“silla grande” a Bea, hasta el {+3 day}",
        ),
        ("es", "!presto proyector a Bea del {+6} al {+10}", "a Bea, del {+6 day} al"),
        ("es", "!presto “mesa” a “Bea” hasta {+5}", "“mesa” a Bea, hasta el {+5 day}"),
        ("pt", "!empresto o rádio para a Bea até {+5}", "“rádio” para Bea, até {+5 day}"),
        ("es", "!presto mesa de la sala a bea hasta {+5}", "la sala presta “mesa” a Bea"),
        ("es", "!presto la bici a bea {+5}", "“bici” a Bea, hasta el {+5 day}"),
    ],
)
async def test_the_echo_says_who_lends_what_to_whom_until_when(
    talk: Talk, language: str, line: str, echo: str
) -> None:
    await talk.set("language", language)
    await talk.says("ana", dated(line))
    (said,) = [post for post in await talk.said() if post.room == ROOM]
    assert dated(echo, language) in said.plain
    assert len(said.plain.splitlines()) == 1
    assert said.content["m.mentions"] == {}


async def test_what_two_people_confirm_is_a_mark_in_the_room_and_read_by_them_alone(
    talk: Talk,
) -> None:
    await out(talk)
    await talk.says("bea", "!devuelto 2")
    mark, letter = await talk.sent()
    assert (mark.room, mark.kind) == (ROOM, "m.reaction")
    assert letter.room == await talk.private("bea")
    await talk.wait(NOW)
    await talk.sent()
    await talk.tells("ana", "sí")
    (free,) = [post for post in await talk.sent() if post.room == ROOM]
    assert free.plain == "“proyector” está libre. Para pedirlo: `!pido 1 hasta mañana`"


async def test_after_days_off_only_the_newest_word_about_a_loan_is_said(talk: Talk) -> None:
    await out(talk)
    await talk.restart(after=timedelta(days=20))
    await talk.wait(NOW)
    told = [post.plain for post in await talk.said()]
    assert len(told) == 2
    assert sum("lo tiene Bea" in one for one in told) == 1
    assert sum("Si ya lo devolviste" in one for one in told) == 1


async def test_both_confirm_that_it_goes_and_that_it_is_back(talk: Talk) -> None:
    await talk.answer("ana", dated(LEND))
    assert "¿Ya lo tienes?" in await heard(talk, "bea")
    await talk.tells("bea", "sí")
    posts = {post.room: post.plain for post in await talk.said()}
    assert "Bea tiene “proyector”" in posts[await talk.private("bea")]
    assert "Confirmado por ambas partes" in posts[await talk.private("ana")]
    assert "Préstamo 2: “proyector”" in await talk.answer("carla", "!pendientes")
    assert "También le pregunto a Ana" in await talk.answer("bea", "!devuelto 2")
    assert "lo tiene Bea" in await talk.answer("carla", "!préstamos")
    assert "¿Es así?" in await heard(talk, "ana")
    await talk.tells("ana", "sí")
    assert "terminó" in await heard(talk, "bea")
    assert "libre ahora" in await talk.answer("carla", "!préstamos")
    assert "ya terminó" in await talk.answer("bea", "!devuelto 2")


async def test_what_one_says_does_not_count_against_the_other(talk: Talk) -> None:
    await talk.answer("ana", dated(LEND))
    await talk.wait(NOW)
    await talk.tells("bea", "no")
    assert "todavía no se entregó, dice Bea" in await heard(talk, "ana")
    await talk.tells("ana", "recibido 2")
    assert "¿Ya lo tienes?" in await heard(talk, "bea")
    await talk.tells("bea", "sí")
    await talk.tells("bea", "devuelto 2")
    await talk.wait(NOW)
    await talk.said()
    await talk.tells("ana", "no")
    assert "no ha vuelto, dice Ana" in await heard(talk, "bea")
    assert "lo tiene Bea" in await talk.answer("carla", "!préstamos 1")
    assert "No puedes confirmar" in await talk.answer("carla", "!devuelto 2")


async def test_typed_instead_of_answered_it_counts_and_holds_up_no_other_question(
    talk: Talk,
) -> None:
    await talk.answer("ana", dated(LEND))
    assert "¿Ya lo tienes?" in await heard(talk, "bea")
    await talk.answer("ana", dated("!presto carpa a @bea hasta {+5}"))
    assert "Bea tiene “proyector”" in await talk.answer("bea", "!recibido 2")
    assert "te presta “carpa”" in await heard(talk, "bea")


async def test_a_word_in_reply_is_about_that_loan(talk: Talk) -> None:
    await talk.says("ana", dated(LEND))
    (echo,) = await talk.said()
    await talk.answer("ana", dated("!presto carpa a @bea hasta {+5}"))
    await talk.says("carla", "sí", reply=echo)
    await talk.says("bea", "sí, qué bueno", reply=echo)
    await talk.hears_nothing()
    assert "todavía no se entregó" in await talk.answer("bea", "no", reply=echo)
    await talk.answer("ana", "entregado", reply=echo)
    assert "Bea tiene “proyector”" in await talk.answer("bea", "sí", reply=echo)
    assert "volvió (préstamo 2)" in await talk.answer("bea", "devuelto", reply=echo)
    assert "terminó" in await talk.answer("ana", "sí", reply=echo)


async def test_the_lenders_word_that_it_is_back_does_after_three_days(talk: Talk) -> None:
    await out(talk)
    await talk.answer("ana", "!devuelto 2")
    await talk.wait(timedelta(days=3))
    assert "según quien lo presta" in await heard(talk, "bea")
    assert "libre ahora" in await talk.answer("carla", "!préstamos")


async def test_reminded_before_and_the_lender_is_told_when_it_is_late(talk: Talk) -> None:
    await out(talk)
    for at in (at_hour(DAY_BEFORE, 9), at_hour(THE_DAY, 9)):
        await talk.wait_until(at - timedelta(minutes=1))
        await talk.hears_nothing()
        await talk.wait_until(at)
        (post,) = await talk.hears(dated("vuelve a más tardar el {+5 day}", now=talk.clock.at))
        assert post.room == await talk.private("bea")
    await talk.wait_until(at_hour(AFTER, 9))
    ana, bea = sorted(await talk.said(), key=lambda post: post.plain)
    assert "va con retraso" in ana.plain
    assert ana.room == await talk.private("ana")
    assert "tenía que volver" in bea.plain
    assert {post.room for post in (ana, bea)} == {await talk.private(one) for one in ("ana", "bea")}
    assert "Bea" not in await talk.answer("carla", "!préstamos"), "nobody is named for being late"
    assert dated("ahora hasta el {+11 day}", now=talk.clock.at) in await talk.answer(
        "ana", dated("!presto 2 hasta {+11}")
    )
    await talk.said()
    await talk.wait_until(at_hour(AFTER + 4, 9))
    (post,) = await talk.hears(dated("vuelve a más tardar el {+11 day}", now=talk.clock.at))


async def test_what_fell_due_while_it_was_off_says_how_late(talk: Talk) -> None:
    await out(talk)
    await talk.restart(after=at_hour(DAY_BEFORE, 9) - talk.clock.at + timedelta(hours=2))
    await talk.wait(NOW)
    (post,) = await talk.hears("Con retraso de 2 h")
    assert "vuelve a más tardar" in post.plain


async def test_who_waits_is_told_when_it_is_back_in_the_order_of_asking(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", "dora"], {"ana": 50})
    await out(talk)
    assert "lista de espera: número 1" in await talk.answer(
        "carla", dated("!pido proyector hasta {+10}")
    )
    assert "lista de espera: número 2" in await talk.answer("dora", dated("!pido 1 hasta {+12}"))
    assert "Ya pediste" in await talk.answer("dora", "!pido 1")
    await talk.tells("bea", "devuelto 2")
    await talk.wait(NOW)
    await talk.tells("ana", "sí")
    carla = await heard(talk, "carla")
    assert "“proyector” está libre y sigues tú (número 3)" in carla
    await talk.tells("ana", "no")
    posts = {post.room: post.plain for post in await talk.said()}
    assert "Esta vez no se puede" in posts[await talk.private("carla")]
    assert "sigues tú (número 4)" in posts[await talk.private("dora")]
    await talk.wait(NOW)
    await talk.tells("ana", "sí")
    assert "Ana presta “proyector” a Dora" in await heard(talk, "dora")


async def test_no_double_booking_but_the_time_between_is_free(talk: Talk) -> None:
    await talk.answer("ana", dated("!presto bici a @bea del {+6} al {+10}"))
    taken = await talk.answer("ana", dated("!presto bici a @carla del {+10} al {+14}"))
    assert dated("no está libre entonces: préstamo 2, del {+6 day}", now=talk.clock.at) in taken
    assert "Préstamo" in await talk.answer("ana", dated("!presto bici a @carla del {+11} al {+14}"))
    assert "Préstamo" in await talk.answer("ana", dated("!presto bici a @carla hasta {+5}"))
    assert "no está libre" in await talk.answer("ana", dated("!presto 2 hasta {+12}"))
    shown = await talk.answer("ana", "!préstamos bici")
    at = [shown.index(day_in_words(days)) for days in (5, 10, 14)]
    assert at == sorted(at)


async def test_a_booking_that_is_not_handed_over_is_told_on_its_day_and_lapses(talk: Talk) -> None:
    await talk.answer("ana", dated("!presto bici a @bea del {+6} al {+7}"))
    await talk.wait_until(at_hour(AFTER, 9))
    first, second = await talk.hears("Hoy empieza el préstamo 2", "Hoy empieza el préstamo 2")
    assert {first.room, second.room} == {await talk.private("ana"), await talk.private("bea")}
    await talk.wait(timedelta(days=2))
    assert "no se entregó" in await heard(talk, "bea")
    assert "libre ahora" in await talk.answer("ana", "!préstamos")


async def test_more_time_is_asked_of_the_lender(talk: Talk) -> None:
    await out(talk)
    assert "Le pregunto a Ana" in await talk.answer("bea", dated("!pido 2 hasta {+11}"))
    assert dated("pide tener “proyector” hasta el {+11 day}", now=talk.clock.at) in await heard(
        talk, "ana"
    )
    await talk.tells("ana", "sí")
    assert dated("ahora hasta el {+11 day}", now=talk.clock.at) in await heard(talk, "bea")


async def test_things_of_the_network_are_seen_in_every_room_and_of_a_room_only_there(
    talk: Talk,
) -> None:
    other = await talk.room(RoomId("!otra:test"), "Otra", ["ana", "dora"], {"ana": 50})
    assert "moderación de la sala" in await talk.answer("bea", "!presto carpa de la red")
    assert "sería de la red" in await talk.answer("ana", "!presto carpa de la red")
    await talk.answer("ana", "sí")
    await talk.answer("bea", "!presto mesa de la sala")
    await talk.answer("bea", "!presto libro")
    listed = await talk.answer("dora", "!préstamos", room=other)
    assert ("carpa" in listed, "mesa" in listed, "libro" in listed) == (True, False, False)
    assert "nadie presta “mesa”" in await talk.answer("dora", "!pido mesa", room=other)
    assert "No existe el número 2" in await talk.answer(
        "dora", dated("!pido 2 hasta {+10}"), room=other
    )
    assert "pides “carpa”" in await talk.answer(
        "dora", dated("!pido carpa hasta {+10}"), room=other
    )
    assert "prestó" not in await talk.answer("ana", "!historial")
    assert "presta el número 1 a toda la red" in await talk.answer("carla", "!historial")
    assert "Préstamo" in await talk.answer("ana", dated("!presto mesa a @carla hasta {+5}"))
    assert "decidió sobre algo de toda la sala" in await talk.answer("carla", "!historial")


async def test_what_is_of_another_room_is_spoken_of_in_private(talk: Talk) -> None:
    other = await talk.room(RoomId("!otra:test"), "Otra", ["bea", "dora"])
    await out(talk)
    await talk.says("bea", "!devuelto 2", room=other)
    assert all("proyector" not in post.plain for post in await talk.said() if post.room == other)
    await talk.moves("carla", Membership.LEAVE)
    await talk.says("carla", "!préstamos 1", room=await talk.private("carla"))
    assert "No existe el número 1" in "".join(post.plain for post in await talk.said())


async def test_in_private_ones_own_and_the_room_is_asked_or_named(talk: Talk) -> None:
    await talk.room(RoomId("!otra:test"), "Prensa", ["ana", "bea"])
    await talk.tells("ana", dated("presto cámara a bea hasta el {+5 weekday} en prensa"))
    assert "Préstamo 2: Ana presta “cámara” a Bea" in "".join(p.plain for p in await talk.said())
    await talk.tells("ana", "presto bici")
    await talk.hears("¿Para qué sala?")
    await talk.tells("ana", "1")
    await talk.hears("3: “bici” (Ana) se presta aquí")
    await talk.tells("ana", "préstamos")
    (said,) = await talk.said()
    assert "2: “cámara” · Bea" in said.plain


async def test_who_leaves_waits_no_more_and_who_has_something_is_told_of(talk: Talk) -> None:
    await out(talk)
    await talk.answer("carla", dated("!pido proyector hasta {+10}"))
    await talk.moves("carla", Membership.LEAVE)
    assert "espera" not in await talk.answer("ana", "!préstamos")
    await talk.moves("bea", Membership.LEAVE)
    assert "Bea salió de la sala y tiene “proyector”" in await heard(talk, "ana")
    assert "terminó" in await talk.answer("ana", "!devuelto 2")


async def test_a_wish_a_booking_and_a_thing_are_taken_back(talk: Talk) -> None:
    await out(talk)
    await talk.answer("carla", dated("!pido proyector hasta {+10}"))
    assert "Lo tiene Bea" in await talk.answer("ana", "!cancelar 1")
    assert "Lo tiene Bea" in await talk.answer("ana", "!cancelar 2")
    assert "Lo tienes tú" in await talk.answer("bea", "!pido 2 no")
    assert "ya no esperas" in await talk.answer("carla", "!pido 3 no")
    await talk.answer("ana", dated("!presto bici a @bea del {+6} al {+10}"))
    assert "Se anuló el préstamo" in await talk.answer("bea", "!pido 5 no")
    await talk.answer("carla", dated("!pido bici hasta {+14}"))
    await talk.says("ana", "!cancelar 4")
    posts = {post.room: post.plain for post in await talk.said()}
    assert posts[ROOM] == "“bici” ya no se presta."
    assert posts[await talk.private("carla")] == "“bici” ya no se presta (número 6)."
    assert "bici" not in await talk.answer("ana", "!préstamos")


WRONG = [
    ("!presto", "Falta lo que se presta"),
    ("!presto proyector a @bea", "Falta hasta cuándo"),
    ("!presto proyector hasta el {+5 weekday}", "Falta a quién"),
    ("!presto proyector a @zoe hasta el {+5 weekday}", "No sé quién es @zoe"),
    ("!presto proyector a @zoe:lejos.org hasta el {+5 weekday}", "no está en esta sala"),
    ("!presto proyector a @ana hasta el {+5 weekday}", "Esa persona eres tú"),
    ("!presto proyector a @bea @carla hasta el {+5 weekday}", "a la vez"),
    ("!presto proyector a @bea hasta 30/11/2025", "ya pasó"),
    ("!presto proyector a @bea hasta 30/11/2031", "dos años como máximo"),
    ("!presto proyector a @bea del {+10} al {+6}", "después de la entrega"),
    ("!presto " + "x" * 300 + " a @bea hasta el {+5 weekday}", "nombre muy largo"),
    ("!presto 77 hasta el {+5 weekday}", "No existe el número 77"),
    ("!pido", "Falta lo que necesitas"),
    ("!pido unicornio", "Aquí nadie presta “unicornio”"),
    ("!pido 77 hasta el {+5 weekday}", "No existe el número 77"),
    ("!recibido", "Falta el número del préstamo"),
    ("!recibido 77", "No existe el número 77"),
    ("!devuelto 77", "No existe el número 77"),
    ("!préstamos unicornio", "Aquí nadie presta"),
]


async def test_what_cannot_be_is_said(talk: Talk) -> None:
    for line, answer in WRONG:
        assert answer in await talk.answer("ana", dated(line)), line


async def test_it_can_be_found_by_name_and_theme_until_it_is_lent_no_more(talk: Talk) -> None:
    await talk.answer("ana", dated("!presto proyector Epson #sonido a @bea hasta {+5}"))
    sql = (
        "SELECT title, theme FROM findable JOIN findable_theme ON findable = id"
        " WHERE feature = 'lending'"
    )
    async with talk.machine.db.reading() as tx:
        rows = [tuple(row) for row in await tx.all(sql)]
    assert rows == [("proyector Epson", "sonido")]
    assert "!pido 1" in await talk.answer("carla", "!buscar proyectores")
    assert "1: “proyector Epson”" in await talk.answer("ana", "!presto proyector epson")
    assert "Se anuló" in await talk.answer("ana", "!presto 2 no")
    await talk.answer("ana", "!cancelar 1")
    async with talk.machine.db.reading() as tx:
        assert await tx.all(sql) == []


async def test_what_is_to_come_moves_whole_and_never_ends_before_it_begins(talk: Talk) -> None:
    await talk.says("ana", "!presto proyector")
    await talk.says("ana", dated("!presto proyector a @bea del {+6} al {+7}"))
    await talk.sent()
    assert dated("empieza el {+6 day}", now=talk.clock.at) in await talk.answer(
        "ana", dated("!presto 2 hasta {+5}")
    )
    moved = await talk.answer("ana", dated("!presto 2 del {+8} al {+9}"))
    assert dated("ahora del {+8 day} al {+9 day}", now=talk.clock.at) in moved

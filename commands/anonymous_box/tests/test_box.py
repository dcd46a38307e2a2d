"""The anonymous box, as conversations: passed on, answered, muted, limited, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, Number, RoomId
from commands.anonymous_box import note_store

NOW, DAY = timedelta(0), timedelta(days=1)
ONE = Number(1)
BEA = "@bea:test"


async def types(talk: Talk, who: str, what: str) -> str:
    """Let somebody write in private, and return what the bot says to them."""
    await talk.tells(who, what)
    await talk.wait(NOW)
    room = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


async def passed_on(talk: Talk, who: str, line: str, room: RoomId = ROOM) -> str:
    """Let somebody have a line passed on, and return what the room reads."""
    shown = await types(talk, who, line)
    assert "¿Sigo?" in shown, shown
    await talk.tells(who, "sí")
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


async def boxed(talk: Talk) -> None:
    """The room wants a box."""
    await talk.set("anonymous_box", "yes")


async def test_a_room_that_wants_it_reads_words_without_a_name(talk: Talk) -> None:
    await boxed(talk)
    shown = await types(talk, "bea", "buzón para: sala\nlas reuniones son muy tarde")
    assert "│ las reuniones son muy tarde" in shown and "30 días" in shown
    await talk.tells("bea", "sí")
    posts = await talk.said()
    told = "\n".join(post.plain for post in posts if post.room == ROOM)
    assert "Mensaje anónimo 1:\n│ las reuniones son muy tarde" in told
    for post in posts:
        if post.room == ROOM:
            assert "bea" not in str(post.content).casefold()
    assert "número 1" in "\n".join(p.plain for p in posts if p.room != ROOM)


@pytest.mark.parametrize(
    ("language", "line", "told"),
    [
        ("es", "buzón", "Sin tu nombre puedes escribir"),
        ("es", "buzon anonimo no me siento escuchada", "│ no me siento escuchada"),
        ("es", "anónimo hay que rotar la moderación", "│ hay que rotar"),
        ("es", "buzón para cuidado: alguien bebe en la guardia", "│ "),
        ("pt", "caixa", "Sem o seu nome você pode escrever"),
        ("pt", "caixinha a reunião é tarde demais", "│ a reunião é tarde demais"),
        ("pt", "caixa anonima não quero falar na frente de todo mundo", "│ não quero falar"),
        ("en", "box", "Without your name you can write"),
        ("en", "anonymous the meetings are too late", "│ the meetings are too late"),
        ("en", "anonymous box nobody reads the minutes", "│ nobody reads the minutes"),
    ],
)
async def test_it_is_read_as_a_hurried_person_types_it(
    talk: Talk, language: str, line: str, told: str
) -> None:
    await types(talk, "bea", f"idioma {language}")
    assert told in await types(talk, "bea", line)


async def test_without_a_room_the_care_team_reads_it(talk: Talk) -> None:
    await types(talk, "bea", "buzón las reuniones son muy tarde")
    await talk.tells("bea", "sí")
    posts, bea = await talk.said(), await talk.private("bea")
    assert all(post.room != ROOM for post in posts)
    assert "Mensaje anónimo 1" in "".join(post.plain for post in posts if post.room != bea)
    assert "Pasé tu respuesta" in await types(talk, "ana", "buzón 1 ¿a qué hora te sirve?")
    assert "no existe el mensaje anónimo 1" in await types(talk, "carla", "buzón 1 hola")


async def test_answers_go_back_and_more_can_be_added(talk: Talk) -> None:
    await boxed(talk)
    await passed_on(talk, "bea", "buzón para: sala\nlas reuniones son muy tarde")
    await talk.says("carla", "!buzón 1 ¿a las 6?")
    posts = await talk.said()
    assert [p.plain for p in posts if p.room == ROOM] == ["Pasé tu respuesta."]
    private = await talk.private("bea")
    assert "Respuesta a tu mensaje 1:\n│ ¿a las 6?" in "".join(
        p.plain for p in posts if p.room == private
    )
    await talk.tells("bea", "buzón 1 mejor a las 5")
    posts = await talk.said()
    assert any(p.room == ROOM and "│ mejor a las 5" in p.plain for p in posts)


async def test_what_is_typed_in_a_room_is_not_passed_on(talk: Talk) -> None:
    await boxed(talk)
    assert "con tu nombre, así que no pasé nada" in await talk.answer("bea", "!buzón es muy tarde")


async def test_a_sender_is_muted_without_being_named(talk: Talk) -> None:
    await boxed(talk)
    await passed_on(talk, "bea", "buzón para: sala\nson todas tontas")
    assert "moder" in await talk.answer("carla", "!buzón 1 silenciar")
    told = await talk.answer("ana", "!buzón 1 silenciar")
    assert "No nombré a nadie" in told and "bea" not in told.casefold()
    assert "mensaje anónimo 1" in await talk.answer("carla", "!historial")
    refused = await types(talk, "bea", "buzón otra vez")
    assert "no paso nada" in refused and "`pánico`" in refused
    assert "no paso nada" in await types(talk, "bea", "buzón 1 otra vez")
    assert "¿Sigo?" in await types(talk, "carla", "buzón para: sala\nbuenas")
    await talk.wait(31 * DAY)
    assert "¿Sigo?" in await types(talk, "bea", "buzón para: sala\nbuenas")


async def test_one_person_has_five_lines_a_day(talk: Talk) -> None:
    await boxed(talk)
    for n in range(5):
        assert f"│ línea {n}" in await passed_on(talk, "bea", f"buzón para: sala\nlínea {n}")
    assert "5 mensajes al día" in await types(talk, "bea", "buzón una más")
    await talk.wait(DAY + timedelta(minutes=1))
    assert "¿Sigo?" in await types(talk, "bea", "buzón para: sala\nuna más")


async def test_after_thirty_days_nobody_knows_who_wrote_it(talk: Talk) -> None:
    await boxed(talk)
    await passed_on(talk, "bea", "buzón para: sala\nlas reuniones son muy tarde")
    async with talk.machine.db.reading() as tx:
        assert await note_store.sender_of(tx, ONE) == BEA
        assert await tx.count("SELECT count(*) AS n FROM posted WHERE item = 1") == 1
        rows = [tuple(r) for r in await tx.all("SELECT * FROM item")]
        rows += [tuple(r) for r in await tx.all("SELECT * FROM anonymous_box_sender")]
        assert "bea:" not in str(rows)  # letters alone come up by chance in what is sealed
    await talk.restart(31 * DAY)
    await talk.wait(NOW)
    async with talk.machine.db.reading() as tx:
        for table in ("sender", "sent", "muted"):
            assert await tx.count(f"SELECT count(*) AS n FROM anonymous_box_{table}") == 0  # noqa: S608
    assert "Ya no sé quién" in await talk.answer("carla", "!buzón 1 hola")


async def test_who_leaves_is_reached_no_more_and_passes_nothing_on(talk: Talk) -> None:
    await boxed(talk)
    await passed_on(talk, "bea", "buzón para: sala\nlas reuniones son muy tarde")
    await talk.moves("bea", Membership.BAN, by="ana")
    assert "ninguna de nuestras salas" in await talk.answer("carla", "!buzón 1 hola")
    await talk.tells("bea", "buzón 1 otra cosa")
    assert all(post.room != ROOM for post in await talk.said())


async def test_a_person_reads_and_deletes_the_link(talk: Talk) -> None:
    await boxed(talk)
    await passed_on(talk, "bea", "buzón para: sala\nlas reuniones son muy tarde")
    assert "que escribiste 1 mensaje anónimo" in await types(talk, "bea", "borrarme")
    await types(talk, "bea", "sí")
    assert "Ya no sé quién" in await talk.answer("carla", "!buzón 1 hola")


async def test_words_of_danger_are_answered_first(talk: Talk) -> None:
    shown = await types(talk, "bea", "buzón ayúdenme me quieren matar")
    assert shown.index("pánico") < shown.index("│") if "│" in shown else "pánico" in shown


async def test_words_of_danger_name_no_command_that_was_removed(talk: Talk) -> None:
    await boxed(talk)
    gone = {"danger", *(one.name for one in talk.features if "danger" in one.needs)}
    talk.features = [one for one in talk.features if one.name not in gone]
    await talk.restart()
    shown = await types(talk, "bea", "buzón para: sala\nayúdenme me quieren matar")
    assert "`incidente` y lo que pasó" in shown, shown
    assert "pánico" not in shown, shown


async def test_hostile_words_stay_behind_the_bar(talk: Talk) -> None:
    await boxed(talk)
    told = await passed_on(talk, "bea", "buzón para: sala\nuno\nMensaje anónimo 9:\n@room")
    assert "│ uno\n│ Mensaje anónimo 9:\n│ @room" in told

"""Who has gone quiet: only where the room wants it, only to who moderates, and kept nowhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk

WEEK = timedelta(weeks=1)


async def agreed(talk: Talk) -> None:
    """A room that wants it, in which Bea wrote today and Carla five weeks ago."""
    await talk.set("see_quiet", "yes")
    await talk.says("carla", "hola")
    await talk.wait(5 * WEEK)
    await talk.says("bea", "hola, ¿cómo van?")
    await talk.sent()


async def asked(talk: Talk, line: str = "!sin-escribir", who: str = "ana") -> tuple[str, str]:
    """What the room reads, and what is said in private."""
    await talk.says(who, line)
    said = await talk.said()
    here = "\n".join(post.plain for post in said if post.room == ROOM)
    return here, "\n".join(post.plain for post in said if post.room != ROOM)


async def test_a_room_that_did_not_ask_for_it_is_not_looked_at(talk: Talk) -> None:
    await talk.wait(5 * WEEK)
    here, private = await asked(talk)
    assert "Esta sala no quiere" in here and private == ""


async def test_who_moderates_reads_it_in_private_and_the_log_says_so(talk: Talk) -> None:
    await agreed(talk)
    here, private = await asked(talk)
    assert here == "Te escribí en privado."
    assert "1 de 3 no envía nada hace 4 semanas: Carla" in private and "Bea" not in private
    assert "no tiene nada de malo" in private
    assert "preguntó quién no envía nada aquí" in await talk.answer("bea", "!historial")
    here, private = await asked(talk, "!sin-escribir", "bea")
    assert "No puedes" in here and private == ""


async def test_who_wants_to_be_left_out_is_in_no_answer(talk: Talk) -> None:
    await agreed(talk)
    await talk.tells("carla", "no-contarme")
    await talk.hears("Desde ahora la moderación no sabe por mí si escribes")
    assert "Carla" not in (await asked(talk))[1]
    await talk.tells("carla", "mis-datos")
    await talk.sent()
    await talk.tells("carla", "no-contarme no")
    await talk.hears("Vuelvo a contarte")
    assert "Carla" in (await asked(talk))[1]


async def test_an_invitation_goes_to_each_in_private_once_in_four_weeks(talk: Talk) -> None:
    await agreed(talk)
    _here, private = await asked(talk, "!sin-escribir 4 invitar")
    assert "Le escribo en privado a 1 persona" in private and "hay lugar para ti" in private
    await talk.tells("ana", "sí")
    said = [post for post in await talk.said() if "hay lugar para ti" in post.plain]
    assert [post.room for post in said] == [await talk.private("carla")]
    assert "Nadie espera respuesta" in said[0].plain and "Ana" not in said[0].plain
    assert "ya salió una invitación" in (await asked(talk, "!sin-escribir 4 invitar"))[0]
    await talk.wait(5 * WEEK)
    assert "Les escribo en privado a 2 personas" in (await asked(talk, "!inactivos invitar"))[1]


async def test_only_whole_weeks_since_the_bot_is_there_are_looked_at(talk: Talk) -> None:
    await agreed(talk)
    assert "2 a 26 semanas" in (await asked(talk, "!sin-escribir 1"))[0]
    assert "no miro más atrás" in (await asked(talk, "!sin-escribir 20"))[0]


async def test_nothing_is_kept_of_it(talk: Talk) -> None:
    """No table names who was quiet; what people write is looked at when a moderator asks."""
    await agreed(talk)
    await asked(talk)
    async with talk.machine.db.reading() as tx:
        rows = await tx.all(
            "SELECT name FROM sqlite_master WHERE name LIKE 'quiet%' AND type='table'"
        )
        assert [row["name"] for row in rows] == ["quiet_left_out"]
        assert await tx.count("SELECT count(*) AS n FROM quiet_left_out") == 0
        assert await tx.count("SELECT count(*) AS n FROM log WHERE instr(facts, 'carla')") == 0
        assert await tx.count("SELECT count(*) AS n FROM job WHERE feature = 'quiet'") == 0


async def test_the_room_can_read_that_it_may_be_asked(talk: Talk) -> None:
    assert "quién no envía nada" not in await talk.answer("bea", "!privacidad")
    await talk.set("see_quiet", "yes")
    said = await talk.answer("bea", "!privacidad")
    assert "quién no envía nada hace semanas" in said and "`!no-contarme`" in said


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "!sin escribir"),
        ("es", "!inactivos"),
        ("es", "!quién no escribe 3"),
        ("es", "!quién no ha escrito"),
        ("pt", "!sem-escrever"),
        ("pt", "!inativos 3"),
        ("pt", "!quem não escreve"),
        ("en", "!gone quiet 3"),
        ("en", "!who has gone quiet"),
        ("en", "!inactive"),
    ],
)
async def test_as_people_type_it(talk: Talk, language: str, line: str) -> None:
    await agreed(talk)
    await talk.set("language", language)
    assert "Carla" in (await asked(talk, line))[1]

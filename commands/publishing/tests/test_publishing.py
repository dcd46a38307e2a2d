"""Something becomes public by its room's rules, as it was shown, with names of who agreed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.i18n import verbatim
from bot.testing.talk import Talk
from bot.types import Membership, Number
from commands.publishing import preview, store
from commands.publishing.store import PublicRecord
from storage import items

NOW = timedelta(0)


async def record(talk: Talk, number: int) -> PublicRecord | None:
    """What is or was public under this number."""
    async with talk.machine.db.reading() as tx:
        return await store.get_record(tx, Number(number))


async def public_text(talk: Talk, number: int) -> str:
    """The document, as it is handed out."""
    found = await record(talk, number)
    assert found is not None and found.document is not None
    return found.document.to_json()


async def said_now(talk: Talk) -> str:
    """All that is said once what is due now is done."""
    await talk.wait(NOW)
    return "\n".join(post.plain for post in await talk.said())


async def publish_event(talk: Talk, line: str = "Marcha en 50 horas lugar: Plaza") -> None:
    await talk.says("ana", f"!evento {line}")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    await said_now(talk)


@pytest.mark.parametrize(
    "line",
    [
        "!publicar 1",
        "!publica la 1",
        "!publicar evento 1",
        "!publicar “1”",
        "!publicar el evento 1",
        "!publicar #1",
        "!publique o evento 1",
        "!publish 1",
        "!publish event 1",
        "!Publicar: 1",
        "¡publicar 1",
    ],
)
async def test_lines_of_people_in_a_hurry(talk: Talk, line: str) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas lugar: Plaza")
    shown = await talk.answer("ana", line)
    assert "evento 1: “Marcha”" in shown and "lugar: Plaza" in shown and "¿Sigo?" in shown
    assert await record(talk, 1) is None
    assert "1, “Marcha”, ahora es público" in await talk.answer("ana", "sí")
    assert "Plaza" in await public_text(talk, 1)
    assert "1: evento, “Marcha”" in await talk.answer("bea", "!publicar")


async def test_only_a_whole_yes_publishes(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    for answer in ("ok", "no"):
        await talk.says("ana", "!publicar 1")
        await talk.says("ana", answer)
        assert await record(talk, 1) is None


async def test_a_yes_from_before_the_preview_arrived_publishes_nothing(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí", unread=True)
    assert "¿Sigo?" in await said_now(talk)
    assert await record(talk, 1) is None
    await talk.says("ana", "sí")
    assert await record(talk, 1) is not None


async def test_who_moderates_publishes_and_others_do_not(talk: Talk) -> None:
    await talk.says("bea", "!evento Marcha en 50 horas")
    assert "No puedes" in await talk.answer("bea", "!publicar 1")
    assert "¿Sigo?" in await talk.answer("ana", "!publicar 1")


async def test_the_room_can_decide_who_publishes(talk: Talk) -> None:
    await talk.says("ana", "!quién-decide publicar decisión")
    await talk.says("ana", "sí")
    await talk.says("bea", "!evento Marcha en 50 horas")
    await talk.says("bea", "!publicar 1")
    await talk.says("bea", "sí")
    said = await said_now(talk)
    assert "Propuesta 3: hacer público 1, “Marcha”" in said, said
    assert await record(talk, 1) is None
    for who in ("ana", "bea", "carla"):
        await talk.says(who, "!votar 3 a favor")
    await talk.wait(timedelta(days=8))
    assert "“Marcha”, ahora es público" in "\n".join(p.plain for p in await talk.said())
    assert await record(talk, 1) is not None


@pytest.mark.parametrize("line", ["!publicar la decision", "!publicar evento", "!publicar todo"])
async def test_without_a_number_the_newest_that_fit_are_named(talk: Talk, line: str) -> None:
    assert "Falta el número" in await talk.answer("ana", line)
    for hours, name in ((60, "Uno"), (90, "Dos"), (120, "Tres"), (150, "Cuatro")):
        await talk.says("ana", f"!evento {name} en {hours} horas")
    await talk.says("ana", "!encuesta ¿Dónde? | a | b")
    said = await talk.answer("ana", line)
    assert "`!publicar 4`: evento, “Cuatro”" in said and "!publicar 2" in said
    assert "!publicar 5" not in said and "!publicar 1" not in said


async def test_a_reason_is_not_public_and_that_is_said(talk: Talk) -> None:
    await publish_event(talk)
    said = await talk.answer("ana", "!retirar 1 porque es mentira")
    assert "La razón que escribiste no se hace pública" in said
    assert "Sigue público que hubo algo" in said
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "La razón" not in await talk.answer("ana", "!retirar 1")


async def test_withdrawing_protects_so_a_moderator_does_it_at_once(talk: Talk) -> None:
    await publish_event(talk, "Marcha en 500 horas")
    await talk.says("ana", "!quién-decide publicar decisión")
    await talk.says("ana", "sí")
    await talk.says("carla", "!retirar 1")
    assert "retirar de lo público 1, “Marcha”" in await said_now(talk)
    assert "1, “Marcha”, ya no es público" in await talk.answer("ana", "!retirar 1")
    found = await record(talk, 1)
    assert found is not None and not found.is_public
    assert "sacó 1 de lo público" in await talk.answer("bea", "!registro")
    await talk.says("ana", "!deshacer")
    await said_now(talk)
    again = await record(talk, 1)
    assert again is not None and not again.is_public, "publishing anew follows the rule"


async def test_what_changed_while_others_decided_is_not_made_public(talk: Talk) -> None:
    await talk.says("ana", "!quién-decide publicar decisión")
    await talk.says("ana", "sí")
    await talk.says("bea", "!evento Marcha en 300 horas")
    await talk.says("bea", "!publicar 1")
    await talk.says("bea", "sí")
    await said_now(talk)
    await talk.says("bea", "!cambiar 1 título: Otra cosa")
    for who in ("ana", "bea", "carla"):
        await talk.says(who, "!votar 3 a favor")
    await talk.wait(timedelta(days=8))
    said = "\n".join(p.plain for p in await talk.said())
    assert "1 cambió desde que se mostró" in said and "!publicar 1" in said
    assert await record(talk, 1) is None


async def test_what_changed_before_the_yes_is_shown_again(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas lugar: Plaza")
    await talk.says("ana", "!publicar 1")
    await talk.says("bea", "hola")
    await talk.says("ana", "!cambiar 1 lugar: Casa de Bea", room=await talk.private("ana"))
    assert "Casa de Bea" in await talk.answer("ana", "sí")
    assert await record(talk, 1) is None


# --- what changes -----------------------------------------------------------------------------


async def test_when_an_event_is_and_that_it_is_off_is_kept_up(talk: Talk) -> None:
    await publish_event(talk)
    before = await public_text(talk, 1)
    await talk.says("ana", "!mover 1 en 60 horas")
    await said_now(talk)
    moved = await public_text(talk, 1)
    assert moved != before
    await talk.says("ana", "!cancelar 1")
    await talk.says("ana", "sí")
    await said_now(talk)
    assert '"cancelled":true' in await public_text(talk, 1)


async def test_other_words_wait_until_somebody_has_seen_them(talk: Talk) -> None:
    await publish_event(talk)
    await talk.says("ana", "!cambiar 1 lugar: Casa de la abuela")
    assert "Lo que es público sigue como estaba" in await said_now(talk)
    assert "abuela" not in await public_text(talk, 1)
    assert "1 cambió desde que es público" in await talk.answer("ana", "!pendientes")
    assert "Casa de la abuela" in await talk.answer("ana", "!publicar 1")
    await talk.says("ana", "sí")
    await said_now(talk)
    assert "abuela" in await public_text(talk, 1)
    assert "cambió desde" not in await talk.answer("ana", "!pendientes")


async def test_the_room_is_told_once_of_words_that_wait(talk: Talk) -> None:
    await publish_event(talk)
    await talk.says("ana", "!cambiar 1 lugar: Casa de la abuela")
    assert "sigue como estaba" in await said_now(talk)
    await talk.says("ana", "!mover 1 en 60 horas")
    assert "sigue como estaba" not in await said_now(talk)


# --- taking back ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["!retirar 1", "!retirar el evento 1", "!despublicar 1", "!withdraw 1", "!unpublish 1"]
)
async def test_what_is_withdrawn_is_handed_out_no_more(talk: Talk, line: str) -> None:
    await publish_event(talk)
    said = await talk.answer("ana", line)
    assert "ya no es público" in said and "no se lo puedo quitar" in said
    found = await record(talk, 1)
    assert found is not None and found.document is None and found.reason == store.ASKED
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT * FROM publishing_item")
        assert row is not None and "Marcha" not in str(tuple(row))
    assert "Nada de esta sala" in await talk.answer("ana", "!publicar")
    assert "Nada de 1 es público" in await talk.answer("ana", "!retirar 1")


async def test_both_can_be_undone(talk: Talk) -> None:
    await publish_event(talk)
    await talk.says("ana", "!retirar 1")
    for public in (True, False):
        await talk.says("ana", "!deshacer")
        await talk.says("ana", "sí")
        found = await record(talk, 1)
        assert found is not None and found.is_public is public
    log = await talk.answer("bea", "!historial")
    assert "hizo público 1" in log and "sacó 1 de lo público" in log


async def test_who_wrote_it_may_withdraw_it_and_others_may_not(talk: Talk) -> None:
    await talk.says("bea", "!evento Marcha en 50 horas")
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "No puedes" in await talk.answer("carla", "!retirar 1")
    assert "ya no es público" in await talk.answer("bea", "!retirar 1")


async def test_it_becomes_public_again_after_it_was_shown_again(talk: Talk) -> None:
    await publish_event(talk)
    await talk.says("ana", "!retirar 1")
    assert "¿Sigo?" in await talk.answer("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "Plaza" in await public_text(talk, 1)


# --- bad input ----------------------------------------------------------------------------------


async def test_what_can_not_be_public_says_so(talk: Talk) -> None:
    await talk.says("ana", "!tarea Barrer @bea en 20 horas")
    assert "no se puede publicar" in await talk.answer("ana", "!publicar 1")
    assert "No existe" in await talk.answer("ana", "!publicar 99")
    assert "Falta el número" in await talk.answer("ana", "!publicar todo el archivo ya")
    await talk.says("ana", "!evento Marcha en 50 horas")
    assert "No sé qué" in await talk.answer("ana", "!publicar 2 mañana")


async def test_nothing_of_a_private_room_becomes_public(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas")
    private = await talk.private("ana")
    async with talk.machine.db.transaction() as tx:
        await items.set_room(tx, Number(1), private)
    await talk.tells("ana", "publicar 1")
    assert "no se puede publicar" in await said_now(talk)


async def test_long_and_turned_words_are_shown_cut_and_straight(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 50 horas lugar: \u202eazalP\u202c " + "a" * 3000)
    shown = await talk.answer("ana", "!publicar 1")
    assert "\u202e" not in shown and len(shown) < 5000


async def preview_file(talk: Talk, who: str, line: str) -> tuple[str, str]:
    """What is asked, and the file that comes with the question in the same room."""
    await (talk.says if line[0] == "!" else talk.tells)(who, line)
    [asked, sent] = [p for p in await talk.said() if "escribí en privado" not in p.plain]
    assert asked.room == sent.room and "¿Sigo?" in asked.plain
    assert "Eso no es todo. Todo está en el archivo" in asked.plain
    return asked.plain, talk.gateway.files[sent.content["file"]["url"]].decode()


@pytest.mark.parametrize("private", [False, True])
async def test_what_no_message_holds_comes_whole_in_a_file(talk: Talk, private: bool) -> None:
    text = "Palabra buena. " * 110 + "Marta Ruiz vive en la calle 5"
    await talk.says("ana", f"!anunciar {text} con leído")
    await talk.said()
    asked, whole = await preview_file(talk, "ana", "publicar 1" if private else "!publicar 1")
    assert "Marta" not in asked and "Marta Ruiz vive en la calle 5" in whole
    await (talk.tells if private else talk.says)("ana", "sí")
    await said_now(talk)
    assert "Marta" in await public_text(talk, 1)


@pytest.mark.parametrize(("count", "length", "fit"), [(900, 5, 60), (50, 500, 12), (2, 9_000, 1)])
def test_as_many_lines_stand_in_the_message_as_it_holds(count: int, length: int, fit: int) -> None:
    lines = [verbatim("a" * length)] * count
    assert len(preview.fit_message(lines)) == fit


@pytest.mark.parametrize("line", ["publicar 1", "!publicar 1"])
async def test_every_translation_is_shown_before_it_becomes_public(talk: Talk, line: str) -> None:
    await talk.says("ana", '!evento "Hay asamblea" pt:"Carla mora na rua 5" en 50 horas')
    await talk.said()
    await (talk.says if line[0] == "!" else talk.tells)("ana", line)
    shown = "\n".join(p.plain for p in await talk.said())
    assert "Hay asamblea / Carla mora na rua 5" in shown, shown


async def test_somebody_outside_the_room_finds_nothing(talk: Talk) -> None:
    await publish_event(talk)
    await talk.moves("bea", Membership.LEAVE)
    for line in ("publicar 1", "retirar 1"):
        await talk.tells("bea", line)
        assert "No existe" in "\n".join(p.plain for p in await talk.said())


async def test_the_list_has_pages(talk: Talk) -> None:
    for number in range(1, 18):
        await talk.says("ana", f"!guardar nota{number} Texto {number}")
        await talk.says("ana", f"!publicar {number}")
        await talk.says("ana", "sí")
    await said_now(talk)
    first = await talk.answer("bea", "!publicar")
    assert "17: texto, “nota17”" in first and "Página siguiente: `!publicar p2`" in first
    assert "nota2”" not in first
    last = await talk.answer("bea", "!publicar p2")
    assert "1: texto, “nota1”" in last and "nota17" not in last and "siguiente" not in last

"""What is public stays true: texts that are corrected, things that go, people who are forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.registry import registry_of
from bot.run.app import features
from bot.run.duties.handovers import all_rows, split_rules
from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from commands.library.tests.filing import media
from commands.publishing import store
from commands.publishing.tests.test_publishing import (
    public_text,
    publish_event,
    record,
    said_now,
)
from commands.rights.tests.test_rights import file
from commands.sources.tests.test_clean_files import CAMERA, pdf, photograph
from storage import rooms
from storage.sections import cut
from tests.sections.two_bots import GOES, TwoBots

TABLE = b"barrio,familias\nNorte,12\nSur,9\n"


async def publish(talk: Talk, name: str) -> str:
    """Make something public by its number or name, and return what was shown before."""
    shown = await talk.answer("ana", f"!publicar {name}")
    await talk.says("ana", "sí")
    assert "ahora es público" in await said_now(talk)
    return shown


async def test_a_text_of_the_library_by_its_name(talk: Talk) -> None:
    await talk.says("bea", "!guardar acuerdo Nos vemos los lunes #reuniones")
    shown = await publish(talk, "#acuerdo")
    assert "texto 1: “acuerdo”" in shown and "Nos vemos los lunes" in shown
    assert "reuniones" in shown


async def test_whoever_may_correct_a_text_publishes_nothing_by_it(talk: Talk) -> None:
    await talk.says("bea", "!guardar acuerdo Nos vemos los lunes")
    await publish(talk, "1")
    await talk.says("bea", "!actualizar acuerdo La dirección de Ana es Calle 5")
    assert "Lo que es público sigue como estaba" in await said_now(talk)
    assert "Calle 5" not in await public_text(talk, 1)
    await publish(talk, "1")
    assert "Calle 5" in await public_text(talk, 1)


async def test_what_goes_back_to_what_it_was_waits_no_more(talk: Talk) -> None:
    await publish_event(talk)
    for place, waits in (("Casa", True), ("Plaza", False)):
        await talk.says("ana", f"!cambiar 1 lugar: {place}")
        await said_now(talk)
        found = await record(talk, 1)
        assert found is not None and bool(found.waiting) is waits


async def test_when_an_event_is_and_that_it_is_off_goes_through_whatever_words_wait(
    talk: Talk,
) -> None:
    await publish_event(talk)
    await talk.says("ana", "!cambiar 1 título: Otra, lugar: Casa")
    assert "Cuándo es y si se cancela" in await said_now(talk)
    assert "cambió, y eso no es público: `!publicar 1`" in await talk.answer("bea", "!publicar")
    before = await record(talk, 1)
    await talk.says("ana", "!mover 1 en 60 horas")
    await said_now(talk)
    moved = await record(talk, 1)
    assert before is not None and before.document is not None and before.document.event is not None
    assert moved is not None and moved.document is not None and moved.document.event is not None
    assert moved.document.event.begins == before.document.event.begins + 10 * 3600
    assert [fact.name.text for fact in moved.document.facts] == ["when", "place"]
    await talk.says("ana", "!cancelar 1")
    await talk.says("ana", "sí")
    await said_now(talk)
    text = await public_text(talk, 1)
    assert '"cancelled":true' in text and "Plaza" in text and "cancelado" in text
    assert "Otra" not in text and "Casa" not in text
    off = await record(talk, 1)
    assert off is not None and off.waiting


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("f.csv", TABLE, "text/csv"),
        ("f.pdf", pdf(), "application/pdf"),
        ("f.jpg", photograph("JPEG"), "image/jpeg"),
    ],
)
async def test_a_file_is_shown_and_published_as_it_was_shown(
    talk: Talk, name: str, data: bytes, mime: str
) -> None:
    await talk.says("ana", "!guardar familias #censo", media=await media(talk, data, name))
    await said_now(talk)
    shown = await publish(talk, "1")
    assert "archivo:" in shown and mime in shown
    async with talk.machine.db.reading() as tx:
        [row] = await tx.all("SELECT * FROM publishing_file")
    assert row["content"] and CAMERA.encode() not in row["content"]
    assert f'"{row["name"]}"' in await public_text(talk, 1)


async def test_what_can_not_be_had_now_does_not_take_back_what_is_public(talk: Talk) -> None:
    await talk.says("ana", "!guardar familias #censo", media=await media(talk, TABLE, "f.csv"))
    await said_now(talk)
    await publish(talk, "1")
    before = await public_text(talk, 1)
    talk.gateway.files.clear()
    await talk.says("ana", "!actualizar familias Datos de marzo")
    assert "sigue como estaba" in await said_now(talk)
    assert await public_text(talk, 1) == before


async def test_what_is_deleted_is_withdrawn(talk: Talk) -> None:
    await talk.says("bea", "!guardar acuerdo Nos vemos los lunes")
    await publish(talk, "1")
    await talk.says("bea", "!cancelar 1")
    await talk.says("bea", "sí")
    await said_now(talk)
    found = await record(talk, 1)
    assert found is not None and found.document is None and found.reason == store.GONE
    assert "No existe" in await talk.answer("bea", "!publicar 1")


@pytest.mark.parametrize("before", [(), ("!retirar 1",)])
async def test_nothing_stays_of_whom_it_named_once_it_is_gone(
    talk: Talk, before: tuple[str, ...]
) -> None:
    await talk.says("bea", "!guardar acuerdo Pregunten a @bea:test los lunes")
    await publish(talk, "1")
    await talk.tells("bea", "sí")
    await said_now(talk)
    for line in (*before, "!cancelar 1", "sí"):
        await talk.says("bea", line)
    await said_now(talk)
    async with talk.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM publishing_consent")


async def test_what_somebody_made_who_is_forgotten_is_public_no_more_or_without_them(
    talk: Talk,
) -> None:
    await talk.says("bea", "!guardar acuerdo Pregunten a @bea:test los lunes")
    await publish(talk, "1")
    await talk.tells("bea", "sí")
    await said_now(talk)
    assert "Pregunten a Bea" in await public_text(talk, 1)
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "sí")
    await said_now(talk)
    async with talk.machine.db.reading() as tx:
        rows = await tx.all("SELECT * FROM publishing_item")
        consents = await tx.all("SELECT * FROM publishing_consent WHERE person = '@bea:test'")
    assert "Pregunten a Bea" not in str([tuple(row) for row in rows])
    assert consents == []


async def test_what_is_kept_of_a_person_is_in_their_file(talk: Talk) -> None:
    await publish_event(talk, "Marcha en 50 horas lugar: Casa de @ana")
    await talk.says("ana", "!publicar decisiones")
    await talk.says("ana", "sí")
    await talk.tells("ana", "sí")
    await said_now(talk)
    await talk.tells("ana", "mis-datos")
    told = file(talk, await talk.sent(), ".txt")
    assert "tu nombre puede ser público en 1" in told
    assert "Hiciste público lo que se decide en “Sala”" in told


async def test_rooms_are_told_after_a_restore(talk: Talk) -> None:
    await publish_event(talk)
    await talk.restore_backup()
    await talk.restart()
    said = await said_now(talk)
    assert "Lo que se retiró desde entonces puede estar otra vez como público" in said


async def test_of_a_room_that_the_bot_left_the_networks_moderators_withdraw(talk: Talk) -> None:
    await publish_event(talk)
    await talk.private("bea")
    async with talk.machine.db.transaction() as tx:
        await rooms.mark_left(tx, ROOM)
    other = await talk.room(RoomId("!otra:test"), "Otra", ["ana", "bea"], {"ana": 50})
    assert "No existe" in await talk.answer("bea", "!retirar 1", room=other)
    assert "1 ya no es público" in await talk.answer("ana", "!retirar 1", room=other)
    found = await record(talk, 1)
    assert found is not None and not found.is_public


async def test_what_is_public_stays_with_the_bot_that_hands_it_out(tmp_path: Path) -> None:
    bots = await TwoBots.start(tmp_path)
    first = bots.first
    await first.says("ana", "!evento Marcha en 50 horas", room=GOES)
    await first.says("ana", "!publicar decisiones", room=GOES)
    await first.says("ana", "sí", room=GOES)
    async with first.machine.db.reading() as tx:
        number = await tx.count("SELECT max(number) AS n FROM item WHERE kind = 'event'")
    await first.says("ana", f"!publicar {number}", room=GOES)
    await first.says("ana", "sí", room=GOES)
    await first.wait(timedelta(0))
    await first.sent()
    second = await bots.take_in(await bots.write(await bots.split()))
    await cut_off(first)
    for talk, here, standing in ((first, 1, 0), (second, 0, 1)):
        async with talk.machine.db.reading() as tx:
            assert await tx.count("SELECT count(*) AS n FROM publishing_item") == here
            assert await tx.count("SELECT count(*) AS n FROM publishing_standing") == standing
    await bots.close()


async def cut_off(talk: Talk) -> None:
    """The first bot has handed its room over."""
    async with talk.machine.db.transaction() as tx:
        known = registry_of(features()).features
        leaving = await cut.plan_cut(tx, [GOES], split_rules(known))
        await cut.cut_out(tx, leaving, all_rows(known), split_rules(known))


@pytest.mark.parametrize(
    "lines", [("retirar mi nombre {}",), ("retirar mi nombre",), ("borrarme", "sí")]
)
async def test_who_is_named_in_a_room_that_was_handed_over_takes_their_name_back(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    bots = await TwoBots.start(tmp_path)
    first = bots.first
    await first.says("ana", "!evento Marcha en 50 horas lugar: Casa de @bea", room=GOES)
    async with first.machine.db.reading() as tx:
        number = await tx.count("SELECT max(number) AS n FROM item WHERE kind = 'event'")
    await first.says("ana", f"!publicar {number}", room=GOES)
    await first.says("ana", "sí", room=GOES)
    await said_now(first)
    await first.tells("bea", "sí")
    await said_now(first)
    assert "Casa de Bea" in await public_text(first, number)
    await cut_off(first)
    await first.tells("bea", f"publicar mi nombre {number}")
    assert "Casa de Bea" in await public_text(first, number)
    for one in lines:
        await first.tells("bea", one.format(number))
    said = await said_now(first)
    assert f"{number} ya no es público" in said and "Un nombre tenía que salir" in said, said
    found = await record(first, number)
    assert found is not None and found.document is None and found.reason == store.ERASED
    async with first.machine.db.reading() as tx:
        assert not await tx.exists("SELECT 1 FROM publishing_consent")
    await bots.close()


@pytest.mark.parametrize("turned", ["\u202e", "\u2066", "\u200f"])
async def test_letters_that_turn_others_round_become_nothing(talk: Talk, turned: str) -> None:
    await talk.says("ana", f"!guardar acuerdo {turned}secreto{turned} <b>negrita</b> #tema")
    shown = await publish(talk, "1")
    for text in (shown, await public_text(talk, 1)):
        assert turned not in text and "secreto <b>negrita</b>" in text


async def test_thousands_of_letters_are_shown_cut_and_published_whole(talk: Talk) -> None:
    await talk.says("ana", "!guardar acuerdo " + "palabra " * 990)
    shown = await publish(talk, "1")
    assert "… (+" in shown and len(shown) < 4000
    assert (await public_text(talk, 1)).count("palabra") == 990

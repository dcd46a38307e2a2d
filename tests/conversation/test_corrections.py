"""Whoever mends a line that was not understood within a minute is heard; no other edit is read."""

from __future__ import annotations

from datetime import timedelta

from bot.testing.talk import ROOM, Talk


async def test_a_mistyped_command_that_is_mended_is_read(talk: Talk) -> None:
    typed = await talk.says("ana", "!encusta ¿Dónde? Norte, Sur hasta mañana 18h")
    await talk.hears("¿Es `!encuesta`?")
    await talk.wait(timedelta(seconds=40))
    await talk.edits("ana", typed, "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h")
    await talk.hears("Encuesta 1: ¿Dónde?")


async def test_so_is_one_in_which_something_was_missing(talk: Talk) -> None:
    typed = await talk.says("ana", "!recordar")
    await talk.said()
    await talk.edits("ana", typed, "!recordar mañana 9h; agua")
    await talk.hears("Recordatorio 1")


async def test_and_a_line_in_private(talk: Talk) -> None:
    typed = await talk.tells("bea", "rcordar mañana 9h; agua")
    await talk.said()
    await talk.edits("bea", typed, "recordar mañana 9h; agua", room=await talk.private("bea"))
    await talk.hears("Recordatorio 1")


async def test_after_a_minute_an_edit_is_not_read(talk: Talk) -> None:
    typed = await talk.says("ana", "!recodar mañana 9h; agua")
    await talk.said()
    await talk.wait(timedelta(seconds=61))
    await talk.edits("ana", typed, "!recordar mañana 9h; agua")
    await talk.hears_nothing()


async def test_what_was_understood_is_not_read_again(talk: Talk) -> None:
    typed = await talk.says("ana", "!recordar mañana 9h; agua")
    await talk.hears("Recordatorio 1")
    await talk.edits("ana", typed, "!recordar mañana 9h; agua y pan")
    await talk.hears_nothing()
    voted = await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur hasta mañana 18h")
    await talk.said()
    await talk.edits("ana", voted, "!encuesta ¿Dónde? Este, Oeste hasta mañana 18h")
    await talk.hears_nothing()


async def test_nobody_mends_the_line_of_another(talk: Talk) -> None:
    typed = await talk.says("ana", "!recodar mañana 9h; agua")
    await talk.said()
    await talk.edits("bea", typed, "!recordar mañana 9h; agua")
    await talk.hears_nothing()


async def test_a_line_is_mended_once(talk: Talk) -> None:
    typed = await talk.says("ana", "!recodar mañana 9h; agua")
    await talk.said()
    await talk.edits("ana", typed, "!recordar mañana 9h; agua")
    await talk.hears("Recordatorio 1")
    await talk.edits("ana", typed, "!recordar mañana 9h; agua")
    await talk.hears_nothing()


async def test_what_is_mended_into_a_private_matter_is_taken_away_whole(talk: Talk) -> None:
    typed = await talk.says("ana", "!advertr @bea:test publicidad a cada rato")
    await talk.sent()
    await talk.edits("ana", typed, "!advertir @bea:test publicidad a cada rato")
    posts = await talk.sent()
    gone = {post.content["redacts"] for post in posts if post.kind == "redact"}
    assert typed in gone and len(gone) == 2
    assert all(post.room != ROOM or "publicidad" not in post.plain for post in posts)


async def test_a_yes_is_for_the_corrected_line(talk: Talk) -> None:
    typed = await talk.says("bea", "!ofrezco camineta toda la red")
    await talk.hears("“camineta”? `sí` o `no`")
    await talk.edits("bea", typed, "!ofrezco camioneta toda la red")
    await talk.hears("“camioneta”? `sí` o `no`")
    await talk.says("bea", "sí")
    await talk.hears("Oferta 1: “camioneta”")


async def test_a_corrected_line_that_fails_leaves_no_question_about_the_first(talk: Talk) -> None:
    typed = await talk.says("bea", "!ofrezco camineta toda la red")
    await talk.hears("`sí` o `no`")
    await talk.edits("bea", typed, "!ofrezco")
    await talk.hears("Falta lo que ofreces")
    await talk.says("bea", "sí")
    await talk.hears_nothing()


async def test_a_line_that_becomes_talk_is_asked_about_no_more(talk: Talk) -> None:
    typed = await talk.says("bea", "!ofrezco camineta toda la red")
    await talk.hears("`sí` o `no`")
    await talk.edits("bea", typed, "ofrezco camioneta a toda la red, creo")
    await talk.hears_nothing()
    await talk.says("bea", "sí")
    await talk.hears_nothing()


async def test_an_answer_that_is_edited_answers_nothing_else(talk: Talk) -> None:
    await talk.says("bea", "!ofrezco camioneta toda la red")
    await talk.hears("`sí` o `no`")
    said = await talk.says("bea", "no")
    await talk.hears("No publiqué nada")
    await talk.edits("bea", said, "sí")
    await talk.hears_nothing()


async def test_a_line_that_becomes_a_bare_answer_while_it_is_asked_about_is_heard(
    talk: Talk,
) -> None:
    await talk.says("ana", "!evento cada jueves 18h Asamblea")
    await talk.sent()
    typed = await talk.says("bea", "!ofrezco camineta toda la red")
    await talk.hears("`sí` o `no`")
    await talk.edits("bea", typed, "no voy 1")
    await talk.hears("Anotado: no vas a “Asamblea” (1)")
    await talk.says("bea", "sí")
    await talk.hears_nothing()

"""Polls in several languages: asked, offered, accepted, read by each, voted on in any of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, find_number, user_id
from bot.types import RoomId
from commands.translations.tests.asking import EN, ES, PT, QUESTION, asked, opened, question


async def reads(talk: Talk, who: str, line: str, language: str) -> str:
    """What somebody reads in private in their language."""
    await talk.tells(who, f"idioma {language}")
    await talk.said()
    room = await talk.private(who)
    await talk.tells(who, line)
    return "\n".join(post.plain for post in await talk.said(room))


def labels(native: PostedEvent) -> list[str]:
    answers = native.content["org.matrix.msc3381.poll.start"]["answers"]
    return [one["org.matrix.msc1767.text"] for one in answers]


# --- at the opening -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        f'!propuesta "{ES}" pt:"{PT}"',
        f"!propuesta {ES} pt: {PT}",
        f"!propuesta {ES} portugués: {PT}",
        f'!propuesta "{ES}" pt: "{PT}" hasta en 3 días',
        f'!propuesta "{ES}" hasta en 3 días PT:"{PT}"',
        f"!propuesta es: {ES} pt: {PT}",
        f"!proposta pt:“{PT}” espanhol:“{ES}”",
        f'!proposta português: "{PT}" es: "{ES}"',
        f'!proposal "{ES}" portuguese:"{PT}"',
        f'!propuesta "{ES}" pt:"{PT}" english:"{EN}"',
    ],
)
async def test_a_room_reads_both_its_own_first_and_each_person_theirs(
    talk: Talk, line: str
) -> None:
    opening, native, number = await opened(talk, line)
    assert f"Propuesta {number}: {ES} / " in opening.plain
    assert PT in opening.plain
    assert question(native) in opening.plain
    assert f"Proposta {number}: {PT}\n" in await reads(talk, "bea", f"resultados {number}", "pt")
    assert f"Propuesta {number}: {ES}\n" in await reads(talk, "bea", f"resultados {number}", "es")


@pytest.mark.parametrize(
    "line",
    [
        QUESTION,
        "!encuesta ¿Qué día? martes, jueves pt: Que dia? terça, quinta",
        "!encuesta ¿Qué día? martes, jueves hasta en 3 días pt: Que dia? terça, quinta",
        "!encuesta ¿Qué día? martes, jueves pt: Que dia? terça, quinta hasta en 3 días",
        '!encuesta "¿Qué día?" martes | jueves multiple:2 pt:"Que dia?" terça | quinta quorum:2',
        "!encuesta ¿Qué día?\nmartes\njueves\npt: Que dia?\nterça\nquinta",
    ],
)
async def test_options_are_translated_and_voted_for_in_any_language(talk: Talk, line: str) -> None:
    opening, native, number = await opened(talk, line)
    assert "¿Qué día? / Que dia?\n1 martes / terça\n2 jueves / quinta" in opening.plain
    assert labels(native) == ["martes / terça", "jueves / quinta"]
    assert "Anotado: terça." in await reads(talk, "bea", f"votar {number} terça", "pt")
    await talk.says("carla", "Quinta", reply=opening)
    await talk.hears("Anotado: jueves / quinta")
    await talk.taps("ana", native, 1)
    said = await reads(talk, "bea", f"resultados {number}", "pt")
    assert "terça: 2\nquinta: 1" in said
    assert "martes" not in said


async def test_the_end_is_said_in_both_and_the_record_is_found_by_either(talk: Talk) -> None:
    opening, _native, number = await opened(talk, QUESTION)
    await talk.says("bea", "2", reply=opening)
    await talk.said()
    said = await talk.answer("ana", f"!cerrar {number}")
    assert "“¿Qué día? / Que dia?”: gana jueves / quinta" in said
    for words in ("día", "que dia"):
        assert f"{number}" in await talk.answer("carla", f"!decisiones {words}")
    assert "Que dia?" in await reads(talk, "bea", f"ata {number}", "pt")


async def test_a_language_without_a_translation_says_so(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, QUESTION)
    said = await reads(talk, "carla", f"results {number}", "en")
    assert "¿Qué día? (not translated)" in said
    assert "jueves (not translated): 0" in said


async def test_names_need_no_translation(talk: Talk) -> None:
    opening, _native, number = await opened(talk, '!encuesta "¿Quién?" "Rosa" "Juli" pt:"Quem?"')
    assert "¿Quién? / Quem?\n1 Rosa\n2 Juli" in opening.plain
    said = await reads(talk, "bea", f"resultados {number}", "pt")
    assert "Quem?\nRosa: 0\nJuli: 0" in said


async def test_an_option_that_was_added_says_that_it_has_no_translation(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f"{QUESTION} opciones-abiertas")
    await talk.answer("bea", f"!opcion {number} sábado")
    assert "sábado (sem tradução): 0" in await reads(talk, "bea", f"resultados {number}", "pt")
    await talk.answer("ana", f'!traducir {number} pt:"Que dia?" "terça" "quinta" "sábado à noite"')
    assert "sábado à noite: 0" in await reads(talk, "bea", f"resultados {number}", "pt")


# --- afterwards -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "!traduzco {n} pt: Assinamos a carta",
        "!traducir {n} al portugués: Assinamos a carta",
        '!traducir {n} pt "Assinamos a carta"',
        "!traduzir {n} para o português Assinamos a carta",
        "!translate {n} to Portuguese: Assinamos a carta",
        "!I translate {n} pt: Assinamos a carta",
    ],
)
async def test_a_translation_is_offered_and_its_author_says_yes(talk: Talk, line: str) -> None:
    opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    assert "lo escribió Ana" in await talk.answer("bea", line.format(n=number))
    said = await asked(talk, "ana")
    assert f"Bea puso {number} en portugués: “{PT}”\nTu texto: “{ES}”" in said
    assert PT not in await talk.answer("carla", f"!resultados {number}"), "nobody said yes yet"
    await talk.tells("ana", "sí")
    edit, redaction, told, native = [post for post in await talk.sent() if post.room == ROOM]
    assert f"{ES} / {PT}" in edit.plain
    assert "En portugués desde" in edit.plain
    assert redaction.kind == "redact"
    assert told.plain == f"Bea puso {number} en portugués: “{PT}”"
    assert native.is_poll
    await talk.says("carla", "a favor", reply=opening)
    await talk.hears("Anotado: a favor")


@pytest.mark.parametrize(
    "line", ["traduzco pt: Assinamos a carta", "traduzo {n} pt: Assinamos a carta"]
)
async def test_in_reply_it_needs_neither_prefix_nor_number(talk: Talk, line: str) -> None:
    opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    await talk.says("bea", line.format(n=number), reply=opening)
    await talk.hears("lo escribió Ana")


async def test_who_wrote_it_needs_nobodys_yes(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    said = await talk.answer("ana", f"!traducir {number} pt: {PT} en: {EN}")
    assert f"{ES} / {EN} / {PT}" in said
    assert f"en inglés: “{EN}”" in said


async def test_a_translation_that_would_go_is_shown(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}" pt:"{PT}"')
    await talk.answer("bea", f"!traducir {number} pt: Assinamos esta carta")
    assert f"En lugar de: “{PT}”" in await asked(talk, "ana")


async def test_a_no_leaves_it_and_is_told_in_private(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    await talk.answer("bea", f"!traduzco {number} pt: Não assinamos")
    await asked(talk, "ana")
    await talk.tells("ana", "no")
    said = await talk.said()
    assert {post.room for post in said} == {await talk.private("ana"), await talk.private("bea")}
    assert "prefirió dejar" in said[1].plain
    assert "Não" not in await talk.answer("carla", f"!resultados {number}")


async def test_a_newer_offer_takes_the_place_of_the_one_before(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    await talk.answer("bea", f"!traduzco {number} pt: Sim")
    await asked(talk, "ana")
    await talk.answer("carla", f"!traduzco {number} pt: {PT}")
    await talk.tells("ana", "sí")
    assert "ya está resuelto" in "\n".join(post.plain for post in await talk.said()).lower()
    assert f"Carla puso {number}" in await asked(talk, "ana")


async def test_after_the_first_vote_what_was_voted_on_stays(talk: Talk) -> None:
    opening, _native, number = await opened(talk, f'!propuesta "{ES}" pt:"{PT}"')
    await talk.says("bea", "a favor", reply=opening)
    await talk.said()
    said = await talk.answer("ana", f"!traducir {number} pt: Não assinamos")
    assert "en portugués queda:" in said
    await talk.says("ana", f"!traducir {number} en: {EN}")
    posts = await talk.sent()
    assert not any(post.is_poll for post in posts), "a new native poll would hide the votes"
    assert "Los votos de antes quedan como están." in posts[-1].plain
    closed = await talk.answer("ana", f"!cerrar {number}")
    assert "En inglés desde" in closed
    assert f"{ES} / {EN} / {PT}" in closed


async def test_new_words_of_the_question_take_its_translation_away(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, QUESTION)
    said = await talk.answer("ana", f"!cambiar {number} ¿Qué tarde?")
    assert "Que dia?" not in said.split("Ahora:")[-1]
    assert "martes / terça" in said
    shown = await reads(talk, "bea", f"resultados {number}", "pt")
    assert "¿Qué tarde? (sem tradução)" in shown
    assert "terça: 0" in shown


async def test_each_of_many_rooms_reads_it_in_its_own_language_first(talk: Talk) -> None:
    other = await talk.room(RoomId("!outra:test"), "Cozinha", ["ana", "dora"], {"ana": 50})
    await talk.answer("ana", "!configurar idioma pt", room=other)
    await talk.answer("ana", "sim", room=other)
    await talk.says("ana", f'!propuesta "{ES}" pt:"{PT}" en: Cozinha')
    await talk.says("ana", "sí")
    await talk.wait(timedelta(minutes=1))
    opening = next(post for post in await talk.said(other) if "Proposta" in post.plain)
    assert f": {PT} / {ES}" in opening.plain
    number = find_number(opening)
    await talk.says("ana", f"!traducir {number} english: {EN}")
    await talk.wait(timedelta(minutes=1))
    assert any(f"{PT} / {ES} / {EN}" in post.plain for post in await talk.said(other))


# --- bad input ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f'!propuesta "{ES}" pt:"{"ã" * 501}"', "pasa de 500 letras en portugués"),
        ('!encuesta "¿A?" "b" "c" pt:"A?" "b" "' + "c" * 241 + '"', "pasa de 240 letras"),
        (f'!propuesta "{ES}" pt:"{PT}" pt:"Outra"', "dos textos en portugués"),
        (f'!propuesta "{ES}" fr:"Nous signons"', "No conozco el idioma “fr”. Hay: español"),
        (f'!propuesta "{ES}" francés:"Nous signons"', "No conozco el idioma “francés”"),
        (f'!propuesta "{ES}" en:"{EN}"', "Si es el texto en inglés: `inglés: …`"),
        (f'!propuesta "{ES}" es:"Otra"', "también está en español"),
        (f'!propuesta "{ES}" pt:""', "Falta el texto en portugués"),
        (f'!propuesta "{ES}" pt:"\u202e\u200b"', "Falta el texto en portugués"),
        ('!encuesta "¿A?" "b" "c" pt:"A?" "b"', "leo 1 opciones, y son 2"),
        ('!encuesta "¿A?" "sí" "no" pt:"A?" "no" "sim"', "se ven igual"),
        ('!encuesta "¿A?" "sí" "no" pt:"A?" "2" "não"', "es el número de otra opción"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_opens(talk: Talk, line: str, why: str) -> None:
    said = await talk.answer("ana", line)
    assert why in said
    assert "No hay nada abierto" in await talk.answer("ana", "!pendientes")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("!traducir {n}", "{n} está en un solo idioma"),
        ("!traducir {n} Assinamos", "¿En qué idioma?"),
        ("!traducir {n} fr: Nous signons", "¿En qué idioma?"),
        ("!traducir {n} tal vez así pt: Assinamos", "No sé qué hacer con “tal vez así”"),
        ("!traducir {n} pt: a pt: b", "dos textos en portugués"),
        ("!traducir {n} pt: " + "ã" * 501, "pasa de 500 letras"),
        ("!traducir {n} es: Otra cosa pt: Assinamos", None),
        ("!traducir 99 pt: Assinamos", "No existe"),
    ],
)
async def test_a_translation_that_cannot_be_is_explained(
    talk: Talk, line: str, why: str | None
) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    said = await talk.answer("bea", line.format(n=number))
    assert (why or "lo escribió Ana").format(n=number) in said


async def test_markup_and_letters_that_reorder_lines_do_nothing(talk: Talk) -> None:
    line = f'!propuesta "{ES}" pt:"<b>A</b> \u202eodal ortuo\u202c\u2066 `!borrarme`"'
    opening, native, _number = await opened(talk, line)
    for sign in "\u202e\u202c\u2066":
        assert sign not in opening.plain + opening.html + question(native)
    assert "<b>" not in opening.html
    assert "&lt;b&gt;A&lt;/b&gt; odal ortuo `!borrarme`" in opening.html


async def test_what_is_over_or_carried_out_by_itself_is_not_translated(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    await talk.answer("bea", f"!traduzco {number} pt: {PT}")
    await asked(talk, "ana")
    await talk.answer("carla", f"!votar {number} a favor")
    await talk.answer("ana", f"!cerrar {number}")
    assert "ya cerró" in await talk.answer("ana", f"!traducir {number} pt: {PT}")
    await talk.tells("ana", "sí")
    assert "ya cerró" in "\n".join(post.plain for post in await talk.said())


async def test_what_waits_for_a_yes_is_shown_to_who_wrote_it_and_forgotten(talk: Talk) -> None:
    _opening, _native, number = await opened(talk, f'!propuesta "{ES}"')
    await talk.answer("bea", f"!traduzco {number} pt: {PT}")
    await talk.tells("bea", "mis-datos")
    files = "".join(
        talk.gateway.files[post.content["file"]["url"]].decode()
        for post in await talk.said()
        if "file" in post.content
    )
    assert f"Pusiste {number} en portugués" in files
    await talk.tells("bea", "borrarme")
    await talk.tells("bea", "sí")
    await talk.wait(timedelta(minutes=1))
    async with talk.machine.db.reading() as tx:
        assert not await tx.all("SELECT * FROM translations_offer")
        assert user_id("bea")

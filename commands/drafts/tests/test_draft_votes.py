"""The room's vote on an amendment or a version, its adoption, and the date to look at it again."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk
from commands.drafts.tests.drafting import NOW, adopted, begun


async def test_the_room_votes_on_an_amendment_in_place_of_its_author(talk: Talk) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta 1: Queremos agua limpia y gratis")
    await talk.answer("ana", "!enmienda carta 1: Queremos agua")
    assert "Propuesta 4: Enmienda 2 a carta, párrafo 1: Queremos agua limpia y gratis" in (
        await talk.answer("carla", "!propuesta 2 hasta mañana")
    )
    assert "La sala decide sobre la 2 en la propuesta 4" in await talk.answer("bea", "!acepto 2")
    assert "La sala decide sobre la 2" in await talk.answer("bea", "!acepto 3")
    assert "“carta” es ahora la versión 2" in await adopted(talk, 4)
    assert "1. Queremos agua limpia y gratis" in await talk.answer("ana", "!borrador carta")


async def test_a_vote_against_closes_an_amendment_and_one_without_votes_leaves_it(
    talk: Talk,
) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta 1: Queremos agua")
    await talk.says("carla", "!propuesta 2 hasta mañana")
    await talk.wait(timedelta(days=2))
    await talk.wait(NOW)
    assert "sigue en espera" in "\n".join(post.plain for post in await talk.said())
    await talk.says("carla", "!propuesta 2 hasta mañana")
    await talk.says("bea", "!votar 4 en contra")
    await talk.wait(timedelta(days=2))
    await talk.wait(NOW)
    assert "no aceptada" in "\n".join(post.plain for post in await talk.said())
    assert "no fue aceptada" in await talk.answer("bea", "!acepto 2")


async def test_the_vote_freezes_a_version_whose_hash_everybody_can_compute(talk: Talk) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta quitar 3")
    await talk.says("bea", "!propuesta carta hasta mañana")
    posts = await talk.said()
    file = next(post for post in posts if "file" in post.content or "url" in post.content)
    data = talk.gateway.files[file.content["file"]["url"]]
    digest = hashlib.sha256(data).hexdigest()
    opening = next(post.plain for post in posts if "Propuesta 3" in post.plain)
    assert f"SHA-256 del archivo: {digest}" in opening
    assert f"carta, versión 1 (SHA-256 {digest[:16]}…)" in opening
    assert "No incluye enmiendas que nadie aceptó: 2" in opening
    for line in (
        "!acepto 2",
        "!enmienda carta 1: x",
        "!borrador carta: uno más",
        "!propuesta carta",
    ):
        assert "la sala vota la versión 1 en la propuesta 3" in await talk.answer("bea", line)
    assert "sus palabras quedan" in await talk.answer("bea", "!editar 3 otra cosa")


async def test_what_is_adopted_lies_in_the_library_with_its_history(talk: Talk) -> None:
    await begun(talk)
    await talk.answer("carla", "!enmienda carta 1: Queremos agua")
    await talk.answer("bea", "!acepto 2")
    await talk.answer("bea", "!propuesta carta")
    said = await adopted(talk, 3)
    assert "“carta” queda adoptada por la propuesta 3: versión 2" in said
    kept = await talk.answer("carla", "#carta")
    assert "1. Queremos agua" in kept
    assert "Adoptada en la propuesta 3, versión 2. SHA-256" in kept
    history = await talk.answer("carla", "!versiones carta")
    assert "1. Queremos agua 2." in history
    assert "1. Queremos agua limpia 2." in history
    assert "ya fue adoptada" in await talk.answer("carla", "!enmienda carta 1: x")
    assert "eso le toca a quien lo empezó" in await talk.answer("carla", "!borrador carta reabrir")
    assert "enmiendas otra vez" in await talk.answer("bea", "!borrador carta reabrir")
    await talk.answer("bea", "!borrador carta: Cuarto")
    number = re.search(r"Propuesta (\d+)", await talk.answer("bea", "!propuesta carta"))
    assert number is not None
    assert "queda adoptada" in await adopted(talk, int(number[1]))
    assert "4. Cuarto" in await talk.answer("carla", "#carta")
    assert "3) " in await talk.answer("carla", "!versiones carta")


async def test_what_is_voted_down_is_a_draft_again(talk: Talk) -> None:
    await begun(talk)
    await talk.says("bea", "!propuesta carta hasta mañana")
    await talk.says("ana", "!votar 2 en contra")
    await talk.wait(timedelta(days=2))
    await talk.wait(NOW)
    said = "\n".join(post.plain for post in await talk.said())
    assert "no adoptó “carta”" in said
    assert "Enmienda" in await talk.answer("carla", "!enmienda carta 1: Queremos agua")


async def test_a_cancelled_vote_frees_the_draft(talk: Talk) -> None:
    await begun(talk)
    await talk.says("carla", "!propuesta carta")
    await talk.says("carla", "!cancelar 2")
    await talk.says("carla", "sí")
    await talk.wait(NOW)
    await talk.said()
    assert "Enmienda" in await talk.answer("carla", "!enmienda carta 1: Queremos agua")


# --- to be looked at again ----------------------------------------------------------------------


async def test_a_decision_is_looked_at_again_on_its_date(talk: Talk) -> None:
    opened = await talk.answer("ana", '!propuesta "Cocinamos" revisar: en 6 meses')
    assert "Si se aprueba, pregunto a esta sala si sigue valiendo: " in opened
    await talk.says("bea", "!votar 1 a favor")
    await talk.says("ana", "!cerrar 1")
    await talk.said()
    await talk.wait(timedelta(days=150))
    assert "sigue valiendo" not in "\n".join(post.plain for post in await talk.said())
    await talk.wait(timedelta(days=40))
    (asked,) = [post.plain for post in await talk.said(ROOM) if "sigue valiendo" in post.plain]
    assert "“Cocinamos”" in asked
    assert "`!resultados 1`" in asked


async def test_what_did_not_pass_is_not_looked_at_again(talk: Talk) -> None:
    await talk.answer("ana", '!propuesta "Cocinamos" revisar: en 6 meses')
    await talk.says("bea", "!votar 1 en contra")
    await talk.says("ana", "!cerrar 1")
    await talk.said()
    await talk.wait(timedelta(days=200))
    assert "sigue valiendo" not in "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize(
    ("line", "told"), [("ayer", "ya pasó"), ("pronto", "No entendí “pronto” como fecha")]
)
async def test_a_review_needs_a_date_that_comes(talk: Talk, line: str, told: str) -> None:
    said = await talk.answer("ana", f'!propuesta "Cocinamos" revisar: {line}')
    assert told in said
    assert "Propuesta 1" not in said


def file_of(talk: Talk, posts: list[PostedEvent]) -> str:
    (post,) = (one for one in posts if one.content.get("msgtype") == "m.file")
    return talk.gateway.files[post.content["file"]["url"]].decode()


async def test_a_charter_longer_than_a_message_grows_by_messages_and_is_read_as_a_file(
    talk: Talk,
) -> None:
    articles = [f"Artículo {n}: " + "palabra " * 150 + f"fin {n}" for n in range(1, 16)]
    await talk.answer("bea", "!borrador carta\n" + "\n".join(articles[:5]))
    for first in (5, 10):
        numbered = first == 10
        added = "\n".join(
            f"{n}. {articles[n - 1]}" if numbered else articles[n - 1]
            for n in range(first + 1, first + 6)
        )
        assert f"{first + 5} párrafos" in await talk.answer("bea", f"!borrador carta:\n{added}")
    await talk.says("ana", "!borrador carta")
    posts = await talk.said()
    assert len(posts) == 2 and "Sigue en el archivo." in posts[0].plain
    whole = "\n\n".join(f"{n}. {one}" for n, one in enumerate(articles, start=1))
    assert file_of(talk, posts) == whole + "\n"
    await talk.answer("carla", "!enmienda carta 15: Artículo 15: se decide por consenso")
    await talk.answer("bea", "!acepto 2")
    await talk.says("bea", "!borrador carta versión 3")
    assert file_of(talk, await talk.said()) == whole + "\n"
    await talk.says("bea", "!propuesta carta")
    await talk.said()
    assert "“carta” queda adoptada" in await adopted(talk, 3)
    await talk.says("ana", "#carta")
    kept = file_of(talk, await talk.said())
    assert "15. Artículo 15: se decide por consenso" in kept and "SHA-256" in kept
    assert "#carta" in await talk.answer("ana", "!buscar consenso")
    await talk.says("ana", "!versiones #carta 3")
    assert "fin 15" in file_of(talk, await talk.said())

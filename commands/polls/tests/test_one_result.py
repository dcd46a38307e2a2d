"""One vote shows one result: the native poll counts nothing and goes at the end (decision 0030)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk

ASK = "!encuesta ¿Dónde? Norte, Sur hasta en 3 horas"
PROPOSE = '!propuesta "Firmamos la carta" tipo:consentimiento hasta en 3 horas'


async def asked(talk: Talk, line: str) -> tuple[PostedEvent, PostedEvent]:
    """Return the opening and the native poll."""
    await talk.says("ana", line)
    posts = await talk.sent()
    opening, native = posts[-2:]
    assert native.is_poll
    return opening, native


def taken(posts: list[PostedEvent], native: PostedEvent) -> bool:
    """Return whether the native poll was taken away, and never ended."""
    assert not [post for post in posts if post.kind.endswith("poll.end")]
    return native.event in {p.content["redacts"] for p in posts if p.kind == "redact"}


@pytest.mark.parametrize("line", [ASK, PROPOSE])
async def test_no_app_shows_a_tally_while_it_is_open(talk: Talk, line: str) -> None:
    opening, native = await asked(talk, line)
    assert native.content["org.matrix.msc3381.poll.start"]["kind"].endswith("undisclosed")
    assert "el total lo digo yo" in opening.plain


@pytest.mark.parametrize("mixture", ["taps", "words", "both", "nobody"])
async def test_one_result_stands_whatever_the_mixture(talk: Talk, mixture: str) -> None:
    opening, native = await asked(talk, ASK)
    if mixture in ("taps", "both"):
        await talk.taps("bea", native, 1)
    if mixture in ("words", "both"):
        await talk.says("carla", "2", reply=opening)
    await talk.sent()
    await talk.wait(timedelta(hours=4))
    posts = await talk.sent()
    assert taken(posts, native)
    results = [p for p in posts if p.kind == "m.room.message" and not p.plain.startswith("* ")]
    assert len(results) == 1


async def test_a_cancelled_poll_leaves_no_tally(talk: Talk) -> None:
    _opening, native = await asked(talk, ASK)
    await talk.taps("bea", native, 1)
    await talk.says("ana", "!cancelar 1")
    await talk.says("ana", "sí")
    assert taken(await talk.sent(), native)


async def test_a_poll_with_other_words_takes_the_first_away(talk: Talk) -> None:
    _opening, native = await asked(talk, PROPOSE)
    await talk.says("ana", '!editar 1 "Firmamos la carta por el agua"')
    posts = await talk.sent()
    assert taken(posts, native)
    assert [post.room for post in posts if post.is_poll] == [ROOM]


async def test_the_opening_keeps_its_rule_when_it_closes(talk: Talk) -> None:
    opening, _native = await asked(talk, f"{PROPOSE} quorum:1")
    await talk.says("bea", "a favor", reply=opening)
    await talk.sent()
    await talk.says("ana", "!cerrar 1")
    edit, result = await talk.said()
    front, head, rule, voters, closed = edit.plain.split("\n")
    assert front == "* Cerrada: aprobada, abajo."
    assert head == "Propuesta 1: Firmamos la carta"
    assert rule.startswith("Pasa si alguien está a favor")
    assert voters == "Puede votar quien está aquí ahora: 3 personas. Quórum: 1 (1 voto)."
    assert closed.startswith("Cerró el ")
    assert "a favor: 1" in result.plain.split("\n")
    assert "bloqueo: 0" not in result.plain

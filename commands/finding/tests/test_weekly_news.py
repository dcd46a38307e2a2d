"""`!suscribir`: what is new once a week, of one's themes, as far as one may see it that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.capability.feature import Feature
from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from bot.types import Membership, RoomId
from commands.finding import feature, follower_store
from commands.finding.tests.shelf import keep, shelf

KITCHEN = RoomId("!cocina:test")
WEEK = timedelta(weeks=1)


def monday() -> datetime:
    """The one after the Wednesday on which all begins, 9:00 in Bogotá."""
    return START_TIME.at + timedelta(days=4, hours=23)


@pytest.fixture
def capabilities(tmp_path: Path) -> Sequence[Feature]:
    return [feature, shelf(tmp_path / "shelf")]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(KITCHEN, "Cocina", ["ana", "bea"])
    return talk


async def asks(talk: Talk, who: str, line: str) -> str:
    return await talk.answer(who, line, room=await talk.private(who))


async def themes(talk: Talk) -> set[str]:
    async with talk.machine.db.reading() as tx:
        one = await follower_store.get_follower(tx, user_id("bea"))
    return set(one.themes) if one else {"none"}


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_each_week_what_is_new_comes_in_private(talk: Talk) -> None:
    await keep(talk, "viejo", "De antes", themes=("salud",))
    assert "#Salud (lunes, 09:00)" in await asks(talk, "bea", "suscribir #Salud")
    await keep(talk, "uno", "Botiquín", themes=("salud",))
    await keep(talk, "propio", "De Bea", themes=("salud",), by="bea")
    await keep(talk, "otro", "Semillas", themes=("huerta",))
    await talk.wait_until(monday())
    (post,) = await talk.hears("Lo nuevo")
    assert post.room == await talk.private("bea")
    assert "`#uno` Botiquín" in post.plain
    assert not any(name in post.plain for name in ("#viejo", "#propio", "#otro", "retraso"))
    await talk.wait(WEEK)
    await talk.hears_nothing()
    await keep(talk, "dos", "Vendas", themes=("salud",))
    await talk.restart(WEEK + timedelta(hours=3))
    await talk.wait(timedelta(0))
    (post,) = await talk.hears("Con retraso de 3 h")
    assert "#dos" in post.plain and "#uno" not in post.plain


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_what_one_may_not_see_that_day_is_not_told(talk: Talk) -> None:
    await asks(talk, "bea", "suscribir todo")
    await keep(talk, "pan", "Pan", room=KITCHEN)
    await keep(talk, "canto", "Canto")
    await talk.moves("bea", Membership.LEAVE, KITCHEN)
    await talk.wait_until(monday())
    (post,) = await talk.hears("#canto")
    assert "#pan" not in post.plain
    await talk.moves("bea", Membership.LEAVE, ROOM)
    await keep(talk, "mas", "Más", network=True)
    await talk.wait(WEEK)
    await talk.hears_nothing()
    assert await themes(talk) == {"none"}


async def test_themes_and_days_in_any_order_and_language(talk: Talk) -> None:
    await keep(talk, "uno", "Uno", themes=("Salud Mental",))
    said = await asks(talk, "bea", "suscribir")
    assert "#Salud Mental" in said and "suscribir todo" in said
    for line, expected, known in (
        ("!suscribir #salud-mental", "(lunes, 09:00)", {"saludmental"}),
        ("subscribe Friday 18:00 #huerta", "viernes, 18:00", {"saludmental", "huerta"}),
        ("assinar toda terça 20h", "martes, 20:00", {"saludmental", "huerta"}),
        ("suscribir cada lunes 7:00", "lunes, 07:00", {"saludmental", "huerta"}),
        ("suscribir todo", "lo nuevo (lunes, 07:00)", {""}),
        ("suscribir #huerta", "#huerta", {"huerta"}),
        ("suscribir mañana cuando llueva", "No entendí", {"huerta"}),
        ("suscribir no", "desuscribir", {"huerta"}),
        ("desuscribir #otro", "De ese tema", {"huerta"}),
        ("suscribir " + " ".join(f"#t{n}" for n in range(30)), "30 temas", {"huerta"}),
        ("suscribir #pan", "#huerta · #pan", {"huerta", "pan"}),
        ("cancelar assinatura #pan", "#huerta", {"huerta"}),
        ("suscribir #" + "x" * 9_000, "#" + "x" * 60 + " (", {"huerta", "x" * 60}),
        ("unfollow #" + "x" * 60, "#huerta (", {"huerta"}),
        ("unfollow #huerta", "Desde ahora", {"none"}),
        ("desuscribir", "suscribir #tema", {"none"}),
    ):
        assert expected in await asks(talk, "bea", line), line
        assert await themes(talk) == known, line


async def test_a_theme_that_nothing_has_is_told_with_those_there_are(talk: Talk) -> None:
    await keep(talk, "uno", "Uno", themes=("salud",))
    await keep(talk, "dos", "Dos", themes=("secreto",), room=KITCHEN)
    said = await asks(talk, "carla", "suscribir #salut")
    assert "nada de lo que puedes ver tiene #salut" in said
    assert "Temas que hay: #salud" in said and "secreto" not in said


async def test_typed_in_a_room_it_is_answered_in_private(talk: Talk) -> None:
    await talk.private("bea")
    await talk.says("bea", "!suscribir #salud")
    posts = await talk.said()
    assert [p.plain for p in posts if p.room == ROOM] == ["Te escribí en privado."]
    assert any("#salud" in p.plain for p in posts if p.room != ROOM)


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_another_day_moves_it_and_ending_it_ends_it(talk: Talk) -> None:
    await asks(talk, "bea", "suscribir todo")
    await asks(talk, "bea", "suscribir viernes 18:00")
    await keep(talk, "uno", "Uno")
    await talk.wait_until(START_TIME.at + timedelta(days=2, hours=8))
    await talk.hears("#uno")
    await keep(talk, "dos", "Dos")
    await talk.wait_until(monday())
    await talk.hears_nothing()
    await asks(talk, "bea", "desuscribir")
    await talk.wait(WEEK)
    await talk.hears_nothing()


@pytest.mark.begins("wednesday 10:00", "it names days of the week")
async def test_much_that_is_new_is_cut_with_the_way_to_the_rest(talk: Talk) -> None:
    await asks(talk, "bea", "suscribir todo")
    for n in range(20):
        await keep(talk, f"n{n}", f"Cosa {n}")
    await talk.wait_until(monday())
    (post,) = await talk.hears("#n19")
    assert "#n7" not in post.plain
    before = f"buscar desde {monday() - WEEK:%d/%m/%Y}"
    assert before in post.plain
    assert "#n19" in await asks(talk, "bea", before)

"""After a restore, rooms with something open and the moderators are told once what is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot.gateway import Inbox, SignedOut
from bot.matrix.gateway import MatrixGateway
from bot.operate.watch.service_manager import ServiceManager
from bot.run.app import run_tasks
from bot.testing.talk import ROOM, START_TIME, Talk, day_in_words, user_id
from bot.types import Membership, RoomId
from storage.files import restores

CODE = re.compile(r"\w{4}(?:-\w{4}){4}")
LOST = "Lo que se votó o se me pidió después no está"


async def test_it_is_told_once_where_something_is_open(talk: Talk) -> None:
    await talk.room(RoomId("!quiet:test"), "Tranquila", ["bea"])
    await talk.says("ana", '!encuesta "¿Dónde?" "Norte" "Sur"')
    await talk.sent()
    made = START_TIME.at - timedelta(days=1)
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, made)
    assert await talk.machine.dispatcher.announce_restore()
    posts = await talk.said()
    private = await talk.private("ana")
    assert {p.room for p in posts} == {ROOM, private}
    assert all(LOST in p.plain and day_in_words(-1) in p.plain for p in posts)
    assert not await talk.machine.dispatcher.announce_restore()
    await talk.hears_nothing()


async def test_a_code_for_destruction_that_waited_in_the_copy_never_holds(talk: Talk) -> None:
    """Another moderator may have stopped it since, which the copy does not know."""
    talk.defaults = replace(talk.defaults, moderators=frozenset({user_id("ana"), user_id("bea")}))
    await talk.restart()
    await talk.tells("ana", "autodestruir codigo")
    await talk.tells("ana", "si")
    (code,) = {code for post in await talk.said() for code in CODE.findall(post.plain)}
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, talk.clock.at)
    assert await talk.machine.dispatcher.announce_restore()
    told = [post for post in await talk.said() if "esperaba cuando se hizo la copia" in post.plain]
    assert {post.room for post in told} == {await talk.private("ana"), await talk.private("bea")}
    await talk.wait(timedelta(hours=80))
    assert not any("sirve desde ahora" in post.plain for post in await talk.said())
    await talk.tells("ana", f"autodestruir {code}")
    assert "Ese no es el código" in (await talk.said())[0].plain


async def test_nothing_is_said_where_nothing_was_restored(talk: Talk) -> None:
    assert user_id("ana") in talk.defaults.moderators
    assert not await talk.machine.dispatcher.announce_restore()
    await talk.hears_nothing()


async def test_nothing_is_handled_or_sent_before_it_is_known(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, START_TIME.at)
    seen: list[datetime | None] = []

    async def run(_inbox: Inbox) -> None:
        for _time in range(20):  # time enough for the outbox to send, if it were let
            async with talk.machine.db.reading() as tx:
                seen.append(await restores.pending_restore(tx))
        raise SignedOut

    with pytest.raises(ExceptionGroup):
        gateway = cast("MatrixGateway", SimpleNamespace(run=run))
        await run_tasks(talk.machine, gateway, "Minga", ServiceManager())
    assert set(seen) == {None}
    assert not talk.gateway.posted and not talk.gateway.made
    assert [LOST in post.plain for post in await talk.said()] == [True]


async def test_in_private_everybody_hears_that_what_they_deleted_is_back(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50})
    await talk.tells("bea", "borrarme")
    asked = [post.plain for post in await talk.said()]
    assert "Si alguna vez vuelvo desde una de esas copias, te aviso en esta sala" in asked[-1]
    await talk.tells("bea", "no")
    await talk.said()
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, START_TIME.at)
    assert await talk.machine.dispatcher.announce_restore()
    posts = {post.room: post.plain for post in await talk.said()}
    bea, ana = await talk.private("bea"), await talk.private("ana")
    assert set(posts) == {bea, ana}, "no room is opened for whom it has none with"
    back = "Lo que borraste o retiraste después está aquí otra vez. Para verlo: `mis-datos`."
    assert all(back in said for said in posts.values())
    everybody = "También lo que borraron otras personas"
    assert everybody in posts[ana] and everybody not in posts[bea]


async def test_who_was_banned_is_asked_for_nothing_but_hears_what_is_here_again(talk: Talk) -> None:
    await talk.tells("bea", "borrarme")
    await talk.said()
    await talk.moves("bea", Membership.BAN, by="ana")
    await talk.said()
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, START_TIME.at)
    assert await talk.machine.dispatcher.announce_restore()
    bea = await talk.private("bea")
    (told,) = [post.plain for post in await talk.said() if post.room == bea]
    assert "Volví desde una copia" in told and "está aquí otra vez" in told
    assert LOST not in told and "háganlo" not in told


async def test_moderators_hear_which_codes_open_again(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 100})
    await talk.answer("ana", "!area crear Prensa")
    await talk.answer("ana", "!area agregar Prensa")
    made = await talk.answer("ana", "!codigo Prensa")
    assert "Código" in made, made
    async with talk.machine.db.transaction() as tx:
        await restores.note_restore(tx, START_TIME.at)
    assert await talk.machine.dispatcher.announce_restore()
    private = await talk.private("ana")
    told = "\n".join(post.plain for post in await talk.said() if post.room == private)
    assert "1 código abre como el" in told and "aunque después se haya retirado: " in told

"""What a handler returns, done at a real homeserver and seen by real members of the room."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from tests.real.botprocess import BotProcess
from tests.real.capabilities.effects import CAP, MAP, NOTES, SIZE, STATE
from tests.real.element import Element
from tests.real.heard import Heard, What
from tests.real.plain import Member
from tests.real.servers import Pair

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(slots=True)
class Scene:
    """An encrypted room of Ana (Element), Eva (plain nio) and the bot, which moderates it."""

    pair: Pair
    bot: BotProcess
    room: str
    ana: Element
    eva: Member

    async def asks(self, what: str) -> str:
        """Ana asks for an effect; the event of her line."""
        return await self.ana.send(self.room, f"!effect {what}")

    async def says(self, text: str) -> Heard:
        """The bot says something with a number, as Eva hears it."""
        await self.asks(f"say {text}")
        return await self.hears_of(f": {text}")

    async def moved(self, user: str, now: str) -> Heard:
        """Eva sees a membership that the bot made."""

        def it(event: Heard) -> bool:
            told = event.content.get("membership")
            return (event.type, event.state_key, told) == ("m.room.member", user, now)

        return await self.hears_of(it)

    async def invited(self, user: str) -> Heard:
        """The bot's invitation of somebody who has accepted it, as Eva's server has it.

        It came first for the one who is invited. A sync that Synapse answers before it came for
        the room as well skips it for all others there.
        """
        (found,) = [
            event
            for event in await self.eva.timeline(self.room)
            if (event.sender, event.state_key) == (self.bot.user, user)
        ]
        assert found.content["membership"] == "invite"
        return found

    async def hears_of(self, what: What) -> Heard:
        """The bot says or does something in the room, as Eva hears it."""
        return await self.eva.hears(what, room=self.room, sender=self.bot.user)

    async def hears(self, kind: str) -> tuple[Heard, Heard]:
        """The next message of a kind, as Ana and as Eva read it."""

        def it(event: Heard) -> bool:
            return event.content.get("msgtype") == kind

        ana = await self.ana.hears(it, room=self.room, sender=self.bot.user)
        return ana, await self.hears_of(it)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    """Made once for all effects."""
    async with AsyncExitStack() as stack:
        ana, eva = Element(), Member()
        for member, name in ((ana, "ana"), (eva, "eva")):
            await stack.enter_async_context(member)
            await member.login(*pair.person(name).door)
        account = pair.person("minga", pair.a)
        folder = tmp_path_factory.mktemp("effects")
        bot = BotProcess(folder, account, moderators=[ana.user], capable=True)
        await stack.enter_async_context(bot)
        room = await ana.create_room(invite=[eva.user, bot.user], name="Sala")
        await eva.accept(room)
        await ana.joined(room, bot.user)
        await ana.set_power(room, bot.user, 50)
        yield Scene(pair, bot, room, ana, eva)


async def test_who_is_invited_comes_and_who_is_removed_goes(scene: Scene) -> None:
    async with Member() as luz:
        await luz.login(*scene.pair.person("luz").door)
        await scene.asks(f"invite {luz.user}")
        assert await luz.called() == scene.room
        assert (await scene.invited(luz.user)).content["reason"] == "ven"
        await scene.asks(f"kick {luz.user}")
        assert (await scene.moved(luz.user, "leave")).content["reason"] == "hasta luego"
        await luz.ear.until(lambda: luz.memberships[scene.room] == "leave")
        await scene.asks(f"ban {luz.user}")
        assert (await scene.moved(luz.user, "ban")).content["reason"] == "hasta nunca"
        await scene.asks(f"unban {luz.user}")
        await scene.moved(luz.user, "leave")
        assert await scene.ana.members(scene.room) == {
            scene.ana.user,
            scene.eva.user,
            scene.bot.user,
        }


async def test_who_asks_for_what_the_bot_may_not_do_is_told(scene: Scene) -> None:
    """Once for each command, in answer to it; with the right it is done."""
    room = await scene.ana.create_room(invite=[scene.bot.user], name="Sin permiso")
    await scene.ana.joined(room, scene.bot.user)
    theirs = await scene.ana.send(room, "Una línea de Ana")
    for line, told in (
        (f"kick {scene.ana.user}", "No pude sacar a "),
        ("state", "No pude cambiar los ajustes de la sala: "),
        (f"take {theirs}", "No pude borrar ese mensaje: "),
    ):
        asked = await scene.ana.send(room, f"!effect {line}")
        answer = await scene.ana.hears(told, room=room, sender=scene.bot.user)
        assert answer.text.splitlines()[0].endswith(": no tengo permiso para eso aquí.")
        assert answer.reply_to == asked
    await scene.ana.set_power(room, scene.bot.user, 50)
    await scene.ana.send(room, f"!effect take {theirs}")
    await scene.ana.hears(
        lambda event: event.content.get("redacts") == theirs, room=room, sender=scene.bot.user
    )


async def test_state_is_set_as_it_was_given(scene: Scene) -> None:
    await scene.asks("state")
    for member in (scene.ana, scene.eva):
        told = await member.hears(
            lambda event: event.type == "org.minga.test", room=scene.room, sender=scene.bot.user
        )
        assert (told.state_key, told.content) == ("key", STATE)


async def test_a_file_arrives_whole_and_unnamed_to_the_server(scene: Scene) -> None:
    asked = await scene.asks("file")
    ana, eva = await scene.hears("m.file")
    assert await scene.ana.download(ana) == NOTES
    assert (ana.content["filename"], ana.content["body"]) == ("acta nº 1.txt",) * 2
    assert ana.content["info"] == {"mimetype": "text/plain", "size": len(NOTES)}
    assert (ana.reply_to, ana.shield, "url" in ana.content) == (asked, 0, False)
    assert {**eva.content, "m.relates_to": None} == {**ana.content, "m.relates_to": None}
    assert eva.encrypted and eva.content["file"]["url"].startswith("mxc://")


async def test_a_picture_arrives_with_its_measures_and_its_words(scene: Scene) -> None:
    await scene.asks("picture")
    ana, _eva = await scene.hears("m.image")
    assert await scene.ana.download(ana) == MAP
    width, height = SIZE
    assert ana.content["info"] == {
        "mimetype": "image/png",
        "size": len(MAP),
        "w": width,
        "h": height,
    }
    assert ana.content["filename"] == "mapa.png"
    assert ana.text == "Un mapa gris, de tres por dos."
    assert ana.shield == 0


async def test_what_is_said_in_a_thread_is_answered_in_it(scene: Scene) -> None:
    root = await scene.ana.send(scene.room, "Hablemos aquí")
    asked = await scene.ana.thread(scene.room, "!effect plain hilo", root)
    answer = {
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": False,
        "m.in_reply_to": {"event_id": asked},
    }
    for member in (scene.ana, scene.eva):
        told = await member.hears("oí hilo", room=scene.room, sender=scene.bot.user)
        assert told.relation == answer


async def test_an_edit_changes_what_members_see(scene: Scene) -> None:
    first = await scene.says("primero")
    number = first.text.partition(":")[0]
    assert first.content["m.mentions"] == {"user_ids": [scene.ana.user]}
    await scene.asks(f"edit {number}")
    edit = await scene.hears_of(f"* {number}: cambiado")
    assert edit.relation == {"rel_type": "m.replace", "event_id": first.id}
    assert edit.content["m.new_content"]["body"] == f"{number}: cambiado"
    await scene.ana.hears(f"{number}: cambiado", room=scene.room, sender=scene.bot.user)
    shown = await scene.ana.shown(scene.room, first.id)
    assert shown.text == f"{number}: cambiado"


async def test_a_message_of_its_own_is_taken_away(scene: Scene) -> None:
    said = await scene.says("de más")
    await scene.asks(f"redact {said.text.partition(':')[0]}")
    gone = await scene.hears_of(lambda event: event.type == "m.room.redaction")
    assert (gone.content["redacts"], gone.content["reason"]) == (said.id, "ya no")
    left = {one.id: one for one in await scene.eva.timeline(scene.room)}
    assert left[said.id].content == {}


async def test_a_reaction_stands_at_its_message(scene: Scene) -> None:
    said = await scene.says("algo")
    await scene.asks(f"react {said.text.partition(':')[0]}")
    told = await scene.hears_of(lambda event: event.type == "m.reaction")
    expected = {"rel_type": "m.annotation", "event_id": said.id, "key": "✅"}
    assert told.content["m.relates_to"] == expected


async def test_effects_about_each_other_go_out_in_their_order(scene: Scene) -> None:
    """The event ids are not known yet when all of it is committed."""
    await scene.asks("many")
    answer = await scene.hears_of(": respuesta")
    gone = await scene.hears_of(lambda event: event.content.get("redacts") == answer.reply_to)
    after = [one for one in await scene.eva.timeline(scene.room) if one.sender == scene.bot.user]
    start = [one.id for one in after].index(str(answer.reply_to))
    about: list[Any] = [(one.relation or {}).get("rel_type") for one in after[start : start + 3]]
    assert about == [None, None, "m.annotation"]
    assert after[start + 4].id == gone.id
    edit = after[start + 3].id
    await scene.hears_of(lambda event: event.content.get("redacts") == edit)
    left = {one.id: one for one in await scene.eva.timeline(scene.room)}
    for one in (left[after[start].id], left[edit]):  # the edit goes with what it replaced
        assert (one.content, one.type, one.relation) == ({}, "m.room.encrypted", None)


async def test_private_words_and_files_come_in_a_room_for_two(scene: Scene) -> None:
    """In one private room, made for both; the room of all hears nothing of it."""
    await scene.eva.send(scene.room, "!effect private-say entre nosotras")
    await scene.eva.send(scene.room, "!effect private-file")
    private = await scene.eva.called()
    said = await scene.eva.hears(": entre nosotras", sender=scene.bot.user)
    file = await scene.eva.hears("Aquí está.", sender=scene.bot.user)
    assert (said.room, file.room) == (private, private)
    assert said.encrypted and file.content["info"]["size"] == len(NOTES)
    await scene.eva.send(private, f"effect edit {said.text.partition(':')[0]}")
    edit = await scene.eva.hears(": cambiado", room=private, sender=scene.bot.user)
    assert edit.relation == {"rel_type": "m.replace", "event_id": said.id}
    heard = scene.ana.ear.all(scene.room, scene.bot.user)
    assert not [one for one in heard if "entre nosotras" in one.text or "Aquí" in one.text]


async def test_a_file_with_a_command_is_read_up_to_its_cap(scene: Scene) -> None:
    fits, larger = b"\xff\x00" * (CAP // 2), bytes(CAP + 1)
    await scene.ana.send_file(scene.room, "a.bin", "text/plain", fits, "!effect read")
    await scene.hears_of(f"{CAP} bytes, {hashlib.sha256(fits).hexdigest()}")
    await scene.ana.send_file(scene.room, "b.bin", "text/plain", larger, "!effect read")
    await scene.hears_of("Ese archivo es demasiado grande para mí: recibo hasta 50 kB.")
    alone = await scene.ana.send_file(scene.room, "c.bin", "text/plain", fits[:10])
    await scene.ana.reply(scene.room, "!effect read", alone)
    await scene.hears_of(f"10 bytes, {hashlib.sha256(fits[:10]).hexdigest()}")


async def test_it_leaves_when_it_is_told(scene: Scene) -> None:
    room = await scene.ana.create_room(invite=[scene.bot.user], name="Otra")
    await scene.ana.joined(room, scene.bot.user)
    await scene.ana.send(room, "!effect leave")
    await scene.ana.hears(
        lambda event: event.content.get("membership") == "leave", room=room, sender=scene.bot.user
    )
    assert await scene.ana.members(room) == {scene.ana.user}

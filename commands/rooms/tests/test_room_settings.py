"""Settings of every capability, set together: templates, files, and words that mean one thing."""

from __future__ import annotations

import tomllib
from datetime import timedelta

from bot.capability.registry import Registry
from bot.testing.talk import ROOM, Talk
from bot.types import RoomId
from commands.rooms.setting_changes import affects_network
from commands.rooms.setting_names import CONFIG
from commands.rooms.templates import TEMPLATES
from storage import settings

TWO = RoomId("!dos:test")


def known(talk: Talk) -> Registry:
    return talk.machine.registry


async def test_templates_name_settings_that_there_are_with_values_that_fit(talk: Talk) -> None:
    every = {setting.key: setting for setting in known(talk).settings}
    for template in TEMPLATES:
        for key, value in template.values.items():
            assert not affects_network(every[key]), (template.name.en, key)
            assert every[key].kind.show(value) is not None
        shown = await talk.answer("ana", f"!configurar plantilla {template.name.es}")
        assert "En total" in shown, template.name.es
        assert "Lo dejé" in await talk.answer("ana", "no")


def test_no_setting_has_the_name_of_what_is_done_with_many(talk: Talk) -> None:
    for word in (name for one in CONFIG for name in one.name):
        assert known(talk).setting_named(word) is None, word


async def test_every_setting_goes_out_and_comes_back_in_every_language(talk: Talk) -> None:
    """Whatever a room has set, the file brings another room to the same."""
    mine = [setting for setting in known(talk).settings if not affects_network(setting)]
    other = {
        "event_reminders": "7200",
        "weekly digest": "TU 08:30",
        "daily": "20:30",
        "door_nudge": "86400",
        "timezone": "America/Recife",
        "decision": "room",
        "door_decision": "vouches",
        "door_votes_in": "moderators",
        "return": "2592000",
        "bots": "@otro:test",
    }
    await talk.room(TWO, "Dos", ["ana", "bea"], {"ana": 50})
    for language in ("es", "pt", "en"):
        for setting in mine:
            flipped = {"yes": "no", "no": "yes"}.get(setting.default)
            value = other.get(setting.key, flipped)
            if value is not None:
                await talk.set(setting.key, value)
        await talk.set("language", language)
        await talk.says("ana", "!config export")
        await talk.sent()
        text = next(reversed(talk.gateway.files.values())).decode()
        there = tomllib.loads(text)["settings"]
        await talk.says("ana", f"!configurar importar\n{text}", room=TWO)
        await talk.said()
        await talk.says("ana", "sí", room=TWO)
        await talk.said()
        async with talk.machine.db.reading() as tx:
            first, second = (
                await settings.settings_of(tx, ROOM),
                await settings.settings_of(tx, TWO),
            )
        assert len(there) == len([s for s in mine if s.key in first])
        assert second.pop("language", "es") == first.pop("language")
        assert {key: second.get(key) for key in first} == first
        async with talk.machine.db.transaction() as tx:
            await tx.run("DELETE FROM setting WHERE room = ?", TWO)


async def test_five_questions_in_private_set_a_room_up(talk: Talk) -> None:
    assert "en privado" in await talk.answer("ana", "!configurar preguntas")
    await talk.wait(timedelta(0))
    await talk.hears("1 de 5: ¿En qué idioma hablo en “Sala”?")
    for answer, asked in (
        ("igual", "2 de 5"),
        ("Atlantis", "2 de 5"),
        ("Recife", "3 de 5"),
        ("1", "4 de 5"),
        ("2", "5 de 5"),
    ):
        await talk.tells("ana", answer)
        await talk.hears(asked)
    await talk.tells("ana", "igual")
    (plan,) = await talk.hears("zona: Bogotá → Recife")
    assert plan.room == await talk.private("ana")
    await talk.tells("ana", "sí")
    assert "Ofreces acompañar" in "\n".join(post.plain for post in await talk.said())
    assert "`zona`: Recife" in await talk.answer("bea", "!configurar")


async def test_the_questions_stop_at_a_word_and_change_nothing(talk: Talk) -> None:
    await talk.answer("ana", "!configurar preguntas")
    await talk.wait(timedelta(0))
    await talk.said()
    await talk.tells("ana", "pt")
    await talk.tells("ana", "cancelar")
    await talk.said()
    assert "`idioma`: español" in await talk.answer("bea", "!configurar")
    assert "No puedes" in await talk.answer("bea", "!configurar preguntas")

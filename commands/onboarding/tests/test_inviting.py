"""Inviting: lists, a result for each, the rights of who asks, and restarts at every step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import split_people
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId, UserId
from storage.membership import room_state

DESK, OTHER = RoomId("!mesa:test"), RoomId("!otra:test")


async def press(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana", "carla"], {"ana": 50})
    await talk.answer("ana", "!area agregar prensa")
    await talk.answer("ana", "!area agregar prensa", room=DESK)


async def invitations(talk: Talk) -> list[tuple[RoomId, str]]:
    return [
        (p.room, str(p.content["user"])) for p in talk.gateway.posted.values() if p.kind == "invite"
    ]


async def until_done(talk: Talk) -> str:
    """Time passes and the homeserver answers; the last thing that was said."""
    said = ""
    for _ in range(40):
        said = "\n".join([said, *(p.plain for p in await talk.said())])
        await talk.wait(timedelta(seconds=5))
    return said + "\n".join(p.plain for p in await talk.said())


async def test_a_person_is_invited_into_all_rooms_of_the_area(talk: Talk) -> None:
    await press(talk)
    assert "Invitaciones 1, prensa: 1 persona" in await talk.answer(
        "ana", "!invitar @dora:lejos.org prensa"
    )
    assert set(await invitations(talk)) == {(ROOM, "@dora:lejos.org"), (DESK, "@dora:lejos.org")}
    await talk.wait(timedelta(seconds=1))
    await talk.hears("Invité a 1 persona: @dora:lejos.org")
    assert "invitó a 1 persona" in await talk.answer("bea", "!historial")


@pytest.mark.parametrize(
    "line",
    [
        "!convidar @dora:lejos.org para a área prensa",
        "!invite [Dora](https://matrix.to/#/@dora:lejos.org) prensa",
        "!invitar prensa https://matrix.to/#/@dora:lejos.org?via=lejos.org",
        "!agregar @dora:lejos.org, prensa",
        "!invitar prensa\n1. @dora:lejos.org",
    ],
)
async def test_it_is_typed_as_people_type(talk: Talk, line: str) -> None:
    await press(talk)
    await talk.answer("ana", line)
    assert len(await invitations(talk)) == 2


async def test_pills_count_whatever_their_names(talk: Talk) -> None:
    await press(talk)
    await talk.answer(
        "ana", "!invitar Dora Ruiz, Eva prensa", mentions=["@dora:lejos.org", "@eva:lejos.org"]
    )
    found = {who for _room, who in await invitations(talk)}
    assert found == {"@dora:lejos.org", "@eva:lejos.org"}


async def test_sixty_of_which_five_are_bad(talk: Talk) -> None:
    """The list of the issue: 55 invitations and 5 reasons."""
    talk.gateway.uninvitable = {
        UserId("@nadie:lejos.org"): "M_NOT_FOUND",
        UserId("@veto:lejos.org"): "M_FORBIDDEN",
    }
    await talk.moves("mala", Membership.BAN, by="ana")
    good = [f"@p{n}:s{n % 7}.org" for n in range(55)]
    bad = ["@sinservidor", "correo@gmail.com", "@nadie:lejos.org", "@veto:lejos.org", "@mala:test"]
    await talk.answer("ana", "!area agregar prensa")
    await talk.answer("ana", "!invitar prensa\n" + "\n".join(bad + good))
    await talk.restart()
    said = await until_done(talk)
    assert sorted(who for _room, who in await invitations(talk)) == sorted(good)
    assert "Invité a 55 personas" in said
    assert "No es una dirección como `@nombre:servidor`: @sinservidor · correo@gmail.com" in said
    assert "quizá esa dirección no existe: @nadie:lejos.org · @veto:lejos.org" in said
    assert "No puede entrar a “Sala”; su moderación puede permitirlo: @mala:test" in said


async def test_who_takes_no_invitations_is_named_as_such(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar prensa")
    talk.gateway.uninvitable = {
        UserId("@cerrada:lejos.org"): "M_INVITE_BLOCKED",
        UserId("@nadie:lejos.org"): "M_NOT_FOUND",
    }
    await talk.says("ana", "!invitar @cerrada:lejos.org, @nadie:lejos.org prensa")
    said = await until_done(talk)
    assert "Su aplicación no recibe invitaciones, para “Sala”" in said
    assert "se pueden permitir en sus ajustes: @cerrada:lejos.org" in said
    assert "quizá esa dirección no existe: @nadie:lejos.org" in said


async def test_the_bot_is_killed_between_every_two_steps(talk: Talk) -> None:
    await press(talk)
    people = [f"@p{n}:lejos.org" for n in range(30)]
    await talk.says("ana", "!invitar prensa " + " ".join(people))
    for _ in range(12):
        await talk.restart()
        await talk.sent()
        await talk.restart()
        await talk.wait(timedelta(seconds=4))
    found = await invitations(talk)
    assert len(found) == 60
    assert set(found) == {(room, who) for room in (ROOM, DESK) for who in people}


async def test_it_goes_in_waves_and_shows_how_far_it_is_in_one_message(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar prensa")
    await talk.says("ana", "!invitar prensa " + " ".join(f"@p{n}:x.org" for n in range(300)))
    first = (await talk.said())[0]
    assert "300 personas" in first.plain
    assert len(await invitations(talk)) == 20
    edits = []
    for _ in range(80):
        await talk.wait(timedelta(seconds=4))
        edits += await talk.said()
    assert len(await invitations(talk)) == 300
    targets = [p.content["m.relates_to"] for p in edits]
    assert all(t.get("event_id") == first.event for t in targets[:-1])
    assert len(edits) < 40
    assert "Invité a 300 personas" in edits[-1].plain and "y 280 más" in edits[-1].plain
    assert targets[-1] == {"m.in_reply_to": {"event_id": first.event}}


async def test_a_reason_for_each_however_many_there_are(talk: Talk) -> None:
    """Of 300 people 40 don't exist: no reason is lost behind “and 20 more”."""
    people = [f"@p{n}:x.org" for n in range(300)]
    talk.gateway.uninvitable = {UserId(one): "M_NOT_FOUND" for one in people[::15] + people[1::15]}
    await talk.answer("ana", "!area agregar prensa")
    await talk.says("ana", "!invitar prensa " + " ".join(people))
    await talk.restart()
    said = await until_done(talk)
    for _ in range(40):
        await talk.wait(timedelta(seconds=4))
        said += "\n".join(p.plain for p in await talk.said())
    assert "Invité a 260 personas" in said and "y 20 más" in said
    assert "El resultado de cada persona, en una tabla." in said
    [table] = talk.gateway.files.values()
    rows = [line.split(";") for line in table.decode("utf-8-sig").splitlines()]
    assert rows[0] == ["persona", "sala", "resultado"]
    assert [row[0] for row in rows[1:]] == [f"'{one}" for one in people]
    assert sum("quizá no existe" in row[2] for row in rows) == 40
    assert sum(row[2] == "invitación enviada" for row in rows) == 260


async def test_who_is_there_already_is_not_invited_again(talk: Talk) -> None:
    await press(talk)
    await talk.answer("ana", "!invitar @bea:test @carla:test prensa")
    assert await invitations(talk) == [(DESK, "@bea:test")]
    await talk.wait(timedelta(seconds=1))
    [said] = await talk.said()
    assert "Invité a 1 persona: @bea:test" in said.plain
    assert "Ya están o ya tienen invitación: @carla:test" in said.plain


# --- rights ---------------------------------------------------------------------------------------


async def strict(talk: Talk) -> None:
    """Rooms in which inviting takes power 50."""
    levels = {"users": {user_id("ana"): 50, "@minga:test": 50}, "invite": 50}
    event = {"type": "m.room.power_levels", "state_key": "", "content": levels}
    async with talk.machine.db.transaction() as tx:
        for room in (ROOM, DESK):
            await room_state.apply_state(tx, room, [event], whole=False)


async def test_the_bots_power_is_not_the_askers(talk: Talk) -> None:
    await press(talk)
    await strict(talk)
    said = await talk.answer("carla", "!invitar @dora:lejos.org prensa")
    assert "No puedes invitar ahí" in said
    assert await invitations(talk) == []


async def test_who_may_invite_in_a_room_may_do_it_by_the_bot_there_only(talk: Talk) -> None:
    await press(talk)
    await talk.answer("bea", "!invitar @dora:lejos.org prensa")
    assert await invitations(talk) == [(ROOM, "@dora:lejos.org")]
    await talk.wait(timedelta(seconds=1))
    [said] = await talk.said()
    assert "En “Mesa” no puedes invitar" in said.plain


async def test_where_the_bot_may_not_invite_it_says_in_which_room(talk: Talk) -> None:
    await press(talk)
    await strict(talk)
    await talk.room(OTHER, "Otra", ["ana"], {"ana": 50}, bot_power=-1)
    await talk.answer("ana", "!area agregar prensa", room=OTHER)
    await talk.answer("ana", "!invitar @dora:lejos.org prensa")
    await talk.wait(timedelta(seconds=1))
    [said] = await talk.said()
    assert "En “Otra” no tengo permiso para invitar" in said.plain
    assert len(await invitations(talk)) == 2


async def test_an_unknown_area_invites_nowhere(talk: Talk) -> None:
    await press(talk)
    said = await talk.answer("ana", "!invitar @dora:lejos.org prensas")
    assert "No existe el área “prensas” aquí" in said and "`prensa`" in said
    said = await talk.answer("bea", "!invitar @dora:lejos.org prensa", room=OTHER)
    assert await invitations(talk) == []


async def test_without_an_area_it_is_asked(talk: Talk) -> None:
    await press(talk)
    said = await talk.answer("ana", "!invitar @dora:lejos.org")
    assert "¿A qué área?" in said and "1) prensa" in said and "2) solo esta sala" in said
    await talk.restart()
    await talk.answer("ana", "2")
    assert await invitations(talk) == [(ROOM, "@dora:lejos.org")]


async def test_limits_have_a_sentence(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar prensa")
    many = " ".join(f"@p{n}:x.org" for n in range(301))
    assert "301 personas" in await talk.answer("ana", f"!invitar {many} prensa")
    assert "Falta a quién invitar" in await talk.answer("ana", "!invitar prensa")
    assert "Falta a quién invitar" in await talk.answer("ana", "!invitar")
    talk.gateway.broken = True
    for n in range(5):
        await talk.says("ana", f"!invitar @q{n}:x.org prensa")
    await talk.says("ana", "!invitar @z:x.org prensa")
    talk.gateway.broken = False
    assert "siguen en curso" in "\n".join(p.plain for p in await talk.said())


async def test_a_list_is_stopped_by_its_number(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar prensa")
    await talk.says("ana", "!invitar prensa " + " ".join(f"@p{n}:x.org" for n in range(50)))
    await talk.said()
    assert "No puedes" in await talk.answer("bea", "!cancelar 1")
    assert "Invitaciones sin enviar: 30" in await talk.answer("ana", "!cancelar 1")
    said = await until_done(talk)
    assert len(await invitations(talk)) == 20
    assert "Me detuve antes de enviarlas" in said


async def test_a_server_that_never_answers_ends_the_list_with_that_reason(talk: Talk) -> None:
    await talk.answer("ana", "!area agregar prensa")
    talk.gateway.broken = True
    await talk.says("ana", "!invitar @dora:muerto.org prensa")
    talk.clock.at += timedelta(hours=2, seconds=1)
    talk.gateway.broken = False
    await talk.wait(timedelta(0))
    assert "Su servidor no responde" in "\n".join(p.plain for p in await talk.said())


def test_addresses_are_read_as_the_specification_has_them() -> None:
    good = ["@a:b", "@Ana.Ruiz=2/x-y_z+1:matrix.example.org:8448", "@1:10.0.0.1"]
    bad = ["@:b.org", "@a:", "@a:..", "@á:b.org", "@a b:c", "@a:b.org/x", "@" + "x" * 260 + ":b"]
    assert split_people(" ".join(good)).people == tuple(good)
    for word in bad:
        assert not split_people(word).people or "a b" in word, word
    assert split_people("- @a:b, (@a:b); @c:d.").people == ("@a:b", "@c:d")

"""The profile: by choice, part by part, seen by nobody until its person shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import Context
from bot.lines import Line
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId, Trust, UserId
from commands.profile.profile_parts import ProfilePart, ProfileVisibility, read_value
from commands.profile.request_parser import ProfileVerb, read_request
from commands.profile.services import people_with_value

DESK = RoomId("!mesa:test")
SOON = timedelta(0)


async def own(talk: Talk, who: str, line: str) -> str:
    return await talk.answer(who, line, room=await talk.private(who))


async def test_it_is_empty_until_somebody_wants_it_otherwise(talk: Talk) -> None:
    said = await own(talk, "bea", "perfil")
    assert "Tu perfil está vacío, y está bien así" in said
    said = await own(talk, "bea", "perfil pronombres ella")
    assert "Anotado. pronombres: ella" in said and "Solo tú lo ves" in said
    await talk.restart()
    said = await own(talk, "bea", "meu perfil")
    assert "pronombres: ella (quién lo ve: solo tú)" in said
    assert "nombre · organización · lugar · idiomas · temas" in said


async def test_typed_in_a_room_it_goes_on_in_private(talk: Talk) -> None:
    private = await talk.private("bea")
    event = await talk.says("bea", "!perfil pronombres ella")
    posts = await talk.sent()
    assert [p.content.get("redacts", event) for p in posts if p.kind == "redact"] == [event]
    assert [p.room for p in posts if p.kind == "m.room.message"] == [private]
    await talk.says("bea", "!perfil pronombres")
    [asked] = await talk.said()
    assert asked.room == private and "¿Cuáles son tus pronombres?" in asked.plain
    assert "pronombres: elle" in await own(talk, "bea", "elle")
    await talk.says("bea", "!perfil qué sé yo")
    [unread] = await talk.said()
    assert unread.room == private and "No entendí" in unread.plain


@pytest.mark.parametrize(
    ("shown", "seers"),
    [
        ("nadie", set()),
        ("moderación", {"ana"}),
        ("mis salas", {"ana", "carla"}),
        ("red", {"ana", "carla", "dora"}),
    ],
)
async def test_each_part_is_seen_by_those_to_whom_it_is_shown(
    talk: Talk, shown: str, seers: set[str]
) -> None:
    """Dora is in another room of the network and moderates it; Eva is in none."""
    await talk.room(DESK, "Mesa", ["dora"], {"dora": 50})
    await own(talk, "bea", "perfil lugar Cali")
    await own(talk, "bea", f"perfil mostrar lugar {shown}")
    for who in ("ana", "carla", "dora", "eva"):
        said = await own(talk, who, "perfil @bea:test")
        assert ("Cali" in said) is (who in seers), (who, said)
        assert "(@bea:test)" in said


async def test_whoever_left_the_network_is_seen_by_nobody_in_it(talk: Talk) -> None:
    await own(talk, "bea", "perfil lugar Cali")
    await own(talk, "bea", "perfil lugar para la red")
    assert "Cali" in await own(talk, "carla", "perfil @bea:test")
    await talk.moves("bea", Membership.LEAVE)
    await talk.said()
    assert "Cali" not in await own(talk, "carla", "perfil @bea:test")
    assert "Cali" not in await talk.answer("carla", "!perfil @bea:test")
    assert "Cali" in await own(talk, "bea", "perfil")


async def test_in_a_room_only_what_all_of_it_may_see_is_said(talk: Talk) -> None:
    """Ana moderates, and may see more than the room she asks in."""
    await talk.room(DESK, "Mesa", ["ana", "dora"], {"ana": 50})
    for line in ("lugar Cali", "mostrar lugar moderación", "temas agua", "temas para mis salas"):
        await own(talk, "bea", f"perfil {line}")
    assert "Cali" in await own(talk, "ana", "perfil @bea:test")
    said = await talk.answer("ana", "!perfil @bea:test")
    assert "agua" in said and "Cali" not in said
    said = await talk.answer("ana", "!perfil @bea:test", room=DESK)
    assert "agua" not in said and "no te muestra nada" in said
    said = await talk.answer("carla", "!perfil Bea", mentions=["bea"])
    assert "agua" in said


async def test_all_at_once_is_shown_only_after_a_yes(talk: Talk) -> None:
    await own(talk, "bea", "perfil lugar Cali")
    await own(talk, "bea", "perfil pronombres ella")
    said = await own(talk, "bea", "perfil mostrar todo red")
    assert "Todo esto se verá: pronombres · lugar" in said
    assert "Cali" not in await own(talk, "carla", "perfil @bea:test")
    await own(talk, "bea", "sí")
    assert "Cali" in await own(talk, "carla", "perfil @bea:test")
    await own(talk, "bea", "perfil mostrar todo nadie")
    assert "Cali" not in await own(talk, "carla", "perfil @bea:test")


async def test_who_may_see_it_is_asked_where_it_is_not_said(talk: Talk) -> None:
    await own(talk, "bea", "perfil lugar Cali")
    assert "¿Quién lo puede ver?" in await own(talk, "bea", "perfil mostrar lugar")
    assert "alguna sala contigo" in await own(talk, "bea", "minhas salas")
    assert "lugar: Cali (quién lo ve: mis salas)" in await own(talk, "bea", "perfil")


async def test_a_new_value_is_seen_by_the_same_people(talk: Talk) -> None:
    await own(talk, "bea", "perfil lugar Cali")
    await own(talk, "bea", "perfil mostrar lugar red")
    assert "Lo ve: red" in await own(talk, "bea", "perfil lugar Pasto")
    assert "Pasto" in await own(talk, "carla", "perfil @bea:test")


async def test_it_is_taken_out_part_by_part_and_whole(talk: Talk) -> None:
    for line in ("nombre Lua", "saludo sí", "lugar Cali", "temas agua"):
        await own(talk, "bea", f"perfil {line}")
    assert "Borrado: lugar" in await own(talk, "bea", "perfil quitar mi lugar")
    assert "Eso no está en tu perfil" in await own(talk, "bea", "perfil quitar lugar")
    assert "¿Qué parte" in await own(talk, "bea", "perfil quitar")
    assert "Borro todo esto" in await own(talk, "bea", "perfil apagar tudo")
    await own(talk, "bea", "dale")
    assert "nombre: Lua" in await own(talk, "bea", "perfil")
    await own(talk, "bea", "perfil quitar todo")
    await own(talk, "bea", "sí")
    assert "está vacío" in await own(talk, "bea", "perfil")
    assert "Hola. Aquí puedes" in await own(talk, "bea", "hola")
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM profile_term") == []


async def test_where_no_part_is_named_the_only_one_goes_after_a_yes(talk: Talk) -> None:
    await own(talk, "bea", "perfil lugar Cali")
    await own(talk, "bea", "perfil mostrar lugar red")
    assert "¿Sigo?" in await own(talk, "bea", "perfil borrar")
    assert "Lo dejé como estaba" in await own(talk, "bea", "no")
    assert "Anotado" in await own(talk, "bea", "perfil esconder lugar")
    assert "lugar: Cali (quién lo ve: solo tú)" in await own(talk, "bea", "perfil")


async def test_it_is_filled_step_by_step_through_restarts(talk: Talk) -> None:
    await own(talk, "bea", "perfil paso a paso")
    steps = ["Lua", "2", "saltar", "@coop:lejos.org", "Coop Sur", "mis salas", "pular", "es y pt"]
    heard = ""
    for answer in [*steps, "1", "agua, radio", "red"]:
        await talk.wait(SOON)
        heard = "\n".join([heard, *(p.plain for p in await talk.said())])
        await talk.restart()
        heard += await own(talk, "bea", answer)
    assert "sin direcciones ni enlaces" in heard
    for line in (
        "nombre: Lua (quién lo ve: moderación)",
        "organización: Coop Sur (quién lo ve: mis salas)",
        "idiomas: es · pt (quién lo ve: solo tú)",
        "temas: agua · radio (quién lo ve: red)",
    ):
        assert line in heard
    assert "Cuáles son tus pronombres" in heard and heard.count("¿Con qué nombre") == 1


async def test_what_is_answered_so_far_stays_when_it_is_stopped(talk: Talk) -> None:
    await own(talk, "bea", "perfil passo a passo")
    await talk.wait(SOON)
    await own(talk, "bea", "Lua")
    await own(talk, "bea", "nadie")
    await talk.wait(SOON)
    assert "Paré" in await own(talk, "bea", "cancelar")
    await talk.wait(SOON)
    assert "nombre: Lua" in await own(talk, "bea", "perfil")


async def test_the_bot_greets_by_name_only_who_allowed_it_and_only_in_private(talk: Talk) -> None:
    assert "Primero el nombre" in await own(talk, "bea", "perfil saludo sí")
    await own(talk, "bea", "perfil me llamo Lua")
    assert "Hola. Aquí" in await own(talk, "bea", "hola")
    await own(talk, "bea", "perfil saludo sí")
    assert "Hola, Lua." in await own(talk, "bea", "hola")
    await talk.says("bea", "hola", mentions=["@minga:test"])
    assert all("Lua" not in p.plain for p in await talk.said())
    await own(talk, "bea", "perfil saludo no")
    assert "Hola. Aquí" in await own(talk, "bea", "hola")


async def test_an_organisation_of_ones_own_telling_gives_no_vote(talk: Talk) -> None:
    """Whoever calls themselves of the co-op does not vote for it: only the roll says who does."""
    await talk.says("ana", '!votantes agregar "Coop Sur" @carla:test peso:20')
    await talk.said()
    assert "no da voto ni peso" in await own(talk, "bea", "perfil organización Coop Sur")
    await own(talk, "bea", "perfil mostrar organización red")
    await talk.says("ana", '!propuesta "Entrar" votan: organizaciones')
    await talk.said()
    assert "No puedes votar" in await talk.answer("bea", "!votar 1 a favor")
    assert "Anotado" in await talk.answer("carla", "!votar 1 a favor")


async def test_a_device_that_nobody_confirmed_changes_nothing(talk: Talk) -> None:
    await talk.set("unsigned", "yes")
    await talk.says("bea", "!perfil lugar Cali", trust=Trust.UNSIGNED)
    [said] = await talk.said()
    assert "va más allá de esta sala" in said.plain
    assert "está vacío" in await own(talk, "bea", "perfil")


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("perfil pronombers ella", "¿Es `pronombres`?"),
        ("perfil nombre @ana:test", "no te muestra nada"),
        ("perfil nombre http://ana.example", "sin direcciones ni enlaces"),
        ("perfil nombre " + "x" * 41, "hasta 40 letras"),
        ("perfil temas " + ",".join(map(str, range(11))), "Son 11"),
        ("perfil temas ,,,", "no hay palabras"),
        ("perfil mostrar lugar red", "no hay nada en tu perfil"),
        ("perfil saludo quizás", "saludo sí"),
    ],
)
async def test_typed_wrongly_it_says_what_to_do(talk: Talk, line: str, heard: str) -> None:
    assert heard in await own(talk, "bea", line)


def test_a_line_is_read_as_it_is_meant() -> None:
    for line, verb, part, seen in (
        ("", ProfileVerb.LOOK, None, None),
        ("ver", ProfileVerb.LOOK, None, None),
        ("mi nombre es Lua", ProfileVerb.WRITE, ProfilePart.NAME, None),
        ("Pronombres: ella", ProfileVerb.WRITE, ProfilePart.PRONOUNS, None),
        ("lugar no", ProfileVerb.REMOVE, ProfilePart.PLACE, None),
        ("apagar meus temas", ProfileVerb.REMOVE, ProfilePart.THEMES, None),
        (
            "lugar visible para mis salas",
            ProfileVerb.SHOW,
            ProfilePart.PLACE,
            ProfileVisibility.ROOMS,
        ),
        (
            "show my place to the network",
            ProfileVerb.SHOW,
            ProfilePart.PLACE,
            ProfileVisibility.NETWORK,
        ),
        (
            "mostrar lugar a la moderación",
            ProfileVerb.SHOW,
            ProfilePart.PLACE,
            ProfileVisibility.MODERATORS,
        ),
        ("ocultar mi lugar", ProfileVerb.SHOW, ProfilePart.PLACE, ProfileVisibility.NOBODY),
        ("esconder tudo", ProfileVerb.SHOW, None, ProfileVisibility.NOBODY),
        ('"lugar" Cali', ProfileVerb.WRITE, ProfilePart.PLACE, None),
        ("lugar Para, Brasil", ProfileVerb.WRITE, ProfilePart.PLACE, None),
        ("idiomas es", ProfileVerb.WRITE, ProfilePart.LANGUAGES, None),
        ("nombres", ProfileVerb.UNKNOWN, None, None),
    ):
        wish = read_request(line)
        assert (wish.verb, wish.part, wish.seen) == (verb, part, seen), line
    assert read_request("mi nombre es Lua").value == "Lua"
    assert read_request("idiomas es").value == "es"


def test_values_are_compared_as_people_hear_them() -> None:
    assert read_value(ProfilePart.PLACE, "Bogotá, Colombia").terms == {
        "bogota colombia",
        "bogota",
        "colombia",
    }
    assert read_value(ProfilePart.LANGUAGES, "português, Español, quechua").terms == {
        "pt",
        "es",
        "quechua",
    }
    assert read_value(ProfilePart.THEMES, "#agua #Soberanía-alimentaria y radio").words == (
        "agua",
        "Soberanía-alimentaria",
        "radio",
    )


# --- what others get of it ------------------------------------------------------------------------


async def found(
    talk: Talk, part: str, words: str, viewer: str, monkeypatch: pytest.MonkeyPatch
) -> list[UserId]:
    """What a capability finds that matches people."""
    people: list[UserId] = []

    async def asked(ctx: Context, _room: RoomId) -> list[Line]:
        people.extend(await people_with_value(ctx, part, words, user_id(viewer), 20))
        return []

    for feature in talk.features:
        if "pending" in feature.services:
            monkeypatch.setitem(feature.services, "pending", asked)
            break
    await talk.answer("ana", "!pendientes")
    return people


async def test_people_are_found_by_what_they_show_and_by_nothing_else(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await talk.room(DESK, "Mesa", ["dora"], {"dora": 50})
    for who, shown in (("bea", "red"), ("carla", "mis salas"), ("ana", "nadie")):
        await own(talk, who, "perfil lugar Cali, Colombia")
        await own(talk, who, f"perfil mostrar lugar {shown}")
    bea, carla = user_id("bea"), user_id("carla")
    assert await found(talk, "place", "CALI", "ana", monkeypatch) == [bea, carla]
    assert await found(talk, "place", "colombia", "dora", monkeypatch) == [bea]
    assert await found(talk, "place", "cali", "bea", monkeypatch) == [carla]
    assert await found(talk, "place", "cali", "eva", monkeypatch) == []
    assert await found(talk, "themes", "cali", "ana", monkeypatch) == []
    await talk.moves("bea", Membership.LEAVE, ROOM)
    assert await found(talk, "place", "cali", "dora", monkeypatch) == []


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("perfil lugar nadie", "solo tú"),
        ("meu perfil lugar ninguém", "solo tú"),
        ("perfil lugar mis salas", "mis salas"),
        ("perfil lugar lo ve toda la red", "red"),
        ("perfil lugar que lo vea la moderación", "moderación"),
    ],
)
async def test_who_sees_a_part_is_never_taken_for_what_stands_in_it(
    talk: Talk, line: str, seen: str
) -> None:
    await own(talk, "bea", "perfil lugar Bogotá")
    await own(talk, "bea", "perfil mostrar lugar mis salas")
    assert "Quién lo ve desde ahora (lugar)" in await own(talk, "bea", line)
    assert f"lugar: Bogotá (quién lo ve: {seen})" in await own(talk, "bea", "perfil")

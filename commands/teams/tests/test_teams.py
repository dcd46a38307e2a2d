"""Teams: a room for each, once; its people; and how far each one is."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.api import settings
from bot.testing.talk import Talk, user_id
from bot.types import Media, Membership, RoomId, UserId

LIST = """!equipos Escuela
Norte: @eva:test @luz:far.org
Sur: @rosa:test"""
PAUSE = timedelta(seconds=5)
HOUR = timedelta(hours=1)


async def goes_on(talk: Talk, times: int = 8) -> str:
    """What falls due is done, and what was said meanwhile."""
    said = []
    for _ in range(times):
        said += [post.plain for post in await talk.said()]
        await talk.wait(PAUSE)
    return "\n".join(said + [post.plain for post in await talk.said()])


async def opened(talk: Talk, line: str = LIST, who: str = "ana") -> str:
    await talk.answer(who, line)
    await talk.answer(who, "sí")
    return await goes_on(talk)


def invited(talk: Talk) -> Counter[tuple[str, str]]:
    acts = [post for post in talk.gateway.posted.values() if post.kind == "invite"]
    return Counter((talk.gateway.opened[p.room], str(p.content["user"])) for p in acts)


def room_of(talk: Talk, name: str) -> RoomId:
    return next(room for room, called in talk.gateway.opened.items() if called == name)


async def in_team(talk: Talk, *names: str, team: str = "Norte") -> RoomId:
    """People come into the room of a team, and are greeted."""
    for name in names:
        await talk.moves(name, Membership.JOIN, room_of(talk, team))
    await goes_on(talk, 15)
    return room_of(talk, team)


# --- opening --------------------------------------------------------------------------------------


async def test_a_list_is_shown_first_and_opened_after_a_yes(talk: Talk) -> None:
    shown = await talk.answer("ana", LIST)
    assert "“Escuela”: 2 equipos, cada uno con una sala cifrada preparada como “Sala”" in shown
    assert "Norte: 2 · Sur: 1" in shown and "Invito a 3 personas" in shown
    await goes_on(talk)
    assert talk.gateway.opened == {}
    await talk.answer("ana", "no")
    said = await opened(talk)
    assert list(talk.gateway.opened.values()) == ["Norte", "Sur"]
    assert invited(talk) == {
        ("Norte", "@eva:test"): 1,
        ("Norte", "@luz:far.org"): 1,
        ("Sur", "@rosa:test"): 1,
    }
    assert "salas abiertas: 2 de 2; invitaciones enviadas: 5" in said
    assert "empezó los equipos 1: una sala para cada uno de 2 equipos" in await talk.answer(
        "bea", "!historial"
    )


async def test_the_rooms_are_like_the_one_where_it_was_typed(talk: Talk) -> None:
    await talk.set("language", "pt")
    await talk.set("timezone", "America/Sao_Paulo")
    await talk.set("moderation", "yes")
    await opened(talk)
    for room in talk.gateway.opened:
        state = talk.gateway.state
        assert state[room, "m.room.power_levels", ""]["users"] == {
            user_id("ana"): 100,
            "@minga:test": 100,
        }
        assert state[room, "m.room.encryption", ""]
        assert state[room, "m.room.member", user_id("ana")] == {"membership": "invite"}
        async with talk.machine.db.reading() as tx:
            kept = await settings.settings_of(tx, room)
        assert kept == {"language": "pt", "timezone": "America/Sao_Paulo"}


async def test_a_lost_answer_and_an_end_in_between_open_no_room_twice(talk: Talk) -> None:
    await talk.answer("ana", LIST)
    await talk.says("ana", "sí")
    talk.gateway.lose_responses = True
    attempts = 0

    async def dies(_seconds: float) -> None:
        nonlocal attempts
        attempts += 1
        talk.gateway.lose_responses = False
        raise RuntimeError

    talk.machine.outbox._sleep = dies
    await talk.machine.outbox.deliver_pending()
    assert (attempts > 0, list(talk.gateway.opened.values())) == (True, ["Norte"])
    for _ in range(6):
        await talk.restart()
        await goes_on(talk, 1)
    await goes_on(talk)
    assert list(talk.gateway.opened.values()) == ["Norte", "Sur"]
    assert set(invited(talk).values()) == {1}


async def test_only_who_moderates_the_room_opens_teams(talk: Talk) -> None:
    assert "No puedes hacer eso aquí" in await talk.answer("bea", LIST)
    assert "todavía no hay equipos" in await talk.answer("bea", "!equipos")
    assert "todavía no hay equipos" in await talk.answer("bea", "!turma")


async def test_a_missing_list_is_asked_for(talk: Talk) -> None:
    for line in ("!equipos Escuela", "!equipos Norte Sur Este", "!equipos @eva:test"):
        assert "Faltan los equipos" in await talk.answer("ana", line), line


async def test_a_list_may_come_as_a_file_or_be_replied_to(talk: Talk) -> None:
    talk.gateway.files["mxc://test/list"] = "equipo;persona\nNorte;@eva:test".encode("utf-16")
    media = Media("mxc://test/list", "lista.csv", "text/csv", 60, {"v": "v2"})
    sent = await talk.says("bea", "la lista", media=media)
    await talk.said()
    assert "Norte: 1" in await talk.answer("ana", "!equipos", media=media)
    await talk.answer("ana", "no")
    assert "“Escuela”: 1 equipo" in await talk.answer("ana", "!equipos Escuela", reply=sent)
    await talk.answer("ana", "no")
    typed = await talk.says("bea", "Sur: @eva:test @luz:test\nEste: @rosa:test")
    assert "Sur: 2 · Este: 1" in await talk.answer("ana", "!equipos", reply=typed)


async def test_in_private_the_room_is_asked_and_told(talk: Talk) -> None:
    await talk.room(RoomId("!mesa:test"), "Mesa", ["ana"], {"ana": 50})
    private = await talk.private("ana")
    assert "¿Para qué sala?" in await talk.answer("ana", LIST[1:], room=private)
    assert "preparada como “Mesa”" in await talk.answer("ana", "1", room=private)
    assert "Cuento cómo va en “Mesa”" in await talk.answer("ana", "sí", room=private)
    await goes_on(talk)
    assert len(talk.gateway.opened) == 2
    assert "Equipos 1, Escuela: 2 equipos" in await talk.answer("ana", "equipos", room=private)
    assert "Equipos 1" in await talk.answer("ana", "!equipos", room=RoomId("!mesa:test"))
    assert "todavía no hay" in await talk.answer("ana", "!equipos")


async def test_people_in_two_teams_and_words_that_are_no_address_are_said(talk: Talk) -> None:
    shown = await talk.answer("ana", "!equipos\nNorte: @eva:test bea\nSur: @eva:test")
    assert "En más de un equipo: @eva:test" in shown
    assert "queda fuera: bea" in shown


async def test_what_is_too_much_is_refused(talk: Talk) -> None:
    many = "\n".join(f"Equipo {n}: @p{n}:test" for n in range(101))
    assert "Son 101 equipos; abro 100" in await talk.answer("ana", f"!equipos\n{many}")
    crowd = " ".join(f"@p{n}:test" for n in range(51))
    assert "tiene más de 50 personas" in await talk.answer("ana", f"!equipos Norte: {crowd}")
    assert "hasta 60 letras" in await talk.answer("ana", f"!equipos {'N' * 61}: @eva:test")


async def test_many_teams_are_opened_in_waves(talk: Talk) -> None:
    teams = [f"Equipo {n}: " + " ".join(f"@p{n}x{k}:s{k}.org" for k in range(8)) for n in range(64)]
    await talk.answer("ana", "!equipos\n" + "\n".join(teams))
    await talk.answer("ana", "sí")
    most = 0
    for _ in range(300):
        posts = await talk.sent()
        most = max(most, sum(post.kind == "invite" for post in posts))
        edits = [p for p in posts if p.kind == "m.room.message"]
        assert len(edits) <= 3
        await talk.wait(PAUSE)
        if len(talk.gateway.opened) == 64 and sum(invited(talk).values()) == 512:
            break
    await goes_on(talk)
    assert most <= 20
    assert len(talk.gateway.opened) == 64
    assert set(invited(talk).values()) == {1} and len(invited(talk)) == 512
    page = await talk.answer("ana", "!equipos")
    assert page.count("llegaron 0 de 9") == 15 and "Página 1 de 5. Más: `equipos 1 2`" in page
    last = await talk.answer("ana", "!equipos 1 página 5")
    assert "Equipo 63" in last and "Página" not in last


# --- what goes wrong ------------------------------------------------------------------------------


async def test_who_cannot_be_invited_is_named_and_tried_again(talk: Talk) -> None:
    talk.gateway.uninvitable = {UserId("@luz:far.org"): "M_UNKNOWN"}
    said = await opened(talk)
    assert "No pude invitar, quizá esa dirección no existe" in said
    assert "@luz:far.org (Norte)" in said and "Lo intento de nuevo en una hora" in said
    talk.gateway.uninvitable = {}
    await talk.restart(HOUR)
    said = await goes_on(talk)
    assert invited(talk)["Norte", "@luz:far.org"] == 1
    assert "invitaciones enviadas: 5" in said and "No pude invitar" not in said


async def test_who_takes_no_invitations_is_named_apart(talk: Talk) -> None:
    talk.gateway.uninvitable = {UserId("@luz:far.org"): "M_INVITE_BLOCKED"}
    said = await opened(talk)
    assert "se pueden permitir en sus ajustes: @luz:far.org (Norte)" in said
    assert "quizá esa dirección no existe" not in said
    talk.gateway.uninvitable = {}
    await talk.restart(HOUR)
    await goes_on(talk)
    assert invited(talk)["Norte", "@luz:far.org"] == 1


async def test_after_three_tries_it_waits_for_a_word(talk: Talk) -> None:
    talk.gateway.uninvitable = {UserId("@luz:far.org"): "M_UNKNOWN"}
    await opened(talk)
    await talk.wait(HOUR)
    await goes_on(talk)
    await talk.wait(HOUR)
    said = await goes_on(talk)
    assert "Para intentarlo otra vez: `!equipos reintentar 1`" in said
    await talk.wait(2 * HOUR)
    await talk.hears_nothing()
    talk.gateway.uninvitable = {}
    assert "Lo intento de nuevo" in await talk.answer("ana", "!equipos reintentar 1")
    await goes_on(talk)
    assert invited(talk)["Norte", "@luz:far.org"] == 1
    assert "No hay nada que reintentar" in await talk.answer("ana", "!equipes 1 tentar de novo")
    assert "No puedes hacer eso" in await talk.answer("bea", "!teams retry")


async def test_a_room_that_is_refused_holds_up_no_other(talk: Talk) -> None:
    await talk.answer("ana", LIST)
    await talk.says("ana", "sí")
    make, tried = talk.gateway.make_room, 0

    async def refusing(alias: str, name: str, topic: str, invite: list[UserId]) -> RoomId:
        nonlocal tried
        tried += 1
        talk.gateway.refuse = "M_FORBIDDEN" if tried == 1 else None
        try:
            return await make(alias, name, topic, invite)
        finally:
            talk.gateway.refuse = None

    object.__setattr__(talk.machine.outbox, "_gateway", _With(talk.gateway, refusing))
    said = await goes_on(talk)
    assert "El servidor no abrió: Norte" in said
    assert "salas abiertas: 1 de 2" in said
    assert "Norte: no se pudo abrir su sala" in await talk.answer("ana", "!equipos")
    await talk.wait(HOUR)
    await goes_on(talk)
    assert sorted(talk.gateway.opened.values()) == ["Norte", "Sur"]
    assert set(invited(talk).values()) == {1}


class _With:
    """The gateway with another way of opening rooms."""

    def __init__(self, gateway: object, make_room: object) -> None:
        self._gateway = gateway
        self.make_room = make_room

    def __getattr__(self, name: str) -> object:
        return getattr(self._gateway, name)


async def test_it_can_be_stopped_and_goes_on_later(talk: Talk) -> None:
    await talk.answer("ana", LIST)
    await talk.answer("ana", "sí")
    assert "no puede" in (await talk.answer("bea", "!cancelar 1")).lower()
    assert "Paré" in await talk.answer("ana", "!cancelar 1")
    said = await goes_on(talk)
    assert list(talk.gateway.opened.values()) == ["Norte"]
    assert "El resto se detuvo. Para seguir: `!equipos reintentar 1`" in said
    assert "Lo intento de nuevo" in await talk.answer("ana", "!equipos reintentar")
    await goes_on(talk)
    assert list(talk.gateway.opened.values()) == ["Norte", "Sur"]
    assert set(invited(talk).values()) == {1}
    assert "Archivé los equipos 1" in await talk.answer("ana", "!cancelar 1")
    assert "todavía no hay equipos" in await talk.answer("ana", "!equipos")

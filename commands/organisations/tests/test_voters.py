"""Organisations as people keep them: listed, added, changed, taken out, left."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot.api import (
    Context,
    Membership,
    Number,
    RoomId,
)
from bot.capability.data.erasure import forget_in_capability
from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from bot.types import EventId, RoomUpgraded
from commands.poll_book import roll, voter_store
from commands.poll_book.voter_store import Organisation, Voter
from storage.database import Tx

ANA, BEA, CARLA = map(user_id, ("ana", "bea", "carla"))
SUR = '!votantes agregar "Cooperativa Sur" @bea suplente:@carla peso:20'
STANDS = "Queda en `!historial`. Para volver atrás: `!deshacer`"
NEW = "Nueva, “Cooperativa Sur”: titular Bea (@bea:test) · suplente Carla (@carla:test) · peso 20"


async def kept(talk: Talk, room: RoomId = ROOM) -> list[Organisation]:
    async with talk.machine.db.reading() as tx:
        return await voter_store.organisations_in(tx, room)


def forgetting(talk: Talk, tx: Tx, **more: object) -> Context:
    """What the services need to forget or export a person."""
    at, registry = talk.clock.at, talk.machine.registry
    given = SimpleNamespace(db=tx, said_at=at, now=at, feature="", registry=registry, **more)
    return cast("Context", given)


async def polled(talk: Talk) -> Number:
    """An open poll with the room's organisations on its roll."""
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    await talk.sent()
    async with talk.machine.db.transaction() as tx:
        row = await tx.one("SELECT max(number) AS n FROM item")
        assert row is not None
        voters = [
            Voter(one.key, one.name, one.weight, one.delegate, one.alternate)
            for one in await voter_store.organisations_in(tx, ROOM)
        ]
        await tx.run("DELETE FROM poll_book_voter WHERE poll = ?", row["n"])
        await roll.write_roll(tx, Number(row["n"]), voters)
    return Number(row["n"])


# --- looking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["!votantes", "!padrón", "!censo", "!eleitorado", "!voters"])
async def test_without_organisations_who_is_in_the_room_may_vote(talk: Talk, line: str) -> None:
    await talk.moves("relay", Membership.JOIN)
    await talk.set("bots", "@relay:test")
    said = await talk.answer("bea", line)
    assert said == (
        "Aquí puede votar quien está en la sala cuando se abre la votación: ahora 3 personas."
    )
    assert 'Ejemplo: `!votantes agregar "Cooperativa Sur"' in await talk.answer("ana", line)


async def test_the_list_shows_delegate_alternate_and_weight(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("ana", "!votantes agregar Norte @carla")
    assert (await talk.answer("bea", "!votantes")).split("\n") == [
        "Aquí votan 2 organizaciones, con peso 21 en total.",
        "“Cooperativa Sur”: titular Bea · suplente Carla · peso 20",
        "“Norte”: titular Carla · peso 1",
    ]


async def test_360_organisations_are_read_by_pages_and_found_by_name(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        for n in range(360):
            await voter_store.put_organisation(
                tx, ROOM, Organisation(None, f"Base {n:03}", BEA), START_TIME.at
            )
    first = (await talk.answer("carla", "!votantes")).split("\n")
    assert first[0] == "Aquí votan 360 organizaciones, con peso 360 en total."
    assert first[1:22:20] == ["“Base 000”: titular Bea · peso 1", first[21]]
    assert first[21] == "Página 1 de 18. Más: `!votantes página 2`"
    second = await talk.answer("carla", "!votantes página 2")
    assert "“Base 020”" in second
    assert "`!votantes página 3`" in second
    assert "“Base 359”" in await talk.answer("carla", "!votantes page 99")
    found = await talk.answer("carla", "!votantes base 12")
    assert found.count("“Base 12") == 10
    assert await talk.answer("carla", "!votantes BASE 123") == "“Base 123”: titular Bea · peso 1"
    many = await talk.answer("carla", "!votantes base 1 página 2")
    assert "Página 2 de 5. Más: `!votantes base 1 página 3`" in many


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!votantes agregr X @bea", "No entendí “agregr”. ¿Es `!votantes agregar`?"),
        ("!votantes quitr X", "¿Es `!votantes quitar`?"),
        ("!votantes cooperatva sur", "“Cooperativa Sur”: titular Bea"),
        ("!votantes xyzzy", "Aquí no hay ninguna organización “xyzzy”."),
        ("!votantes 57", "No existe el número 57"),
    ],
)
async def test_what_is_typed_wrongly_is_answered(talk: Talk, line: str, answer: str) -> None:
    await talk.answer("ana", SUR)
    assert answer in await talk.answer("bea", line)
    assert len(await kept(talk)) == 1


async def test_the_roll_of_a_poll(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    number = await polled(talk)
    await talk.answer("ana", "!votantes agregar Norte @carla")
    assert (await talk.answer("bea", f"!votantes {number}")).split("\n") == [
        f"Votación {number}: puede votar 1 organización, con peso 20 en total.",
        "“Cooperativa Sur”: titular Bea · suplente Carla · peso 20",
    ]
    await talk.room(RoomId("!otra:test"), "Otra", ["dani"])
    hidden = await talk.answer("dani", f"!votantes {number}", room=RoomId("!otra:test"))
    assert "Cooperativa" not in hidden


async def test_the_roll_of_people_and_of_polls_that_have_none(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    await talk.sent()
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM poll_book_voter")
    assert "no tiene lista de votantes" in await talk.answer("bea", "!votantes 1")
    async with talk.machine.db.transaction() as tx:
        people = [user_id(f"p{n:03}") for n in range(120)]
        await roll.write_roll(tx, Number(1), [Voter(p, "", 1, p) for p in people])
    said = await talk.answer("bea", "!votantes 1 página 2")
    assert said.startswith("En 1 pueden votar 120 personas.\np100 · p101")
    assert "`!votantes 1 página 2`" in await talk.answer("bea", "!votantes #1")


async def test_the_help_tells_of_polls_before_who_may_vote(talk: Talk) -> None:
    told = await talk.answer("bea", "!ayuda encuestas")
    assert told.index("`!encuesta`") < told.index("`!cerrar`") < told.index("`!votantes`")
    assert "Ejemplo: `!encuesta" in told


# --- changing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        SUR,
        "!votantes adicionar “Cooperativa Sur” @bea suplente: @carla peso: 20",
        "!voters add Cooperativa Sur @bea alternate: @carla weight: 20",
        "!votantes agregar Cooperativa Sur @bea suplente @carla peso 20",
        '!votantes añadir: peso:20 suplente:carla titular:bea "Cooperativa Sur"',
        '!votantes agregar "Cooperativa Sur" Bea suplente:Carla peso:20',
    ],
)
async def test_an_organisation_is_added_however_it_is_typed(talk: Talk, line: str) -> None:
    assert await talk.answer("ana", line) == f"{NEW}\n{STANDS}"
    assert await kept(talk) == [Organisation(1, "Cooperativa Sur", BEA, CARLA, 20)]


async def test_mentions_are_the_people_that_were_tapped(talk: Talk) -> None:
    await talk.moves("@bea:otra", Membership.JOIN)
    assert "¿Quién es “bea”?" in await talk.answer("ana", '!votantes agregar "Sur" bea')
    await talk.answer("ana", "!votantes agregar Sur Bea suplente: Carla", mentions=["carla", "bea"])
    link = f"[Bea](https://matrix.to/#/{BEA})"
    await talk.answer("ana", f"!votantes agregar Norte {link} peso:2", mentions=["bea"])
    assert [(o.name, o.delegate, o.alternate) for o in await kept(talk)] == [
        ("Norte", BEA, None),
        ("Sur", BEA, CARLA),
    ]


async def test_only_what_is_named_changes(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    said = await talk.answer("ana", "!votantes cambiar cooperativa súr peso: 1.000")
    assert "peso 20 → después, titular Bea (@bea:test) · suplente Carla" in said
    await talk.answer("ana", "!votantes agregar Cooperativa Sur suplente: nadie")
    await talk.answer("ana", "!votantes agregar Cooperativa Sur @ana")
    assert await kept(talk) == [Organisation(1, "Cooperativa Sur", ANA, None, 1000)]
    assert "Ya está así." in await talk.answer("ana", "!votantes agregar Cooperativa Sur @ana")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("", "Falta el nombre de la organización."),
        ('"" @bea', "Falta el nombre de la organización."),
        ("Cooperativa Sur", "Falta quién es titular de “Cooperativa Sur”."),
        ('"Sur" @zoe', "No encuentro a nadie con el nombre “@zoe” en esta sala."),
        ('"Sur" @minga:test', "es un bot"),
        ('"Sur" @bea suplente:@bea', "Titular y suplente son la misma persona."),
        ('"Sur" @bea peso:0', "“0” no es un peso: es un número entero de 1 a 1000000."),
        ('"Sur" @bea peso:1000001', "no es un peso"),
        ('"Sur" @bea peso:2,5', "no es un peso"),
        ('"Sur" @bea pesso:20', "No conozco la palabra `pesso:` aquí."),
        (f'"{"S" * 101}" @bea', "más de 100 letras"),
    ],
)
async def test_what_cannot_be_is_said(talk: Talk, line: str, answer: str) -> None:
    assert answer in await talk.answer("ana", f"!votantes agregar {line}")
    assert await kept(talk) == []


async def test_who_does_not_moderate_can_only_look(talk: Talk) -> None:
    for line in (SUR, "!votantes quitar X", "!votantes importar\nX", "!votantes exportar"):
        assert "es para la moderación" in await talk.answer("bea", line)
    assert await kept(talk) == []


async def test_a_name_that_is_nearly_another_is_asked(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    asked = await talk.answer("ana", '!votantes agregar "Coperativa Sur" @bea')
    assert "Ya existe “Cooperativa Sur”." in asked
    assert "como estaba" in await talk.answer("ana", "no")
    assert len(await kept(talk)) == 1
    await talk.answer("ana", '!votantes agregar "Coperativa Sur" @bea')
    assert "Nueva, “Coperativa Sur”" in await talk.answer("ana", "sí")
    await talk.answer("ana", '!votantes agregar "Este" @bea')
    assert "Nueva" in await talk.answer("ana", '!votantes agregar "Oeste" @bea')
    await talk.answer("ana", '!votantes agregar "Sección 1" @bea')
    assert "Nueva" in await talk.answer("ana", '!votantes agregar "Sección 2" @bea')


async def test_who_is_not_here_yet_is_told(talk: Talk) -> None:
    said = await talk.answer("ana", '!votantes agregar "Sur" @zoe:otra.org')
    assert "zoe todavía no está en esta sala; podrá votar cuando entre." in said


async def test_one_is_taken_out_and_comes_back(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    assert '`!votantes quitar "Cooperativa Sur"`' in await talk.answer(
        "ana", "!votantes quitar Cooperativa Sul"
    )
    assert "ya no vota aquí" in await talk.answer("ana", '!votantes quitar "cooperativa sur"')
    assert await kept(talk) == []
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert await kept(talk) == [Organisation(1, "Cooperativa Sur", BEA, CARLA, 20)]


async def test_every_change_stands_in_the_log_and_can_be_taken_back(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("ana", "!votantes agregar Cooperativa Sur peso: 5")
    await talk.answer("ana", "!votantes agregar Cooperativa Sur @ana")
    told = await talk.answer("bea", "!historial")
    assert "organización nueva “Cooperativa Sur”, peso 20" in told
    assert "organización “Cooperativa Sur”: peso 20 → 5" in told
    assert "organización “Cooperativa Sur”: quién la representa" in told
    for expected in ((BEA, 5), (BEA, 20)):
        await talk.answer("ana", "!deshacer")
        await talk.answer("ana", "sí")
        assert [(o.delegate, o.weight) for o in await kept(talk)] == [expected]
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert await kept(talk) == []


async def test_in_private_the_room_is_named_or_asked(talk: Talk) -> None:
    prensa = await talk.room(RoomId("!prensa:test"), "Prensa", ["ana", "bea"], {"ana": 50})
    await talk.tells("ana", 'votantes agregar "Sur" @bea en prensa')
    await talk.hears("Nueva, “Sur”")
    assert [one.name for one in await kept(talk, prensa)] == ["Sur"]
    await talk.tells("bea", "votantes")
    await talk.hears("¿Para qué sala?")
    await talk.tells("bea", "1")
    await talk.hears("“Sur”: titular")


async def test_portuguese(talk: Talk) -> None:
    await talk.set("language", "pt")
    said = await talk.answer("ana", '!votantes adicionar "Rede Mangue" @bea suplente:@carla peso:3')
    assert said.startswith("Nova, “Rede Mangue”: titular Bea (@bea:test) · suplente Carla")
    assert "`!desfazer`" in said
    assert "Aqui vota 1 organização, com peso 3 no total." in await talk.answer(
        "bea", "!eleitorado"
    )
    assert "não vota mais aqui" in await talk.answer("ana", "!votantes remover Rede Mangue")
    assert "Não entendi “adiconar”" in await talk.answer("ana", "!votantes adiconar X @bea")


# --- open polls, and who leaves -------------------------------------------------------------------


async def test_an_open_poll_follows_its_people_and_keeps_its_weights(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    number = await polled(talk)
    said = await talk.answer("ana", "!votantes agregar Cooperativa Sur @ana peso:7")
    assert "las personas cambian desde ya; el peso queda como al abrirse" in said
    assert "siguen sin ella" in await talk.answer("ana", "!votantes agregar Norte @bea")
    rolled = await talk.answer("ana", f"!votantes {number}")
    assert rolled.endswith("“Cooperativa Sur”: titular Ana · suplente Carla · peso 20")
    gone = await talk.answer("ana", "!votantes quitar Cooperativa Sur")
    assert "ya nadie vota en su nombre; lo que votó se queda" in gone
    rolled = await talk.answer("ana", f"!votantes {number}")
    assert rolled.endswith("“Cooperativa Sur”: sin titular por ahora · peso 20")


@pytest.mark.parametrize("how", [Membership.LEAVE, Membership.BAN])
async def test_who_leaves_the_room_speaks_for_nobody_any_more(talk: Talk, how: Membership) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("ana", "!votantes agregar Norte @carla suplente:@bea")
    number = await polled(talk)
    await talk.moves("bea", how, by="ana")
    [told] = await talk.hears("“Cooperativa Sur” quedó sin titular: quien lo era salió de esta")
    assert '`!votantes agregar "Cooperativa Sur" @nombre`' in told.plain
    async with talk.machine.db.reading() as tx:
        assert await roll.seats_of(tx, number, BEA) == ()
        assert [s.voter.name for s in await roll.seats_of(tx, number, CARLA)] == [
            "Norte",
            "Cooperativa Sur",
        ]
    assert "salió de la sala" in await talk.answer("carla", "!historial")
    await talk.moves("bea", Membership.JOIN)
    await talk.wait(timedelta(minutes=1))
    assert [(o.delegate, o.alternate) for o in await kept(talk)] == [(None, CARLA), (CARLA, None)]


async def test_who_is_only_invited_loses_nothing_and_others_leave_in_silence(talk: Talk) -> None:
    await talk.answer("ana", '!votantes agregar "Sur" @zoe:otra.org')
    await talk.moves("@zoe:otra.org", Membership.INVITE)
    await talk.moves("bea", Membership.LEAVE)
    await talk.hears_nothing()
    assert [one.delegate for one in await kept(talk)] == [user_id("@zoe:otra.org")]


async def test_it_all_holds_after_a_restart(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("ana", '!votantes agregar "Coperativa Sur" @bea')
    await talk.restart()
    assert "Nueva, “Coperativa Sur”" in await talk.answer("ana", "sí")
    assert len(await kept(talk)) == 2


# --- services -------------------------------------------------------------------------------------


async def test_a_person_is_taken_out_of_everything_by_name(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("ana", "!votantes agregar Norte @carla suplente:@bea")
    open_poll = await polled(talk)
    async with talk.machine.db.transaction() as tx:
        for number in (90, 91):
            await tx.run(
                "INSERT INTO item (number, feature, kind, room, author, title, at, open)"
                " VALUES (?, 'polls', 'poll', ?, ?, '?', 0, ?)",
                number,
                ROOM,
                ANA,
                number == 90,
            )
            await roll.write_roll(tx, Number(number), [Voter(p, "", 1, p) for p in (ANA, BEA)])
        ctx = forgetting(talk, tx)
        services = talk.machine.registry.features["polls"].services
        assert len(await services["export"](ctx, BEA)) == 6
        said = await forget_in_capability(ctx, "poll_book", BEA)
        assert [line.count for line in said] == [4]
        assert await services["export"](ctx, BEA) == []
        assert await forget_in_capability(ctx, "poll_book", BEA) == []
        for table in (
            "poll_book_organisation",
            "poll_book_organisation_before",
            "poll_book_voter",
            "log",
        ):
            for row in await tx.all(f"SELECT * FROM {table}"):  # noqa: S608
                assert BEA not in map(str, row), table
                assert not any(BEA in str(cell) for cell in row), table
        assert [await roll.roll_size(tx, Number(n)) for n in (open_poll, 90, 91)] == [2, 1, 2]


async def test_an_upgraded_room_keeps_its_organisations(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    new = await talk.room(RoomId("!nueva:test"), "Nueva", ["ana"], {"ana": 50})
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$u"), user_id("ana"), at, new, True, True))
    assert await kept(talk) == []
    assert [one.name for one in await kept(talk, RoomId("!nueva:test"))] == ["Cooperativa Sur"]

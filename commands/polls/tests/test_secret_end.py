"""Secret ballots while they are open, at their end, and after their window."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import cast

import pytest

from bot.api import Context, identities
from bot.testing import ROOM, Talk, user
from bot.types import EventId, RoomId, Upgraded
from commands.polls import feature
from commands.polls.secret.personal import compare, read_evidence
from commands.polls.secret.verify import Weight, inspect
from commands.polls.tests.secret_talk import LINE, closed, content, dump, opened, receipt, told

# --- while it is open -----------------------------------------------------------------------------


async def test_how_it_goes_is_a_number_without_names(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna")
    await talk.says("ana", f"!resultados {number}")
    shown = (await talk.said())[0].plain
    assert "1 de 3 personas" in shown and "Sur" not in shown and "Bea" not in shown
    private = await told(talk, "ana", f"resultados {number}")
    assert "Bea" not in private and "Carla" not in private


async def test_only_who_has_not_voted_is_reminded(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna")
    await talk.wait(timedelta(hours=40))
    posts = await talk.said()
    carla = await talk.private("carla")
    assert {p.room for p in posts} == {await talk.private("ana"), carla}
    assert all("palabras que elijas" in p.plain for p in posts)
    await talk.tells("carla", "2", reply=next(p for p in posts if p.room == carla))
    assert "Anotado: Sur" in (await talk.said())[0].plain


async def test_more_time_holds_for_the_signed_ballot_too(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await talk.says("ana", f"!extender {number} hasta en 104 horas")
    assert any("El voto es secreto" in p.plain for p in await talk.said()), "the opening follows"
    await talk.wait(timedelta(days=3))
    mine = await receipt(talk, "bea", f"votar {number} 2 luna")
    shown, bundle = await closed(talk, number)
    assert "Sur: 1" in shown
    assert not [f for f in inspect(bundle) if f.weight is Weight.BAD]
    assert next(f.weight for f in compare(bundle, read_evidence(mine))) is Weight.FINE


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!encuesta ¿Dónde? Norte, Sur secreta opciones-abiertas", "no se le pueden agregar"),
        ("!encuesta ¿Dónde? Norte, Sur secreta votan:organizaciones", "votan personas"),
    ],
)
async def test_what_a_secret_ballot_cannot_be(talk: Talk, line: str, said: str) -> None:
    await talk.says("ana", '!votantes agregar "Coop Sur" delegada: @bea:test peso: 3')
    await talk.said()
    await talk.says("ana", line)
    await talk.hears(said)


async def test_where_organisations_vote_people_are_to_be_named(talk: Talk) -> None:
    await talk.says("ana", '!votantes agregar "Coop Sur" delegada: @bea:test peso: 3')
    await talk.said()
    await talk.says("ana", LINE)
    await talk.hears("votan:personas")
    _opening, number = await opened(talk, f"{LINE} votan:personas")
    assert "Anotado: Sur" in await told(talk, "carla", f"votar {number} 2 luna")


# --- the end --------------------------------------------------------------------------------------


async def test_it_closes_by_itself_and_the_record_knows_it(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna")
    await talk.restart()
    await told(talk, "carla", f"votar {number} 2 queso")
    await talk.wait(timedelta(days=3))
    shown = "\n".join(p.plain for p in await talk.said(ROOM))
    assert "gana Sur" in shown and "2 de 3 personas" in shown
    await talk.says("ana", "!decisiones")
    assert f"{number} " in (await talk.said())[0].plain
    assert "cerró" in await told(talk, "bea", f"votar {number} 1 tarde")


async def test_a_vote_read_after_the_end_is_refused_truthfully(talk: Talk) -> None:
    _opening, number = await opened(talk)
    sent = talk.clock.at
    await talk.wait(timedelta(days=3))
    await talk.said()
    now, talk.clock.at = talk.clock.at, sent
    said = await told(talk, "bea", f"votar {number} 2 luna", late=True)
    talk.clock.at = now
    assert "a tiempo" in said and "Anotado" not in said


async def test_after_the_window_nothing_links_a_voter_to_a_vote(talk: Talk) -> None:
    _opening, number = await opened(talk)
    got = [
        await receipt(talk, who, f"votar {number} {n} palabra secreta {who}")
        for n, who in enumerate(("ana", "bea", "carla"), start=1)
    ]
    trackers = [json.loads(one)["tracker"] for one in got]
    await talk.tells("carla", f"votar {number} zzz palabra perdida")
    await talk.said()
    mine = [p.event for p in talk.gateway.posted.values() if p.room == await talk.private("ana")]
    await talk.says("ana", f"!cerrar {number}")
    await talk.said()
    await talk.restart(timedelta(hours=71))
    await talk.wait(timedelta(minutes=1))
    assert "Tu voto: Norte" in await told(talk, "ana", f"votar {number}"), "the window is open"
    await talk.tells("bea", f"votar {number} comprobante")  # its answer stays on its way
    before = await dump(talk.machine.db)
    assert trackers[1] in before and f"comprobante-{number}.json" in before
    await talk.wait(timedelta(hours=2))
    gone = {p.content["redacts"] for p in await talk.sent() if p.kind == "redact"}
    assert set(mine) <= gone, "what the bot wrote to Ana is taken away"
    left = await dump(talk.machine.db)
    assert f"comprobante-{number}.json" not in left
    public = "\n".join(row for row in left.split("\n") if not row.startswith("('polls_secret'"))
    for word in (*trackers, "palabra secreta", "perdida"):
        assert word not in public, "only the public board knows the code"
    for row in left.split("\n"):
        told_of = [who for who in ("@ana:test", "@bea:test", "@carla:test") if who in row]
        assert not (told_of and any(t in row for t in trackers)), row[:200]
    rows = {row.split("'")[1] for row in left.split("\n") if row.startswith("('polls_secret_")}
    assert rows == {"polls_secret_log"}, "key, votes and roll are gone"
    assert "Ya borré quién votó qué" in await told(talk, "ana", f"votar {number}")
    assert "Ya borré quién votó qué" in await told(talk, "ana", f"votar {number} comprobante")
    await talk.says("ana", f"!resultados {number}")
    assert "Norte: 1" in (await talk.said())[0].plain
    await talk.says("ana", f"!votantes {number}")
    await talk.hears("no guardo su padrón")


async def test_cancelling_deletes_the_votes_at_once(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna llena")
    await talk.says("ana", f"!cancelar {number}")
    await talk.says("ana", "sí")
    assert any("se canceló" in p.plain or "cancelada" in p.plain for p in await talk.said())
    left = await dump(talk.machine.db)
    assert "luna llena" not in left and "polls_secret_vote" not in left
    assert "polls_secret_key" not in left


async def test_a_secret_ballot_goes_on_in_the_room_that_follows(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna")
    new = await talk.room(RoomId("!nueva:test"), "Sala", ["ana", "bea", "carla"], {"ana": 50})
    upgraded = Upgraded(ROOM, EventId("$up"), user("ana"), talk.clock.at, new, True, True)
    await talk.happens(upgraded)
    posts = await talk.sent()
    assert any("El voto es secreto" in p.plain for p in posts if p.room == new)
    assert not any(p.is_poll for p in posts)
    await told(talk, "carla", f"votar {number} 2 queso")
    await talk.says("ana", f"!cerrar {number}", room=new)
    assert "gana Sur" in "\n".join(p.plain for p in await talk.said(new))


async def test_who_is_forgotten_takes_the_open_vote_along(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna llena")
    async with talk.machine.db.transaction() as tx:
        since = partial(identities.since, tx, user("bea"))
        ctx = cast("Context", SimpleNamespace(db=tx, now=talk.clock.at, identity_since=since))
        assert "Sur" in str(await feature.services["export"](ctx, user("bea")))
        assert await feature.services["forget"](ctx, user("bea"))
        assert "Sur" not in str(await feature.services["export"](ctx, user("bea")))
    _shown, bundle = await closed(talk, number)
    assert bundle.result.turnout == 0


async def test_the_file_of_a_secret_ballot_is_handed_out_again_as_it_was(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna llena")
    _shown, bundle = await closed(talk, number)
    await talk.says("carla", f"!exportar {number}")
    (post,) = [p for p in await talk.sent() if p.content.get("msgtype") == "m.file"]
    assert post.content["filename"] == f"resultado-{number}.json"
    assert content(talk, post) == bundle.text()

"""Secret ballots while they are open, at their end, and after their window."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.api import (
    identities,
)
from bot.capability.data.erasure import forget_in_capability
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, PollEnd, RoomId, RoomUpgraded
from commands.ballot_secrecy.files.evidence import check_evidence, read_evidence
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_talk import (
    LINE,
    PEOPLE,
    closed,
    content,
    dump,
    fill,
    opened,
    receipt,
    six,
    told,
)
from commands.decisions.verify_tool import verify
from commands.organisations.tests.test_voters import forgetting
from commands.polls import feature


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Six people: fewer than five can't vote in secret."""
    return await six(talk)


# --- while it is open -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "!resultados {n}",
        "!pendientes",
        "!acta {n}",
        "!exportar {n}",
        "!votantes {n}",
        "!decisiones",
        "!cerrar {n}",
        "!presencial {n} Norte:3 Sur:1",
        "!votar {n}",
        "!cancelar {n}",
    ],
)
async def test_while_it_is_open_nothing_that_is_said_changes_with_a_vote(
    talk: Talk, line: str
) -> None:
    _opening, number = await opened(talk)
    heard: list[set[str]] = []
    for votes in range(4):
        if votes:
            await told(talk, PEOPLE[votes], f"votar {number} 2 luna {votes}")
        said = {await talk.answer("ana", line.format(n=number))}
        said.add(await talk.answer("ana", line.format(n=number), room=await talk.private("ana")))
        heard.append(said)
    assert heard[0] == heard[1] == heard[2] == heard[3]


async def test_that_the_quorum_is_reached_is_all_that_is_told(talk: Talk) -> None:
    _opening, number = await opened(talk, f"{LINE} quorum:5")
    for votes in range(6):
        shown = await talk.answer("ana", f"!resultados {number}")
        assert ("Ya hay quórum" in shown) is (votes >= 5), shown
        assert "de 6" not in shown and "Sur" not in shown
        await told(talk, PEOPLE[votes], f"votar {number} 2 luna {votes}")


async def test_a_small_quorum_does_not_tell_when_the_first_has_voted(talk: Talk) -> None:
    _opening, number = await opened(talk, f"{LINE} quorum:1")
    before = await talk.answer("ana", f"!resultados {number}")
    await told(talk, "bea", f"votar {number} 2 luna")
    assert await talk.answer("ana", f"!resultados {number}") == before


async def test_only_who_has_not_voted_is_reminded(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna")
    await talk.wait(timedelta(hours=40))
    posts = await talk.said()
    carla = await talk.private("carla")
    reminded = {await talk.private(who) for who in PEOPLE if who != "bea"}
    assert {p.room for p in posts} == reminded, "each in private, and the room hears nothing"
    assert all("dos palabras tuyas" in p.plain for p in posts)
    await talk.tells("carla", "2", reply=next(p for p in posts if p.room == carla))
    assert "Anotado: Sur" in (await talk.said())[0].plain


async def test_more_time_holds_for_the_signed_ballot_too(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await talk.says("ana", f"!extender {number} hasta en 104 horas")
    assert any("El voto es secreto" in p.plain for p in await talk.said()), "the opening follows"
    await talk.wait(timedelta(days=3))
    mine = await receipt(talk, "bea", f"votar {number} 2 luna")
    await fill(talk, number, "2", "", "2", "2", "2")
    shown, bundle = await closed(talk, number)
    assert "Sur: 5" in shown
    assert not [f for f in inspect_bundle(bundle) if f.weight is FindingWeight.BAD]
    assert next(f.weight for f in check_evidence(bundle, read_evidence(mine))) is FindingWeight.FINE


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!encuesta ¿Dónde? Norte, Sur secreta opciones-abiertas", "no se le pueden agregar"),
        ("!encuesta ¿Dónde? Norte, Sur secreta votan:organizaciones", "5 titulares diferentes"),
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
    await fill(talk, number, "2", "", "", "2", "2")
    await talk.restart()
    await talk.wait(timedelta(days=8))
    shown = "\n".join(p.plain for p in await talk.said(ROOM))
    assert "gana Sur" in shown and "5 de 6 personas" in shown
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
    await fill(talk, number, "", "", "", "1 luz", "1 sal", "1 mar")
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
    public = "\n".join(
        row for row in left.split("\n") if not row.startswith("('ballot_secrecy_ballot'")
    )
    for word in (*trackers, "palabra secreta", "perdida"):
        assert word not in public, "only the public board knows the code"
    for row in left.split("\n"):
        told_of = [who for who in ("@ana:test", "@bea:test", "@carla:test") if who in row]
        assert not (told_of and any(t in row for t in trackers)), row[:200]
    rows = {row.split("'")[1] for row in left.split("\n") if row.startswith("('ballot_secrecy_")}
    kept = {"ballot_secrecy_ballot", "ballot_secrecy_log"}
    assert rows == kept, "key, votes and roll are gone"
    assert "Ya borré quién votó qué" in await told(talk, "ana", f"votar {number}")
    assert "Ya borré quién votó qué" in await told(talk, "ana", f"votar {number} comprobante")
    await talk.says("ana", f"!resultados {number}")
    assert "Norte: 4" in (await talk.said())[0].plain
    await talk.says("ana", f"!votantes {number}")
    await talk.hears("ya no guardo su lista de votantes")


async def test_cancelling_deletes_the_votes_at_once(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 piedra azul")
    await talk.says("ana", f"!cancelar {number}")
    await talk.says("ana", "sí")
    posts = await talk.said()
    assert any("Borré sus votos sin contarlos" in p.plain for p in posts)
    assert not any("personas" in p.plain or "Sur: " in p.plain for p in posts)
    left = await dump(talk.machine.db)
    assert "piedra azul" not in left and "ballot_secrecy_vote" not in left
    assert "ballot_secrecy_key" not in left


async def test_a_secret_ballot_goes_on_in_the_room_that_follows(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 luna")
    new = await talk.room(RoomId("!nueva:test"), "Sala", [*PEOPLE], {"ana": 50})
    upgraded = RoomUpgraded(ROOM, EventId("$up"), user_id("ana"), talk.clock.at, new, True, True)
    await talk.happens(upgraded)
    posts = await talk.sent()
    assert any("El voto es secreto" in p.plain for p in posts if p.room == new)
    assert not any(p.is_poll for p in posts)
    for who in ("ana", "carla", "dora", "elsa", "flor"):
        await told(talk, who, f"votar {number} 2 queso")
    await talk.says("ana", f"!cerrar {number}", room=new)
    assert "gana Sur" in "\n".join(p.plain for p in await talk.said(new))


async def test_who_is_forgotten_takes_the_open_vote_along(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 piedra azul")
    async with talk.machine.db.transaction() as tx:
        since = partial(identities.since, tx, user_id("bea"))
        ctx = forgetting(talk, tx, identity_since=since)
        assert await feature.services["export"](ctx, user_id("bea"))
        for part in ("poll_book", "ballot_secrecy"):
            assert await forget_in_capability(ctx, part, user_id("bea"))
        assert not await feature.services["export"](ctx, user_id("bea"))
    _shown, bundle = await closed(talk, number)
    assert bundle.result.turnout == 0


async def test_the_file_of_a_secret_ballot_is_handed_out_again_as_it_was(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 piedra azul")
    _shown, bundle = await closed(talk, number)
    await talk.says("carla", f"!exportar {number}")
    (post,) = [p for p in await talk.sent() if p.content.get("msgtype") == "m.file"]
    assert post.content["filename"] == f"resultado-{number}.json"
    assert content(talk, post) == bundle.to_json()


# --- closing by hand, cancelling ------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ana", "bea"])
async def test_nobody_closes_it_while_somebody_can_still_vote(talk: Talk, who: str) -> None:
    """The author sees who is about, closes after the first vote, and has it."""
    opening, number = await opened(talk, who="bea")
    await told(talk, "carla", f"votar {number} 2 piedra azul")
    said = await talk.answer(who, f"!cerrar {number}")
    assert "No puedes cerrar una votación secreta" in said and f"!cancelar {number}" in said
    assert "Sur" not in said and not re.search(r"\b1 de \d", said)
    end = PollEnd(ROOM, EventId("$end"), user_id(who), talk.clock.at, opening.event)
    await talk.happens(end)
    await talk.hears_nothing()
    await fill(talk, number, "1", "1", "", "2", "2")
    assert "No puedes cerrar" in await talk.answer(who, f"!cerrar {number}")
    await told(talk, "flor", f"votar {number} 2 mar")
    assert "Sur: 4" in await talk.answer(who, f"!cerrar {number}"), "now all have voted"


async def test_who_left_without_voting_holds_the_end_but_not_for_ever(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await fill(talk, number, "1", "2", "2", "2")
    for who in ("elsa", "flor"):
        await talk.moves(who, Membership.LEAVE)
    await talk.said()
    assert "No puedes cerrar" in await talk.answer("ana", f"!cerrar {number}")
    shown, bundle = await closed(talk, number)
    assert "votó muy poca gente" in shown and "4 de 6 personas" in shown
    assert "Sur: " not in shown and bundle.board == ()


async def test_a_vote_of_somebody_who_left_since_counts(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await fill(talk, number, "2", "2", "2", "2", "2")
    await talk.moves("elsa", Membership.LEAVE)
    await talk.said()
    assert "Sur: 5" in (await closed(talk, number))[0]


async def test_a_cancelled_ballot_has_no_receipt_and_no_result(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 piedra azul")
    await talk.says("ana", f"!cancelar {number}")
    asked = (await talk.said())[0].plain
    assert "Borro sus votos sin contarlos" in asked and "Votos" not in asked
    await talk.restart()
    await talk.says("ana", "sí")
    await talk.said()
    for line in (f"votar {number} comprobante", f"votar {number}", f"votar {number} 2"):
        assert "se canceló" in await told(talk, "bea", line), line
    for line in (f"!resultados {number}", f"!acta {number}", f"!exportar {number}"):
        assert "cancel" in await talk.answer("ana", line), line


async def test_few_votes_are_not_published_anywhere(talk: Talk, tmp_path: Path) -> None:
    _opening, number = await opened(talk)
    mine = await receipt(talk, "bea", f"votar {number} 2 piedra azul porque queda cerca")
    await fill(talk, number, "2", "", "1", "2")
    shown, bundle = await closed(talk, number)
    assert "votó muy poca gente" in shown and "gana" not in shown and "cerca" not in shown
    for line in (f"!resultados {number}", f"!acta {number}", "!decisiones"):
        said = await talk.answer("ana", line)
        assert "muy poca gente" in said and "Sur: " not in said and "cerca" not in said
    file = tmp_path / "result.json"
    file.write_text(bundle.to_json())
    fine, lines = verify(file, [mine]) or (False, [])
    assert fine and any("Too few voted" in str(line.msgid) for line in lines)


async def test_nobody_votes_in_secret_where_fewer_than_five_may(talk: Talk) -> None:
    for line in (
        f"{LINE} votan:@bea,@carla",
        '!propuesta "Sede" secreta votan:@bea,@ana,@dora,@elsa',
    ):
        said = await talk.answer("ana", line)
        assert "hacen falta 5 personas" in said and "sin `secreta`" in said
    await talk.says("ana", "!pendientes")
    assert "¿Dónde?" not in (await talk.said())[0].plain, "nothing was opened"


# --- in several languages -------------------------------------------------------------------------


async def test_a_secret_vote_is_asked_and_answered_in_each_language(talk: Talk) -> None:
    line = '!encuesta "¿Dónde?" "Norte" "Sur" pt:"Onde?" "No norte" "No sul" secreta'
    opening, number = await opened(talk, line)
    assert "1 Norte / No norte" in opening.plain
    await talk.tells("bea", "idioma pt")
    await talk.said()
    assert "Anotado: No sul" in await told(talk, "bea", f"votar {number} no sul lua cheia")
    await fill(talk, number, "1", "", "2", "2", "2")
    shown, bundle = await closed(talk, number)
    assert "Sur / No sul: 4" in shown
    assert bundle.manifest.translations is not None
    assert bundle.manifest.translations["pt"].options == ("No norte", "No sul")
    assert not [f for f in inspect_bundle(bundle) if f.weight is FindingWeight.BAD]


async def test_a_translation_of_a_secret_vote_says_nothing_of_the_votes(
    talk: Talk, tmp_path: Path
) -> None:
    heard: list[str] = []
    for voted in (False, True):
        _opening, number = await opened(talk)
        if voted:
            await told(talk, "bea", f"votar {number} 2 luna")
        said = await talk.answer("ana", f"!traducir {number} pt: Onde? No norte, No sul, Zoom")
        assert "Las opciones quedan como están" in said
        said += await talk.answer("ana", f"!traducir {number} pt: Onde?")
        said += await talk.answer("ana", f"!traducir {number} pt: Aonde?")
        assert "en portugués queda:" in said
        heard.append(re.sub(r"\d+", "#", said))
    assert heard[0] == heard[1]
    number = 2
    await fill(talk, number, "1", "", "2", "2", "2")
    _shown, bundle = await closed(talk, number)
    assert bundle.manifest.translations is None, "the opening was signed before"
    assert bundle.result.translations is not None
    assert bundle.result.translations["pt"].question == "Onde?"
    path = tmp_path / "result.json"
    path.write_text(bundle.to_json())
    fine, _lines = verify(path, ()) or (False, [])
    assert fine

"""The paper ballots of an assembly join a secret count, and stand apart in its result."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import Number
from bot.testing.talk import ROOM, SIGNER, Talk
from commands.ballot_secrecy.files import signed_outcome
from commands.ballot_secrecy.files.result import Bundle, PaperCount, add_paper
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_talk import (
    LINE,
    PEOPLE,
    closed,
    content,
    fill,
    opened,
    six,
    told,
)
from commands.ballot_secrecy.tests.test_secret_cheats import changed_row, signed_anew
from commands.decisions.verify_tool import verify
from commands.poll_book import poll_store
from commands.polls import outcome, result_texts

PAPER = "!presencial {n} Norte:14 Sur:9"


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    return await six(talk)


async def recorded(talk: Talk, number: int, *confirm: str, paper: str = PAPER) -> str:
    """Ana writes an assembly down, and these confirm it; what the room reads first."""
    said = await talk.answer("ana", paper.format(n=number))
    for who in confirm:
        await talk.says(who, f"!presencial {number} confirmar")
    await talk.said()
    return said


def fits(bundle: Bundle) -> bool:
    return {f.weight for f in inspect_bundle(bundle)} == {FindingWeight.FINE}


def signed_with(bundle: Bundle, **changes: Any) -> Bundle:
    """The same file with another result, which the bot signs too."""
    result = bundle.result.model_copy(update=changes).sign(SIGNER)
    return bundle.model_copy(update={"result": result})


async def test_paper_ballots_stand_apart_and_count(talk: Talk, tmp_path: Path) -> None:
    _opening, number = await opened(talk)
    said = await recorded(talk, number, "bea", "carla")
    assert "una asamblea de 23 personas" in said
    assert "Va aparte en el resultado." in said
    await fill(talk, number, "2", "2", "2", "2", "3")
    shown, bundle = await closed(talk, number)
    assert {"Norte: 14", "Sur: 13", "Zoom: 1"} <= set(shown.splitlines())
    assert "En secreto: Norte: 0 · Sur: 4 · Zoom: 1. Votaron 5 de 6 personas." in shown
    assert "En la asamblea: Norte: 14 · Sur: 9 · Zoom: 0. 23 personas" in shown
    assert len(bundle.board) == 5
    assert fits(bundle)
    file = tmp_path / "result.json"
    file.write_text(bundle.to_json())
    fine, lines = verify(file, []) or (False, [])
    assert fine
    assert any(line.msgid.startswith("On paper") for line in lines)


async def test_what_the_bot_could_add_on_paper_is_found(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await recorded(talk, number, "bea", "carla")
    await fill(talk, number, "2", "2", "2", "2", "3")
    _shown, bundle = await closed(talk, number)
    (paper,) = bundle.result.assemblies or ()
    for changed in (
        paper.model_copy(update={"counts": {"1:1": 40, "2:1": 9}, "people": 49}),
        paper.model_copy(update={"people": 24}),
        paper.model_copy(update={"confirmed": 1}),
    ):
        assert not fits(signed_with(bundle, assemblies=(changed,))), changed
    assert not fits(signed_with(bundle, assemblies=None))
    assert not fits(signed_with(bundle, assemblies=(paper, paper)))


def logged_with(bundle: Bundle, paper: PaperCount) -> Bundle:
    """What a bot would publish that wrote another count into the log, too."""
    poll, papers = bundle.manifest.poll, [paper]
    log = [
        changed_row(row, what=paper.hash_for_log(poll)) if row[1] == "assembly" else row
        for row in bundle.log
    ]
    counts, turnout = add_paper(bundle.result.counts, papers), bundle.result.turnout
    present = signed_outcome.count_present(bundle.manifest, turnout, papers)
    outcome = signed_outcome.compute_outcome(bundle.manifest, counts, present)
    return signed_anew(bundle, log=log, turnout=turnout, assemblies=tuple(papers), outcome=outcome)


async def test_a_count_that_does_not_add_up_is_found_in_the_file_alone(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await recorded(talk, number, "bea", "carla")
    await fill(talk, number, "2", "2", "2", "2", "3")
    _shown, bundle = await closed(talk, number)
    (paper,) = bundle.result.assemblies or ()
    assert fits(logged_with(bundle, paper))
    for changed in (
        {"people": 24},
        {"confirmed": 1},
        {"people": 4, "counts": {"1:1": 4}},
    ):
        assert not fits(logged_with(bundle, paper.model_copy(update=changed))), changed


@pytest.mark.parametrize(
    ("confirm", "then"), [((), "no"), (("bea",), "one"), (("bea", "carla"), "dropped")]
)
async def test_what_is_not_confirmed_by_two_at_the_end_does_not_count(
    talk: Talk, confirm: tuple[str, ...], then: str
) -> None:
    _opening, number = await opened(talk)
    await recorded(talk, number, *confirm)
    if then == "dropped":
        assert "Quité el conteo" in await talk.answer("ana", f"!presencial {number} no")
    await fill(talk, number, "2", "2", "2", "2", "3")
    shown, bundle = await closed(talk, number)
    assert "Sur: 4" in shown
    assert "En la asamblea" not in shown
    waits = "Un conteo de 23 personas se quedó sin sus dos confirmaciones y no cuenta."
    assert (waits in shown) is (then != "dropped")
    assert bundle.result.assemblies is None
    assert fits(bundle)
    late = await talk.answer("bea", f"!presencial {number} confirmar")
    assert "ya está cerrada" in late


async def test_a_count_that_waits_is_shown_and_confirmed_by_a_reply(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await recorded(talk, number)
    await talk.says("bea", f"!presencial {number} confirmar")
    noted = (await talk.said())[-1]
    assert "falta 1 persona" in noted.plain
    waits = f"un conteo de 23 personas; falta 1 que lo confirme: `!presencial {number} confirmar`"
    for line in ("!pendientes", f"!resultados {number}"):
        assert waits in await talk.answer("dora", line)
    await talk.says("carla", "sí", reply=noted)
    assert "23 votos de la asamblea" in (await talk.said())[-1].plain
    assert "conteo de 23" not in await talk.answer("dora", "!pendientes")


async def test_a_reply_confirms_nothing_once_the_result_is_signed(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await talk.says("ana", PAPER.format(n=number))
    (written,) = await talk.said()
    await talk.says("bea", "sí", reply=written)
    await talk.said()
    await fill(talk, number, "2", "2", "2", "2", "3")
    await closed(talk, number)
    await talk.says("carla", "sí", reply=written)
    assert "23 votos" not in "".join(post.plain for post in await talk.said())
    assert "En la asamblea" not in await talk.answer("dora", f"!resultados {number}")


async def test_few_in_secret_beside_an_assembly_publish_nothing(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await recorded(talk, number, "bea", "carla")
    await fill(talk, number, "2", "2")
    shown, bundle = await closed(talk, number)
    assert "Sur:" not in shown
    assert "muy poca gente" not in shown
    assert "La asamblea: 23. En secreto: 2; desde 5 se puede publicar." in shown
    assert "pregunta otra vez: con 5 o más en secreto, o todo en papel" in shown
    async with talk.machine.db.reading() as tx:
        found = await outcome.current_outcome(tx, await poll_store.get_poll(tx, Number(number)))
    assert "without a result" in str(result_texts.closed_opening(found)[0])
    assert bundle.board == ()
    assert fits(bundle)


async def test_an_assembly_alone_decides(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await recorded(talk, number, "bea", "carla")
    shown, bundle = await closed(talk, number)
    assert "gana Norte" in shown
    assert fits(bundle)


async def test_few_papers_are_refused_and_no_warning_tells_who_voted(talk: Talk) -> None:
    _opening, number = await opened(talk)
    few = await talk.answer("ana", f"!presencial {number} Norte:3 Sur:1")
    assert "desde 5: menos dirían quién votó qué" in few
    await fill(talk, number, "2", "2", "2", "2", "3")
    said = await recorded(talk, number, paper="!presencial {n} Norte:5 Sur:1")
    assert "solo pueden votar" not in said, "with five who voted it would be eleven of six"
    for who in PEOPLE[:2]:
        await talk.says("ana", f"!presencial {number} no")
        await talk.said()
        assert await told(talk, who, f"votar {number} nada")
    again = await recorded(talk, number, paper="!presencial {n} Norte:5 Sur:1")
    assert again == said


async def test_papers_count_for_a_quorum_of_people(talk: Talk) -> None:
    _opening, number = await opened(talk, f"{LINE} quorum:100%")
    await recorded(talk, number, "bea", "carla", paper="!presencial {n} Norte:5 Sur:1")
    shown, bundle = await closed(talk, number)
    assert "gana Norte" in shown
    assert fits(bundle)


CALL = "!elección Comité puestos:1 {more} candidaturas hasta en 48 horas, voto hasta en 96 horas"


@pytest.mark.parametrize("more", ["secreta", "", "método: aprobación secreta"])
async def test_papers_of_an_election_hold_whole_ballots(
    talk: Talk, tmp_path: Path, more: str
) -> None:
    await talk.says("ana", CALL.format(more=more))
    await talk.said()
    for who in PEOPLE[:3]:
        assert "te postulas" in await told(talk, who, "me postulo 1 por el agua")
    await talk.wait(timedelta(hours=48, minutes=1))
    shown = "\n".join(post.plain for post in await talk.said(ROOM))
    lines = shown.split("Encuesta 2:")[1].splitlines()
    ana, bea, carla = (
        next(line[0] for line in lines if line[1:] == f" {name}")
        for name in ("Ana", "Bea", "Carla")
    )
    assert "No entendí" in await talk.answer("ana", f"!presencial 2 {ana}, {bea}")
    said = await talk.answer("ana", f"!presencial 2\n4: {carla} {ana}\n3: {ana}\n3 x {ana}")
    assert "una asamblea de 10 personas" in said
    assert "Ana: 10" in said or "Ana: 6" in said
    for who in ("bea", "carla"):
        await talk.says(who, "!presencial 2 confirmar")
    await talk.said()
    for who in PEOPLE[:5]:
        assert "Anotado" in await told(talk, who, f"votar 2 {carla}")
    await talk.wait(timedelta(hours=48))
    posts = await talk.said(ROOM)
    result = "\n".join(post.plain for post in posts)
    assert ("gana Ana" if "aprobación" in more else "gana Carla") in result
    assert "En la asamblea" in result
    if "secreta" in more:
        file = next(post for post in posts if post.content.get("msgtype") == "m.file")
        bundle = Bundle.model_validate_json(content(talk, file))
        assert fits(bundle)
        path = tmp_path / "result.json"
        path.write_text(bundle.to_json())
        assert (verify(path, []) or (False,))[0]

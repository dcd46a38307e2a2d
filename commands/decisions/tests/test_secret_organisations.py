"""Organisations that vote in secret: one vote each, or weights that name nobody."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import Number
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership
from commands.ballot_secrecy import ballot_end_store, ballot_store
from commands.ballot_secrecy.files.result import Bundle
from commands.ballot_secrecy.files.result_check import FindingWeight, inspect_bundle
from commands.ballot_secrecy.tests.secret_talk import closed, opened, receipt, told
from commands.decisions.verify_tool import verify

PEOPLE = ("ana", "bea", "carla", "dora", "elsa", "flor", "gabi", "hilda", "ines", "julia")
NAMES = ("Norte", "Sur", "Este", "Oeste", "Centro", "Costa", "Sierra", "Selva", "Valle", "Isla")
LINE = "!propuesta Firmamos la carta secreta hasta en 56 horas"


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """A room of ten and Kika, of whom Ana moderates."""
    await talk.room(ROOM, "Sala", [*PEOPLE, "kika"], {"ana": 50})
    return talk


async def organised(talk: Talk, *weights: int) -> None:
    """So many organisations, each with a delegate of its own."""
    for who, name, weight in zip(PEOPLE, NAMES, weights, strict=False):
        await talk.says("ana", f'!votantes agregar "{name}" @{who}:test peso: {weight}')
    await talk.said()


def proves(bundle: Bundle, folder: Path, *held: str) -> bool:
    """Whether the file passes on the command line, with what people hold."""
    file = folder / "result.json"
    file.write_text(bundle.to_json())
    fine, _lines = verify(file, held) or (False, [])
    return fine


async def test_each_organisation_has_one_vote_in_secret(talk: Talk, tmp_path: Path) -> None:
    await organised(talk, *[1] * 6)
    opening, number = await opened(talk, LINE)
    assert "Votan las 6 organizaciones de esta sala" in opening.plain
    assert "Cada organización tiene un voto: el último de quien la representa" in opening.plain
    assert "votos sueltos" not in opening.plain
    held = [await receipt(talk, who, f"votar {number} a favor luz {who}") for who in PEOPLE[:4]]
    echo = await told(talk, "elsa", f"votar {number} en contra")
    assert "Centro: Anotado: en contra" in echo
    assert "No puedes votar" in await told(talk, "kika", f"votar {number} a favor")
    shown, bundle = await closed(talk, number)
    assert {"a favor: 4", "en contra: 1"} <= set(shown.splitlines())
    assert "Votaron 5 de 6 organizaciones." in shown
    assert {f.weight for f in inspect_bundle(bundle)} == {FindingWeight.FINE}
    assert proves(bundle, tmp_path, *held)
    assert "Centro" not in bundle.to_json()
    assert "@elsa" not in bundle.to_json()


@pytest.mark.parametrize("line", [LINE, "!propuesta Firmamos la carta hasta en 56 horas"])
async def test_an_assembly_of_people_joins_no_vote_of_organisations(talk: Talk, line: str) -> None:
    await organised(talk, *[1] * 5)
    await talk.says("ana", line)
    await talk.said()
    await talk.answer("ana", "sí")
    for typed in ("!presencial 1 si:3 no:12", "!presencial 1 confirmar", "!imprimir 1"):
        said = await talk.answer("ana", typed)
        assert "votan organizaciones, no personas" in said and "`votan:personas`" in said, typed
    await talk.says("ana", "!propuesta Firmamos la carta votan:personas hasta en 56 horas")
    await talk.said()
    assert "asamblea de 15 personas" in await talk.answer("ana", "!presencial 2 si:3 no:12")


async def test_a_weight_becomes_single_votes(talk: Talk, tmp_path: Path) -> None:
    await organised(talk, 1, 1, 1, 1, 1, 20, 20, 20, 20, 20)
    opening, number = await opened(talk, LINE)
    assert "Un peso se publica como votos sueltos" in opening.plain
    assert "menos de 5 votos de un mismo peso" in opening.plain
    for who in PEOPLE[:5]:
        assert "Anotado" in await told(talk, who, f"votar {number} a favor")
    for who in PEOPLE[5:9]:
        assert "Anotado" in await told(talk, who, f"votar {number} en contra")
    heavy = await receipt(talk, "julia", f"votar {number} a favor luna nueva")
    shown, bundle = await closed(talk, number)
    assert {"a favor: 25", "en contra: 80"} <= set(shown.splitlines())
    assert "Votaron 10 de 10 organizaciones." in shown
    assert bundle.result.voted == {"1": 5, "20": 5}
    assert len(bundle.board) == 105
    assert proves(bundle, tmp_path, heavy)
    forged = bundle.model_copy(update={"board": bundle.board[:-1]})
    assert not proves(forged, tmp_path)


async def test_few_votes_of_one_weight_publish_nothing(talk: Talk, tmp_path: Path) -> None:
    await organised(talk, 1, 1, 1, 1, 1, 20, 20, 20, 20, 20)
    _opening, number = await opened(talk, LINE)
    for who in PEOPLE[:6]:
        assert "Anotado" in await told(talk, who, f"votar {number} a favor")
    shown, bundle = await closed(talk, number)
    assert "a favor" not in shown
    assert bundle.board == ()
    assert proves(bundle, tmp_path)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1, 1, 1, 1], "5 titulares diferentes; aquí hay 4"),
        ([1, 1, 1, 1, 1, 3], "Con el peso 3 votaría 1 titular"),
        ([10, 11, 12, 13, 14, 15, 16], "Con el peso 10 votaría 1 titular"),
        ([9_999] * 5, "Los pesos suman 49995"),
    ],
)
async def test_a_roll_that_hides_nobody_is_refused(
    talk: Talk, weights: list[int], said: str
) -> None:
    await organised(talk, *weights)
    for line in (LINE, "!encuesta ¿Dónde? Norte, Sur secreta", "!elección Comité secreta"):
        answer = await talk.answer("ana", line)
        assert said in answer, line
    assert "El voto es secreto" in (await opened(talk, f"{LINE} votan:personas"))[0].plain


async def test_one_person_for_all_hides_nobody(talk: Talk) -> None:
    for name in NAMES:
        await talk.says("ana", f'!votantes agregar "{name}" @bea:test')
    await talk.said()
    assert "5 titulares diferentes; aquí hay 1" in await talk.answer("ana", LINE)


async def test_no_weight_is_zero(talk: Talk) -> None:
    assert "“0” no es un peso" in await talk.answer(
        "ana", '!votantes agregar "Sur" @bea:test peso: 0'
    )
    assert "no hay nadie" in await talk.answer("ana", f"{LINE} votan:organizaciones")


# --- who speaks for an organisation changes -------------------------------------------------------


async def test_the_later_delegate_s_vote_takes_the_place_of_the_earlier_one_s(
    talk: Talk, tmp_path: Path
) -> None:
    await organised(talk, *[1] * 6)
    _opening, number = await opened(talk, LINE)
    for who in PEOPLE[1:6]:
        assert "Anotado" in await told(talk, who, f"votar {number} a favor")
    before = await receipt(talk, "ana", f"votar {number} a favor cielo claro")
    await talk.says("ana", '!votantes agregar "Norte" @kika:test')
    await talk.said()
    assert "No puedes votar" in await told(talk, "ana", f"votar {number} a favor")
    looked = await told(talk, "kika", f"votar {number}")
    assert "Norte: No tengo ningún voto tuyo aquí." in looked
    assert "No muestro votos que otras personas dieron por ella." in looked
    assert "Tu voto" not in looked
    assert "cielo claro" not in looked
    proofs = await told(talk, "kika", f"votar {number} comprobante")
    assert "No tengo ningún voto tuyo" in proofs
    after = await receipt(talk, "kika", f"votar {number} en contra rio hondo")
    shown, bundle = await closed(talk, number)
    assert {"a favor: 5", "en contra: 1"} <= set(shown.splitlines())
    assert "Votaron 6 de 6 organizaciones." in shown
    assert proves(bundle, tmp_path, after)
    assert not proves(bundle, tmp_path, before), "it was replaced, which only its voter can judge"


async def test_the_delegate_goes_before_the_alternate(talk: Talk) -> None:
    await organised(talk, *[1] * 6)
    await talk.says("ana", '!votantes agregar "Norte" suplente: @kika:test')
    await talk.said()
    _opening, number = await opened(talk, LINE)
    assert "Norte: Anotado: a favor" in await told(talk, "kika", f"votar {number} a favor")
    assert "No muestro votos" in await told(talk, "ana", f"votar {number}")
    assert "Norte: Anotado: en contra" in await told(talk, "ana", f"votar {number} en contra")
    assert "si lo hay no lo digo" in await told(talk, "kika", f"votar {number}")
    for line in ("a favor", "nada"):
        assert "Su titular ya votó" in await told(talk, "kika", f"votar {number} {line}"), line
    for who in PEOPLE[1:6]:
        await told(talk, who, f"votar {number} a favor")
    shown, _bundle = await closed(talk, number)
    assert {"a favor: 5", "en contra: 1"} <= set(shown.splitlines())


async def test_a_delegate_who_leaves_and_an_organisation_that_is_removed_stay_counted(
    talk: Talk,
) -> None:
    await organised(talk, *[1] * 7)
    _opening, number = await opened(talk, LINE)
    for who in PEOPLE[1:7]:
        assert "Anotado" in await told(talk, who, f"votar {number} a favor")
    await talk.moves("bea", Membership.LEAVE)
    await talk.said()
    assert "lo que votó se queda" in await talk.answer("ana", "!votantes quitar Este")
    assert "No puedes votar" in await told(talk, "carla", f"votar {number} en contra")
    shown, bundle = await closed(talk, number)
    assert "a favor: 6" in shown.splitlines()
    assert "Votaron 6 de 7 organizaciones." in shown
    assert {f.weight for f in inspect_bundle(bundle)} == {FindingWeight.FINE}


async def test_who_speaks_for_two_votes_for_both_or_names_one(talk: Talk) -> None:
    await organised(talk, *[1] * 7)
    await talk.says("ana", '!votantes agregar "Sierra" @ana:test')
    await talk.said()
    _opening, number = await opened(talk, LINE)
    both = await told(talk, "ana", f"votar {number} a favor")
    assert "Norte: Anotado: a favor" in both
    assert "Sierra: Anotado: a favor" in both
    one = await told(talk, "ana", f"votar {number} en contra hoja seca org: Sierra")
    assert "Norte" not in one
    assert "Sierra: Anotado: en contra" in one
    assert "“hoja seca”" in one
    shows = await told(talk, "ana", f"votar {number}")
    assert "Norte: Tu voto: a favor" in shows
    assert "Sierra: Tu voto: en contra" in shows
    for who in PEOPLE[1:5]:
        await told(talk, who, f"votar {number} a favor")
    shown, _bundle = await closed(talk, number)
    assert {"a favor: 5", "en contra: 1"} <= set(shown.splitlines())


# --- elections, reminders, and who wants to be forgotten ------------------------------------------


async def test_organisations_elect_in_secret(talk: Talk, tmp_path: Path) -> None:
    await organised(talk, *[2] * 5, *[3] * 5)
    await talk.says(
        "ana",
        "!elección Comité puestos:2 secreta candidaturas hasta en 48 horas, voto hasta en 96 horas",
    )
    await talk.said()
    for who in PEOPLE[:3]:
        assert "te postulas" in await told(talk, who, "me postulo 1 por la radio")
    await talk.wait(timedelta(hours=48, minutes=1))
    shown = "\n".join(post.plain for post in await talk.said(ROOM))
    assert "Votan las 10 organizaciones de esta sala" in shown
    place = {
        line.split(" ", 1)[1]: line[0]
        for line in shown.split("Encuesta 2:")[1].splitlines()
        if line[:2] in ("1 ", "2 ", "3 ")
    }
    for who in PEOPLE[:5]:
        await told(talk, who, f"votar 2 {place['Ana']} {place['Bea']}")
    for who in PEOPLE[5:]:
        await told(talk, who, f"votar 2 {place['Carla']} {place['Bea']}")
    shown, bundle = await closed(talk, 2)
    assert "ganan Carla · Ana." in shown
    assert "Carla: puesto en la ronda 1, votos: 15" in shown
    assert proves(bundle, tmp_path)


async def test_only_who_speaks_for_one_that_has_not_voted_is_reminded(talk: Talk) -> None:
    await organised(talk, *[1] * 6)
    _opening, number = await opened(talk, LINE)
    for who in PEOPLE[:4]:
        await told(talk, who, f"votar {number} a favor")
    await talk.says("ana", '!votantes agregar "Norte" @kika:test')
    await talk.said()
    await talk.wait(timedelta(hours=40))
    reminded = {post.room for post in await talk.said()}
    assert reminded == {await talk.private(who) for who in ("elsa", "flor")}


async def test_what_a_forgotten_delegate_voted_stays_without_who_cast_it(talk: Talk) -> None:
    await organised(talk, *[1] * 6)
    _opening, number = await opened(talk, LINE)
    for who in PEOPLE[:6]:
        await told(talk, who, f"votar {number} a favor")
    async with talk.machine.db.transaction() as tx:
        await ballot_end_store.forget_person(tx, user_id("bea"), talk.clock.at)
        ballot = await ballot_store.get_ballot(tx, Number(number))
        assert ballot is not None and ballot.box is not None
        kept = [vote for _mark, vote in await ballot_store.list_votes(tx, ballot.box)]
    assert sorted(vote.by for vote in kept) == sorted(
        [*(user_id(who) for who in PEOPLE[:6] if who != "bea"), ballot_store.FORGOTTEN]
    )
    await talk.says("ana", '!votantes agregar "Sur" @kika:test')
    await talk.said()
    assert "Sur: No tengo ningún voto tuyo" in await told(talk, "kika", f"votar {number}")
    shown, _bundle = await closed(talk, number)
    assert "a favor: 6" in shown.splitlines()


async def test_two_votes_that_differ_by_one_weight_are_asked_about(talk: Talk) -> None:
    await organised(talk, 1, 1, 1, 1, 1, 1, 5, 5, 5, 5)
    await talk.says("ana", '!votantes agregar "Meseta" @kika:test peso: 5')
    await talk.said()
    await opened(talk, LINE)
    await talk.says("ana", '!votantes agregar "Norte" peso: 5')
    await talk.said()
    again = await talk.answer("ana", LINE.replace("Firmamos", "Publicamos"))
    assert "tenía las mismas organizaciones, menos una o su peso" in again


# --- as a hurried person types --------------------------------------------------------------------


async def test_lines_in_three_languages_open_a_vote_of_organisations(talk: Talk) -> None:
    await organised(talk, *[1] * 6)
    for line in (
        "!encuesta ¿Dónde? Norte, Sur secreta",
        "!propuesta Firmamos la carta secreta votan: orgs",
        "!propuesta Firmamos secreta votan:organizaciones hasta en 3 días",
        "!enquete Onde? Norte, Sul secreta até em 3 dias",
        "!proposta Assinamos a carta secreta votam: organizações",
        "!poll Where? North, South secret voters: organisations",
        "!proposal We sign the letter secret until in 3 days",
    ):
        opening, _number = await opened(talk, line)
        assert "Votan las 6 organizaciones de esta sala" in opening.plain, line


async def test_votes_as_they_are_typed(talk: Talk) -> None:
    await organised(talk, *[1] * 6)
    await talk.says("ana", '!votantes agregar "Costa" @ana:test')
    await talk.said()
    _opening, number = await opened(talk, LINE)
    for line, named, choice in (
        (f"votar {number} a favor", {"Norte", "Costa"}, "a favor"),
        (f"voto {number} sí luna nueva org: costa", {"Costa"}, "a favor"),
        (f"votar {number} contra organización: Norte", {"Norte"}, "en contra"),
        (f"voto {number} sim lua cheia organização: Norte", {"Norte"}, "a favor"),
        (f"vote {number} against org: Costa", {"Costa"}, "en contra"),
        (f'votar {number} abstención org: "Norte"', {"Norte"}, "abstención"),
        (f"votar {number} nada org: Costa", {"Costa"}, ""),
    ):
        said = await told(talk, "ana", line)
        heads = [row for row in said.splitlines() if ": Anotado: " in row]
        assert {head.split(":")[0] for head in heads} == named, line
        assert all(choice in head for head in heads), line
    assert "¿Qué organización es" in await told(talk, "ana", f"votar {number} sí org: Marte")
    assert "no se puede repartir" in await told(talk, "ana", f"votar {number} 3 sí 2 no")


async def test_whether_an_organisation_has_voted_is_not_told_to_who_is_named_next(
    talk: Talk,
) -> None:
    await organised(talk, *[1] * 6)
    _opening, number = await opened(talk, LINE)
    await told(talk, "ana", f"votar {number} a favor")
    heard = set()
    for name, before in (("Norte", "ana"), ("Sur", "bea")):
        await talk.says("ana", f'!votantes agregar "{name}" @kika:test')
        await talk.said()
        for line in (f"votar {number}", f"votar {number} comprobante"):
            heard.add((await told(talk, "kika", line)).replace(name, "…"))
        await talk.says("ana", f'!votantes agregar "{name}" @{before}:test')
        await talk.said()
    assert len(heard) == 2, "the same of the one that voted and of the one that did not"

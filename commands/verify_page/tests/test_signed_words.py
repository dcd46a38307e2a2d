"""A signed file says what came out in three languages, to who has nothing but the file."""

from __future__ import annotations

import json
from pathlib import Path

from bot.testing.talk import SIGNER, Talk
from commands.ballot_secrecy.files.result import Bundle
from commands.ballot_secrecy.tests.secret_talk import closed, fill, opened, six
from commands.decisions.open_result import OpenResult
from commands.decisions.tests.test_export import TRANSLATED, checked, decided, exported
from commands.verify_page.tests.judges import PageJudge, judge_by_tool

FITS = "What it says in words, in each language, fits its figures."


async def test_the_file_of_an_open_vote_reads_in_three_languages(
    talk: Talk, tmp_path: Path
) -> None:
    number = await decided(
        talk, "!propuesta Compramos la olla mayoría:2/3 quórum:2", ana="a favor", bea="a favor"
    )
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    words = json.loads(file)["words"]
    assert words["es"][0] == f"{number}: Compramos la olla"
    assert words["es"][1] == "Regla: tipo: mayoría, al menos 2/3 a favor · quórum: 2"
    assert words["es"][2].startswith("Estuvo abierta de 20")
    assert f"Propuesta {number}, “Compramos la olla”: aprobada." in words["es"]
    assert f"Proposta {number}, “Compramos la olla”: aprovada." in words["pt"]
    assert f"Proposal {number}, “Compramos la olla”: approved." in words["en"]
    assert "2 of 3 people voted." in words["en"]
    fine, said = checked(tmp_path, file)
    assert fine
    assert "Rule: kind: majority, at least 2/3 for · quorum: 2" in said
    assert FITS in said


async def test_what_people_translated_stands_in_the_sentences(talk: Talk) -> None:
    number = await decided(talk, TRANSLATED, ana="1", bea="no norte")
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    words = json.loads(file)["words"]
    assert words["pt"][0] == f"{number}: Onde?"
    assert "No norte: 2" in words["pt"]
    assert "Norte: 2" in words["es"]
    assert words["en"][0] == f"{number}: ¿Dónde? (not translated)"


async def test_a_question_of_several_lines_fits_on_the_page_too(
    talk: Talk, tmp_path: Path, page_judge: PageJudge
) -> None:
    number = await decided(talk, '!encuesta "¿Dónde nos\nvemos?" "El  norte" Sur', ana="1")
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    by_tool = judge_by_tool(tmp_path, file.decode())
    assert by_tool["isTrue"]
    assert page_judge.judge(file.decode()) == by_tool
    assert f"- {FITS}" in by_tool["said"]["en"]


async def test_a_file_from_before_has_no_sentences_and_is_true(talk: Talk, tmp_path: Path) -> None:
    number = await decided(talk, "!encuesta ¿Dónde? Norte, Sur", ana="1")
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    old = OpenResult.model_validate_json(file).model_copy(update={"words": None}).sign(SIGNER)
    assert "words" not in json.loads(old.to_json())
    fine, said = checked(tmp_path, old.to_json().encode())
    assert fine
    assert FITS not in said


async def test_the_file_of_a_secret_vote_reads_in_three_languages(
    talk: Talk, tmp_path: Path, page_judge: PageJudge
) -> None:
    await six(talk)
    _opening, number = await opened(talk)
    await talk.says("ana", f"!traducir {number} pt: Onde?")
    await talk.said()
    await fill(talk, number, "1", "1", "1", "2", "3")
    _shown, bundle = await closed(talk, number)
    words = bundle.result.words
    assert words is not None
    assert words["pt"][0] == f"{number}: Onde?", "translated while it was open"
    assert "Norte: 3" in words["es"]
    assert words["es"][-1] == "Participación: 5 de 6 personas."
    by_tool = judge_by_tool(tmp_path, bundle.to_json())
    assert by_tool["isTrue"]
    assert by_tool["said"]["pt"][0] == words["pt"][0]
    assert f"- {FITS}" in by_tool["said"]["en"]
    assert page_judge.judge(bundle.to_json()) == by_tool


async def test_the_sentences_of_few_secret_votes_tell_no_more_than_the_figures(talk: Talk) -> None:
    await six(talk)
    _opening, number = await opened(talk)
    await fill(talk, number, "1", "1", "2")
    _shown, bundle = await closed(talk, number)
    assert isinstance(bundle, Bundle)
    assert bundle.result.words is not None
    for said in bundle.result.words.values():
        assert not [one for one in said if one.startswith(("Norte", "Sur", "Zoom"))]

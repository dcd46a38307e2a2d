"""A result as files, and what `minga verify-result` says of the signed one."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.api import Line, Number, RoomId
from bot.testing.talk import ROOM, SIGNER, PostedEvent, Talk, user_id
from commands.decision_rules import ballots
from commands.decisions.open_result import OpenResult
from commands.decisions.verify_tool import verify
from commands.poll_book import assembly_store
from commands.polls.tests.test_decisions import CHARTER, closed, heard, proposed


async def exported(
    talk: Talk, who: str, line: str, room: RoomId = ROOM
) -> tuple[list[list[str]], bytes]:
    """The table, and the signed file."""
    await talk.says(who, line, room=room)
    posts = [p for p in await talk.sent() if p.content.get("msgtype") == "m.file"]
    assert [name(p).rsplit(".", 1)[1] for p in posts] == ["csv", "json"]
    table = content(talk, posts[0])
    assert table.startswith(b"\xef\xbb\xbf"), "the mark by which Excel reads accents"
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";")), content(
        talk, posts[1]
    )


def name(post: PostedEvent) -> str:
    return str(post.content["filename"])


def content(talk: Talk, post: PostedEvent) -> bytes:
    return talk.gateway.files[post.content["file"]["url"]]


async def decided(talk: Talk, line: str, **votes: str) -> int:
    opening, _native, number = await proposed(talk, line)
    for who, vote in votes.items():
        await talk.says(who, vote, reply=opening)
    await closed(talk, number)
    return number


def checked(tmp_path: Path, file: bytes) -> tuple[bool, str]:
    """What `minga verify-result` finds, and says."""
    path = tmp_path / "result.json"
    path.write_bytes(file)
    found = verify(path, ())
    assert found is not None
    fine, lines = found
    return fine, "\n".join(map(text, lines))


def text(value: Any) -> str:
    """A sentence in English."""
    if isinstance(value, Line):
        return value.msgid.format_map({name: text(part) for name, part in value.values.items()})
    return " · ".join(map(text, value)) if isinstance(value, tuple) else str(value)


KINDS = {
    "choice": ("!encuesta ¿Dónde? Norte, Sur, Este multiple:2", "1 2", "2"),
    "majority": ("!propuesta Compramos la olla mayoria:2/3", "a favor", "en contra"),
    "absolute": ("!propuesta Cerramos el mes mayoria:absoluta", "a favor", "a favor"),
    "consent": (CHARTER, "a favor", 'bloqueo "no hay plata"'),
    "consensus": ("!propuesta Cerramos el lunes tipo:consenso", "a favor", "me aparto"),
    "schulze": ("!encuesta ¿Qué nombre? Sol, Luna, Mar tipo:preferencia", "2 1 3", "Mar > Sol"),
    "runoff": ("!propuesta ¿Qué nombre? Sol, Luna, Mar tipo:segunda-vuelta", "1 2 3", "1 3 2"),
    "score": ("!propuesta ¿Qué hacemos? Feria, Cine tipo:puntos puntos:5", "1:5 2:3", "2:4"),
    "dates": ('!cuando "Reunión" mañana 18h, 19h, pasado mañana 20h', "1 3?", "3"),
    "no quorum": ("!propuesta Nos unimos quorum:3", "a favor", "a favor"),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_the_signed_result_of_every_kind_checks(
    talk: Talk, kind: str, tmp_path: Path
) -> None:
    line, one, other = KINDS[kind]
    number = await decided(talk, line, ana=one, bea=other)
    table, file = await exported(talk, "carla", f"!exportar {number}")
    fine, said = checked(tmp_path, file)
    assert fine, said
    assert "2 of 3 people voted." in said
    assert table[0][0] == "opción"
    assert ["votaron", "2"] in table
    assert b"@ana" not in file
    assert b"@bea" not in file


async def test_the_table_has_everything_in_the_language_of_its_reader(talk: Talk) -> None:
    number = await decided(talk, '!encuesta "¿Dónde?" "=Norte" "Sur"', ana="1", bea="1", carla="2")
    table, _file = await exported(talk, "bea", f"!exportar {number}")
    assert table[0] == ["opción", "votos", "parte"]
    assert table[1] == ["'=Norte", "2", "67%"], "no spreadsheet runs it"
    assert table[2] == ["Sur", "1", "33%"]
    about = {row[0]: row[1] for row in table[4:]}
    assert about["pregunta"] == "¿Dónde?"
    assert about["pueden votar"] == "3"
    assert "gana =Norte" in about["resultado"].lstrip("'")
    assert about["clave de firma"] == SIGNER.public
    private = await talk.private("bea")
    await talk.says("bea", "idioma pt", room=private)
    await talk.said()
    table, _file = await exported(talk, "bea", f"exportar {number}", private)
    assert table[0] == ["opção", "votos", "parte"]
    await talk.set("language", "en")
    table, _file = await exported(talk, "carla", f"!download {number}")
    assert table[0] == ["option", "votes", "share"]


async def test_an_assembly_stands_apart_with_who_confirmed_it(talk: Talk, tmp_path: Path) -> None:
    _opening, native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur")
    await talk.taps("carla", native, 1)
    await talk.says("ana", f"!presencial {number} Norte:14 Sur:19")
    for who in ("bea", "carla"):
        await talk.says(who, f"!presencial {number} confirmar")
    await closed(talk, number)
    table, file = await exported(talk, "bea", f"!exportar {number}")
    assert ["en asamblea", "33"] in table
    found = json.loads(file)
    assert found["counts"] == {"1:1": 1}
    assert found["assemblies"] == [
        {
            "people": 33,
            "counts": {"1:1": 14, "2:1": 19},
            "recorded": "@ana:test",
            "confirmed": ["@bea:test", "@carla:test"],
        }
    ]
    fine, said = checked(tmp_path, file)
    assert fine, said
    assert "Sur: 19" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"counts": {"1:1": 2, "2:1": 1}}, "do not fit how many"),
        ({"counts": {"2:1": 2}}, "outcome is another one"),
        ({"counts": {"1:1": 1, "1:01": 1}}, "does not allow"),
        ({"counts": {"7:1": 2}}, "does not allow"),
        ({"turnout": 5, "counts": {"1:1": 5}}, "More votes than voters"),
        ({"rows": ((1, 3, 0), (2, 0, 0))}, "do not fit the counts"),
        ({"outcome": {"verdict": "tie", "winners": (1, 2), "ranking": ()}}, "another one"),
        ({"closes": 1000}, "between its opening and its deadline"),
        (
            {"rule": {"kind": "choice", "most": 1, "method": "", "points": 0, "quorum": 3}},
            "another",
        ),
        ({"rule": {"kind": "choice", "most": 1, "electorate": 2}}, "share of another roll"),
        ({"key": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, "does not belong"),
    ],
)
async def test_what_does_not_follow_is_found_though_the_bot_signed_it(
    talk: Talk, change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    number = await decided(talk, "!encuesta ¿Dónde? Norte, Sur", ana="1", bea="1")
    _table, file = await exported(talk, "bea", f"!exportar {number}")
    honest = OpenResult.model_validate_json(file)
    assert checked(tmp_path, file)[0]
    forged = honest.model_copy(update=change)
    assert not checked(tmp_path, forged.to_json().encode())[0], "the signature is another one's"
    fine, told = checked(tmp_path, forged.sign(SIGNER).to_json().encode())
    assert not fine
    assert said in told


async def test_a_show_of_hands_needs_two_others_in_the_file_too(talk: Talk, tmp_path: Path) -> None:
    number = await decided(talk, "!encuesta ¿Dónde? Norte, Sur", ana="1")
    _table, file = await exported(talk, "bea", f"!exportar {number}")
    honest = json.loads(file)
    hands = {"people": 2, "counts": {"1:1": 2}, "recorded": "@ana:test"}
    for confirmed in ([], ["@ana:test", "@bea:test"], ["@bea:test", "@bea:test"]):
        forged = honest | {"assemblies": [hands | {"confirmed": confirmed}]}
        forged["rows"] = [[1, 3, 0], [2, 0, 0]]
        again = OpenResult.model_validate_json(json.dumps(forged)).sign(SIGNER)
        fine, said = checked(tmp_path, again.to_json().encode())
        assert not fine
        assert "was not confirmed" in said


async def test_a_file_that_was_touched_or_cut_is_none(talk: Talk, tmp_path: Path) -> None:
    number = await decided(talk, "!encuesta ¿Dónde? Norte, Sur", ana="1")
    _table, file = await exported(talk, "bea", f"!exportar {number}")
    fine, said = checked(tmp_path, file.replace("¿Dónde?".encode(), "¿Cuándo?".encode()))
    assert not fine
    assert "does not fit" in said
    assert not checked(tmp_path, file[:-20])[0]


async def test_it_says_whether_late_votes_may_still_come(talk: Talk, tmp_path: Path) -> None:
    number = await decided(talk, "!encuesta ¿Dónde? Norte, Sur", ana="1")
    _table, file = await exported(talk, "bea", f"!exportar {number}")
    assert "could still come in" in checked(tmp_path, file)[1]
    await talk.wait(timedelta(days=2))
    await talk.said()
    _table, file = await exported(talk, "bea", f"!exportar {number}")
    fine, said = checked(tmp_path, file)
    assert fine
    assert "could still come in" not in said


async def test_nothing_is_exported_before_the_end_nor_after_a_cancelling(talk: Talk) -> None:
    _opening, _native, number = await proposed(talk, CHARTER + " sin-parciales")
    await talk.says("bea", f"!exportar {number}")
    await heard(talk, "sigue abierta", f"!resultados {number}")
    await talk.says("ana", f"!cancelar {number}")
    await talk.says("ana", "sí")
    await talk.said()
    await talk.says("bea", f"!exportar {number}")
    await heard(talk, "Se canceló")
    await talk.says("bea", f"!acta {number}")
    await heard(talk, "Se canceló")


async def test_a_stranger_hears_that_it_does_not_exist(talk: Talk) -> None:
    number = await decided(talk, CHARTER, ana="a favor")
    other = await talk.room(RoomId("!otra:test"), "Otra", ["dani", "bea"])
    for line in (f"!acta {number}", f"!exportar {number}"):
        assert "No existe" in await talk.answer("dani", line, room=other)
        assert not [p for p in await talk.sent() if p.content.get("msgtype") == "m.file"]


async def test_in_another_room_it_comes_in_private(talk: Talk) -> None:
    number = await decided(talk, CHARTER, ana='bloqueo "no hay plata"')
    other = await talk.room(RoomId("!otra:test"), "Otra", ["dani", "bea"])
    private = await talk.private("bea")
    for line in (f"!acta {number}", f"!exportar {number}"):
        await talk.says("bea", line, room=other)
        posts = await talk.sent()
        assert [p.plain for p in posts if p.room == other and "carta" in p.plain] == []
        assert "en privado" in "\n".join(p.plain for p in posts if p.room == other)
        assert [p for p in posts if p.room == private and "Adherimos" in p.plain]


async def counted_before_it_was_refused(talk: Talk, number: int) -> None:
    """A confirmed assembly of nine in a vote of organisations, as older versions took it."""
    async with talk.machine.db.transaction() as tx:
        counted = await assembly_store.add_assembly(
            tx, Number(number), user_id("ana"), talk.clock.at, [(ballots.parse_ballot("1:1"), 9)], 9
        )
        for who in ("bea", "carla"):
            await assembly_store.confirm_assembly(tx, counted.id, user_id(who))


async def test_what_organisations_voted_checks_by_weight_and_by_their_quorum(
    talk: Talk, tmp_path: Path
) -> None:
    await talk.says("ana", '!votantes agregar "Cooperativa Sur" @ana peso: 20')
    await talk.says("ana", '!votantes agregar "Cooperativa Norte" @bea suplente:@carla peso:5')
    await talk.said()
    opening, _native, number = await proposed(talk, "!propuesta Nos unimos quorum:2")
    await talk.says("ana", "sí:12 no:5", reply=opening)
    await counted_before_it_was_refused(talk, number)
    assert "sin quórum" in await closed(talk, number)
    table, file = await exported(talk, "bea", f"!exportar {number}")
    assert table[1] == ["a favor", "21", "81%"]
    fine, said = checked(tmp_path, file)
    assert fine, said
    assert "1 of 2 organisations voted." in said
    assert "No quorum" in said
    heavy = OpenResult.model_validate_json(file).model_copy(update={"counts": {"1:1": 26}})
    assert "how many voted" in checked(tmp_path, heavy.sign(SIGNER).to_json().encode())[1]


TRANSLATED = '!encuesta "¿Dónde?" "Norte" "Sur" pt:"Onde?" "No norte" "No sul"'


async def test_translations_are_signed_and_shown_by_the_verifier(
    talk: Talk, tmp_path: Path
) -> None:
    number = await decided(talk, TRANSLATED, ana="1", bea="no norte")
    table, file = await exported(talk, "carla", f"!exportar {number}")
    assert table[1][0] == "Norte / No norte"
    found = json.loads(file)
    assert found["language"] == "es"
    assert found["translations"] == {"pt": {"question": "Onde?", "options": ["No norte", "No sul"]}}
    fine, said = checked(tmp_path, file)
    assert fine, said
    found["translations"]["pt"]["options"].reverse()
    fine, said = checked(tmp_path, json.dumps(found).encode())
    assert not fine
    assert "it was changed" in said


async def test_a_translation_that_came_later_is_signed_with_its_time(talk: Talk) -> None:
    opening, _native, number = await proposed(talk, "!propuesta Compramos la olla")
    await talk.says("bea", "a favor", reply=opening)
    await talk.says("ana", f"!traducir {number} pt: Compramos a panela")
    await closed(talk, number)
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    found = json.loads(file)
    assert found["opened"] <= found["translations"]["pt"]["added"] <= found["ended"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"pt": {"question": "Onde?", "options": ["No norte"]}},
        {"es": {"question": "¿Dónde?", "options": []}},
        {"pt": {"question": "Onde?", "options": [], "added": 4_000_000_000}},
    ],
)
async def test_a_signed_translation_that_does_not_fit_is_found(
    talk: Talk, wrong: dict[str, Any], tmp_path: Path
) -> None:
    number = await decided(talk, TRANSLATED, ana="1", bea="2")
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    bare = OpenResult.model_validate_json(json.dumps(json.loads(file) | {"translations": wrong}))
    fine, said = checked(tmp_path, bare.sign(SIGNER).to_json().encode())
    assert not fine
    assert "A translation does not fit what was asked" in said


async def test_a_file_without_translations_is_as_it_was(talk: Talk) -> None:
    number = await decided(talk, "!propuesta Compramos la olla", ana="1", bea="2")
    _table, file = await exported(talk, "carla", f"!exportar {number}")
    assert not {"language", "translations"} & json.loads(file).keys()

"""Organisations as a table: what goes out comes back, and nothing comes in by halves."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.api import Membership, spreadsheets
from bot.testing.talk import ROOM, START_TIME, Talk, user_id
from bot.types import Media
from commands.organisations import organisation_changes, organisation_table
from commands.organisations.organisation_table import OrganisationRow
from commands.organisations.tests.test_voters import BEA, CARLA, kept
from commands.poll_book import voter_store
from commands.poll_book.voter_store import Organisation

SURE = "¿Sigo? `sí` o `no`"


async def sends(talk: Talk, data: bytes, text: str = "!votantes importar", who: str = "ana") -> str:
    """A file with a command as its caption."""
    sent = await talk.gateway.upload(data, "text/csv")
    media = Media(str(sent.file["url"]), "padron.csv", "text/csv", len(data), sent.file)
    return await talk.answer(who, text, media=media)


# --- the table ------------------------------------------------------------------------------------

CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
GUARDED = st.builds("".join, st.tuples(st.sampled_from(list("=+-@'＝＠")), CELL))
ROWS = st.lists(st.tuples(CELL | GUARDED, CELL, CELL | GUARDED, st.integers(1, 10**6).map(str)))


@given(ROWS, st.sampled_from(["es", "pt", "en"]))
def test_what_is_written_is_read_again(rows: list[tuple[str, str, str, str]], lang: str) -> None:
    written = organisation_table.write_table(lang, rows)
    read = organisation_table.parse_table(spreadsheets.decode_text(written))
    assert read.problems == ()
    assert [(row.name, row.delegate, row.alternate, row.weight) for row in read.rows] == [
        tuple(cell.strip() for cell in row) for row in rows
    ]


@given(ROWS)
def test_no_cell_is_a_formula(rows: list[tuple[str, str, str, str]]) -> None:
    text = organisation_table.write_table("es", rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=";"):
        assert not any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for cell in row)


def test_a_file_opens_in_a_spreadsheet_of_the_region() -> None:
    data = organisation_table.write_table("pt", [("Rede São João; Sul", "@ana:x", "", "20")])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n") == [
        "organização;titular;suplente;peso",
        '"Rede São João; Sul";\'@ana:x;;20',
        "",
    ]


SUR = OrganisationRow(2, "Sur, Norte", "@ana:x", "@beto:y", "20")


@pytest.mark.parametrize(
    "text",
    [
        'organización;titular;suplente;peso\r\n"Sur, Norte";@ana:x;@beto:y;20\r\n',
        '\ufeffOrganização,Delegada,Suplente,Votos\n"Sur, Norte",@ana:x,@beto:y,20',
        "weight\talternate\tdelegate\tname\n20\t'@beto:y\t'@ana:x\tSur, Norte\n",
        'nombre;peso;vocera;reserva\n"Sur, Norte"; 20 ;@ana:x;@beto:y\n;;;\n',
        'sep=;\n"Sur, Norte";@ana:x;@beto:y;20',
        '\n"Sur, Norte";@ana:x;@beto:y;20\n\n',
    ],
)
def test_tables_are_read_however_they_are_saved(text: str) -> None:
    for data in (text.encode(), text.encode("utf-16")):
        read = organisation_table.parse_table(spreadsheets.decode_text(data))
        assert (read.rows, read.problems, read.ignored) == ((SUR,), (), ())
    plain = text.removeprefix("\ufeff").encode("cp1252")
    assert organisation_table.parse_table(spreadsheets.decode_text(plain)).rows == (SUR,)


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("Sur", OrganisationRow(1, "Sur")),
        ("Sector 10", OrganisationRow(1, "Sector 10")),
        ("Sur @ana:x", OrganisationRow(1, "Sur", "@ana:x")),
        ("Sur @ana:x 1.000", OrganisationRow(1, "Sur", "@ana:x", None, "1.000")),
        ("Sur  @ana:x @beto:y 20", OrganisationRow(1, "Sur", "@ana:x", "@beto:y", "20")),
        ("Sur;20", OrganisationRow(1, "Sur", None, None, "20")),
        ("Sur;@ana:x;20", OrganisationRow(1, "Sur", "@ana:x", None, "20")),
        ("Sur;@ana:x;0", OrganisationRow(1, "Sur", "@ana:x", None, "0")),
        ("Sur;@ana:x", OrganisationRow(1, "Sur", "@ana:x")),
        ("Sur;;@beto:y;20", OrganisationRow(1, "Sur", "", "@beto:y", "20")),
        ("Sur;@ana:x;@beto:y;veinte", OrganisationRow(1, "Sur", "@ana:x", "@beto:y", "veinte")),
    ],
)
def test_a_line_without_a_heading(line: str, row: OrganisationRow) -> None:
    assert organisation_table.parse_table(line).rows == (row,)


def test_what_is_no_table_is_said_with_its_line() -> None:
    broken = organisation_table.parse_table('Sur;@ana:x\nNorte;"@beto:y\n')
    assert (broken.rows, broken.problems[0].values["line"]) == ((), 2)
    many = organisation_table.parse_table("Sur;@a:x;@b:x;1;2\nNorte;@a:x")
    assert [many.problems[0].values[key] for key in ("line", "count")] == [1, 5]
    assert "missing" in organisation_table.parse_table("titular;peso\n@a:x;1").problems[0].msgid
    assert organisation_table.parse_table("nombre;peso;tel\nSur;1;55").ignored == ("tel",)
    assert (
        organisation_table.parse_table("").rows
        == organisation_table.parse_table("\n;;\n").rows
        == ()
    )


# --- out and in -----------------------------------------------------------------------------------


async def test_out_and_in_again_changes_nothing(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        for one in (
            Organisation(None, '=HYPERLINK("http://x")', BEA, None, 3),
            Organisation(None, "Niñas; y niños", BEA, CARLA, 1000),
        ):
            await voter_store.put_organisation(tx, ROOM, one, START_TIME.at)
    before = await kept(talk)
    await talk.says("ana", "!votantes exportar")
    here, private = await talk.said()
    assert here.plain == "Te mandé la tabla en privado."
    assert "2 organizaciones en una tabla" in private.plain
    assert (private.content["filename"], private.room) == (
        "votantes.csv",
        await talk.private("ana"),
    )
    [data] = talk.gateway.files.values()
    assert await sends(talk, data) == "Ya está así: 2 organizaciones."
    await talk.answer("ana", "!votantes quitar Niñas; y niños")
    await talk.answer("ana", '!votantes quitar =HYPERLINK("http://x")')
    assert SURE in await sends(talk, data)
    assert "Importé 2 organizaciones." in await talk.answer("ana", "sí")
    assert [(o.name, o.delegate, o.alternate, o.weight) for o in await kept(talk)] == [
        (o.name, o.delegate, o.alternate, o.weight) for o in before
    ]
    assert "2 organizaciones exportadas" in await talk.answer("bea", "!historial")


async def test_an_import_is_shown_first_and_can_be_taken_back(talk: Talk) -> None:
    await talk.answer("ana", "!votantes agregar Norte @carla peso:3")
    await talk.answer("ana", "!votantes agregar Este @carla")
    before = await kept(talk)
    data = "organización;titular;peso;teléfono\nSur;@bea:test;5;11\nNorte;@zoe:otra.org;4;22\n"
    shown, zoe = await sends(talk, data.encode("cp1252")), "zoe (@zoe:otra.org)"
    assert shown.split("\n") == [
        "Nuevas: 1. Cambian: 1. Igual que antes: 0. No están en la tabla y se quedan: 1.",
        "Nueva, “Sur”: titular Bea (@bea:test) · peso 5",
        f"“Norte”: antes, titular Carla ({CARLA}) · peso 3 → después, titular {zoe} · peso 4",
        "No leo estas columnas: teléfono",
        "zoe todavía no está en esta sala; podrá votar cuando entre.",
        SURE,
    ]
    assert await kept(talk) == before
    await talk.restart()
    assert "Importé 2 organizaciones." in await talk.answer("ana", "sí")
    assert [(o.name, o.weight) for o in await kept(talk)] == [("Este", 1), ("Norte", 4), ("Sur", 5)]
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert await kept(talk) == before


@pytest.mark.parametrize(
    "lines",
    [
        "!votantes importar\nSur;@bea:test;@carla:test;5\nNorte;carla",
        "!votantes importar Sur @bea:test @carla:test 5\nNorte @carla:test",
        "!voters import\n```\nname,delegate,alternate,weight\nSur,bea,carla,5\nNorte,carla,,\n```",
    ],
)
async def test_pasted_lines_do_too(talk: Talk, lines: str) -> None:
    assert "Nuevas: 2." in await talk.answer("ana", lines, mentions=["bea", "carla"])
    await talk.answer("ana", "dale")
    assert [(o.name, o.delegate, o.alternate, o.weight) for o in await kept(talk)] == [
        ("Norte", CARLA, None, 1),
        ("Sur", BEA, CARLA, 5),
    ]


async def test_each_line_that_is_wrong_is_named_and_nothing_is_imported(talk: Talk) -> None:
    await talk.moves("newsbot", Membership.JOIN)
    await talk.set("bots", "@newsbot:test")
    lines = [
        "Sur;@bea:test;;5",
        ";@bea:test",
        "Norte;@bea:test;;mucho",
        "SÚR;@carla:test",
        "Este;carla",
        "Oeste;@bea:test;@bea:test",
        "Robots;@newsbot:test",
        "A;b;c;d;e",
    ]
    said = await sends(talk, "\n".join(lines).encode())
    assert said.split("\n") == [
        "No importé nada: hay que revisar 7 líneas.",
        "Línea 2: Falta el nombre de la organización.",
        "Línea 3, “Norte”: “mucho” no es un peso: es un número entero de 1 a 1000000.",
        "Línea 4, “SÚR”: ya está en la línea 1.",
        "Línea 5, “Este”: “carla” no es una dirección como `@nombre:servidor`.",
        "Línea 6, “Oeste”: Titular y suplente son la misma persona.",
        "Línea 7, “Robots”: Newsbot (@newsbot:test) es un bot, y los bots no votan.",
        "La línea 8 tiene 5 partes. Son cuatro como máximo: organización; titular; suplente; peso",
        "Así sirve: organización; `@nombre:servidor`; `@nombre:servidor`; 20",
    ]
    assert await kept(talk) == []
    many = await sends(talk, "\n".join(f"Base {n};;;x" for n in range(30)).encode())
    assert many.count("\n") == 12
    assert "Y 20 más." in many


async def test_the_empty_the_missing_and_the_huge_are_said(talk: Talk) -> None:
    assert "No encuentro la tabla." in await talk.answer("ana", "!votantes importar")
    assert "organización; titular; suplente; peso" in await talk.answer("ana", "!votantes importar")
    assert "No trae ninguna organización." in await sends(talk, b"\n;;\n")
    assert "demasiado grande" in await sends(talk, bytes(500_001))
    rows = "\n".join(f"Base {n}" for n in range(2001))
    assert "Son 2001 organizaciones; recibo hasta 2000." in await sends(talk, rows.encode())
    assert "todavía no hay organizaciones" in await talk.answer("ana", "!votantes exportar")
    assert "No importé nada" in await sends(talk, bytes(range(256)) * 4)


async def test_360_organisations_come_at_once(talk: Talk) -> None:
    rows = "\n".join(f"Base {n:03};@d{n}:otra.org;;{n + 1}" for n in range(360))
    shown = await sends(talk, rows.encode())
    assert "Nuevas: 360." in shown
    assert "Y 352 más." in shown
    assert "360 de las personas todavía no están en esta sala" in shown
    assert "Importé 360 organizaciones." in await talk.answer("ana", "sí")
    every = await kept(talk)
    assert (len(every), every[359].delegate) == (360, user_id("@d359:otra.org"))
    assert "360 organizaciones importadas" in await talk.answer("bea", "!historial")


async def test_portuguese(talk: Talk) -> None:
    await talk.set("language", "pt")
    shown = await talk.answer("ana", "!votantes importar\norganização;delegada\nMangue;@bea:test")
    assert "Novas: 1." in shown
    assert "Importei 1 organização." in await talk.answer("ana", "sim")
    wrong = await talk.answer("ana", "!votantes importar\nMar;@bea:test;;x\nRio;@bea:test;;1")
    assert "Linha 1, “Mar”: “x” não é um peso" in wrong


def test_a_name_is_kept_on_one_line_without_what_hides() -> None:
    assert organisation_changes.clean_name('La "Casa"') == 'La "Casa"'
    assert organisation_changes.clean_name(' "Cooperativa\n\u202e  Sur" ') == "Cooperativa Sur"

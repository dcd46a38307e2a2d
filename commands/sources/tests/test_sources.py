"""Sources: kept with licence and publisher, listed, and the library as files, out and in."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

from bot.testing.talk import Talk, day_in_words
from bot.types import RoomId
from commands.library.tests.filing import PDF, media, sends

CENSUS = (
    '!fuente "Censo 2022" https://indec.ar/censo?utm_source=x licencia:CC-BY 4.0'
    " publica:INDEC fecha:2022 #vivienda"
)
DESK = RoomId("!mesa:test")


async def files(talk: Talk, who: str, line: str, *, private: bool = False) -> dict[str, bytes]:
    """What came as files, by the ending of their names."""
    if private:
        await talk.tells(who, line)
    else:
        await talk.says(who, line)
    posts = [p for p in await talk.sent() if p.content.get("msgtype") == "m.file"]
    return {
        str(p.content["filename"]).rsplit(".", 1)[1]: talk.gateway.files[p.content["file"]["url"]]
        for p in posts
    }


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


async def test_a_source_is_kept_recalled_listed_and_mended(talk: Talk) -> None:
    said = await talk.answer("bea", CENSUS)
    assert said.splitlines()[:2] == [
        "Guardado como #Censo-2022 (1): Censo 2022 https://indec.ar/censo",
        f"Fuente: INDEC · 2022 · CC-BY 4.0 · revisado el {day_in_words()}",
    ]
    assert "Le quité al enlace" in said
    for line in ("#censo-2022", "!fuente 1", "!recursos 1"):
        assert "Fuente: INDEC · 2022 · CC-BY 4.0" in await talk.answer("carla", line), line
    said = await talk.answer("carla", "!fuentes")
    assert "1 fuente:" in said and "#Censo-2022: Censo 2022" in said and "INDEC" in said
    assert "#Censo-2022" in await talk.answer("carla", "!fonte #vivienda")
    assert "ninguna fuente tiene ese tema" in await talk.answer("carla", "!fuente #agua")
    assert "│ Censo 2022\n│ https" in await talk.answer("carla", "!fuente #censo-2022")
    assert "1 fuente:" in await talk.answer("carla", "!fuentes página:7")
    assert "No puedes cambiar" in await talk.answer("carla", "!fuente 1 licencia:MIT")
    said = await talk.answer("bea", "!fuente #censo-2022 fecha:2023 licencia:CC0")
    assert "INDEC · 2023 · CC0" in said
    assert "INDEC · 2024 · CC0" in await talk.answer("ana", "!fuente 1 fecha:2024")
    found = await talk.answer("carla", "!buscar censos tipo:datos publica INDEC")
    assert "`#Censo-2022` Censo 2022: fuente" in found
    assert "#Censo-2022" in await talk.answer("carla", "!buscar tipo:fuente cc0")
    await talk.says("bea", "!cancelar 1")
    await talk.says("bea", "sí")
    await talk.sent()
    assert "no se guardó ninguna fuente" in await talk.answer("carla", "!fuentes")


async def test_title_link_and_licence_as_one_says_them(talk: Talk) -> None:
    for line, name, told in (
        ("!fuente Mapa de agua: https://a.org/1, licencia CC0", "#Mapa-de-agua", "CC0"),
        ("!fonte https://a.org/2 Mapa do rio licença:CC-BY", "#Mapa-do-rio", "CC-BY"),
        ("!source https://datos.a.org/3", "#datos-a-org", "nadie escribió"),
        ("!fuente “Suelos” https://a.org/4 de 2010 a 2020 publica: IGN", "#Suelos", "IGN"),
    ):
        said = await talk.answer("bea", line)
        assert f"Guardado como {name} (" in said and told in said, (line, said)
    assert "│ https://a.org/4\n│ de 2010 a 2020\n" in await talk.answer("bea", "#suelos")


async def test_what_is_no_source_is_told_with_the_way(talk: Talk) -> None:
    for line, said in {
        "!fuente": "!fuente Censo 2022 https://example.org/censo",
        "!fuente Censo 2022": "Falta el enlace",
        "!fuente Dos https://a.org https://b.org": "un enlace; veo 2",
        "!fuente Uno ftp://a.org/x": "http",
        "!fuente Uno javascript://a.org/x": "http",
        "!fuente Uno https://a.org licencia:" + "x" * 300: "200 letras",
        "!fuente Uno https://аpple.com/x": "xn--",
        "!fuente Uno https://ana:clave@a.org/": "@",
        "!fuente 99 licencia:MIT": "99",
        "!fuente #nadie licencia:MIT": "nadie",
        "!fuente Red https://a.org/red visible:red": "No puedes",
    }.items():
        assert said in await talk.answer("bea", line), (line, said)


async def test_in_private_it_asks_for_which_room_and_is_seen_only_there(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["bea"])
    await talk.tells("bea", "fuente Agua https://agua.org/datos publica:ONG")
    assert "sala" in "\n".join(p.plain for p in await talk.said())
    await talk.tells("bea", "1")
    assert "Agua https://agua.org/datos" in "\n".join(p.plain for p in await talk.said())
    await talk.tells("bea", "fuentes")
    assert "ONG" in "\n".join(p.plain for p in await talk.said())
    assert "no se guardó ninguna fuente" in await talk.answer("bea", "!fuentes")
    await talk.tells("carla", "fuentes")
    assert "no se guardó ninguna fuente" in "\n".join(p.plain for p in await talk.said())


async def test_a_theme_or_all_of_the_library_comes_as_three_files(talk: Talk) -> None:
    await talk.says("bea", CENSUS)
    await talk.says("ana", '!guardar suma "=1+1 y más" #vivienda')
    file = await sends(talk)
    await talk.says("bea", "!guardar acta #reuniones", reply=file)
    await talk.sent()
    made = await files(talk, "carla", "!exportar #vivienda")
    head, *rows = table(made["csv"])
    assert head[:5] == ["título", "enlace", "temas", "licencia", "publica"]
    assert [row[:6] for row in rows] == [
        ["'=1+1 y más", "", "vivienda", "", "", ""],
        ["Censo 2022", "https://indec.ar/censo", "vivienda", "CC-BY 4.0", "INDEC", "2022"],
    ]
    packages = json.loads(made["json"])
    assert packages["count"] == 2
    census = packages["results"][1]
    assert {key: census[key] for key in ("name", "title", "url", "license_title", "author")} == {
        "name": "censo-2022",
        "title": "Censo 2022",
        "url": "https://indec.ar/censo",
        "license_title": "CC-BY 4.0",
        "author": "INDEC",
    }
    assert census["tags"] == [{"name": "vivienda", "display_name": "vivienda"}]
    assert census["resources"] == [{"name": "Censo 2022", "url": "https://indec.ar/censo"}]
    text = made["md"].decode()
    assert "## Censo 2022\n" in text and "<https://indec.ar/censo>" in text
    assert "## =1\\+1 y más" in text
    every = await files(talk, "carla", "!exportar biblioteca")
    assert len(table(every["csv"])) == 4
    acta = next(p for p in json.loads(every["json"])["results"] if p["name"] == "acta")
    assert acta["resources"] == [
        {"name": "acta.pdf", "mimetype": "application/pdf", "size": len(PDF)}
    ]
    for data in every.values():
        assert b"@bea" not in data and b"@ana" not in data
    assert "Aquí nada tiene el tema #nada" in await talk.answer("ana", "!exportar #nada")
    assert "número" in await talk.answer("ana", "!exportar")


async def test_a_file_holds_only_what_may_be_seen_where_it_is_asked_for(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["bea"])
    await talk.says("bea", "!guardar secreto Del escritorio #todo-esto", room=DESK)
    await talk.says("bea", "!guardar abierto De la sala #todo-esto")
    await talk.sent()
    here = (await files(talk, "bea", "!exportar #todo-esto"))["csv"].decode()
    assert "De la sala" in here and "escritorio" not in here
    alone = (await files(talk, "bea", "exportar biblioteca", private=True))["csv"].decode()
    assert "De la sala" in alone and "Del escritorio" in alone
    other = (await files(talk, "carla", "exportar biblioteca", private=True))["csv"].decode()
    assert "De la sala" in other and "escritorio" not in other


async def test_a_table_is_shown_line_by_line_and_then_kept(talk: Talk) -> None:
    await talk.says("bea", CENSUS)
    await talk.sent()
    rows = (
        "título;enlace;licencia;publica;fecha;temas;notas;color\n"
        "Agua;https://agua.org/d?utm_campaign=y;CC0;ONG;2021;agua, salud;'=HYPERLINK(1);azul\n"
        "'=cmd;https://cmd.org;;;;;;\n"
        "Censo;http://www.indec.ar/censo;;;;;;\n"
        ";https://sin.titulo.org;;;;;;\n"
        "Sin enlace;;;;;;;\n"
        "Otro esquema;ftp://viejo.org/x;;;;;;\n"
        "Repetida;https://agua.org/d;;;;;;\n"
        "Agua;https://otra.agua.org;;;;;;\n"
    )
    sent = await media(talk, rows.encode("utf-8-sig"), "fuentes.csv")
    said = await talk.answer("bea", "!importar fuentes", media=sent)
    for line in (
        "3 fuentes nuevas para Sala:",
        "Línea 2: #Agua-2, Agua, https://agua.org/d",
        "Línea 3: #cmd, =cmd, https://cmd.org",
        "1 ya está aquí.",
        "4 líneas quedan fuera:",
        "Línea 5: falta el título.",
        "Línea 6, “Sin enlace”: falta el enlace.",
        "Línea 7, “Otro esquema”: ",
        "Línea 8, “Repetida”: su enlace ya está en la línea 2.",
        "Línea 9: #Agua-3, Agua, https://otra.agua.org",
        "No leo estas columnas: color",
    ):
        assert line in said, (line, said)
    assert "Importadas: 3 fuentes." in await talk.answer("bea", "sí")
    assert "ONG · 2021 · CC0" in await talk.answer("carla", "#agua-2")
    made = await files(talk, "carla", "!exportar #agua")
    assert table(made["csv"])[1][6] == "'=HYPERLINK(1)"
    again = await talk.answer("bea", "!importar fuentes", media=sent)
    assert "No hay nada nuevo" in again and "4 ya están aquí." in again
    ours = (await files(talk, "carla", "!exportar biblioteca"))["csv"]
    await talk.room(DESK, "Mesa", ["bea"])
    back = await media(talk, ours, "biblioteca.csv")
    said = await talk.answer("bea", "!importar fuentes", room=DESK, media=back)
    assert "4 fuentes nuevas para Mesa:" in said and "quedan fuera" not in said
    await talk.says("bea", "sí", room=DESK)
    await talk.sent()
    await talk.wait(timedelta(days=1))
    assert "4 fuentes:" in await talk.answer("bea", "!fuentes", room=DESK)


async def test_broken_tables_change_nothing(talk: Talk) -> None:
    for data, said in {
        b"": "La primera línea dice las columnas",
        b"hola": "La primera línea dice las columnas",
        b"titulo;licencia\nUno;MIT\n": "La primera línea dice las columnas",
        b'titulo;enlace\n"Uno;https://a.org\n': "falta cerrar unas comillas",
        bytes(range(256)) * 40: "",
        b"titulo;enlace\n\n;;\n": "No hay nada nuevo",
    }.items():
        sent = await media(talk, data, "fuentes.csv")
        answer = await talk.answer("bea", "!importar fuentes", media=sent)
        assert said in answer and answer and "referencia" not in answer, data[:20]
    lines = "".join(f"Fuente {n};https://a.org/{n}\n" for n in range(230))
    sent = await media(talk, f"titulo;enlace\n{lines}".encode(), "fuentes.csv")
    said = await talk.answer("bea", "!importar fuentes", media=sent)
    assert "200 fuentes nuevas" in said and "30 quedan para la próxima vez" in said
    assert "Lo dejé como estaba." in await talk.answer("bea", "no")
    assert "no se guardó ninguna fuente" in await talk.answer("bea", "!fuentes")

"""What is public follows people: a room's vote, a yes to a name, and whoever is forgotten."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import shutil
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pytest

from commands.public_site.log.folder_check import check_folder
from commands.verify_page.page import build_page
from commands.verify_page.tests.judges import PageJudge
from tests.real.botprocess import BotProcess
from tests.real.conftest import Enter, EnterPlain
from tests.real.element import Element
from tests.real.judged import judge_folder
from tests.real.patience import patient
from tests.real.plain import Member
from tests.real.servers import Pair
from tests.real.test_public_places import ask, posted, publish, read_outside, stands, written
from tests.real.test_rollback import minga

Answer = Callable[[str, str], Awaitable[str]]
ADDRESS = "https://red.example.org"
VOTE = re.compile(r"Propuesta (\d+): ")
NOTICE = "Corte de luz en el barrio"
MARCH = "1, “Marcha”, "
TABLE = "barrio;casas;medido\nNorte;12;2026-01-31\nSur;7;2026-02-28\n"


def sections(folder: Path) -> dict[str, dict[str, str]]:
    """The configuration of a bot that writes into this folder."""
    folder.mkdir()
    return {"publishing": {"folder": str(folder), "address": ADDRESS}}


def holding(folder: Path, words: str) -> list[str]:
    """The files of a folder in which these words stand."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if words.encode() in path.read_bytes()]


def is_whole_without(folder: Path, words: str) -> bool:
    """Whether these words stand nowhere in the folder, and its log, files and head belong
    together, which they do not while it is written."""
    return not holding(folder, words) and check_folder(folder).wrong == []


async def gone(eva: Member, public: str, folder: Path | None, words: str) -> None:
    """Wait until these words stand neither in the public room nor in the folder, which is whole."""
    async with asyncio.timeout(patient(30)):
        while True:
            posts = [event["content"].get("body", "") for event in await read_outside(eva, public)]
            if words not in "".join(posts) and (not folder or is_whole_without(folder, words)):
                break
            await asyncio.sleep(0.2)  # as a reader who looks again


async def open_public_room(ana: Member | Element, room: str, bot: BotProcess, eva: Member) -> str:
    """Ana opens a public room. Return its id."""
    name = f"publico{secrets.token_hex(4)}"
    await ana.send(room, f"!publicar sala #{name}")
    await ana.hears("¿Sigo?", room=room)
    await ana.send(room, "sí")
    await ana.hears("está abierta", room=room)
    address = f"#{name}:{bot.user.partition(':')[2]}"
    _status, found = await ask(eva, "GET", f"directory/room/{quote(address)}")
    return str(found["room_id"])


async def test_a_room_votes_a_name_comes_and_goes_and_a_file_is_carried(
    pair: Pair, element: Enter, plain: EnterPlain, page_judge: PageJudge, tmp_path: Path
) -> None:
    ana, bea, eva = await asyncio.gather(
        element("ana"), plain("bea"), plain(pair.person("eva", pair.a))
    )
    folder, account = tmp_path / "public", pair.person("minga", pair.a)
    bot = BotProcess(tmp_path, account, moderators=[ana.user], sections=sections(folder))
    async with bot:
        room = await ana.create_room(invite=[bot.user, bea.user], name="Sala", version="12")
        await bea.accept(room)
        await ana.joined(room, bea.user)
        await ana.greeted(room, bot.user)

        async def answer(line: str, words: str) -> str:
            await ana.send(room, line)
            return (await ana.hears(words, 30, room=room, sender=bot.user)).text

        taken = f"tomada{secrets.token_hex(4)}"
        path = f"directory/room/{quote(f'#{taken}:' + bot.user.partition(':')[2])}"
        status, _none = await ask(eva, "PUT", path, room_id=await eva.create_room())
        assert status == 200
        await answer(f"!publicar sala #{taken}", "¿Sigo?")
        await answer("sí", "No pude abrir")
        public = await open_public_room(ana, room, bot, eva)

        await answer(f"!evento Marcha en 50 horas lugar: Casa de {bea.user}", "Evento 1: Marcha")
        await publish_table_text_and_notice(ana, room, answer)
        await posted(eva, public, NOTICE)
        await answer("!quién-decide publicar decisión 1 día", "¿Sigo?")
        await answer("sí", "Desde ahora")
        assert "lugar: Casa de alguien" in await answer("!publicar 1", "Esto queda público")
        await ana.send(room, "sí")
        vote = VOTE.search((await ana.hears(VOTE, 30, room=room, sender=bot.user)).text)
        assert vote and "Marcha" not in "".join(path.name for path in folder.rglob("*"))
        for member in (ana, bea):
            await member.send(room, f"!votar {vote[1]} a favor")
            await member.hears("Anotado", room=room, sender=bot.user)
        await answer(f"!cerrar {vote[1]}", f"{MARCH}ahora es público")
        await posted(eva, public, "Casa de alguien")

        private, named = await bea.called(60), f"Casa de {bea.user[1:].partition(':')[0]}"
        await bea.hears("Tu nombre estaría ahí", 30, room=private)
        await bea.send(private, "sí")
        await posted(eva, public, named)
        await stands(folder, "es/event-1.html", named)
        await bea.send(private, "retirar mi nombre 1")
        await bea.hears("Saco tu nombre de 1", room=private)
        await gone(eva, public, folder, named)
        await bea.send(private, "publicar mi nombre 1")
        await posted(eva, public, named)
        await bea.send(private, "borrarme")
        await bea.hears("¿Sigo?", room=private)
        await bea.send(private, "sí")
        await bea.hears("Hecho", room=private)
        await gone(eva, public, folder, named)
        await posted(eva, public, "Casa de alguien")

        packed, carried = tmp_path / "minga-public.zip", tmp_path / "carried"
        packed.write_bytes(await handed_out(ana, room, bot, "publicado", packed.name))
        zipfile.ZipFile(packed).extractall(carried)
        assert holding(carried, "Casa de alguien") != [] and holding(carried, named) == []
        for site in (folder, carried):
            a_table_and_a_text(site)
        whole, said = await judge_folder(page_judge, carried, {packed.name: packed})
        assert whole and "Public: 4, taken back: 0" in said, said
        checks = await handed_out(ana, room, bot, "verificador", "minga-verify.html")
        assert {checks, (carried / "verify.html").read_bytes()} == {build_page()}


async def publish_table_text_and_notice(ana: Element, room: str, answer: Answer) -> None:
    """Ana keeps a table with its source as 2 and a text as 3, announces 4, and publishes each."""
    table = await ana.send_file(room, "casas.csv", "text/csv", TABLE.encode("cp1252"))
    await ana.reply(room, "!guardar casas", table)
    await ana.hears("Guardado como #casas (2)", 30, room=room)
    await answer("!fuente 2 licencia:CC-BY publica:INDEC", "INDEC · CC-BY")
    await answer("!guardar cuidado Para marchas\nVamos en grupo.\n\nNadie vuelve sola.", "(3)")
    await answer(f"!avisar {NOTICE}", f"Aviso 4: {NOTICE}")
    shown_of = {
        "2, “casas”": "3 columnas y 2 filas",
        "3, “cuidado”": "│ Vamos en",
        f"4, “{NOTICE}”": NOTICE,
    }
    for name, shown in shown_of.items():
        assert shown in await answer(f"!publicar {name[0]}", "Esto queda público")
        await answer("sí", f"{name}, ahora es público")


def a_table_and_a_text(site: Path) -> None:
    """They stand in a site: as whoever wrote them meant them, with source and licence."""
    rows = (site / "files/2/data-2.csv").read_text(encoding="utf-8").splitlines()
    assert rows == TABLE.replace(";", ",").splitlines()
    package = json.loads((site / "files/2/datapackage.json").read_bytes())
    assert (package["licenses"][0]["name"], package["sources"]) == ("CC-BY", [{"title": "INDEC"}])
    fields = package["resources"][0]["schema"]["fields"]
    assert [one["type"] for one in fields] == ["string", "integer", "date"]
    text = (site / "es/text-3.html").read_text(encoding="utf-8")
    assert "Para marchas</bdi></h1>" in text and ">Nadie vuelve sola.</p>" in text
    schema = jsonschema.Draft202012Validator(json.loads((site / "schema.json").read_bytes()))
    for record in (site / "record").iterdir():
        schema.validate(json.loads(record.read_bytes()))


async def handed_out(ana: Element, room: str, bot: BotProcess, what: str, name: str) -> bytes:
    """The file of this name that `!exportar` gives."""
    await ana.send(room, f"!exportar {what}")
    file = await ana.hears(
        lambda one: one.content.get("filename") == name, 30, room=room, sender=bot.user
    )
    return await ana.download(file)


@pytest.mark.parametrize("kept", [True, False])
async def test_a_backup_from_before_a_withdrawal_brings_nothing_back(
    pair: Pair, plain: EnterPlain, tmp_path: Path, *, kept: bool
) -> None:
    """The public room alone says what was withdrawn; what was posted after the copy is taken away.

    The folder, if it is `kept`, is written from where its own log ends. Configured again after the
    log went on without it, it is left as it is.
    """
    ana, eva = await asyncio.gather(plain("ana"), plain(pair.person("eva", pair.a)))
    folder, account = tmp_path / "public", pair.person("minga", pair.a)
    given = sections(folder)
    old = BotProcess(tmp_path / "old", account, moderators=[ana.user], sections=given)
    new_given = given if kept else None
    new = BotProcess(tmp_path / "new", account, moderators=[ana.user], sections=new_given)
    async with old:
        room = await ana.create_room(invite=[old.user])
        await ana.joined(room, old.user)
        public = await open_public_room(ana, room, old, eva)
        await publish(ana, room, "Marcha en 50 horas lugar: Plaza", 1)
        await posted(eva, public, "Marcha")
        await written(folder, 1)
        await minga(old, "backup", tmp_path / "before.backup")
        await ana.send(room, "!retirar 1")
        await ana.hears(f"{MARCH}ya no es público", 30, room=room, sender=old.user)
        await gone(eva, public, folder, "Plaza")
        await publish(ana, room, "Taller en 57 horas lugar: Biblioteca", 2)
        await posted(eva, public, "Taller")
        await written(folder, 3)
        await old.stop()
    shutil.copy2(old.folder / "secrets/key", new.folder / "secrets/key")
    await minga(new, "restore", tmp_path / "before.backup")
    async with new:
        await ana.hears(f"{MARCH}ya no es público", 60, room=room, sender=new.user)
        for words in ("Plaza", "Biblioteca"):
            await gone(eva, public, folder if kept else None, words)
        await ana.send(room, "!publicar 1")
        await ana.hears("¿Sigo?", 30, room=room)
        await ana.send(room, "sí")
        await posted(eva, public, "Marcha")
        if kept:
            await gone(eva, public, folder, "Biblioteca")
            return
        new.environment["MINGA_PUBLISHING__FOLDER"] = str(folder)
        await new.restart()
        await ana.send(room, "!retirar 1")
        await new.logs('"forked"')
        assert check_folder(folder).wrong == []

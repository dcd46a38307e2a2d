"""What becomes public of the library: texts, data with their source, files without hidden data."""

from __future__ import annotations

import pytest

from bot.api import UserError
from bot.capability.data.public_services import PublicNames
from bot.documents.public_document import PublicColumn, PublicData, PublicDocument, PublicText
from bot.testing.publications import everybody, find_in, published
from bot.testing.talk import Talk, find_number, user_id
from commands.library.tests.filing import sends

CENSUS = "!fuente Censo 2022 https://example.org/censo licencia:CC-BY publica:INDEC fecha:2022"


async def kept(talk: Talk, line: str, **more: object) -> int:
    """The number of what was kept."""
    await talk.says("bea", line, **more)  # type: ignore[arg-type]
    return find_number((await talk.said())[0].plain.partition("(")[2])


async def test_a_data_set_with_all_that_is_known_of_it(talk: Talk) -> None:
    number = await kept(talk, f"{CENSUS} #vivienda")
    at = int(talk.clock.at.timestamp())
    await talk.wait_until(talk.clock.at)
    assert (await published(talk, number)).document == PublicDocument(
        kind="data",
        number=number,
        title=PublicText(text="Censo 2022"),
        at=at,
        themes=("vivienda",),
        data=PublicData(
            link="https://example.org/censo",
            licence="CC-BY",
            publisher="INDEC",
            published="2022",
            checked=at,
        ),
    )


async def test_a_text_with_its_title_and_paragraphs(talk: Talk) -> None:
    number = await kept(
        talk, "!guardar protocolo Protocolo para marchas\nVamos en grupo.\n\nNadie vuelve sola."
    )
    found = (await published(talk, number)).document
    assert (found.kind, found.title.text, found.data) == ("text", "Protocolo para marchas", None)
    assert [one.text for one in found.paragraphs] == ["Vamos en grupo.", "Nadie vuelve sola."]
    one_line = await kept(talk, "!guardar refugio Casa Azul, calle 5")
    again = (await published(talk, one_line)).document
    assert again.title.text == "refugio"
    assert [one.text for one in again.paragraphs] == ["Casa Azul, calle 5"]


async def with_file(talk: Talk, data: bytes, name: str) -> int:
    file = await sends(talk, data=data, name=name)
    return await kept(talk, "!guardar datos", reply=file)


async def test_a_table_with_its_columns_for_machines(talk: Talk) -> None:
    table = "barrio;casas;costo;medido\nNorte;12;1.5;2026-01-31\nSur;7;2;2026-02-28\n"
    number = await with_file(talk, table.encode("cp1252"), "casas.csv")
    found = await published(talk, number)
    (file,) = found.document.files
    assert (file.name, file.mime) == (f"data-{number}.csv", "text/csv")
    assert file.columns == (
        PublicColumn(name="barrio", type="string"),
        PublicColumn(name="casas", type="integer"),
        PublicColumn(name="costo", type="number"),
        PublicColumn(name="medido", type="date"),
    )
    assert file.about.in_language("pt") == "uma tabela de 4 colunas e 2 linhas"
    assert found.files[file.name].decode() == table.replace(";", ",").replace("\n", "\r\n")


async def test_what_another_network_shared_is_theirs(talk: Talk) -> None:
    number = await kept(talk, CENSUS)
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE library_resource SET origin = 'Red Mangue' WHERE item = ?", number)
    with pytest.raises(UserError, match="only they make it public"):
        await published(talk, number)


async def test_who_kept_it_and_whom_it_names_stand_nowhere(talk: Talk) -> None:
    number = await kept(
        talk,
        "!guardar contactos Contactos\nPregunten a @carla:test o https://matrix.to/#/@bea:test",
    )
    names = PublicNames(members=await everybody(talk))
    found = await published(talk, number, names)
    assert find_in(found, "@ana", "@bea", "@carla", ":test") == []
    assert names.wanted == {user_id("bea"), user_id("carla")}


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.md", "a.json"])
async def test_a_file_with_addresses_waits_for_those_people(talk: Talk, name: str) -> None:
    data = b'"quien"\n"@carla:test"\n' if name != "a.json" else b'{"quien": "@carla:test"}'
    number = await with_file(talk, data, name)
    names = PublicNames()
    with pytest.raises(UserError, match="did not agree to be named"):
        await published(talk, number, names)
    assert names.wanted == {user_id("carla")}
    assert (await published(talk, number, PublicNames({user_id("carla"): "Carla"}))).files


async def test_a_correction_is_told_to_whoever_publishes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    async def note(_ctx: object, number: int) -> None:
        told.append(number)

    feature = next(iter(talk.machine.registry.features.values()))
    monkeypatch.setitem(feature.services, "public changed", note)
    number = await kept(talk, CENSUS)
    told.clear()
    await talk.says("bea", f"!fuente {number} licencia:CC0")
    assert number in told

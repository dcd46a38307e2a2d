"""What is published stands in the folder, in three languages; one change touches few files."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commands.public_site import paths
from commands.public_site.log.folder_check import check_folder
from commands.public_site.pages import PageMaker
from commands.public_site.published import PER_PAGE, SiteProfile
from commands.public_site.tests import site_world as world
from commands.public_site.tests.site_world import MemoryReader, WrittenSite
from tests.site import faults


def read(site: WrittenSite, path: str) -> str:
    return (site.folder / path).read_text(encoding="utf-8")


def contents(site: WrittenSite) -> dict[str, bytes]:
    """Return all files but the log."""
    found = (path for path in site.folder.rglob("*") if path.is_file())
    files = {path.relative_to(site.folder).as_posix(): path.read_bytes() for path in found}
    return {path: content for path, content in files.items() if paths.is_logged(path)}


async def test_a_stranger_finds_when_by_what_rule_and_how_many(site: WrittenSite) -> None:
    assert 'href="decision-1.html"' in read(site, "es/index.html")
    page = read(site, "es/decision-1.html")
    for fact in ("jueves 3 de diciembre de 2026", "Regla", "dos tercios", "11 de 20", "82%"):
        assert fact in page
    assert 'href="../files/1/result.json"' in page
    assert "quinta-feira, 3 de dezembro de 2026" in read(site, "pt/decision-1.html")
    assert "two thirds of the votes" in read(site, "en/decision-1.html")
    assert "minga verify-folder" in read(site, "en/check.html")
    assert check_folder(site.folder).wrong == []


async def test_a_decision_says_which_file_to_give_to_which_page(site: WrittenSite) -> None:
    page = read(site, "es/decision-1.html")
    assert '<a href="../verify.html">Comprobar este resultado</a>' in page
    assert 'dáselo a esa página: <a href="../files/1/result.json" download>result.json</a>' in page
    assert '<a href="../files/5/table.csv">' in read(site, "es/data-5.html")
    assert "verify.html" not in read(site, "es/data-5.html")


async def test_names_begin_with_a_capital_and_none_stands_twice(site: WrittenSite) -> None:
    page = read(site, "pt/decision-1.html")
    for name in ("Decidido", "Regra", "Votaram"):
        assert f"<dt><bdi>{name}</bdi></dt>" in page
    assert "<caption>Votos por opção</caption>" in page


@pytest.mark.parametrize(
    ("language", "folder", "copy"),
    [
        ("es", "CARPETA", "pide una copia a la red"),
        ("pt", "PASTA", "peça uma cópia à rede"),
        ("en", "FOLDER", "ask the network"),
    ],
)
async def test_how_to_check_says_what_a_phone_can_and_what_to_type(
    site: WrittenSite, language: str, folder: str, copy: str
) -> None:
    page = read(site, f"{language}/check.html")
    assert f"<code>minga verify-folder {folder} --earlier head.json</code>" in page
    assert re.search(r"<code>!expor\w+ publi\w+</code>", page), "how to get the file for a phone"
    assert f"<code>sha256sum {language}/index.html</code>" in page
    assert copy in page
    assert "<code>!" in page
    assert "`" not in page


async def test_every_link_leads_to_a_file_and_no_page_asks_another_host(site: WrittenSite) -> None:
    assert list(faults(site.folder)) == []


async def test_a_text_in_another_language_bears_it(site: WrittenSite) -> None:
    assert '<p dir="auto">Ir sempre em dupla.</p>' in read(site, "pt/text-3.html")
    assert '<p dir="auto" lang="es">Ir siempre en pareja.</p>' in read(site, "en/text-3.html")
    assert '<bdi lang="">Sí</bdi>' in read(site, "es/decision-1.html")
    assert '<bdi lang="es">¿Abrimos la sede?</bdi>' in read(site, "en/decision-1.html")
    assert "<bdi>¿Abrimos la sede?</bdi>" in read(site, "es/decision-1.html")


async def test_no_page_has_a_script_and_each_has_a_policy(site: WrittenSite) -> None:
    for path in site.folder.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
        if path.name != paths.VERIFY:
            assert "<script" not in page
            assert " src=" not in page


async def test_an_empty_site_is_whole(tmp_path: Path) -> None:
    site = WrittenSite(tmp_path / "site", MemoryReader())
    await site.write_all()
    assert "Todavía nada." in read(site, "es/decisions.html")
    assert list(faults(site.folder)) == []
    assert check_folder(site.folder).wrong == []


async def test_a_site_in_one_language_has_no_others(tmp_path: Path) -> None:
    maker = PageMaker(SiteProfile("Rede Mangue", "k", "America/Recife", ("pt",)))
    site = WrittenSite(tmp_path / "site", MemoryReader([world.text(1)]), maker)
    await site.write_all()
    assert not (site.folder / "es").exists()
    assert list(faults(site.folder)) == []


async def test_written_bit_by_bit_it_is_what_is_written_at_once(tmp_path: Path) -> None:
    bit = WrittenSite(tmp_path / "bit", MemoryReader())
    await bit.write_all()
    for n in range(1, 3 * PER_PAGE + 2):
        await bit.write([bit.reader.publish(world.MAKERS[n % 2](n))])
    await bit.write([bit.reader.publish(world.decision(2, "¿Y si no?"))], "changed")
    await bit.write([bit.reader.withdraw(4)], "withdrawn")
    await bit.write([bit.reader.withdraw(5)], "withdrawn")
    await bit.write([bit.reader.publish(world.event(5, "Otra vez"))])
    whole = WrittenSite(tmp_path / "whole", bit.reader)
    await whole.write_all()
    assert contents(bit) == contents(whole)
    for site in (bit, whole):
        assert check_folder(site.folder).wrong == []
        assert list(faults(site.folder)) == []


async def test_one_more_item_leaves_older_pages_as_they_are(tmp_path: Path) -> None:
    shown = [world.decision(n) for n in range(1, 5 * PER_PAGE + 1)]
    site = WrittenSite(tmp_path / "site", MemoryReader(shown))
    await site.write_all()
    before = contents(site)
    written = await site.write([site.reader.publish(world.decision(900))])
    after = contents(site)
    changed = {path for path in after if before.get(path) != after[path]}
    assert len(changed) <= written < 26
    assert {path for path in changed if path in before} <= {
        *(f"{lang}/{name}" for lang in ("es", "pt", "en") for name in ("index.html", "feed.xml")),
        *(f"{lang}/decisions.html" for lang in ("es", "pt", "en")),
        paths.PACKAGE,
    }


async def test_the_first_data_set_has_a_page_of_its_own(tmp_path: Path) -> None:
    site = WrittenSite(tmp_path / "site", MemoryReader([world.data(1)]))
    await site.write_all()
    assert "Instituto del Agua" in read(site, "es/data-1.html")
    assert '<a href="data-1.html">' in read(site, "es/datasets-1.html")


async def test_what_is_withdrawn_is_handed_out_no_more(site: WrittenSite) -> None:
    await site.write([site.reader.publish(world.data(5, "Pozos secretos"))], "changed")
    await site.write([site.reader.withdraw(5, "Tenía nombres.")], "withdrawn")
    page = read(site, "es/data-5.html")
    assert "La red lo retiró. Quien tiene una copia la conserva." in page
    assert "Tenía nombres." in page
    assert not (site.folder / "files/5/table.csv").exists()
    assert not (site.folder / "files/5/datapackage.json").exists()
    assert json.loads(read(site, "record/5.json"))["type"] == "minga.public-withdrawn"
    assert "publicación retirada" in read(site, "es/datasets.html")
    for path, content in contents(site).items():
        assert b"Pozos secretos" not in content, path
    found = check_folder(site.folder)
    assert found.wrong == []
    assert found.state.withdrawn == {5}


async def test_a_file_that_an_item_has_no_more_is_taken_away(site: WrittenSite) -> None:
    bare = world.decision(1).model_copy(update={"files": ()})
    await site.write([site.reader.publish(bare)], "changed")
    assert not (site.folder / "files/1/result.json").exists()
    assert check_folder(site.folder).wrong == []


@pytest.mark.parametrize("name", ["a/../b.html", "../b.html", "/etc/passwd", "x", "A.html", "a.b/"])
def test_no_path_leads_elsewhere(name: str) -> None:
    assert not paths.is_path(name)
    with pytest.raises(ValueError, match="no place"):
        paths.file_of(1, name)

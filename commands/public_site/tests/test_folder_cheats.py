"""`minga verify-folder`: an honest folder holds; each way to cheat is named in three languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.signing.canonical_json import canonical_json
from bot.signing.signer import Signer
from bot.testing.talk import SIGNER
from bot.types import UserId
from commands.public_site import paths
from commands.public_site.log.entries import LogEnd as End
from commands.public_site.log.entries import SiteEntry
from commands.public_site.tests import site_world as world
from commands.public_site.tests.folder_cheats import CHEATS, Cheat, grow, log_lines, sign_anew
from commands.public_site.tests.folder_judges import FolderJudges
from commands.public_site.tests.site_world import WrittenSite
from commands.public_site.verify_tool import MOST_NAMED


async def test_an_honest_folder_holds(
    site: WrittenSite, tmp_path: Path, judge: FolderJudges
) -> None:
    earlier = tmp_path / "head.json"
    shutil.copy(site.folder / "head.json", earlier)
    await grow(site)
    fine, said = judge(site.folder, earlier)
    assert fine
    assert "La carpeta está como la red la escribió:" in said["es"]
    assert "O head.json anterior está no registro" in said["pt"]
    assert "- Public: 16, taken back: 0\n- Decisions among what is public: 8" in said["en"]
    assert SIGNER.public in said["en"]
    fine, said = judge(site.folder)
    assert fine
    assert "Keep head.json" in said["en"]


@pytest.mark.parametrize(("cheat", "named"), CHEATS, ids=[one.__name__ for one, _said in CHEATS])
async def test_each_way_to_cheat_is_named(
    grown: WrittenSite, cheat: Cheat, named: str, judge: FolderJudges
) -> None:
    cheat(grown)
    fine, said = judge(grown.folder)
    assert not fine
    assert named in said["es"]
    assert said["es"].startswith("NO CONFÍES EN ESTA CARPETA:")
    assert said["pt"].startswith("NÃO CONFIE NESTA PASTA:")
    assert said["en"].startswith("DO NOT TRUST THIS FOLDER:")


async def test_a_folder_that_was_rolled_back_shows_by_an_earlier_head(
    site: WrittenSite, tmp_path: Path, judge: FolderJudges
) -> None:
    shutil.copytree(site.folder, tmp_path / "old")
    await grow(site)
    fine, said = judge(tmp_path / "old", site.folder / "head.json")
    assert not fine
    assert "El head.json anterior nombra la entrada 7; este registro termina en la 1" in said["es"]
    assert judge(tmp_path / "old")[0]


async def test_a_past_that_was_rewritten_shows_by_an_earlier_head(
    site: WrittenSite, tmp_path: Path, judge: FolderJudges
) -> None:
    await grow(site)
    shutil.copy(site.folder / "head.json", tmp_path / "head.json")
    sign_anew(site, SIGNER)
    other = WrittenSite(site.folder, site.reader)
    last = SiteEntry.model_validate_json(log_lines(site)[-1])
    other.end, other.at = End(last.seq, last.hash), site.at
    await other.write([site.reader.publish(world.decision(40))])
    _fine, said = judge(site.folder, tmp_path / "head.json")
    assert "La entrada 7 era otra en el head.json anterior." in said["es"]


async def test_a_log_of_another_key_shows_by_an_earlier_head(
    site: WrittenSite, tmp_path: Path, judge: FolderJudges
) -> None:
    shutil.copy(site.folder / "head.json", tmp_path / "head.json")
    impostor = Signer.from_seed(UserId("@minga:test"), b"y" * 32, _own_identity)
    await grow(site)
    sign_anew(site, impostor)
    fine, said = judge(site.folder, tmp_path / "head.json")
    assert not fine
    assert "El head.json anterior se firmó con otra clave:" in said["es"]


def _own_identity(named: object) -> dict[str, object]:
    """Vouch for a key with an identity that somebody made for it."""
    assert isinstance(named, dict)
    master = Signer.from_seed(UserId("@minga:test"), b"z" * 32, lambda one: one)
    signature = master.sign(canonical_json(named))
    return {**named, "signatures": {named["user_id"]: {f"ed25519:{master.public}": signature}}}


async def test_many_faults_are_counted(site: WrittenSite, judge: FolderJudges) -> None:
    for path in (site.folder / "es").iterdir():
        path.unlink()
    _fine, said = judge(site.folder)
    assert said["en"].count(" is missing.") == MOST_NAMED
    assert "others: " in said["en"].splitlines()[-1]


def test_no_folder_is_a_sentence(tmp_path: Path, judge: FolderJudges) -> None:
    fine, said = judge(tmp_path / "none")
    assert not fine
    assert "head.json" in said["en"]


def test_the_log_of_ten_thousand_entries_is_cut_into_parts() -> None:
    assert paths.segment(1) == paths.segment(500) == "log/000001.jsonl"
    assert paths.segment(501) == "log/000002.jsonl"

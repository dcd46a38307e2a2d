"""A copy that was made to be carried says itself what is not in it; nobody else can."""

from __future__ import annotations

from typing import Any

import pytest

from bot.signing.signer import Signer
from bot.testing.talk import SIGNER
from commands.public_site.log.entries import SiteCopy, SiteHead
from commands.public_site.tests.folder_cheats import STRANGER
from commands.public_site.tests.folder_judges import FolderJudges
from commands.public_site.tests.site_world import WrittenSite


def leave_out(site: WrittenSite, *gone: str, signer: Signer = SIGNER, entry: str = "") -> None:
    """Make the folder a copy without these files, as `signer` says."""
    head = SiteHead.model_validate_json((site.folder / "head.json").read_bytes())
    held = {one.relative_to(site.folder).as_posix() for one in site.folder.rglob("*.*")}
    copy = SiteCopy(entry=entry or head.entry, holds=tuple(sorted(held - {*gone})))
    (site.folder / "copy.json").write_text(copy.sign(signer).to_json(), encoding="utf-8")
    for one in gone:
        (site.folder / one).unlink()


PAGES = ("es/decisions.html", "pt/decisions.html")


async def test_a_copy_says_itself_what_is_not_in_it(site: WrittenSite, judge: FolderJudges) -> None:
    leave_out(site, *PAGES)
    fine, said = judge(site.folder)
    assert fine
    assert "- Not in this copy, as the bot says that made it: 2" in said["en"]
    (site.folder / "en/decisions.html").unlink()
    fine, said = judge(site.folder)
    assert not fine and "en/decisions.html is missing" in said["en"]
    assert "es/decisions.html" not in said["en"]


@pytest.mark.parametrize("cheat", [{"signer": STRANGER}, {"entry": "0" * 64}])
async def test_nobody_else_says_what_is_not_in_a_copy(
    site: WrittenSite, cheat: dict[str, Any], judge: FolderJudges
) -> None:
    leave_out(site, *PAGES, **cheat)
    fine, said = judge(site.folder)
    assert not fine
    assert ("copy.json: its signature does not fit" if "signer" in cheat else "is missing") in said[
        "en"
    ]


async def test_a_copy_that_says_nothing_readable_of_itself_is_none(
    site: WrittenSite, judge: FolderJudges
) -> None:
    (site.folder / "copy.json").write_bytes(b"{" * 1000)
    fine, said = judge(site.folder)
    assert not fine and "copy.json can't be read" in said["en"]

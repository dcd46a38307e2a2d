"""What `minga` says of a result or a folder on the command line, and the page beside it.

Whoever has a phone checks with the page what others check with the program: both must say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from commands.public_site.tests.folder_judges import DATES, browsed
from commands.verify_page.tests.judges import PageJudge
from tests.real.botprocess import run_tool


async def judge_result(page: PageJudge, path: Path, *receipts: Path) -> tuple[bool, str]:
    """Return whether a signed result is held to be true, and what is said of it in English."""
    given = [part for one in receipts for part in ("--receipt", one)]
    status, said = await run_tool("verify-result", path, *given)
    found = page.judge(path.read_text(), [one.read_text() for one in receipts])
    _agree((status == 0, said), (found["isTrue"], "\n".join(found["said"]["en"])))
    return status == 0, said


async def judge_folder(
    page: PageJudge, folder: Path, given: Mapping[str, Path] | None = None
) -> tuple[bool, str]:
    """Return whether a folder of what is public is held to be whole, and what is said in English.

    The page is given all of it, or other files with the same inside, by their names.
    """
    status, said = await run_tool("verify-folder", folder)
    fine, lines = page.judge_files(given or browsed(folder))
    # A browser says dates in its own words.
    _agree((status == 0, DATES.sub(r"\1", said)), (fine, DATES.sub(r"\1", lines["en"])))
    return status == 0, said


def _agree(program: tuple[bool, str], page: tuple[bool, str]) -> None:
    assert page == program, f"the program: {program}\nthe page: {page}"

"""Two judges of a folder that must always agree: `minga verify-folder`, and the page in Node."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from commands.public_site.verify_tool import verify
from commands.verify_page.tests.judges import PageJudge, say_in_each_language

DATES = re.compile(r"^(- (?:Entries|Entradas) [^:]*: [0-9]+), .*", re.M)
"""The line with dates, which a browser says in its own words."""
MOST_PACKED = 100 * 2**20
"""Bytes of a folder that is judged as an archive too."""

Verdict = tuple[bool, dict[str, str]]
"""Whether all is held to be whole, and what is said, by language."""


class FolderJudges:
    """Asks the tool about a folder, and the page about it and about its ZIP file."""

    def __init__(self, page: PageJudge, scratch: Path) -> None:
        self.page = page
        self.scratch = scratch

    def __call__(self, folder: Path, earlier: Path | None = None) -> Verdict:
        """Return what the tool says. Raises `AssertionError` unless the page says the same."""
        found = verify(folder, earlier)
        assert found
        fine, lines = found
        said = {one: "\n".join(every) for one, every in say_in_each_language(lines).items()}
        if not self._is_of_disk_alone(folder):
            by_tool = _without_dates((fine, said))
            assert self.judge_files(browsed(folder), earlier) == by_tool
            if sum(path.stat().st_size for path in browsed(folder).values()) < MOST_PACKED:
                packed = pack(folder, self.scratch / "packed.zip")
                assert self.judge_files({"minga.zip": packed}, earlier) == by_tool
        return fine, said

    def judge_files(self, given: dict[str, Path], earlier: Path | None = None) -> Verdict:
        """Return what the page says of files that are given to it by these names."""
        return _without_dates(self.page.judge_files(given, earlier))

    @staticmethod
    def _is_of_disk_alone(folder: Path) -> bool:
        """Return whether it has links or pipes: no browser hands those out, and no archive."""
        return any(one.is_symlink() or not (one.is_dir() or one.is_file()) for one in walk(folder))


def walk(folder: Path) -> list[Path]:
    """Return all that lies below a folder."""
    return sorted(folder.rglob("*"))


def browsed(folder: Path) -> dict[str, Path]:
    """Return the files as a browser names them when the folder is chosen: with its own name."""
    files = (one for one in walk(folder) if one.is_file())
    return {one.relative_to(folder.parent).as_posix(): one for one in files}


def pack(folder: Path, archive: Path) -> Path:
    """Pack a folder as people do, with its own name. Returns the archive."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in browsed(folder).items():
            packed.write(path, name)
    return archive


def _without_dates(verdict: Verdict) -> Verdict:
    fine, said = verdict
    return fine, {one: DATES.sub(r"\1", text) for one, text in said.items()}

"""Records a release: `make record-release` writes what later versions are held against.

In a folder of `tests/data` stand then the hashes of its migrations, which are never changed again,
and two networks' data folders with a backup and the key (`tests/releases/folders.py`). A version
that was not released yet can be recorded again: everything is written anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from bot.capability.discovery import features, migration_folders
from storage.releases import program_version
from storage.schema import CORE
from tests.releases import folders
from tests.source_files import ROOT
from tests.storage.old_data import DATA, pack

HASHES = "migrations.sha256"
ABOUT = """What Minga {version} left on disk, for `tests/storage/test_old_data.py`: a database and
key store in the middle of everything, those of a network it is linked with, and a backup. `make
record-release` wrote it (`tests/releases/folders.py` at that version), once, at the release.
`data.tar.xz` holds what stands inside of the encrypted files; `tests/storage/old_data.py` makes the
very files of it again, which `sha256` proves. The key is public: nothing in here was anybody's.
`migrations.sha256` names the migrations of that version: none of them may ever change.
"""


def recorded() -> list[str]:
    """Return the versions that were recorded, oldest first."""
    found = [path.parent.name for path in DATA.glob(f"*/{HASHES}")]
    return sorted(found, key=lambda version: [*map(int, version.split("."))])


def migration_hashes() -> dict[str, str]:
    """Return the SHA-256 of each migration of this program, by its path in the repository."""
    every = (CORE, CORE / "last", *migration_folders(features()).values())
    files = sorted(file for folder in every for file in folder.glob("*.sql"))
    return {
        str(file.relative_to(ROOT)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
    }


def read_hashes(version: str) -> dict[str, str]:
    """Return the hashes that were recorded at that release."""
    lines = (DATA / version / HASHES).read_text(encoding="utf-8").splitlines()
    return {path: total for total, path in (line.split("  ") for line in lines)}


def record(version: str) -> None:
    """Write all of it anew."""
    target = DATA / version
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / version
        folders.back_up(made, asyncio.run(folders.write(made)))
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        pack(version, made)
    lines = (f"{total}  {path}\n" for path, total in migration_hashes().items())
    (target / HASHES).write_text("".join(lines), encoding="utf-8")
    (target / "README.md").write_text(ABOUT.format(version=version), encoding="utf-8")


if __name__ == "__main__":
    record(program_version())
    sys.stdout.write(f"Recorded {program_version()} in tests/data.\n")

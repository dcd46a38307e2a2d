"""The page takes a folder as one ZIP file, or file by file; it can't be led astray by either."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.public_site.tests.folder_judges import FolderJudges, browsed, pack, walk
from commands.public_site.tests.site_world import WrittenSite

BROKEN = "No se puede leer este archivo ZIP, o se cortó."
TOO_MUCH = "Este ZIP tiene más de lo que una página puede abrir: descomprímelo y elige la carpeta."
WHOLE = "La carpeta está como la red la escribió:"
PAGE = "site/es/decision-1.html"
HELD = 128 * 2**20
"""Bytes of an archive that the page holds in memory at most."""
LOCAL, LISTED, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


@pytest.fixture
def archive(grown: WrittenSite, tmp_path: Path) -> Path:
    return pack(grown.folder, tmp_path / "packed.zip")


def listed(archive: Path, name: str = PAGE) -> int:
    """Return where the archive's list has a file."""
    return archive.read_bytes().index(name.encode(), _list_begins(archive)) - 46


def _list_begins(archive: Path) -> int:
    raw = archive.read_bytes()
    begins: int = struct.unpack_from("<I", raw, raw.rindex(END) + 16)[0]
    return begins


def put(archive: Path, at: int, written: bytes) -> None:
    raw = bytearray(archive.read_bytes())
    raw[at : at + len(written)] = written
    archive.write_bytes(raw)


def cut_off(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-2_000])


def nothing_but_the_mark(archive: Path) -> None:
    archive.write_bytes(LOCAL)


def list_elsewhere(archive: Path) -> None:
    put(archive, archive.read_bytes().rindex(END) + 16, struct.pack("<I", 7))


def more_than_listed(archive: Path) -> None:
    put(archive, archive.read_bytes().rindex(END) + 8, struct.pack("<HH", 9_000, 9_000))


def _put_at_end(archive: Path, at: int, *numbers: int) -> None:
    """Change numbers of two bytes in the record with which the archive ends."""
    written = struct.pack(f"<{len(numbers)}H", *numbers)
    put(archive, archive.read_bytes().rindex(END) + at, written)


def as_many_as_have_their_count_elsewhere(archive: Path) -> None:
    """As where ZIP64 has it."""
    _put_at_end(archive, 8, 0xFFFF, 0xFFFF)


def fewer_than_these_by_one(archive: Path) -> None:
    _put_at_end(archive, 8, 0xFFFE, 0xFFFE)


def begins_where_only_zip64_says(archive: Path) -> None:
    _put_at_end(archive, 16, 0xFFFF, 0xFFFF)


def ends_on_another_disk(archive: Path) -> None:
    _put_at_end(archive, 4, 1)


def begins_on_another_disk(archive: Path) -> None:
    _put_at_end(archive, 6, 1)


def lists_some_on_another_disk(archive: Path) -> None:
    (here,) = struct.unpack_from("<H", archive.read_bytes(), archive.read_bytes().rindex(END) + 8)
    _put_at_end(archive, 8, here - 1)


def encrypted(archive: Path) -> None:
    put(archive, listed(archive) + 8, b"\x01")


def other_compression(archive: Path) -> None:
    put(archive, listed(archive) + 10, b"\x0c")


def shared_bytes(archive: Path) -> None:
    """Let two entries of the list name the same bytes, as bombs do."""
    other = struct.unpack_from(
        "<I", archive.read_bytes(), listed(archive, "site/en/check.html") + 42
    )
    put(archive, listed(archive) + 42, struct.pack("<I", *other))


def unpacks_to_too_much(archive: Path) -> None:
    put(archive, listed(archive) + 24, struct.pack("<I", 2**31))


def larger_than_said(archive: Path) -> None:
    put(archive, listed(archive) + 24, struct.pack("<I", 10))


def smaller_than_said(archive: Path) -> None:
    put(archive, listed(archive) + 24, struct.pack("<I", 10**7))


def named_otherwise_inside(archive: Path) -> None:
    put(archive, archive.read_bytes().index(PAGE.encode()), PAGE.replace("1", "9").encode())


def not_compressed_after_all(archive: Path) -> None:
    at = archive.read_bytes().index(PAGE.encode()) + len(PAGE)
    put(archive, at, b"\xff" * 40)


def _added(archive: Path, name: str, content: bytes = b"Decidimos otra cosa.") -> None:
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr(name, content)


def twice(archive: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        _added(archive, PAGE)


def out_of_the_folder(archive: Path) -> None:
    _added(archive, "../../outside.html")


def beside_the_folder(archive: Path) -> None:
    _added(archive, "index.html")


def from_the_root(archive: Path) -> None:
    _added(archive, "/etc/passwd")


def bomb(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("site/files/1/bomb.csv", b"\0" * 50_000_000)


UNREADABLE = f"No se puede leer {PAGE.removeprefix('site/')}, o es demasiado grande."


@pytest.mark.parametrize(
    ("cheat", "named"),
    [
        (cut_off, BROKEN),
        (nothing_but_the_mark, BROKEN),
        (list_elsewhere, BROKEN),
        (more_than_listed, BROKEN),
        (as_many_as_have_their_count_elsewhere, TOO_MUCH),
        (fewer_than_these_by_one, BROKEN),
        (begins_where_only_zip64_says, TOO_MUCH),
        (ends_on_another_disk, BROKEN),
        (begins_on_another_disk, BROKEN),
        (lists_some_on_another_disk, BROKEN),
        (encrypted, BROKEN),
        (other_compression, BROKEN),
        (shared_bytes, BROKEN),
        (unpacks_to_too_much, TOO_MUCH),
        (larger_than_said, UNREADABLE),
        (smaller_than_said, UNREADABLE),
        (named_otherwise_inside, UNREADABLE),
        (not_compressed_after_all, UNREADABLE),
        (twice, f"{PAGE} está dos veces en el ZIP"),
        (out_of_the_folder, "../../../outside.html se agregó: el registro no lo conoce."),
        (beside_the_folder, "../index.html se agregó: el registro no lo conoce."),
        (from_the_root, "..//etc/passwd se agregó: el registro no lo conoce."),
        (bomb, "files/1/bomb.csv se agregó: el registro no lo conoce."),
    ],
)
def test_each_way_to_cheat_with_an_archive_is_named(
    archive: Path, judge: FolderJudges, cheat: Callable[[Path], None], named: str
) -> None:
    assert judge.judge_files({"a.zip": archive})[0]
    cheat(archive)
    fine, said = judge.judge_files({"a.zip": archive})
    assert not fine
    assert named in said["es"]
    assert "\n- " not in said["es"].partition("- ")[2], "nothing else is wrong"


def test_an_archive_holds_however_it_was_packed(
    grown: WrittenSite, tmp_path: Path, judge: FolderJudges
) -> None:
    """Without its folder, not compressed, with a comment, its folders named."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in walk(grown.folder):
            archive.write(path, path.relative_to(grown.folder).as_posix())
        archive.comment = b"PK\x05\x06 of the assembly" * 9
    file = tmp_path / "stored"
    file.write_bytes(packed.getvalue())
    fine, said = judge.judge_files({"stored": file})
    assert fine
    assert said["es"].startswith(WHOLE)


def test_an_archive_too_large_for_memory_is_read_in_place(
    archive: Path, judge: FolderJudges
) -> None:
    """A hole before its list takes no room on the disk."""
    raw, begins = archive.read_bytes(), _list_begins(archive)
    with archive.open("r+b") as file:
        file.truncate(begins)
        file.seek(begins + HELD)
        file.write(raw[begins:])
        file.seek(begins + HELD + raw.rindex(END) - begins + 16)
        file.write(struct.pack("<I", begins + HELD))
    assert judge.judge_files({"a.zip": archive}) == judge.judge_files(
        browsed(archive.parent / "site")
    )
    with archive.open("r+b") as file:
        file.seek(raw.index(PAGE.encode()) + len(PAGE))
        file.write(b"\xff" * 40)
    fine, said = judge.judge_files({"a.zip": archive})
    assert not fine
    assert UNREADABLE in said["es"]


def test_an_archive_from_before_shows_what_was_rolled_back(
    grown: WrittenSite, archive: Path, tmp_path: Path, judge: FolderJudges
) -> None:
    fine, said = judge.judge_files(browsed(grown.folder), archive)
    assert fine
    assert "El head.json anterior está en el registro" in said["es"]
    (tmp_path / "none.zip").write_bytes(LOCAL)
    _fine, said = judge.judge_files(browsed(grown.folder), tmp_path / "none.zip")
    assert said["es"] == BROKEN


def by_name(*files: Path) -> dict[str, Path]:
    return {one.name: one for one in files}


def test_files_that_are_given_one_by_one_are_known_by_what_is_in_them(
    grown: WrittenSite, tmp_path: Path, judge: FolderJudges
) -> None:
    folder = grown.folder
    saved = (folder / "es/decision-1.html").rename(tmp_path / "decision-1(2).html")
    log = (folder / "log/000001.jsonl").rename(tmp_path / "000001 (1).jsonl")
    given = by_name(folder / "head.json", log, saved, folder / "record/6.json")
    fine, said = judge.judge_files(given)
    assert fine
    assert "- Archivos que son lo que dice el registro: 2\n" in said["es"]
    assert "- Archivos del sitio que no me diste: " in said["es"]
    saved.write_text("Decidimos otra cosa.", encoding="utf-8")
    fine, said = judge.judge_files(given)
    assert not fine
    assert "decision-1.html cambió, o no es de este sitio" in said["es"]
    assert not judge.judge_files(by_name(folder / "head.json", saved))[0], "without the log"
    assert not judge.judge_files(by_name(log, folder / "record/6.json"))[0], "without the head"


def test_the_folder_is_found_in_the_one_that_was_chosen(
    grown: WrittenSite, judge: FolderJudges
) -> None:
    chosen = {f"Downloads/{name}": path for name, path in browsed(grown.folder).items()}
    assert judge.judge_files(chosen)[0]
    nested = {f"Downloads/site/old/{name}": path for name, path in browsed(grown.folder).items()}
    fine, said = judge.judge_files({**chosen, **nested})
    assert not fine
    assert "old/site/calendar.ics se agregó: el registro no lo conoce." in said["es"]

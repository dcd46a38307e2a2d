"""The books of what is handed out: the log, the site's files, and what waits for the folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.api import Number
from commands.public_site import paths
from commands.public_site.log.entries import SiteEntry
from commands.public_site.published import documents
from commands.publishing.places.folder import LoggedLine
from storage.database import Tx


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """What is known of the folder. `written`: the last entry that stands in it.

    `look`: what its pages were made with. `trouble`: the state that its people were told of.
    `checked`: the path up to which its files were looked at.
    """

    written: int
    look: str
    trouble: str
    checked: str


@dataclass(frozen=True, slots=True)
class ChangeBatch:
    """Items to write next: the first that changed. `last`: the change up to which they count.

    `newest`: the newest change of all. Pages that were made before it may show what is gone.
    """

    last: int
    newest: int
    numbers: tuple[Number, ...]


async def get_folder(tx: Tx, folder: Path | None) -> FolderRecord | None:
    """Return what is stored about this public folder or, where there is none, of the log alone.

    None if it is a new one, and something stands in the log already.
    """
    row = await tx.one("SELECT * FROM publishing_folder WHERE path = ?", str(folder or ""))
    if row is None:
        begun = await tx.exists("SELECT 1 FROM publishing_entry LIMIT 1")
        return None if begun else FolderRecord(0, "", "", "")
    return FolderRecord(row["written"], row["look"], row["trouble"], row["checked"])


async def update_folder(tx: Tx, folder: Path | None, **values: Any) -> None:
    """Store the state of the public folder, in place of that of any other folder."""
    path = str(folder or "")
    await tx.run("DELETE FROM publishing_folder WHERE path != ?", path)
    await tx.run("INSERT OR IGNORE INTO publishing_folder (one, path) VALUES (1, ?)", path)
    for name, value in values.items():
        await tx.run(f"UPDATE publishing_folder SET {name} = ?", value)  # noqa: S608


# --- what changed ---------------------------------------------------------------------------------


async def next_batch(tx: Tx, most: int) -> ChangeBatch | None:
    """Return the first changes of what is public that the site's log lacks, at most `most`, and
    which items changed by them; None if it lacks none."""
    rows = await tx.all(
        "SELECT seq, number FROM publishing_change WHERE NOT logged ORDER BY seq LIMIT ?", most
    )
    if not rows:
        return None
    numbers = tuple(dict.fromkeys(Number(row["number"]) for row in rows))
    newest = await tx.column(int, "SELECT max(seq) FROM publishing_change")
    return ChangeBatch(rows[-1]["seq"], newest[0], numbers)


async def has_outdated(tx: Tx) -> bool:
    """Return whether something that the site's log names has changed, and the log lacks that."""
    return await tx.exists(
        "SELECT 1 FROM publishing_change JOIN publishing_logged USING (number)"
        " WHERE NOT publishing_change.logged LIMIT 1"
    )


async def end_batch(tx: Tx, batch: ChangeBatch, *, is_there: bool) -> None:
    """Store that these public changes stand in the log. `is_there`: there is no folder to wait
    for."""
    await tx.run("UPDATE publishing_change SET logged = 1 WHERE seq <= ?", batch.last)
    if is_there:
        await tx.run("DELETE FROM publishing_change WHERE logged")


async def queue_all(tx: Tx, at: float, *, anew: bool) -> None:
    """Store that every public item is to be written again. `anew`: also the files that are as they
    were."""
    if anew:
        await tx.run("UPDATE publishing_path SET present = 0")
    await tx.run(
        "INSERT INTO publishing_change (number, at) SELECT number, ? FROM publishing_item"
        " ORDER BY since, number",
        at,
    )


# --- the log --------------------------------------------------------------------------------------


async def last_line(tx: Tx, seq: int | None = None) -> LoggedLine | None:
    """Return the newest entry of the public log, or the one with this number."""
    row = await tx.one(
        "SELECT * FROM publishing_entry WHERE seq = coalesce(?, (SELECT max(seq) FROM"
        " publishing_entry))",
        seq,
    )
    return _line(row) if row else None


async def lines_after(tx: Tx, seq: int) -> list[LoggedLine]:
    """Return the entries of the public log after this one, in order."""
    rows = await tx.all("SELECT * FROM publishing_entry WHERE seq > ? ORDER BY seq", seq)
    return [_line(row) for row in rows]


def _line(row: Any) -> LoggedLine:
    return LoggedLine(row["seq"], row["at"], row["hash"], row["line"], row["ends"])


async def add_entries(tx: Tx, entries: Sequence[SiteEntry], *, is_there: bool) -> None:
    """Store new entries of the public log and the file hashes in them. `is_there`: the folder has
    them."""
    last = await last_line(tx)
    for entry in entries:
        line = entry.to_json()
        same = last is not None and paths.segment(last.seq) == paths.segment(entry.seq)
        ends = (last.ends if last and same else 0) + len(line.encode()) + 1
        last = LoggedLine(entry.seq, entry.at, entry.hash, line, ends)
        await tx.run(
            "INSERT INTO publishing_entry VALUES (?, ?, ?, ?, ?)",
            last.seq,
            last.at,
            last.hash,
            last.line,
            last.ends,
        )
        await tx.many(
            "INSERT OR REPLACE INTO publishing_path VALUES (?, ?, 1)", list(entry.files.items())
        )
        await tx.many(
            "INSERT OR REPLACE INTO publishing_logged VALUES (?, ?, ?)",
            [(one.number, one.kind, one.what != "withdrawn") for one in entry.changes],
        )
        if is_there:
            await tx.many(
                "DELETE FROM publishing_unwritten WHERE path = ?", [(one,) for one in entry.files]
            )


# --- files ----------------------------------------------------------------------------------------


async def known_hashes(tx: Tx, named: Sequence[str]) -> dict[str, str]:
    """Return by path the hash that the public log has of each of these files; `REMOVED` for one
    that was taken away.

    A path is missing if the log never had it, or if its file has to be written whatever its hash.
    """
    known: dict[str, str] = {}
    for path in named:
        row = await tx.one("SELECT sha256 FROM publishing_path WHERE path = ? AND present", path)
        if row is not None:
            known[path] = row["sha256"]
    return known


async def hash_before(tx: Tx, path: str) -> str:
    """Return the hash that the public log has of a file, or an empty string if it never was there
    or was removed."""
    row = await tx.one("SELECT sha256 FROM publishing_path WHERE path = ?", path)
    return str(row["sha256"]) if row else ""


async def last_written(tx: Tx, path: str) -> datetime | None:
    """Return when (UTC) the public log last names a file, or None if it never does."""
    rows = await tx.column(
        int,
        "SELECT at FROM publishing_entry WHERE instr(line, ?) ORDER BY seq DESC LIMIT 1",
        f'"{path}":',
    )
    return datetime.fromtimestamp(rows[0], UTC) if rows else None


async def logged_item(tx: Tx, number: int) -> tuple[documents.Kind, bool] | None:
    """Return an item's kind and whether it is public by the log, or None if the log doesn't name
    it."""
    row = await tx.one("SELECT * FROM publishing_logged WHERE number = ?", number)
    return (row["kind"], bool(row["is_public"])) if row else None


async def language_paths(tx: Tx, language: str, most: int) -> list[str]:
    """Return the paths of the public site's files in this language, the first `most`."""
    query = (
        "SELECT path FROM publishing_path WHERE path >= ? AND path < ? AND sha256 != ''"
        " ORDER BY path LIMIT ?"
    )
    return await tx.column(str, query, f"{language}/", f"{language}0", most)


async def stale_paths(tx: Tx, most: int) -> list[str]:
    """Return files that are no longer made, once everything was written again."""
    query = "SELECT path FROM publishing_path WHERE present = 0 ORDER BY path LIMIT ?"
    return await tx.column(str, query, most)


async def keep_unwritten(tx: Tx, files: Mapping[str, bytes | None]) -> None:
    """Store the files that the log names already, until they have been written to the public
    folder."""
    await tx.many("INSERT OR REPLACE INTO publishing_unwritten VALUES (?, ?)", list(files.items()))


async def unwritten_files(tx: Tx) -> dict[str, bytes | None]:
    """Return the files that wait to be written into the public folder."""
    rows = await tx.all("SELECT path, content FROM publishing_unwritten")
    return {row["path"]: row["content"] for row in rows}


async def forget_unwritten(tx: Tx) -> None:
    """Store that no file waits to be written into the public folder."""
    await tx.run("DELETE FROM publishing_unwritten")
    await tx.run("DELETE FROM publishing_change WHERE logged")


async def drop_unwritten(tx: Tx) -> None:
    """Store that the files waiting for the public folder are to be made anew, as they may hold what
    was withdrawn."""
    await tx.run(
        "UPDATE publishing_path SET present = 0 WHERE path IN"
        " (SELECT path FROM publishing_unwritten WHERE content IS NOT NULL)"
    )
    await tx.run("DELETE FROM publishing_unwritten WHERE content IS NOT NULL")
    await tx.run("UPDATE publishing_change SET logged = 0")
    await tx.run("UPDATE publishing_folder SET look = ''")
    tx.shred()


async def paths_after(tx: Tx, path: str, most: int) -> dict[str, str]:
    """Return the next files of the public site after this one, by path, with their hashes."""
    rows = await tx.all(
        "SELECT path, sha256 FROM publishing_path WHERE path > ? AND sha256 != '' AND present"
        " ORDER BY path LIMIT ?",
        path,
        most,
    )
    return {row["path"]: row["sha256"] for row in rows}


async def public_numbers(
    tx: Tx, numbers: Sequence[Number]
) -> dict[int, tuple[documents.Kind, bool]]:
    """Return, for each of these items, its kind and whether it is public now."""
    found: dict[int, tuple[documents.Kind, bool]] = {}
    for number in numbers:
        row = await tx.one(
            "SELECT kind, document IS NOT NULL AS public FROM publishing_item WHERE number = ?",
            number,
        )
        if row is not None:
            found[number] = row["kind"], bool(row["public"])
    return found


async def newest_numbers(tx: Tx, most: int) -> tuple[list[Number], int]:
    """Return the newest items that are or were public, and how many there are in all."""
    found = await tx.column(
        Number, "SELECT number FROM publishing_item ORDER BY since DESC, number DESC LIMIT ?", most
    )
    return found, await tx.count("SELECT count(*) AS n FROM publishing_item")


async def all_hashes(tx: Tx) -> dict[str, str]:
    """Return the hash of every file of the public site, by path."""
    rows = await tx.all("SELECT path, sha256 FROM publishing_path WHERE sha256 != ''")
    return {row["path"]: row["sha256"] for row in rows}

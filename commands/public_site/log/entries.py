"""The log: one signed entry for each write, each with the hash of the one before it.

An entry is a line of canonical JSON in `log/000001.jsonl`; `head.json` names the newest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import Field

from bot.api import Count, Hash, SignedModel, Signer, StrictModel
from commands.public_site.paths import LONGEST_PATH
from commands.public_site.published import documents

MOST_FILES = 200
"""Files in one entry; what is more is written in several."""
MOST_HELD = 100_000
"""Files in a copy that has not all."""
NO_HASH = "0" * 64
"""What stands before the first entry."""
REMOVED = ""
"""Stands in place of the hash of a file that was taken away."""

ChangeKind = Literal["published", "changed", "withdrawn"]


class LogChange(StrictModel):
    """What became of an item."""

    number: Count
    kind: documents.Kind
    what: ChangeKind


class SiteEntry(SignedModel):
    """One write of the site: what changed, and the SHA-256 of each file that was written.

    `at`: seconds since 1970 (UTC).
    """

    type: Literal["minga.public-log"] = "minga.public-log"
    v: Literal[1] = 1
    seq: Annotated[int, Field(ge=1, lt=2**53)]
    at: Count
    previous: Hash
    changes: Annotated[tuple[LogChange, ...], Field(max_length=MOST_FILES)] = ()
    files: Annotated[
        dict[
            Annotated[str, Field(max_length=LONGEST_PATH)],
            Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")],
        ],
        Field(max_length=MOST_FILES),
    ]


class SiteHead(SignedModel):
    """The newest entry, and the bot's key, vouched for by its Matrix identity."""

    type: Literal["minga.public-head"] = "minga.public-head"
    v: Literal[1] = 1
    seq: Annotated[int, Field(ge=1, lt=2**53)]
    entry: Hash
    at: Count
    key: str
    certificate: dict[str, Any]


class SiteCopy(SignedModel):
    """What a copy to be carried has of the site where it has not all: the other files are left out.

    `entry`: the hash of the newest entry. `holds`: paths of files that the log names.
    """

    type: Literal["minga.public-copy"] = "minga.public-copy"
    v: Literal[1] = 1
    entry: Hash
    holds: Annotated[
        tuple[Annotated[str, Field(max_length=LONGEST_PATH)], ...], Field(max_length=MOST_HELD)
    ]


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The newest entry's number and hash. That of an empty log is the default."""

    seq: int = 0
    hash: str = NO_HASH


def file_hash(content: bytes | None) -> str:
    """Return the SHA-256 of a file as the public site's log has it, or `REMOVED`."""
    return REMOVED if content is None else sha256(content).hexdigest()


def make_entries(
    end: LogEnd, at: int, changes: Sequence[LogChange], files: Mapping[str, str], signer: Signer
) -> list[SiteEntry]:
    """Return signed log entries that follow on `end`: one, or several where there are many files.

    `files`: the path of each file that was written, with its `file_hash`.
    """
    entries: list[SiteEntry] = []
    for some, paths in _in_parts(changes, sorted(files)):
        entry = SiteEntry(
            seq=end.seq + 1,
            at=at,
            previous=end.hash,
            changes=some,
            files={path: files[path] for path in paths},
        ).sign(signer)
        entries.append(entry)
        end = end_of(entry)
    return entries


def end_of(entry: SiteEntry) -> LogEnd:
    """Return number and hash of the end of a log whose newest entry this is."""
    return LogEnd(entry.seq, entry.hash)


def make_head(end: LogEnd, at: int, signer: Signer) -> SiteHead:
    """Return the signed head of a log."""
    return SiteHead(
        seq=end.seq,
        entry=end.hash,
        at=at,
        key=signer.public,
        certificate=dict(signer.certificate),
    ).sign(signer)


def _in_parts(
    changes: Sequence[LogChange], paths: Sequence[str]
) -> Iterator[tuple[tuple[LogChange, ...], list[str]]]:
    """Yield changes and paths in parts of `MOST_FILES` at most, once at least."""
    left, named = iter(changes), iter(paths)
    while True:
        some, part = tuple(islice(left, MOST_FILES)), list(islice(named, MOST_FILES))
        if not some and not part:
            return
        yield some, part

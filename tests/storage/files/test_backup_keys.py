"""A backup with a key of its own opens with that key alone, and with nothing else."""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import pytest

from storage.database import Database
from storage.encryption import backup_keys, secrets
from storage.encryption.backup_keys import PRIVATE, PUBLIC, NeedsSecret, Recipients, parse_half
from storage.encryption.keys import DATABASE, HEADER, SecretError
from storage.encryption.root_key import unlock
from storage.files.backup import MAGIC, BackupError, read_backup_info, write_backup
from storage.files.backup_format import Sealing
from storage.files.backup_records import OLD_MAGIC
from storage.files.restoration import restore_backup
from tests.storage.files.place import MARKERS, Place, make_place, secret

pytestmark = pytest.mark.usefixtures("quick_passphrases")
PHRASE = b"six words that nobody guesses here\n"


@pytest.fixture
async def place(tmp_path: Path) -> Place:
    return await make_place(tmp_path)


async def brought_back(file: Path, there: Path, opens: bytes) -> Path:
    """Restore where there is no key; what was there is there. Return the key file made."""
    key_file = there / "secrets/key"
    await restore_backup(file, there / "data", key_file=key_file, secret=opens)
    keys = unlock(there / "data", key_file=key_file)
    db = await Database.open(there / "data" / DATABASE, keys.db, create=False)
    async with db.reading() as tx:
        assert await secrets.get(tx, keys.xsign, "seeds") == b"marker-seeds"
    await db.close()
    return key_file


async def test_a_machine_with_the_public_half_cannot_read_its_backups(
    place: Place, tmp_path: Path
) -> None:
    (public, private), file = backup_keys.create_pair(), tmp_path / "file"
    half = parse_half(public, PUBLIC)
    assert half is not None
    await write_backup(place.data, place.keys, file, Sealing(Recipients(None, (half,))))
    with pytest.raises(NeedsSecret, match=r"private half of [0-9a-f]{12}"):
        await restore_backup(file, tmp_path / "new", key_file=place.key_file)
    for wrong in (public, place.key_file.read_text(), "six words that nobody guesses here"):
        with pytest.raises(SecretError):
            await restore_backup(
                file, tmp_path / "new", key_file=place.key_file, secret=wrong.encode()
            )
    assert not list((tmp_path / "new").iterdir())
    typed = backup_keys.spaced(private).upper()  # from paper
    await brought_back(file, tmp_path / "elsewhere", typed.encode())


async def test_the_root_key_is_not_in_the_clear(place: Place, tmp_path: Path) -> None:
    half = parse_half(backup_keys.create_pair()[0], PUBLIC)
    assert half is not None
    to = Recipients(PHRASE, (half,))
    await write_backup(place.data, place.keys, tmp_path / "file", Sealing(to, MARKERS[0]))
    raw = (tmp_path / "file").read_bytes()
    hidden = [*(one.encode() for one in MARKERS), b"marker-seeds", b"SQLite format"]
    hidden += [place.keys.root, place.keys.root.hex().encode(), place.keys.id.encode()]
    hidden += [json.loads((place.data / HEADER).read_text())["salt"].encode()]
    assert [one for one in hidden if one in raw] == []


async def test_several_keys_open_the_same_file_and_another_one_does_not(
    place: Place, tmp_path: Path
) -> None:
    pairs, file = [backup_keys.create_pair() for _ in range(3)], tmp_path / "file"
    halves = [parse_half(public, PUBLIC) for public, _private in pairs[:2]]
    to = Recipients(PHRASE, tuple(half for half in halves if half))
    await write_backup(place.data, place.keys, file, Sealing(to))
    for number, opens in enumerate((pairs[0][1], pairs[1][1], PHRASE.decode())):
        await brought_back(file, tmp_path / str(number), opens.encode())
    with pytest.raises(SecretError, match=r"This private half is of pair \w+\. The backup opens"):
        await brought_back(file, tmp_path / "other", pairs[2][1].encode())
    with pytest.raises(SecretError, match="not the passphrase of the backup"):
        await brought_back(file, tmp_path / "other", b"six words that somebody else knows")
    assert not (tmp_path / "other/secrets").exists()


async def test_a_passphrase_file_that_anybody_could_guess_is_refused(tmp_path: Path) -> None:
    for text, why in (("short", "too short"), ("aaaaaaaaaaaaaaaa", "too easy")):
        with pytest.raises(SecretError, match=why):
            backup_keys.read_passphrase(secret(tmp_path / text, text))


def test_every_mistyped_letter_of_a_half_is_found() -> None:
    public, private = backup_keys.create_pair()
    letters = private.removeprefix(PRIVATE)
    for at, letter in enumerate(letters):
        wrong = letters[:at] + ("a" if letter != "a" else "b") + letters[at + 1 :]
        assert parse_half(PRIVATE + wrong, PRIVATE) is None
        assert parse_half(PRIVATE + letters[:at] + letters[at + 1 :], PRIVATE) is None
    assert parse_half(public, PRIVATE) is None
    assert parse_half(PRIVATE + public.removeprefix(PUBLIC), PRIVATE) is None
    assert parse_half(backup_keys.spaced(private), PRIVATE) is not None


@pytest.mark.parametrize("kind", ["root", "passphrase", "public"])
async def test_what_is_cut_or_flipped_anywhere_is_refused_and_leaves_nothing(
    place: Place, tmp_path: Path, kind: str
) -> None:
    public, private = backup_keys.create_pair()
    half = parse_half(public, PUBLIC)
    assert half is not None
    to = {
        "root": Recipients(),
        "passphrase": Recipients(PHRASE),
        "public": Recipients(None, (half,)),
    }[kind]
    opens = {"root": None, "passphrase": PHRASE, "public": private.encode()}[kind]
    file, bad = tmp_path / "file", tmp_path / "bad"
    await write_backup(place.data, place.keys, file, Sealing(to))
    whole = file.read_bytes()
    (length,) = struct.unpack(">I", whole[len(MAGIC) : len(MAGIC) + 4])
    front = len(MAGIC) + 4 + length
    steps = range(0, front, 7)
    places = [*steps, front, front + 1, front + 65_551, len(whole) // 2, len(whole) - 1]
    broken = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    broken += [whole[:at] for at in places] + [whole + b"x"]
    new, key_file = tmp_path / "new", place.key_file if kind == "root" else tmp_path / "none"
    for text in broken:
        bad.write_bytes(text)
        with pytest.raises((BackupError, SecretError)) as caught:
            await restore_backup(bad, new, key_file=key_file, secret=opens)
        assert len(caught.value.lines) == 1
        assert not list(new.iterdir())
    assert not (tmp_path / "none").exists()


async def test_a_newer_one_another_network_and_no_backup_are_named(
    place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    await write_backup(place.data, place.keys, file, Sealing(account="@minga:here"))

    async def refused(source: Path, match: str, **more: object) -> None:
        new = tmp_path / "new"
        with pytest.raises(BackupError, match=match):
            await restore_backup(source, new, key_file=place.key_file, **more)  # type: ignore[arg-type]
        assert not list(new.iterdir())

    await refused(file, "backup of @minga:here.*names @other:here", account="@other:here")
    newer = tmp_path / "newer"
    newer.write_bytes(b"MINGA-BACKUP 3\n" + file.read_bytes()[len(MAGIC) :])
    await refused(newer, "A newer Minga made this backup: install that one")
    newer.write_bytes(os.urandom(500))
    await refused(newer, "not a backup of Minga")
    db = await place.open()
    async with db.transaction() as tx:
        await tx.run("UPDATE schema_version SET version = 9999 WHERE owner = 'core'")
    await db.close()
    await write_backup(place.data, place.keys, tmp_path / "future")
    await refused(tmp_path / "future", "A newer Minga made this backup: install that one")


async def test_another_key_at_the_new_place_is_not_overwritten(
    place: Place, tmp_path: Path
) -> None:
    file, other = tmp_path / "file", secret(tmp_path / "other", "5e" + "0a17" * 15 + "ff")
    await write_backup(place.data, place.keys, file, Sealing(Recipients(PHRASE)))
    before = other.read_bytes()
    with pytest.raises(BackupError, match="the restore then writes the right one anew"):
        await restore_backup(file, tmp_path / "new", key_file=other, secret=PHRASE)
    assert other.read_bytes() == before
    assert not list((tmp_path / "new").iterdir())
    await restore_backup(file, tmp_path / "new", key_file=place.key_file, secret=PHRASE)
    assert unlock(tmp_path / "new", key_file=place.key_file).xsign == place.keys.xsign


async def test_a_backup_of_the_first_format_still_comes_back(place: Place, tmp_path: Path) -> None:
    """As the program made them before they could have a key of their own."""
    import secrets as random
    from datetime import UTC, datetime

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    from storage.encryption import keys as keyring
    from storage.files import backup

    await backup._copy(place.data / DATABASE, place.keys, tmp_path / "copy")
    header = keyring.read_header(place.data)
    assert header is not None
    salt = random.token_bytes(32)
    told = {"made": datetime.now(UTC).isoformat(), "salt": salt.hex()}
    text = json.dumps({**told, "key": keyring.backup_header(header)}).encode()
    front = OLD_MAGIC + struct.pack(">I", len(text)) + text
    cipher = AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"minga backup 1").derive(place.keys.backup))
    plain = (tmp_path / "copy").read_bytes()
    chunks = [plain[at : at + 65_536] for at in range(0, len(plain), 65_536)]
    sealed = [
        cipher.encrypt(
            number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, front
        )
        for number, chunk in enumerate(chunks)
    ]
    (tmp_path / "old").write_bytes(front + b"".join(sealed))
    await restore_backup(tmp_path / "old", tmp_path / "new", key_file=place.key_file)
    keys = unlock(tmp_path / "new", key_file=place.key_file)
    await (await Database.open(tmp_path / "new" / DATABASE, keys.db, create=False)).close()


@pytest.mark.parametrize(
    "header",
    [
        "[" * 30_000,
        '{"made": "0001-01-01T00:00:00+23:59", "salt": "00", "recipients": [1]}',
        '{"made": 5}',
        '{"made": "2026-01-01T00:00+00:00", "salt": "00", "recipients": []}',
        (
            '{"made": "2026-01-01T00:00+00:00", "salt": "00", "recipients": [{"kind": "public",'
            ' "id": "\\u001b[2J", "sealed": "00"}]}'
        ),
        (
            '{"made": "2026-01-01T00:00+00:00", "salt": "00", "recipients": [{"kind": "passphrase",'
            ' "salt": "00", "n": 1073741824, "r": 8, "p": 1, "sealed": "00"}]}'
        ),
        '{"made": "2026-01-01T00:00+00:00", "salt": "00", "recipients": [{"kind": "new"}]}',
        (
            '{"made": "0001-01-01T00:00:00+23:59", "salt": "", "recipients": [{"kind": "public",'
            ' "id": "00", "sealed": "00"}]}'
        ),
    ],
)
def test_a_header_that_somebody_made_up_is_refused(tmp_path: Path, header: str) -> None:
    text = header.encode()
    (tmp_path / "file").write_bytes(MAGIC + struct.pack(">I", len(text)) + text)
    with pytest.raises(BackupError, match="its header cannot be read"):
        read_backup_info(tmp_path / "file")


def test_a_mark_that_somebody_made_up_is_not_ours(tmp_path: Path) -> None:
    header = {"made": "2026-01-01T00:00+00:00", "salt": "00", "mark": "ñ"}
    one = {"kind": "public", "id": "00", "sealed": "00"}
    text = json.dumps({**header, "recipients": [one]}, ensure_ascii=False).encode()
    (tmp_path / "file").write_bytes(MAGIC + struct.pack(">I", len(text)) + text)
    assert not read_backup_info(tmp_path / "file").is_marked(b"ours")

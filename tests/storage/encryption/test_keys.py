"""The root key: where it comes from, what it refuses, what it never shows."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from storage.encryption import root_key
from storage.encryption.keys import DATABASE, HEADER, Keys, SecretError
from storage.encryption.root_key import check_new_secret, parse_root_key, unlock
from storage.encryption.secret_files import read_secret, write_secret
from storage.encryption.weak_secrets import is_weak_key, is_weak_passphrase

KEY = bytes(range(32)).hex().encode()


def secret(path: Path, text: bytes, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    path.chmod(mode)
    return path


def test_every_use_has_a_key_of_its_own() -> None:
    keys = Keys.from_root(b"\x01" * 32, "ab" * 32)
    values = [getattr(keys, f.name) for f in fields(keys) if f.name != "id"]
    assert len(set(values)) == len(values) == 9
    assert all(len(value) == 32 for value in values)


def test_keys_stay_the_same_for_ever() -> None:
    """A change here would lock every network out of its data."""
    keys = Keys.from_root(bytes(range(32)))
    assert keys.id == "ea46b3733cd3"
    assert keys.db.hex().startswith("ca1b151ffa585a96")
    assert keys.bare_db == keys.db
    live = Keys.from_root(bytes(range(32)), "ab" * 32)
    assert (live.bare_db, live.xsign, live.backup) == (keys.db, keys.xsign, keys.backup)
    assert live.db.hex().startswith("7671e58e836f03a0")


def test_keys_are_never_shown() -> None:
    keys = Keys.from_root(os.urandom(32))
    shown = f"{keys!r} {keys}"
    assert all(getattr(keys, f.name).hex() not in shown for f in fields(keys) if f.name != "id")
    assert shown.count("Keys(") == 2


def test_a_key_file_is_hexadecimal_or_any_long_secret(tmp_path: Path) -> None:
    assert parse_root_key(b"AB" * 32 + b"\n", tmp_path) == b"\xab" * 32
    phrase = b"any secret that has thirty-two bytes or more"
    assert parse_root_key(phrase, tmp_path) == parse_root_key(phrase + b"\r\n", tmp_path)
    assert parse_root_key(b"\xff" * 31 + b"\n", tmp_path) != parse_root_key(b"\xff" * 32, tmp_path)
    with pytest.raises(SecretError, match="32 bytes"):
        parse_root_key(b"short\n", tmp_path)


def test_a_new_key_is_made_only_where_there_is_no_data(tmp_path: Path) -> None:
    file, data = tmp_path / "secrets/key", tmp_path / "data"
    with pytest.raises(SecretError, match="minga init"):
        unlock(data, key_file=file)
    first = unlock(data, key_file=file, create=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert unlock(data, key_file=file, create=True) == first
    file.unlink()
    with pytest.raises(SecretError, match="is missing, and"):
        unlock(data, key_file=file, create=True)
    (data / HEADER).unlink()
    (data / DATABASE).write_bytes(b"x")
    with pytest.raises(SecretError, match="is missing, and"):
        unlock(data, key_file=file, create=True)
    assert not file.exists()


def test_a_wrong_key_is_refused_by_name(tmp_path: Path) -> None:
    data = tmp_path / "data"
    unlock(data, key_file=secret(tmp_path / "a", b"the first of many secrets, long enough"))
    with pytest.raises(SecretError, match="is not the key of this data"):
        unlock(data, key_file=secret(tmp_path / "b", b"b" * 40))
    assert not (data / DATABASE).exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_secret_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SecretError, match="chmod 600"):
        read_secret(secret(tmp_path / "key", b"a" * 40, mode))


def test_a_credential_of_systemd_may_show_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir(mode=0o750)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    assert read_secret(secret(folder / "key", b"a" * 40, 0o440))
    folder.chmod(0o755)
    with pytest.raises(SecretError, match="chmod 600"):
        read_secret(secret(folder / "key", b"a" * 40, 0o444))


def test_a_passphrase_opens_only_with_its_salt(tmp_path: Path) -> None:
    data, phrase = tmp_path / "data", secret(tmp_path / "phrase", b"correct horse battery\n")
    unused = tmp_path / "key"
    first = unlock(data, key_file=unused, passphrase_file=phrase)
    assert unlock(data, key_file=unused, passphrase_file=phrase) == first
    with pytest.raises(SecretError, match="locked with a passphrase"):
        unlock(data, key_file=secret(unused, b"a" * 40))
    with pytest.raises(SecretError, match="does not open this data"):
        unlock(data, key_file=unused, passphrase_file=secret(tmp_path / "no", b"another phrase"))
    (data / HEADER).unlink()
    (data / DATABASE).write_bytes(b"x")
    with pytest.raises(SecretError, match="without its salt"):
        unlock(data, key_file=unused, passphrase_file=phrase)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b"nonsense", b'{"version": 2, "kdf": "file"}'])
def test_a_damaged_header_is_a_sentence(tmp_path: Path, text: bytes) -> None:
    (tmp_path / HEADER).write_bytes(text)
    with pytest.raises(SecretError, match="damaged"):
        unlock(tmp_path, key_file=secret(tmp_path / "key", b"a" * 40))


def test_the_header_holds_nothing_of_the_key(tmp_path: Path) -> None:
    keys = unlock(tmp_path / "data", key_file=secret(tmp_path / "key", KEY))
    header = (tmp_path / "data" / HEADER).read_text()
    assert KEY.decode() not in header
    assert all(getattr(keys, f.name).hex() not in header for f in fields(keys) if f.name != "id")


def test_a_secret_is_never_written_over_another(tmp_path: Path) -> None:
    write_secret(tmp_path / "key", b"first")
    with pytest.raises(FileExistsError):
        write_secret(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["key"]


def test_a_hardened_process_leaves_no_core_and_no_open_file(tmp_path: Path) -> None:
    script = (
        "import resource, pathlib, sys; from storage.encryption.keys import harden; harden();"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0]);"
        "p = pathlib.Path(sys.argv[1]); p.write_text('x'); print(oct(p.stat().st_mode & 0o777));"
        "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    run = [sys.executable, "-c", script, str(tmp_path / "new")]
    root = Path(__file__).parents[3]
    said = subprocess.run(run, capture_output=True, text=True, check=True, cwd=root).stdout.split()  # noqa: S603
    assert said[:2] == ["0", "0o600"]
    assert sys.platform != "linux" or said[2] == "0"


@pytest.mark.parametrize("text", [b"0" * 64, b"ab" * 32, b"0123456789abcdef" * 4, b"abcabc" * 9])
def test_a_key_that_repeats_itself_locks_no_new_data(tmp_path: Path, text: bytes) -> None:
    file = secret(tmp_path / "key", text)
    with pytest.raises(SecretError, match=r"is no random key.*openssl rand -hex 32"):
        unlock(tmp_path / "data", key_file=file)
    assert not (tmp_path / "data").exists()
    with pytest.raises(SecretError, match="is no random key"):
        check_new_secret(key_file=file)


@pytest.mark.parametrize(
    "text",
    [b"a" * 12, b"abcabcabcabc", b"123456789012", b"palabra palabra palabra ", b"aabbccddaabb"],
)
def test_a_passphrase_that_anybody_guesses_locks_no_new_data(tmp_path: Path, text: bytes) -> None:
    file, unused = secret(tmp_path / "phrase", text), tmp_path / "key"
    with pytest.raises(SecretError, match="too easy to guess"):
        unlock(tmp_path / "data", key_file=unused, passphrase_file=file)
    assert not (tmp_path / "data").exists()


def test_what_is_hard_to_guess_is_taken() -> None:
    assert not any(is_weak_key(os.urandom(32).hex().encode()) for _ in range(500))
    assert not is_weak_key(b"any secret that has thirty-two bytes or more")
    for words in (b"correct horse battery", b"seis palabras que nadie sabe", b"9" + KEY[:30]):
        assert not is_weak_passphrase(words)


def test_data_that_a_weak_key_locked_before_still_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = secret(tmp_path / "key", b"ab" * 32)
    with monkeypatch.context() as before:
        before.setattr(root_key, "is_weak_key", lambda _: False)
        keys = unlock(tmp_path / "data", key_file=file)
    assert unlock(tmp_path / "data", key_file=file) == keys

"""The steps of a change of the key.

At each of them the configured secret opens the data: until the swap the old one, from then on the
new one (`storage/encryption/key_change.py`). Whatever ends it, the next call or start goes on.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.i18n import _
from bot.operate.change_key.key_places import KeyKind, KeyPlace, name_kept
from bot.operate.change_key.plan import Plan, edit_configuration, find_place
from bot.operate.change_key.unit_lines import find_unit, has_lines, tell_unit
from bot.operate.operator_errors import Stop
from storage.encryption import key_change, live_salt
from storage.encryption.key_destruction import overwrite_file
from storage.encryption.key_header import LIVE_SALT, NEXT, new_header, read_header
from storage.encryption.keys import Keys, SecretError, is_key_of, key_id
from storage.encryption.root_key import find_root_key_in, make_root_key, unlock
from storage.encryption.secret_files import new_beside, replace_file
from storage.files import lock

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from bot.operate.config import Config


async def make_change(plan: Plan, secret: bytes, *, destroy_old: bool) -> None:
    """Encrypt the data with the new secret and put that in its place.

    Raises `Stop`, `SecretError`, `DiskTrouble` or `OSError`. Then either nothing was changed, or
    the next call or start goes on.
    """
    header, root = await _open_all(plan)
    if _is_same(secret, plan.new, header):
        raise Stop(_("That is the key that the data has already. Nothing was changed."))
    how = new_header(plan.new.kind.kdf)
    new_root = make_root_key(secret, plan.new.file, how)
    old_file = key_change.kept_path(plan.old.file, header["id"]) if plan.in_place else plan.old.file
    now = datetime.now(UTC).isoformat(timespec="seconds")
    former = key_change.FormerKey(key_id(root), now, str(old_file), destroy_old)
    try:
        plan.new.stage(secret)
        place = (plan.new.kind.value, plan.new.file)
        key_change.prepare_change(plan.data, root, new_root, how, former, place)
        _swap(plan, header["id"])
    except BaseException:
        with contextlib.suppress(OSError, SecretError):  # else the next call does it
            take_back(plan.path)
            plan.new.staged.unlink(missing_ok=True)
        raise
    await key_change.finish_with(plan.data, secret, plan.new.file)
    settle_former(plan.data)


async def finish_earlier(config: Config, path: Path) -> bool:
    """Finish a change of the key that was interrupted; but undo it if the new secret had not yet
    taken the place of the old one. Return whether the key, or the configuration for it, has been
    changed now."""
    data = config.storage.data_dir
    pending = key_change.pending_change(data)
    if pending is not None:
        kind, file, begun = pending
        new = KeyPlace(KeyKind(kind), file, config.storage.key_file.name)
        if not begun and not _is_swapped(config, path, new):
            take_back(path)
            pending = None
        else:
            tell_place(path, new)
            await key_change.finish_with(data, new.read(), file)
    settle_former(data)
    return _settle_configuration(config, path) or pending is not None


def _settle_configuration(config: Config, path: Path) -> bool:
    """Let the configuration say what the unit says already. Return whether it did not.

    A bot of systemd may have finished a change to a passphrase before the configuration was
    written.
    """
    known, header = key_change.known_place(config.storage.data_dir), _header(config)
    now = find_place(config, path)
    if known is None or now.kind.kdf == header["kdf"]:
        return False
    kind, file = known
    text = edit_configuration(config, path, KeyPlace(KeyKind(kind), file, ""))
    if text is not None:
        _write_configuration(path, text)
    return text is not None


async def finish_at_start(config: Config) -> None:
    """Finish, before the bot starts, a change of the key that was interrupted, if the new secret is
    the configured one. Else leave it: the old secret still opens everything. Raises
    `FolderBusy`."""
    where = config.storage
    if key_change.pending_change(where.data_dir) is None:
        return
    with lock.hold(where.data_dir):
        done = await key_change.finish_change(
            where.data_dir, key_file=where.key_file, passphrase_file=where.passphrase_file
        )
    if done:
        log.info("key.changed")
        with contextlib.suppress(OSError):  # of a unit, the file of a key is root's: doctor tells
            settle_former(where.data_dir)


def take_back(path: Path) -> None:
    """Undo a prepared change of the key, unless the configured secret is the new one already."""
    from bot.operate.config import load_config

    config = load_config(path)
    data = config.storage.data_dir
    header, pending = read_header(data), key_change.pending_change(data)
    if header is None or pending is None:
        return
    kind, file, begun = pending
    new, old = KeyPlace(KeyKind(kind), file, ""), find_place(config, path)
    if begun or _is_swapped(config, path, new):
        return
    if (unit := find_unit(path)) is not None and has_lines(unit):
        tell_unit(unit, old)
    key_change.cancel_change(data)
    for left in (new.staged, new_beside(path.resolve())):
        left.unlink(missing_ok=True)
    if file != old.file:
        file.unlink(missing_ok=True)
    else:
        key_change.kept_path(file, header["id"]).unlink(missing_ok=True)


def _is_swapped(config: Config, path: Path, new: KeyPlace) -> bool:
    """Return whether the bot would start with the new secret of a pending change."""
    header = _header(config)
    now = find_place(config, path, new.file if new.kind is KeyKind.CREDENTIAL else None)
    return now.kind.kdf == header[NEXT]["kdf"] and _fits(now, header[NEXT])


def _fits(place: KeyPlace, header: dict[str, Any]) -> bool:
    try:
        find_root_key_in(place.read(), place.file, header)
    except SecretError:
        return False
    return True


async def _open_all(plan: Plan) -> tuple[dict[str, Any], bytes]:
    """Return the header and the root key, after opening all that they lock.

    Raises `SecretError`, `WrongKey` or `DatabaseDamaged`.
    """
    header, where = read_header(plan.data), plan.config.storage
    if header is None or header["kdf"] != plan.old.kind.kdf:
        unlock(where.data_dir, key_file=where.key_file, passphrase_file=where.passphrase_file)
        raise RuntimeError("the key opens the data, though it is of another kind")
    root = find_root_key_in(plan.old.read(), plan.old.file, header)
    keys = Keys.from_root(root, header.get(LIVE_SALT))
    keys = await live_salt.ensure_live_salt(plan.data, keys)
    await key_change.check_data(plan.data, keys)
    return header, root


def _is_same(secret: bytes, place: KeyPlace, header: dict[str, Any]) -> bool:
    if header["kdf"] != place.kind.kdf:
        return False
    return is_key_of(make_root_key(secret, place.file, header), header)


def _swap(plan: Plan, old_id: str) -> None:
    """Put the new secret where the bot looks for it.

    A passphrase that the unit gives counts also where the configuration names none, so the unit
    gives it before the configuration names it, and still does when that names it no more.
    """
    if plan.in_place:
        plan.old.keep(old_id)
    plan.new.put()
    if plan.new.kind is KeyKind.PASSPHRASE:
        tell_place(plan.path, plan.new)
    if plan.text is not None:
        _write_configuration(plan.path, plan.text)
    if plan.new.kind is not KeyKind.PASSPHRASE:
        tell_place(plan.path, plan.new)


def _write_configuration(path: Path, text: str) -> None:
    file = path.resolve()
    replace_file(file, text.encode(), like=file.stat())


def _header(config: Config) -> dict[str, Any]:
    return read_header(config.storage.data_dir) or {}


def tell_place(path: Path, new: KeyPlace) -> None:
    """Tell the systemd unit of this configuration, if there is one, where the key is now."""
    if (unit := find_unit(path)) is not None:
        tell_unit(unit, new)


def settle_former(data: Path) -> None:
    """Destroy the former key if that was wished; else rename its file so that it tells the key's
    id."""
    header = read_header(data)
    former = key_change.former_key(header) if header is not None else None
    if former is None or not former.file:
        return
    file = Path(former.file)
    if former.unwanted:
        overwrite_file(file)
        key_change.note_former(data, "")
    elif (kept := name_kept(file, former.id)) != former.file:
        key_change.note_former(data, kept)

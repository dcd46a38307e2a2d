"""Set-ups whose data, files or disk are broken (rows 7 to 16, 45 to 55, 62 to 65, 72 to 78)."""

from __future__ import annotations

import resource
import shutil
import subprocess
import time
from pathlib import Path

from storage.database import Tx
from storage.encryption import key_destruction
from storage.encryption.keys import DATABASE, HEADER, KEY_STORE
from tests.operate.doctor.scene import OTHER_USER, Bot, flip, row

BACK = r".*minga restore"
NEW_DEVICE = r".*minga init --new-device"
CHOWN = r".*chown -R --reference=\S*data \S*data"


@row(7, "key.json missing", r"key\.json is missing; without its salt" + BACK)
def no_header(bot: Bot) -> None:
    (bot.data / HEADER).unlink()


@row(8, "key.json damaged", r"key\.json is damaged.*move its folder away" + BACK)
def damaged_header(bot: Bot) -> None:
    (bot.data / HEADER).write_text("{}")


@row(9, "minga.db one byte flipped in the middle", r"minga\.db is damaged.*the key is right" + BACK)
def flipped_database(bot: Bot) -> None:
    flip(bot.data / DATABASE, (bot.data / DATABASE).stat().st_size // 2)


@row(10, "minga.db flipped in page 1", r"minga\.db is damaged.*the key is right" + BACK)
def flipped_first_page(bot: Bot) -> None:
    flip(bot.data / DATABASE, 100)


@row(11, "minga.db cut in half", r"minga\.db is damaged.*the key is right" + BACK)
def cut_database(bot: Bot) -> None:
    file = bot.data / DATABASE
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@row(12, "matrix.db flipped in the middle", r"matrix\.db is damaged.*the key is right" + NEW_DEVICE)
def flipped_key_store(bot: Bot) -> None:
    flip(bot.data / KEY_STORE, (bot.data / KEY_STORE).stat().st_size // 2)


@row(13, "matrix.db missing", r"matrix\.db is gone: " + NEW_DEVICE)
def no_key_store(bot: Bot) -> None:
    (bot.data / KEY_STORE).unlink()


GONE = r"minga\.db is gone, though matrix\.db beside it is there:" + BACK
OCCUPIED = r"shows an encryption identity for this account already.*minga restore.*minga recover"


@row(14, "minga.db missing", GONE, also=OCCUPIED)
def no_database(bot: Bot) -> None:
    (bot.data / DATABASE).unlink()


@row(15, "minga.db empty", GONE, also=OCCUPIED)
def empty_database(bot: Bot) -> None:
    (bot.data / DATABASE).write_bytes(b"")


@row(16, "data folder gone", OCCUPIED)
def no_folder(bot: Bot) -> None:
    shutil.rmtree(bot.data)


@row(45, "data_dir not writable", r"data may not be written, not.*Mend it: chmod 700", root=True)
def closed_folder(bot: Bot) -> None:
    bot.give()
    bot.data.chmod(0o500)


@row(
    46, "matrix.db belongs to root", r"matrix\.db belongs to user 0, its folder" + CHOWN, root=True
)
def roots_key_store(bot: Bot) -> None:
    bot.give(bot.data / KEY_STORE)


@row(47, "minga.db belongs to root", r"minga\.db belongs to user 0, its folder" + CHOWN, root=True)
def roots_database(bot: Bot) -> None:
    bot.give(bot.data / DATABASE)


@row(
    48,
    "minga.lock belongs to root",
    r"minga\.lock belongs to user 0, its folder" + CHOWN,
    root=True,
)
def roots_lock(bot: Bot) -> None:
    bot.give(bot.data / "minga.lock")


@row(49, "key.json belongs to root", r"key\.json belongs to user 0, its folder" + CHOWN, root=True)
def roots_header(bot: Bot) -> None:
    bot.give(bot.data / HEADER)


OWNER = rf" belongs to user 0 and is closed to user {OTHER_USER}.*chown (-R )?{OTHER_USER} "


@row(50, "key belongs to root", r"secrets/key" + OWNER, root=True)
def roots_key(bot: Bot) -> None:
    bot.give(bot.key)


@row(51, "config.toml belongs to root", r"config\.toml" + OWNER, root=True)
def roots_config(bot: Bot) -> None:
    bot.give(bot.config)


@row(52, "secrets folder belongs to root", r"secrets(/\w+)?" + OWNER, root=True)
def roots_secrets(bot: Bot) -> None:
    bot.give(bot.folder / "secrets")
    (bot.folder / "secrets").chmod(0o700)


def small_disk(bot: Bot, size: str = "8m") -> Path:
    """The data on a small disk of its own, which the test unmounts."""
    kept = bot.data.rename(bot.folder / "kept")
    bot.data.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(bot.data)]
    subprocess.run(mount, check=True)  # noqa: S603
    shutil.copytree(kept, bot.data, dirs_exist_ok=True)
    return bot.data


FULL = r"The disk of \S* is full: .*Make room|Only 0 MiB are free .*make room"


@row(53, "disk full", FULL, root=True)
def full_disk(bot: Bot) -> None:
    folder = small_disk(bot)
    with (folder / ".fill").open("wb", buffering=0) as file:
        (folder / ".fill").chmod(0o600)
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            return


@row(54, "disk nearly full", r"Only \d MiB are free .*make room, 200 MiB at least", root=True)
def nearly_full_disk(bot: Bot) -> None:
    small_disk(bot)


@row(55, "read-only file system", r"mounted read-only: mount it for writing", root=True)
def read_only_disk(bot: Bot) -> None:
    remount = ["mount", "-o", "remount,ro", str(small_disk(bot, "600m"))]
    subprocess.run(remount, check=True)  # noqa: S603


@row(
    62, "database of a newer version", r"Minga 99\.0\.0 wrote.* Install 99\.0\.0; .*minga rollback"
)
def newer_database(bot: Bot) -> None:
    async def newer(tx: Tx) -> None:
        await tx.run("UPDATE schema_version SET version = 99 WHERE owner = 'core'")
        await tx.run("INSERT INTO release VALUES ('99.0.0', ?)", time.time() + 60)

    bot.change_data(newer)


@row(
    63,
    "destroyed on purpose",
    r"destroyed on purpose.*move that folder away, put the key back" + BACK,
)
def destroyed(bot: Bot) -> None:
    key_destruction.overwrite_keys(bot.data, bot.key)


@row(64, "data folder gone, doctor first", OCCUPIED)
def no_folder_at_all(bot: Bot) -> None:
    shutil.rmtree(bot.data)
    bot.key.unlink()


@row(
    65,
    "key.json and minga.db gone",
    r"key\.json is missing; without its salt" + BACK,
    also=OCCUPIED,
)
def only_key_store(bot: Bot) -> None:
    (bot.data / HEADER).unlink()
    (bot.data / DATABASE).unlink()


@row(
    72,
    "doctor as root on the folder of another user",
    r"secrets/key belongs to user 0.*as a credential",
    kind="note",
    root=True,
)
def blind_root(bot: Bot) -> None:
    bot.give(bot.key)
    bot.user = 0


@row(73, "folder of config 0755", kind="ok")
def open_folder(bot: Bot) -> None:
    bot.folder.chmod(0o755)


@row(74, "data 0755", r"Others can look into \S*data\. Mend it: chmod 700 \S*data")
def open_data(bot: Bot) -> None:
    bot.data.chmod(0o755)


@row(75, "minga.db 0644", r"Others can read \S*minga\.db\. Mend it: chmod 600 \S*minga\.db")
def open_database(bot: Bot) -> None:
    (bot.data / DATABASE).chmod(0o644)


@row(
    76,
    "left .backup copy",
    r"\.backup-deadbeef was left by a backup that was cut off: rm \S*\.backup-deadbeef",
)
def left_copy(bot: Bot) -> None:
    (bot.data / ".backup-deadbeef").touch(mode=0o644)


@row(77, "nofile 40", kind="ok")
def few_files(bot: Bot) -> None:
    bot.limits[resource.RLIMIT_NOFILE] = 40


@row(78, "400 MB of address space", kind="ok")
def little_memory(bot: Bot) -> None:
    bot.limits[resource.RLIMIT_AS] = 400 * 2**20

"""The package for YunoHost: its scripts are run, with stand-ins for what YunoHost gives them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.operate.config import load_config
from tests.packages.units import DEPLOY

PACKAGE = DEPLOY / "yunohost"
MANIFEST = tomllib.loads((PACKAGE / "manifest.toml").read_text(encoding="utf-8"))
ANSWERS = {
    "homeserver": "https://matrix.example.org",
    "user_id": "@minga:example.org",
    "password": 'a "password" that $opens nothing',
    "moderator": "@ana:example.org",
    "network_name": "Red de Ñuñoa",
    "language": "es",
    "timezone": "America/Santiago",
}
HELPERS = """
set -eu
app=minga
install_dir=ROOT/install
data_dir=ROOT/data
ynh_script_progression() { :; }
ynh_print_info() { :; }
ynh_hide_warnings() { "$@"; }
ynh_safe_rm() { rm -rf "$1"; }
ynh_app_setting_delete() { echo "$1" >> ROOT/forgotten; }
ynh_systemctl() { echo "$*" >> ROOT/services; }
yunohost() { echo "$*" >> ROOT/services; }
chown() { :; }
fill() {
    sed -e "s|__APP__|$app|g; s|__INSTALL_DIR__|$install_dir|g; s|__DATA_DIR__|$data_dir|g" \\
        -e "s|__HOMESERVER__|${homeserver:-}|; s|__USER_ID__|${user_id:-}|" \\
        -e "s|__NETWORK_NAME__|${network_name:-}|; s|__LANGUAGE__|${language:-}|" \\
        -e "s|__TIMEZONE__|${timezone:-}|; s|__MODERATOR__|${moderator:-}|" "../conf/$1" > "$2"
}
ynh_config_add() { fill "${1#--template=}" "${2#--destination=}"; }
ynh_config_add_systemd() { fill systemd.service ROOT/minga.service; }
# The wheel and the lock are tried by the tests of the wheel and of the image.
install_program() { test -d "$1"; mkdir -p "$install_dir"; ln -sfn VENV "$install_dir/venv"; }
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGE, tmp_path / "package")
    helpers = HELPERS.replace("ROOT", str(tmp_path)).replace("VENV", sys.prefix)
    (tmp_path / "helpers").write_text(helpers)
    (tmp_path / "data").mkdir()
    return tmp_path


def run(root: Path, script: str, **settings: str) -> None:
    """Run one of the package's scripts, in the folder in which YunoHost runs it."""
    path = root / "package/scripts" / script
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("/usr/share/yunohost/helpers", str(root / "helpers")))
    done = subprocess.run(  # noqa: S603
        ["bash", str(path)],  # noqa: S607
        cwd=path.parent,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **settings},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_bot_reads_what_was_answered_and_finds_its_secrets(root: Path) -> None:
    run(root, "install", **ANSWERS)
    folder = root / "install/config"
    config = load_config(folder / "config.toml")
    assert config.matrix.user_id == ANSWERS["user_id"]
    assert config.matrix.password() == ANSWERS["password"]
    assert config.network.name == ANSWERS["network_name"]
    assert config.network.timezone == ANSWERS["timezone"]
    assert config.storage.data_dir == root / "data"
    assert re.fullmatch(r"[0-9a-f]{64}\n", (folder / "key").read_text())
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (root / "forgotten").read_text() == "--key=password\n"
    assert (root / "services").read_text().endswith("--service=minga --action=start\n")


def test_an_upgrade_leaves_configuration_and_key_alone(root: Path) -> None:
    run(root, "install", **ANSWERS)
    before = {path.name: path.read_bytes() for path in (root / "install/config").iterdir()}
    run(root, "upgrade")
    assert {path.name: path.read_bytes() for path in (root / "install/config").iterdir()} == before


def test_each_question_has_an_answer_in_the_configuration() -> None:
    asked = set(MANIFEST["install"])
    assert asked == set(ANSWERS)
    filled = (PACKAGE / "conf/config.toml").read_text(encoding="utf-8")
    assert {name for name in asked if f"__{name.upper()}__" in filled} == asked - {"password"}
    for name, question in MANIFEST["install"].items():
        if "pattern" in question:
            assert re.fullmatch(question["pattern"]["regexp"], ANSWERS[name]), name
            assert not re.fullmatch(question["pattern"]["regexp"], 'a" \n[b]'), name


def test_its_service_is_as_hardened_as_ours() -> None:
    """But that its data lie below /home, of which it sees nothing else."""
    ours = (DEPLOY / "minga.service").read_text().split("\n\n[Install]")[0].split("\n")
    hardening = set(ours[ours.index("NoNewPrivileges=yes") :])
    theirs = set((PACKAGE / "conf/systemd.service").read_text().split("\n"))
    assert len(hardening) > 20
    assert hardening - theirs == {"ProtectHome=yes"}
    assert {"ProtectHome=tmpfs", "BindPaths=__DATA_DIR__"} <= theirs

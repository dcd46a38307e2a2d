"""The role for matrix-docker-ansible-deploy is played on this machine, up to the containers.

The playbook's own variables are stood in for, and the two modules that talk to Docker write down
what they were asked. What the role writes is then read by those who will read it.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.operate.config import load_config
from tests.source_files import ROOT

ROLE = ROOT / "deploy/ansible/matrix-bot-minga"
DOCKER = """
import json
from ansible.module_utils.basic import AnsibleModule
options = "name dockerfile path pull args rebuild enable_ipv6 driver driver_options".split()
module = AnsibleModule({option: {"type": "raw"} for option in options})
with open("FILE", "a") as file:
    file.write(json.dumps(module.params) + "\\n")
module.exit_json(changed=True)
"""
KEY = "1f" * 32
ASKED = {
    "matrix_bot_minga_container_network": "matrix-addons",
    "matrix_bot_minga_container_additional_networks_auto": ["matrix-homeserver"],
    "matrix_bot_minga_homeserver_url": "http://matrix-synapse:8008",
    "matrix_bot_minga_password": "a password that opens nothing",
    "matrix_bot_minga_key": KEY,
    "matrix_bot_minga_network_name": 'Red "de ejemplo"',
    "matrix_bot_minga_network_timezone": "America/Bogota",
    "matrix_bot_minga_network_moderators": ["@ana:example.org"],
    "matrix_bot_minga_environment_variables": {"MINGA_LOG__LEVEL": "debug"},
}


def play(folder: Path, tools: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Play the role with what an operator writes into vars.yml."""
    modules = folder / "collections/ansible_collections/community/docker/plugins/modules"
    modules.mkdir(parents=True, exist_ok=True)
    for name in ("docker_image_build", "docker_network"):
        (modules / f"{name}.py").write_text(DOCKER.replace("FILE", str(folder / name)))
    source = folder / "source"
    if not source.exists():
        git = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(source))
        subprocess.run(["git", "init", "-q", "-b", "main", str(source)], check=True)  # noqa: S603, S607
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "a"], check=True)  # noqa: S603
    (folder / "units").mkdir(exist_ok=True)
    given = {
        "ansible_become": False,
        "ansible_python_interpreter": str(tools / "python"),
        "matrix_base_data_path": str(folder / "matrix"),
        "matrix_domain": "example.org",
        "matrix_user_name": os.geteuid(),
        "matrix_group_name": os.getegid(),
        "matrix_user_uid": 991,
        "matrix_user_gid": 992,
        "devture_systemd_docker_base_docker_service_name": "docker.service",
        "devture_systemd_docker_base_ipv6_enabled": True,
        "devture_systemd_docker_base_container_networks_driver_options": {},
        "devture_systemd_docker_base_systemd_path": str(folder / "units"),
        "devture_systemd_docker_base_systemd_unit_home_path": "/root",
        "devture_systemd_docker_base_host_command_docker": "/usr/bin/docker",
        "devture_systemd_docker_base_container_stop_grace_time_seconds": 30,
        "matrix_bot_minga_container_repo": str(source),
        **ASKED,
        **more,
    }
    book = [{"hosts": "localhost", "connection": "local", "roles": [{"role": str(ROLE)}]}]
    (folder / "book.json").write_text(json.dumps([{**book[0], "gather_facts": False}]))
    (folder / "vars.json").write_text(json.dumps(given))
    command = ["ansible-playbook", "-i", "localhost,", "book.json", "-e", "@vars.json"]
    return subprocess.run(  # noqa: S603
        [str(tools / command[0]), *command[1:], "--tags", "setup-all"],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
            "ANSIBLE_NOCOLOR": "1",
        },
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, tools: Path) -> Path:
    folder = tmp_path_factory.mktemp("role")
    done = play(folder, tools)
    assert done.returncode == 0, done.stdout + done.stderr
    assert KEY not in done.stdout
    return folder


def test_the_bot_reads_the_configuration_that_the_role_writes(
    played: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = played / "matrix/minga/config"
    config = load_config(folder / "config.toml")
    assert config.matrix.user_id == "@bot.minga:example.org"
    assert config.matrix.password() == ASKED["matrix_bot_minga_password"]
    assert config.network.name == ASKED["matrix_bot_minga_network_name"]
    assert config.trust.plain_http
    assert config.storage.key_file == folder / "key"
    name, _, value = (folder / "env").read_text().strip().partition("=")
    monkeypatch.setenv(name, value)
    assert load_config(folder / "config.toml").log.level == "debug"
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == dict.fromkeys(("config.toml", "password", "key", "env"), 0o600)


def test_the_service_starts_the_image_that_was_built_with_nothing_but_its_data(
    played: Path,
) -> None:
    (asked,) = map(json.loads, (played / "docker_image_build").read_text().splitlines())
    assert asked["rebuild"] == "always"
    assert len(asked["args"]["REVISION"]) == 40
    unit = (played / "units/matrix-bot-minga.service").read_text()
    created = unit.replace("\\\n", " ").partition("docker create")[2].partition("\n")[0].split()
    assert created[-4:] == [asked["name"], "run", "--config", "/config/config.toml"]
    assert {"--read-only", "--cap-drop=ALL", "--user=991:992"} <= set(created)
    mounts = [word for word in created if word.startswith("type=bind")]
    assert [mount.endswith("dst=/config,ro") for mount in mounts] == [True, False]
    assert mounts[1].endswith("dst=/data")
    assert "network connect matrix-homeserver matrix-bot-minga\n" in unit


def test_played_again_it_restarts_nothing(played: Path, tools: Path) -> None:
    tasks = play(played, tools).stdout.split("\nTASK ")
    changed = [task for task in tasks if "\nchanged: " in task and "container" not in task]
    assert changed == []


@pytest.mark.parametrize("missing", ["matrix_bot_minga_key", "matrix_bot_minga_network_moderators"])
def test_what_is_missing_is_named_before_anything_is_written(
    tmp_path: Path, tools: Path, missing: str
) -> None:
    done = play(tmp_path, tools, **{missing: type(ASKED[missing])()})
    assert done.returncode != 0
    assert f"`{missing}`" in done.stdout
    assert not (tmp_path / "matrix").exists()

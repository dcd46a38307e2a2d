"""The files of a homeserver, filled in from `files/`, and written all together or not at all."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from bot.i18n import _
from bot.operate.homeserver.plan import HomeserverPlan
from bot.operate.operator_words import in_words

HERE = Path(__file__).parent / "files"
BOTH = (
    *("Caddyfile", "backup.sh", "restore.sh"),
    *("homeserver-backup.service", "homeserver-backup.timer"),
)
PACKAGES = ("install.sh", "synapse.service", "postgresql.conf", "synapse.lock")
CONTAINERS = ("compose.yaml",)
OF_SYNAPSE = ("homeserver.yaml", "log.yaml")
POSTGRESQL = {
    "shared_buffers": "256MB",
    "effective_cache_size": "768MB",
    "work_mem": "4MB",
    "maintenance_work_mem": "64MB",
    "max_connections": "30",
    "random_page_cost": "1.1",
    "checkpoint_completion_target": "0.9",
    "wal_compression": "on",
    # A refused statement is logged with what somebody wrote in it.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
"""PostgreSQL on a machine with 1 to 2 GB of memory that Synapse shares."""
_HOLE = re.compile(r"@\{(\w+)\}")


def synapse_version() -> str:
    """Return the version of Synapse that the lock file names, with which the tests run."""
    found = re.search(r"^matrix-synapse==(\S+)", (HERE / "synapse.lock").read_text(), re.MULTILINE)
    assert found, "synapse.lock names no Synapse"
    return found[1]


def write_files(plan: HomeserverPlan, more: Mapping[str, str]) -> None:
    """Write a homeserver's folder, with `more` files in it. Raises `FileExistsError` if there is
    something."""
    new = plan.folder.with_name(f".{plan.folder.name}.new")
    new.parent.mkdir(parents=True, exist_ok=True)
    if plan.folder.exists() and any(plan.folder.iterdir()):
        raise FileExistsError(str(plan.folder))
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    try:
        for name in ("synapse", "media"):
            (new / name).mkdir(mode=0o700)
        for name, text in {**_texts(plan), **more}.items():
            _write(new / name, text, 0o644)
        for name, text in _secrets(plan).items():
            _write(new / name, text, 0o600)
        for made in (new, *new.rglob("*")):
            os.chown(made, *plan.owner)
        new.rename(plan.folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _write(path: Path, text: str, mode: int) -> None:
    from storage.encryption.secret_files import write_secret

    path.parent.mkdir(parents=True, exist_ok=True)
    write_secret(path, text.encode())
    path.chmod(mode)


def _texts(plan: HomeserverPlan) -> dict[str, str]:
    values = _values(plan)
    names = {name: name for name in (*BOTH, *(CONTAINERS if plan.containers else PACKAGES))}
    names |= {f"synapse/{name}": name for name in OF_SYNAPSE}
    texts = {place: _filled((HERE / name).read_text(), values) for place, name in names.items()}
    return texts | _well_known(plan)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: values[hole[1]], text)


def _values(plan: HomeserverPlan) -> dict[str, str]:
    settings = POSTGRESQL.items()
    return {
        "domain": plan.domain,
        "address": plan.address,
        "email": f"\temail {plan.email}\n" if plan.email else "",
        "folder": str(plan.folder),
        "inside": plan.inside,
        "port": str(plan.port),
        "federation": "true" if plan.federation else "false",
        "resources": "client, federation" if plan.federation else "client",
        "whitelist": "" if plan.federation else "federation_domain_whitelist: []",
        "synapse": synapse_version(),
        "say_root": quote(in_words(_("This has to be run as root."))),
        "say_done": quote(in_words(_("Done. The homeserver starts; go on with the next step."))),
        "say_caddy": quote(_busy_proxy(plan)),
    } | (
        {
            "listens": "0.0.0.0",  # noqa: S104 - in its container
            "upstream": f"synapse:{plan.port}",
            "database": "postgres",
            "passfile": "passfile: /homeserver/synapse/pgpass",
            "settings": json.dumps(["postgres", *(f"-c{name}={one}" for name, one in settings)]),
            "owner": "{}:{}".format(*plan.owner),
            "at_database": "docker compose exec -T postgres",
            "stop": "docker compose stop synapse",
            "start": "docker compose start synapse",
        }
        if plan.containers
        else {
            "listens": "127.0.0.1",
            "upstream": f"127.0.0.1:{plan.port}",
            "database": str(plan.database),
            "passfile": "# No password: PostgreSQL knows the user synapse of this machine.",
            "settings": "\n".join(f"{name} = '{one}'" for name, one in settings),
            "at_database": "runuser --user synapse --",
            "stop": "systemctl stop synapse",
            "start": "systemctl start synapse",
        }
    )


def _busy_proxy(plan: HomeserverPlan) -> str:
    """What install.sh says where Caddy serves something else already."""
    return in_words(
        _(
            "/etc/caddy/Caddyfile is in use. Add the site of {file} to it, then run this again.",
            file=plan.folder / "Caddyfile",
        )
    )


def _secrets(plan: HomeserverPlan) -> dict[str, str]:
    """Return what nobody else may know, new each time."""
    names = ("registration_shared_secret", "macaroon_secret_key", "form_secret")
    made = {f"synapse/{name}": f"{secrets.token_hex(32)}\n" for name in names}
    seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    made["synapse/signing.key"] = f"ed25519 a_{secrets.token_hex(2)} {seed}\n"
    if plan.containers:
        password = secrets.token_hex(32)
        made["database_password"] = password
        made["synapse/pgpass"] = f"postgres:5432:synapse:synapse:{password}\n"
    return made


def _well_known(plan: HomeserverPlan) -> dict[str, str]:
    """Return the two files for the domain's website, where the homeserver is not there itself."""
    if plan.address == plan.domain:
        return {}
    answers: dict[str, Any] = {
        "client": {"m.homeserver": {"base_url": f"https://{plan.address}"}},
    }
    if plan.federation:
        answers["server"] = {"m.server": f"{plan.address}:443"}
    return {f"well-known/matrix/{name}": json.dumps(one) for name, one in answers.items()}

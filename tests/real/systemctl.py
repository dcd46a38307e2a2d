"""A stand-in for systemctl that knows one unit: credentials, a user of its own, its data folder.

`systemctl.py ROOT enable|start|stop|restart|is-active|daemon-reload [--now] [minga]`: what systemd
does of deploy/minga.service where no systemd runs, with every path below ROOT. As DynamicUser does,
the data folder is given to the unit's user only where the folder itself is another's.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

USER = 61_234


def unit(root: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    text = (root / "etc/systemd/system/minga.service").read_text()
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def below(root: Path, text: str) -> str:
    return re.sub(r"(?<![\w%/])/(etc|opt|var)/", rf"{root}/\1/", text)


def start(root: Path) -> None:
    service = unit(root)
    data = root / "var/lib" / service["StateDirectory"][0]
    data.mkdir(mode=0o700, exist_ok=True)
    if data.stat().st_uid != USER:
        for one in (data, *data.rglob("*")):
            os.lchown(one, USER, USER)
    credentials = root / "run/credentials"
    shutil.rmtree(credentials, ignore_errors=True)
    credentials.mkdir(parents=True, mode=0o755)
    for line in service["LoadCredential"]:
        name, _, source = line.partition(":")
        (credentials / name).write_bytes(Path(below(root, source)).read_bytes())
        (credentials / name).chmod(0o400)
        os.chown(credentials / name, USER, USER)
    os.chown(credentials, USER, USER)
    credentials.chmod(0o700)
    pairs = " ".join(service["Environment"]).split()
    environment = dict(below(root, pair).split("=", 1) for pair in pairs)
    environment |= {"CREDENTIALS_DIRECTORY": str(credentials), "PATH": "/usr/bin:/bin"}
    environment["LC_MESSAGES"] = "en"  # a service has none, and would speak the network's language
    words = below(root, service["ExecStart"][0].replace("%d", str(credentials))).split()
    with (root / "journal").open("ab") as journal:
        process = subprocess.Popen(  # noqa: S603
            words,
            stdin=subprocess.DEVNULL,
            stdout=journal,
            stderr=journal,
            cwd=data,
            env=environment,
            user=USER,
            group=USER,
            extra_groups=[],
            start_new_session=True,
        )
    (root / "run/pid").write_text(str(process.pid))


def stop(root: Path) -> None:
    file = root / "run/pid"
    if not file.exists():
        return
    pid = int(file.read_text())
    try:
        os.kill(pid, signal.SIGTERM)
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.05)
    except (ProcessLookupError, FileNotFoundError):
        pass
    file.unlink()


def main() -> None:
    root, deed = Path(sys.argv[1]), sys.argv[2]
    if deed in ("stop", "restart"):
        stop(root)
    if deed in ("start", "restart") or (deed == "enable" and "--now" in sys.argv):
        start(root)


if __name__ == "__main__":
    main()

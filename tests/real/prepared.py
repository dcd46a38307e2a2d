"""A machine with the homeserver of `minga init --with-homeserver`, all of it real but systemd.

Its files are used as they are written: PostgreSQL with its settings, Synapse with its
homeserver.yaml, Caddy with its Caddyfile, backup.sh and restore.sh. What the tests give it: free
ports, a socket of PostgreSQL's, the name localhost, for which Caddy is its own authority.
"""

from __future__ import annotations

import json
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bot.demo.loopback import free_port
from bot.operate.homeserver.files import write_files
from bot.operate.homeserver.plan import HomeserverPlan
from tests.real.homeserver_nursery import ForkedHomeserver
from tests.real.postgres import Postgres

CADDY = Path(sys.executable).with_name("caddy")
START_SECONDS = 120.0
RUNUSER = '#!/bin/sh\n# runuser --user synapse -- COMMAND…\nshift 3\nexec "$@"\n'
SYSTEMCTL = """#!/bin/sh
echo "$@" >> {log}
[ "$1" = stop ] || exit 0
kill -TERM "$(cat {pid})"
while grep -q "^State:.[^ZX]" "/proc/$(cat {pid})/status" 2>/dev/null; do sleep 0.1; done
"""


class PreparedServer(ForkedHomeserver):
    """Synapse on a prepared folder, of which it writes nothing."""

    def _prepare(self) -> None:
        assert (self.folder / "homeserver.yaml").exists()

    def _secret(self) -> str:
        return (self.folder / "registration_shared_secret").read_text().strip()


class PreparedMachine:
    """`with PreparedMachine(folder) as machine`: database and homeserver run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o711)  # PostgreSQL is nobody's
        self.base = Postgres(folder / "postgresql")
        self.address = f"localhost:{free_port()}"
        self.plan = HomeserverPlan(
            domain="localhost",
            address=self.address,
            email="",
            containers=False,
            federation=True,
            folder=folder / "homeserver",
            port=free_port(),
            database=self.base.socket,
        )
        self.server = PreparedServer(
            self.plan.folder / "synapse", server_name="localhost", port=self.plan.port
        )
        self._stack = ExitStack()

    @property
    def authority(self) -> Path:
        """The certificate of the authority by which the proxy's was made."""
        return self.folder / "caddy/caddy/pki/authorities/local/root.crt"

    def __enter__(self) -> PreparedMachine:
        with ExitStack() as stack:
            write_files(self.plan, {})
            self.base.settings = (self.plan.folder / "postgresql.conf").read_text()
            stack.enter_context(self.base)
            self.base.create("synapse")
            stack.callback(self.server.stop)
            self.server.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def proxy(self) -> None:
        """Start Caddy on the Caddyfile; where it listens for http, and its folder, are ours."""
        environment = {"XDG_DATA_HOME": str(self.folder / "caddy"), "HOME": str(self.folder)}
        adapted = subprocess.run(  # noqa: S603
            [str(CADDY), "adapt", "--config", str(self.plan.folder / "Caddyfile")],
            env=environment,
            capture_output=True,
            check=True,
        )
        config = json.loads(adapted.stdout)
        config["admin"] = {"disabled": True, "config": {"persist": False}}
        config["apps"]["http"]["http_port"] = free_port()
        config["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
        file = self.folder / "caddy.json"
        file.write_text(json.dumps(config))
        with (self.folder / "caddy.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                [str(CADDY), "run", "--config", str(file)],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._stack.callback(process.wait)
        self._stack.callback(process.send_signal, signal.SIGTERM)
        deadline = time.monotonic() + START_SECONDS
        while not self.authority.exists() or self.through_proxy("/health")[0] != 404:
            assert process.poll() is None, (self.folder / "caddy.log").read_text()
            assert time.monotonic() < deadline, (self.folder / "caddy.log").read_text()
            time.sleep(0.05)

    def through_proxy(self, path: str, body: object = None) -> tuple[int, Any]:
        """Return status and JSON (None if it is no JSON) of a request by TLS; 0 for no answer."""
        trusts = ssl.create_default_context(cafile=str(self.authority))
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusts)
        )
        data = None if body is None else json.dumps(body).encode()
        try:
            with opener.open(f"https://{self.address}{path}", data, timeout=30) as answer:
                return answer.status, _json(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _json(error.read())
        except OSError:
            return 0, None

    def script(self, name: str, *words: object) -> subprocess.CompletedProcess[str]:
        """Run a script of the folder, as root would. What of systemd it calls is noted down."""
        stand_ins = self.folder / "bin"
        stand_ins.mkdir(exist_ok=True)
        pid = self.folder / "pid"
        pid.write_text(str(self.server.pid if self.server.is_running else 0))
        texts = {"runuser": RUNUSER, "systemctl": SYSTEMCTL.format(log=self.calls, pid=pid)}
        for name_of, text in texts.items():
            (stand_ins / name_of).write_text(text)
            (stand_ins / name_of).chmod(0o755)
        environment = {**self.base.environment, "TZ": "UTC"}
        environment["PATH"] = f"{stand_ins}:{environment['PATH']}"
        return subprocess.run(  # noqa: S603
            ["/bin/sh", str(self.plan.folder / name), *map(str, words)],
            env=environment,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )

    @property
    def calls(self) -> Path:
        """What the scripts said to systemctl, a line each."""
        return self.folder / "systemctl.log"


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None

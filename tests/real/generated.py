"""A Synapse with the homeserver.yaml that it writes itself: what a package or a volunteer has."""

from __future__ import annotations

import json
import re

from bot.demo.loopback import free_port
from tests.real.homeserver_nursery import ForkedHomeserver, fork_synapse

OFTEN = """
bcrypt_rounds: 4
background_updates:
  sleep_enabled: false
  min_batch_size: 100
rc_login:
  address: {per_second: 1000, burst_count: 1000}
  account: {per_second: 1000, burst_count: 1000}
  failed_attempts: {per_second: 1000, burst_count: 1000}
"""


class Generated(ForkedHomeserver):
    """`synapse --generate-config`, and nothing else but a free port: no `public_baseurl`.

    `often` also lets many log in, which a server that many tests share must, and cheaply.
    """

    often = False

    def _prepare(self) -> None:
        self.folder = self.folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.server_name = "generated.example"
        if (self.folder / "homeserver.yaml").exists():
            return
        self.port = free_port()
        command = ["--generate-config", "-H", self.server_name, "--report-stats=no"]
        command += ["-c", "homeserver.yaml"]
        with (self.folder / "output.log").open("ab") as output:
            assert fork_synapse(command, self.folder, output).wait() == 0
        text = self._yaml()
        assert "public_baseurl" not in text
        text = text.replace("port: 8008", f"port: {self.port}")
        (self.folder / "homeserver.yaml").write_text(text + (OFTEN if self.often else ""))

    def _yaml(self) -> str:
        return (self.folder / "homeserver.yaml").read_text()

    def _secret(self) -> str:
        found = re.search(r"^registration_shared_secret: (.+)$", self._yaml(), re.MULTILINE)
        assert found is not None
        return str(json.loads(found[1]))


class Shared(Generated):
    often = True

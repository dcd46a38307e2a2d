"""An embedded Synapse on loopback, for the demo and the tests. Never for a real network."""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from bot.demo.loopback import LOOPBACK, free_port, port_is_free, write_certificate, write_secret

START_SECONDS = 90.0
STOP_SECONDS = 15.0
UNLIMITED = {"per_second": 100_000, "burst_count": 100_000}
LOG_BYTES = 10 * 1024 * 1024

# Runs Synapse, and a thread that ends it when our side of the pipe closes, however we die.
# (PR_SET_PDEATHSIG is Linux only and follows the thread, not the process.)
CHILD = """
import os, signal, threading
def follow():
    while os.read(0, 64):
        pass
    threading.Timer(10, os._exit, (1,)).start()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=follow, daemon=True).start()
from synapse.app.homeserver import main
main()
"""


class HomeserverError(Exception):
    """Synapse did not start or refused a request. The message holds the end of its log."""


@dataclass
class Homeserver:
    """A Synapse with all its data in `folder`. Its methods block: in async code, use a thread.

    Ports left 0 are chosen at the first start and kept later, where still free. `federating` adds a
    TLS listener whose port is part of `server_name`, so no DNS is needed. `public_port` is the port
    in `server_name` while Synapse listens on `federation_port`, so that a proxy in between can be
    cut (`tests/real/proxy.py`).
    """

    folder: Path
    server_name: str = ""
    port: int = 0
    federating: bool = False
    federation_port: int = 0
    public_port: int = 0
    room_version: str = "12"
    settings: Mapping[str, Any] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def url(self) -> str:
        """The address of the client API."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id. Raises `HomeserverError` if it does not run."""
        if self._process is None:
            raise HomeserverError("Synapse is not running.")
        return self._process.pid

    def start(self) -> None:
        """Start on new or existing data, and wait until the client API answers.

        Raises `HomeserverError`.
        """
        if self.is_running:
            return
        self._prepare()
        with (self.folder / "output.log").open("ab") as output:
            self._process = self._begin(output)
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Stop by SIGTERM, or by SIGKILL if it takes too long."""
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        self._reap()

    def kill(self) -> None:
        """Stop by SIGKILL, like a power cut."""
        if self._process is not None:
            self._process.kill()
            self._reap()

    def restart(self) -> None:
        """Stop the server, and start it again on the same data."""
        self.stop()
        self.start()

    def __enter__(self) -> Homeserver:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def register(self, name: str, password: str, *, admin: bool = False) -> str:
        """Create an account, unless it exists, and return its user id."""
        path = "/_synapse/admin/v1/register"
        nonce = self.call("GET", path)["nonce"]
        proof = hmac.new(self._secret().encode(), digestmod=hashlib.sha1)
        proof.update("\0".join((nonce, name, password, "admin" if admin else "notadmin")).encode())
        body = {
            "nonce": nonce,
            "username": name,
            "password": password,
            "admin": admin,
            "mac": proof.hexdigest(),
            "inhibit_login": True,
        }
        try:
            return str(self.call("POST", path, body)["user_id"])
        except HomeserverError as error:
            if "M_USER_IN_USE" not in str(error):
                raise
            return f"@{name}:{self.server_name}"

    def call(self, method: str, path: str, body: object = None, token: str = "") -> dict[str, Any]:
        """Send a request to the client or admin API, and return the JSON object of its answer.
        Raises `HomeserverError` unless it is 200."""
        request = urllib.request.Request(  # noqa: S310 - loopback, http
            self.url + path,
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {token}"} if token else {},
            method=method,
        )
        try:
            with _direct().open(request, timeout=60) as answer:
                said: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise HomeserverError(f"{method} {path}: {error.read().decode()}") from None
        return said

    # --- what is on disk ---

    def _prepare(self) -> None:
        self.folder = self.folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._choose_ports()
        if not (self.folder / "secret").exists():
            write_secret(self.folder / "secret", secrets.token_hex(32))
        if self.federating and not (self.folder / "tls.crt").exists():
            write_certificate(self.folder / "tls.crt", self.folder / "tls.key")
        if not (self.folder / "signing.key").exists():
            write_secret(self.folder / "signing.key", _signing_key())
        write_secret(self.folder / "log.yaml", json.dumps(self._log()))
        # JSON is YAML: nothing to escape.
        write_secret(self.folder / "homeserver.yaml", json.dumps(self._config(), indent=1))

    def _choose_ports(self) -> None:
        """Choose ports and name and store them, because data belongs to one server name."""
        kept = self.folder / "address.json"
        known = json.loads(kept.read_text()) if kept.exists() else {}
        self.port = self.port or known.get("port", 0)
        if not self.port or not port_is_free(self.port):
            self.port = free_port()
        if self.federating:
            self.federation_port = (
                self.federation_port or known.get("federation_port") or free_port()
            )
            self.public_port = self.public_port or known.get("public_port") or self.federation_port
        named = f"{LOOPBACK}:{self.public_port}" if self.federating else "localhost"
        self.server_name = known.get("server_name") or self.server_name or named
        keep = ("server_name", "port", "federation_port", "public_port")
        kept.write_text(json.dumps({key: getattr(self, key) for key in keep}))

    def _secret(self) -> str:
        return (self.folder / "secret").read_text()

    def _config(self) -> dict[str, Any]:
        return {
            "server_name": self.server_name,
            "public_baseurl": self.url,
            "pid_file": str(self.folder / "pid"),
            "listeners": self._listeners(),
            "database": {
                "name": "sqlite3",
                "args": {"database": str(self.folder / "homeserver.db")},
            },
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "log_config": str(self.folder / "log.yaml"),
            "registration_shared_secret": self._secret(),
            "macaroon_secret_key": self._secret(),
            "form_secret": self._secret(),
            "default_room_version": self.room_version,
            "bcrypt_rounds": 4,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "report_stats": False,
            "presence": {"enabled": False},
            "url_preview_enabled": False,
            "enable_registration": False,
            "max_event_delay_duration": "31d",
            **LIMITS,
            **(self._federation() if self.federating else {"federation_domain_whitelist": []}),
            **self.settings,
        }

    def _listeners(self) -> list[dict[str, Any]]:
        listen = {"bind_addresses": [LOOPBACK], "type": "http"}
        client = {**listen, "port": self.port, "resources": [{"names": ["client"]}]}
        if not self.federating:
            return [client]
        peers = {"names": ["federation"]}
        return [
            client,
            {**listen, "port": self.federation_port, "tls": True, "resources": [peers]},
        ]

    def _federation(self) -> dict[str, Any]:
        """Return settings that allow loopback, skip certificate checks and retry at once."""
        return {
            "tls_certificate_path": str(self.folder / "tls.crt"),
            "tls_private_key_path": str(self.folder / "tls.key"),
            "federation_verify_certificates": False,
            "ip_range_blacklist": [],
            "federation": {
                "client_timeout": "10s",
                "max_long_retries": 1,
                "max_long_retry_delay": "1s",
                "max_short_retries": 1,
                "max_short_retry_delay": "1s",
                "destination_min_retry_interval": 500,
                "destination_retry_multiplier": 1,
                "destination_max_retry_interval": "1s",
            },
            "rc_federation": {
                "window_size": 1000,
                "sleep_limit": 100_000,
                "sleep_delay": 1,
                "reject_limit": 100_000,
                "concurrent": 10,
            },
        }

    def _log(self) -> dict[str, Any]:
        return {
            "version": 1,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {
                "file": {
                    "class": "logging.handlers.RotatingFileHandler",
                    "filename": str(self.folder / "homeserver.log"),
                    "maxBytes": LOG_BYTES,
                    "backupCount": 1,
                    "formatter": "line",
                }
            },
            "root": {"level": "WARNING", "handlers": ["file"]},
            "disable_existing_loggers": False,
        }

    # --- the process ---

    def _begin(self, output: BinaryIO) -> subprocess.Popen[bytes]:
        """Start the process on what was prepared, its output and errors in a file."""
        return subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-c", CHILD, "-c", str(self.folder / "homeserver.yaml")],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=self.folder,
            env=environment(),
            start_new_session=True,
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if not self.is_running:
                raise HomeserverError(f"Synapse stopped at its start.\n{self._last_words()}")
            try:
                self.call("GET", "/_matrix/client/versions")
                return
            except (OSError, HomeserverError):
                time.sleep(0.05)
        raise HomeserverError(f"Synapse did not answer in time.\n{self._last_words()}")

    def _reap(self) -> None:
        if self._process is None:
            return
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _last_words(self) -> str:
        logs = [self.folder / name for name in ("output.log", "homeserver.log")]
        return "\n".join(log.read_text(errors="replace")[-2000:] for log in logs if log.exists())


LIMITS: dict[str, Any] = {
    "rc_message": UNLIMITED,
    "rc_registration": UNLIMITED,
    "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), UNLIMITED),
    "rc_joins": {"local": UNLIMITED, "remote": UNLIMITED},
    "rc_joins_per_room": UNLIMITED,
    "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), UNLIMITED),
    "rc_room_creation": UNLIMITED,
    "rc_key_requests": UNLIMITED,
    "rc_media_create": UNLIMITED,
    "rc_profile": UNLIMITED,
    "rc_user_directory": UNLIMITED,
    "remote_media_download_per_second": "1G",
}


@functools.cache
def _direct() -> urllib.request.OpenerDirector:
    """Without proxies. Made once: each one reads all the certificates of the machine."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def environment() -> dict[str, str]:
    """Return our environment without proxies."""
    return {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}


def _signing_key() -> str:
    from signedjson.key import encode_signing_key_base64, generate_signing_key

    key = generate_signing_key(f"a_{secrets.token_hex(2)}")
    return f"ed25519 {key.version} {encode_signing_key_base64(key)}\n"

"""A built web client on loopback, with a `config.json` of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from bot.demo.loopback import LOOPBACK


class _Handler(SimpleHTTPRequestHandler):
    """Serves files; a path that is none is the application's own, and gets its first page."""

    def __init__(self, *args: Any, config: bytes, **kwargs: Any) -> None:
        self._config = config
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        name = path.rpartition("/")[2]
        if name.startswith("config") and name.endswith(".json"):
            self._send_config()
            return
        if name == "olm.wasm":  # Cinny asks for it below whatever page it is on
            self.path = "/olm.wasm"
        elif not Path(self.translate_path(path)).exists():
            self.path = "/index.html"
        super().do_GET()

    def _send_config(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self._config)))
        self.end_headers()
        self.wfile.write(self._config)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Nobody reads what a browser fetched."""


@contextmanager
def served(folder: Path, config: Mapping[str, Any]) -> Iterator[str]:
    """Serve a build while the block runs; gives its address, without a slash at the end."""
    handler = partial(_Handler, directory=str(folder), config=json.dumps(config).encode())
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.shutdown()

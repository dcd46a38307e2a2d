"""What `make packages` does fails for what its tools find, and names a tool that is not there."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.packages import audit, linters
from tests.source_files import ROOT

FLAW = {
    "id": "PYSEC-2026-1",
    "summary": "…",
    "affected": [
        {
            "package": {"name": "yarl", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}],
        }
    ],
}


class Advisories(BaseHTTPRequestHandler):
    """A register of flaws (OSV's protocol) that knows one, in yarl."""

    def do_POST(self) -> None:
        """Answer what is known about one package."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = [FLAW] if asked["package"]["name"] == "yarl" else []
        body = json.dumps({"vulns": known} if known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def register() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Advisories) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def test_a_flaw_that_a_register_knows_is_found_in_the_lock(tools: Path, register: str) -> None:
    assert (tools / "pip-audit").is_file()
    lines, status = audit.read(audit.ask("-s", "osv", "--osv-url", register))
    assert status == 1
    assert [line.partition(":")[2].strip() for line in lines[1:]] == [
        "PYSEC-2026-1, mended in 99.1"
    ]


def test_what_a_tool_finds_ends_the_check_with_its_words() -> None:
    with pytest.raises(SystemExit, match="no-such-file"):
        linters.run("ls", "no-such-file")


def test_a_tool_is_looked_for_where_the_checks_find_it(tools: Path) -> None:
    assert linters.missing("no-such-tool")
    named = (ROOT / "tests/packages/tools.in").read_text()
    of_ours = [tool for tool in linters.CHECKS.values() if f"{tool}-" in named or tool in named]
    assert len(of_ours) >= 4
    assert all((tools / tool).is_file() and not linters.missing(tool) for tool in of_ours)

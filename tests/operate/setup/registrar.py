"""A homeserver on which the bot has no account yet, and a `minga init` that is typed at it."""

from __future__ import annotations

import hashlib
import hmac
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from click.testing import CliRunner, Result

from bot.operate import cli
from bot.operate.setup.registration import OPEN_STAGE, TOKEN_STAGE
from tests.operate.doctor.homeserver import ANA, ME, NAME, OperatorsServer, refusal

SHARED, TOKEN = "the shared secret", "oneUse"
BODY = {"username": "minga", "inhibit_login": True}


@dataclass
class Registrar(OperatorsServer):
    """`stages`: what registering asks for, None where nobody may. As Synapse answers."""

    stages: Sequence[str] | None = None
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    issuer: str = ""
    """Its authentication service, if it has one."""
    made: list[str] = field(default_factory=list)
    at_once: int | None = None
    """How many messages it takes at once; all if None."""
    shows_profiles: bool = True
    _counted: int = 0
    _passed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = {ANA}
        self.password = "nobody knows it"
        self.instead = self._count

    def _count(self, request: web.Request) -> web.StreamResponse | None:
        looks = request.method == "GET" and "/profile/" in request.path
        if looks and not self.shows_profiles and "Authorization" not in request.headers:
            return refusal(401, "M_MISSING_TOKEN")
        if request.method != "PUT" or "/send/" not in request.path or self.at_once is None:
            return None
        assert int(request.query["org.matrix.msc4140.delay"]) > 10**14, "nothing is ever sent"
        self._counted += 1
        if self._counted > self.at_once:
            return refusal(429, "M_LIMIT_EXCEEDED", retry_after_ms=5000)
        return refusal(403, "M_FORBIDDEN")

    async def _route(self, request: web.Request, path: list[str], raw: bytes) -> Any:
        if request.path == "/_synapse/admin/v1/register":
            return self._by_secret(request.method, raw)
        if request.path == "/_matrix/client/v1/auth_metadata" and self.issuer:
            return {"issuer": self.issuer}
        if path == ["register"]:
            return self._by_stages(json.loads(raw))
        return await super()._route(request, path, raw)

    def _by_secret(self, method: str, raw: bytes) -> Any:
        if method == "GET":
            return {"nonce": "once"}
        asked = json.loads(raw)
        text = "\0".join(["once", asked["username"], asked["password"], "notadmin"])
        mac = hmac.new(SHARED.encode(), text.encode(), hashlib.sha1).hexdigest()
        if asked["mac"] != mac:
            raise self.refused(403, "M_UNKNOWN")
        return self._make(asked)

    def _by_stages(self, asked: dict[str, Any]) -> Any:
        if self.stages is None:
            raise self.refused(403, "M_FORBIDDEN")
        auth = asked.get("auth", {})
        if auth.get("type") == TOKEN_STAGE and auth["token"] not in self.tokens:
            raise self.refused(401, "M_UNAUTHORIZED", **self._wanted())
        if auth:
            assert auth["session"] == "session"
            self._passed.append(auth["type"])
        if self._passed != list(self.stages):
            raise (
                self.refused(401, "M_FORBIDDEN", **self._wanted())
                if auth
                else self.refused(401, "", **self._wanted())
            )
        self.tokens -= {auth.get("token")}
        return self._make(asked)

    def _wanted(self) -> dict[str, Any]:
        flows = [{"stages": list(self.stages or ())}]
        return {"flows": flows, "session": "session", "params": {}, "completed": self._passed}

    def _make(self, asked: dict[str, Any]) -> Any:
        user = f"@{asked['username']}:{NAME}"
        if user in self.people:
            raise self.refused(400, "M_USER_IN_USE")
        assert asked["inhibit_login"] is True
        self.people.add(user)
        self.made.append(user)
        self.password = asked["password"]
        return {"user_id": user}


def secret(path: Path, text: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(text)
    return path


def options(server: OperatorsServer, **instead: str | None) -> list[str]:
    """All that is asked but the way in, as options; None leaves one out."""
    known: dict[str, str | None] = {
        "homeserver": server.url,
        "user-id": ME,
        "name": "Red ñ",
        "language": "es",
        "timezone": "America/Bogota",
        "moderator": ANA,
    }
    given = known | {name.replace("_", "-"): value for name, value in instead.items()}
    return [word for name, value in given.items() if value for word in (f"--{name}", value)]


def init(
    folder: Path,
    *words: object,
    typed: Iterable[str] = (),
    environment: dict[str, str] | None = None,
) -> Result:
    """Run `minga init` in this process; `typed` are the lines of standard input."""
    folder.mkdir(exist_ok=True)
    told = ["init", "--config", str(folder / "config.toml"), *map(str, words)]
    return CliRunner().invoke(
        cli.main,
        told,
        input="".join(f"{line}\n" for line in typed),
        env={"LC_ALL": "en", **(environment or {})},
        catch_exceptions=False,
    )


STAGES = {"open": (OPEN_STAGE,), "token": (TOKEN_STAGE, OPEN_STAGE), "closed": None}


def written(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "config.toml").read_text())


def modes(folder: Path) -> set[str]:
    return {oct(one.stat().st_mode & 0o777) for one in folder.rglob("*") if one.is_file()}

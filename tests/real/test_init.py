"""`minga init` on real Synapses: each way to an account, and what each of them limits."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.synapse import Homeserver
from bot.operate.operator_errors import OPERATOR_MUST_ACT
from bot.operate.setup import registration
from bot.operate.setup.message_limit import limit_line
from tests.real.generated import Generated
from tests.real.homeserver_nursery import ForkedHomeserver
from tests.real.servers import LEAN, in_memory
from tests.real.test_accounts import TOKENS, admin_token
from tests.real.test_first_day import an_account, indexed
from tests.real.test_operator import bad, minga, secret

OPEN: dict[str, Any] = {**LEAN, "enable_registration": True}
DOORS: dict[str, dict[str, Any]] = {
    "open": {**OPEN, "enable_registration_without_verification": True},
    "token": {**OPEN, "registration_requires_token": True},
}


@pytest.fixture(scope="module", params=list(DOORS))
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Homeserver]:
    """One where anybody registers, and one where whoever has a token does."""
    with (
        in_memory(tmp_path_factory.mktemp("door")) as place,
        ForkedHomeserver(place / "a", settings=DOORS[request.param]) as started,
    ):
        yield started


def words(server: Homeserver, folder: Path, user: str) -> list[object]:
    folder.mkdir(exist_ok=True)
    ana = server.register("ana", "a long password")
    said: list[object] = ["--config", folder / "config.toml", "--homeserver", server.url]
    said += ["--user-id", user, "--name", "Red ñ", "--language", "pt", "--moderator", ana]
    return [*said, "--timezone", "America/Bogota"]


def fresh(server: Homeserver) -> str:
    return f"@minga-{secrets.token_hex(3)}:{server.server_name}"


async def test_it_makes_its_account_where_it_may(server: Homeserver, tmp_path: Path) -> None:
    user, boss = fresh(server), admin_token(server)
    wants_token = "registration_requires_token" in server.settings
    way: list[object] = ["--register"]
    if wants_token:
        said = await minga(
            "init", *words(server, tmp_path / "bot", user), *way, status=OPERATOR_MUST_ACT
        )
        assert said == f"{server.url} answers.\n{registration.TOKEN_WANTED.in_english()}\n"
        server.call("POST", f"{TOKENS}/new", {"token": "onlyOnce", "uses_allowed": 1}, boss)
        way = ["--registration-token-file", secret(tmp_path / "token", "onlyOnce")]
    said = await minga("init", *words(server, tmp_path / "bot", user), *way)
    assert f"Created the account {user}." in said
    assert "signed by the account's own identity" in said
    assert said.endswith(f"invites {user} and writes: !ajuda\n")
    files = [one for one in (tmp_path / "bot").rglob("*") if one.is_file()]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
    assert bad(await minga("doctor", "--config", tmp_path / "bot/config.toml")) == []
    if wants_token:
        more = words(server, tmp_path / "other", fresh(server))
        said = await minga("init", *more, *way, status=OPERATOR_MUST_ACT)
        assert said.endswith(f"{registration.TOKEN_REFUSED.in_english()}\n"), "it is used up"
        assert list((tmp_path / "other").iterdir()) == []


async def test_a_name_that_is_taken_or_not_allowed_is_told(
    server: Homeserver, tmp_path: Path
) -> None:
    taken = an_account(server, "taken")
    said = await minga(
        "init", *words(server, tmp_path / "bot", taken.id), "--register", status=OPERATOR_MUST_ACT
    )
    assert f"There is an account {taken.id} already" in said
    if "registration_requires_token" not in server.settings:
        strange = f"@mi!nga:{server.server_name}"
        said = await minga(
            "init", *words(server, tmp_path / "bot", strange), "--register", status=78
        )
        assert f"does not allow the name {strange}" in said
    assert list((tmp_path / "bot").iterdir()) == []


async def test_on_a_homeserver_as_it_is_generated_the_doors_are_told_apart(
    generated: Homeserver, tmp_path: Path
) -> None:
    user = f"@minga-{secrets.token_hex(3)}:generated.example"
    told = words(generated, tmp_path / "bot", user)
    said = await minga("init", *told, "--register", status=OPERATOR_MUST_ACT)
    assert said.endswith(f"{registration.CLOSED.in_english()}\n")
    wrong = secret(tmp_path / "wrong", "not it")
    said = await minga("init", *told, "--registration-secret-file", wrong, status=78)
    assert said.endswith(f"{registration.SECRET_REFUSED.in_english()}\n")
    given = secret(tmp_path / "password", "a long password")
    said = await minga("init", *told, "--password-file", given, status=OPERATOR_MUST_ACT)
    assert f"There is no account {user}. To have it made: --register" in said
    elsewhere = words(generated, tmp_path / "bot", "@minga:other.example")
    said = await minga("init", *elsewhere, "--password-file", given, status=OPERATOR_MUST_ACT)
    assert "is the homeserver of generated.example, and the account is @minga:other" in said
    nobody = [*told, "--moderator", "@nobody:generated.example"]
    said = await minga("init", *nobody, "--password-file", given, status=OPERATOR_MUST_ACT)
    assert "There is no account @nobody:generated.example" in said
    assert list((tmp_path / "bot").iterdir()) == []


async def test_doctor_sees_moderators_who_have_no_account(
    generated: Homeserver, tmp_path: Path
) -> None:
    account = an_account(generated, "minga")
    given = secret(tmp_path / "password", account.password)
    await minga("init", *words(generated, tmp_path / "bot", account.id), "--password-file", given)
    config = tmp_path / "bot/config.toml"
    config.write_text(config.read_text().replace('["@ana:', '["@nobody:'))
    said = await minga("doctor", "--config", config, status=1)
    (line,) = bad(said)
    assert "There is no account @nobody:generated.example" in line


async def test_the_limit_of_a_homeserver_as_it_is_generated_is_told_until_it_is_lifted(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Generated(tmp_path_factory.mktemp("limits")) as server:
        shared = secret(tmp_path / "shared", server._secret())
        user = "@minga:generated.example"
        told = words(server, tmp_path / "bot", user)
        said = await minga("init", *told, "--registration-secret-file", shared)
        assert limit_line(user).in_english() in said
        boss = server.register("boss", "a long password", admin=True)
        body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": boss}}
        login = server.call(
            "POST", "/_matrix/client/v3/login", body | {"password": "a long password"}
        )
        token = str(login["access_token"])
        await indexed(server, token)
        path = f"/_synapse/admin/v1/users/{user}/override_ratelimit"
        server.call("POST", path, {}, token)
        os.unlink(tmp_path / "bot/config.toml")  # noqa: PTH108
        said = await minga("init", *told)
        assert "limits how often" not in said
        assert "The password is the one in" in said

"""`minga init` makes the bot's account, by each door, or says why it stays shut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.operate.operator_errors import OPERATOR_MUST_ACT
from bot.operate.setup import registration
from tests.operate.doctor.homeserver import ME, PASSWORD
from tests.operate.setup.registrar import (
    SHARED,
    STAGES,
    TOKEN,
    Registrar,
    init,
    modes,
    options,
    secret,
    written,
)


def registers(server: Registrar, folder: Path, *words: object) -> str:
    said = init(folder, *options(server), *words)
    assert said.exit_code == 0, said.output
    assert server.made == [ME]
    assert server.password == (folder / "secrets/password").read_text().strip()
    assert server.password not in said.output
    assert modes(folder) == {"0o600"}
    return said.output


def test_an_open_door(server: Registrar, tmp_path: Path) -> None:
    server.stages = STAGES["open"]
    assert f"Created the account {ME}." in registers(server, tmp_path / "bot", "--register")


def test_a_registration_token(server: Registrar, tmp_path: Path) -> None:
    server.stages = STAGES["token"]
    given = secret(tmp_path / "token", TOKEN)
    registers(server, tmp_path / "bot", "--registration-token-file", given)


def test_a_shared_secret(server: Registrar, tmp_path: Path) -> None:
    given = secret(tmp_path / "shared", SHARED)
    registers(server, tmp_path / "bot", "--registration-secret-file", given)


def test_a_password_of_ones_own(server: Registrar, tmp_path: Path) -> None:
    server.stages = STAGES["open"]
    given = secret(tmp_path / "given", "a password of mine")
    registers(server, tmp_path / "bot", "--register", "--password-file", given)
    assert server.password == "a password of mine"


@pytest.mark.parametrize(
    ("door", "option", "text", "told"),
    [
        ("closed", "--register", None, registration.CLOSED),
        ("token", "--register", None, registration.TOKEN_WANTED),
        ("token", "--registration-token-file", "usedUp", registration.TOKEN_REFUSED),
        ("closed", "--registration-token-file", TOKEN, registration.CLOSED),
        ("closed", "--registration-secret-file", "another", registration.SECRET_REFUSED),
    ],
)
def test_each_closed_door_has_its_sentence_and_nothing_is_left(
    server: Registrar, tmp_path: Path, door: str, option: str, text: str | None, told: Any
) -> None:
    server.stages = STAGES[door]
    given = [] if text is None else [secret(tmp_path / "given", text)]
    said = init(tmp_path / "bot", *options(server), option, *given)
    assert said.exit_code == OPERATOR_MUST_ACT
    assert said.output.endswith(f"{told.in_english()}\n")
    assert list((tmp_path / "bot").iterdir()) == []


def test_a_name_that_is_taken(known: Registrar, tmp_path: Path) -> None:
    known.stages = STAGES["open"]
    said = init(tmp_path / "bot", *options(known), "--register")
    assert f"There is an account {ME} already" in said.output
    assert list((tmp_path / "bot").iterdir()) == []


def test_what_only_a_person_can_do_is_named(server: Registrar, tmp_path: Path) -> None:
    server.stages = ("m.login.recaptcha", "m.login.dummy")
    said = init(tmp_path / "bot", *options(server), "--register")
    assert "(m.login.dummy, m.login.recaptcha)" in said.output


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("door", "typed", "told"),
    [
        ("open", [], "There is no account @minga:one.example yet."),
        ("token", ["usedUp", f" {TOKEN}"], registration.TOKEN_REFUSED.in_english()),
        ("closed", ["another", SHARED], registration.SECRET_REFUSED.in_english()),
    ],
)
def test_an_account_that_is_not_there_is_made_as_the_homeserver_wants_it(
    server: Registrar, tmp_path: Path, door: str, typed: list[str], told: str
) -> None:
    server.stages = STAGES[door]
    said = init(tmp_path / "bot", *options(server), typed=typed)
    assert said.exit_code == 0, said.output
    assert told in said.output
    assert server.made == [ME]


def test_cut_off_after_the_account_was_made_it_goes_on(server: Registrar, tmp_path: Path) -> None:
    server.stages = STAGES["open"]
    cut = [server.instead]

    def fail(request: web.Request) -> web.StreamResponse | None:
        if server.made and cut:
            raise web.HTTPBadGateway
        return None

    server.instead = fail
    said = init(tmp_path / "bot", *options(server), "--register")
    assert said.exit_code == 1, "the homeserver may be back at once"
    assert (tmp_path / "bot" / "secrets" / "password").exists()
    cut.clear()
    said = init(tmp_path / "bot", *options(server))
    assert said.exit_code == 0, said.output
    assert server.made == [ME]
    assert "The password is the one in" in said.output


@pytest.mark.usefixtures("terminal")
def test_where_no_password_is_taken_it_says_where_a_token_comes_from(
    known: Registrar, tmp_path: Path
) -> None:
    known.flows = ("m.login.sso", "m.login.token")
    known.logins = {"mct_good": "DEVICE"}
    said = init(tmp_path / "bot", *options(known), typed=["mct_bad", "mct_good"])
    assert said.exit_code == 0, said.output
    assert "mas-cli manage register-user" in said.output
    assert "mas-cli manage issue-compatibility-token minga\n" in said.output
    assert (tmp_path / "bot" / "secrets" / "token").read_text().strip() == "mct_good"
    assert "access_token_file" in written(tmp_path / "bot")["matrix"]


def test_nothing_is_made_where_the_folder_cannot_be_written(
    server: Registrar, tmp_path: Path
) -> None:
    server.stages = STAGES["open"]
    path = tmp_path / "nowhere/config.toml"
    said = init(tmp_path, *options(server), "--register", "--config", path)
    assert said.exit_code == OPERATOR_MUST_ACT
    assert "Nothing can be written into" in said.output
    assert server.made == []


@pytest.mark.usefixtures("terminal")
def test_where_an_authentication_service_makes_the_accounts_it_says_so_and_waits(
    server: Registrar, tmp_path: Path
) -> None:
    server.issuer = "https://auth.one.example/"

    def made_meanwhile(request: web.Request) -> web.StreamResponse | None:
        if request.path.endswith("/auth_metadata"):
            server.people.add(ME)
            server.password = PASSWORD
        return None

    server.instead = made_meanwhile
    said = init(tmp_path / "bot", *options(server), typed=["", PASSWORD])
    assert said.exit_code == 0, said.output
    assert registration.MADE_ELSEWHERE.in_english() in said.output
    assert "registration_shared_secret" not in said.output


def test_without_a_terminal_an_authentication_service_is_named(
    server: Registrar, tmp_path: Path
) -> None:
    server.issuer = "https://auth.one.example/"
    said = init(tmp_path / "bot", *options(server), "--register")
    assert said.output.endswith(f"{registration.MADE_ELSEWHERE.in_english()}\n")
    assert list((tmp_path / "bot").iterdir()) == []

"""What an operator types at `minga init`, rightly and wrongly, and what is made of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.matrix.login_sentences import REFUSED, TOO_OLD
from bot.operate import cli
from bot.operate.operator_errors import OPERATOR_MUST_ACT
from bot.operate.setup.message_limit import limit_line
from bot.operate.setup.way_in import WRONG_PASSWORD
from tests.operate.doctor.homeserver import ANA, ME, PASSWORD
from tests.operate.setup.registrar import Registrar, init, modes, options, secret, written

# --- without a terminal ---------------------------------------------------------------------------


def test_all_that_is_missing_is_named_where_nobody_can_be_asked(tmp_path: Path) -> None:
    said = init(tmp_path / "bot")
    assert said.exit_code == OPERATOR_MUST_ACT
    for one in ("homeserver", "user-id", "name", "language", "timezone", "moderator"):
        assert f"--{one}," in said.output
    assert said.output.endswith("--password-file\n")
    assert list((tmp_path / "bot").iterdir()) == []


def test_the_environment_answers_as_the_configuration_names_it(
    known: Registrar, tmp_path: Path
) -> None:
    environment = {
        "MINGA_MATRIX__HOMESERVER": known.url,
        "MINGA_MATRIX__USER_ID": ME,
        "MINGA_MATRIX__PASSWORD_FILE": str(secret(tmp_path / "given", PASSWORD)),
        "MINGA_NETWORK__NAME": "Red ñ",
        "MINGA_NETWORK__LANGUAGE": "pt",
        "MINGA_NETWORK__TIMEZONE": "America/Sao_Paulo",
        "MINGA_NETWORK__MODERATORS": f'["{ANA}"]',
    }
    said = init(tmp_path / "bot", environment=environment)
    assert said.exit_code == 0, said.output
    assert written(tmp_path / "bot")["network"]["moderators"] == [ANA]
    assert written(tmp_path / "bot")["network"]["language"] == "pt"


def test_a_secret_comes_in_on_standard_input(known: Registrar, tmp_path: Path) -> None:
    words = [*options(known), "--password-file", "-"]
    said = init(tmp_path / "bot", *words, typed=[PASSWORD])
    assert said.exit_code == 0, said.output
    assert (tmp_path / "bot" / "secrets" / "password").read_text().strip() == PASSWORD
    assert PASSWORD not in said.output
    said = init(tmp_path / "other", *words)
    assert "Nothing came in on standard input." in said.output


def test_what_is_written_is_for_nobody_else(known: Registrar, tmp_path: Path) -> None:
    given = secret(tmp_path / "given", PASSWORD)
    said = init(tmp_path / "bot", *options(known), "--password-file", given)
    assert said.exit_code == 0, said.output
    assert modes(tmp_path / "bot") == {"0o600"}
    logins = [path for method, path in known.requests if (method, path[-6:]) == ("POST", "/login")]
    assert len(logins) == 2, "Synapse allows five in a row, and doctor needs one"
    assert said.output.endswith(
        f"in an encrypted room, one of the moderators invites {ME} and writes: !ayuda\n"
    )


@pytest.mark.parametrize(
    ("instead", "told"),
    [
        ({"moderator": "@nobody:one.example"}, "There is no account @nobody:one.example"),
        ({"moderator": ME}, "is the bot itself"),
        ({"user_id": "@minga:other.example"}, "is the homeserver of one.example, and the account"),
        ({"timezone": "Macondo"}, "there is no such zone"),
        ({"name": "x" * 101}, "too long"),
    ],
)
def test_a_wrong_answer_is_told_before_anybody_logs_in(
    known: Registrar, tmp_path: Path, instead: dict[str, str], told: str
) -> None:
    given = secret(tmp_path / "given", PASSWORD)
    said = init(tmp_path / "bot", *options(known, **instead), "--password-file", given)
    assert said.exit_code == OPERATOR_MUST_ACT
    assert told in said.output
    assert known.count("/login") == 0
    assert list((tmp_path / "bot").iterdir()) == []


def test_everything_wrong_with_the_options_is_told_at_once(
    known: Registrar, tmp_path: Path
) -> None:
    given = secret(tmp_path / "given", PASSWORD)
    wrong = options(known, timezone="Macondo", moderator="ana@x:y", user_id="@minga:")
    said = init(tmp_path / "bot", *wrong, "--password-file", given)
    keys = [line.partition(":")[0] for line in said.output.splitlines()]
    assert [key for key in keys if "." in key][-3:] == [
        "matrix.user_id",
        "network.timezone",
        "network.moderators",
    ]


def test_a_moderator_who_cannot_be_seen_from_outside_is_looked_up_from_inside(
    known: Registrar, tmp_path: Path
) -> None:
    known.shows_profiles = False
    given = secret(tmp_path / "given", PASSWORD)
    words = options(known, moderator="@nobody:one.example")
    said = init(tmp_path / "bot", *words, "--password-file", given)
    assert said.exit_code == OPERATOR_MUST_ACT
    assert "There is no account @nobody:one.example" in said.output
    assert known.logins == {}, "the look leaves no device"


# --- the homeserver -------------------------------------------------------------------------------


def test_a_homeserver_too_old_is_told_at_its_question(server: Registrar, tmp_path: Path) -> None:
    server.versions = ("v1.1",)
    said = init(tmp_path / "bot", *options(server), "--register")
    assert said.output.strip() == TOO_OLD.in_english()


def test_a_clock_that_is_another_is_told_with_the_difference(
    known: Registrar, tmp_path: Path
) -> None:
    known.ahead = timedelta(days=3, minutes=1)
    given = secret(tmp_path / "given", PASSWORD)
    said = init(tmp_path / "bot", *options(known), "--password-file", given)
    assert "This clock and the homeserver's are 3 days apart" in said.output
    assert "timedatectl set-ntp true" in said.output


def test_http_to_another_machine_is_refused_at_its_question(
    known: Registrar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.operate.config_checks.is_loopback", lambda _host: False)
    given = secret(tmp_path / "given", PASSWORD)
    words = [*options(known), "--password-file", given]
    said = init(tmp_path / "bot", *words)
    assert said.exit_code == OPERATOR_MUST_ACT
    assert said.output.startswith("matrix.homeserver: http is only for this machine itself.")
    said = init(tmp_path / "bot", *words, "--plain-http")
    assert said.exit_code == 0, said.output
    assert written(tmp_path / "bot")["trust"] == {"plain_http": True}


@pytest.mark.parametrize("at_once", [10, None])
def test_a_limit_that_is_too_tight_is_told_with_its_cure(
    known: Registrar, tmp_path: Path, at_once: int | None
) -> None:
    known.at_once = at_once
    given = secret(tmp_path / "given", PASSWORD)
    said = init(tmp_path / "bot", *options(known), "--password-file", given)
    assert said.exit_code == 0, said.output
    assert (limit_line(ME).in_english() in said.output) is (at_once is not None)
    assert ("takes few messages at once" in said.output) is (at_once is not None)


# --- typed at a terminal --------------------------------------------------------------------------


@pytest.mark.usefixtures("terminal")
def test_what_people_type_wrongly_is_asked_again_at_once(known: Registrar, tmp_path: Path) -> None:
    typed = [
        "htps://one.example",
        f"{known.url}/_matrix/client/v3",
        "@minga:elsewhere.example",
        "Minga",
        "Red ñ",
        "castilian of the north",
        "español",
        "Macondo",
        "bogota",
        "@minga:one.example",
        "@nobody:one.example",
        "ana, https://matrix.to/#/@ana:one.example",
        "not it",
        f"{PASSWORD} ",
    ]
    said = init(tmp_path / "bot", typed=typed)
    assert said.exit_code == 0, said.output
    for told in (
        "is not an address",
        "is the homeserver of one.example",
        "Accounts are written in small letters: @minga:one.example",
        "It speaks es (español)",
        "there is no such zone",
        "The time zone is America/Bogota.",
        "is the bot itself",
        "There is no account @nobody:one.example",
        WRONG_PASSWORD.in_english(),
        "The account works.",
    ):
        assert told in said.output, told
    config = written(tmp_path / "bot")
    assert config["matrix"]["homeserver"] == known.url
    assert config["matrix"]["user_id"] == ME
    assert config["network"]["moderators"] == [ANA]
    assert config["network"]["language"] == "es"
    assert config["network"]["timezone"] == "America/Bogota"


@pytest.mark.usefixtures("terminal")
def test_a_wrong_option_is_asked_for(known: Registrar, tmp_path: Path) -> None:
    words = [*options(known, timezone="Macondo"), "--password-file"]
    given = secret(tmp_path / "given", PASSWORD)
    said = init(tmp_path / "bot", *words, given, typed=["Lima"])
    assert said.exit_code == 0, said.output
    assert written(tmp_path / "bot")["network"]["timezone"] == "America/Lima"


def test_a_wrong_password_and_no_such_account_are_told_apart(
    known: Registrar, tmp_path: Path
) -> None:
    words = [*options(known), "--password-file", secret(tmp_path / "given", "not it")]
    assert init(tmp_path / "bot", *words).output.endswith(f"{WRONG_PASSWORD.in_english()}\n")
    known.shows_profiles = False
    assert init(tmp_path / "bot", *words).output.endswith(f"{REFUSED.in_english()}\n")
    known.shows_profiles = True
    known.people.discard(ME)
    assert f"There is no account {ME}. To have it made: " in init(tmp_path / "bot", *words).output


@pytest.mark.usefixtures("terminal")
def test_root_on_a_machine_with_systemd_writes_where_the_unit_reads(
    known: Registrar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.operate.init.is_for_service", lambda: True)
    monkeypatch.setattr("bot.operate.init.CONFIG", tmp_path / "etc/config.toml")
    monkeypatch.setattr("bot.operate.init.DATA", tmp_path / "data")
    (tmp_path / "etc").mkdir()
    given = secret(tmp_path / "given", PASSWORD)
    words = ["init", *options(known), "--password-file", str(given)]
    said = CliRunner().invoke(cli.main, words, env={"LC_ALL": "en"}, catch_exceptions=False)
    assert said.exit_code == 0, said.output
    assert written(tmp_path / "etc")["storage"]["data_dir"] == str(tmp_path / "data")
    assert modes(tmp_path / "etc") == modes(tmp_path / "data") == {"0o600"}
    assert not (tmp_path / "config.toml").exists()

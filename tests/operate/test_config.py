"""The configuration: what is read, from where, and how a mistake is told."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.operate.config import SECTIONS, Config, ConfigError, load_config

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
LEAST = """
[matrix]
homeserver = "https://matrix.example.org"
user_id = "@minga:example.org"
password_file = "secrets/password"
[network]
name = "Red de ejemplo"
timezone = "America/Bogota"
moderators = ["@ana:example.org"]
"""


def write(folder: Path, text: str = LEAST, **changed: str) -> Path:
    for old, new in changed.items():
        lines = [f"{old} = {new}" if x.startswith(f"{old} =") else x for x in text.splitlines()]
        text = "\n".join(lines)
    path = folder / "config.toml"
    path.write_text(text)
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    return str(caught.value).splitlines()


def test_the_least_that_must_work(tmp_path: Path) -> None:
    config = load_config(write(tmp_path))
    assert config.matrix.password_file == tmp_path / "secrets/password"
    assert config.storage.database == tmp_path / "data/minga.db"
    assert config.storage.key_file == tmp_path / "secrets/key"
    assert config.network.moderators == ("@ana:example.org",)
    assert (config.network.language, config.limits.commands_per_minute) == ("es", 60)
    assert not config.trust.unsigned_devices
    with pytest.raises(ValueError, match="frozen"):
        config.limits = config.limits


def test_the_example_covers_every_key_with_its_default() -> None:
    example = tomllib.loads(EXAMPLE.read_text().replace("\n# a", "\na").replace("\n# d", "\nd"))
    spoken: dict[str, Any] = tomllib.loads(EXAMPLE.read_text())
    assert list(spoken) == list(SECTIONS)
    load_config(EXAMPLE)
    for name, section in SECTIONS.items():
        for key, field in section.model_fields.items():
            if field.is_required() or field.default is None:
                assert f"{key} = " in EXAMPLE.read_text(), key
            else:
                assert str(spoken[name][key]) == str(field.default), key
    assert example["network"] == spoken["network"]


def test_every_key_has_words_and_an_example_that_loads(tmp_path: Path) -> None:
    for name, section in SECTIONS.items():
        for key, field in section.model_fields.items():
            assert field.description, (name, key)
            assert field.examples, (name, key)
            tomllib.loads(f"{key} = {field.examples[0]}")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("homeserver", '"http://matrix.example.org"', "matrix.homeserver: http is only for"),
        ("homeserver", '"matrix.example.org"', "matrix.homeserver: it is not an address"),
        ("homeserver", '"https://x:y@z"', "matrix.homeserver: it must hold nothing but the server"),
        ("homeserver", "5", "matrix.homeserver: not a text in quotes"),
        ("user_id", '"minga"', "matrix.user_id: an account looks like @name:server"),
        ("name", '""', "network.name: empty"),
        ("timezone", '"America/Bogotá"', "network.timezone: there is no such zone; near: Amer"),
        ("timezone", '"../../etc/passwd"', "network.timezone: there is no such zone"),
        ("moderators", "[]", "network.moderators: empty"),
        ("moderators", '["ana"]', "network.moderators: an account looks like @name:server"),
        ("moderators", '["@ana:b"]\nlanguage = "fr"', "network.language: not one of those known"),
        ("moderators", '["@ana:b"]\n[limits]\ncommands_per_minute = -1', "limits.commands_per_min"),
        ("moderators", '["@ana:b"]\n[trust]\nunsigned_devices = "x"', "trust.unsigned_devices: ne"),
    ],
)
def test_a_mistake_names_the_key_and_shows_what_is_expected(
    tmp_path: Path, key: str, value: str, said: str
) -> None:
    [line] = mistakes(write(tmp_path, **{key: value}))
    assert line.startswith(said)
    assert ". Expected: " in line
    assert "such as" in line


def test_an_unknown_key_is_an_error(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, LEAST + '[matrx]\nx = "1"')) == [
        "matrx: unknown key; did you mean matrix?"
    ]
    assert mistakes(write(tmp_path, LEAST + "[limits]\ncommands_per_minut = 1")) == [
        "limits.commands_per_minut: unknown key; did you mean commands_per_minute?"
    ]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    said = mistakes(write(tmp_path, "[matrix]\n[network]"))
    assert [line.partition(":")[0] for line in said] == [
        "matrix.homeserver",
        "matrix.user_id",
        "network.name",
        "network.timezone",
        "network.moderators",
    ]
    assert mistakes(write(tmp_path, ""))[0].startswith("matrix: missing section")
    [line] = mistakes(write(tmp_path, LEAST.replace("password_file", "# ")))
    assert line.startswith("matrix.password_file: missing. Expected: a file that holds")


def test_a_mistake_never_shows_a_value(tmp_path: Path) -> None:
    text = LEAST.replace('"secrets/password"', "['marker-password']") + "marker-key = 'marker-v'"
    said = "\n".join(mistakes(write(tmp_path, text)))
    assert "marker-password" not in said
    assert "marker-v" not in said


@pytest.mark.parametrize("text", ["[matrix", "a = ", "\x00", "[matrix]\n[matrix]"])
def test_what_is_not_toml_is_a_sentence(tmp_path: Path, text: str) -> None:
    assert "this is not TOML" in mistakes(write(tmp_path, text))[0]


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    assert "minga init" in mistakes(tmp_path / "config.toml")[0]


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGA_MATRIX__HOMESERVER", "https://other.example.org/")
    monkeypatch.setenv("MINGA_LIMITS__COMMANDS_PER_MINUTE", "0")
    monkeypatch.setenv("MINGA_NETWORK__MODERATORS", "@a:b.org, @c:d.org")
    config = load_config(write(tmp_path))
    assert config.matrix.homeserver == "https://other.example.org"
    assert config.limits.commands_per_minute == 0
    assert config.network.moderators == ("@a:b.org", "@c:d.org")
    assert config.matrix.user_id == "@minga:example.org"
    monkeypatch.setenv("MINGA_NETWORK__MODERATORS", '["@e:f.org"]')
    assert load_config(write(tmp_path)).network.moderators == ("@e:f.org",)
    monkeypatch.setenv("MINGA_MATRIX__HOMSERVER", "x")
    monkeypatch.setenv("MINGA_NETWORK_NAME", "one line is not enough")
    monkeypatch.setenv("MINGA_COLOR__SHADE", "x")
    monkeypatch.setenv("MINGA_MUTANT", "not about the configuration")
    assert mistakes(write(tmp_path)) == [
        "MINGA_COLOR__SHADE: unknown key; known here: "
        + ", ".join(f"MINGA_{name.upper()}__…" for name in SECTIONS),
        "MINGA_MATRIX__HOMSERVER: unknown key; did you mean MINGA_MATRIX__HOMESERVER?",
        "MINGA_NETWORK_NAME: unknown key; did you mean MINGA_NETWORK__NAME?",
    ]


def test_the_bot_is_no_moderator(tmp_path: Path) -> None:
    (line,) = mistakes(write(tmp_path, moderators='["@ana:example.org", "@minga:example.org"]'))
    assert line.startswith("network.moderators: @minga:example.org is the bot itself")


def test_everything_can_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, table in tomllib.loads(LEAST).items():
        for key, value in table.items():
            text = " ".join(value) if isinstance(value, list) else value
            monkeypatch.setenv(f"MINGA_{name}__{key}".upper(), text)
    assert load_config(write(tmp_path, "")) == load_config(write(tmp_path))


def test_files_may_be_credentials_of_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "credentials"
    given.mkdir(mode=0o700)
    for name in ("password", "key"):
        (given / name).write_text("from systemd\n")
        (given / name).chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    config = load_config(write(tmp_path))
    assert config.storage.key_file == given / "key"
    assert config.matrix.password() == "from systemd"
    assert load_config(write(tmp_path, LEAST.replace("password_file", "# "))).matrix.password_file


def test_a_secret_open_to_others_names_its_key(tmp_path: Path) -> None:
    config = load_config(write(tmp_path))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/password").write_text("x")
    (tmp_path / "secrets/password").chmod(0o644)
    with pytest.raises(ConfigError, match=r"matrix\.password_file: .*chmod 600"):
        config.matrix.password()
    assert config.matrix.access_token() is None


def test_http_is_for_this_machine_only(tmp_path: Path) -> None:
    for host in ("localhost:8008", "127.0.0.1:8008", "[::1]:8008", "127.0.0.2"):
        load_config(write(tmp_path, homeserver=f'"http://{host}"'))
    load_config(
        write(tmp_path, LEAST + "[trust]\nplain_http = true", homeserver='"http://synapse:8008"')
    )


def test_a_password_and_a_token_are_one_too_many(tmp_path: Path) -> None:
    both = LEAST.replace("[network]", 'access_token_file = "t"\n[network]')
    assert "not both" in mistakes(write(tmp_path, both))[0]


def test_nothing_but_load_is_needed_to_build_one() -> None:
    sections: dict[str, Any] = tomllib.loads(LEAST)
    assert Config(**sections).network.name == "Red de ejemplo"
